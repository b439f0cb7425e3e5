// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For GCC the marks are empty: nothing of them is left after the preprocessor, and the assertions hold.

// RUN: g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: g++ -std=c++14 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: g++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: g++ -std=c++23 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: g++ -std=c++20 -E -P -I%annotations -I%S/Inputs %s -o %t.ii
// RUN: not grep -nE 'annotate|suppress|guarded|FEARLESS_|pragma' %t.ii
// RUN: grep -c 'plain_send' %t.ii

#include "places.h"

int main() {
  int i = 0;
  using only_asserted = places::box<int>;
  FEARLESS_ASSERT_SEND(only_asserted);
  places::instantiate();
  return places::statements(&i);
}
