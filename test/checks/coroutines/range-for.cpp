// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The temporaries of a range live as long as the loop from C++23 on (in Clang
// from 19 on); before, they end when the loop begins.
//
// RUN: %fearless_check %s -checks=fearless-borrow -verify=expected -- -std=c++20
// RUN: %fearless_check %s -checks=fearless-borrow -verify=since -- -std=c++23
// REQUIRES: llvm-ge-19
// since-no-diagnostics

#include "Inputs/libraries.h"

#include <string>
#include <vector>

std::vector<int> load();
std::generator<int> doubled(const std::vector<int> &all) { // expected-note {{of 'all', the frame of the coroutine keeps only the reference}}
  for (int n : all) // expected-note {{'all' is used here}}
    co_yield 2 * n;
}
void temporary_bad() {
  for (int n : doubled(load()))
  // expected-error@-1 {{the coroutine 'doubled' uses 'all' after it was suspended, but it refers to a temporary, which ends with this statement}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: take 'all' by value, as an owner}}
    (void)n;
}
void closure_bad(int from) {
  for (int n : [from]() -> std::generator<int> {
  // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended, but they are part of its closure, which ends with this statement}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: pass what the coroutine needs as parameters}}
         co_yield from; // expected-note {{the capture is used here}}
       }())
    (void)n;
}
void variable_ok() {
  const std::vector<int> all = load();
  for (int n : doubled(all))
    (void)n;
}
