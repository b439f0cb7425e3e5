// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// mutex.h: mutex<T> and its guard, and the condition variable. What Rust's std
// tests of Mutex and Condvar, as facts about this library, and what C++ adds.
// rw_lock<T> is in rw_lock_test.cpp.

#include "fearless/arc.h"
#include "fearless/mutex.h"
#include "fearless/thread.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

using namespace fearless_test;

namespace {

constinit fearless::mutex<int> constant_initialised{41};

// --- mutex ------------------------------------------------------------------------------

TEST(mutex, is_small) {
  static_assert(sizeof(fearless::mutex<int>) == 8);
  static_assert(sizeof(fearless::mutex<char>) == 8);
  static_assert(sizeof(fearless::mutex<long>) == 16);
  static_assert(sizeof(fearless::condvar) == 8);
}

TEST(mutex, neither_copies_nor_moves) {
  using m = fearless::mutex<int>;
  static_assert(!std::is_copy_constructible_v<m> && !std::is_move_constructible_v<m>);
  static_assert(!std::is_copy_assignable_v<m> && !std::is_move_assignable_v<m>);
}

TEST(mutex, lock_and_unlock) {
  const fearless::mutex<int> m{0};
  { auto guard = m.lock(); }
  { auto guard = m.lock(); }
}

TEST(mutex, protects_its_value) {
  const fearless::mutex<int> m{1};
  *m.lock() = 2;
  EXPECT_EQ(*m.lock(), 2);
}

TEST(mutex, construction) {
  const fearless::mutex<int> zero;
  EXPECT_EQ(*zero.lock(), 0);
  const fearless::mutex deduced{std::string("x")};
  static_assert(std::is_same_v<decltype(deduced), const fearless::mutex<std::string>>);
  const fearless::mutex<std::string> converted("text");
  EXPECT_EQ(*converted.lock(), "text");
  const fearless::mutex<std::vector<int>> listed{{1, 2, 3}};
  EXPECT_EQ(listed.lock()->size(), 3U);
  const fearless::mutex<immovable> in_place(std::in_place, 1, 2);
  EXPECT_EQ(in_place.lock()->sum, 3);
  const fearless::mutex<std::unique_ptr<int>> owner(std::make_unique<int>(4));
  EXPECT_EQ(**owner.lock(), 4);
  EXPECT_EQ(++*constant_initialised.lock(), 42);
}

TEST(mutex, conversion_is_implicit_only_where_that_of_the_value_is) {
  static_assert(std::is_convertible_v<const char*, fearless::mutex<std::string>>);
  static_assert(!std::is_convertible_v<std::size_t, fearless::mutex<std::vector<int>>>);
  static_assert(std::is_constructible_v<fearless::mutex<std::vector<int>>, std::size_t>);
  static_assert(!std::is_default_constructible_v<fearless::mutex<immovable>>);
}

TEST(mutex, lots_and_lots) {
  const fearless::mutex<int> m{0};
  const int rounds = repeats(20000);
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != 6; ++i)
      s.spawn([&m, rounds] {
        for (int k = 0; k != rounds; ++k)
          *m.lock() += 1;
      });
  });
  EXPECT_EQ(*m.lock(), 6 * rounds);
}

TEST(mutex, in_an_arc) {
  const auto shared = fearless::make_arc<fearless::mutex<std::vector<int>>>();
  std::vector<fearless::join_handle<void>> threads;
  for (int i = 0; i != 4; ++i)
    threads.push_back(fearless::spawn([shared, i] { shared->lock()->push_back(i); }));
  for (auto& t : threads)
    t.join();
  EXPECT_EQ(shared->lock()->size(), 4U);
}

TEST(mutex, nested_in_another) {
  const auto inner = fearless::make_arc<fearless::mutex<int>>(1);
  const auto outer = fearless::make_arc<fearless::mutex<fearless::arc<fearless::mutex<int>>>>(inner);
  EXPECT_EQ(fearless::spawn([outer] {
              auto guard = outer->lock();
              auto value = (*guard)->lock();
              return *value;
            }).join(),
            1);
}

