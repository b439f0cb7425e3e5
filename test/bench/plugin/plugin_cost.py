# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the plugin costs a compilation, in instructions.

    plugin_cost.py [--build DIRECTORY] [--llvm-bin DIRECTORY] [inputs|growth|others]...

inputs: the three files of inputs/, by -fsyntax-only and by -O2 -c, with the
plugin and without; limits are 3 % and 1 %. growth: units of generated
classes, boundaries, functions and findings against units of half the size: what
the plugin adds may at most grow by 2.3. others: what Clang's thread safety
analysis, the static analyzer and clang-tidy's checks add to the same inputs, a
table of ratios to the bare -fsyntax-only in user time.

Instructions are counted by valgrind's cachegrind, which needs no counters of
the processor and says the same on a busy machine; a run takes some minutes.
Exit 1 when a limit is passed.
"""

import argparse
import concurrent.futures
import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
LIMITS = {"-fsyntax-only": 3.0, "-O2 -c": 1.0}
GROWTH_LIMIT = 2.3


def instructions(command, scratch):
    """Runs the compiler proper, without its driver, and counts."""
    shown = subprocess.run(command + ["-###"], capture_output=True, text=True, check=True).stderr
    jobs = [shlex.split(line) for line in shown.splitlines() if '"-cc1"' in line]
    if len(jobs) != 1:
        sys.exit("expected one job:\n" + shown)
    result = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        + jobs[0],
        capture_output=True,
        text=True,
        cwd=scratch,
    )
    count = re.search(r"I\s+refs:\s+([\d,]+)", result.stderr)
    if result.returncode != 0 or not count:
        sys.exit("%s\n%s%s" % (shlex.join(jobs[0]), result.stdout, result.stderr))
    return int(count[1].replace(",", ""))


def classes(number):
    """Classes that contain each other, every tenth of them crossing a boundary."""
    yield "#include <fearless/annotations.h>\ntemplate <class F> void spawn(FEARLESS_SPAWNS F) {}"
    for i in range(number):
        before = "c%d part; " % (i - 1) if i % 3 else ""
        yield "struct c%d { %sint value; double weight[4]; };" % (i, before)
        if i % 10 == 0:
            yield "void f%d(c%d c) { spawn([c] { (void)c; }); }" % (i, i)


def boundaries(number):
    yield "#include <fearless/annotations.h>\ntemplate <class F> void spawn(FEARLESS_SPAWNS F) {}"
    yield "struct job { int id; double load; };"
    for i in range(number):
        yield "void f%d(job a, int b) { spawn([a, b] { (void)a; (void)b; }); }" % i


def functions(number):
    """Called by each other, two at a time, and all reached by a thread."""
    yield "#include <fearless/annotations.h>\ntemplate <class F> void spawn(FEARLESS_SPAWNS F) {}"
    yield "struct job { int id; double load; };\nvoid f0(job &j) { ++j.id; }"
    for i in range(1, number):
        yield "void f%d(job &j) { if (j.load > %d) f%d(j); ++j.id; f%d(j); }" % (i, i, i - 1, i // 2)
    yield "void run(job a) { spawn([a]() mutable { f%d(a); }); }" % (number - 1)


def findings(number):
    yield "#include <fearless/annotations.h>\ntemplate <class F> void spawn(FEARLESS_SPAWNS F) {}"
    for i in range(number):
        yield "void f%d(int &n) { spawn([&n] { ++n; }); ++n; }" % i


GROWTH = (("classes", classes, 10000), ("boundaries", boundaries, 2000),
          ("functions", functions, 2000), ("findings", findings, 1000))

# What others look for in the same code: flags in the place of the plugin's.
OTHERS = {
    "-Wthread-safety": ["-fsyntax-only", "-Wthread-safety"],
    "--analyze": ["--analyze", "--analyzer-output", "text", "-o", os.devnull],
}
TIDY_CHECKS = "-*,concurrency-*,bugprone-use-after-move"


def seconds(command, scratch):
    """Of the processor, in user mode."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, cwd=scratch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def others(options, base, plugin, scratch):
    """A row of ratios for each input: of user time, as clang-tidy has no
    compiler proper to count; the least of some rounds, each with all."""
    names = ["fearless", "fearless, strict", *OTHERS, "clang-tidy --checks=" + TIDY_CHECKS[3:]]
    print("| input | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1), flush=True)
    folder = os.path.join(HERE, "inputs")
    for name in sorted(os.listdir(folder)):
        source = os.path.join(folder, name)
        tidy = [os.path.join(options.llvm_bin, "clang-tidy"), "--quiet", "--config={}",
                "--checks=" + TIDY_CHECKS, source, "--"] + base[1:]
        bare = base + ["-fsyntax-only", source]
        commands = [bare, bare + plugin, bare + plugin + ["-fplugin-arg-fearless-mode=strict"]]
        commands += [base + flags + [source] for flags in OTHERS.values()] + [tidy]
        rounds = [[seconds(command, scratch) for command in commands] for _ in range(options.rounds)]
        least = [min(each) for each in zip(*rounds)]
        print("| %s | " % name + " | ".join("%.2f" % (t / least[0]) for t in least[1:]) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "llvm-22"))
    parser.add_argument("--llvm-bin", default="/usr/lib/llvm-22/bin")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("what", nargs="*", default=["inputs", "growth"])
    options = parser.parse_args()
    clang = os.path.join(options.llvm_bin, "clang++")
    base = [clang, "-std=c++20", "-I" + os.path.join(ROOT, "annotations", "include")]
    # A finding must not end the count: the compiler's exit code is looked at.
    plugin = ["-fplugin-arg-fearless-severity=warning", "-fplugin=" + os.path.join(os.path.abspath(options.build), "lib", "fearless-plugin.so")]
    passed = True

    with tempfile.TemporaryDirectory(prefix="plugin_cost") as scratch:
        pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())

        def both(flags, source):
            command = base + flags + [source]
            return (
                pool.submit(instructions, command, scratch),
                pool.submit(instructions, command + plugin, scratch),
            )

        runs = []
        if "inputs" in options.what:
            for name in sorted(os.listdir(os.path.join(HERE, "inputs"))):
                for mode in LIMITS:
                    flags = mode.split() + (["-o", os.devnull] if "-c" in mode else [])
                    runs.append((name, mode, both(flags, os.path.join(HERE, "inputs", name))))
        growth = []
        if "growth" in options.what:
            for kind, generate, number in GROWTH:
                for size in (number // 2, number):
                    source = os.path.join(scratch, "%s%d.cpp" % (kind, size))
                    with open(source, "w", encoding="utf-8") as file:
                        file.write("\n".join(generate(size)))
                    growth.append((kind, size, both(["-fsyntax-only"], source)))

        for name, mode, (without, using) in runs:
            without, using = without.result(), using.result()
            percent = 100.0 * (using - without) / without
            passed &= percent <= LIMITS[mode]
            print(
                "%-16s %-14s %7.2f G, with the plugin %+7.1f M = %+5.2f %% (limit %g %%)"
                % (name, mode, without / 1e9, (using - without) / 1e6, percent, LIMITS[mode]),
                flush=True,
            )
        for (kind, small, a), (_, large, b) in zip(growth[::2], growth[1::2]):
            costs = [using.result() - without.result() for without, using in (a, b)]
            share = 100.0 * costs[1] / b[0].result()
            factor = costs[1] / costs[0]
            passed &= factor <= GROWTH_LIMIT
            print(
                "%d %s: the plugin adds %.1f M, twice of them %.1f M: x %.2f (limit %g); %.1f %% of the parse"
                % (small, kind, costs[0] / 1e6, costs[1] / 1e6, factor, GROWTH_LIMIT, share),
                flush=True,
            )
        if "others" in options.what:
            others(options, base, plugin, scratch)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
