#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Keeps the pages of the checks true: every check of Checks.def has one; the
# block under "Bad" is rejected by that check with the text of its comment, the
# one under "Good" by no check.
#
# Usage: check_pages.py CLANGXX PLUGIN ANNOTATIONS ROOT

import pathlib
import re
import subprocess
import sys

clangxx, plugin, annotations, root = sys.argv[1:5]
root = pathlib.Path(root)
failures = []


def findings(code):
    run = subprocess.run(
        [clangxx, "-std=c++20", "-fsyntax-only", "-x", "c++", "-I", annotations,
         "-fno-caret-diagnostics", "-fplugin=" + plugin, "-"],
        input=code, capture_output=True, text=True)
    return [line for line in run.stderr.splitlines() if " error: " in line]


def block(page, title):
    found = re.search(r"^## " + title + r"\n+```cpp\n(.*?)^```", page, re.M | re.S)
    return found.group(1) if found else None


definitions = (root / "plugin/Checks/Checks.def").read_text()
names = re.findall(r'^CHECK\(\w+,\s*"(fearless-[a-z-]+)"', definitions, re.M)
if not names:
    sys.exit("Checks.def lists no check")
for name in names:
    path = root / "docs/checks" / (name + ".md")
    if not path.exists():
        failures.append(f"{name}: no page")
        continue
    page = path.read_text()
    bad, good = block(page, "Bad"), block(page, "Good")
    if bad is None or good is None:
        failures.append(f"{name}: a Bad and a Good block are expected")
        continue
    texts = re.findall(r"//.*?error: (.*)", bad)
    if not texts:
        failures.append(f"{name}: the Bad block shows no message")
    reported = findings(bad)
    if not any(f"[{name}]" in line for line in reported):
        failures.append(f"{name}: the Bad block is not rejected: {reported}")
    for text in texts:
        if not any(text in line for line in reported):
            failures.append(f"{name}: nobody says '{text}': {reported}")
    if findings(good):
        failures.append(f"{name}: the Good block is rejected: {findings(good)}")
print("\n".join(failures))
sys.exit(1 if failures else 0)
