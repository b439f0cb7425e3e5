# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adds up what ctest and lit left in build directories: summary.py DIRECTORY...

Names what failed, prints a line for each directory, and closes with
"N passed, N failed". A directory without results counts as a failure. Exit 1
when anything failed.
"""

import json
import os
import sys
import xml.etree.ElementTree


def from_ctest(path):
    """(name, status) of every test but lit, which knows its own tests better."""
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        if case.get("name") == "lit":
            continue
        status = {"run": "passed", "notrun": "skipped", "disabled": "skipped"}.get(
            case.get("status"), "failed"
        )
        if status == "skipped" and case.find("failure") is not None:
            status = "failed"
        # A test whose executable is missing is "notrun" too, without a reason
        # that a test gave.
        skipped = case.find("skipped")
        if skipped is not None and "SKIP" not in (skipped.get("message") or ""):
            status = "failed"
        yield case.get("name"), status


def from_lit(path):
    with open(path, encoding="utf-8") as file:
        for test in json.load(file)["tests"]:
            code = test["code"]
            if code in ("PASS", "FLAKYPASS", "XFAIL"):
                yield test["name"], "passed"
            elif code in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
                yield test["name"], "skipped"
            else:
                yield test["name"], "failed"


def results(directory):
    for reader, file in ((from_ctest, "ctest.xml"), (from_lit, "lit.json")):
        path = os.path.join(directory, "test", file)
        try:
            found = list(reader(path))
        except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
            found = [("%s: %s" % (path, error), "failed")]
        if not found and reader is from_lit:
            found = [("%s: no tests" % path, "failed")]
        yield from found


def main():
    total = {"passed": 0, "failed": 0, "skipped": 0}
    print()
    for directory in sys.argv[1:]:
        count = dict.fromkeys(total, 0)
        for name, status in results(directory):
            count[status] += 1
            if status == "failed":
                print("FAILED %s: %s" % (directory, name))
        for status, number in count.items():
            total[status] += number
        print(
            "%s: %d tests passed, %d failed, %d left out"
            % (directory, count["passed"], count["failed"], count["skipped"])
        )
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % total)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
