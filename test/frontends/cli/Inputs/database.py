# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""database.py FOLDER COMMAND...: writes FOLDER/compile_commands.json.

Each COMMAND is one argument, "FILE FLAG...": the file relative to FOLDER, which
is the directory of all commands.
"""

import json
import os
import sys

folder = os.path.realpath(sys.argv[1])
entries = []
for command in sys.argv[2:]:
    file, *flags = command.split()
    arguments = ["c++"] + flags + ["-c", file, "-o", file + ".o"]
    entries.append({"directory": folder, "file": file, "arguments": arguments})
with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as out:
    json.dump(entries, out, indent=1)
