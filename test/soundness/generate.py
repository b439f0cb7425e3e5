# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes random programs that use threads, and knows which of them race.

A scenario is a function: data, where it lives, how threads get to it, who
starts them, who waits, and what each does under which locks. Its label is
computed from that plan, never guessed: two accesses of one part of the data by
sides that may run at the same time, one of them a write, without a common lock,
are a race. A mutant is a plan with one thing taken away (a lock, a join that
comes too early, a copy), and is labelled by the same rule.

    generate.py --seed 1 --count 30 > program.cpp

The program runs scenario number N when it is called with N.
"""

import argparse
import dataclasses
import random

import idioms


@dataclasses.dataclass
class Op:
    """One access. Overlapping parts are equal, or one of them is "*"."""

    part: str
    write: bool
    lock: str = ""  # the mutex it holds
    shared: bool = False  # held shared


def conflict(a, b):
    if not (a.write or b.write):
        return False
    if a.part != b.part and "*" not in (a.part, b.part):
        return False
    if a.lock and a.lock == b.lock and not (a.shared and b.shared):
        return False
    return True


class Type:
    """A type of data: its parts, and the code of reading and writing one."""

    name = "int"
    init = " = 0"
    parts = ["*"]
    header = "atomic"
    synchronised = False

    def read(self, e, part):
        return f"use({e});"

    def write(self, e, part):
        return f"{e} = {e} + 1;"


class Struct(Type):
    name, init, parts = "pair_of_ints", "", ["a", "b"]

    def read(self, e, part):
        return f"use({e}.{part});"

    def write(self, e, part):
        return f"{e}.{part} += 2;"


class Vector(Type):
    name, init, parts = "std::vector<int>", "(4)", ["*"]

    def read(self, e, part):
        return f"use(static_cast<int>({e}.size()));"

    def write(self, e, part):
        return f"{e}.push_back(1);"


class Elements(Vector):
    parts = ["0", "1", "2"]

    def read(self, e, part):
        return f"use({e}[{part}]);"

    def write(self, e, part):
        return f"{e}[{part}] = 7;"


class Array(Elements):
    name, init = "std::array<int, 4>", "{}"


class String(Type):
    name, init, parts = "std::string", "", ["*"]

    def read(self, e, part):
        return f"use(static_cast<int>({e}.size()));"

    def write(self, e, part):
        return f'{e} += "x";'


class Map(Type):
    name, init, parts = "std::map<int, int>", "", ["*"]

    def read(self, e, part):
        return f"use(static_cast<int>({e}.count(1)));"

    def write(self, e, part):
        return f"{e}[1] = 2;"


class Atomic(Type):
    name, init, synchronised = "std::atomic<int>", "{0}", True

    def read(self, e, part):
        return f"use({e}.load());"

    def write(self, e, part):
        return f"{e}.fetch_add(1);"


TYPES = [Type, Struct, Vector, Elements, Array, String, Map, Atomic]


@dataclasses.dataclass
class Place:
    """Where the data lives, and how the parent and a thread name it."""

    outside: str = ""  # code before the function
    local: str = ""  # its declaration inside
    parent: str = "data"
    capture: str = "&data"
    body: str = "data"
    locks_outside: bool = False  # mutexes have to be global too
    arguments: str = ""  # handed to the thread besides the callable
    parameters: str = ""
    method: bool = False


def places(t, n):
    """All ways of sharing one object of type \\p t."""
    decl = f"{t.name} data{t.init};"
    made = {"": "()", " = 0": "(0)", "{0}": "(0)", "(4)": "(4)", "{}": "()"}[t.init]
    yield "capture", Place(local=decl)
    yield "default capture", Place(local=decl, capture="&")
    yield "pointer", Place(
        local=f"{decl} {t.name} *p = &data;", capture="p", body="(*p)"
    )
    yield "reference", Place(
        local=f"{decl} {t.name} &r = data;", parent="r", capture="&r", body="r"
    )
    yield "init capture", Place(local=decl, capture="&mine = data", body="mine")
    yield "std::ref", Place(
        local=decl,
        capture="",
        arguments=", std::ref(data)",
        parameters=f"{t.name} &given",
        body="given",
    )
    yield "address", Place(
        local=decl,
        capture="",
        arguments=", &data",
        parameters=f"{t.name} *given",
        body="(*given)",
    )
    yield "unique_ptr", Place(
        local=f"auto owner = std::make_unique<{t.name}>{made};",
        parent="(*owner)",
        capture="&owner",
        body="(*owner)",
    )
    yield "shared_ptr", Place(
        local=f"auto owner = std::make_shared<{t.name}>{made};",
        parent="(*owner)",
        capture="owner",
        body="(*owner)",
    )
    yield "raw of unique_ptr", Place(
        local=f"auto owner = std::make_unique<{t.name}>{made}; auto *raw = owner.get();",
        parent="(*owner)",
        capture="raw",
        body="(*raw)",
    )
    yield "member", Place(
        outside=f"struct holder {{ int other = 0; {t.name} data{t.init if t.init != '(4)' else ' = std::vector<int>(4)'}; }};",
        local="holder box;",
        parent="box.data",
        capture="&box",
        body="box.data",
    )
    yield "global", Place(
        outside=f"static {decl}", capture="", body="data", locks_outside=True
    )
    yield "static local", Place(
        outside=f"static {t.name} &instance() {{ static {decl} return data; }}",
        parent="instance()",
        capture="",
        body="instance()",
        locks_outside=True,
    )
    yield "function", Place(
        outside=f"static {decl}\nstatic {t.name} &access() {{ return data; }}",
        parent="access()",
        capture="",
        body="access()",
        locks_outside=True,
    )


def access(t, e, op, number):
    code = (t.write if op.write else t.read)(e, op.part)
    if op.lock:
        guard = "std::shared_lock" if op.shared else "std::lock_guard"
        return f"{{ {guard} guard{number}({op.lock}); {code} }}"
    return code


class Scenario:
    def __init__(self, rng, number):
        self.rng, self.number = rng, number
        self.type = rng.choice(TYPES)()
        self.where, self.place = rng.choice(list(places(self.type, number)))
        self.starter = rng.choice(
            ["thread", "thread", "jthread", "async", "spawn", "loop", "scope", "task"]
        )
        self.sequence = self.starter != "loop" and rng.random() < 0.15
        self.threads = 1 if self.starter in ("loop", "task") else rng.choice([1, 1, 2])
        self.style = rng.choice(
            ["none", "none", "lock", "lock", "rwlock", "read", "disjoint", "two locks"]
        )
        self.helper = rng.random() < 0.2
        # fearless::spawn and scope have marked parameters.
        self.is_marked = self.starter in ("spawn", "scope")
        self.plan()

    def kinds(self):
        """What it is counted under in the tables."""
        return ["starter: " + self.starter, "style: " + self.style,
                "place: " + self.where]

    # --- The plan ---------------------------------------------------------------
    def op(self, side):
        rng, style = self.rng, self.style
        part = rng.choice(self.type.parts)
        write = rng.random() < 0.6
        lock, shared = "", False
        if style == "read":
            write = False
        elif style == "lock":
            lock = "m"
        elif style == "two locks":
            lock = rng.choice(["m", "n"])
        elif style == "rwlock":
            lock, shared = "rw", not write
        elif style == "disjoint":
            part = self.type.parts[side % len(self.type.parts)]
        return Op(part, write, lock, shared)

    def plan(self):
        rng = self.rng
        self.bodies = [
            [self.op(i) for _ in range(rng.choice([1, 1, 2]))]
            for i in range(self.threads)
        ]
        self.before = [Op(rng.choice(self.type.parts), True)]
        self.between = [
            self.op(self.threads) for _ in range(rng.choice([0, 0, 1, 1, 2]))
        ]
        self.after = [Op(rng.choice(self.type.parts), rng.random() < 0.5)]
        self.mutant = ""
        if rng.random() < 0.4:
            self.mutate()
        # The body runs twice in a loop.
        self.label = self.race()

    def mutate(self):
        sides = self.bodies + [self.between]
        locked = [op for side in sides for op in side if op.lock]
        kind = self.rng.choice(["drop a lock", "write", "too late"])
        if kind == "drop a lock" and locked:
            self.rng.choice(locked).lock = ""
        elif kind == "write":
            self.rng.choice(self.rng.choice(self.bodies)).write = True
        elif kind == "too late":
            # What was meant for after the join happens before it.
            self.between, self.after = self.between + self.after, []
        else:
            return
        for side in sides:
            for op in side:
                op.shared = op.shared and not op.write
        self.mutant = kind

    def race(self):
        """The plan's truth: "" or what races with what."""
        if self.type.synchronised:
            return ""
        sides = [("thread %d" % i, ops) for i, ops in enumerate(self.bodies)]
        pairs = []
        if self.starter == "loop":
            pairs.append((sides[0], sides[0]))
        if not self.sequence and len(sides) == 2:
            pairs.append((sides[0], sides[1]))
        if self.starter != "scope":
            pairs += [(("parent", self.between), side) for side in sides]
        if self.sequence:
            # Each thread is joined before the parent goes on.
            pairs = [p for p in pairs if p[0][0] != "parent"]
        for (one, a), (two, b) in pairs:
            for x in a:
                for y in b:
                    if conflict(x, y):
                        return f"{one} and {two}"
        return ""

    # --- The code ---------------------------------------------------------------
    def code(self):
        t, p = self.type, self.place
        out = [f"// scenario {self.number}: {t.name}, {self.where}, {self.starter}, "
               f"{self.style}{', sequence' if self.sequence else ''}"
               f"{', mutant: ' + self.mutant if self.mutant else ''}: "
               f"{'races: ' + self.label if self.label else 'safe'}",
               f"namespace s{self.number} {{"]
        locks = sorted({o.lock for side in self.bodies + [self.between, self.after]
                        for o in side if o.lock})
        names = {"m": "std::mutex m;", "n": "std::mutex n;",
                 "rw": "std::shared_mutex rw;"}
        declared = " ".join(("static " if p.locks_outside else "") + names[l]
                            for l in locks)
        if p.outside:
            out.append(p.outside)
        if p.locks_outside and declared:
            out.append(declared)
        helpers = []
        body = []
        for i, ops in enumerate(self.bodies):
            text = " ".join(access(t, p.body, op, k) for k, op in enumerate(ops))
            if self.helper and not any(op.lock for op in ops):
                name = f"work{i}"
                inner = " ".join(access(t, "it", op, k) for k, op in enumerate(ops))
                helpers.append(f"static void {name}({t.name} &it) {{ {inner} }}")
                text = f"{name}({p.body});"
            body.append(text)
        out += helpers
        out.append("void run() {")
        if p.local:
            out.append("  " + p.local)
        if not p.locks_outside and declared:
            out.append("  " + declared)
        capture = p.capture
        if not p.locks_outside and capture != "&":
            used = sorted({o.lock for ops in self.bodies for o in ops if o.lock})
            capture = ", ".join([c for c in [capture] if c] + ["&" + l for l in used])
        for k, op in enumerate(self.before):
            out.append("  " + access(t, p.parent, op, k))
        between = ["  " + access(t, p.parent, op, 10 + k)
                   for k, op in enumerate(self.between)]
        lambdas = [f"[{capture}]({p.parameters}) {{ {text} }}" for text in body]
        out += self.start(lambdas, between)
        for k, op in enumerate(self.after):
            out.append("  " + access(t, p.parent, op, 20 + k))
        out += ["}", "}"]
        return "\n".join(out)

    def start(self, lambdas, between):
        args = self.place.arguments
        out = []
        if self.starter == "loop":
            out.append("  std::vector<std::thread> threads;")
            out.append("  for (int i = 0; i < 2; ++i)")
            out.append(f"    threads.emplace_back({lambdas[0]}{args});")
            out += between
            out.append("  for (auto &each : threads)\n    each.join();")
            return out
        if self.starter == "scope":
            out.append("  fearless::scope([&](fearless::scope_handle &scope) {")
            for text in lambdas:
                out.append(f"    scope.spawn({text}{args});")
                if self.sequence:
                    out.append("  });\n  fearless::scope([&](fearless::scope_handle &scope) {")
            out.append("  });")
            return out + between
        if self.starter == "task":
            out.append(f"  std::packaged_task<void({self.place.parameters})> task({lambdas[0]});")
            out.append("  auto done = task.get_future();")
            out.append(f"  std::thread t0(std::move(task){args});")
            if self.sequence:
                out.append("  done.get();")
            out += between
            out.append("  t0.join();")
            return out
        end = []
        for i, text in enumerate(lambdas):
            if self.starter == "thread":
                out.append(f"  std::thread t{i}({text}{args});")
                finish = f"  t{i}.join();"
            elif self.starter == "jthread":
                out.append(f"  std::jthread t{i}({text}{args});")
                finish = f"  t{i}.join();"
            elif self.starter == "async":
                out.append(f"  auto t{i} = std::async(std::launch::async, {text}{args});")
                finish = f"  t{i}.get();"
            else:
                out.append(f"  auto t{i} = fearless::spawn({text}{args});")
                finish = f"  t{i}.join();"
            (out if self.sequence else end).append(finish)
        return out + between + end


HEAD = """\
#include <fearless/fearless.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static void use(int) {}
static bool data_free() { return true; }
struct pair_of_ints { int a = 0, b = 0; };
"""


def program(seed, count):
    """The text of a program, and its scenarios."""
    rng = random.Random(seed)
    scenarios = [
        (Scenario if rng.random() < 0.6 else idioms.Idiom)(rng, i)
        for i in range(count)
    ]
    text = [HEAD] + [s.code() for s in scenarios]
    text.append("int main(int, char **argv) {\n  switch (std::atoi(argv[1])) {")
    text += [f"  case {s.number}: s{s.number}::run(); break;" for s in scenarios]
    text.append("  }\n}\n")
    return "\n".join(text), scenarios


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=30)
    given = parser.parse_args()
    print(program(given.seed, given.count)[0])
