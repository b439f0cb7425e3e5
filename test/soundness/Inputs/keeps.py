# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# SOUNDNESS-FOLDER KEEP-FOLDER: lets run.py keep a scenario whose bug is that a
# thread is started: the real question costs minutes for a scenario.
import sys
import types

sys.path.insert(0, sys.argv[1])
import generate
import reduce
import run


class Verdict:
    def __init__(self, given, bug, mode, times):
        assert (bug, mode, times) == ("unsound", "strict", 3), (bug, mode, times)

    def __call__(self, text):
        return "std::thread t0(" in text and "int main()" in text


reduce.Verdict = Verdict
given = types.SimpleNamespace(keep=sys.argv[2], times=2, no_reduce=False)
scenario = generate.program(3, 2)[1][1]
print(run.keep(given, 3, scenario, "unsound", "strict"))
