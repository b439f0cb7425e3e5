// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One finding in line 12, behind characters of several bytes.

#include <fearless/annotations.h>

template <class F> void spawn(FEARLESS_SPAWNS F) {}
struct FEARLESS_NOT_SEND("it belongs to its window: Größe") handle {
  int id;
};
void f(handle größe) {
  /* äöü€𝄞 */ spawn([größe] { (void)größe; });
}
