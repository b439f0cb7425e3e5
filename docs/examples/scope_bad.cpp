// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two scoped threads write one counter.
#include <fearless/thread.h>

int main() {
  int hits = 0;
  fearless::scope([&](fearless::scope_handle &scope) {
    scope.spawn([&hits] { ++hits; });
    scope.spawn([&hits] { ++hits; });
  });
  return hits != 2;
}
