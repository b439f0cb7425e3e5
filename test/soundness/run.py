# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tries to break the promise of strict mode, and the precision of default mode.

Makes programs (generate.py), asks the plugin in both modes, and runs every
scenario under ThreadSanitizer.

* accepted in strict mode, and it races: a soundness bug;
* rejected in default mode, and safe by construction: a precision bug;
* safe by construction, and it races: a bug of the generator.

    run.py --llvm-bin DIR --plugin FILE --annotations DIR
           [--seed N] [--programs N] [--count N] [--jobs N] [--keep DIR]
           [--times N] [--option KEY=VALUE]... [--no-reduce]

Exit code 1 when there is any of them. Prints the rates; which kinds of safe
scenarios strict mode rejects, by which check and why; which kinds of racy ones
default mode misses; and each bug. With --times 0 nothing is run: the verdicts
alone. With --keep the scenario of each bug is kept as a program of its own, and
beside it, in reduced/, what reduce.py makes of it.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

import generate
import reduce

LINE = re.compile(
    r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?P<level>error|note): (?P<text>.*)$", re.M
)


def verdicts(source, scenarios, mode, given):
    """Scenario number -> what the plugin says of it."""
    run = subprocess.run(
        [
            os.path.join(given.llvm_bin, "clang++"), "-std=c++20", "-fsyntax-only",
            "-I" + given.annotations, "-ferror-limit=0", "-fno-caret-diagnostics",
            "-fplugin=" + given.plugin, "-fplugin-arg-fearless-mode=" + mode,
            *["-fplugin-arg-fearless-" + option for option in given.option], source,
        ],
        capture_output=True, text=True,
    )
    with open(source) as text:
        lines = text.read().split("\n")
    starts = {}
    for i, line in enumerate(lines, 1):
        found = re.match(r"namespace s(\d+) \{", line)
        if found:
            starts[i] = int(found.group(1))
    out = {}
    # A finding outside every scenario belongs to the one that its notes name.
    text = ""
    for found in LINE.finditer(run.stderr):
        if found.group("level") == "error":
            text = found.group("text")
        above = [i for i in starts if i <= int(found.group("line"))]
        if text and found.group("file") == source and above:
            out.setdefault(starts[max(above)], text)
            text = ""
    if run.returncode not in (0, 1) or (run.returncode == 1 and not out):
        raise SystemExit("%s: %s" % (source, run.stderr[-2000:]))
    return out


def races(binary, number, times):
    for _ in range(times):
        try:
            run = subprocess.run(
                [binary, str(number)], capture_output=True, text=True, timeout=60,
                env=dict(os.environ, TSAN_OPTIONS="exitcode=66 halt_on_error=1"),
            )
        except subprocess.TimeoutExpired:
            return "hangs"
        if run.returncode == 66:
            return "races"
        if run.returncode:
            return "exits with %d" % run.returncode
    return ""


def one(seed, given):
    text, scenarios = generate.program(seed, given.count)
    source = os.path.join(given.keep, "s%d.cpp" % seed)
    with open(source, "w") as out:
        out.write(text)
    default = verdicts(source, scenarios, "default", given)
    strict = verdicts(source, scenarios, "strict", given)
    if not given.times:
        return [(seed, s, default.get(s.number), strict.get(s.number), "")
                for s in scenarios]
    binary = source[:-4]
    subprocess.run(
        [
            os.path.join(given.llvm_bin, "clang++"), "-std=c++20", "-O0", "-g",
            "-fsanitize=thread", "-pthread", "-w", "-I" + given.annotations, source,
            "-o", binary,
        ],
        check=True,
    )
    rows = []
    for s in scenarios:
        truth = races(binary, s.number, given.times)
        rows.append((seed, s, default.get(s.number), strict.get(s.number), truth))
    os.remove(binary)
    return rows


