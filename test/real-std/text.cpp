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
FEARLESS_ASSERT_SEND(const std::ctype<char> *);
FEARLESS_ASSERT_SEND(const std::numpunct<char> &);
EXPECT_VALUE(std::regex);
EXPECT_VALUE(std::wregex);
EXPECT_VALUE(std::smatch);
EXPECT_VALUE(std::cmatch);
EXPECT_VALUE(std::csub_match);
FEARLESS_ASSERT_SEND(std::match_results<std::list<char>::const_iterator>);
FEARLESS_ASSERT_NOT_SEND(std::match_results<char *>);
FEARLESS_ASSERT_NOT_SEND(std::sub_match<std::string::iterator>);
