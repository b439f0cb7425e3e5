#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the tests of the flow analysis against what really happens.

    run.py [--clang CLANG++] [--jobs N] [--keep DIR] [-v] [FILE[:FUNCTION]...]

Every `void NAME_bad()` and `void NAME_ok()` of the test files is run under
ThreadSanitizer and AddressSanitizer: a _bad function must be caught by one of
them, an _ok function by none. So no test calls a harmless program wrong, or a
wrong one harmless. The default files are those of test/checks/data-race,
test/checks/borrow, test/flow and test/limits.

A comment in front of a function says where it deviates:

    // truth: none, WHY      cannot be shown by running it (a rare schedule)

In test/limits the names say what is true, as everywhere: FN_..._bad and
FP_..._ok. Compiler flags are taken from the RUN line, after `--`. Every function
runs in a process of its own. Ends with "N confirmed, N refuted, N not run", and
exit code 1 if something was refuted or did not compile.
"""

import argparse
import concurrent.futures
import os
import re
import shlex
import subprocess
import sys
import tempfile

FUNCTION = re.compile(r"^void (\w+_(bad|ok))\(\)", re.M)
EXCEPTION = re.compile(r"// truth: none, [^\n]*\n(?://[^\n]*\n)*void (\w+)\(\)")
FLAGS = re.compile(r"RUN: %fearless_check \S+(?: -\S+)*(?: -- (.*))?$", re.M)
SANITIZERS = {
    # Threads that nobody joins are part of some tests.
    "thread": {
        "TSAN_OPTIONS": "exitcode=66:report_thread_leaks=0:"
        "report_signal_unsafe=0:report_destroy_locked=0"
    },
    "address": {
        "ASAN_OPTIONS": "exitcode=66:detect_stack_use_after_return=1:"
        "detect_leaks=0:abort_on_error=0"
    },
}
# A race is seen only when both sides run, which the scheduler decides.
ATTEMPTS = 12
TIMEOUT = 30

MAIN = """
#include <cstdlib>
#include <cstring>
#include <unistd.h>

int main(int, char **argv) {
%s
  usleep(argv[2] ? std::atoi(argv[2]) : 0); // for threads that were detached
  _exit(0); // destroys nothing behind their back
}
"""


class File:
    def __init__(self, path, only):
        self.path = path
        with open(path) as source:
            text = source.read()
        self.functions = [
            match[1]
            for match in FUNCTION.finditer(text)
            if only is None or match[1] == only
        ]
        self.excepted = set(EXCEPTION.findall(text)) if only is None else set()
        flags = FLAGS.search(text)
        self.flags = shlex.split(flags[1] or "") if flags else []


def build(file, sanitizer, options, directory):
    """The executable, or a text that says why there is none."""
    name = os.path.splitext(os.path.basename(file.path))[0]
    name = "%s-%s" % (name, sanitizer)
    source = os.path.join(directory, name + ".cpp")
    calls = "\n".join(
        '  if (!std::strcmp(argv[1], "%s"))\n    %s();' % (f, f)
        for f in file.functions
    )
    with open(source, "w") as out:
        out.write('#include "%s"\n' % os.path.abspath(file.path))
        out.write(MAIN % calls)
    executable = os.path.join(directory, name)
    command = [options.clang, "-g", "-O0", "-w", "-pthread"]
    command += ["-fsanitize=" + sanitizer]
    if not any(flag.startswith("-std=") for flag in file.flags):
        command += ["-std=c++20"]
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    command += ["-I" + os.path.join(root, "annotations", "include")]
    # What stands for another translation unit in a test.
    command += ["-DFEARLESS_TRUTH"]
    command += file.flags + [source, "-o", executable]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        return None, "%s\n%s" % (shlex.join(command), result.stderr[:2000])
    return executable, None


def caught(executable, function, sanitizer, pause):
    environment = dict(os.environ, **SANITIZERS[sanitizer])
    try:
        result = subprocess.run(
            [executable, function, str(pause)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired as hung:
        # ThreadSanitizer tells of a deadlock, and then the program is in it.
        said = (hung.stderr or b"").decode(errors="replace")
        if "WARNING: ThreadSanitizer" in said:
            return True, said[:4000]
        return None, "it did not end within %d s" % TIMEOUT
    # The text decides: the process may end, with 0, in the middle of a report.
    if re.search("WARNING: ThreadSanitizer|ERROR: AddressSanitizer", result.stderr):
        return True, result.stderr[:4000]
    if result.returncode == 0:
        return False, ""
    return None, result.stderr[:4000]


def judge(function, executables):
    """None when the name tells the truth, else what speaks against it."""
    if function.endswith("_ok"):
        for sanitizer, executable in executables.items():
            for _ in range(2):
                found, text = caught(executable, function, sanitizer, 20000)
                if found is not False:
                    return "%s caught it:\n%s" % (sanitizer, text)
        return None
    for attempt in range(ATTEMPTS):
        for sanitizer, executable in executables.items():
            found, text = caught(executable, function, sanitizer, 20000 << (attempt // 3))
            if found is True:
                return None
    return "no sanitizer caught it in %d attempts; %s" % (ATTEMPTS, text[:500])


def default_files():
    here = os.path.dirname(os.path.abspath(__file__))
    out = []
    for folder in ("checks/data-race", "checks/borrow", "flow", "limits"):
        for path, _, names in os.walk(os.path.join(here, os.pardir, folder)):
            out += [os.path.join(path, n) for n in sorted(names) if n.endswith(".cpp")]
    return [os.path.normpath(path) for path in out]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clang", default=os.environ.get("CLANGXX", "clang++-22"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", metavar="DIR", help="keep the executables here")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("files", nargs="*", metavar="FILE[:FUNCTION]")
    options = parser.parse_args()

    files = []
    for name in options.files or default_files():
        path, _, only = name.partition(":")
        file = File(path, only or None)
        if file.functions:
            files.append(file)
    confirmed = refuted = left_out = 0
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.keep or temporary
        os.makedirs(directory, exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as workers:
            builds = {
                (file, s): workers.submit(build, file, s, options, directory)
                for file in files
                for s in SANITIZERS
            }
            results = []
            for file in files:
                executables = {}
                for s in SANITIZERS:
                    executable, error = builds[file, s].result()
                    if error:
                        refuted += 1
                        print("%s: does not compile: %s" % (file.path, error))
                    else:
                        executables[s] = executable
                if len(executables) != len(SANITIZERS):
                    continue
                for function in file.functions:
                    if function in file.excepted:
                        left_out += 1
                        continue
                    job = workers.submit(judge, function, executables)
                    results.append((file, function, job))
            for file, function, job in results:
                against = job.result()
                if against is None:
                    confirmed += 1
                    if options.verbose:
                        print("%s: %s: confirmed" % (file.path, function))
                else:
                    refuted += 1
                    print("%s: %s: REFUTED: %s" % (file.path, function, against))
                sys.stdout.flush()
    print("%d confirmed, %d refuted, %d not run" % (confirmed, refuted, left_out))
    return 1 if refuted else 0


if __name__ == "__main__":
    sys.exit(main())
