// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// arc.h: arc<T>, weak_arc<T>, make_arc. What Rust's alloc tests of Arc and Weak,
// as facts about this library; conversions to base classes in addition.

#include "fearless/arc.h"
#include "fearless/atomic.h"
#include "fearless/mutex.h"
#include "fearless/thread.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

using namespace fearless_test;
using fearless::arc;
using fearless::make_arc;
using fearless::weak_arc;

namespace {

// --- sharing ------------------------------------------------------------------------------

TEST(arc, gives_const_access_only) {
  static_assert(std::is_same_v<decltype(*std::declval<arc<int>&>()), const int&>);
  static_assert(std::is_same_v<decltype(std::declval<arc<int>&>().get()), const int*>);
  static_assert(std::is_same_v<decltype(std::declval<arc<std::string>&>().operator->()),
                               const std::string*>);
  const auto a = make_arc<std::string>("abc");
  EXPECT_EQ(*a, "abc");
  EXPECT_EQ(a->size(), 3U);
}

TEST(arc, has_no_null_but_after_a_move) {
  static_assert(!std::is_default_constructible_v<arc<int>>);
  static_assert(!std::is_constructible_v<arc<int>, std::nullptr_t>);
  auto a = make_arc<int>(1);
  EXPECT_TRUE(a);
  const auto b = std::move(a);
  EXPECT_FALSE(a);
  EXPECT_EQ(a.get(), nullptr);
  EXPECT_EQ(a.strong_count(), 0U);
  EXPECT_EQ(*b, 1);
}

TEST(arc, copies_share_one_object) {
  const auto a = make_arc<int>(5);
  const auto b = a;
  EXPECT_EQ(a.get(), b.get());
  EXPECT_TRUE(a.ptr_eq(b));
  EXPECT_FALSE(a.ptr_eq(make_arc<int>(5)));
}

TEST(arc, is_shared_between_threads) {
  const auto v = make_arc<std::vector<int>>(std::size_t{10}, 1);
  std::vector<fearless::join_handle<int>> threads;
  for (int i = 0; i != 4; ++i)
    threads.push_back(fearless::spawn([v] { return (*v)[3]; }));
  for (auto& t : threads)
    EXPECT_EQ(t.join(), 1);
  EXPECT_EQ(v.strong_count(), 1U);
}

TEST(arc, make_arc_forwards) {
  EXPECT_EQ(make_arc<std::string>(std::size_t{3}, 'x')->size(), 3U);
  EXPECT_EQ(**make_arc<std::unique_ptr<int>>(std::make_unique<int>(2)), 2);
  EXPECT_EQ((make_arc<immovable>(1, 2)->sum), 3);
}

TEST(arc, over_aligned_objects) {
  struct alignas(128) block {
    char c = 'x';
  };
  const auto a = make_arc<block>();
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a.get()) % 128, 0U);
}

TEST(arc, the_last_handle_destroys_the_object) {
  census people;
  {
    const auto a = make_arc<counted>(people);
    const auto b = a;
    EXPECT_EQ(people.alive, 1);
  }
  EXPECT_EQ(people.alive, 0);
  EXPECT_EQ(people.died, 1);
}

TEST(arc, the_last_of_several_threads_destroys_the_object) {
  for (int i = 0; i != repeats(300); ++i) {
    census people;
    auto a = make_arc<counted>(people);
    gate start(2);
    auto other = fearless::spawn([&start, b = a]() mutable {
      start.pass();
      const auto last = std::move(b);
    });
    start.pass();
    { const auto last = std::move(a); }
    other.join();
    ASSERT_EQ(people.alive, 0);
    ASSERT_EQ(people.died, 1);
  }
}

TEST(arc, an_exception_of_the_constructor_leaks_nothing) {
  struct thrower {
    counted person;
    explicit thrower(census& c) : person(c) { throw boom{}; }
  };
  census people;
  EXPECT_THROW(static_cast<void>(make_arc<thrower>(people)), boom);
  EXPECT_EQ(people.alive, 0);
}

TEST(arc, assignment) {
  census people;
  auto a = make_arc<counted>(people, 1);
  auto b = make_arc<counted>(people, 2);
  a = b;
  EXPECT_EQ(people.alive, 1);
  EXPECT_EQ(a->value, 2);
  const auto& self = a;
  a = self;
  EXPECT_EQ(a.strong_count(), 2U);
  b = std::move(a);
  EXPECT_EQ(b.strong_count(), 1U);
  auto c = make_arc<counted>(people, 3);
  swap(b, c);
  EXPECT_EQ(b->value, 3);
  EXPECT_EQ(c->value, 2);
}

