// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thread.h and span.h: scope() and what is spawned in it, which exception comes
// out, and the disjoint parts of a sequence that scoped threads work on.

#include "fearless/thread.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using namespace fearless_test;

namespace {

// --- scope ----------------------------------------------------------------------------

TEST(scope, joins_all_before_it_returns) {
  std::atomic<int> done{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != 8; ++i)
      s.spawn([&done] {
        std::this_thread::sleep_for(5ms);
        ++done;
      });
  });
  EXPECT_EQ(done, 8);
}

TEST(scope, threads_borrow_from_the_surroundings) {
  int a = 1;
  std::vector<int> v{1, 2, 3};
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&a] { a = 2; });
    s.spawn([&v] { v.push_back(4); });
  });
  EXPECT_EQ(a, 2);
  EXPECT_EQ(v.size(), 4U);
}

TEST(scope, returns_what_the_closure_returns) {
  EXPECT_EQ(fearless::scope([](fearless::scope_handle&) { return 5; }), 5);
  auto p = fearless::scope([](fearless::scope_handle&) { return std::make_unique<int>(6); });
  EXPECT_EQ(*p, 6);
  int target = 0;
  int& r = fearless::scope([&](fearless::scope_handle&) -> int& { return target; });
  EXPECT_EQ(&r, &target);
  static_assert(std::is_void_v<decltype(fearless::scope([](fearless::scope_handle&) {}))>);
}

TEST(scope, the_closure_may_take_a_const_handle) {
  bool ran = false;
  fearless::scope([&](const fearless::scope_handle& s) { s.spawn([&ran] { ran = true; }); });
  EXPECT_TRUE(ran);
}

TEST(scope, a_handle_gives_the_result) {
  const int sum = fearless::scope([](fearless::scope_handle& s) {
    auto a = s.spawn([] { return 1; });
    auto b = s.spawn([](int n) { return n; }, 2);
    return a.join() + b.join();
  });
  EXPECT_EQ(sum, 3);
}

TEST(scope, handles_give_references_and_nothing) {
  int target = 0;
  fearless::scope([&](fearless::scope_handle& s) {
    auto r = s.spawn([&target]() -> int& { return target; });
    EXPECT_EQ(&r.join(), &target);
    auto v = s.spawn([] {});
    v.join();
    EXPECT_FALSE(v.joinable());
    EXPECT_THROW(v.join(), std::system_error);
  });
}

TEST(scope, spawn_returns_before_the_thread_ends) {
  std::atomic<bool> go{false};
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&go] {
      while (!go)
        std::this_thread::yield();
    }); // the dropped handle must not join
    go = true;
  });
}

TEST(scope, what_the_threads_did_is_visible_after_it) {
  for (int i = 0; i != repeats(100); ++i) {
    int a = 0;
    int b = 0;
    fearless::scope([&](fearless::scope_handle& s) {
      s.spawn([&a] { a = 1; });
      s.spawn([&b] { b = 1; });
    });
    ASSERT_EQ(a + b, 2);
  }
}

TEST(scope, nested) {
  std::atomic<int> done{0};
  fearless::scope([&](fearless::scope_handle& outer) {
    outer.spawn([&done] {
      fearless::scope([&done](fearless::scope_handle& inner) {
        inner.spawn([&done] { ++done; });
        inner.spawn([&done] { ++done; });
      });
      EXPECT_EQ(done, 2);
      ++done;
    });
    fearless::scope([&](fearless::scope_handle& inner) { inner.spawn([] {}); });
  });
  EXPECT_EQ(done, 3);
}

TEST(scope, a_scoped_thread_spawns_into_the_same_scope) {
  std::atomic<int> done{0};
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&] {
      std::this_thread::sleep_for(5ms); // the closure of the scope is over by now
      s.spawn([&] {
        std::this_thread::sleep_for(5ms);
        s.spawn([&] { ++done; });
        ++done;
      });
      ++done;
    });
  });
  EXPECT_EQ(done, 3);
}

TEST(scope, a_tree_of_threads) {
  std::atomic<int> leaves{0};
  struct tree {
    static void grow(const fearless::scope_handle& s, std::atomic<int>& count, int depth) {
      if (depth == 0) {
        ++count;
        return;
      }
      for (int i = 0; i != 2; ++i)
        s.spawn([&s, &count, depth] { grow(s, count, depth - 1); });
    }
  };
  fearless::scope([&](fearless::scope_handle& s) { tree::grow(s, leaves, 5); });
  EXPECT_EQ(leaves, 32);
}

