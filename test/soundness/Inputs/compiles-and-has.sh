#!/bin/sh
# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# COMPILER TEXT FILE: says yes to a file that compiles and holds the text. The
# last argument is the reducer's.
"$1" -std=c++20 -fsyntax-only -w "$3" && grep -qF -e "$2" "$3"
