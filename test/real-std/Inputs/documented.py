#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tables of docs/models.md, made from plugin/Models/*.yaml.

    documented.py SOURCE_DIR            compare the page with the models
    documented.py SOURCE_DIR --write    make its tables anew

Reads the shapes of YAML that these files use and no others, so that it needs no
YAML library; what it does not understand is an error.
"""

import difflib
import os
import re
import sys

TITLES = {
    "std-values": "Values",
    "std-containers": "Containers and vocabulary types",
    "std-memory": "Smart pointers, allocators, memory resources",
    "std-concurrency": "Atomics, locks, guards, threads, futures",
    "std-functional": "Callables and erased values",
    "std-streams": "Streams",
    "std-iterators": "Iterators",
    "std-ranges": "Range views",
    "std-boundaries": "Where the standard library starts and feeds threads",
    "std-parallel": "Parallel algorithms",
    "posix": "POSIX threads and C types",
    "c11": "C11 threads",
    "fearless": "The runtime of Fearless",
    "operations": "Operations",
    "locks": "Locks of other libraries",
    "boost": "Boost",
    "tbb": "oneTBB",
    "abseil": "Abseil",
    "qt": "Qt 6",
    "folly": "folly",
    "grpc": "gRPC",
    "glib": "GLib",
    "libuv": "libuv",
}
BEGIN, END = "## What ships\n", "\n## What the models do not say\n"


def read(text):
    """The entries of a file in order: (section, {key: value})."""
    text = re.sub(r"(?m)(^|\s)#.*$", "", text)
    # A list over several lines into one line.
    text = re.sub(r"\[[^\]]*\]", lambda m: re.sub(r"\s+", " ", m.group()), text)
    section, entry, key, out = None, None, None, []
    inner = None  # the key inside `when`
    for line in text.splitlines():
        if not line.strip():
            continue
        if match := re.fullmatch(r"(\w+):", line):
            section = match[1]
        elif match := re.fullmatch(r"(  - |    )([\w-]+):\s*(.*)", line):
            if match[1] == "  - ":
                entry = {}
                out.append((section, entry))
            key = match[2]
            entry[key] = value(match[3])
        elif match := re.fullmatch(r"      - (.*)", line):
            entry[key].append(unquoted(match[1]))
        elif match := re.fullmatch(r"      ([\w-]+):\s*(.*)", line):
            inner = match[1]
            entry[key + "." + inner] = value(match[2])
        elif match := re.fullmatch(r"        - (.*)", line):
            entry[key + "." + inner].append(unquoted(match[1]))
        else:
            sys.exit("not understood: " + line)
    return out


def unquoted(text):
    text = text.strip()
    return text[1:-1] if re.fullmatch(r'".*"', text) else text


def value(text):
    if text.startswith("["):
        return [unquoted(part) for part in text[1:-1].split(",")]
    return unquoted(text) if text.strip() else []


def listed(names):
    return [names] if isinstance(names, str) else names


def code(names, separator=", "):
    return separator.join("`%s`" % name for name in listed(names))


def rule(words):
    return words if isinstance(words, str) else code(words, "<br>")


def row(cells):
    return "| %s |" % " | ".join(cells)


def table(heads, rows):
    return [row(heads), "|" + "---|" * len(heads)] + rows + [""]


def types(entries):
    heads = ["types", "kind", "send", "sync-const", "sync", "why not"]
    return table(heads, [
        row([code(e["name"]), e.get("kind", "value")]
            + [rule(e.get(key, "")) for key in ("send", "sync-const", "sync")]
            + [e.get("why", "")])
        for e in entries
    ])


def boundaries(entries):
    rows = []
    for e in entries:
        notes = []
        if "constructs" in e:
            owner, index = "class", e["constructs"]
            if index.startswith("function "):
                owner, index = "function", index[len("function "):]
            notes.append("constructs template argument %s of the %s" % (index, owner))
        if "skip" in e:
            notes.append("a leading `%s` is not counted" % e["skip"])
        if "handle" in e:
            notes.append({"object": "waited for through the object",
                          "unknown": "whether it has ended is not known"}.get(
                              e["handle"], "waited for through argument %s" % e["handle"]))
        if "returns" in e:
            notes.append("the result comes back")
        if "when.argument" in e:
            notes.append("when argument %s is one of %s"
                         % (e["when.argument"], code(e["when.type"])))
        kind = "as the constructor" if "constructs" in e else e.get("kind", "spawns")
        rows.append(row([code(e["function"]), kind, e.get("callable", ""),
                         e.get("arguments", ""), "; ".join(notes)]))
    return table(["functions", "kind", "callable", "arguments", "notes"], rows)


def operations(entries):
    return table(["functions", "does", "on"], [
        row([code(e["function"]), e["does"], e.get("on", "object")]) for e in entries
    ])


def objects(entries):
    names = [name for e in entries for name in listed(e["name"])]
    return ["Objects that are Sync, although their types are not: " + code(names) + ".", ""]


def shipped(folder):
    found = {f[: -len(".yaml")] for f in os.listdir(folder) if f.endswith(".yaml")}
    lines, total = [], 0
    for name in [n for n in TITLES if n in found] + sorted(found - set(TITLES)):
        with open(os.path.join(folder, name + ".yaml"), encoding="utf-8") as stream:
            entries = read(stream.read())
        lines += ["### %s (`%s.yaml`)" % (TITLES.get(name, name), name), ""]
        for section in (types, boundaries, operations, objects):
            of_section = [e for s, e in entries if s == section.__name__]
            total += len(of_section)
            if of_section:
                lines += section(of_section)
        unknown = {s for s, _ in entries} - {"types", "boundaries", "operations", "objects"}
        if unknown:
            sys.exit("%s.yaml: unknown section %s" % (name, ", ".join(map(str, unknown))))
    if total < 150:
        sys.exit("only %d entries were read" % total)
    return "\n".join(lines)


def main():
    source = sys.argv[1]
    page = os.path.join(source, "docs", "models.md")
    with open(page, encoding="utf-8") as stream:
        written = stream.read()
    head, rest = written.split(BEGIN)
    body, tail = rest.split(END)
    introduction = body.split("\n### ")[0].rstrip("\n")
    made = (head + BEGIN + introduction + "\n\n"
            + shipped(os.path.join(source, "plugin", "Models")) + END + tail)
    if "--write" in sys.argv[2:]:
        with open(page, "w", encoding="utf-8") as stream:
            stream.write(made)
        return 0
    if written == made:
        return 0
    sys.stdout.writelines(difflib.unified_diff(
        written.splitlines(True), made.splitlines(True), "docs/models.md", "the models"))
    print("docs/models.md is not what the models say; run %s %s --write"
          % (sys.argv[0], source))
    return 1


sys.exit(main())
