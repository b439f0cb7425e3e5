// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Assertions that do not hold: one for each kind of entry, so that a negative
// assertion of the other files is known to be more than silence.
// The notes that explain each error are tested elsewhere.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20

#include "shapes.h"

#include <any>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// expected-note@* 0+{{}}

// Guards, and what contains one.
FEARLESS_ASSERT_SEND(std::lock_guard<std::mutex>); // expected-error {{is not Send}}
FEARLESS_ASSERT_SEND(std::unique_lock<std::mutex>); // expected-error {{is not Send}}
FEARLESS_ASSERT_SEND(std::vector<std::unique_lock<std::mutex>>); // expected-error {{is not Send}}
FEARLESS_ASSERT_SEND(std::future<std::unique_lock<std::mutex>>); // expected-error {{is not Send}}

// Values are not Sync, but const ones are.
FEARLESS_ASSERT_SYNC(std::string); // expected-error {{is not Sync}}
FEARLESS_ASSERT_NOT_SYNC(const std::string); // expected-error {{is Sync}}
FEARLESS_ASSERT_SYNC(std::map<int, int>); // expected-error {{is not Sync}}
FEARLESS_ASSERT_NOT_SYNC(const std::map<int, int>); // expected-error {{is Sync}}
FEARLESS_ASSERT_NOT_SEND(std::map<int, int>); // expected-error {{is Send}}
FEARLESS_ASSERT_SYNC(std::mt19937); // expected-error {{is not Sync}}
FEARLESS_ASSERT_SYNC(std::thread); // expected-error {{is not Sync}}
FEARLESS_ASSERT_SYNC(const std::future<int>); // expected-error {{is not Sync}}
FEARLESS_ASSERT_SYNC(std::ostringstream); // expected-error {{is not Sync}}

// Owners and references.
FEARLESS_ASSERT_SEND(std::shared_ptr<int>); // expected-error {{is not Send}}
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<const int>); // expected-error {{is Send}}
FEARLESS_ASSERT_SYNC(const std::unique_ptr<int>); // expected-error {{is not Sync}}
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<int>); // expected-error {{is Send}}
FEARLESS_ASSERT_SEND(std::span<int>); // expected-error {{is not Send}}
FEARLESS_ASSERT_NOT_SEND(std::string_view); // expected-error {{is Send}}
FEARLESS_ASSERT_SEND(std::vector<int>::iterator); // expected-error {{is not Send}}
FEARLESS_ASSERT_NOT_SEND(std::vector<int>::const_iterator); // expected-error {{is Send}}
FEARLESS_ASSERT_SEND(std::filesystem::directory_iterator); // expected-error {{is not Send}}
FEARLESS_ASSERT_NOT_SEND(std::filesystem::path); // expected-error {{is Send}}

// Thread-safe types.
FEARLESS_ASSERT_NOT_SYNC(std::mutex); // expected-error {{is Sync}}
FEARLESS_ASSERT_NOT_SYNC(std::atomic<int>); // expected-error {{is Sync}}
FEARLESS_ASSERT_SYNC(std::atomic<int *>); // expected-error {{is not Sync}}
FEARLESS_ASSERT_NOT_SYNC(std::condition_variable); // expected-error {{is Sync}}

// Unknown is no proof.
FEARLESS_ASSERT_SEND(std::function<void()>); // expected-error {{Send}}
FEARLESS_ASSERT_SYNC(const std::any); // expected-error {{Sync}}
FEARLESS_ASSERT_SEND(std::ostream); // expected-error {{Send}}

// The chain goes through the user's own classes.
struct session {
  std::string user;
  std::map<int, std::shared_ptr<std::string>> cache;
};
FEARLESS_ASSERT_SEND(session); // expected-error {{is not Send}}
