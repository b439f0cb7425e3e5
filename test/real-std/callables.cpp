// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Erased callables and values are unknown; wrappers that show what they hold are
// as good as that.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <any>
#include <compare>
#include <functional>
#include <memory>
#if __has_include(<coroutine>)
#include <coroutine>
#endif

EXPECT_NEITHER(std::function<void()>);
EXPECT_NEITHER(std::function<int(int) >);
EXPECT_NEITHER(std::any);
#ifdef __cpp_lib_move_only_function
EXPECT_NEITHER(std::move_only_function<void()>);
EXPECT_NEITHER(std::move_only_function<void() const noexcept>);
#endif
EXPECT_NEITHER(std::coroutine_handle<>);
EXPECT_NEITHER(std::coroutine_handle<plain>);
FEARLESS_ASSERT_SEND(std::suspend_always);
struct with_callback {
  std::function<void()> callback;
};
EXPECT_NEITHER(with_callback);

// Function objects without state.
EXPECT_THREAD_SAFE(std::less<>);
EXPECT_THREAD_SAFE(std::less_equal<>);
EXPECT_THREAD_SAFE(std::greater<>);
EXPECT_THREAD_SAFE(std::greater_equal<>);
EXPECT_THREAD_SAFE(std::equal_to<>);
EXPECT_THREAD_SAFE(std::not_equal_to<>);
EXPECT_THREAD_SAFE(std::plus<>);
EXPECT_THREAD_SAFE(std::minus<>);
EXPECT_THREAD_SAFE(std::multiplies<>);
EXPECT_THREAD_SAFE(std::divides<>);
EXPECT_THREAD_SAFE(std::modulus<>);
EXPECT_THREAD_SAFE(std::negate<>);
EXPECT_THREAD_SAFE(std::logical_and<>);
EXPECT_THREAD_SAFE(std::logical_or<>);
EXPECT_THREAD_SAFE(std::logical_not<>);
EXPECT_THREAD_SAFE(std::bit_and<>);
EXPECT_THREAD_SAFE(std::bit_or<>);
EXPECT_THREAD_SAFE(std::bit_xor<>);
EXPECT_THREAD_SAFE(std::bit_not<>);
EXPECT_THREAD_SAFE(std::less<int>);
EXPECT_THREAD_SAFE(std::identity);
EXPECT_THREAD_SAFE(std::compare_three_way);

int add(int, int);
int change(plain &, int);
struct worker {
  int n;
  int run(int);
};

void wrappers(plain p, worker w, int *counter, synced &s) {
  // std::bind copies what it is given: a copy is Send, a pointer is as its target.
  auto values = std::bind(add, 1, std::placeholders::_1);
  FEARLESS_ASSERT_SEND(decltype(values));
  FEARLESS_ASSERT_SYNC(const decltype(values));
  auto copy = std::bind(change, p, 1);
  FEARLESS_ASSERT_SEND(decltype(copy));
  auto reference = std::bind(change, std::ref(p), 1);
  FEARLESS_ASSERT_NOT_SEND(decltype(reference));
  auto method = std::bind(&worker::run, w, 1);
  FEARLESS_ASSERT_SEND(decltype(method));
  auto method_of_pointer = std::bind(&worker::run, &w, 1);
  FEARLESS_ASSERT_NOT_SEND(decltype(method_of_pointer));
  auto with_result = std::bind<void>(add, 1, 2);
  FEARLESS_ASSERT_SEND(decltype(with_result));
  auto safe = std::bind([](synced &, int) {}, std::ref(s), 1);
  FEARLESS_ASSERT_SEND(decltype(safe));

  auto front = std::bind_front(add, 1);
  FEARLESS_ASSERT_SEND(decltype(front));
  FEARLESS_ASSERT_SYNC(const decltype(front));
  auto front_of_cache = std::bind_front([](const send_only &, int) {}, send_only());
  EXPECT_SEND_ONLY(decltype(front_of_cache));
  auto front_of_safe = std::bind_front([](synced *, int) {}, &s);
  FEARLESS_ASSERT_SEND(decltype(front_of_safe));
  auto front_of_pointer = std::bind_front(&worker::run, &w);
  FEARLESS_ASSERT_NOT_SEND(decltype(front_of_pointer));

  auto negated = std::not_fn([p](int i) { return i == p.value; });
  FEARLESS_ASSERT_SEND(decltype(negated));
  auto negated_counter = std::not_fn([counter](int i) { return i == ++*counter; });
  FEARLESS_ASSERT_NOT_SEND(decltype(negated_counter));

  EXPECT_NEITHER(decltype(negated_counter));
  auto negated_safe = std::not_fn([&s](int i) { return i == s.value; });
  EXPECT_THREAD_SAFE(decltype(negated_safe));
#ifdef __cpp_lib_bind_back
  auto back = std::bind_back(add, 1);
  FEARLESS_ASSERT_SEND(decltype(back));
  auto back_of_pointer = std::bind_back([](int, worker *) {}, &w);
  FEARLESS_ASSERT_NOT_SEND(decltype(back_of_pointer));
#endif

  auto member = std::mem_fn(&worker::run);
  EXPECT_VALUE(decltype(member));
}