TEST(scope, a_result_that_spawns_when_it_is_dropped) {
  // After Rust's test_scoped_threads_drop_result_before_join.
  std::atomic<bool> really_done{false};
  struct spawner {
    const fearless::scope_handle* s;
    std::atomic<bool>* flag;
    spawner(const fearless::scope_handle& handle, std::atomic<bool>& f) : s(&handle), flag(&f) {}
    spawner(spawner&& other) noexcept : s(std::exchange(other.s, nullptr)), flag(other.flag) {}
    ~spawner() {
      if (s != nullptr)
        s->spawn([f = flag] {
          std::this_thread::sleep_for(10ms);
          *f = true;
        });
    }
  };
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&] { return spawner(s, really_done); });
  });
  EXPECT_TRUE(really_done);
  really_done = false;
  std::optional<fearless::scoped_join_handle<spawner>> kept;
  fearless::scope([&](fearless::scope_handle& s) {
    kept.emplace(s.spawn([&] { return spawner(s, really_done); }));
    auto moved = std::move(*kept);
    kept.reset();
    while (!moved.is_finished())
      std::this_thread::yield();
  });
  EXPECT_TRUE(really_done);
}

TEST(scope, waits_for_the_destructors_of_thread_locals) {
  static std::atomic<int> destroyed{0};
  struct late {
    int touched = 0;
    ~late() {
      std::this_thread::sleep_for(10ms);
      ++destroyed;
    }
  };
  fearless::scope([](fearless::scope_handle& s) {
    for (int i = 0; i != 3; ++i)
      s.spawn([] {
        static thread_local late local;
        local.touched = 1;
      });
  });
  EXPECT_EQ(destroyed, 3);
}

TEST(scope, many_short_threads_do_not_pile_up) {
  // Ended threads are joined while the scope goes on: their number would hit the
  // limits of the system otherwise, and the memory for their stacks.
  std::atomic<int> done{0};
  fearless::scope([&](fearless::scope_handle& s) {
    for (int i = 0; i != repeats(3000); ++i)
      s.spawn([&done] { ++done; });
  });
  EXPECT_EQ(done, repeats(3000));
}

TEST(scope, one_child_joins_another) {
  fearless::scope([](fearless::scope_handle& s) {
    auto first = s.spawn([] {
      std::this_thread::sleep_for(5ms);
      return 20;
    });
    auto second = s.spawn([first = std::move(first)]() mutable { return first.join() + 1; });
    EXPECT_EQ(second.join(), 21);
  });
}

TEST(scope, a_child_joins_another_while_the_scope_waits) {
  for (int i = 0; i != repeats(200); ++i) {
    int result = 0;
    fearless::scope([&](fearless::scope_handle& s) {
      auto first = s.spawn([] { return 20; });
      s.spawn([&result, first = std::move(first)]() mutable { result = first.join() + 1; });
    });
    ASSERT_EQ(result, 21);
  }
}

TEST(scope, is_finished_and_identity_of_a_child) {
  fearless::scope([](fearless::scope_handle& s) {
    std::atomic<bool> go{false};
    auto child = s.spawn([&go] {
      while (!go)
        std::this_thread::yield();
      return fearless::current_id();
    });
    EXPECT_FALSE(child.is_finished());
    const auto id = child.id();
    EXPECT_EQ(child.thread().id(), id);
    go = true;
    EXPECT_EQ(child.join(), id);
  });
}

TEST(scope, a_handle_that_outlives_the_scope_still_gives_the_result) {
  std::optional<fearless::scoped_join_handle<int>> kept;
  fearless::scope([&](fearless::scope_handle& s) { kept.emplace(s.spawn([] { return 9; })); });
  EXPECT_TRUE(kept->is_finished());
  EXPECT_EQ(kept->join(), 9);
}

TEST(scope, named_children) {
  fearless::scope([](fearless::scope_handle& s) {
    auto child = fearless::thread_builder().name("scoped").spawn_scoped(
        s, [](int n) { return std::string(fearless::current().name()) + std::to_string(n); }, 1);
    EXPECT_EQ(child.join(), "scoped1");
    auto tried = fearless::thread_builder().try_spawn_scoped(s, [] { return 2; });
    ASSERT_TRUE(tried);
    EXPECT_EQ(tried.take().join(), 2);
    auto plain = s.try_spawn([] { return 3; });
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->join(), 3);
  });
}

