// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thread.h: spawning and joining, results and exceptions, names and stack sizes,
// identities, sleeping and parking. What Rust's std tests of its threads, as facts
// about this library, and what C++ adds: references, detach, destructors that join.

#include "fearless/thread.h"

#include "runtime_test_support.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <unordered_set>
#include <vector>

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

using namespace fearless_test;

namespace {

// --- spawn and join -----------------------------------------------------------------

TEST(thread_spawn, runs_on_another_thread) {
  const auto here = std::this_thread::get_id();
  EXPECT_NE(fearless::spawn([] { return std::this_thread::get_id(); }).join(), here);
}

TEST(thread_spawn, join_returns_the_value) {
  auto handle = fearless::spawn([] { return 42; });
  static_assert(std::is_same_v<decltype(handle), fearless::join_handle<int>>);
  EXPECT_EQ(handle.join(), 42);
}

TEST(thread_spawn, join_of_void_returns_nothing) {
  bool ran = false;
  auto handle = fearless::spawn([&ran] { ran = true; });
  static_assert(std::is_void_v<decltype(handle.join())>);
  handle.join();
  EXPECT_TRUE(ran);
}

TEST(thread_spawn, join_returns_a_reference) {
  int target = 0;
  auto handle = fearless::spawn([&target]() -> int& { return target; });
  static_assert(std::is_same_v<decltype(handle.join()), int&>);
  EXPECT_EQ(&handle.join(), &target);
}

TEST(thread_spawn, a_const_reference_stays_one) {
  static const int target = 7;
  auto handle = fearless::spawn([]() -> const int& { return target; });
  EXPECT_EQ(&handle.join(), &target);
}

TEST(thread_spawn, an_rvalue_reference_into_the_closure_becomes_a_value) {
  auto handle = fearless::spawn(
      [](std::string&& text) -> std::string&& { return std::move(text); }, std::string(100, 'x'));
  static_assert(std::is_same_v<decltype(handle), fearless::join_handle<std::string>>);
  EXPECT_EQ(handle.join(), std::string(100, 'x'));
}

TEST(thread_spawn, a_move_only_result) {
  EXPECT_EQ(*fearless::spawn([] { return std::make_unique<int>(3); }).join(), 3);
}

TEST(thread_spawn, arguments_are_decayed_copies) {
  std::string text = "abc";
  auto handle = fearless::spawn(
      [](const std::string& copy, const char* literal) { return copy + literal; }, text, "def");
  text = "changed";
  EXPECT_EQ(handle.join(), "abcdef");
}

TEST(thread_spawn, arguments_are_passed_as_rvalues) {
  auto handle = fearless::spawn([](std::unique_ptr<int> p) { return *p; }, std::make_unique<int>(5));
  EXPECT_EQ(handle.join(), 5);
}

TEST(thread_spawn, a_reference_wrapper_passes_a_reference) {
  int n = 1;
  fearless::spawn([](int& target) { target = 2; }, std::ref(n)).join();
  EXPECT_EQ(n, 2);
}

TEST(thread_spawn, a_function_pointer_and_a_member_function) {
  struct adder {
    int base;
    int add(int n) const { return base + n; }
  };
  static const auto twice = +[](int n) { return 2 * n; };
  EXPECT_EQ(fearless::spawn(twice, 4).join(), 8);
  EXPECT_EQ(fearless::spawn(&adder::add, adder{10}, 5).join(), 15);
  EXPECT_EQ(fearless::spawn(&adder::base, adder{3}).join(), 3);
}

TEST(thread_spawn, a_move_only_callable_is_moved_and_not_copied) {
  auto owner = std::make_unique<int>(1);
  const int* const address = owner.get();
  auto handle = fearless::spawn([owner = std::move(owner)] { return owner.get(); });
  EXPECT_EQ(handle.join(), address);
}

TEST(thread_spawn, the_closure_is_destroyed_on_the_thread_before_join_returns) {
  census people;
  std::thread::id died_on;
  struct guard {
    counted person;
    std::thread::id* where;
    guard(census& c, std::thread::id* w) : person(c), where(w) {}
    guard(guard&& other) noexcept
        : person(std::move(other.person)), where(std::exchange(other.where, nullptr)) {}
    ~guard() {
      if (where != nullptr)
        *where = std::this_thread::get_id();
    }
  };
  auto handle = fearless::spawn([g = guard(people, &died_on)] { return std::this_thread::get_id(); });
  const auto ran_on = handle.join();
  EXPECT_EQ(people.alive, 0);
  EXPECT_EQ(died_on, ran_on);
}

TEST(thread_spawn, the_closure_is_gone_when_is_finished_says_so) {
  census people;
  auto handle = fearless::spawn([person = counted(people)] { return person.value; });
  ASSERT_TRUE(eventually([&] { return handle.is_finished(); }));
  EXPECT_EQ(people.alive, 0);
  handle.join();
}

TEST(thread_spawn, a_result_that_nobody_takes_is_destroyed) {
  census people;
  { auto handle = fearless::spawn([&people] { return counted(people); }); }
  EXPECT_EQ(people.alive, 0);
  EXPECT_GE(people.died, 1);
}

TEST(thread_spawn, what_the_thread_did_is_visible_after_join) {
  for (int i = 0; i != repeats(200); ++i) {
    int plain = 0;
    fearless::spawn([&plain] { plain = 1; }).join();
    ASSERT_EQ(plain, 1);
  }
}

TEST(thread_spawn, an_over_aligned_closure) {
  struct alignas(256) block {
    int n = 1;
  };
  const block b;
  auto handle = fearless::spawn([b] { return reinterpret_cast<std::uintptr_t>(&b) % 256; });
  EXPECT_EQ(handle.join(), 0U);
}

TEST(thread_spawn, a_thread_spawns_a_thread_through_generations) {
  struct generation {
    static int run(int n) { return n == 0 ? 0 : 1 + fearless::spawn(&run, n - 1).join(); }
  };
  EXPECT_EQ(generation::run(16), 16);
}

TEST(thread_spawn, many_threads_at_once) {
  std::atomic<int> sum{0};
  std::vector<fearless::join_handle<int>> handles;
  for (int i = 0; i != 50; ++i)
    handles.push_back(fearless::spawn([&sum, i] {
      sum += i;
      return i;
    }));
  int joined = 0;
  for (auto& handle : handles)
    joined += handle.join();
  EXPECT_EQ(joined, 50 * 49 / 2);
  EXPECT_EQ(sum, joined);
}

// --- the handle ------------------------------------------------------------------------

TEST(thread_handle, the_destructor_joins) {
  std::atomic<bool> done{false};
  {
    auto handle = fearless::spawn([&done] {
      std::this_thread::sleep_for(20ms);
      done = true;
    });
  }
  EXPECT_TRUE(done);
}

TEST(thread_handle, assignment_joins_the_former_thread) {
  std::atomic<bool> done{false};
  auto handle = fearless::spawn([&done] {
    std::this_thread::sleep_for(20ms);
    done = true;
  });
  handle = fearless::spawn([] {});
  EXPECT_TRUE(done);
  handle.join();
}

TEST(thread_handle, a_moved_from_handle_is_empty) {
  auto first = fearless::spawn([] { return 1; });
  auto second = std::move(first);
  EXPECT_FALSE(first.joinable());
  EXPECT_TRUE(second.joinable());
  EXPECT_EQ(second.join(), 1);
  EXPECT_FALSE(second.joinable());
}

TEST(thread_handle, joining_twice_is_an_error) {
  auto handle = fearless::spawn([] {});
  handle.join();
  try {
    handle.join();
    FAIL() << "no exception";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::invalid_argument);
  }
}

