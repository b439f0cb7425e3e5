# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""terminal.py COMMAND...: runs it with a terminal as its standard error.

Prints what the terminal got, with its control characters made visible.
"""

import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=theirs)
os.close(theirs)
text = b""
while True:
    try:
        part = os.read(ours, 4096)
    except OSError:  # The terminal's end.
        break
    if not part:
        break
    text += part
process.wait()
print(text.decode().replace("\r\x1b[K", "<redraw>").replace("\r\n", "\n"))
