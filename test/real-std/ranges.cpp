// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Range views: as the range below and the functions in them.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <iostream>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace views = std::views;

template <class T> using ref_to = std::ranges::ref_view<std::vector<T>>;
template <class T>
using ref_to_const = std::ranges::ref_view<const std::vector<T>>;
FEARLESS_ASSERT_NOT_SEND(ref_to<plain>);
FEARLESS_ASSERT_NOT_SYNC(const ref_to<plain>);
EXPECT_READS(ref_to_const);
template <class T> using owner_of = std::ranges::owning_view<std::vector<T>>;
template <class T> using single_of = std::ranges::single_view<T>;
FEARLESS_ASSERT_SEND(owner_of<plain>);
FEARLESS_ASSERT_SYNC(const owner_of<plain>);
FEARLESS_ASSERT_NOT_SYNC(owner_of<plain>);
FEARLESS_ASSERT_NOT_SEND(owner_of<neither>);
EXPECT_VALUE(single_of<plain>);
FEARLESS_ASSERT_NOT_SEND(single_of<int *>);
EXPECT_VALUE(std::ranges::iota_view<int, int>);
EXPECT_NEITHER(std::ranges::iota_view<int *, int *>);
EXPECT_VALUE(std::ranges::iota_view<const int *, const int *>);
EXPECT_THREAD_SAFE(std::ranges::empty_view<neither>);
FEARLESS_ASSERT_NOT_SEND(std::ranges::subrange<int *>);
EXPECT_VALUE(std::ranges::subrange<const int *>);
EXPECT_NEITHER(std::ranges::basic_istream_view<int, char>);

void adaptors(std::vector<int> &numbers, const std::vector<int> &constant,
              int &total) {
  auto half = [](int i) { return i / 2; };
  auto even = [](int i) { return i % 2 == 0; };
  auto sum = [&total](int i) { return total += i; };

  auto mapped = constant | views::transform(half);
  EXPECT_VALUE(decltype(mapped));
  auto mapped_plain = numbers | views::transform(half);
  EXPECT_NEITHER(decltype(mapped_plain));
  auto summed = constant | views::transform(sum);
  EXPECT_NEITHER(decltype(summed));
  auto first = constant | views::take(3);
  EXPECT_VALUE(decltype(first));

  auto begin = constant | views::take_while(even);
  EXPECT_VALUE(decltype(begin));
  auto shared = constant | views::take_while(even) | views::common;
  EXPECT_VALUE(decltype(shared));
  const std::vector<std::pair<int, int>> pairs;
  auto keys = pairs | views::keys;
  EXPECT_VALUE(decltype(keys));
#ifdef __cpp_lib_ranges_zip
  auto zipped = views::zip(constant, pairs);
  EXPECT_VALUE(decltype(zipped));
  auto neighbours = constant | views::adjacent<2>;
  EXPECT_VALUE(decltype(neighbours));
#endif
#ifdef __cpp_lib_ranges_as_rvalue
  auto moved = constant | views::as_rvalue;
  EXPECT_NEITHER(decltype(numbers | views::as_rvalue));
  (void)moved;
#endif
#ifdef __cpp_lib_ranges_repeat
  auto repeated = views::repeat(7);
  EXPECT_VALUE(decltype(repeated));
#endif

  // Views that cache: one reader.
  auto filtered = constant | views::filter(even);
  EXPECT_SEND_ONLY(decltype(filtered));
  auto filtered_plain = numbers | views::filter(even);
  EXPECT_NEITHER(decltype(filtered_plain));
  auto reversed = constant | views::filter(even) | views::reverse;
  EXPECT_SEND_ONLY(decltype(reversed));
  auto rest = constant | views::drop_while(even);
  EXPECT_SEND_ONLY(decltype(rest));
  auto later = constant | views::filter(even) | views::drop(1);
  EXPECT_SEND_ONLY(decltype(later));
#if !defined(_LIBCPP_VERSION) || _LIBCPP_VERSION >= 170000
  const std::vector<std::vector<int>> nested;
  auto joined = nested | views::join;
  EXPECT_SEND_ONLY(decltype(joined));
#endif
  auto lazy = std::string_view("a b") | views::lazy_split(' ');
  EXPECT_SEND_ONLY(decltype(lazy));
#ifdef __cpp_lib_ranges_chunk_by
  auto chunks = constant | views::chunk_by([](int a, int b) { return a < b; });
  EXPECT_SEND_ONLY(decltype(chunks));
#endif
#ifdef __cpp_lib_ranges_join_with
  auto with_zero = nested | views::join_with(0);
  EXPECT_SEND_ONLY(decltype(with_zero));
#endif
  auto words = std::string_view("a b") | views::split(' ');
  EXPECT_SEND_ONLY(decltype(words));

  // Their iterators point to the view or into the range.
  FEARLESS_ASSERT_NOT_SEND(std::ranges::iterator_t<decltype(mapped_plain)>);
  FEARLESS_ASSERT_NOT_SEND(std::ranges::iterator_t<decltype(filtered)>);
}