TEST(thread_handle, detaching_twice_is_an_error) {
  auto handle = fearless::spawn([] {});
  handle.detach();
  EXPECT_FALSE(handle.joinable());
  EXPECT_THROW(handle.detach(), std::system_error);
  EXPECT_THROW(handle.join(), std::system_error);
}

TEST(thread_handle, a_detached_thread_runs_on) {
  const auto done = std::make_shared<std::atomic<bool>>(false);
  {
    auto handle = fearless::spawn([done] {
      std::this_thread::sleep_for(10ms);
      *done = true;
    });
    handle.detach();
  }
  EXPECT_TRUE(eventually([&] { return done->load(); }));
}

TEST(thread_handle, joining_oneself_is_an_error) {
  const auto slot = std::make_shared<std::atomic<fearless::join_handle<int>*>>(nullptr);
  auto handle = fearless::spawn([slot] {
    fearless::join_handle<int>* self = nullptr;
    while ((self = slot->load()) == nullptr)
      std::this_thread::yield();
    try {
      self->join();
    } catch (const std::system_error& e) {
      return e.code() == std::errc::resource_deadlock_would_occur ? 1 : 2;
    }
    return 3;
  });
  slot->store(&handle);
  ASSERT_TRUE(eventually([&] { return handle.is_finished(); }));
  EXPECT_EQ(handle.join(), 1);
}

