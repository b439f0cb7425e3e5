// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Races that flow analysis sees are fearless-data-race's, and no second finding.

#include <atomic>
#include <thread>

// A race that flow analysis sees is fearless-data-race's, once.
int counter = 0;
void both_bad() {
  std::thread t([] { ++counter; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ++counter;
// expected-error@-1 {{'counter' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

int result = 0;
int result_of() { return result; }
int joined_ok() {
  std::thread t([] { result = 1; });
  t.join();
  return result_of();
}

std::atomic<int> atomic_counter{0};
void start_ok() {
  std::thread([] { ++atomic_counter; }).detach();
}
int atomic_ok() { return atomic_counter; }
