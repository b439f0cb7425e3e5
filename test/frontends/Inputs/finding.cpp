// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One finding in either mode, on line 12.

#include <fearless/annotations.h>

template <class F> void spawn(FEARLESS_SPAWNS F) {}
struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
void both(handle h) {
  spawn([h] { (void)h; });
}