TEST(mutex, a_guard_excludes_others) {
  const fearless::mutex<int> m{0};
  auto guard = m.lock();
  EXPECT_FALSE(fearless::spawn([&m] { return m.try_lock().has_value(); }).join());
  guard.unlock();
  EXPECT_TRUE(fearless::spawn([&m] { return m.try_lock().has_value(); }).join());
}

TEST(mutex, try_lock) {
  const fearless::mutex<int> m{5};
  if (auto guard = m.try_lock()) {
    EXPECT_EQ(**guard, 5);
    EXPECT_FALSE(m.try_lock());
  } else {
    FAIL();
  }
  EXPECT_TRUE(m.try_lock());
}

TEST(mutex, try_lock_for_gives_up_in_time) {
  const fearless::mutex<int> m{0};
  auto guard = m.lock();
  const stopwatch watch;
  EXPECT_FALSE(m.try_lock_for(20ms));
  EXPECT_GE(watch.elapsed(), 20ms);
  EXPECT_LT(watch.elapsed(), 5s);
}

TEST(mutex, try_lock_for_takes_a_free_lock_whatever_the_time) {
  const fearless::mutex<int> m{0};
  EXPECT_TRUE(m.try_lock_for(0ms));
  EXPECT_TRUE(m.try_lock_for(-1h));
  EXPECT_TRUE(m.try_lock_for(std::chrono::nanoseconds::min()));
  EXPECT_TRUE(m.try_lock_for(std::chrono::hours::max()));
  EXPECT_TRUE(m.try_lock_until(std::chrono::steady_clock::time_point::min()));
  EXPECT_TRUE(m.try_lock_until(std::chrono::system_clock::time_point::max()));
}

TEST(mutex, try_lock_until_of_several_clocks) {
  const fearless::mutex<int> m{0};
  auto guard = m.lock();
  const stopwatch watch;
  EXPECT_FALSE(m.try_lock_until(std::chrono::steady_clock::now() + 10ms));
  EXPECT_FALSE(m.try_lock_until(std::chrono::system_clock::now() + 10ms));
  EXPECT_FALSE(m.try_lock_until(std::chrono::steady_clock::now() - 10ms));
  EXPECT_FALSE(m.try_lock_until(std::chrono::system_clock::time_point::min()));
  EXPECT_GE(watch.elapsed(), 18ms);
}

TEST(mutex, a_waiting_thread_gets_the_lock_in_time) {
  const fearless::mutex<int> m{0};
  auto guard = m.lock();
  *guard = 1;
  auto waiter = fearless::spawn([&m] {
    auto inner = m.try_lock_for(std::chrono::hours::max());
    return inner ? **inner : -1;
  });
  std::this_thread::sleep_for(10ms);
  guard.unlock();
  EXPECT_EQ(waiter.join(), 1);
}

TEST(mutex, a_waiter_that_gave_up_does_not_lose_wake_ups) {
  const fearless::mutex<int> m{0};
  const int rounds = repeats(2000);
  fearless::scope([&](fearless::scope_handle& s) {
    for (int t = 0; t != 3; ++t)
      s.spawn([&m, t, rounds] {
        for (int i = 0; i != rounds; ++i) {
          if (t == 0) {
            if (auto guard = m.try_lock_for(std::chrono::microseconds(i % 20)))
              **guard += 1;
          } else {
            *m.lock() += 1;
          }
        }
      });
  });
  EXPECT_GE(*m.lock(), 2 * rounds);
}

TEST(mutex, with) {
  const fearless::mutex<int> m{2};
  const int result = m.with([](int& value) {
    value += 3;
    return value + 5;
  });
  EXPECT_EQ(result, 10);
  EXPECT_EQ(*m.lock(), 5);
  m.with([](int& value) { value = 0; });
  EXPECT_TRUE(m.try_lock());
}

TEST(mutex, with_a_member) {
  const fearless::mutex<std::vector<int>> m{{1, 2, 3}};
  EXPECT_EQ(m.with(&std::vector<int>::size), 3U);
}

TEST(mutex, with_returns_what_cannot_be_copied) {
  const fearless::mutex<std::unique_ptr<int>> m(std::make_unique<int>(7));
  const std::unique_ptr<int> out = m.with([](std::unique_ptr<int>& p) { return std::move(p); });
  EXPECT_EQ(*out, 7);
}