TEST(thread_handle, destroyed_on_its_own_thread_it_detaches) {
  struct shared {
    std::atomic<bool> ready{false};
    std::optional<fearless::join_handle<void>> handle;
    std::atomic<bool>* done = nullptr;
    ~shared() { *done = true; }
  };
  std::atomic<bool> done{false};
  {
    auto s = std::make_shared<shared>();
    s->done = &done;
    s->handle.emplace(fearless::spawn([s]() mutable {
      while (!s->ready)
        std::this_thread::yield();
      s.reset(); // the last owner, and with it the handle
    }));
    shared* const raw = s.get();
    s.reset();
    raw->ready = true; // the thread's copy keeps it alive
  }
  EXPECT_TRUE(eventually([&] { return done.load(); }));
}

TEST(thread_handle, is_finished) {
  std::atomic<bool> go{false};
  auto handle = fearless::spawn([&go] {
    while (!go)
      std::this_thread::yield();
    return 1234;
  });
  EXPECT_FALSE(handle.is_finished());
  go = true;
  EXPECT_TRUE(eventually([&] { return handle.is_finished(); }));
  const stopwatch watch;
  EXPECT_EQ(handle.join(), 1234);
  EXPECT_LT(watch.elapsed(), 2s);
}

TEST(thread_handle, id_is_that_of_the_thread) {
  auto handle = fearless::spawn([] { return fearless::current_id(); });
  const fearless::thread_id id = handle.id();
  EXPECT_EQ(handle.join(), id);
}

TEST(thread_handle, the_thread_object_outlives_the_thread) {
  auto handle = fearless::thread_builder().name("short-lived").spawn([] {});
  const fearless::thread thread = handle.thread();
  handle.join();
  EXPECT_EQ(thread.name(), "short-lived");
  thread.unpark(); // nobody is there; harmless
}

#if defined(__linux__) && !FEARLESS_PORTABLE_THREAD
TEST(thread_handle, native_handle_is_the_pthread) {
  std::atomic<bool> go{false};
  auto handle = fearless::spawn([&go] {
    while (!go)
      std::this_thread::yield();
    return ::pthread_self();
  });
  const auto native = handle.native_handle();
  go = true;
  EXPECT_TRUE(::pthread_equal(native, handle.join()));
}

TEST(thread_handle, a_thread_that_ends_by_pthread_exit_leaves_no_result) {
  census people;
  auto handle = fearless::spawn([person = counted(people)]() -> int { ::pthread_exit(nullptr); });
  try {
    handle.join();
    FAIL() << "no exception";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::operation_canceled);
  }
  EXPECT_EQ(people.alive, 0);
}
#endif

