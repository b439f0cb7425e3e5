# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_log.py LOG Checks.def PAGES: checks the log of the command line tool.

What SARIF 2.1.0 asks for beyond its schema (indices in range, places that
exist), and what viewers need. With the module jsonschema, and the path of the
published schema in SARIF_SCHEMA, the log is also validated. Prints a line for
each result, and its fingerprint.
"""

import json
import os
import re
import sys
import urllib.parse


def check(condition, *what):
    if not condition:
        sys.exit("check_log: %s" % " ".join(str(w) for w in what))


def path_of(location, bases):
    uri = location["uri"]
    check(re.fullmatch(r"[A-Za-z0-9._~/:%-]*", uri), "not escaped:", uri)
    if "uriBaseId" in location:
        check(not uri.startswith(("/", "file:")), "relative to a base, but absolute:", uri)
        uri = bases[location["uriBaseId"]]["uri"] + uri
    return urllib.parse.unquote(urllib.parse.urlparse(uri).path)


def place(location, bases):
    physical = location["physicalLocation"]
    path = path_of(physical["artifactLocation"], bases)
    region = physical["region"]
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    start = (region["startLine"], region["startColumn"])
    end = (region.get("endLine", start[0]), region.get("endColumn", start[1]))
    check(start <= end, "ends before it starts:", region)
    for line, column in (start, end):
        check(1 <= line <= len(lines), "no such line:", path, region)
        check(1 <= column <= len(lines[line - 1]) + 1, "no such column:", path, region)
    return "%s:%d" % (os.path.basename(path), start[0])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        log = json.load(file)
    if os.environ.get("SARIF_SCHEMA"):
        import jsonschema

        with open(os.environ["SARIF_SCHEMA"], encoding="utf-8") as file:
            jsonschema.validate(log, json.load(file))
    run = log["runs"][0]
    bases = run["originalUriBaseIds"]
    check(bases["SRCROOT"]["uri"].endswith("/"), bases)
    rules = run["tool"]["driver"]["rules"]
    with open(sys.argv[2], encoding="utf-8") as file:
        known = re.findall(r'^CHECK\(\w+, "([a-z-]+)"', file.read(), re.M)
    check([rule["id"] for rule in rules] == known, "rules:", rules)
    for rule in rules:
        page = os.path.join(sys.argv[3], rule["id"] + ".md")
        with open(page, encoding="utf-8") as file:
            check(rule["help"]["markdown"] == file.read(), "help of", rule["id"])
        uri = urllib.parse.urlparse(rule["helpUri"])
        check(os.path.samefile(urllib.parse.unquote(uri.path), page), "helpUri:", rule["helpUri"])
    for result in run["results"]:
        check(rules[result["ruleIndex"]]["id"] == result["ruleId"], result)
        where = place(result["locations"][0], bases)
        for index, related in enumerate(result["relatedLocations"]):
            check(related["id"] == index and related["message"]["text"], related)
            place(related, bases)
        flows = result["codeFlows"][0]["threadFlows"]
        for flow in flows:
            for step in flow["locations"]:
                place(step["location"], bases)
        last = flows[0]["locations"][-1]["location"]
        check(place(last, bases) == where, "a flow ends elsewhere:", last)
        print(result["ruleId"], where, "flows", len(flows))
        print("  fingerprint", where.split(":")[0], result["partialFingerprints"]["fearless/v1"])
    prints = [json.dumps([r["partialFingerprints"], r["locations"][0]["physicalLocation"]["artifactLocation"]]) for r in run["results"]]
    check(len(set(prints)) == len(prints), "fingerprints are not unique")


main()
