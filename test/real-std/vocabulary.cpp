// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types that hold one value or a few inside: pair, tuple, optional, variant.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

// pair and tuple are their elements and no more.
template <class T> using pair_of = std::pair<T, const T>;
template <class T> using tuple_of = std::tuple<std::string, T>;
template <class T> using tuple_of_four = std::tuple<int, T, double, int>;
EXPECT_HOLDS(pair_of);
EXPECT_HOLDS(tuple_of);
EXPECT_HOLDS(tuple_of_four);
EXPECT_SYNC_AS_ELEMENT(pair_of);
FEARLESS_ASSERT_SYNC(std::tuple<synced, sync_only>);
FEARLESS_ASSERT_NOT_SYNC(std::tuple<synced, plain>);
FEARLESS_ASSERT_SEND(std::tuple<>);
FEARLESS_ASSERT_NOT_SEND(std::tuple<int &>);
FEARLESS_ASSERT_SEND(std::tuple<const int &>);
FEARLESS_ASSERT_NOT_SEND(std::pair<int, std::unique_lock<std::mutex>>);

// The others also know whether or which value is there.
template <class T> using optional_of = std::optional<T>;
template <class T> using variant_of = std::variant<int, T>;
EXPECT_HOLDS(optional_of);
EXPECT_HOLDS(variant_of);
EXPECT_NEVER_SYNC(optional_of);
EXPECT_NEVER_SYNC(variant_of);
EXPECT_VALUE(std::variant<std::monostate, int, std::string>);

#if __has_include(<expected>) && __cplusplus > 202002L
#include <expected>
#endif
#ifdef __cpp_lib_expected
template <class T> using expected_of = std::expected<T, int>;
template <class T> using error_of = std::expected<int, T>;
EXPECT_HOLDS(expected_of);
EXPECT_HOLDS(error_of);
EXPECT_NEVER_SYNC(expected_of);
template <class T> using unexpected_of = std::unexpected<T>;
EXPECT_HOLDS(unexpected_of);
#endif
