#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Applies every fix-it of the plugin to a copy of a file and compiles the copy:
# what a help line offers must remove its finding, and must not bring another.
# Usage: apply_fixits.py FILE COPY COMPILER [FLAG...]

import re
import shutil
import subprocess
import sys

source, copy, *command = sys.argv[1:]
shutil.copyfile(source, copy)
FIXIT = re.compile(r'^fix-it:"(?:[^"\\\\]|\\\\.)*":\{(\d+):(\d+)-(\d+):(\d+)\}:"(.*)"$')


def findings():
    run = subprocess.run(
        command + ["-ferror-limit=0", "-fdiagnostics-parseable-fixits", copy],
        capture_output=True, text=True)
    return run.stderr


output = findings()
fixes = set()
for line in output.splitlines():
    match = FIXIT.match(line)
    if match:
        place = tuple(int(number) for number in match.groups()[:4])
        text = match[5].encode().decode("unicode_escape")
        fixes.add((place, text))
if not fixes:
    sys.exit("no fix-its:\n" + output)
lines = open(copy).read().split("\n")
# From the end, so that the places before stay right.
for (line, column, end_line, end_column), text in sorted(fixes, reverse=True):
    if line != end_line:
        sys.exit("a fix-it over several lines is not expected here")
    old = lines[line - 1]
    lines[line - 1] = old[: column - 1] + text + old[end_column - 1 :]
open(copy, "w").write("\n".join(lines))
rest = findings()
if " error: " in rest:
    sys.exit("findings are left after %d fix-its:\n%s" % (len(fixes), rest))
print("%d fix-its applied" % len(fixes))
