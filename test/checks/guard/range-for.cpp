// REQUIRES: llvm-ge-19
// RUN: %fearless_check %s -- -std=c++23
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From C++23 on the temporaries of a range live as long as the loop. Older
// versions of Clang do not do that yet.

#include <fearless/mutex.h>

#include <vector>

int loop_ok(fearless::mutex<std::vector<int>> &m) {
  int sum = 0;
  for (int x : *m.lock())
    sum += x;
  return sum;
}

int reference_bad(fearless::mutex<std::vector<int>> &m) {
  int &r = m.lock()->front(); // expected-error {{'r' refers to guarded data, and the guard is destroyed at the end of this statement}}
  // expected-note@-1 {{this guard lives until the end of the statement}}
  // expected-note@-2 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return r;
}
