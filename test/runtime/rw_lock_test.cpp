// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// mutex.h: rw_lock<T> and its guards. What Rust's std tests of RwLock, as facts
// about this library; timed waits and the precedence of writers in addition.

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

constinit fearless::rw_lock<int> constant_initialised{1};

TEST(rw_lock, is_small) { static_assert(sizeof(fearless::rw_lock<int>) == 12); }

TEST(rw_lock, read_and_write) {
  const fearless::rw_lock<int> l{0};
  { auto r = l.read(); }
  { auto w = l.write(); }
  {
    auto a = l.try_read();
    auto b = l.try_read();
    EXPECT_TRUE(a && b);
  }
  { auto w = l.write(); }
}

TEST(rw_lock, protects_its_value) {
  const fearless::rw_lock<std::string> l("a");
  *l.write() += "b";
  EXPECT_EQ(*l.read(), "ab");
  EXPECT_EQ(l.read()->size(), 2U);
}

TEST(rw_lock, construction) {
  const fearless::rw_lock<int> zero;
  EXPECT_EQ(*zero.read(), 0);
  const fearless::rw_lock deduced{2.5};
  static_assert(std::is_same_v<decltype(deduced), const fearless::rw_lock<double>>);
  const fearless::rw_lock<immovable> in_place(std::in_place, 3, 4);
  EXPECT_EQ(in_place.read()->sum, 7);
  EXPECT_EQ(*constant_initialised.read(), 1);
}

TEST(rw_lock, readers_share) {
  const fearless::rw_lock<int> l{1};
  auto mine = l.read();
  EXPECT_EQ(fearless::spawn([&l] { return *l.read(); }).join(), 1);
}

TEST(rw_lock, a_reader_excludes_writers) {
  const fearless::rw_lock<int> l{1};
  auto r = l.read();
  EXPECT_FALSE(l.try_write());
  EXPECT_TRUE(l.try_read());
  r.unlock();
  EXPECT_TRUE(l.try_write());
}

TEST(rw_lock, a_writer_excludes_all) {
  const fearless::rw_lock<int> l{1};
  auto w = l.write();
  EXPECT_FALSE(l.try_write());
  EXPECT_FALSE(l.try_read());
  w.unlock();
  EXPECT_TRUE(l.try_read());
}

TEST(rw_lock, guards_are_const_where_they_should_be) {
  using reader = fearless::read_guard<int>;
  using writer = fearless::write_guard<int>;
  static_assert(std::is_same_v<decltype(*std::declval<reader&>()), const int&>);
  static_assert(std::is_same_v<decltype(*std::declval<writer&>()), int&>);
  static_assert(std::is_same_v<decltype(*std::declval<const writer&>()), const int&>);
  static_assert(!std::is_copy_constructible_v<reader> && !std::is_copy_constructible_v<writer>);
}

TEST(rw_lock, guards_move) {
  const fearless::rw_lock<int> l{1};
  {
    auto a = l.read();
    auto b = std::move(a);
    EXPECT_FALSE(l.try_write());
  }
  {
    auto a = l.write();
    auto b = std::move(a);
    *b = 2;
    EXPECT_FALSE(l.try_read());
  }
  EXPECT_EQ(*l.read(), 2);
}

TEST(rw_lock, frob) {
  const fearless::rw_lock<long> l{0};
  const int rounds = repeats(3000);
  std::atomic<int> writes{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (unsigned t = 0; t != 6; ++t)
      s.spawn([&, t] {
        unsigned random = t + 1;
        for (int i = 0; i != rounds; ++i) {
          random = random * 1664525U + 1013904223U;
          if ((random >> 16) % 6 == 0) {
            *l.write() += 1;
            ++writes;
          } else {
            EXPECT_GE(*l.read(), 0);
          }
        }
      });
  });
  EXPECT_EQ(*l.read(), writes);
}

TEST(rw_lock, readers_never_see_a_half_done_write) {
  const auto l = fearless::make_arc<fearless::rw_lock<int>>(0);
  auto writer = fearless::spawn([l] {
    auto w = l->write();
    for (int i = 0; i != 10; ++i) {
      const int before = *w;
      *w = -1;
      std::this_thread::yield();
      *w = before + 1;
    }
  });
  std::vector<fearless::join_handle<int>> readers;
  for (int i = 0; i != 5; ++i)
    readers.push_back(fearless::spawn([l] { return *l->read(); }));
  for (auto& r : readers)
    EXPECT_GE(r.join(), 0);
  writer.join();
  EXPECT_EQ(*l->read(), 10);
}

TEST(rw_lock, an_exception_unlocks) {
  const fearless::rw_lock<int> l{0};
  EXPECT_THROW(
      {
        auto w = l.write();
        *w = 1;
        throw boom{};
      },
      boom);
  EXPECT_THROW(
      {
        auto r = l.read();
        throw boom{};
      },
      boom);
  EXPECT_TRUE(l.try_write());
  EXPECT_EQ(*l.read(), 1);
}

TEST(rw_lock, can_be_locked_during_unwinding) {
  const fearless::rw_lock<int> l{1};
  struct unwinder {
    const fearless::rw_lock<int>& l;
    ~unwinder() { *l.write() += 1; }
  };
  auto thread = fearless::spawn([&l] {
    const unwinder u{l};
    throw boom{};
  });
  EXPECT_THROW(thread.join(), boom);
  EXPECT_EQ(*l.read(), 2);
}

