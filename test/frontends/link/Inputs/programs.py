# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""programs.py CLANG PLUGIN FEARLESS ANNOTATIONS FOLDER: each folder in FOLDER is
a program of several units (*.cpp). All are compiled with the plugin, alone and
without findings; then their summaries are linked. What is found must be what
the files expect, in comments at the lines:

    ++counter; // expected-error {{'counter' is written here}}
    ++counter; // expected-note {{the thread writes it here}}

Notes need not all be expected. A program whose name ends with _bad has a
finding, one that ends with _ok has none. "fearless check" over the same units
must find the same.
"""

import json
import os
import re
import subprocess
import sys

clang, plugin, fearless, annotations, root = sys.argv[1:]
EXPECTED = re.compile(r"// expected-(error|note) \{\{(.*?)\}\}")
CHECKS = "--checks=fearless-data-race,fearless-annotation"
problems = []


def report(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit("%s\n%s" % (" ".join(command), done.stderr))
    found = json.loads(done.stdout)
    out = []
    for f in found["findings"]:
        notes = [(os.path.basename(n["file"]), n["line"], n["message"]) for n in f["notes"]]
        out.append((os.path.basename(f["file"]), f["line"], f["message"], notes))
    return out


def program(folder):
    units = sorted(f for f in os.listdir(folder) if f.endswith(".cpp"))
    flags = ["-std=c++20", "-I" + annotations]
    for unit in units:
        command = [clang, *flags, "-fsyntax-only", "-fplugin=" + plugin,
                   "-fplugin-arg-fearless-checks=" + CHECKS.split("=")[1],
                   "-fplugin-arg-fearless-summary=" + unit + ".fearless", unit]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        if done.returncode or done.stderr:
            problems.append("%s/%s is not clean alone:\n%s" % (folder, unit, done.stderr))
    linked = report([fearless, "link", folder, "--format=json", "--quiet"])
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump([{"directory": folder, "file": u, "arguments": ["c++", *flags, "-c", u]}
                   for u in units], out)
    checked = report([fearless, "check", "-p", folder, "--format=json", "--quiet",
                      "--no-cache", CHECKS])
    if checked != linked:
        problems.append("%s: check says\n%s\nlink says\n%s" % (folder, checked, linked))
    return linked


def expectations(folder):
    errors, notes = [], []
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".cpp", ".h")):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                for kind, what in EXPECTED.findall(line):
                    (errors if kind == "error" else notes).append((name, number, what))
    return errors, notes


for name in sorted(os.listdir(root)):
    folder = os.path.join(root, name)
    if not os.path.isdir(folder):
        continue
    found = program(folder)
    errors, notes = expectations(folder)
    if bool(errors) != name.endswith("_bad") or not name.endswith(("_bad", "_ok")):
        problems.append("%s: its name and what it expects do not agree" % name)
    for file, line, message, told in found:
        match = [e for e in errors if e[:2] == (file, line) and e[2] in message]
        if not match:
            problems.append("%s: not expected: %s:%s: %s\n%s" % (name, file, line, message, told))
        else:
            errors.remove(match[0])
        notes = [n for n in notes
                 if not any(t[:2] == n[:2] and n[2] in t[2] for t in told)]
    for file, line, what in errors + notes:
        problems.append("%s: missing: %s:%s: %s" % (name, file, line, what))

print("\n".join(problems))
sys.exit(bool(problems))