TEST(mutex, an_exception_unlocks_and_does_not_poison) {
  const fearless::mutex<int> m{42};
  for (int i = 0; i != 3; ++i)
    EXPECT_THROW(m.with([](int& value) {
      ++value;
      throw boom{};
    }),
                 boom);
  EXPECT_THROW(
      {
        auto guard = m.lock();
        ++*guard;
        throw boom{};
      },
      boom);
  EXPECT_EQ(*m.lock(), 46);
}

TEST(mutex, can_be_locked_during_unwinding) {
  const fearless::mutex<int> m{1};
  struct unwinder {
    const fearless::mutex<int>& m;
    ~unwinder() { *m.lock() += 1; }
  };
  auto thread = fearless::spawn([&m] {
    const unwinder u{m};
    throw boom{};
  });
  EXPECT_THROW(thread.join(), boom);
  EXPECT_EQ(*m.lock(), 2);
}

TEST(mutex, into_inner) {
  fearless::mutex<std::unique_ptr<int>> m(std::make_unique<int>(10));
  const std::unique_ptr<int> inner = std::move(m).into_inner();
  EXPECT_EQ(*inner, 10);
}

TEST(mutex, into_inner_destroys_nothing_early) {
  census people;
  fearless::mutex<counted> m(counted(people, 3));
  {
    const counted inner = std::move(m).into_inner();
    EXPECT_EQ(inner.value, 3);
    EXPECT_EQ(m.lock()->value, -1); // moved from
  }
  EXPECT_EQ(people.alive, 1);
}

TEST(mutex, into_inner_waits_for_a_guard) {
  // Safe even if the claim that nobody else uses the mutex is false.
  fearless::mutex<int> m{0};
  std::atomic<bool> locked{false};
  auto other = fearless::spawn([&m, &locked] {
    auto guard = m.lock();
    locked = true;
    std::this_thread::sleep_for(10ms);
    *guard = 5;
  });
  ASSERT_TRUE(eventually([&] { return locked.load(); }));
  EXPECT_EQ(std::move(m).into_inner(), 5);
  other.join();
}

TEST(mutex, get_mut_does_not_lock) {
  fearless::mutex<int> m{10};
  auto guard = m.lock();
  std::move(m).get_mut() = 20;
  EXPECT_EQ(*guard, 20);
}

TEST(mutex, get_mut_needs_an_rvalue) {
  static_assert(std::is_same_v<decltype(std::declval<fearless::mutex<int>>().get_mut()), int&>);
  constexpr bool of_lvalue = []<class M>(M*) {
    return requires(M & m) { m.get_mut(); };
  }(static_cast<fearless::mutex<int>*>(nullptr));
  static_assert(!of_lvalue, "a non-const mutex may be shared");
}

TEST(mutex, destroys_its_value) {
  census people;
  { const fearless::mutex<counted> m(std::in_place, people); }
  EXPECT_EQ(people.alive, 0);
  EXPECT_EQ(people.died, 1);
}

TEST(mutex, can_be_destroyed_right_after_the_last_unlock) {
  // The unlocking thread touches the word by address at most when another thread
  // has the lock and frees it.
  for (int i = 0; i != repeats(300); ++i) {
    auto m = std::make_unique<fearless::mutex<int>>(0);
    auto other = fearless::spawn([raw = m.get()] { *raw->lock() = 1; });
    while (m->with([](int v) { return v; }) == 0)
      std::this_thread::yield();
    m.reset();
    other.join();
  }
}

// --- guards -------------------------------------------------------------------------------

TEST(mutex_guard, reaches_members) {
  const fearless::mutex<std::string> m("abc");
  auto guard = m.lock();
  EXPECT_EQ(guard->size(), 3U);
  guard->push_back('d');
  EXPECT_EQ(*guard, "abcd");
}

TEST(mutex_guard, is_deeply_const) {
  using guard = fearless::mutex_guard<int>;
  static_assert(std::is_same_v<decltype(*std::declval<guard&>()), int&>);
  static_assert(std::is_same_v<decltype(*std::declval<const guard&>()), const int&>);
  static_assert(std::is_same_v<decltype(std::declval<const guard&>().operator->()), const int*>);
}

