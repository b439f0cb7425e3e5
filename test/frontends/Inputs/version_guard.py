# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loads this build's modules into the other versions' compilers, and theirs
into ours: version_guard.py BUILD_DIRECTORY VERSION SOURCE"""

import os
import subprocess
import sys

build, version, source = sys.argv[1:]
parent = os.path.dirname(build)


def refuse(command, module, built_for):
    result = subprocess.run(command, capture_output=True, text=True)
    text = result.stdout + result.stderr
    message = "%s was built for Clang %s." % (os.path.basename(module), built_for)
    if result.returncode == 0 or message not in text or "use the build for that version" not in text:
        sys.exit("%s\nended with %d:\n%s" % (" ".join(command), result.returncode, text))


def load(host, library_dir, built_for):
    bin_dir = "/usr/lib/llvm-%s/bin" % host
    plugin = os.path.join(library_dir, "fearless-plugin.so")
    tidy = os.path.join(library_dir, "fearless-tidy.so")
    clang = [os.path.join(bin_dir, "clang"), "-fsyntax-only", "-fplugin=" + plugin, source]
    refuse(clang, plugin, built_for)
    clang_tidy = os.path.join(bin_dir, "clang-tidy")
    # With other checks enabled clang-tidy would go on without the module.
    checks = "--checks=bugprone-*,fearless-*"
    refuse([clang_tidy, "--load=" + tidy, checks, source, "--"], tidy, built_for)
    refuse([clang_tidy, "--load=" + tidy, checks, "--list-checks"], tidy, built_for)


for other in ("16", "19", "22"):
    if other == version:
        continue
    if os.path.exists("/usr/lib/llvm-%s/bin/clang-tidy" % other):
        load(other, os.path.join(build, "lib"), version)
        print("llvm-%s refuses the modules of %s" % (other, version))
    theirs = os.path.join(parent, "llvm-" + other, "lib")
    if os.path.exists(os.path.join(theirs, "fearless-tidy.so")):
        load(version, theirs, other)
        print("llvm-%s refuses the modules of %s" % (version, other))
