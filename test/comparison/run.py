#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which tool finds which sharing bug: makes docs/comparison.md.

    run.py --llvm-bin DIR --plugin FILE --root DIR [--jobs N] [--write] [--known FILE]

Every program exists twice, wrong and right. A tool finds the bug when it says
something of the wrong one that it does not say of the right one: a diagnostic
of another kind, or more of one kind. So its opinions on style count for
nothing. What it says of the right one in the way of an error of Fearless, or of
a report of ThreadSanitizer, counts as a false finding. Tools that are not
installed get an empty column.

It takes an hour of one core. With --known, what the other tools said of a
program is kept in that file and not asked again; Fearless is always asked.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from hazards import HAZARDS

HERE = os.path.dirname(os.path.abspath(__file__))


def programs(root):
    """(group, name, wrong, right): whole programs."""
    sys.path.insert(0, os.path.join(root, "test", "soundness"))
    import generate
    import idioms

    head = "#include <string_view>\n" + generate.HEAD
    main = "\nint main() { run(); }\n"
    for number, (name, before, wrong, right) in enumerate(HAZARDS):
        yield ("textbook" if number < 11 else "other", name,
               head + before + "\nvoid run() {\n" + wrong + "\n}" + main,
               head + before + "\nvoid run() {\n" + right + "\n}" + main)
    for name, text in idioms.IDIOMS.items():
        slots = [found.group(1).split("||") for found in idioms.SLOT.finditer(text)]

        def filled(choice):
            parts = iter(choice)
            return head + "void run() {" + idioms.SLOT.sub(lambda _: next(parts), text) + "}" + main

        right = [slot[0] for slot in slots]
        for i, slot in enumerate(slots):
            for n, alternative in enumerate(slot[1:]):
                body, _, effect = alternative.rpartition("=")
                if effect == "races":
                    wrong = list(right)
                    wrong[i] = body
                    label = "%s (%d.%d)" % (name, i + 1, n + 1)
                    yield "idiom", label, filled(wrong), filled(right)
    examples = os.path.join(root, "docs", "examples")
    for file in sorted(os.listdir(examples)):
        if file.endswith("_bad.cpp"):
            texts = []
            for each in (file, file.replace("_bad", "_ok")):
                with open(os.path.join(examples, each), encoding="utf-8") as text:
                    texts.append(text.read())
            yield "example", file[: -len("_bad.cpp")], texts[0], texts[1]


CLANG = re.compile(r"(?:warning|error): .*\[([^\]\s]+)\]$", re.M)
CPPCHECK = re.compile(r"^.*?: (?:error|warning|style|performance|portability): .*\[(\w+)\]$", re.M)


def tools(given):
    clang = os.path.join(given.llvm_bin, "clang++")
    flags = ["-std=c++20", "-pthread", "-I" + os.path.join(given.root, "annotations", "include")]
    plugin = ["-fsyntax-only", "-w", "-fplugin=" + given.plugin]
    cppcheck = shutil.which("cppcheck")
    addon = "/usr/share/cppcheck/addons/threadsafety.py"
    tidy = os.path.join(given.llvm_bin, "clang-tidy")
    gcc = shutil.which("g++")
    yield "Fearless", [clang, *plugin, *flags], CLANG
    yield "Fearless, strict", [clang, *plugin, "-fplugin-arg-fearless-mode=strict", *flags], CLANG
    lifetimes = ["-Xclang", "-fexperimental-lifetime-safety"]
    if subprocess.run([clang, *lifetimes, "-fsyntax-only", "-x", "c++", os.devnull], capture_output=True).returncode:
        lifetimes = []
    yield ("clang -Weverything",
           [clang, "-fsyntax-only", "-Weverything", "-Wthread-safety-beta", *lifetimes, *flags], CLANG)
    yield ("clang-tidy", [tidy, "--checks=bugprone-*,concurrency-*,cert-*,misc-*,performance-*,cppcoreguidelines-*",
                          "--quiet", None, "--", *flags] if os.path.exists(tidy) else None, CLANG)
    yield "static analyzer", [clang, "--analyze", "-Xclang", "-analyzer-output=text", "-Xclang",
                              "-analyzer-checker=core,cplusplus,alpha.core,alpha.cplusplus,alpha.unix",
                              *flags, "-o", "/dev/null"], CLANG
    yield "g++ -fanalyzer", [gcc, "-fanalyzer", "-Wall", "-Wextra", "-O1", "-c", "-o", "/dev/null", *flags] if gcc else None, CLANG
    yield ("cppcheck", [cppcheck, "--enable=all", "--std=c++20", "--quiet", "--inline-suppr"]
           + (["--addon=" + addon] if os.path.exists(addon) else []) if cppcheck else None, CPPCHECK)


def said(command, pattern, source):
    command = [source if part is None else part for part in command]
    if source not in command:
        command.append(source)
    run = subprocess.run(command, capture_output=True, text=True)
    return collections.Counter(pattern.findall(run.stdout + run.stderr))