TEST(scope, a_child_that_cannot_be_started) {
  std::atomic<bool> other{false};
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&other] { other = true; });
    const auto impossible =
        fearless::thread_builder().name(std::string("\0", 1)).try_spawn_scoped(s, [] {});
    EXPECT_FALSE(impossible);
#if !FEARLESS_PORTABLE_THREAD
    EXPECT_THROW(
        fearless::thread_builder().stack_size(static_cast<std::size_t>(1) << 60).spawn_scoped(s, [] {}),
        std::system_error);
#endif
  });
  EXPECT_TRUE(other);
}

// --- exceptions ------------------------------------------------------------------------

TEST(scope_exception, of_a_child_comes_out_after_all_are_joined) {
  std::atomic<int> done{0};
  EXPECT_THROW(fearless::scope([&](fearless::scope_handle& s) {
                 s.spawn([] { throw boom{}; });
                 s.spawn([&done] {
                   std::this_thread::sleep_for(20ms);
                   ++done;
                 });
               }),
               boom);
  EXPECT_EQ(done, 1);
}

TEST(scope_exception, of_the_closure_comes_out_after_all_are_joined) {
  std::atomic<int> done{0};
  EXPECT_THROW(fearless::scope([&](fearless::scope_handle& s) {
                 s.spawn([&done] {
                   std::this_thread::sleep_for(20ms);
                   ++done;
                 });
                 throw boom{};
               }),
               boom);
  EXPECT_EQ(done, 1);
}

TEST(scope_exception, the_closures_own_wins_over_a_childs) {
  testing::internal::CaptureStderr();
  try {
    fearless::scope([](fearless::scope_handle& s) {
      s.spawn([] { throw boom{1}; });
      std::this_thread::sleep_for(5ms);
      throw boom{2};
    });
    FAIL() << "no exception";
  } catch (const boom& b) {
    EXPECT_EQ(b.number, 2);
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("nobody received"), std::string::npos);
}

TEST(scope_exception, of_several_children_that_of_the_first_spawned) {
  testing::internal::CaptureStderr();
  for (int i = 0; i != repeats(20); ++i) {
    try {
      fearless::scope([](fearless::scope_handle& s) {
        s.spawn([] {
          std::this_thread::sleep_for(2ms); // the first spawned, the last to throw
          throw boom{1};
        });
        s.spawn([] { throw boom{2}; });
        s.spawn([] { throw boom{3}; });
      });
      ADD_FAILURE() << "no exception";
    } catch (const boom& b) {
      EXPECT_EQ(b.number, 1);
    }
  }
  testing::internal::GetCapturedStderr();
}

TEST(scope_exception, that_a_handle_received_is_not_thrown_again) {
  fearless::scope([](fearless::scope_handle& s) {
    auto child = s.spawn([]() -> int { throw boom{4}; });
    EXPECT_THROW(child.join(), boom);
  });
}

TEST(scope_exception, that_a_child_received_from_its_sibling_is_not_thrown_again) {
  for (int i = 0; i != repeats(100); ++i) {
    std::atomic<bool> caught{false};
    fearless::scope([&](fearless::scope_handle& s) {
      auto thrower = s.spawn([]() -> int { throw boom{}; });
      s.spawn([&caught, thrower = std::move(thrower)]() mutable {
        std::this_thread::yield();
        try {
          thrower.join();
        } catch (const boom&) {
          caught = true;
        }
      });
    });
    ASSERT_TRUE(caught);
  }
}

TEST(scope_exception, of_a_child_with_a_living_handle_comes_out) {
  EXPECT_THROW(fearless::scope([](fearless::scope_handle& s) {
                 auto child = s.spawn([]() -> int { throw boom{}; });
                 while (!child.is_finished())
                   std::this_thread::yield();
               }),
               boom);
}

TEST(scope_exception, of_a_grandchild_comes_out) {
  EXPECT_THROW(fearless::scope([](fearless::scope_handle& s) {
                 s.spawn([&s] { s.spawn([] { throw boom{}; }); });
               }),
               boom);
}

