// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of the library: strings, numbers, time, errors, comparison results.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <bitset>
#include <charconv>
#include <chrono>
#include <compare>
#include <complex>
#include <exception>
#include <functional>
#include <ios>
#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeindex>
#include <valarray>

// Strings. An allocator is part of the type.
template <class T>
struct bound_allocator : std::allocator<T> {
  plain *arena;
  template <class U>
  struct rebind {
    using other = bound_allocator<U>;
  };
};
EXPECT_VALUE(std::string);
EXPECT_VALUE(std::wstring);
EXPECT_VALUE(std::u8string);
EXPECT_NEITHER(
    std::basic_string<char, std::char_traits<char>, bound_allocator<char>>);

// Numbers and bits.
EXPECT_VALUE(std::complex<double>);
EXPECT_VALUE(std::bitset<8>);
EXPECT_NEITHER(std::bitset<8>::reference);
EXPECT_VALUE(std::valarray<double>);
EXPECT_VALUE(std::slice);
EXPECT_VALUE(std::gslice);
EXPECT_NEITHER(std::slice_array<double>);
EXPECT_NEITHER(std::gslice_array<double>);
EXPECT_NEITHER(std::mask_array<double>);
EXPECT_NEITHER(std::indirect_array<double>);
FEARLESS_ASSERT_SEND(std::slice_array<synced>); // as its elements

// Time.
EXPECT_VALUE(std::chrono::seconds);
EXPECT_VALUE(std::chrono::duration<double>);
EXPECT_VALUE(std::chrono::system_clock::time_point);
EXPECT_VALUE(std::chrono::steady_clock::time_point);
EXPECT_VALUE(std::chrono::day);
EXPECT_VALUE(std::chrono::month);
EXPECT_VALUE(std::chrono::year);
EXPECT_VALUE(std::chrono::weekday);
EXPECT_VALUE(std::chrono::weekday_indexed);
EXPECT_VALUE(std::chrono::weekday_last);
EXPECT_VALUE(std::chrono::month_day);
EXPECT_VALUE(std::chrono::month_day_last);
EXPECT_VALUE(std::chrono::month_weekday);
EXPECT_VALUE(std::chrono::month_weekday_last);
EXPECT_VALUE(std::chrono::year_month);
EXPECT_VALUE(std::chrono::year_month_day_last);
EXPECT_VALUE(std::chrono::year_month_weekday);
EXPECT_VALUE(std::chrono::year_month_weekday_last);
EXPECT_VALUE(std::chrono::year_month_day);
EXPECT_VALUE(std::chrono::hh_mm_ss<std::chrono::seconds>);

#if defined(_LIBCPP_VERSION) && __cpp_lib_chrono >= 201907L
EXPECT_VALUE(std::chrono::sys_info);
EXPECT_VALUE(std::chrono::zoned_seconds);
FEARLESS_ASSERT_SEND(const std::chrono::time_zone *);
FEARLESS_ASSERT_SEND(const std::chrono::tzdb &);
#endif

// Errors and information about the program.
EXPECT_VALUE(std::error_code);
EXPECT_VALUE(std::error_condition);
EXPECT_VALUE(std::type_index);
EXPECT_VALUE(std::type_info);
FEARLESS_ASSERT_SEND(const std::type_info *);
EXPECT_VALUE(std::source_location);
EXPECT_VALUE(std::from_chars_result);
EXPECT_NEITHER(std::to_chars_result); // a char* for writing
EXPECT_VALUE(std::fpos<std::mbstate_t>);
EXPECT_VALUE(std::streamoff);

// Exceptions have no entries: their structure says it.
FEARLESS_ASSERT_SEND(std::runtime_error);
FEARLESS_ASSERT_SYNC(const std::runtime_error);
FEARLESS_ASSERT_SEND(std::out_of_range);
FEARLESS_ASSERT_SEND(std::system_error);
FEARLESS_ASSERT_SEND(std::bad_alloc);
FEARLESS_ASSERT_SEND(std::exception);
FEARLESS_ASSERT_NOT_SEND(const std::exception *); // of which derived class?

// All copies of an exception_ptr share one object.
EXPECT_SEND_ONLY(std::exception_ptr);
EXPECT_SEND_ONLY(std::nested_exception);

// Comparison results and tags.
EXPECT_VALUE(std::strong_ordering);
EXPECT_VALUE(std::weak_ordering);
EXPECT_VALUE(std::partial_ordering);
FEARLESS_ASSERT_SEND(std::allocator_arg_t);
static_assert(sizeof(std::hash<int>) == 1); // or it would only be declared
FEARLESS_ASSERT_SEND(std::hash<int>);
FEARLESS_ASSERT_SYNC(const std::hash<int>);