def races(given, source):
    binary = source[:-4]
    clang = os.path.join(given.llvm_bin, "clang++")
    subprocess.run([clang, "-std=c++20", "-O0", "-g", "-w", "-pthread", "-fsanitize=thread", "-o", binary,
                    "-I" + os.path.join(given.root, "annotations", "include"), source], check=True)
    options = dict(os.environ, TSAN_OPTIONS="exitcode=66:report_thread_leaks=0")
    try:
        return any(subprocess.run([binary], capture_output=True, env=options, timeout=30).returncode == 66
                   for _ in range(3))
    except subprocess.TimeoutExpired:
        return False


class Known:
    """Answers by tool and programs, in a file with one answer a line."""

    def __init__(self, path):
        self.path, self.answers = path, {}
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                self.answers = dict(json.loads(line) for line in lines)

    def ask(self, tool, command, texts, answer):
        if not self.path or tool.startswith("Fearless"):
            return answer()
        key = hashlib.sha256(repr((tool, command, texts)).encode()).hexdigest()
        if key not in self.answers:
            self.answers[key] = answer()
            with open(self.path, "a", encoding="utf-8") as out:
                out.write(json.dumps([key, self.answers[key]]) + "\n")
        return self.answers[key]


def judge(given, known, folder, number, program):
    group, name, wrong, right = program
    files = []
    for kind, text in (("wrong", wrong), ("right", right)):
        files.append(os.path.join(folder, "%s%d.cpp" % (kind, number)))
        with open(files[-1], "w", encoding="utf-8") as out:
            out.write(text)
    found = {}
    for tool, command, pattern in given.tools:
        if command is None:
            continue

        def compare(command=command, pattern=pattern):
            of_wrong, of_right = (said(command, pattern, file) for file in files)
            return [bool(of_wrong - of_right), any(id.startswith("fearless-") for id in of_right)]

        found[tool] = known.ask(tool, command, [wrong, right], compare)
    tool = "ThreadSanitizer (run)"
    found[tool] = known.ask(tool, "", [wrong, right], lambda: [races(given, file) for file in files])
    print("%4d %s" % (number, name), file=sys.stderr)
    return group, name, found


PAGE = """# Which tool finds which sharing bug

Programs that share data between threads wrongly, each beside its correction: the eleven textbook hazards, and {others}
others (variations of idioms of threaded code, the examples of these pages, bugs that reviews meet). A tool finds a bug
when it says something of the wrong program that it does not say of the right one, whatever that is. ThreadSanitizer runs
the program, three times; all others only read it.

```sh
test/comparison/run.py --llvm-bin /usr/lib/llvm-22/bin --plugin build/llvm-22/lib/fearless-plugin.so --root . --write
```

makes this page again. Versions: {versions}.

| | {columns} |
|---|{rule}
{summary}

The programs of the idioms were also used to develop Fearless (they are those of `test/soundness`), so its numbers there
say that what was written down works, not how it does on new code. What strict mode says of right programs is not
counted as wrong here: it rejects what is not proven. Where it rejects both with the same words, it has not told
them apart, and gets no point.{false}

## Program by program

`x` found, `.` not found.

| program | {columns} |
|---|{rule}
{rows}
"""


def version(command):
    text = subprocess.run(command, capture_output=True, text=True).stdout
    return text.splitlines()[0].strip() if text else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llvm-bin", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--known")
    given = parser.parse_args()
    given.root = os.path.abspath(given.root)
    given.plugin = os.path.abspath(given.plugin)
    given.tools = list(tools(given))
    every = list(programs(given.root))
    if given.limit:
        every = every[: given.limit]
    known = Known(given.known)
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            rows = list(pool.map(lambda each: judge(given, known, folder, *each), enumerate(every)))
    columns = list(rows[0][2])
    summary = []
    for title, groups in (("eleven textbook hazards", ["textbook"]), ("others", ["other", "idiom", "example"])):
        mine = [row for row in rows if row[0] in groups]
        summary.append("| %s (%d) | %s |" % (
            title, len(mine), " | ".join(str(sum(row[2][c][0] for row in mine)) for c in columns)))
    wrong = [row[1] for row in rows if row[2]["Fearless"][1]]
    false = " In default mode a right program was rejected: %s." % ", ".join(wrong) if wrong else (
        " In default mode no right program was rejected.")
    page = PAGE.format(
        others=sum(row[0] != "textbook" for row in rows), columns=" | ".join(columns), rule="---|" * len(columns),
        summary="\n".join(summary), false=false,
        versions="; ".join(filter(None, (version([os.path.join(given.llvm_bin, "clang++"), "--version"]),
                                          version(["g++", "--version"]), version(["cppcheck", "--version"])))),
        rows="\n".join("| %s | %s |" % (row[1], " | ".join("x" if row[2][c][0] else "." for c in columns)) for row in rows))
    if given.write:
        with open(os.path.join(given.root, "docs", "comparison.md"), "w", encoding="utf-8") as out:
            out.write(page)
    else:
        print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
