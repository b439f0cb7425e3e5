// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// atomic.h: that every operation is const and does what std::atomic's does.

#include "fearless/arc.h"
#include "fearless/atomic.h"
#include "fearless/thread.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <type_traits>

using namespace fearless_test;

namespace {

constinit const fearless::atomic<int> constant_initialised{3};

TEST(atomic, has_the_size_of_its_value) {
  static_assert(sizeof(fearless::atomic<int>) == sizeof(std::atomic<int>));
  static_assert(sizeof(fearless::atomic<char>) == 1);
  static_assert(fearless::atomic<int>::is_always_lock_free);
  static_assert(!std::is_copy_constructible_v<fearless::atomic<int>>);
  static_assert(!std::is_copy_assignable_v<fearless::atomic<int>>);
  EXPECT_TRUE(constant_initialised.is_lock_free());
}

TEST(atomic, load_and_store_on_a_const_object) {
  const fearless::atomic<int> a;
  EXPECT_EQ(a.load(), 0);
  a.store(1);
  a.store(2, std::memory_order_release);
  EXPECT_EQ(a.load(std::memory_order_acquire), 2);
  a = 3;
  EXPECT_EQ(a, 3);
  EXPECT_EQ(a.exchange(4), 3);
  EXPECT_EQ(constant_initialised, 3);
}

TEST(atomic, compare_exchange) {
  const fearless::atomic<int> a{1};
  int expected = 2;
  EXPECT_FALSE(a.compare_exchange_strong(expected, 5));
  EXPECT_EQ(expected, 1);
  EXPECT_TRUE(a.compare_exchange_strong(expected, 5));
  EXPECT_EQ(a, 5);
  expected = 5;
  while (!a.compare_exchange_weak(expected, 6, std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
  EXPECT_EQ(a, 6);
  expected = 6;
  while (!a.compare_exchange_weak(expected, 7)) {
  }
  expected = 0;
  EXPECT_FALSE(a.compare_exchange_strong(expected, 1, std::memory_order_acq_rel, std::memory_order_acquire));
}

TEST(atomic, arithmetic) {
  const fearless::atomic<int> a{10};
  EXPECT_EQ(a.fetch_add(5), 10);
  EXPECT_EQ(a.fetch_sub(3), 15);
  EXPECT_EQ(a += 1, 13);
  EXPECT_EQ(a -= 2, 11);
  EXPECT_EQ(++a, 12);
  EXPECT_EQ(a++, 12);
  EXPECT_EQ(--a, 12);
  EXPECT_EQ(a--, 12);
  EXPECT_EQ(a, 11);
}

TEST(atomic, bits) {
  const fearless::atomic<unsigned> a{0b1100U};
  EXPECT_EQ(a.fetch_and(0b0110U), 0b1100U);
  EXPECT_EQ(a.fetch_or(0b0001U), 0b0100U);
  EXPECT_EQ(a.fetch_xor(0b0101U), 0b0101U);
  EXPECT_EQ(a |= 0b11U, 0b11U);
  EXPECT_EQ(a &= 0b01U, 0b01U);
  EXPECT_EQ(a ^= 0b11U, 0b10U);
}

TEST(atomic, pointers_and_floating_point) {
  int array[4] = {1, 2, 3, 4};
  const fearless::atomic<int*> p{array};
  EXPECT_EQ(*++p, 2);
  EXPECT_EQ(*(p += 2), 4);
  EXPECT_EQ(*p.fetch_sub(1), 4);
  const fearless::atomic<double> d{1.5};
  EXPECT_EQ(d.fetch_add(1.0), 1.5);
  EXPECT_EQ(d -= 0.5, 2.0);
}

TEST(atomic, only_the_operations_of_its_type) {
  constexpr auto adds = []<class T>(const fearless::atomic<T>*) {
    return requires(const fearless::atomic<T>& a) { a.fetch_add(1); };
  };
  static_assert(adds(static_cast<const fearless::atomic<int>*>(nullptr)));
  static_assert(!adds(static_cast<const fearless::atomic<bool>*>(nullptr)));
  static_assert(!adds(static_cast<const fearless::atomic<void*>*>(nullptr)));
  enum class colour { red, green };
  const fearless::atomic<colour> c{colour::red};
  c = colour::green;
  EXPECT_EQ(c.load(), colour::green);
  struct pair {
    short x = 0;
    short y = 0;
  };
  const fearless::atomic<pair> s;
  s.store({1, 2});
  EXPECT_EQ(s.load().y, 2);
}

TEST(atomic, fetch_update) {
  const fearless::atomic<int> a{5};
  EXPECT_EQ(a.fetch_update([](int n) { return n * 2; }), 5);
  EXPECT_EQ(a, 10);
  const int rounds = repeats(5000);
  fearless::scope([&](fearless::scope_handle& s) {
    for (int t = 0; t != 2; ++t)
      s.spawn([&] {
        for (int i = 0; i != rounds; ++i)
          a.fetch_update([](int n) { return n + 1; });
      });
  });
  EXPECT_EQ(a, 10 + 2 * rounds);
}

TEST(atomic, counts_from_several_threads) {
  const auto a = fearless::make_arc<fearless::atomic<int>>(0);
  const int rounds = repeats(10000);
  fearless::scope([&](fearless::scope_handle& s) {
    for (int t = 0; t != 4; ++t)
      s.spawn([a, rounds] {
        for (int i = 0; i != rounds; ++i)
          ++*a;
      });
  });
  EXPECT_EQ(*a, 4 * rounds);
}

TEST(atomic, wait_and_notify) {
  const fearless::atomic<int> a{0};
  auto other = fearless::spawn([&a] {
    a.wait(0);
    return a.load();
  });
  a = 1;
  a.notify_one();
  a.notify_all();
  EXPECT_EQ(other.join(), 1);
}

} // namespace
