// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads, their names, and stop tokens.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <thread>
#include <vector>
#if __has_include(<stop_token>)
#include <stop_token>
#endif

EXPECT_VALUE(std::thread);
EXPECT_VALUE(std::thread::id);
EXPECT_VALUE(std::vector<std::thread>);

#ifdef __cpp_lib_jthread
EXPECT_VALUE(std::jthread);
EXPECT_VALUE(std::jthread::id);
EXPECT_THREAD_SAFE(std::stop_token);
EXPECT_THREAD_SAFE(std::stop_source);

// The callback runs on the thread that requests the stop.
struct harmless {
  int n;
  void operator()();
};
struct harmful {
  int *n;
  void operator()();
};
FEARLESS_ASSERT_NOT_SEND(std::stop_callback<harmless>);
FEARLESS_ASSERT_SYNC(const std::stop_callback<harmless>);
FEARLESS_ASSERT_NOT_SYNC(std::stop_callback<harmless>);
EXPECT_NEITHER(std::stop_callback<harmful>);
#endif