def keep(given, seed, s, bug, mode):
    """Writes the scenario as a program, and reduced. Says where."""
    name = "%s-%s-seed%d-scenario%d.cpp" % (bug, mode, seed, s.number)
    text = "%s\n%s\nint main() { s%d::run(); }\n" % (generate.HEAD, s.code(), s.number)
    path = os.path.join(given.keep, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    if given.no_reduce:
        return "kept: " + path
    # A race that shows rarely needs more runs than a verdict does.
    small = reduce.reduce(text, reduce.Verdict(given, bug, mode, max(3, given.times)))
    if small is None:
        return "kept: %s; by itself it does not show the bug" % path
    folder = os.path.join(given.keep, "reduced")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(small)
    return "reduced: %s, %d lines of %d" % (
        os.path.join(folder, name), small.count("\n"), text.count("\n"))


def table(title, rows, total, show):
    """Prints the kinds of \p rows with their number among \p total, and what
    \p show says of each, the most frequent first."""
    whole = collections.Counter(k for s in total for k in s.kinds())
    kinds = collections.defaultdict(list)
    for row in rows:
        for kind in row[1].kinds():
            kinds[kind].append(row)
    print(title)
    for kind, some in sorted(kinds.items(), key=lambda k: (-len(k[1]), k[0])):
        print("  %3d of %3d  %s" % (len(some), whole[kind], kind))
        for why, n in collections.Counter(map(show, some)).most_common(4):
            print("       %5d    %s" % (n, why))


def reason(text):
    """The check and the message without the names in it."""
    check = re.search(r"\[(fearless-[a-z-]+)\]", text)
    bare = re.sub(r" *\[fearless-.*", "", re.sub(r"'[^']*'", "...", text))
    return "%s: %s" % (check.group(1) if check else "?", bare[:100])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    reduce.add_options(parser, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--programs", type=int, default=4)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", default="")
    parser.add_argument("--no-reduce", action="store_true")
    given = parser.parse_args()
    keeps_bugs = bool(given.keep)
    if given.keep:
        os.makedirs(given.keep, exist_ok=True)
    else:
        scratch = tempfile.TemporaryDirectory(prefix="fearless-soundness-")
        given.keep = scratch.name
    rows = []
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        seeds = range(given.seed, given.seed + given.programs)
        for part in pool.map(lambda seed: one(seed, given), seeds):
            rows += part
    bugs = []
    to_reduce = []
    for seed, s, default, strict, truth in rows:
        name = "seed %d scenario %d (%s)" % (seed, s.number, s.code().split("\n")[0][3:])
        if truth and not strict:
            bugs.append("UNSOUND: strict mode accepts %s, which %s" % (name, truth))
            to_reduce.append((seed, s, "unsound", "strict"))
        if truth and s.is_marked and not default:
            bugs.append("UNSOUND: default mode accepts %s at a marked boundary, which %s" % (name, truth))
            to_reduce.append((seed, s, "unsound", "default"))
        # A marked boundary demands proof in both modes.
        if default and not s.label and not truth and not s.is_marked:
            bugs.append("IMPRECISE: default mode rejects %s: %s" % (name, default))
            to_reduce.append((seed, s, "imprecise", "default"))
        if truth and not s.label:
            bugs.append("GENERATOR: %s %s" % (name, truth))
    safe = [r for r in rows if not r[1].label]
    racy = [r for r in rows if r[1].label]

    def rate(part, whole):
        return "%d of %d (%.1f %%)" % (
            len(part), len(whole), 100.0 * len(part) / max(1, len(whole)))

    print("scenarios: %d, seeds %d to %d" % (
        len(rows), given.seed, given.seed + given.programs - 1))
    print("racy, found by ThreadSanitizer:   ", rate([r for r in racy if r[4]], racy))
    print("racy, rejected in strict mode:    ", rate([r for r in racy if r[3]], racy))
    print("racy, rejected in default mode:   ", rate([r for r in racy if r[2]], racy))
    print("safe, accepted in strict mode:    ", rate([r for r in safe if not r[3]], safe))
    stock = [r for r in safe if not r[1].is_marked]
    print("safe, rejected in default mode:   ", rate([r for r in stock if r[2]], stock))
    table("safe, rejected in strict mode:", [r for r in safe if r[3]],
          [r[1] for r in safe], lambda r: reason(r[3]))
    table("racy, not rejected in default mode:", [r for r in racy if not r[2]],
          [r[1] for r in racy], lambda r: "for example " + "seed %d scenario %d" % (r[0], r[1].number))
    for bug in bugs:
        print(bug, flush=True)
    if keeps_bugs:
        for bug in to_reduce:
            print(keep(given, *bug), flush=True)
    return 1 if bugs else 0


if __name__ == "__main__":
    sys.exit(main())