TEST(mutex_guard, moves_but_does_not_copy) {
  using guard = fearless::mutex_guard<int>;
  static_assert(!std::is_copy_constructible_v<guard> && !std::is_copy_assignable_v<guard>);
  static_assert(std::is_nothrow_move_constructible_v<guard> && !std::is_move_assignable_v<guard>);
  const fearless::mutex<int> m{1};
  {
    auto first = m.lock();
    auto second = std::move(first);
    EXPECT_EQ(*second, 1);
    EXPECT_FALSE(m.try_lock());
  }
  EXPECT_TRUE(m.try_lock());
}

TEST(mutex_guard, unlocks_early) {
  const fearless::mutex<int> m{1};
  auto guard = m.lock();
  guard.unlock();
  EXPECT_TRUE(m.try_lock());
}

TEST(mutex_guard, cannot_be_made_by_others) {
  static_assert(!std::is_default_constructible_v<fearless::mutex_guard<int>>);
  static_assert(!std::is_constructible_v<fearless::mutex_guard<int>, const fearless::mutex<int>&>);
}

#if GTEST_HAS_DEATH_TEST
TEST(mutex_guard_death, use_after_unlock_is_caught_in_debug_builds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const fearless::mutex<int> m{1};
  EXPECT_DEATH(
      {
        auto guard = m.lock();
        guard.unlock();
        *guard = 2;
      },
      "guard");
}
#endif

// --- condvar -------------------------------------------------------------------------------

TEST(condvar, notifications_without_waiters) {
  const fearless::condvar c;
  c.notify_one();
  c.notify_all();
}

TEST(condvar, notify_one) {
  const fearless::mutex<bool> m{false};
  const fearless::condvar c;
  auto guard = m.lock();
  auto other = fearless::spawn([&] {
    *m.lock() = true;
    c.notify_one();
  });
  while (!*guard)
    c.wait(guard);
  EXPECT_TRUE(*guard);
  guard.unlock();
  other.join();
}

TEST(condvar, wait_releases_and_retakes_the_lock) {
  const fearless::mutex<int> m{0};
  const fearless::condvar c;
  auto other = fearless::spawn([&] {
    auto guard = m.lock();
    *guard = 1;
    c.wait(guard, [](int value) { return value == 2; });
    *guard = 3;
    return m.try_lock().has_value();
  });
  ASSERT_TRUE(eventually([&] { return *m.lock() == 1; })); // so it let the lock go
  *m.lock() = 2;
  c.notify_one();
  EXPECT_FALSE(other.join());
  EXPECT_EQ(*m.lock(), 3);
}

TEST(condvar, notify_all) {
  constexpr int n = 10;
  const fearless::mutex<int> m{0};
  const fearless::condvar c;
  std::atomic<int> through{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != n; ++i)
      s.spawn([&] {
        auto guard = m.lock();
        *guard += 1;
        while (*guard != 0)
          c.wait(guard);
        ++through;
      });
    ASSERT_TRUE(eventually([&] { return *m.lock() == n; }));
    *m.lock() = 0;
    c.notify_all();
  });
  EXPECT_EQ(through, n);
}

TEST(condvar, notify_one_wakes_each_waiter_once) {
  const fearless::mutex<int> tickets{0};
  const fearless::condvar c;
  const int n = repeats(500);
  std::atomic<int> taken{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int t = 0; t != 3; ++t)
      s.spawn([&] {
        for (int i = 0; i != n; ++i) {
          auto guard = tickets.lock();
          c.wait(guard, [](int left) { return left > 0; });
          --*guard;
          ++taken;
        }
      });
    for (int i = 0; i != 3 * n; ++i) {
      ++*tickets.lock();
      c.notify_one();
    }
  });
  EXPECT_EQ(taken, 3 * n);
}

TEST(condvar, the_predicate_sees_the_data_or_nothing) {
  const fearless::mutex<int> m{3};
  const fearless::condvar c;
  auto guard = m.lock();
  c.wait(guard, [](const int& value) { return value == 3; });
  bool flag = true;
  c.wait(guard, [&flag] { return flag; });
  EXPECT_EQ(*guard, 3);
}

TEST(condvar, an_exception_of_the_predicate_leaves_the_lock_held) {
  const fearless::mutex<int> m{0};
  const fearless::condvar c;
  auto guard = m.lock();
  EXPECT_THROW(c.wait(guard, [](int) -> bool { throw boom{}; }), boom);
  EXPECT_EQ(*guard, 0);
  EXPECT_FALSE(fearless::spawn([&m] { return m.try_lock().has_value(); }).join());
}

