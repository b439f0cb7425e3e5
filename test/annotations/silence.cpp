// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marks compile without a word, at every place of the placement guide, in every language version, with all warnings
// on and without a single include path of the system. -Weverything is cut by four groups: the two that object to C++11
// itself, and -Wpadded and -Wweak-vtables, which mean the classes of the input and are given without the marks too.

// RUN: %clangxx -std=c++11 -Wall -Wextra -Wpedantic -Werror -nostdinc -nostdinc++ -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++14 -Wall -Wextra -Wpedantic -Werror -nostdinc -nostdinc++ -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++17 -Wall -Wextra -Wpedantic -Werror -nostdinc -nostdinc++ -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++20 -Wall -Wextra -Wpedantic -Werror -nostdinc -nostdinc++ -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++2b -Wall -Wextra -Wpedantic -Werror -nostdinc -nostdinc++ -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=gnu++20 -Wall -Wextra -Wpedantic -Werror -nostdinc -nostdinc++ -fsyntax-only -I%annotations -I%S/Inputs %s

// RUN: %clangxx -std=c++11 -Weverything -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-padded -Wno-weak-vtables -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++17 -Weverything -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-padded -Wno-weak-vtables -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++2b -Weverything -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-padded -Wno-weak-vtables -Werror -fsyntax-only -I%annotations -I%S/Inputs %s

// The switch, and a target with the other preprocessor and the other ABI.
// RUN: %clangxx -std=c++11 -DFEARLESS_NO_ANNOTATIONS -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++2b -DFEARLESS_NO_ANNOTATIONS -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx --target=x86_64-pc-windows-msvc -fms-extensions -fms-compatibility -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%annotations -I%S/Inputs %s

// RUN: not grep -nE '^[[:space:]]*#[[:space:]]*include|#[[:space:]]*pragma[[:space:]]+once' %annotations/fearless/annotations.h

#include "places.h"

// Without this the test would also pass for a header that switched itself off.
#if defined(FEARLESS_NO_ANNOTATIONS) == FEARLESS_DETAIL_MARKS
#  error "the marks are empty where they should not be, or the other way round"
#endif

int main() {
  int i = 0;
  places::instantiate();
  return places::statements(&i);
}
