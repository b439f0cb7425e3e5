// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lazy.h: once_cell<T> and lazy<T>. What Rust's std tests of OnceLock, LazyLock
// and Once, as facts about this library.

#include "fearless/lazy.h"
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

// --- once_cell ---------------------------------------------------------------------------

TEST(once_cell, is_empty_then_full_for_ever) {
  static constinit fearless::once_cell<int> cell;
  EXPECT_EQ(cell.get(), nullptr);
  fearless::spawn([] {
    EXPECT_EQ(cell.get_or_init([] { return 92; }), 92);
    EXPECT_EQ(*cell.get(), 92);
  }).join();
  EXPECT_EQ(cell.get_or_init([]() -> int { throw boom{}; }), 92);
  EXPECT_EQ(*cell.get(), 92);
}

TEST(once_cell, set_wins_once) {
  const fearless::once_cell<std::string> cell;
  EXPECT_TRUE(cell.set("first"));
  EXPECT_FALSE(cell.set("second"));
  EXPECT_EQ(*cell.get(), "first");
}

TEST(once_cell, a_set_that_loses_leaves_its_argument) {
  const fearless::once_cell<std::unique_ptr<int>> cell;
  EXPECT_TRUE(cell.set(std::make_unique<int>(1)));
  auto mine = std::make_unique<int>(2);
  EXPECT_FALSE(cell.set(std::move(mine)));
  EXPECT_EQ(*mine, 2);
}

TEST(once_cell, set_constructs_in_place) {
  const fearless::once_cell<immovable> cell;
  EXPECT_TRUE(cell.set(1, 2));
  EXPECT_EQ(cell.get()->sum, 3);
  const fearless::once_cell<immovable> other;
  EXPECT_EQ(other.get_or_init([] { return immovable(3, 4); }).sum, 7);
}

TEST(once_cell, gives_const_access_only) {
  using cell = fearless::once_cell<int>;
  static_assert(std::is_same_v<decltype(std::declval<cell&>().get()), const int*>);
  static_assert(std::is_same_v<decltype(std::declval<cell&>().get_or_init([] { return 1; })), const int&>);
  static_assert(!std::is_copy_constructible_v<cell> && !std::is_move_constructible_v<cell>);
}

TEST(once_cell, destroys_its_value) {
  census people;
  {
    const fearless::once_cell<counted> cell;
    cell.get_or_init([&] { return counted(people); });
    EXPECT_EQ(people.alive, 1);
  }
  EXPECT_EQ(people.alive, 0);
  { const fearless::once_cell<std::string> empty; }
}

TEST(once_cell, an_exception_leaves_it_empty_for_the_next) {
  const fearless::once_cell<std::string> cell;
  EXPECT_THROW(cell.get_or_init([]() -> std::string { throw boom{}; }), boom);
  EXPECT_EQ(cell.get(), nullptr);
  EXPECT_EQ(cell.get_or_init([] { return std::string("hello"); }), "hello");
}

TEST(once_cell, waiting_threads_retry_after_an_exception) {
  const fearless::once_cell<int> cell;
  std::atomic<int> attempts{0};
  std::atomic<int> failures{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != 4; ++i)
      s.spawn([&] {
        try {
          cell.get_or_init([&]() -> int {
            const int attempt = ++attempts;
            std::this_thread::sleep_for(2ms);
            if (attempt < 3)
              throw boom{};
            return attempt;
          });
        } catch (const boom&) {
          ++failures;
        }
      });
  });
  EXPECT_EQ(failures, 2);
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(*cell.get(), 3);
}

TEST(once_cell, one_thread_initialises_the_others_wait) {
  for (int i = 0; i != repeats(50); ++i) {
    const fearless::once_cell<std::vector<int>> cell;
    std::atomic<int> calls{0};
    gate start(4);
    fearless::scope([&](fearless::scope_handle& s) {
      for (int t = 0; t != 4; ++t)
        s.spawn([&] {
          start.pass();
          const auto& value = cell.get_or_init([&] {
            ++calls;
            std::this_thread::yield();
            return std::vector<int>{1, 2, 3};
          });
          EXPECT_EQ(value.size(), 3U);
        });
    });
    ASSERT_EQ(calls, 1);
  }
}

TEST(once_cell, get_does_not_wait) {
  const fearless::once_cell<int> cell;
  std::atomic<bool> inside{false};
  std::atomic<bool> go{false};
  auto other = fearless::spawn([&] {
    cell.get_or_init([&] {
      inside = true;
      while (!go)
        std::this_thread::yield();
      return 1;
    });
  });
  ASSERT_TRUE(eventually([&] { return inside.load(); }));
  EXPECT_EQ(cell.get(), nullptr);
  go = true;
  other.join();
  EXPECT_EQ(*cell.get(), 1);
}