TEST(condvar, wait_for_times_out) {
  const fearless::mutex<int> m{0};
  const fearless::condvar c;
  auto guard = m.lock();
  const stopwatch watch;
  fearless::wait_status status;
  do { // spurious wake-ups are allowed
    status = c.wait_for(guard, 5ms);
  } while (status != fearless::wait_status::timed_out);
  EXPECT_GE(watch.elapsed(), 5ms);
}

TEST(condvar, wait_for_with_a_predicate_that_never_holds) {
  const fearless::mutex<int> m{0};
  const fearless::condvar c;
  auto guard = m.lock();
  EXPECT_FALSE(c.wait_for(guard, 2ms, [](int) { return false; }));
  EXPECT_FALSE(c.wait_until(guard, std::chrono::steady_clock::now() + 2ms, [] { return false; }));
  EXPECT_FALSE(c.wait_until(guard, std::chrono::system_clock::now() + 2ms, [] { return false; }));
}

TEST(condvar, wait_for_with_a_predicate_that_holds_needs_no_time) {
  const fearless::mutex<int> m{0};
  const fearless::condvar c;
  auto guard = m.lock();
  EXPECT_TRUE(c.wait_for(guard, 0ms, [](int) { return true; }));
  EXPECT_TRUE(c.wait_for(guard, -1s, [](int) { return true; }));
}

TEST(condvar, wait_for_with_a_predicate_is_woken) {
  const fearless::mutex<bool> m{false};
  const fearless::condvar c;
  auto guard = m.lock();
  auto other = fearless::spawn([&] {
    auto inner = m.lock();
    std::this_thread::sleep_for(1ms);
    *inner = true;
    c.notify_one();
  });
  EXPECT_TRUE(c.wait_for(guard, std::chrono::milliseconds::max(), [](bool set) { return set; }));
  guard.unlock();
  other.join();
}

TEST(condvar, wait_until_is_woken) {
  const fearless::mutex<bool> m{false};
  const fearless::condvar c;
  auto guard = m.lock();
  auto other = fearless::spawn([&] {
    *m.lock() = true;
    c.notify_all();
  });
  while (!*guard)
    EXPECT_EQ(c.wait_until(guard, std::chrono::steady_clock::now() + 1h),
              fearless::wait_status::notified);
  guard.unlock();
  other.join();
}

TEST(condvar, serves_different_mutexes) {
  const fearless::mutex<int> a{0};
  const fearless::mutex<std::string> b;
  const fearless::condvar c;
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&] {
      auto guard = a.lock();
      c.wait(guard, [](int v) { return v == 1; });
    });
    s.spawn([&] {
      auto guard = b.lock();
      c.wait(guard, [](const std::string& v) { return v == "x"; });
    });
    std::this_thread::sleep_for(2ms);
    *a.lock() = 1;
    *b.lock() = "x";
    c.notify_all();
  });
}

TEST(condvar, a_bounded_queue_between_threads) {
  struct queue {
    std::vector<int> items;
    bool closed = false;
  };
  const fearless::mutex<queue> q;
  const fearless::condvar not_empty;
  const fearless::condvar not_full;
  const int n = repeats(3000);
  const long sum = fearless::scope([&](fearless::scope_handle& s) {
    for (int p = 0; p != 2; ++p)
      s.spawn([&] {
        for (int i = 1; i <= n; ++i) {
          auto guard = q.lock();
          not_full.wait(guard, [](const queue& x) { return x.items.size() < 4; });
          guard->items.push_back(i);
          guard.unlock();
          not_empty.notify_one();
        }
      });
    auto consumer = s.spawn([&] {
      long total = 0;
      for (int i = 0; i != 2 * n; ++i) {
        auto guard = q.lock();
        not_empty.wait(guard, [](const queue& x) { return !x.items.empty(); });
        total += guard->items.back();
        guard->items.pop_back();
        guard.unlock();
        not_full.notify_one();
      }
      return total;
    });
    return consumer.join();
  });
  EXPECT_EQ(sum, static_cast<long>(n) * (n + 1));
}

} // namespace
