#!/usr/bin/env python3
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Recursive types must have one answer, whichever of them is asked about first:
# asks all questions about a group of mutually recursive classes in every order
# and compares the verdicts. Usage: query_order.py CLANGXX PLUGIN ANNOTATIONS

import itertools
import subprocess
import sys

clangxx, plugin, annotations = sys.argv[1:4]

# A and B depend on each other; C brings the culprit in, D hangs below. E, F are
# recursive and innocent.
CLASSES = """
#include <fearless/annotations.h>
#include <memory>
struct FEARLESS_NOT_SEND("culprit") Bad {};
struct B; struct C; struct E; struct F;
struct A { std::unique_ptr<B> b; };
struct C { std::unique_ptr<A> a; Bad bad; };
struct B { std::unique_ptr<A> a; std::unique_ptr<C> c; };
struct D { std::unique_ptr<B> b; int n; };
struct F { std::unique_ptr<E> e; };
struct E { std::unique_ptr<F> f; const int n = 0; };
"""
EXPECTED = {"A": False, "B": False, "C": False, "D": False, "E": True, "F": True}

failures = 0
orders = list(itertools.permutations(EXPECTED))
assert len(orders) == 720
# One compilation asks in many orders: each in a namespace of its own, so that
# nothing is remembered between them.
for start in range(0, len(orders), 240):
    code = "#include <fearless/annotations.h>\n#include <memory>\n"
    lines = {}
    for index, order in enumerate(orders[start:start + 240]):
        code += f"namespace n{index} {{\n"
        code += "".join(line + "\n" for line in CLASSES.splitlines() if "#include" not in line)
        for name in order:
            lines[code.count("\n") + 1] = (order, name)
            code += f"FEARLESS_ASSERT_SEND({name});\n"
        code += "}\n"
    run = subprocess.run(
        [clangxx, "-std=c++20", "-fsyntax-only", "-x", "c++", "-I", annotations, "-ferror-limit=0",
         "-fno-caret-diagnostics", "-fplugin=" + plugin, "-"],
        input=code, capture_output=True, text=True)
    if run.returncode not in (0, 1) or "assertion failed" not in run.stderr:
        sys.exit(run.stderr[:2000])
    rejected = {int(line.split(":")[1]) for line in run.stderr.splitlines()
                if "assertion failed" in line}
    for number, (order, name) in lines.items():
        if (number not in rejected) != EXPECTED[name]:
            failures += 1
            print(f"order {''.join(order)}: Send({name}) should be {EXPECTED[name]}")
sys.exit(1 if failures else 0)
