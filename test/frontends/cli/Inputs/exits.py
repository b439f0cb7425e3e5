# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""exits.py CODE COMMAND...: runs the command and succeeds when it ends with CODE.

The exit codes of the tool have meanings, and lit's "not" takes any of them.
"""

import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
if code != int(sys.argv[1]):
    sys.exit("exits.py: ended with code %d, expected %s" % (code, sys.argv[1]))
