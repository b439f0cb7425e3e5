// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each has a counter of its own; the scope joins both.
#include <fearless/thread.h>

int main() {
  int left = 0, right = 0;
  fearless::scope([&](fearless::scope_handle &scope) {
    scope.spawn([&left] { ++left; });
    scope.spawn([&right] { ++right; });
  });
  return left + right != 2;
}
