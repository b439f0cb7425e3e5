# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# TRACE: prints each path of nested Fearless scopes in an output of -ftime-trace,
# and how often it occurs.
import collections
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    events = [e for e in json.load(file)["traceEvents"]
              if e["ph"] == "X" and e["name"].startswith("Fearless")]
# Clang writes scopes in the order in which they end, with times in whole
# microseconds: what is around a scope is the next one that began no later. Two
# short stages may share a microsecond, but stages are not in one another.
INNER = ("FearlessFacts", "FearlessRegions", "FearlessTraits")


def path(number):
    e = events[number]
    label = " ".join(filter(None, [e["name"], e.get("args", {}).get("detail")]))
    if e["name"] == "Fearless":
        return label
    for after in range(number + 1, len(events)):
        around = events[after]
        fits = e["name"] in INNER or around["name"] == "Fearless"
        if fits and around["ts"] <= e["ts"]:
            return path(after) + " > " + label
    return "? > " + label


paths = collections.Counter(path(number) for number in range(len(events)))
for found, number in sorted(paths.items()):
    print("%s: %d" % (found, number))