TEST(arc, counts) {
  const auto a = make_arc<int>(0);
  EXPECT_EQ(a.strong_count(), 1U);
  EXPECT_EQ(a.weak_count(), 0U);
  auto w = a.downgrade();
  EXPECT_EQ(a.strong_count(), 1U);
  EXPECT_EQ(a.weak_count(), 1U);
  const auto w2 = w;
  EXPECT_EQ(a.weak_count(), 2U);
  w = weak_arc<int>();
  EXPECT_EQ(a.weak_count(), 1U);
  std::optional<arc<int>> b = w2.upgrade();
  EXPECT_EQ(a.strong_count(), 2U);
  b.reset();
  EXPECT_EQ(a.strong_count(), 1U);
}

TEST(arc, copies_and_drops_under_contention) {
  const auto a = make_arc<int>(1);
  const int rounds = repeats(20000);
  fearless::scope([&](fearless::scope_handle& s) {
    for (int t = 0; t != 4; ++t)
      s.spawn([a, rounds] {
        for (int i = 0; i != rounds; ++i) {
          const auto b = a;
          const auto w = b.downgrade();
          ASSERT_TRUE(w.upgrade());
        }
      });
  });
  EXPECT_EQ(a.strong_count(), 1U);
  EXPECT_EQ(a.weak_count(), 0U);
}

TEST(arc, a_recursive_type) {
  struct node {
    int value;
    std::optional<arc<node>> next;
  };
  const auto tail = make_arc<node>(node{1, std::nullopt});
  const auto head = make_arc<node>(node{2, tail});
  EXPECT_EQ((*head->next)->value, 1);
}

struct incomplete;
struct holder {
  arc<incomplete> handle;
  weak_arc<incomplete> back;
};
arc<incomplete> pass_on(arc<incomplete> handle) { return handle; }
struct incomplete {
  int value = 6;
};

TEST(arc, an_incomplete_type) {
  const holder h{pass_on(make_arc<incomplete>()), weak_arc<incomplete>()};
  EXPECT_EQ(h.handle->value, 6);
}

// --- writing --------------------------------------------------------------------------------

TEST(arc, get_mut_when_it_is_the_only_handle) {
  auto a = make_arc<int>(3);
  *a.get_mut() = 4;
  EXPECT_EQ(*a, 4);
  {
    const auto b = a;
    EXPECT_EQ(a.get_mut(), nullptr);
  }
  EXPECT_NE(a.get_mut(), nullptr);
  const auto w = a.downgrade();
  EXPECT_EQ(a.get_mut(), nullptr);
}

TEST(arc, get_mut_sees_what_former_owners_did) {
  for (int i = 0; i != repeats(200); ++i) {
    auto a = make_arc<fearless::mutex<int>>(0);
    auto other = fearless::spawn([b = a]() mutable {
      *b->lock() = 1;
      const auto last = std::move(b);
    });
    fearless::mutex<int>* exclusive = nullptr;
    while ((exclusive = a.get_mut()) == nullptr)
      std::this_thread::yield();
    ASSERT_EQ(std::move(*exclusive).get_mut(), 1);
    other.join();
  }
}

TEST(arc, make_mut_copies_what_is_shared) {
  auto a = make_arc<int>(75);
  auto b = a;
  auto c = b;
  a.make_mut() += 1;
  b.make_mut() += 2;
  c.make_mut() += 3;
  EXPECT_EQ(*a, 76);
  EXPECT_EQ(*b, 77);
  EXPECT_EQ(*c, 78);
}

TEST(arc, make_mut_leaves_the_others_shared) {
  auto a = make_arc<std::string>("x");
  const auto b = a;
  const auto c = b;
  a.make_mut() += "y";
  EXPECT_EQ(*a, "xy");
  EXPECT_EQ(*b, "x");
  EXPECT_TRUE(b.ptr_eq(c));
}

TEST(arc, make_mut_of_the_only_handle_copies_nothing) {
  auto a = make_arc<std::string>("x");
  const std::string* const before = a.get();
  a.make_mut() += "y";
  EXPECT_EQ(a.get(), before);
}

TEST(arc, make_mut_with_weak_handles_moves_and_they_expire) {
  struct counting {
    std::string text;
    int* copies;
    counting(std::string t, int& c) : text(std::move(t)), copies(&c) {}
    counting(const counting& o) : text(o.text), copies(o.copies) { ++*copies; }
    counting(counting&&) noexcept = default;
    ~counting() = default;
  };
  int copies = 0;
  auto a = make_arc<counting>("a", copies);
  const auto w = a.downgrade();
  a.make_mut().text += "b";
  EXPECT_EQ(a->text, "ab");
  EXPECT_FALSE(w.upgrade());
  EXPECT_EQ(copies, 0);
  EXPECT_EQ(a.weak_count(), 0U);
}

