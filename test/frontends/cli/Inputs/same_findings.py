# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""same_findings.py FEARLESS CLANG PLUGIN ANNOTATIONS FOLDER

One run of the tool over all *_bad.cpp of the folder, and one of the compiler
for each: they must print the same findings.
"""

import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", ".."))
from check_fearless import from_text  # noqa: E402

fearless, clang, plugin, annotations, folder = sys.argv[1:]
files = sorted(glob.glob(os.path.join(folder, "*_bad.cpp")))
flags = ["-std=c++20", "-I" + annotations]

by_plugin = []
for file in files:
    command = [clang, "-fsyntax-only", "-fplugin=" + plugin, "-Wno-everything"]
    run = subprocess.run(command + flags + [file], capture_output=True, text=True)
    by_plugin += from_text(run.stderr)[0]
command = [fearless, "check", "--no-cache", "--quiet"] + files + ["--"] + flags
run = subprocess.run(command, capture_output=True, text=True)
by_tool = from_text(run.stdout)[0]

if len(by_plugin) < len(files):
    sys.exit("an example is not rejected: %d findings" % len(by_plugin))
if sorted(by_plugin) != sorted(by_tool):
    only = [f for f in by_plugin if f not in by_tool] + [f for f in by_tool if f not in by_plugin]
    sys.exit("they differ:\n" + "\n".join("\n".join(f) for f in only))