TEST(scope_exception, of_a_nested_scope_passes_through_the_child) {
  EXPECT_THROW(fearless::scope([](fearless::scope_handle& outer) {
                 outer.spawn([] {
                   fearless::scope([](fearless::scope_handle& inner) {
                     inner.spawn([] { throw boom{}; });
                   });
                 });
               }),
               boom);
}

TEST(scope_exception, among_many_short_threads) {
  testing::internal::CaptureStderr();
  EXPECT_THROW(fearless::scope([](fearless::scope_handle& s) {
                 for (int i = 0; i != 100; ++i)
                   s.spawn([i] {
                     if (i % 10 == 3)
                       throw boom{i};
                   });
               }),
               boom);
  testing::internal::GetCapturedStderr();
}

TEST(scope_exception, the_result_of_the_closure_is_destroyed) {
  census people;
  EXPECT_THROW(static_cast<void>(fearless::scope([&](fearless::scope_handle& s) {
                 s.spawn([] { throw boom{}; });
                 return counted(people);
               })),
               boom);
  EXPECT_EQ(people.alive, 0);
}

// --- parts -------------------------------------------------------------------------------

TEST(unique_span, is_move_only_and_empties_its_source) {
  static_assert(!std::is_copy_constructible_v<fearless::unique_span<int>>);
  static_assert(!std::is_copy_assignable_v<fearless::unique_span<int>>);
  static_assert(std::is_nothrow_move_constructible_v<fearless::unique_span<int>>);
  std::array<int, 4> a{1, 2, 3, 4};
  auto [left, right] = fearless::split_at(a, 1);
  EXPECT_EQ(left.size(), 1U);
  EXPECT_EQ(right.size(), 3U);
  auto moved = std::move(right);
  EXPECT_TRUE(right.empty());
  EXPECT_EQ(right.data(), nullptr);
  EXPECT_EQ(moved.front(), 2);
  EXPECT_EQ(moved.back(), 4);
  EXPECT_EQ(moved[1], 3);
  left = std::move(moved);
  EXPECT_EQ(left.size(), 3U);
  EXPECT_TRUE(moved.empty());
  auto& self = left;
  left = std::move(self);
  EXPECT_EQ(left.size(), 3U);
}

TEST(unique_span, is_a_contiguous_range) {
  static_assert(std::ranges::contiguous_range<fearless::unique_span<int>>);
  std::vector<int> v{1, 2, 3};
  auto [all, none] = fearless::split_at(v, 3);
  EXPECT_EQ(std::accumulate(all.begin(), all.end(), 0), 6);
  EXPECT_TRUE(none.empty());
  const auto& constant = all;
  constant[0] = 5; // as with std::span, constness is that of the elements
  EXPECT_EQ(v[0], 5);
}

TEST(split_at, gives_both_parts) {
  std::vector<int> v{1, 2, 3, 4, 5};
  for (std::size_t i = 0; i <= v.size(); ++i) {
    auto [left, right] = fearless::split_at(v, i);
    EXPECT_EQ(left.size(), i);
    EXPECT_EQ(right.size(), v.size() - i);
    EXPECT_EQ(left.data(), v.data());
    EXPECT_EQ(right.data(), v.data() + i);
  }
}