TEST(arc, make_mut_keeps_everything_when_the_copy_throws) {
  struct picky {
    int value = 1;
    bool throws = true;
    picky() = default;
    picky(const picky& o) : value(o.value), throws(o.throws) {
      if (throws)
        throw boom{};
    }
  };
  auto a = make_arc<picky>();
  const auto b = a;
  EXPECT_THROW(static_cast<void>(a.make_mut()), boom);
  EXPECT_TRUE(a.ptr_eq(b));
  EXPECT_EQ(a.strong_count(), 2U);
}

TEST(arc, make_mut_needs_the_exact_type) {
  struct base {
    virtual ~base() = default;
  };
  struct last final : base {};
  constexpr auto mutable_ = []<class T>(T*) {
    return requires(arc<T> & a) { a.make_mut(); };
  };
  static_assert(!mutable_(static_cast<base*>(nullptr)), "it would be sliced");
  static_assert(mutable_(static_cast<last*>(nullptr)));
  static_assert(!mutable_(static_cast<std::unique_ptr<int>*>(nullptr)));
}

// --- taking the object out ------------------------------------------------------------------

TEST(arc, try_unwrap) {
  auto a = make_arc<std::unique_ptr<int>>(std::make_unique<int>(3));
  EXPECT_EQ(**std::move(a).try_unwrap(), 3);
  EXPECT_FALSE(a);
  auto b = make_arc<int>(4);
  const auto c = b;
  EXPECT_FALSE(std::move(b).try_unwrap());
  EXPECT_EQ(*b, 4); // the handle stays
  auto d = make_arc<int>(5);
  const auto w = d.downgrade();
  EXPECT_EQ(std::move(d).try_unwrap(), 5);
  EXPECT_FALSE(w.upgrade());
  EXPECT_EQ(w.strong_count(), 0U);
}

TEST(arc, try_unwrap_destroys_the_object_once) {
  census people;
  {
    auto a = make_arc<counted>(people, 9);
    const auto out = std::move(a).try_unwrap();
    EXPECT_EQ(out->value, 9);
    EXPECT_EQ(people.alive, 1);
  }
  EXPECT_EQ(people.alive, 0);
}

TEST(arc, into_inner) {
  auto a = make_arc<int>(4);
  auto b = a;
  EXPECT_FALSE(std::move(a).into_inner());
  EXPECT_FALSE(a);
  EXPECT_EQ(std::move(b).into_inner(), 4);
  auto c = make_arc<int>(5);
  const auto w = c.downgrade();
  EXPECT_EQ(std::move(c).into_inner(), 5);
}

TEST(arc, into_inner_of_two_threads_gives_the_object_to_exactly_one) {
  for (int i = 0; i != repeats(300); ++i) {
    auto a = make_arc<int>(3);
    gate start(2);
    auto other = fearless::spawn([&start, b = a]() mutable {
      start.pass();
      return std::move(b).into_inner().has_value();
    });
    start.pass();
    const bool mine = std::move(a).into_inner().has_value();
    ASSERT_NE(mine, other.join());
  }
}

// --- base classes ----------------------------------------------------------------------------

struct shape {
  virtual ~shape() = default;
  [[nodiscard]] virtual int corners() const { return 0; }
};
struct tagged {
  virtual ~tagged() = default;
  int tag = 5;
};
struct square : tagged, shape { // so that the shape is not at the beginning
  explicit square(census& c) : person(c) {}
  [[nodiscard]] int corners() const override { return 4; }
  counted person;
};
struct plain_base {
  int n = 0;
};
struct plain_derived : plain_base {};

TEST(arc_base, converts_to_a_polymorphic_base) {
  census people;
  {
    const auto a = make_arc<square>(people);
    const arc<shape> b = a;
    const arc<tagged> c = make_arc<square>(people);
    EXPECT_EQ(b->corners(), 4);
    EXPECT_EQ(c->tag, 5);
    EXPECT_TRUE(a.ptr_eq(b));
    EXPECT_EQ(a.strong_count(), 2U);
  }
  EXPECT_EQ(people.alive, 0);
}

TEST(arc_base, only_where_the_base_can_answer_for_its_derived_classes) {
  static_assert(std::is_convertible_v<arc<square>, arc<shape>>);
  static_assert(!std::is_convertible_v<arc<shape>, arc<square>>);
  static_assert(!std::is_convertible_v<arc<plain_derived>, arc<plain_base>>,
                "without a virtual destructor there is no mark that binds the derived class");
  static_assert(!std::is_convertible_v<arc<int>, arc<long>>);
}

// --- weak handles ------------------------------------------------------------------------------

TEST(weak_arc, upgrades_while_the_object_lives) {
  auto a = std::optional(make_arc<int>(5));
  const auto w = a->downgrade();
  EXPECT_EQ(**w.upgrade(), 5);
  a.reset();
  EXPECT_FALSE(w.upgrade());
}

