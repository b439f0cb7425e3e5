# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""run_commands.py FEARLESS ANNOTATIONS PAGE...

Takes the commands of the tool from the code blocks of the pages and runs each
in a project made for them, in the current folder: a git repository with one
clean and one faulty unit. A command must end with 0 or 1: an option that does
not exist, or a path that the page does not explain, ends with 2.
"""

import json
import os
import re
import shlex
import subprocess
import sys

fearless, annotations, *pages = sys.argv[1:]
COMMAND = re.compile(r"""(?:^|['\s])(?:\S*/bin/)?fearless ((?:check|explain|list-)[^#'|]*)""")


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def git(*arguments):
    identity = ["-c", "user.name=T", "-c", "user.email=t@t.invalid"]
    subprocess.run(["git"] + identity + list(arguments), check=True)


def project():
    race = "#include <thread>\nvoid f() { int i = 0; std::thread t([&i] { ++i; }); ++i; t.join(); }\n"
    write("src/net/net.cpp", race)
    write("src/main.cpp", "int main() {}\n")
    write("server.cpp", race)
    write("include/empty.h", "")
    commands = [
        {"directory": os.getcwd(), "file": file, "arguments": ["c++", "-std=c++20", file]}
        for file in ("src/net/net.cpp", "src/main.cpp")
    ]
    write("build/compile_commands.json", json.dumps(commands))
    git("init", "-q", ".")
    git("add", ".")
    git("commit", "-q", "-m", "all")
    git("update-ref", "refs/remotes/origin/main", "HEAD")


def commands_of(page):
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^```\w*\n(.*?)^```", file.read(), re.M | re.S)
    for line in "".join(blocks).splitlines():
        match = COMMAND.search(line)
        if match:
            yield match[1].strip()


project()
seen = set()
for page in pages:
    for command in commands_of(page):
        if command in seen:
            continue
        seen.add(command)
        run = subprocess.run([fearless] + shlex.split(command), capture_output=True, text=True)
        print(command, "->", run.returncode)
        if run.returncode not in (0, 1):
            sys.exit("%s: fearless %s: %s" % (page, command, run.stderr))