TEST(thread_handle, join_waits_for_the_destructors_of_thread_locals) {
  static std::atomic<bool> destroyed{false};
  struct late {
    int touched = 0;
    ~late() {
      std::this_thread::sleep_for(20ms);
      destroyed = true;
    }
  };
  fearless::spawn([] {
    static thread_local late local;
    local.touched = 1;
  }).join();
  EXPECT_TRUE(destroyed);
}

TEST(thread_handle, current_works_in_destructors_of_thread_locals) {
  static fearless::thread_id seen = fearless::current_id();
  static std::string name;
  struct late {
    int touched = 0;
    ~late() {
      seen = fearless::current().id();
      name = fearless::current().name();
    }
  };
  auto handle = fearless::thread_builder().name("tail").spawn([] {
    static thread_local late local;
    local.touched = 1;
  });
  const auto id = handle.id();
  handle.join();
  EXPECT_EQ(seen, id);
  EXPECT_EQ(name, "tail");
}

// --- exceptions --------------------------------------------------------------------------

TEST(thread_exception, join_rethrows) {
  auto handle = fearless::spawn([] { throw std::runtime_error("from the thread"); });
  try {
    handle.join();
    FAIL() << "no exception";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "from the thread");
  }
  EXPECT_FALSE(handle.joinable());
}

TEST(thread_exception, of_any_type) {
  EXPECT_THROW(fearless::spawn([]() -> int { throw boom{}; }).join(), boom);
  EXPECT_THROW(fearless::spawn([]() -> int& { throw std::string("text"); }).join(), std::string);
  EXPECT_THROW(fearless::spawn([] { throw 413; }).join(), int);
}

TEST(thread_exception, is_the_same_object) {
  const void* thrown_at = nullptr;
  struct traced {
    int n = 0;
  };
  auto handle = fearless::spawn([&thrown_at] {
    try {
      throw traced{};
    } catch (traced& t) {
      thrown_at = &t;
      throw;
    }
  });
  try {
    handle.join();
    FAIL() << "no exception";
  } catch (traced& t) {
    EXPECT_EQ(&t, thrown_at);
  }
}

TEST(thread_exception, unwinding_destroys_the_closure_first) {
  census people;
  auto handle = fearless::spawn([person = counted(people)] { throw boom{person.value}; });
  EXPECT_THROW(handle.join(), boom);
  EXPECT_EQ(people.alive, 0);
}

TEST(thread_exception, that_nobody_joined_is_reported_and_the_program_goes_on) {
  testing::internal::CaptureStderr();
  {
    auto handle = fearless::thread_builder().name("thrower").spawn(
        [] { throw std::runtime_error("lost and found"); });
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("thrower"), std::string::npos) << text;
  EXPECT_NE(text.find("lost and found"), std::string::npos) << text;
}

TEST(thread_exception, of_a_detached_thread_is_reported) {
  testing::internal::CaptureStderr();
  const auto finished = std::make_shared<std::atomic<bool>>(false);
  auto handle = fearless::spawn([finished] {
    struct at_exit {
      std::shared_ptr<std::atomic<bool>> flag;
      ~at_exit() { *flag = true; }
    };
    static thread_local at_exit last;
    last.flag = finished;
    throw boom{};
  });
  handle.detach();
  ASSERT_TRUE(eventually([&] { return finished->load(); }));
  std::string text;
  const bool reported = eventually([] {
    std::this_thread::sleep_for(20ms); // the record dies after the thread_locals
    return true;
  });
  text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(reported);
  EXPECT_NE(text.find("nobody received"), std::string::npos) << text;
}

