// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomics copy their value between threads: it must be Send.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <atomic>
#include <memory>

EXPECT_THREAD_SAFE(std::atomic<int>);
EXPECT_THREAD_SAFE(std::atomic<bool>);
EXPECT_THREAD_SAFE(std::atomic<double>);
EXPECT_THREAD_SAFE(std::atomic<plain>);
EXPECT_THREAD_SAFE(std::atomic_flag);
FEARLESS_ASSERT_SYNC(volatile std::atomic<int>);

// What a pointer in an atomic leads to is not atomic.
EXPECT_NEITHER(std::atomic<plain *>);
EXPECT_THREAD_SAFE(std::atomic<const plain *>);
EXPECT_THREAD_SAFE(std::atomic<synced *>);
EXPECT_THREAD_SAFE(std::atomic<void (*)()>);
struct holds_pointer {
  int *p;
};
EXPECT_NEITHER(std::atomic<holds_pointer>);

#ifdef __cpp_lib_atomic_shared_ptr
EXPECT_NEITHER(std::atomic<std::shared_ptr<plain>>);
EXPECT_THREAD_SAFE(std::atomic<std::shared_ptr<const plain>>);
EXPECT_THREAD_SAFE(std::atomic<std::weak_ptr<synced>>);
#endif

#ifdef __cpp_lib_atomic_ref
EXPECT_NEITHER(std::atomic_ref<int>);
#endif

struct counters {
  std::atomic<int> hits;
  std::atomic<long> bytes;
};
EXPECT_THREAD_SAFE(counters);
struct counters_and_name {
  std::atomic<int> hits;
  char name[8];
};
EXPECT_VALUE(counters_and_name);