TEST(rw_lock, into_inner_and_get_mut) {
  fearless::rw_lock<std::unique_ptr<int>> l(std::make_unique<int>(1));
  *std::move(l).get_mut() = 2;
  EXPECT_EQ(*std::move(l).into_inner(), 2);
}

TEST(rw_lock, destroys_its_value) {
  census people;
  { const fearless::rw_lock<counted> l(std::in_place, people); }
  EXPECT_EQ(people.alive, 0);
}

TEST(rw_lock, timed_reads_and_writes) {
  const fearless::rw_lock<int> l{0};
  EXPECT_TRUE(l.try_read_for(0ms));
  EXPECT_TRUE(l.try_write_for(-1s));
  EXPECT_TRUE(l.try_read_until(std::chrono::system_clock::time_point::max()));
  EXPECT_TRUE(l.try_write_until(std::chrono::steady_clock::time_point::max()));
  auto w = l.write();
  const stopwatch watch;
  EXPECT_FALSE(l.try_read_for(5ms));
  EXPECT_FALSE(l.try_write_for(5ms));
  EXPECT_FALSE(l.try_read_until(std::chrono::steady_clock::now() + 5ms));
  EXPECT_FALSE(l.try_write_until(std::chrono::system_clock::now() + 5ms));
  EXPECT_GE(watch.elapsed(), 18ms);
  EXPECT_LT(watch.elapsed(), 5s);
}

TEST(rw_lock, a_timed_wait_ends_by_the_lock) {
  const fearless::rw_lock<int> l{0};
  auto w = l.write();
  auto reader = fearless::spawn([&l] { return l.try_read_for(10s).has_value(); });
  auto writer = fearless::spawn([&l] { return l.try_write_for(10s).has_value(); });
  std::this_thread::sleep_for(5ms);
  w.unlock();
  EXPECT_TRUE(reader.join());
  EXPECT_TRUE(writer.join());
}

TEST(rw_lock, new_readers_do_not_join_readers_while_a_writer_waits) {
  const fearless::rw_lock<int> l{0};
  auto r = l.read();
  std::atomic<bool> started{false};
  auto writer = fearless::spawn([&] {
    started = true;
    *l.write() = 1;
  });
  ASSERT_TRUE(eventually([&] { return started && !l.try_read(); })); // it waits now
  EXPECT_FALSE(fearless::spawn([&l] { return l.try_read_for(5ms).has_value(); }).join());
  r.unlock();
  writer.join();
  EXPECT_EQ(*l.read(), 1);
}

TEST(rw_lock, a_writer_is_not_starved_by_readers) {
  const fearless::rw_lock<int> l{0};
  std::atomic<bool> stop{false};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != 3; ++i)
      s.spawn([&] {
        while (!stop)
          static_cast<void>(*l.read());
      });
    *l.write() = 1;
    stop = true;
  });
  EXPECT_EQ(*l.read(), 1);
}

TEST(rw_lock, a_writer_that_gave_up_lets_readers_in) {
  // It must not leave its "a writer waits" behind: a reader would wait for another.
  const fearless::rw_lock<int> l{0};
  auto r = l.read();
  EXPECT_FALSE(l.try_write_for(2ms));
  EXPECT_TRUE(l.try_read());
  EXPECT_TRUE(fearless::spawn([&l] { return l.try_read_for(10s).has_value(); }).join());
}

TEST(rw_lock, a_writer_that_gives_up_wakes_the_readers_behind_it) {
  const fearless::rw_lock<int> l{0};
  auto r = l.read();
  auto writer = fearless::spawn([&l] { return l.try_write_for(50ms).has_value(); });
  ASSERT_TRUE(eventually([&] { return writer.is_finished() || !l.try_read(); }));
  EXPECT_TRUE(fearless::spawn([&l] { return l.try_read_for(10s).has_value(); }).join());
  EXPECT_FALSE(writer.join());
}

TEST(rw_lock, one_writer_gives_up_another_still_gets_the_lock) {
  const fearless::rw_lock<int> l{0};
  auto r = l.read();
  auto patient = fearless::spawn([&l] { *l.write() = 7; });
  auto hasty = fearless::spawn([&l] { return l.try_write_for(5ms).has_value(); });
  EXPECT_FALSE(hasty.join());
  r.unlock();
  patient.join();
  EXPECT_EQ(*l.read(), 7);
}

TEST(rw_lock, timed_and_patient_threads_in_a_mix) {
  const fearless::rw_lock<long> l{0};
  const int rounds = repeats(1500);
  std::atomic<long> writes{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int t = 0; t != 4; ++t)
      s.spawn([&, t] {
        for (int i = 0; i != rounds; ++i) {
          const auto patience = std::chrono::microseconds(i % 30);
          switch (t) {
          case 0:
            *l.write() += 1;
            ++writes;
            break;
          case 1:
            if (auto w = l.try_write_for(patience)) {
              **w += 1;
              ++writes;
            }
            break;
          case 2:
            static_cast<void>(*l.read());
            break;
          default:
            static_cast<void>(l.try_read_for(patience));
          }
        }
      });
  });
  EXPECT_EQ(*l.read(), writes);
}

} // namespace
