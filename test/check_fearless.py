# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one test file through both front ends. %fearless_check in RUN lines:

    %fearless_check FILE [-KEY=VALUE | -fearless KEY=VALUE]... [-- FLAG...]

KEY=VALUE is a setting of Fearless (-mode=strict); -verify=PREFIX,... chooses
the prefixes of the expectations; FLAGs go to the compiler.

1. The plugin runs under -verify: each error and note is expected in the file
   with the text it has, and nothing else is reported.
2. The clang-tidy module runs, and its findings must be those of the plugin,
   which the first run also wrote as SARIF: place, message, check, and the notes
   in their order. (That the SARIF log says what the plugin prints is tested in
   frontends/sarif.test.)

Fails with the difference, and with the commands to repeat it by hand.
"""

import argparse
import difflib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.parse

DIAGNOSTIC = re.compile(
    r"^(?P<file>[^\s:][^:]*):(?P<line>\d+):(?P<column>\d+): "
    r"(?P<level>fatal error|error|warning|note|remark): (?P<text>.*)$"
)
CHECK = re.compile(r" \[(?P<check>[\w.,-]+)\]$")


def place(file, line, column):
    return "%s:%s:%s" % (os.path.realpath(file), line, column)


def from_text(output):
    """The findings in the text that a front end printed, and the other errors.

    A finding is a list of lines: its headline, then its notes. Where macros are
    expanded is left out: that is shown by the printer, not by the finding.
    """
    findings, errors, current = [], [], None
    for line in output.splitlines():
        match = DIAGNOSTIC.match(line)
        if not match:
            continue
        text = match["text"]
        where = place(match["file"], match["line"], match["column"])
        if match["level"] == "note":
            if current is not None and not text.startswith("expanded from "):
                current.append("  %s: note: %s" % (where, text))
            continue
        current = None
        check = CHECK.search(text)
        name = check["check"].split(",")[0] if check else ""
        if name.startswith("fearless-"):
            current = ["%s: %s [%s]" % (where, text[: check.start()], name)]
            findings.append(current)
        elif match["level"] in ("error", "fatal error"):
            errors.append(line)
    return sorted(findings), errors


def from_sarif(path):
    """The same of a SARIF log, and whether the unit was analysed."""
    with open(path, encoding="utf-8") as file:
        run = json.load(file)["runs"][0]

    def where(location):
        location = location["physicalLocation"]
        uri = location["artifactLocation"]["uri"]
        file = urllib.parse.unquote(urllib.parse.urlparse(uri).path)
        line = location["region"]["startLine"]
        column = location["region"]["startColumn"]
        # Characters in the log, bytes in what a compiler prints.
        with open(file, encoding="utf-8", errors="replace") as text:
            before = text.read().split("\n")[line - 1][: column - 1]
        return place(file, line, len(before.encode()) + 1)

    findings = []
    for result in run["results"]:
        headline = "%s: %s [%s]" % (
            where(result["locations"][0]),
            result["message"]["text"],
            result["ruleId"],
        )
        findings.append([headline])
        for note in result["relatedLocations"]:
            findings[-1].append("  %s: note: %s" % (where(note), note["message"]["text"]))
    return sorted(findings), run["invocations"][0]["executionSuccessful"]


class Failure(Exception):
    pass


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if result.returncode not in (0, 1):
        raise Failure(
            "ended with code %d:\n%s\n%s%s"
            % (
                result.returncode,
                shlex.join(command),
                result.stdout[-8000:],
                result.stderr[-8000:],
            )
        )
    return result


def arguments():
    argv = sys.argv[1:]
    flags = []
    if "--" in argv:
        split = argv.index("--")
        argv, flags = argv[:split], argv[split + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False, add_help=False)
    parser.add_argument("--llvm-bin", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--tidy-module", required=True)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--libcxx")
    parser.add_argument("-fearless", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("-verify", default="expected")
    parser.add_argument("file")
    options, settings = parser.parse_known_args(argv)
    settings = [s[1:] for s in settings] + options.fearless
    for setting in settings:
        if not re.match(r"[a-z-]+=", setting):
            parser.error("'%s' is no setting KEY=VALUE" % setting)
    return options, [s.split("=", 1) for s in settings], flags


def compiler_flags(options, flags):
    is_c = options.file.endswith(".c")
    out = [] if is_c else ["-xc++"]
    if not any(flag.startswith("-std=") for flag in flags):
        out.append("-std=c11" if is_c else "-std=c++20")
    if options.libcxx is not None:
        if not os.path.exists(os.path.join(options.libcxx, "__config_site")):
            raise Failure("the headers of libc++ were not found; scripts/test unpacks them")
        out += ["-nostdinc++", "-isystem", options.libcxx]
    # Clang's own warnings are not under test, unless the test turns some on.
    return out + ["-Wno-everything", "-I" + options.annotations] + flags


def verify(options, settings, flags, log):
    compiler = os.path.join(options.llvm_bin, "clang")
    command = [compiler, "-fsyntax-only", "-ferror-limit=0"] + flags
    command += ["-fplugin=" + options.plugin]
    command += ["-fplugin-arg-fearless-%s=%s" % (key, value) for key, value in settings]
    command += ["-Xclang", "-verify=" + options.verify, options.file]
    result = run(command + ["-fplugin-arg-fearless-sarif=" + log])
    if result.returncode != 0:
        raise Failure(
            "expectations and findings differ:\n%s\n%s" % (shlex.join(command), result.stderr)
        )


def tidy(options, settings, flags):
    checked = "".join(
        "{key: fearless.%s, value: '%s'}, " % (key, value.replace("'", "''"))
        for key, value in settings
        if key != "severity"
    )
    command = [
        os.path.join(options.llvm_bin, "clang-tidy"),
        "--load=" + options.tidy_module,
        "--checks=-*,fearless-*",
        # Given here, so that no .clang-tidy around the test has a say.
        "--config={CheckOptions: [%s]}" % checked,
        "--header-filter=.*",
        "--quiet",
        options.file,
        "--",
    ] + flags
    result = run(command)
    if "request ignored" in result.stderr or "no checks enabled" in result.stderr:
        raise Failure("clang-tidy did not load the module:\n%s" % result.stderr)
    return result.stdout, command


def compare(log, tidy_output, command):
    plugin_findings, analyzed = from_sarif(log)
    tidy_findings, tidy_errors = from_text(tidy_output)
    if tidy_errors and analyzed:
        raise Failure(
            "only clang-tidy finds errors of the language:\n%s\n%s"
            % (shlex.join(command), "\n".join(tidy_errors))
        )
    if plugin_findings != tidy_findings:
        difference = difflib.unified_diff(
            sum(plugin_findings, []),
            sum(tidy_findings, []),
            "plugin",
            "clang-tidy",
            lineterm="",
            n=1,
        )
        raise Failure(
            "the two front ends differ:\n%s\n%s"
            % (shlex.join(command), "\n".join(difference))
        )


def main():
    options, settings, flags = arguments()
    options.file = os.path.abspath(options.file)
    try:
        flags = compiler_flags(options, flags)
        with tempfile.TemporaryDirectory(prefix="check_fearless") as scratch:
            log = os.path.join(scratch, "findings.sarif")
            verify(options, settings, flags, log)
            compare(log, *tidy(options, settings, flags))
    except Failure as failure:
        print("check_fearless: %s" % failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
