#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a program that shows a bug small.

    reduce.py PROGRAM --output DIR (--test COMMAND | --llvm-bin DIR
        --plugin FILE --annotations DIR [--bug KIND] [--mode MODE]
        [--option KEY=VALUE]... [--times N])

Deletes functions, statements, elements of lists and lines, and takes blocks
out of what surrounds them, as long as the program stays interesting. The
result, DIR/PROGRAM, is 1-minimal: no single one of these deletions leaves it
interesting.

What is interesting:
  --bug unsound    (the default) the plugin accepts the program in strict mode,
                   and ThreadSanitizer reports a data race
  --bug imprecise  the plugin rejects it in default mode, by the check that
                   rejects the whole program, and ThreadSanitizer finds nothing.
                   That the result is safe is to be read, not to be believed.
  --test COMMAND   COMMAND FILE ends with 0. It runs in an empty folder that
                   holds the program under its own name.

Exit code 2 when the program is not interesting to begin with.
"""

import argparse
import hashlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile

import structure


class Command:
    """Interesting is what a command says yes to."""

    def __init__(self, command, name, seconds=120):
        # A script given by a relative path is still found from the scratch folder.
        self.command = [os.path.abspath(word) if os.path.exists(word) else word
                        for word in shlex.split(command)]
        self.name = name
        self.seconds = seconds

    def __call__(self, text):
        with tempfile.TemporaryDirectory(prefix="fearless-reduce-") as folder:
            with open(os.path.join(folder, self.name), "w", encoding="utf-8") as out:
                out.write(text)
            return run(self.command + [self.name], folder, self.seconds)[0] == 0


def run(command, folder, seconds, environment=None):
    """Exit code, or None when time is over, and what was printed. What the
    command started ends with it."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", start_new_session=True,
        env=dict(os.environ, **(environment or {})),
    )
    try:
        printed, _ = process.communicate(timeout=seconds)
        return process.returncode, printed
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return None, process.communicate()[0]


class Verdict:
    """Interesting is what the plugin and ThreadSanitizer judge differently.

    bug is "unsound" or "imprecise"; given has llvm_bin, plugin, annotations,
    and may have options ("key=value") for the plugin.
    """

    def __init__(self, given, bug, mode, times):
        self.clang = os.path.join(given.llvm_bin, "clang++")
        self.flags = ["-std=c++20", "-w", "-I" + os.path.abspath(given.annotations)]
        self.plugin = ["-fsyntax-only", "-ferror-limit=0",
                       "-fplugin=" + os.path.abspath(given.plugin),
                       "-fplugin-arg-fearless-mode=" + mode]
        self.plugin += ["-fplugin-arg-fearless-" + option for option in given.option]
        self.unsound = bug == "unsound"
        self.times = times
        self.check = None

    def __call__(self, text):
        with tempfile.TemporaryDirectory(prefix="fearless-reduce-") as folder:
            with open(os.path.join(folder, "program.cpp"), "w", encoding="utf-8") as out:
                out.write(text)
            return self.plugin_says(folder) and self.sanitizer_says(folder)

    def plugin_says(self, folder):
        code, printed = run([self.clang] + self.flags + self.plugin + ["program.cpp"], folder, 120)
        if self.unsound:
            return code == 0
        checks = set(re.findall(r" error: .*\[(fearless-[a-z-]+)\]", printed))
        # An error without a check is the compiler's.
        others = re.search(r" error: (?!.*\[fearless-)", printed)
        if code != 1 or others or not checks:
            return False
        if self.check is None:
            self.check = sorted(checks)[0]
        return self.check in checks

    def sanitizer_says(self, folder):
        # Deleting statements must not bring in other undefined behaviour.
        strict = ["-O0", "-g", "-pthread", "-fsanitize=thread", "-Wreturn-type",
                  "-Wuninitialized", "-Werror=return-type", "-Werror=uninitialized"]
        flags = [flag for flag in self.flags if flag != "-w"]
        code, _ = run([self.clang] + flags + strict + ["program.cpp", "-o", "program"], folder, 120)
        if code != 0:
            return False
        for _ in range(self.times):
            code, printed = run([os.path.join(folder, "program")], folder, 20,
                                # Not halted: a program that the deletions made
                                # abort in the end is another one.
                                {"TSAN_OPTIONS": "exitcode=66 halt_on_error=0"})
            if self.unsound and code == 66 and "ThreadSanitizer: data race" in printed:
                return True
            if not self.unsound and code != 0:
                return False
        return not self.unsound


