# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the shape of a SARIF log: check_sarif.py LOG Checks.def PAGES [TEXT]

What the schema of SARIF 2.1.0 demands of the parts that Fearless writes, and
what consumers rely on: rules are those of Checks.def in order, each with the
page that explains it; indices, regions and URIs are in range. With TEXT, the
output of the same compilation, the findings must be the same. Prints a line for
each result.
"""

import json
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", ".."))
from check_fearless import from_sarif, from_text  # noqa: E402


def check(condition, *what):
    if not condition:
        sys.exit("check_sarif: %s" % " ".join(str(w) for w in what))


def keys(value, required, optional=()):
    check(isinstance(value, dict), "no object:", value)
    check(set(required) <= set(value), "missing", set(required) - set(value), "in", value)
    unknown = set(value) - set(required) - set(optional)
    check(not unknown, "unknown", unknown, "in", value)


def message(value):
    keys(value, ["text"])
    check(isinstance(value["text"], str) and value["text"], "an empty message")


def path_of(uri):
    parsed = urllib.parse.urlparse(uri)
    check(parsed.scheme == "file" and parsed.netloc == "", "no file URI:", uri)
    check(re.fullmatch(r"[A-Za-z0-9._~/%-]*", parsed.path), "not escaped:", uri)
    path = urllib.parse.unquote(parsed.path)
    check(os.path.isabs(path) and os.path.exists(path), "no such file:", path)
    return path


def physical_location(value):
    keys(value, ["artifactLocation", "region"])
    keys(value["artifactLocation"], ["uri"])
    with open(path_of(value["artifactLocation"]["uri"]), encoding="utf-8") as file:
        lines = file.read().split("\n")
    region(value["region"], lines)


def region(value, lines):
    keys(value, ["startLine", "startColumn"], ["endLine", "endColumn"])
    start = (value["startLine"], value["startColumn"])
    end = (value.get("endLine", start[0]), value.get("endColumn", start[1]))
    check(start <= end, "ends before it starts:", value)
    for line, column in (start, end):
        check(1 <= line <= len(lines), "no such line:", value)
        check(1 <= column <= len(lines[line - 1]) + 1, "no such column:", value)


def result(value, rules):
    keys(
        value,
        ["ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations"]
        + ["partialFingerprints"],
        ["fixes"],
    )
    check(rules[value["ruleIndex"]]["id"] == value["ruleId"], "rule and index differ:", value)
    check(value["level"] in ("error", "warning"), "level:", value)
    message(value["message"])
    check(len(value["locations"]) == 1, "one location:", value)
    keys(value["locations"][0], ["physicalLocation"])
    physical_location(value["locations"][0]["physicalLocation"])
    for index, related in enumerate(value["relatedLocations"]):
        keys(related, ["id", "message", "physicalLocation"])
        check(related["id"] == index, "id:", related)
        message(related["message"])
        physical_location(related["physicalLocation"])
    keys(value["partialFingerprints"], ["fearless/v1"])
    check(re.fullmatch("[0-9a-f]{32}", value["partialFingerprints"]["fearless/v1"]), value)
    for fix in value.get("fixes", []):
        keys(fix, ["description", "artifactChanges"])
        message(fix["description"])
        for change in fix["artifactChanges"]:
            keys(change, ["artifactLocation", "replacements"])
            for replacement in change["replacements"]:
                keys(replacement, ["deletedRegion", "insertedContent"])
                keys(replacement["insertedContent"], ["text"])


def main():
    log_path, checks_def, pages = sys.argv[1:4]
    with open(log_path, encoding="utf-8") as file:
        log = json.load(file)
    keys(log, ["$schema", "version", "runs"])
    check(log["version"] == "2.1.0", "version", log["version"])
    check(len(log["runs"]) == 1, "one run")
    run = log["runs"][0]
    keys(run, ["tool", "invocations", "columnKind", "results"])
    check(run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints"), run["columnKind"])
    keys(run["invocations"][0], ["executionSuccessful"])
    keys(run["tool"], ["driver"])
    keys(run["tool"]["driver"], ["name", "version", "rules"])

    rules = run["tool"]["driver"]["rules"]
    with open(checks_def, encoding="utf-8") as file:
        known = re.findall(r'^CHECK\(\w+, "([a-z-]+)",\s*((?:\s*"[^"]*")+)\)', file.read(), re.M)
    check([rule["id"] for rule in rules] == [name for name, _ in known], "rules:", rules)
    for rule, (name, summary) in zip(rules, known):
        keys(rule, ["id", "shortDescription", "defaultConfiguration"], ["helpUri"])
        message(rule["shortDescription"])
        check(rule["shortDescription"]["text"] == "".join(re.findall('"([^"]*)"', summary)), rule)
        keys(rule["defaultConfiguration"], ["level"])
        # The pages are found from where the plugin is.
        if os.path.isdir(pages):
            page = path_of(rule.get("helpUri", ""))
            check(os.path.samefile(page, os.path.join(pages, name + ".md")), "page:", rule)

    for value in run["results"]:
        result(value, rules)
    fingerprints = [json.dumps(r["partialFingerprints"]) for r in run["results"]]
    check(len(set(fingerprints)) == len(fingerprints), "fingerprints are not unique")

    findings, analyzed = from_sarif(log_path)
    if len(sys.argv) > 4:
        with open(sys.argv[4], encoding="utf-8", errors="replace") as file:
            printed, _ = from_text(file.read())
        check(printed == findings, "printed:", printed, "logged:", findings)
    for value in run["results"]:
        print(value["level"], value["ruleId"], value["locations"][0]["physicalLocation"]["region"])
    print("analyzed" if analyzed else "not analyzed", len(run["results"]))


main()
