// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks and their kin are made for sharing; guards stay on their thread.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <barrier>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>

EXPECT_THREAD_SAFE(std::mutex);
EXPECT_THREAD_SAFE(std::timed_mutex);
EXPECT_THREAD_SAFE(std::recursive_mutex);
EXPECT_THREAD_SAFE(std::recursive_timed_mutex);
EXPECT_THREAD_SAFE(std::shared_mutex);
EXPECT_THREAD_SAFE(std::shared_timed_mutex);
EXPECT_THREAD_SAFE(std::condition_variable);
EXPECT_THREAD_SAFE(std::condition_variable_any);
EXPECT_THREAD_SAFE(std::once_flag);
EXPECT_THREAD_SAFE(std::counting_semaphore<4>);
EXPECT_THREAD_SAFE(std::binary_semaphore);
EXPECT_THREAD_SAFE(std::latch);

// The completion function runs on the thread that arrives last.
EXPECT_THREAD_SAFE(std::barrier<>);
struct counts {
  int phases = 0;
  void operator()() noexcept { ++phases; }
};
struct counts_elsewhere {
  int *phases;
  void operator()() noexcept { ++*phases; }
};
EXPECT_THREAD_SAFE(std::barrier<counts>);
EXPECT_NEITHER(std::barrier<counts_elsewhere>);
EXPECT_VALUE(std::barrier<>::arrival_token);

// Guards. A reader of one can ask whether it owns the lock, and for the mutex.
#define EXPECT_GUARD(...)                                                      \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__);                                       \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__);                                     \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)
EXPECT_GUARD(std::lock_guard<std::mutex>);
EXPECT_GUARD(std::scoped_lock<>);
EXPECT_GUARD(std::scoped_lock<std::mutex>);
EXPECT_GUARD(std::scoped_lock<std::mutex, std::shared_mutex>);
EXPECT_GUARD(std::unique_lock<std::mutex>);
EXPECT_GUARD(std::unique_lock<std::recursive_mutex>);
EXPECT_GUARD(std::shared_lock<std::shared_mutex>);

// A lock that is none.
struct no_lock {
  int depth;
  void lock();
  void unlock();
};
EXPECT_NEITHER(std::unique_lock<no_lock>);

// A member lock makes a class neither better nor worse.
struct with_mutex {
  std::mutex mutex;
  int count;
};
EXPECT_VALUE(with_mutex);
struct with_unique_lock {
  std::unique_lock<std::mutex> lock;
};
FEARLESS_ASSERT_NOT_SEND(with_unique_lock);
FEARLESS_ASSERT_SYNC(const with_unique_lock);
