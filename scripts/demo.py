# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part of scripts/demo that runs compilers; see there.

An example may carry flags of its own in a line "// FLAGS: ...".
"""

import argparse
import concurrent.futures
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

FINDING = re.compile(r"^.*: (?:error|warning): .*\[fearless-[\w-]+\]$", re.M)
OTHER_ERROR = re.compile(r"^.*: (?:fatal )?error: (?!.*\[fearless-[\w-]+\]$).*$", re.M)


def run(command, directory=None):
    return subprocess.run(
        command,
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
    )


def title(path):
    """The first sentence of the comment at the head of an example."""
    text = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("//"):
                break
            if "SPDX" not in line and "RUN:" not in line and "FLAGS:" not in line:
                text.append(line.strip("/ \n"))
    return " ".join(text).strip().split(". ")[0]


def flags_of(path):
    with open(path, encoding="utf-8") as file:
        return [f for line in re.findall(r"^// FLAGS: (.*)$", file.read(), re.M) for f in shlex.split(line)]


def heading(text):
    print("\n\033[1m%s\033[0m" % text if sys.stdout.isatty() else "\n" + text)


def examples(compiler, options):
    color = ["-fcolor-diagnostics"] if sys.stdout.isatty() else []
    bad = sorted(glob.glob(os.path.join(options.root, "docs", "examples", "*_bad.cpp")))
    if not bad:
        print("demo: docs/examples has no examples", file=sys.stderr)
        return 2
    wrong = []
    with tempfile.TemporaryDirectory(prefix="fearless-demo") as scratch:
        for path in bad:
            name = os.path.basename(path)
            heading("%s: %s" % (name, title(path)))
            result = run(compiler + color + flags_of(path) + ["-c", path, "-o", os.devnull])
            print(result.stdout, end="")
            plain = re.sub(r"\033\[[0-9;]*[mK]", "", result.stdout)
            if result.returncode == 0 or not FINDING.search(plain) or OTHER_ERROR.search(plain):
                wrong.append(name + " was not rejected as it should be")
            fixed = path.replace("_bad.cpp", "_ok.cpp")
            name = os.path.basename(fixed)
            heading("%s: compiled with the plugin, and run" % name)
            binary = os.path.join(scratch, name[: -len(".cpp")])
            result = run(compiler + color + flags_of(fixed) + ["-O1", fixed, "-pthread", "-o", binary])
            print(result.stdout, end="")
            if result.returncode != 0:
                wrong.append(name + " was rejected")
                continue
            try:
                result = subprocess.run([binary], capture_output=True, text=True, timeout=60)
            except subprocess.TimeoutExpired:
                wrong.append(name + " did not end within a minute")
                continue
            print(result.stdout + result.stderr, end="")
            if result.returncode != 0:
                wrong.append("%s ended with %d" % (name, result.returncode))
    heading("%d examples, %d not as they should be" % (len(bad), len(wrong)))
    for line in wrong:
        print("  " + line)
    return 1 if wrong else 0


def checked_command(entry, compilers, plugin):
    """The command of a compilation database, made into a check with the plugin."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    while os.path.basename(words[0]) in ("ccache", "distcc", "sccache"):
        words = words[1:]
    out = [compilers["c" if entry["file"].endswith(".c") else "c++"]]
    rest = iter(words[1:])
    for word in rest:
        if word in ("-o", "-MF", "-MT", "-MQ"):
            next(rest, None)
        elif word not in ("-c", "-MD", "-MMD", "-M", "-MM", "-MP") and not word.startswith("-o"):
            out.append(word)
    return out + ["-fsyntax-only", "-w", "-Wno-unknown-warning-option", "-Qunused-arguments"] + plugin


def project(path, compilers, plugin):
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)

    def check(entry):
        command = checked_command(entry, compilers, plugin)
        return entry["file"], run(command, entry.get("directory"))

    findings, seen, incomplete = 0, set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (file, result) in enumerate(pool.map(check, entries), 1):
            new = [f for f in FINDING.findall(result.stdout) if f not in seen]
            seen.update(new)
            findings += len(new)
            broken = result.returncode not in (0, 1) or OTHER_ERROR.search(result.stdout)
            if broken:
                incomplete += 1
            if new or broken:
                print("\n[%d/%d] %s" % (done, len(entries), file))
                print(result.stdout, end="")
    print("\n%d units, %d findings, %d units not analysed" % (len(entries), findings, incomplete))
    return 3 if incomplete else 1 if findings else 0


def single(path, compiler):
    color = ["-fcolor-diagnostics"] if sys.stdout.isatty() else []
    result = run(compiler + color + ["-fsyntax-only", path])
    print(result.stdout, end="")
    if result.returncode == 0:
        print("%s: no findings" % path)
        return 0
    plain = re.sub(r"\033\[[0-9;]*[mK]", "", result.stdout)
    return 3 if OTHER_ERROR.search(plain) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llvm-bin", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("path", nargs="?")
    options = parser.parse_args()

    plugin = ["-fplugin=" + options.plugin]
    if options.strict:
        plugin.append("-fplugin-arg-fearless-mode=strict")
    include = ["-I" + os.path.join(options.root, "annotations", "include")]
    compilers = {
        "c": os.path.join(options.llvm_bin, "clang"),
        "c++": os.path.join(options.llvm_bin, "clang++"),
    }
    cxx = [compilers["c++"], "-std=c++20"] + include + plugin
    if not options.path:
        return examples(cxx, options)
    if options.path.endswith(".json"):
        return project(options.path, compilers, plugin)
    if options.path.endswith(".c"):
        return single(options.path, [compilers["c"]] + include + plugin)
    return single(options.path, cxx)


if __name__ == "__main__":
    sys.exit(main())
