// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Futures and promises: one owner each. shared_future gives a const T& to many.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <future>
#include <memory>
#include <mutex>

EXPECT_SEND_ONLY(std::future<int>);
EXPECT_SEND_ONLY(std::future<void>);
EXPECT_SEND_ONLY(std::future<send_only>);
EXPECT_NEITHER(std::future<neither>);
EXPECT_NEITHER(std::future<sync_only>);
EXPECT_NEITHER(std::future<int &>);
EXPECT_SEND_ONLY(std::future<synced &>);
EXPECT_SEND_ONLY(std::future<const int &>);
EXPECT_NEITHER(std::future<std::unique_lock<std::mutex>>);

EXPECT_SEND_ONLY(std::promise<int>);
EXPECT_SEND_ONLY(std::promise<void>);
EXPECT_SEND_ONLY(std::promise<std::unique_ptr<plain>>);
EXPECT_NEITHER(std::promise<neither>);
EXPECT_NEITHER(std::promise<plain &>);
EXPECT_SEND_ONLY(std::promise<synced &>);

EXPECT_VALUE(std::shared_future<int>);
EXPECT_VALUE(std::shared_future<void>);
EXPECT_VALUE(std::shared_future<synced>);
EXPECT_NEITHER(std::shared_future<send_only>); // get() gives a const T& to many
EXPECT_NEITHER(std::shared_future<sync_only>);
EXPECT_NEITHER(std::shared_future<neither>);
EXPECT_NEITHER(std::shared_future<int &>); // measured: get() gives an int&
EXPECT_VALUE(std::shared_future<synced &>);
EXPECT_VALUE(std::shared_future<const int &>);

EXPECT_NEITHER(std::packaged_task<void()>);
EXPECT_NEITHER(std::packaged_task<int(int)>);
