#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A compiler that misbehaves as FAKE_CLANG says; else the one in REAL_CLANG.

kill: ends itself as the out-of-memory killer would. sleep: waits, for units
whose name contains "slow". empty: succeeds without running the plugin.
"""

import os
import signal
import sys
import time

what = os.environ.get("FAKE_CLANG", "")
if "--version" not in sys.argv:
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "sleep" and any("slow" in argument for argument in sys.argv):
        with open(os.environ["FAKE_STARTED"] + ".new", "w") as started:
            started.write(str(os.getpid()))
        os.rename(started.name, os.environ["FAKE_STARTED"])
        time.sleep(60)
    if what == "empty":
        sys.exit(0)
real = os.environ["REAL_CLANG"]
os.execv(real, [real] + sys.argv[1:])