class Reducer:
    """Applies the passes to a text until none changes it."""

    def __init__(self, interesting):
        self.interesting = interesting
        self.known = {}
        self.asked = 0

    def holds(self, text):
        key = hashlib.sha256(text.encode()).digest()
        if key not in self.known:
            self.asked += 1
            self.known[key] = self.interesting(text)
        return self.known[key]

    def reduce(self, text):
        while True:
            before = text
            # The largest parts first: each is gone for one question.
            text = self.delete(text, structure.statements)
            text = self.each(text, structure.unwrapped)
            text = self.delete(text, structure.lists)
            text = self.delete(text, structure.lines)
            text = self.each(text, structure.tidied)
            if text == before:
                return text

    def delete(self, text, groups_of):
        """Deletes from each group of siblings, first long runs, then single
        ones. Groups come in the order of their openings, so that a deletion
        leaves the groups before it, and its own number, as they are."""
        number = 0
        while number < len(groups_of(text)):
            length = len(groups_of(text)[number])
            while length >= 1:
                first = 0
                while True:
                    groups = groups_of(text)
                    # A group that is down to nothing may be gone.
                    if number >= len(groups) or first >= len(groups[number]):
                        break
                    shorter = groups[number].without(text, first, first + length)
                    # The group that follows has taken its number when it
                    # vanished: then the same run is asked of that one, which
                    # is a deletion like any other.
                    if shorter != text and self.holds(shorter):
                        text = shorter
                    else:
                        first += length
                length //= 2
            number += 1
        return text

    def each(self, text, variants_of):
        """Takes the first variant that holds, until none does."""
        while True:
            for variant in variants_of(text):
                if variant != text and self.holds(variant):
                    text = variant
                    break
            else:
                return text


def reduce(text, interesting):
    """The reduced text, or None when \\p text is not interesting."""
    reducer = Reducer(interesting)
    return reducer.reduce(text) if reducer.holds(text) else None


def add_options(parser, required=False):
    """What asking the plugin needs; run.py has the same."""
    for name in ("--llvm-bin", "--plugin", "--annotations"):
        parser.add_argument(name, required=required)
    parser.add_argument("--option", action="append", default=[],
                        help="KEY=VALUE, another option of the plugin")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--output", required=True)
    parser.add_argument("--test")
    parser.add_argument("--bug", choices=["unsound", "imprecise"], default="unsound")
    parser.add_argument("--mode", choices=["default", "strict"])
    parser.add_argument("--times", type=int, default=3)
    add_options(parser)
    given = parser.parse_args()
    name = os.path.basename(given.program)
    if given.test:
        interesting = Command(given.test, name)
    elif not (given.llvm_bin and given.plugin and given.annotations):
        parser.error("--test, or --llvm-bin, --plugin and --annotations")
    else:
        mode = given.mode or ("strict" if given.bug == "unsound" else "default")
        interesting = Verdict(given, given.bug, mode, given.times)
    with open(given.program, encoding="utf-8") as file:
        text = file.read()
    reducer = Reducer(interesting)
    if not reducer.holds(text):
        print("%s: not interesting" % given.program, file=sys.stderr)
        return 2
    small = reducer.reduce(text)
    os.makedirs(given.output, exist_ok=True)
    with open(os.path.join(given.output, name), "w", encoding="utf-8") as file:
        file.write(small)
    print("%s: %d lines of %d, after %d questions" % (
        name, small.count("\n"), text.count("\n"), reducer.asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
