// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Views of contiguous data: references by another name.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <initializer_list>
#include <span>
#include <string_view>
#if __has_include(<mdspan>) && __cplusplus > 202002L
#include <mdspan>
#endif

EXPECT_VALUE(std::string_view);
EXPECT_VALUE(std::u16string_view);

template <class T> using list_of = std::initializer_list<T>;
EXPECT_READS(list_of);

template <class T> using span_of = std::span<T>;
template <class T> using span_of_three = std::span<T, 3>;
template <class T> using span_of_const = std::span<const T>;
EXPECT_REFERS(span_of);
EXPECT_REFERS(span_of_three);
EXPECT_READS(span_of_const);

#ifdef __cpp_lib_mdspan
template <class T> using matrix_of = std::mdspan<T, std::dextents<int, 2>>;
template <class T>
using matrix_of_const = std::mdspan<const T, std::dextents<int, 2>>;
EXPECT_REFERS(matrix_of);
EXPECT_READS(matrix_of_const);
#endif