TEST(split_at, behind_the_end_is_an_error) {
  std::vector<int> v(3);
  EXPECT_THROW(static_cast<void>(fearless::split_at(v, 4)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(fearless::split_at(std::span<int>(v), 4)), std::invalid_argument);
}

template <class R>
concept can_split = requires(R&& r) { fearless::split_at(std::forward<R>(r), std::size_t{1}); };

TEST(split_at, takes_what_lends_its_elements_only) {
  static_assert(can_split<std::vector<int>&>);
  static_assert(can_split<std::array<int, 3>&>);
  static_assert(can_split<int (&)[3]>);
  static_assert(can_split<std::span<int>>);
  static_assert(can_split<const std::span<int>&>);
  static_assert(can_split<fearless::unique_span<int>>);
  static_assert(!can_split<fearless::unique_span<int>&>, "its elements would be shown twice");
  static_assert(!can_split<std::vector<int>>, "a temporary dies before the parts");
}

TEST(split_at, const_elements_give_ordinary_spans) {
  const std::vector<int> v{1, 2};
  auto parts = fearless::split_at(v, 1);
  static_assert(std::is_same_v<decltype(parts.first), std::span<const int>>);
  EXPECT_EQ(parts.second[0], 2);
}

TEST(split_at, a_part_is_split_further) {
  std::vector<int> v{1, 2, 3, 4};
  auto [left, right] = fearless::split_at(v, 2);
  auto [a, b] = fearless::split_at(std::move(right), 1);
  EXPECT_TRUE(right.empty());
  EXPECT_EQ(a[0], 3);
  EXPECT_EQ(b[0], 4);
  EXPECT_EQ(left.size(), 2U);
}

TEST(chunks_of, gives_all_elements_once) {
  for (std::size_t n = 0; n != 12; ++n) {
    std::vector<int> v(n, 0);
    for (std::size_t chunk = 1; chunk != 14; ++chunk) {
      std::size_t parts = 0;
      for (auto part : fearless::chunks_of(v, chunk)) {
        ++parts;
        EXPECT_GE(part.size(), 1U);
        EXPECT_LE(part.size(), chunk);
        for (int& i : part)
          ++i;
      }
      EXPECT_EQ(parts, (n + chunk - 1) / chunk);
    }
    for (const int i : v)
      EXPECT_EQ(i, 13);
  }
}

TEST(chunks_of, tells_how_many_are_left) {
  std::vector<int> v(10);
  auto range = fearless::chunks_of(v, 4);
  EXPECT_EQ(range.size(), 3U);
  EXPECT_EQ(range.next().size(), 4U);
  EXPECT_EQ(range.size(), 2U);
  EXPECT_EQ(range.next().size(), 4U);
  EXPECT_EQ(range.next().size(), 2U);
  EXPECT_TRUE(range.empty());
  EXPECT_EQ(fearless::chunks_of(v, static_cast<std::size_t>(-1)).size(), 1U);
}

TEST(chunks_of, each_position_is_given_out_once) {
  std::vector<int> v(4);
  auto range = fearless::chunks_of(v, 2);
  auto position = range.begin();
  const auto first = *position;
  const auto again = *position;
  EXPECT_EQ(first.size(), 2U);
  EXPECT_EQ(again.size(), 0U);
  ++position;
  const auto second = *position;
  EXPECT_EQ(second.data(), v.data() + 2);
  ++position;
  EXPECT_TRUE(position == range.end());
}

TEST(chunks_of, a_position_may_be_skipped) {
  std::vector<int> v(5);
  auto range = fearless::chunks_of(v, 2);
  auto position = range.begin();
  ++position;
  position++;
  const auto last = *position;
  EXPECT_EQ(last.data(), v.data() + 4);
  EXPECT_EQ(last.size(), 1U);
  static_assert(std::ranges::input_range<decltype(range)>);
}

TEST(chunks_of, of_nothing_is_an_error) {
  std::vector<int> v(4);
  EXPECT_THROW(static_cast<void>(fearless::chunks_of(v, 0)), std::invalid_argument);
}

TEST(chunks_of, scoped_threads_write_their_parts) {
  std::vector<int> v(1000);
  std::iota(v.begin(), v.end(), 0);
  fearless::scope([&](fearless::scope_handle& s) {
    for (auto part : fearless::chunks_of(v, 100))
      s.spawn([part = std::move(part)] {
        for (int& i : part)
          i *= 2;
      });
  });
  for (int i = 0; i != 1000; ++i)
    EXPECT_EQ(v[static_cast<std::size_t>(i)], 2 * i);
}

TEST(chunks_of, parts_are_passed_as_arguments) {
  std::vector<int> v(100, 1);
  const int sum = fearless::scope([&](fearless::scope_handle& s) {
    std::vector<fearless::scoped_join_handle<int>> children;
    for (auto part : fearless::chunks_of(std::span(v), 30))
      children.push_back(s.spawn(
          [](const fearless::unique_span<int>& mine) {
            return std::accumulate(mine.begin(), mine.end(), 0);
          },
          std::move(part)));
    int total = 0;
    for (auto& child : children)
      total += child.join();
    return total;
  });
  EXPECT_EQ(sum, 100);
}

TEST(chunks_of, a_part_is_cut_further) {
  std::vector<int> v{1, 2, 3, 4, 5};
  auto [left, right] = fearless::split_at(v, 1);
  int parts = 0;
  for (auto part : fearless::chunks_of(std::move(right), 2))
    parts += static_cast<int>(part.size()) * 10 + 1;
  EXPECT_EQ(parts, 42);
  EXPECT_EQ(left[0], 1);
}

} // namespace
