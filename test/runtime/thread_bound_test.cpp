// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thread_bound.h: that the value is reached on its own thread and nowhere else.

#include "fearless/thread.h"
#include "fearless/thread_bound.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>

using namespace fearless_test;

namespace {

TEST(thread_bound, on_its_own_thread) {
  fearless::thread_bound<std::string> bound("abc");
  EXPECT_TRUE(bound.is_owner());
  EXPECT_EQ(bound.owner(), fearless::current_id());
  EXPECT_EQ(bound.get(), "abc");
  *bound += "d";
  bound->push_back('e');
  EXPECT_EQ(*bound.try_get(), "abcde");
  const auto& constant = bound;
  EXPECT_EQ(constant->size(), 5U);
  static_assert(std::is_same_v<decltype(*constant), const std::string&>);
}

TEST(thread_bound, construction) {
  fearless::thread_bound<int> zero;
  EXPECT_EQ(*zero, 0);
  fearless::thread_bound deduced{std::string("x")};
  static_assert(std::is_same_v<decltype(deduced), fearless::thread_bound<std::string>>);
  fearless::thread_bound<immovable> in_place(std::in_place, 1, 2);
  EXPECT_EQ(in_place->sum, 3);
}

TEST(thread_bound, every_access_on_another_thread_throws) {
  fearless::thread_bound<std::string> bound("abc");
  const auto& constant = bound;
  fearless::scope([&](fearless::scope_handle& s) {
    s.spawn([&] {
      EXPECT_FALSE(bound.is_owner());
      EXPECT_THROW(static_cast<void>(bound.get()), fearless::wrong_thread);
      EXPECT_THROW(static_cast<void>(*bound), fearless::wrong_thread);
      EXPECT_THROW(static_cast<void>(bound->size()), fearless::wrong_thread);
      EXPECT_THROW(static_cast<void>(constant.get()), fearless::wrong_thread);
      EXPECT_THROW(static_cast<void>(*constant), fearless::wrong_thread);
      EXPECT_THROW(static_cast<void>(constant->size()), fearless::wrong_thread);
      EXPECT_THROW(static_cast<void>(std::move(bound).into_inner()), fearless::wrong_thread);
      EXPECT_THROW(fearless::thread_bound<std::string> other(std::move(bound)), fearless::wrong_thread);
      EXPECT_EQ(bound.try_get(), nullptr);
      EXPECT_EQ(constant.try_get(), nullptr);
    });
  });
  EXPECT_EQ(*bound, "abc");
}

TEST(thread_bound, the_error_is_a_logic_error) {
  static_assert(std::is_base_of_v<std::logic_error, fearless::wrong_thread>);
}

TEST(thread_bound, travels_inside_of_other_data_and_comes_back) {
  struct message {
    int number = 1;
    std::unique_ptr<fearless::thread_bound<std::string>> widget;
  };
  message m;
  m.widget = std::make_unique<fearless::thread_bound<std::string>>("button");
  auto back = fearless::spawn([m = std::move(m)]() mutable {
                m.number = 2;
                return std::move(m);
              }).join();
  EXPECT_EQ(back.number, 2);
  EXPECT_EQ(**back.widget, "button");
}

TEST(thread_bound, moves_on_its_own_thread) {
  fearless::thread_bound<std::unique_ptr<int>> a(std::make_unique<int>(1));
  fearless::thread_bound<std::unique_ptr<int>> b(std::move(a));
  EXPECT_EQ(a.get(), nullptr);
  EXPECT_EQ(*b.get(), 1);
  EXPECT_EQ(*std::move(b).into_inner(), 1);
  static_assert(!std::is_copy_constructible_v<fearless::thread_bound<int>>);
  static_assert(!std::is_move_assignable_v<fearless::thread_bound<int>>);
}

TEST(thread_bound, belongs_to_the_thread_that_made_it) {
  auto made_there =
      fearless::spawn([] { return std::make_unique<fearless::thread_bound<int>>(5); }).join();
  EXPECT_FALSE(made_there->is_owner());
  EXPECT_THROW(static_cast<void>(made_there->get()), fearless::wrong_thread);
  // Its thread is gone, and a new one with the same system identity is no owner.
  for (int i = 0; i != 20; ++i)
    EXPECT_FALSE(fearless::spawn([&] { return made_there->is_owner(); }).join());
}

TEST(thread_bound, a_trivial_value_may_be_destroyed_anywhere) {
  auto number = std::make_unique<fearless::thread_bound<int>>(5);
  fearless::spawn([number = std::move(number)] {}).join();
}

TEST(thread_bound, destroys_its_value) {
  census people;
  { const fearless::thread_bound<counted> bound(std::in_place, people); }
  EXPECT_EQ(people.alive, 0);
}

TEST(thread_bound, works_on_threads_of_the_standard_library) {
  std::thread([] {
    fearless::thread_bound<int> bound(1);
    EXPECT_EQ(*bound, 1);
  }).join();
}

#if GTEST_HAS_DEATH_TEST
TEST(thread_bound_death, destruction_on_another_thread_ends_the_program) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto text = std::make_unique<fearless::thread_bound<std::string>>("abc");
        fearless::spawn([text = std::move(text)]() mutable { text.reset(); }).join();
      },
      "destroyed on a thread that does not own");
}
#endif

} // namespace