TEST(weak_arc, of_nothing) {
  const weak_arc<int> w;
  EXPECT_FALSE(w.upgrade());
  EXPECT_EQ(w.strong_count(), 0U);
  EXPECT_EQ(w.weak_count(), 0U);
  const auto copy = w;
  EXPECT_TRUE(copy.ptr_eq(w));
}

TEST(weak_arc, counts) {
  auto a = std::optional(make_arc<int>(0));
  auto w = std::optional(a->downgrade());
  const auto w2 = *w;
  EXPECT_EQ(w2.strong_count(), 1U);
  EXPECT_EQ(w2.weak_count(), 2U);
  w.reset();
  EXPECT_EQ(w2.weak_count(), 1U);
  a.reset();
  EXPECT_EQ(w2.strong_count(), 0U);
  EXPECT_EQ(w2.weak_count(), 1U);
}

TEST(weak_arc, the_object_dies_before_the_weak_handle) {
  census people;
  auto a = std::optional(make_arc<counted>(people));
  const auto w = a->downgrade();
  a.reset();
  EXPECT_EQ(people.alive, 0);
}

TEST(weak_arc, assignment_and_move) {
  const auto a = make_arc<int>(1);
  const auto b = make_arc<int>(2);
  auto w = a.downgrade();
  w = b.downgrade();
  EXPECT_EQ(a.weak_count(), 0U);
  auto v = std::move(w);
  EXPECT_FALSE(w.upgrade());
  EXPECT_EQ(**v.upgrade(), 2);
  w = v;
  EXPECT_TRUE(w.ptr_eq(v));
  EXPECT_EQ(b.weak_count(), 2U);
}

TEST(weak_arc, an_upgrade_races_with_the_last_drop) {
  for (int i = 0; i != repeats(500); ++i) {
    census people;
    auto a = make_arc<counted>(people, 7);
    gate start(2);
    auto other = fearless::spawn([&start, w = a.downgrade()] {
      start.pass();
      const auto up = w.upgrade();
      return up ? (*up)->value : 7;
    });
    start.pass();
    { const auto last = std::move(a); }
    ASSERT_EQ(other.join(), 7);
    ASSERT_EQ(people.died, 1);
  }
}

TEST(weak_arc, a_cycle_through_a_weak_handle_does_not_leak) {
  struct cycle {
    counted person;
    fearless::mutex<std::optional<weak_arc<cycle>>> self;
    explicit cycle(census& c) : person(c) {}
  };
  census people;
  {
    const auto a = make_arc<cycle>(people);
    *a->self.lock() = a.downgrade();
  }
  EXPECT_EQ(people.alive, 0);
}

// --- objects that know themselves --------------------------------------------------------------

struct self_aware {
  weak_arc<self_aware> self;
  int value;
};

TEST(make_arc_cyclic, the_handle_works_afterwards_only) {
  const auto a = fearless::make_arc_cyclic<self_aware>([](const weak_arc<self_aware>& self) {
    EXPECT_FALSE(self.upgrade());
    EXPECT_EQ(self.strong_count(), 0U);
    return self_aware{self, 3};
  });
  EXPECT_EQ(a.strong_count(), 1U);
  EXPECT_EQ(a.weak_count(), 1U);
  EXPECT_TRUE(a->self.upgrade()->ptr_eq(a));
}

TEST(make_arc_cyclic, without_keeping_the_handle) {
  const auto a =
      fearless::make_arc_cyclic<int>([](const weak_arc<int>&) { return 4; });
  EXPECT_EQ(*a, 4);
  EXPECT_EQ(a.weak_count(), 0U);
}

TEST(make_arc_cyclic, an_exception_leaks_nothing_and_handles_expire) {
  weak_arc<int> kept;
  EXPECT_THROW(static_cast<void>(fearless::make_arc_cyclic<int>([&](const weak_arc<int>& self) -> int {
                 kept = self;
                 throw boom{};
               })),
               boom);
  EXPECT_FALSE(kept.upgrade());
}

#if GTEST_HAS_DEATH_TEST
TEST(arc_death, use_after_move_is_caught_in_debug_builds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  auto a = make_arc<int>(1);
  const auto b = std::move(a);
  EXPECT_DEATH(static_cast<void>(*a), "arc");
}

struct overflowing : fearless::detail::arc_control {
  overflowing() : arc_control([](arc_control*, action) noexcept {}, unique | 0x7fffffff) {}
};
TEST(arc_death, too_many_handles_end_the_program) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        overflowing control;
        control.add_strong();
        control.add_strong();
      },
      "2\\^31");
  EXPECT_DEATH(
      {
        overflowing control;
        control.add_strong();
        static_cast<void>(control.try_add_strong());
      },
      "2\\^31");
}
#endif

} // namespace
