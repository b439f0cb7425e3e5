# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Keeps docs/soundness.md true: strict mode rejects each program of its rules by
the check that is named, and ThreadSanitizer catches the program when it runs.

    soundness.py CLANGXX PLUGIN ANNOTATIONS ROOT
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

RULE = re.compile(
    r"^### (?P<title>[^\n]+)\n(?P<text>.*?)^```cpp\n(?P<code>.*?)^```\n\nRejected by (?P<check>fearless-[a-z-]+)\.",
    re.M | re.S,
)


def judge(rule, compiler, plugin, annotations, folder):
    source = os.path.join(folder, "%d.cpp" % rule.start())
    with open(source, "w", encoding="utf-8") as out:
        out.write(rule["code"])
    flags = ["-std=c++20", "-I" + annotations, source]
    verdict = subprocess.run(
        [compiler, "-fsyntax-only", "-fplugin=" + plugin, "-fplugin-arg-fearless-mode=strict"] + flags,
        capture_output=True, text=True,
    )
    if "[%s]" % rule["check"] not in verdict.stderr:
        return "not rejected by %s:\n%s" % (rule["check"], verdict.stderr)
    binary = source[:-4]
    subprocess.run(
        [compiler, "-O0", "-g", "-w", "-pthread", "-fsanitize=thread", "-o", binary] + flags, check=True
    )
    # A race is caught when both threads really run.
    for _ in range(20):
        run = subprocess.run(
            [binary], capture_output=True, env=dict(os.environ, TSAN_OPTIONS="exitcode=66")
        )
        if run.returncode == 66:
            return ""
    return "ThreadSanitizer does not see it"


def main():
    compiler, plugin, annotations, root = sys.argv[1:]
    with open(os.path.join(root, "docs", "soundness.md"), encoding="utf-8") as page:
        text = page.read()
    rules = list(RULE.finditer(text))
    if len(rules) != len(re.findall(r"^### ", text, re.M)) or not rules:
        sys.exit("a rule without a program")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            verdicts = pool.map(lambda rule: judge(rule, compiler, plugin, annotations, folder), rules)
            for rule, verdict in zip(rules, verdicts):
                if verdict:
                    failed = True
                    print("%s: %s" % (rule["title"], verdict))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
