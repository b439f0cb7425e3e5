#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the plugin over code that nobody wrote for it: it must end, in time,
with a verdict.

    run.py --llvm-bin DIR --plugin FILE --annotations DIR [odd] [headers]
           [--part N] [--only TEXT] [--every N] [--jobs N] [--seconds N]

odd      generated units (odd.py), and a named module; --part N makes the large
         ones N times smaller
headers  one unit for each header of the standard libraries, GoogleTest, Google
         Benchmark, Boost, LLVM and Clang that is installed; as code of the user
         where a header can be, so that it is analysed. --every N takes each Nth.

In strict mode with a summary, and in default mode. A unit that does not compile
without the plugin is skipped and counted. Exit 1 after a crash, a time-out, a
report of a sanitizer or a refusal of the plugin. When the plugin was built with
FEARLESS_SANITIZE, --preload RUNTIME gives its runtime.
"""

import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import odd

# What a compiler says when it, or a sanitizer in it, gives up.
BROKEN = re.compile(r"PLEASE submit|Stack dump|AddressSanitizer|LeakSanitizer|runtime error:|"
                    r"error: fearless: |cannot load|undefined symbol")
FINDING = re.compile(r" error: .*\[fearless-[a-z-]+\]")


class Runner:
    def __init__(self, given, scratch):
        self.given, self.scratch = given, scratch
        self.environment = dict(os.environ)
        if given.preload:
            self.environment.update(LD_PRELOAD=given.preload, ASAN_OPTIONS="detect_leaks=0")

    def clang(self, arguments):
        try:
            run = subprocess.run(
                [os.path.join(self.given.llvm_bin, "clang++"), "-fno-caret-diagnostics",
                 "-ferror-limit=0", "-I" + self.given.annotations] + arguments,
                cwd=self.scratch, capture_output=True, text=True, errors="replace",
                timeout=self.given.seconds, env=self.environment,
            )
        except subprocess.TimeoutExpired:
            return None, "no end after %d seconds" % self.given.seconds
        return run.returncode, run.stderr

    def with_plugin(self, arguments, mode):
        plugin = ["-fplugin=" + self.given.plugin, "-fplugin-arg-fearless-mode=" + mode]
        if mode == "strict":
            plugin.append("-fplugin-arg-fearless-summary=" + self.scratch)
        return self.clang(plugin + arguments)

    def unit(self, name, arguments):
        """(name, None when skipped, "" when well, or the fault)."""
        plain, _ = self.clang(arguments + ["-w"])
        if plain != 0:
            return name, None
        for mode in ("strict", "default"):
            code, printed = self.with_plugin(arguments, mode)
            others = [line for line in printed.split("\n")
                      if " error: " in line and not FINDING.search(line)]
            if code not in (0, 1) or BROKEN.search(printed) or others or (
                    code == 1 and not FINDING.search(printed)):
                return name, "%s mode, exit %s: %s" % (mode, code, printed[-3000:])
        return name, ""

    def write(self, name, text):
        path = os.path.join(self.scratch, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path


def odd_units(runner, part):
    for name, flags, text in odd.units(part):
        path = runner.write(name + (".c" if "-xc" in flags else ".cpp"), text)
        yield name, flags + ["-fsyntax-only", path]
    runner.write("part.cppm", "module;\n" + odd.START + """
export module part;
export struct data { int value; };
export inline void share(data &d) { start([&d] { ++d.value; }); ++d.value; }
""")
    module = ["-std=c++20", "--precompile", "part.cppm", "-o"]
    # One of its own: after a finding there is none.
    yield "module", module + ["judged.pcm"]
    runner.clang(module + ["part.pcm"])
    runner.write("import.cpp", odd.START + "import part;\nvoid run(data &d) { share(d); start([&d] { ++d.value; }); }\n")
    yield "import", ["-std=c++20", "-fsyntax-only", "-fmodule-file=part=part.pcm", "import.cpp"]


def copy_as_user_code(source, target):
    """Copies headers without the pragma that makes them the system's."""
    for folder, _, files in os.walk(source):
        inside = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(inside, exist_ok=True)
        for file in files:
            with open(os.path.join(folder, file), encoding="utf-8", errors="surrogateescape") as header:
                text = header.read()
            with open(os.path.join(inside, file), "w", encoding="utf-8", errors="surrogateescape") as out:
                out.write(re.sub(r"#\s*pragma (GCC|clang) system_header", "", text))


