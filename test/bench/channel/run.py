#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the channels with those of Rust and with a mutex and a deque.

    test/bench/channel/run.py [--rounds 5] [--realtime] [--filter REGEX] [--output FILE]

Builds the programs of this folder into a scratch folder and runs every scenario,
one process after the other, all competitors in each round. Prints tables of ratios:
time of the competitor divided by our time in the same round, so more than 1 means that
we are faster; the median of the rounds and, in brackets, their extremes. Absolute times
are not printed: they say more about the machine than about the channel.

Needs a C++20 compiler (CXX, default g++). Without rustc the Rust columns are left out;
crossbeam-channel takes part when its source is in a vendored registry (--registry, as
Debian's librust-crossbeam-channel-dev installs it). --also NAME=PROGRAM adds a program
with the same command line as channel_bench.
"""

import argparse
import glob
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))

# scenario, capacity, messages; capacity n is as many as there are messages
STREAMS = [(s, c, 200_000 if s.startswith("select") else 500_000)
           for s in ("seq", "spsc", "mpsc", "mpmc", "select_rx", "select_both")
           for c in ("n", "unbounded")]
WAITS = [(s, c, 10_000)
         for s in ("spsc", "mpsc", "mpmc", "select_rx", "select_both")
         for c in ("0", "1")]
OTHERS = [("pingpong", c, 10_000) for c in ("0", "1", "unbounded")] + [("spsc1k", "n", 50_000)]
LATENCY = [("latency", c, 10_000) for c in ("0", "1", "unbounded")]
FAIRNESS = [("fairness", c, 400_000) for c in ("1", "100", "unbounded")]


def build(registry, folder):
    """The competitors that can be had: name -> program."""
    cxx = os.environ.get("CXX", "g++")
    program = os.path.join(folder, "channel_bench")
    subprocess.run([cxx, "-std=c++20", "-O3", "-DNDEBUG", "-pthread",
                    "-I" + os.path.join(ROOT, "annotations", "include"),
                    os.path.join(HERE, "channel_bench.cpp"), "-o", program], check=True)
    programs = {"fearless": program, "mutex": program}
    if shutil.which("rustc") is None:
        print("no rustc: the columns std and crossbeam are left out", file=sys.stderr)
        return programs
    env = dict(os.environ, RUSTC_BOOTSTRAP="1")
    source = os.path.join(HERE, "channel_bench.rs")
    rust = os.path.join(folder, "channel_bench_std")
    subprocess.run(["rustc", "--edition", "2021", "-C", "opt-level=3", "-A", "warnings", source,
                    "-o", rust], env=env, check=True)
    programs["std"] = rust
    found = glob.glob(os.path.join(registry, "crossbeam-channel-*"))
    if not found or shutil.which("cargo") is None:
        print("no crossbeam-channel in " + registry + ": its column is left out", file=sys.stderr)
        return programs
    package = os.path.join(folder, "crossbeam")
    os.makedirs(os.path.join(package, "src"))
    shutil.copy(source, os.path.join(package, "src", "main.rs"))
    with open(os.path.join(package, "Cargo.toml"), "w") as f:
        f.write('[package]\nname = "channel_bench"\nversion = "0.0.0"\nedition = "2021"\n'
                '[dependencies]\ncrossbeam-channel = "0.5"\n')
    env["RUSTFLAGS"] = "--cfg with_crossbeam -A warnings"
    subprocess.run(["cargo", "build", "--release", "--offline", "--quiet",
                    "--config", 'source.crates-io.replace-with="vendored"',
                    "--config", f'source.vendored.directory="{registry}"'],
                   cwd=package, env=env, check=True)
    programs["crossbeam"] = os.path.join(package, "target", "release", "channel_bench")
    return programs


def measure(program, name, scenario, capacity, messages, prefix):
    """The numbers the program prints, or None when it has no such scenario."""
    room = str(messages) if capacity == "n" else capacity
    done = subprocess.run(prefix + [program, name, scenario, room, str(messages)],
                          capture_output=True, text=True, timeout=300)
    if done.returncode == 3:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"{name} {scenario} {capacity}: exit {done.returncode} {done.stderr}")
    return [float(x) for x in done.stdout.split()]


def rounds_of(programs, row, rounds, prefix):
    """name -> list of the measurements of each round; rotated, so that nobody is always first."""
    names = list(programs)
    results = {n: [] for n in names}
    for r in range(rounds):
        for n in names[r % len(names):] + names[:r % len(names)]:
            numbers = measure(programs[n], n, *row, prefix)
            if numbers is not None:
                results[n].append(numbers)
    return {n: v for n, v in results.items() if v}


def ratio(theirs, ours, column=0):
    per_round = [t[column] / o[column] for t, o in zip(theirs, ours)]
    return statistics.median(per_round), min(per_round), max(per_round)


def show(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def cell(theirs, ours, column=0):
    if theirs is None:
        return "-"
    middle, low, high = ratio(theirs, ours, column)
    return f"{show(middle)} [{show(low)}-{show(high)}]"


def table(title, programs, rows, args, prefix, out):
    competitors = [n for n in programs if n != "fearless"]
    rows = [r for r in rows if re.search(args.filter, f"{r[0]}_{r[1]}")]
    if not rows:
        return
    out(f"\n{title}\n")
    out("| scenario | " + " | ".join(competitors) + " |")
    out("|---" * (len(competitors) + 1) + "|")
    logs = {n: [] for n in competitors}
    for row in rows:
        results = rounds_of(programs, row, args.rounds, prefix)
        ours = results["fearless"]
        cells = []
        for n in competitors:
            cells.append(cell(results.get(n), ours))
            if n in results:
                logs[n].append(math.log(ratio(results[n], ours)[0]))
        label = row[0] + " " + {"0": "rendezvous", "n": "bounded n"}.get(row[1], row[1] if row[1] == "unbounded" else "bounded " + row[1])
        out(f"| {label} | " + " | ".join(cells) + " |")
    means = [show(math.exp(statistics.mean(logs[n]))) if logs[n] else "-" for n in competitors]
    out("| geometric mean | " + " | ".join(means) + " |")


def latency_table(programs, args, prefix, out):
    competitors = [n for n in programs if n != "fearless"]
    out("\nRound trip, percentiles 50 / 99 / 99.9\n")
    out("| capacity | " + " | ".join(competitors) + " |")
    out("|---" * (len(competitors) + 1) + "|")
    for row in LATENCY:
        results = rounds_of(programs, row, args.rounds, prefix)
        cells = ["-" if n not in results else
                 " / ".join(show(ratio(results[n], results["fearless"], c)[0]) for c in range(3))
                 for n in competitors]
        out(f"| {row[1]} | " + " | ".join(cells) + " |")


def fairness_table(programs, args, prefix, out):
    out("\nFairness: the smaller share of two receivers, percent of an equal share\n")
    out("| capacity | " + " | ".join(programs) + " |")
    out("|---" * (len(programs) + 1) + "|")
    for row in FAIRNESS:
        results = rounds_of(programs, row, args.rounds, prefix)
        cells = ["-" if n not in results else
                 "{:.0f} [{:.0f}-{:.0f}]".format(statistics.median(v := [x[0] for x in results[n]]), min(v), max(v))
                 for n in programs]
        out(f"| {row[1]} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--filter", default="", help="only scenarios that match, such as spsc_1")
    parser.add_argument("--realtime", action="store_true", help="SCHED_RR, on a machine that is not quiet")
    parser.add_argument("--registry", default="/usr/share/cargo/registry")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=PROGRAM")
    parser.add_argument("--output", help="also into this file")
    args = parser.parse_args()
    lines = []

    def out(line):
        print(line, flush=True)
        lines.append(line)

    cpus = sorted(os.sched_getaffinity(0))
    scheduling = ["chrt", "-r", "10"] if args.realtime else []
    with tempfile.TemporaryDirectory() as folder:
        programs = build(args.registry, folder)
        for also in args.also:
            name, program = also.split("=", 1)
            programs[name] = program
        regimes = [("one CPU", ["taskset", "-c", str(cpus[-1])])]
        if len(cpus) > 1:
            regimes.insert(0, ("two CPUs", ["taskset", "-c", f"{cpus[0]},{cpus[1]}"]))
        else:
            print("one CPU only: the other regime is left out", file=sys.stderr)
        for name, pin in regimes:
            prefix = pin + scheduling
            table(f"{name}: streams", programs, STREAMS, args, prefix, out)
            table(f"{name}: somebody waits for each message", programs, WAITS, args, prefix, out)
            table(f"{name}: others", programs, OTHERS, args, prefix, out)
            if not args.filter:
                latency_table(programs, args, prefix, out)
                fairness_table(programs, args, prefix, out)
    if args.output:
        with open(args.output, "w") as f:
            f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
