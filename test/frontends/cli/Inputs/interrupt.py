# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""interrupt.py SIGNAL FAKE_CLANG REAL_CLANG COMMAND...

Runs the command with the fake compiler, sends it the signal while a unit waits
and the other is done, and tells how it ended.
"""

import os
import signal
import subprocess
import sys
import time

name, fake, real, *command = sys.argv[1:]
started = os.path.abspath("started")
if os.path.exists(started):
    os.remove(started)
environment = dict(
    os.environ, FAKE_CLANG="sleep", REAL_CLANG=real, FAKE_STARTED=started, TMPDIR=os.getcwd()
)
begin = time.monotonic()
process = subprocess.Popen(
    command + ["--clang=" + fake], env=environment, stderr=subprocess.PIPE, text=True
)
# The plain progress has one line for each unit that is done.
line = process.stderr.readline()
assert line.startswith("[1/2]"), line
while not os.path.exists(started):
    time.sleep(0.02)
process.send_signal(getattr(signal, "SIG" + name))
rest = process.stderr.read() if name != "KILL" else ""
code = process.wait()
print(line + rest + "ended with %d" % code, file=sys.stderr)
assert time.monotonic() - begin < 50, "it waited for the worker"
if name == "KILL":
    # The worker, which nobody can end now.
    with open(started) as file:
        os.kill(int(file.read()), signal.SIGKILL)
else:
    left = [n for n in os.listdir() if n.startswith("fearless-")]
    assert not left, left
