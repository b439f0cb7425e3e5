# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""full_stdout.py COMMAND...: runs it with a full disk as its standard output."""

import subprocess
import sys

with open("/dev/full", "w") as full:
    code = subprocess.run(sys.argv[1:], stdout=full).returncode
print("ended with", code, file=sys.stderr)
