#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Keeps docs/core-guidelines.md true: each function it names is in the test, each
# function of the test that is rejected is named, each check exists.
#
# Usage: core_guidelines.py ROOT

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
page = (root / "docs/core-guidelines.md").read_text()
test = (root / "test/docs/core-guidelines.cpp").read_text()
checks = (root / "plugin/Checks/Checks.def").read_text()
failures = []
rows = [row for row in page.splitlines() if row.startswith("| CP.")]
if len(rows) != 14:
    failures.append(f"14 rules are expected, {len(rows)} found")
named = set()
for row in rows:
    names = re.findall(r"`((?:\w+::)?\w+_(?:bad|ok))`", row)
    named.update(name.rsplit("::")[-1] for name in names)
    if not names and "see below" not in row:
        failures.append(f"neither test nor reason: {row}")
    for check in re.findall(r"fearless-[a-z-]+", row):
        if f'"{check}"' not in checks:
            failures.append(f"no such check: {check}")
functions = set(re.findall(r"\b(\w+_(?:bad|ok))\(", test))
failures += [f"not in the test: {name}" for name in sorted(named - functions)]
failures += [f"not on the page: {name}" for name in sorted(functions - named) if name.endswith("_bad")]
print("\n".join(failures))
sys.exit(1 if failures else 0)