TEST(thread_exception, that_join_took_is_not_reported) {
  testing::internal::CaptureStderr();
  EXPECT_THROW(fearless::spawn([] { throw boom{}; }).join(), boom);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(thread_exception, while_copying_an_argument_starts_no_thread) {
  struct bad {
    bad() = default;
    bad(const bad&) { throw boom{}; }
  };
  std::atomic<bool> ran{false};
  const bad value;
  EXPECT_THROW(static_cast<void>(fearless::spawn([&ran](const bad&) { ran = true; }, value)), boom);
  EXPECT_THROW(static_cast<void>(fearless::try_spawn([&ran](const bad&) { ran = true; }, value)),
               boom);
  EXPECT_FALSE(ran);
}

// --- thread_builder --------------------------------------------------------------------------

TEST(thread_builder, a_name) {
  auto handle = fearless::thread_builder().name("ada lovelace").spawn([] {
    return std::string(fearless::current().name());
  });
  EXPECT_EQ(handle.thread().name(), "ada lovelace");
  EXPECT_EQ(handle.join(), "ada lovelace");
}

TEST(thread_builder, an_unnamed_thread_has_an_empty_name) {
  EXPECT_EQ(fearless::spawn([] { return std::string(fearless::current().name()); }).join(), "");
}

#if defined(__linux__) && !FEARLESS_PORTABLE_THREAD
std::string system_name() {
  char buffer[64] = "";
  ::pthread_getname_np(::pthread_self(), buffer, sizeof buffer);
  return buffer;
}

TEST(thread_builder, the_system_sees_the_name) {
  EXPECT_EQ(fearless::thread_builder().name("worker-7").spawn(&system_name).join(), "worker-7");
}

TEST(thread_builder, the_system_sees_a_long_name_cut) {
  const std::string name = "a name that is longer than the system takes";
  auto handle = fearless::thread_builder().name(name).spawn(
      [] { return std::pair(system_name(), std::string(fearless::current().name())); });
  const auto [cut, full] = handle.join();
  EXPECT_EQ(cut, name.substr(0, 15));
  EXPECT_EQ(full, name);
}

std::size_t own_stack_size() {
  pthread_attr_t attributes;
  ::pthread_getattr_np(::pthread_self(), &attributes);
  std::size_t size = 0;
  ::pthread_attr_getstacksize(&attributes, &size);
  ::pthread_attr_destroy(&attributes);
  return size;
}

TEST(thread_builder, a_stack_size) {
  // More than the default; the C library may give a larger one that it has in stock.
  const std::size_t wanted = 20U << 20;
  EXPECT_GE(fearless::thread_builder().stack_size(wanted).spawn(&own_stack_size).join(), wanted);
}

TEST(thread_builder, a_stack_size_is_rounded_up_to_pages_and_to_the_minimum) {
  EXPECT_EQ(fearless::thread_builder().stack_size(3 * 1024 * 1024 + 1).spawn(&own_stack_size).join() % 4096, 0U);
  EXPECT_GE(fearless::thread_builder().stack_size(1).spawn(&own_stack_size).join(), 16384U);
}

TEST(thread_builder, a_large_stack_can_be_used) {
  struct deep {
    static int down(int levels) {
      volatile char frame[16 * 1024];
      frame[0] = 1;
      return levels == 0 ? frame[0] : down(levels - 1) + frame[0] - 1;
    }
  };
  // 32 MiB of frames would overflow the usual stack of 8 MiB.
  EXPECT_EQ(fearless::thread_builder().stack_size(96U << 20).spawn(&deep::down, 2000).join(), 1);
}

TEST(thread_builder, an_impossible_stack_is_an_error_that_can_be_handled) {
  const fearless::thread_builder builder =
      fearless::thread_builder().stack_size(static_cast<std::size_t>(1) << 60);
  auto result = builder.try_spawn([] { return 1; });
  EXPECT_FALSE(result);
  EXPECT_FALSE(result.has_value());
  EXPECT_TRUE(result.error());
  EXPECT_THROW(static_cast<void>(builder.spawn([] {})), std::system_error);
  const auto overflow =
      fearless::thread_builder().stack_size(static_cast<std::size_t>(-1)).try_spawn([] {});
  EXPECT_EQ(overflow.error(), std::errc::invalid_argument);
}

TEST(thread_builder, failure_destroys_the_closure) {
  census people;
  const auto result = fearless::thread_builder()
                          .stack_size(static_cast<std::size_t>(1) << 60)
                          .try_spawn([person = counted(people)] { return person.value; });
  EXPECT_FALSE(result);
  EXPECT_EQ(people.alive, 0);
}
#elif FEARLESS_PORTABLE_THREAD
TEST(thread_builder, a_stack_size_that_cannot_be_set_is_an_error) {
  const auto result = fearless::thread_builder().stack_size(1 << 20).try_spawn([] {});
  EXPECT_EQ(result.error(), std::errc::not_supported);
}
#endif

TEST(thread_builder, a_name_with_a_null_character_is_an_error) {
  const fearless::thread_builder builder =
      fearless::thread_builder().name(std::string("ada l\0velace", 12));
  EXPECT_EQ(builder.try_spawn([] {}).error(), std::errc::invalid_argument);
  EXPECT_THROW(static_cast<void>(builder.spawn([] {})), std::system_error);
}

TEST(thread_builder, can_be_used_many_times) {
  fearless::thread_builder builder;
  builder.name("pool");
  auto a = builder.spawn([] { return std::string(fearless::current().name()); });
  auto b = builder.spawn([] { return std::string(fearless::current().name()); });
  EXPECT_EQ(a.join(), "pool");
  EXPECT_EQ(b.join(), "pool");
}

TEST(thread_try_spawn, success) {
  auto result = fearless::try_spawn([](int n) { return n + 1; }, 1);
  ASSERT_TRUE(result);
  EXPECT_FALSE(result.error());
  EXPECT_TRUE(result->joinable());
  EXPECT_EQ(result.take().join(), 2);
}

// --- identity and the calling thread ------------------------------------------------------------

TEST(thread_current, the_identity_is_stable) {
  EXPECT_EQ(fearless::current().id(), fearless::current().id());
  EXPECT_EQ(fearless::current().id(), fearless::current_id());
}

TEST(thread_current, identities_differ_and_are_never_reused) {
  std::set<fearless::thread_id> seen{fearless::current_id()};
  for (int i = 0; i != 50; ++i)
    EXPECT_TRUE(seen.insert(fearless::spawn([] { return fearless::current_id(); }).join()).second);
}

TEST(thread_current, identities_are_ordered_and_hashed) {
  const auto here = fearless::current_id();
  const auto there = fearless::spawn([] { return fearless::current_id(); }).join();
  EXPECT_NE(here < there, there < here);
  const std::unordered_set<fearless::thread_id> set{here, there, here};
  EXPECT_EQ(set.size(), 2U);
  EXPECT_NE(here.value(), 0U);
}

TEST(thread_current, the_main_thread_is_called_main) {
  EXPECT_EQ(fearless::current().name(), "main");
}

TEST(thread_current, a_thread_of_the_standard_library_has_a_record_too) {
  fearless::thread_id inside = fearless::current_id();
  std::string name = "?";
  std::thread([&] {
    inside = fearless::current().id();
    name = fearless::current().name();
    fearless::current().unpark();
    fearless::park();
  }).join();
  EXPECT_NE(inside, fearless::current_id());
  EXPECT_EQ(name, "");
}

TEST(thread_current, hardware_concurrency_counts_the_usable_cpus) {
  EXPECT_GE(fearless::hardware_concurrency(), 1U);
#if defined(__linux__)
  cpu_set_t old;
  ASSERT_EQ(::sched_getaffinity(0, sizeof old, &old), 0);
  EXPECT_EQ(fearless::hardware_concurrency(), static_cast<unsigned>(CPU_COUNT(&old)));
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu != CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &old)) {
      CPU_SET(cpu, &one);
      break;
    }
  fearless::spawn([&one] { // on a thread of its own: the mask is per thread
    if (::sched_setaffinity(0, sizeof one, &one) == 0) {
      EXPECT_EQ(fearless::hardware_concurrency(), 1U);
    }
  }).join();
