// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fences make relaxed operations order what is around them. Which they order is
// not followed: in a unit with fences every atomic may.
// RUN: %fearless_check %s

#include <atomic>
#include <thread>

static void use(int) {}

// truth: none, ThreadSanitizer does not know fences
void fenced_ok() {
  int x = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    x = 1;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    ;
  std::atomic_thread_fence(std::memory_order_acquire);
  use(x);
  t.join();
}
// truth: none, ThreadSanitizer does not know fences
void fenced_too_early_bad() {
  int x = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    ready.store(true, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  while (!ready.load(std::memory_order_relaxed))
    ;
  std::atomic_thread_fence(std::memory_order_acquire);
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
