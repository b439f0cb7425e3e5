// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomic operations that are not members of an atomic: free functions, the
// compiler's built-in ones, atomic_ref.
// RUN: %fearless_check %s

#include <atomic>
#include <memory>
#include <thread>

static void use(int) {}

void shared_ptr_ok() {
  auto p = std::make_shared<const int>(1);
  std::thread t([&p] { use(*std::atomic_load(&p)); });
  std::atomic_store(&p, std::make_shared<const int>(2));
  t.join();
}
void handed_over_ok() {
  int data = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    data = 1;
    std::atomic_store(&ready, true);
  });
  while (!std::atomic_load(&ready))
    ;
  use(data);
  t.join();
}
void builtin_ok() {
  int n = 0;
  std::thread t([&n] { __sync_fetch_and_add(&n, 1); });
  __sync_fetch_and_add(&n, 1);
  t.join();
}
void builtin_n_ok() {
  int n = 0;
  std::thread t([&n] { __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST); });
  use(__atomic_load_n(&n, __ATOMIC_SEQ_CST));
  t.join();
}
void atomic_ref_ok() {
  int n = 0;
  std::thread t([&n] { std::atomic_ref<int>(n).fetch_add(1); });
  std::atomic_ref<int> r(n);
  ++r;
  t.join();
}
// expected-no-diagnostics