#endif
}

TEST(thread_sleep, sleeps_at_least_as_long) {
  const stopwatch watch;
  fearless::sleep_for(20ms);
  EXPECT_GE(watch.elapsed(), 20ms);
}

TEST(thread_sleep, not_at_all_for_a_negative_time) {
  const stopwatch watch;
  fearless::sleep_for(-10s);
  fearless::sleep_for(std::chrono::nanoseconds::min());
  fearless::sleep_until(std::chrono::steady_clock::now() - 1h);
  EXPECT_LT(watch.elapsed(), 5s);
}

TEST(thread_sleep, until_a_point_of_time) {
  const auto when = std::chrono::steady_clock::now() + 10ms;
  fearless::sleep_until(when);
  EXPECT_GE(std::chrono::steady_clock::now(), when);
}

TEST(thread_sleep, yield_returns) { fearless::yield(); }

// --- park and unpark -------------------------------------------------------------------------

TEST(thread_park, a_token_given_before_is_taken_at_once) {
  for (int i = 0; i != 10; ++i) {
    fearless::current().unpark();
    fearless::park();
  }
}

TEST(thread_park, tokens_do_not_add_up) {
  fearless::current().unpark();
  fearless::current().unpark();
  fearless::park();
  EXPECT_FALSE(fearless::park_for(1ms));
}

