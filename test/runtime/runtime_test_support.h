// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shared by the tests of threads, locks and shared data: sizes that shrink under
// slow tools, waiting for a condition, a gate for several threads, and types that
// count their objects or refuse to copy and move.

#ifndef FEARLESS_TEST_RUNTIME_RUNTIME_TEST_SUPPORT_H
#define FEARLESS_TEST_RUNTIME_RUNTIME_TEST_SUPPORT_H

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

namespace fearless_test {

using namespace std::chrono_literals;

/// How often a stress test repeats: less under a slow tool (FEARLESS_TEST_SCALE).
inline int repeats(int n) {
  static const int divisor = [] {
    const char* const text = std::getenv("FEARLESS_TEST_SCALE");
    const int value = text != nullptr ? std::atoi(text) : 0;
    return value > 0 ? value : 1;
  }();
  return n / divisor > 2 ? n / divisor : 2;
}

/// Waits until `holds()`, for at most ten seconds; says whether it came to hold.
template <class F>
[[nodiscard]] bool eventually(F holds) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > limit)
      return false;
    std::this_thread::sleep_for(100us);
  }
  return true;
}

/// Lets `count` threads through at once, when all have arrived.
class gate {
public:
  explicit gate(int count) : missing_(count) {}
  void pass() {
    missing_.fetch_sub(1);
    while (missing_.load() > 0)
      std::this_thread::yield();
  }

private:
  std::atomic<int> missing_;
};

/// Time that a block takes.
class stopwatch {
public:
  [[nodiscard]] std::chrono::nanoseconds elapsed() const {
    return std::chrono::steady_clock::now() - start_;
  }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Counts living objects and destructions.
struct census {
  std::atomic<int> alive{0};
  std::atomic<int> died{0};
};

/// A value that a census counts; copyable and movable, moved-from ones count too.
class counted {
public:
  explicit counted(census& c, int v = 0) : value(v), census_(&c) { ++census_->alive; }
  counted(const counted& other) : value(other.value), census_(other.census_) { ++census_->alive; }
  counted(counted&& other) noexcept : value(std::exchange(other.value, -1)), census_(other.census_) {
    ++census_->alive;
  }
  counted& operator=(const counted&) = default;
  counted& operator=(counted&&) = default;
  ~counted() {
    --census_->alive;
    ++census_->died;
  }
  int value;

private:
  census* census_;
};

/// Neither copies nor moves.
struct immovable {
  immovable(int a, int b) : sum(a + b) {}
  immovable(const immovable&) = delete;
  immovable& operator=(const immovable&) = delete;
  int sum;
};

struct boom {
  int number = 0;
};

} // namespace fearless_test

#endif // FEARLESS_TEST_RUNTIME_RUNTIME_TEST_SUPPORT_H
