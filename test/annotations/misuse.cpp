// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Clang itself says where a mark is written wrongly, and where it must not be trusted to say anything. The plugin
// reports the rest (fearless-annotation, fearless-unsafe).

// RUN: %clangxx -std=c++20 -Wall -Wextra -fsyntax-only -I%annotations -Xclang -verify %s

#include <fearless/annotations.h>

// Before the keyword of a class: dropped, with a warning.
// expected-warning@+1 {{attribute 'annotate' is ignored, place it after "class" to apply attribute to type declaration}}
FEARLESS_SEND class before_the_keyword {};

// Behind a trailing return type it would belong to the type: dropped, with a warning.
// expected-warning@+1 {{'annotate' attribute ignored when parsing type}}
auto behind_the_return_type() -> int FEARLESS_RUNS_ON(ui);

// A condition names the templates of namespace fearless.
template <class T>
struct FEARLESS_SEND_IF(send<T>) unqualified {}; // expected-error {{use of undeclared identifier 'send'}}

// A mark with conditions needs one.
struct FEARLESS_SEND_IF() no_condition {}; // expected-error {{expected expression}}

// An assertion is a declaration that takes no attribute.
FEARLESS_ALLOW("fearless-send", "why") FEARLESS_ASSERT_SEND(int); // expected-error {{an attribute list cannot appear here}}

// The reason is a literal, so that it can be read in a review.
constexpr const char *reason = "computed";
// expected-error@+1 2 {{expected ')'}} expected-error@+1 {{declaration of anonymous struct must be a definition}} expected-warning@+1 {{declaration does not declare anything}}
struct FEARLESS_UNSAFE_SEND(reason) not_a_literal {};