TEST(thread_park, another_thread_unparks) {
  for (int i = 0; i != 10; ++i) {
    const auto me = fearless::current();
    auto waker = fearless::spawn([me] {
      std::this_thread::sleep_for(2ms);
      me.unpark();
    });
    fearless::park();
    waker.join();
  }
}

TEST(thread_park, the_handle_unparks) {
  auto handle = fearless::spawn([] { return fearless::park_for(10s); });
  std::this_thread::sleep_for(5ms);
  handle.thread().unpark();
  EXPECT_TRUE(handle.join());
}

TEST(thread_park, what_happened_before_unpark_is_visible_after_park) {
  for (int i = 0; i != repeats(100); ++i) {
    int plain = 0;
    const auto me = fearless::current();
    auto waker = fearless::spawn([me, &plain] {
      plain = 1;
      me.unpark();
    });
    fearless::park();
    ASSERT_EQ(plain, 1);
    waker.join();
  }
}

TEST(thread_park, for_a_limited_time) {
  const stopwatch watch;
  EXPECT_FALSE(fearless::park_for(10ms));
  EXPECT_GE(watch.elapsed(), 10ms);
  EXPECT_FALSE(fearless::park_for(-1s));
  EXPECT_FALSE(fearless::park_until(std::chrono::steady_clock::now() + 1ms));
}

TEST(thread_park, for_a_limited_time_with_a_token) {
  fearless::current().unpark();
  EXPECT_TRUE(fearless::park_for(std::chrono::nanoseconds::max()));
  fearless::current().unpark();
  EXPECT_TRUE(fearless::park_for(0ms));
}

TEST(thread_park, a_time_out_leaves_no_token_and_loses_none) {
  for (int i = 0; i != repeats(200); ++i) {
    const auto me = fearless::current();
    auto waker = fearless::spawn([me] { me.unpark(); });
    bool got = fearless::park_for(std::chrono::microseconds(i % 50));
    waker.join();
    if (!got)
      got = fearless::park_for(0ms); // the token came after the time-out
    ASSERT_TRUE(got);
    ASSERT_FALSE(fearless::park_for(0ms));
  }
}

} // namespace
