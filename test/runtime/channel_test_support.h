// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shared by the tests of channels and select: threads that are joined, flavours to run
// one test over, messages that count themselves, and sizes that shrink where a
// sanitizer or valgrind makes everything slow (FEARLESS_TEST_SCALE, a divisor).

#ifndef FEARLESS_TEST_RUNTIME_CHANNEL_TEST_SUPPORT_H
#define FEARLESS_TEST_RUNTIME_CHANNEL_TEST_SUPPORT_H

#include "fearless/channel.h"
#include "fearless/select.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Up to version 19 Clang takes the capture [tx = tx] of a structured binding for a
// variable that hides it; it is the only way to capture one by value in C++20 as GCC reads it.
#if defined(__clang__) && __clang_major__ < 20
#pragma clang diagnostic ignored "-Wshadow"
#endif

namespace fearless_test {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

/// How often a stress test repeats: less under a slow tool.
inline int scaled(int n) {
  static const int divisor = [] {
    const char* const text = std::getenv("FEARLESS_TEST_SCALE");
    const int value = text != nullptr ? std::atoi(text) : 0;
    return value > 0 ? value : 1;
  }();
  return n / divisor > 2 ? n / divisor : 2;
}

/// Threads that are joined when the block ends, whatever happens in it.
class team {
public:
  team() = default;
  team(const team&) = delete;
  team& operator=(const team&) = delete;
  ~team() { join(); }

  template <class F>
  void run(F f) {
    threads_.emplace_back(std::move(f));
  }
  void join() {
    for (std::thread& t : threads_)
      t.join();
    threads_.clear();
  }

private:
  std::vector<std::thread> threads_{};
};

/// One way to make a channel; a value parameter of the suites that hold for all.
struct flavour {
  const char* name;
  bool bounded;
  std::size_t capacity;

  template <class T>
  fearless::channel_ends<T> make() const {
    return bounded ? fearless::bounded_channel<T>(capacity) : fearless::unbounded_channel<T>();
  }
  [[nodiscard]] bool rendezvous() const { return bounded && capacity == 0; }
  /// Whether n messages fit without a receiver.
  [[nodiscard]] bool holds(std::size_t n) const { return !bounded || capacity >= n; }

  friend std::ostream& operator<<(std::ostream& out, const flavour& f) { return out << f.name; }
};

inline const flavour every_flavour[] = {{"unbounded", false, 0},
                                        {"rendezvous", true, 0},
                                        {"bounded1", true, 1},
                                        {"bounded3", true, 3},
                                        {"bounded100", true, 100}};
/// Those with a buffer.
inline const flavour buffered_flavours[] = {{"unbounded", false, 0},
                                            {"bounded1", true, 1},
                                            {"bounded3", true, 3},
                                            {"bounded100", true, 100}};
/// Those where a send may have to wait.
inline const flavour limited_flavours[] = {{"rendezvous", true, 0},
                                           {"bounded1", true, 1},
                                           {"bounded3", true, 3},
                                           {"bounded100", true, 100}};

struct name_of_flavour {
  std::string operator()(const testing::TestParamInfo<flavour>& info) const {
    return info.param.name;
  }
};

class over_flavours : public testing::TestWithParam<flavour> {
protected:
  template <class T = int>
  static fearless::channel_ends<T> make() {
    return GetParam().make<T>();
  }
};

/// A message that knows how many of its kind are alive.
class counted {
public:
  explicit counted(int v = 0) noexcept : value(v) { ++alive(); }
  counted(counted&& other) noexcept : value(std::exchange(other.value, -1)) { ++alive(); }
  counted& operator=(counted&& other) noexcept {
    value = std::exchange(other.value, -1);
    return *this;
  }
  ~counted() { --alive(); }

  int value;

  static std::atomic<int>& alive() {
    static std::atomic<int> count{0};
    return count;
  }
};

/// Lets another thread get into its wait; only ever makes a test more likely to see
/// what it looks for, never decides whether it passes.
inline void let_others_wait() { std::this_thread::sleep_for(5ms); }

/// Drops a handle.
template <class Handle>
void drop(Handle& handle) {
  const Handle gone = std::move(handle);
}

} // namespace fearless_test

#endif // FEARLESS_TEST_RUNTIME_CHANNEL_TEST_SUPPORT_H