def newest(pattern):
    return max(glob.glob(pattern), key=lambda p: [int(n) for n in re.findall(r"\d+", p)], default=None)


def header_units(runner):
    llvm = os.path.join(runner.given.llvm_bin, "..")
    standard = ["-std=c++20", "-w", "-fsyntax-only", "-nostdinc++"]

    libstdcxx = newest("/usr/include/c++/*")
    if libstdcxx:
        own = os.path.join(runner.scratch, "libstdc++")
        copy_as_user_code(libstdcxx, own)
        version = os.path.basename(libstdcxx)
        architecture = newest("/usr/include/*/c++/%s" % version)
        flags = standard + ["-I" + own, "-I" + architecture, "-I" + os.path.join(own, "backward")]
        for pattern in ("*", "ext/*", "experimental/*", "debug/*"):
            for header in sorted(glob.glob(os.path.join(libstdcxx, pattern))):
                if os.path.isfile(header):
                    yield os.path.relpath(header, libstdcxx), flags

    libcxx = os.path.join(llvm, "include", "c++", "v1")
    if os.path.isdir(libcxx):
        own = os.path.join(runner.scratch, "libc++")
        copy_as_user_code(libcxx, own)
        for header in sorted(glob.glob(os.path.join(libcxx, "*"))):
            if os.path.isfile(header) and not os.path.basename(header).startswith("__config"):
                yield os.path.basename(header), standard + ["-I" + own]

    # Others: through a link that is no folder of the system.
    links = os.path.join(runner.scratch, "links")
    os.makedirs(links, exist_ok=True)
    for name, where, pattern in (("gtest", "/usr/include", "*.h"), ("gmock", "/usr/include", "*.h"),
                                 ("benchmark", "/usr/include", "*.h"), ("boost", "/usr/include", "*.hpp"),
                                 ("llvm", os.path.join(llvm, "include"), "**/*.h"),
                                 ("clang", os.path.join(llvm, "include"), "**/*.h"),
                                 ("llvm-c", os.path.join(llvm, "include"), "*.h"),
                                 ("clang-c", os.path.join(llvm, "include"), "*.h")):
        source = os.path.join(where, name)
        if os.path.isdir(source):
            link = os.path.join(links, name)
            os.path.lexists(link) or os.symlink(os.path.abspath(source), link)
            for header in sorted(glob.glob(os.path.join(source, pattern), recursive=True)):
                yield os.path.relpath(header, where), ["-std=c++20", "-w", "-fsyntax-only", "-I" + links]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--llvm-bin", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--preload")
    parser.add_argument("--part", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("what", nargs="*", default=["odd", "headers"])
    given = parser.parse_args()
    given.annotations, given.plugin = map(os.path.abspath, (given.annotations, given.plugin))

    scratch = tempfile.mkdtemp(prefix="fearless-robustness-")
    try:
        runner = Runner(given, scratch)
        units = []
        if "odd" in given.what:
            units += [u for u in odd_units(runner, given.part) if given.only in u[0]]
        if "headers" in given.what:
            headers = [u for u in header_units(runner) if given.only in u[0]][::given.every]
            for number, (name, flags) in enumerate(headers):
                path = runner.write("header%d.cpp" % number, "#include <%s>\n" % name)
                units.append((name, flags + [path]))
        results = []
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            for name, fault in pool.map(lambda unit: runner.unit(*unit), units):
                results.append(fault)
                if fault:
                    print("FAULT: %s: %s" % (name, fault), flush=True)
                elif fault is None:
                    print("skipped: " + name, flush=True)
    finally:
        shutil.rmtree(scratch)
    faults = sum(1 for fault in results if fault)
    print("%d units: %d well, %d skipped, %d faults" % (
        len(results), results.count(""), results.count(None), faults))
    return 1 if faults or not results.count("") else 0


if __name__ == "__main__":
    sys.exit(main())
