# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The lit suite: which files are tests, and what they may write in RUN lines.
# Loaded through the build directory's lit.site.cfg.py.
#
#   %fearless_check, %fearless_check_libcxx   see check_fearless.py
#   %clang, %clangxx     the compilers of this build's LLVM version
#   %plugin, %clang_tidy, %tidy_module        two of the front ends
#   %fearless            the command line tool; %exits CODE COMMAND... runs a
#                        command that ends with that code
#   %annotations         the include directory of the header library
#   %qt6, %glib          the include directories of these libraries (REQUIRES: qt6)
#   %source_dir, %build_dir, %cmake, %cpack, %python, %llvm_version
#
# A test for one version only: REQUIRES: llvm-22.

import glob
import os
import shlex
import shutil
import sys

import lit.formats

config.name = "Fearless-LLVM-" + config.llvm_version
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp", ".c", ".test"]
config.excludes = ["Inputs", "unit", "runtime", "bench", "targets"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.fearless_build_dir, "test")

config.available_features.add("llvm-" + config.llvm_version)
for version in ("16", "19", "22"):
    if int(config.llvm_version) >= int(version):
        config.available_features.add("llvm-ge-" + version)

if shutil.which("dpkg-deb"):
    config.available_features.add("dpkg")
if shutil.which("ninja"):
    config.available_features.add("ninja")

# Programs can be built with ThreadSanitizer.
if glob.glob(os.path.join(config.llvm_bin, "../lib/clang/*/lib/*/libclang_rt.tsan*.a")):
    config.available_features.add("tsan")

# The libraries whose models are tested against their own headers: a feature and
# the flags (%qt6) for each whose headers are found.
models = {}


def library(name, header, folders=("/usr/include",), more=()):
    for pattern in folders:
        for folder in glob.glob(pattern):
            if os.path.exists(os.path.join(folder, header)):
                config.available_features.add(name)
                models["%" + name] = " ".join(
                    "-isystem " + shlex.quote(path)
                    for path in [folder] + [os.path.join(folder, m) for m in more]
                )
                return


library("boost", "boost/asio/thread_pool.hpp")
library("tbb", "oneapi/tbb/parallel_for.h")
library("abseil", "absl/functional/any_invocable.h")
library("libuv", "uv.h")
library("grpc", "grpcpp/channel.h")
library("qt6", "QtCore/qthread.h", ("/usr/include/*/qt6", "/usr/include/qt6"),
        ("QtCore", "QtConcurrent"))
library("glib", "glib.h", ("/usr/include/glib-2.0",),
        [os.path.relpath(path, "/usr/include/glib-2.0")
         for path in glob.glob("/usr/lib*/*/glib-2.0/include") + glob.glob("/usr/lib*/glib-2.0/include")])

# FileCheck, not and count come from the same LLVM.
config.environment["PATH"] = os.pathsep.join(
    [config.llvm_bin, config.environment["PATH"]]
)
config.environment["LC_ALL"] = "C"
# The tool keeps results there; the user's own stay out of the tests.
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")

# A sanitized build: the compiler that loads the plugin brings no runtime. It
# frees nothing at its end, so leaks are the robustness run's business.
if config.sanitizer_runtime:
    config.environment["LD_PRELOAD"] = config.sanitizer_runtime
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"


def tool(name):
    return os.path.join(config.llvm_bin, name)


library_dir = os.path.join(config.fearless_build_dir, "lib")
annotations = os.path.join(config.fearless_source_dir, "annotations", "include")
plugin = os.path.join(library_dir, "fearless-plugin.so")
tidy_module = os.path.join(library_dir, "fearless-tidy.so")
python = sys.executable

check = " ".join(
    shlex.quote(part)
    for part in [
        python,
        os.path.join(config.test_source_root, "check_fearless.py"),
        "--llvm-bin=" + config.llvm_bin,
        "--plugin=" + plugin,
        "--tidy-module=" + tidy_module,
        "--annotations=" + annotations,
    ]
)

# Tried in this order as regular expressions, before lit's own %s, %t...: a name
# that begins with another name stands before it.
config.substitutions += [
    ("%fearless_check_libcxx", check + " --libcxx=" + shlex.quote(config.libcxx)),
    ("%fearless_check", check),
    ("%llvm_bin", config.llvm_bin),
    ("%fearless", os.path.join(config.fearless_build_dir, "bin", "fearless")),
    ("%exits", python + " " + os.path.join(config.test_source_root, "frontends/cli/Inputs/exits.py")),
    ("%clang_tidy", tool("clang-tidy")),
    ("%clangxx", tool("clang++")),
    ("%clang", tool("clang")),
    ("%plugin", plugin),
    ("%tidy_module", tidy_module),
    ("%annotations", annotations),
    ("%source_dir", config.fearless_source_dir),
    ("%build_dir", config.fearless_build_dir),
    ("%llvm_version", config.llvm_version),
    ("%cmake", config.cmake),
    ("%cpack", os.path.join(os.path.dirname(config.cmake), "cpack")),
    ("%python", python),
] + [("%glib", models.get("%glib", "")), ("%qt6", models.get("%qt6", ""))]