TEST(once_cell, set_waits_for_a_running_initialiser) {
  const fearless::once_cell<int> cell;
  std::atomic<bool> inside{false};
  auto other = fearless::spawn([&] {
    cell.get_or_init([&] {
      inside = true;
      std::this_thread::sleep_for(10ms);
      return 1;
    });
  });
  ASSERT_TRUE(eventually([&] { return inside.load(); }));
  EXPECT_FALSE(cell.set(2));
  EXPECT_EQ(*cell.get(), 1);
  other.join();
}

TEST(once_cell, readers_see_whole_values_only) {
  const fearless::once_cell<std::string> cell;
  const std::string message = "Hello, World";
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != 4; ++i)
      s.spawn([&] {
        const std::string* seen = nullptr;
        while ((seen = cell.get()) == nullptr)
          std::this_thread::yield();
        EXPECT_EQ(*seen, message);
      });
    for (int i = 0; i != 3; ++i)
      s.spawn([&] { cell.set(message); });
  });
}

TEST(once_cell, into_inner) {
  fearless::once_cell<std::unique_ptr<int>> empty;
  EXPECT_FALSE(std::move(empty).into_inner());
  fearless::once_cell<std::unique_ptr<int>> full;
  full.set(std::make_unique<int>(4));
  EXPECT_EQ(**std::move(full).into_inner(), 4);
}

TEST(once_cell, a_static_inside_a_function) {
  struct table {
    static const std::vector<int>& fibonacci() {
      static constinit fearless::once_cell<std::vector<int>> cell;
      return cell.get_or_init([] {
        std::vector<int> f{1, 1};
        for (std::size_t i = 0; i != 10; ++i)
          f.push_back(f[i] + f[i + 1]);
        return f;
      });
    }
  };
  EXPECT_EQ(table::fibonacci()[5], 8);
  EXPECT_EQ(&table::fibonacci(), &table::fibonacci());
}

// --- lazy -----------------------------------------------------------------------------------

TEST(lazy, is_made_at_the_first_use) {
  static std::atomic<int> calls{0};
  static const fearless::lazy<int> value{[] {
    ++calls;
    return 92;
  }};
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(value.get_if_made(), nullptr);
  EXPECT_EQ(fearless::spawn([] { return *value - 30; }).join(), 62);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(*value, 92);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(*value.get_if_made(), 92);
}

TEST(lazy, reaches_members) {
  const fearless::lazy<std::vector<int>> xs{[] { return std::vector<int>{1, 2, 3}; }};
  EXPECT_EQ(xs->size(), 3U);
  EXPECT_EQ((*xs)[2], 3);
  EXPECT_EQ(&xs.force(), &*xs);
}

TEST(lazy, deduces_its_type_from_a_closure) {
  int base = 5; // not const: a constant would not have to be captured
  const fearless::lazy value{[base] { return base + 1; }};
  static_assert(std::is_same_v<decltype(value)::value_type, int>);
  EXPECT_EQ(*value, 6);
}

TEST(lazy, a_value_that_cannot_move) {
  const fearless::lazy<immovable> value{[] { return immovable(1, 2); }};
  EXPECT_EQ(value->sum, 3);
}

TEST(lazy, data_that_changes_needs_a_lock) {
  static_assert(std::is_same_v<decltype(*std::declval<fearless::lazy<int>&>()), const int&>);
  const fearless::lazy<fearless::mutex<int>> value{[] { return fearless::mutex<int>(42); }};
  *value->lock() = 21;
  EXPECT_EQ(*value->lock(), 21);
}

TEST(lazy, an_exception_goes_to_the_caller_and_the_next_tries_again) {
  int attempts = 0;
  const fearless::lazy value{[&attempts]() -> std::string {
    if (++attempts < 3)
      throw boom{};
    return "made";
  }};
  EXPECT_THROW(static_cast<void>(value->size()), boom);
  EXPECT_THROW(static_cast<void>(*value), boom);
  EXPECT_EQ(*value, "made");
  EXPECT_EQ(attempts, 3);
}

TEST(lazy, one_thread_makes_it) {
  std::atomic<int> calls{0};
  const fearless::lazy value{[&calls] {
    std::this_thread::sleep_for(2ms);
    return ++calls;
  }};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != 4; ++i)
      s.spawn([&value] { EXPECT_EQ(*value, 1); });
  });
  EXPECT_EQ(calls, 1);
}

TEST(lazy, that_is_never_used_is_never_made) {
  census people;
  { const fearless::lazy value{[&people] { return counted(people); }}; }
  EXPECT_EQ(people.died, 0);
}

} // namespace
