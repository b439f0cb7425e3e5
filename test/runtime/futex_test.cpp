// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// detail/: what everything that blocks stands on. The futex (also in its portable
// form, see CMakeLists.txt), deadlines that saturate, and the back-off.

#include "fearless/detail/backoff.h"
#include "fearless/detail/deadline.h"
#include "fearless/detail/futex.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

using namespace fearless_test;
namespace detail = fearless::detail;
using std::chrono::steady_clock;

namespace {

TEST(futex, does_not_wait_when_the_value_differs) {
  const detail::futex_word word{1};
  detail::futex_wait(word, 0);
  EXPECT_TRUE(detail::futex_wait_until(word, 0, detail::no_deadline));
  EXPECT_TRUE(detail::futex_wait_until(word, 0, steady_clock::now() + 10s));
}

TEST(futex, times_out) {
  const detail::futex_word word{0};
  const auto deadline = steady_clock::now() + 10ms;
  while (detail::futex_wait_until(word, 0, deadline)) {
  }
  EXPECT_GE(steady_clock::now(), deadline);
}

TEST(futex, a_deadline_in_the_past_times_out_at_once) {
  const detail::futex_word word{0};
  const stopwatch watch;
  EXPECT_FALSE(detail::futex_wait_until(word, 0, steady_clock::now() - 1s));
  EXPECT_FALSE(detail::futex_wait_until(word, 0, steady_clock::time_point{}));
  EXPECT_FALSE(detail::futex_wait_until(word, 0, steady_clock::time_point::min()));
  EXPECT_LT(watch.elapsed(), 5s);
}

TEST(futex, is_woken) {
  detail::futex_word word{0};
  std::thread waiter([&word] {
    while (word.load() == 0)
      detail::futex_wait(word, 0);
  });
  std::this_thread::sleep_for(5ms);
  word = 1;
  detail::futex_wake_one(word);
  waiter.join();
}

TEST(futex, wake_one_says_whether_somebody_slept) {
  detail::futex_word word{0};
  EXPECT_FALSE(detail::futex_wake_one(word));
  std::atomic<bool> woken{false};
  std::thread waiter([&] {
    detail::futex_wait(word, 0);
    woken = true;
  });
  EXPECT_TRUE(eventually([&] { return detail::futex_wake_one(word) || woken; }));
  waiter.join();
}

TEST(futex, wake_all_wakes_all) {
  detail::futex_word word{0};
  std::vector<std::thread> waiters;
  for (int i = 0; i != 8; ++i)
    waiters.emplace_back([&word] {
      while (word.load() == 0)
        detail::futex_wait(word, 0);
    });
  std::this_thread::sleep_for(5ms);
  word = 1;
  detail::futex_wake_all(word);
  for (auto& t : waiters)
    t.join();
}

TEST(futex, wakes_by_address_only) {
  detail::futex_word a{0};
  detail::futex_word b{0};
  std::atomic<bool> woken{false};
  std::thread waiter([&] {
    while (a.load() == 0)
      detail::futex_wait(a, 0);
    woken = true;
  });
  std::this_thread::sleep_for(5ms);
  EXPECT_FALSE(detail::futex_wake_one(b));
  EXPECT_FALSE(woken);
  a = 1;
  detail::futex_wake_one(a);
  waiter.join();
}

TEST(futex, many_words_at_once) {
  // More than the portable table has buckets, so that some share one.
  constexpr std::size_t n = 100;
  const auto words = std::make_unique<detail::futex_word[]>(n);
  std::vector<std::thread> waiters;
  for (std::size_t i = 0; i != n; ++i)
    waiters.emplace_back([word = &words[i]] {
      while (word->load() == 0)
        detail::futex_wait(*word, 0);
    });
  for (std::size_t i = 0; i != n; ++i) {
    words[i] = 1;
    detail::futex_wake_one(words[i]);
  }
  for (auto& t : waiters)
    t.join();
}

TEST(futex, no_wake_up_is_lost) {
  detail::futex_word word{0};
  const auto n = static_cast<std::uint32_t>(repeats(5000));
  std::thread other([&] {
    for (std::uint32_t i = 0; i != n; ++i) {
      while (word.load() != 2 * i + 1)
        detail::futex_wait(word, 2 * i);
      word = 2 * i + 2;
      detail::futex_wake_one(word);
    }
  });
  for (std::uint32_t i = 0; i != n; ++i) {
    word = 2 * i + 1;
    detail::futex_wake_one(word);
    while (word.load() != 2 * i + 2)
      detail::futex_wait(word, 2 * i + 1);
  }
  other.join();
}

TEST(futex, keeps_errno) {
  const detail::futex_word word{0};
  errno = 1234;
  static_cast<void>(detail::futex_wait_until(word, 0, steady_clock::now() + 1ms));
  detail::futex_wait(word, 1);
  detail::futex_wake_one(word);
  EXPECT_EQ(errno, 1234);
}

// --- deadlines -------------------------------------------------------------------------

TEST(deadline, after_a_duration) {
  const auto before = steady_clock::now();
  const auto deadline = detail::deadline_after(1s);
  EXPECT_GE(deadline, before + 1s);
  EXPECT_LE(deadline, steady_clock::now() + 1s);
}

TEST(deadline, saturates) {
  EXPECT_EQ(detail::deadline_after(std::chrono::hours::max()), detail::no_deadline);
  EXPECT_EQ(detail::deadline_after(std::chrono::milliseconds::max()), detail::no_deadline);
  EXPECT_EQ(detail::deadline_after(std::chrono::nanoseconds::max()), detail::no_deadline);
  EXPECT_EQ(detail::deadline_after(std::chrono::duration<double>(1e300)), detail::no_deadline);
  EXPECT_EQ(detail::deadline_after(std::chrono::duration<double>(HUGE_VAL)), detail::no_deadline);
  EXPECT_EQ(detail::deadline_after(std::chrono::duration<unsigned long long>::max()),
            detail::no_deadline);
  EXPECT_NE(detail::deadline_after(std::chrono::hours(24 * 365 * 50)), detail::no_deadline);
}

TEST(deadline, a_negative_duration_has_passed) {
  const auto minus_one = detail::deadline_after(-1s);
  const auto minus_all = detail::deadline_after(std::chrono::hours::min());
  const auto no_number = detail::deadline_after(std::chrono::duration<double>(std::nan("")));
  const auto now = steady_clock::now();
  EXPECT_LE(minus_one, now);
  EXPECT_LE(minus_all, now);
  EXPECT_LE(no_number, now);
}

TEST(deadline, rounds_up) {
  using picoseconds = std::chrono::duration<long, std::pico>;
  const auto before = steady_clock::now();
  EXPECT_GT(detail::deadline_after(picoseconds(1)), before);
}

TEST(deadline, at_a_point_of_time) {
  const auto when = steady_clock::now() + 5s;
  EXPECT_EQ(detail::deadline_at(when), when);
  EXPECT_EQ(detail::deadline_at(steady_clock::time_point::max()), detail::no_deadline);
  EXPECT_EQ(detail::deadline_at(std::chrono::system_clock::time_point::max()), detail::no_deadline);
  const auto past = detail::deadline_at(std::chrono::system_clock::time_point::min());
  EXPECT_LE(past, steady_clock::now());
  const auto other = detail::deadline_at(std::chrono::system_clock::now() + 1h);
  EXPECT_GT(other, steady_clock::now() + 59min);
  EXPECT_LT(other, steady_clock::now() + 61min);
}

// --- back-off -----------------------------------------------------------------------------

TEST(backoff, is_bounded) {
  detail::backoff b;
  int steps = 0;
  while (!b.exhausted()) {
    b.snooze();
    ASSERT_LT(++steps, 100);
  }
  b.snooze(); // still allowed
  EXPECT_TRUE(b.exhausted());
  b.reset();
  EXPECT_FALSE(b.exhausted());
  for (int i = 0; i != 100; ++i)
    b.spin(); // after a lost race one never has to park
  EXPECT_FALSE(b.exhausted());
}

TEST(backoff, spin_until) {
  int calls = 0;
  EXPECT_TRUE(detail::spin_until([&] { return ++calls == 3; }, 10, 10));
  EXPECT_EQ(calls, 3);
  calls = 0;
  EXPECT_FALSE(detail::spin_until([&] { return ++calls, false; }, 5, 2));
  EXPECT_EQ(calls, detail::is_parallel() ? 8 : 3);
}

} // namespace
