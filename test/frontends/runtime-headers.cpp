// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Our own headers keep their own rules, in both modes: their marks are verified
// like everybody's, and whoever includes them gets no finding of them.
//
// RUN: %fearless_check %s -- -std=c++20 -pthread
// RUN: %fearless_check %s -mode=strict -- -std=c++20 -pthread
// RUN: %fearless_check %s -mode=strict -- -std=c++2b -pthread

// expected-no-diagnostics
#include <fearless/fearless.h>

struct plain {
  int x = 0;
};

int main() {
  auto [tx, rx] = fearless::bounded_channel<int>(1);
  auto shared = fearless::make_arc<fearless::mutex<plain>>();
  auto copy = shared;
  copy = shared;
  fearless::weak_arc<fearless::mutex<plain>> weak = shared.downgrade();
  fearless::rw_lock<plain> table;
  fearless::lazy<int> lazy([] { return 1; });
  fearless::atomic<int> count = 0;
  auto thread = fearless::spawn([shared, tx = std::move(tx)] {
    shared->lock()->x = 1;
    (void)tx.send(1);
  });
  thread.join();
  copy->lock()->x = *rx.recv() + table.read()->x + *lazy + count.load();
}
