// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locales and regular expressions are shared for reading; matches refer to the
// string that was searched.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <list>
#include <locale>
#include <regex>
#include <string>

EXPECT_VALUE(std::locale);
EXPECT_VALUE(std::locale::id);
// A facet is used through const, and may be of a derived class.
#define EXPECT_FACET(...)                                                      \
  FEARLESS_ASSERT_SEND(const __VA_ARGS__ *);                                   \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__ *)
EXPECT_FACET(std::ctype<char>);
EXPECT_FACET(std::codecvt<char, char, std::mbstate_t>);
EXPECT_FACET(std::collate<char>);
EXPECT_FACET(std::messages<char>);
EXPECT_FACET(std::money_get<char>);
EXPECT_FACET(std::money_put<char>);
EXPECT_FACET(std::moneypunct<char>);
EXPECT_FACET(std::num_get<char>);
EXPECT_FACET(std::num_put<char>);
EXPECT_FACET(std::numpunct<char>);
EXPECT_FACET(std::time_get<char>);
EXPECT_FACET(std::time_put<char>);
EXPECT_VALUE(std::regex);
EXPECT_VALUE(std::wregex);
struct own_traits : std::regex_traits<char> {
  plain *table;
};
EXPECT_NEITHER(std::basic_regex<char, own_traits>);
EXPECT_VALUE(std::smatch);
EXPECT_VALUE(std::cmatch);
EXPECT_VALUE(std::csub_match);
FEARLESS_ASSERT_SEND(std::match_results<std::list<char>::const_iterator>);
FEARLESS_ASSERT_NOT_SEND(std::match_results<char *>);
FEARLESS_ASSERT_NOT_SYNC(const std::match_results<char *>);
template <class T>
struct arena_allocator {
  using value_type = T;
  int *arena;
  T *allocate(std::size_t);
  void deallocate(T *, std::size_t);
};
EXPECT_NEITHER(std::match_results<
               const char *, arena_allocator<std::sub_match<const char *>>>);
EXPECT_NEITHER(std::sub_match<char *>);
EXPECT_NEITHER(std::regex_iterator<std::string::iterator>);
EXPECT_NEITHER(std::regex_token_iterator<std::string::iterator>);
FEARLESS_ASSERT_NOT_SEND(std::sub_match<std::string::iterator>);
