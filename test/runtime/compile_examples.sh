#!/bin/sh
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compiles all ```cpp blocks of a page, one after the other as one file:
# compile_examples.sh PAGE INCLUDES COMPILER [OPTION...]

page=$1
includes=$2
shift 2
awk '/^```cpp$/{p=1;next} /^```$/{p=0} p' "$page" |
  "$@" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -I"$includes" -x c++ -
