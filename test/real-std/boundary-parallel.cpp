// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parallel algorithms run their functions on several threads at once: with
// execution::par and par_unseq, not with seq and unseq.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20 -fexperimental-library

// expected-note@* 0+{{}}

#include "shapes.h"

#include <algorithm>
#include <execution>
#include <numeric>
#include <vector>

struct FEARLESS_NOT_SYNC("it counts without a lock") counter {
  mutable int n;
  void operator()(int) const { ++n; }
};

// libc++ 16 has no execution policies yet.
#if !defined(_LIBCPP_VERSION) || _LIBCPP_VERSION >= 170000
void each(std::vector<int> &v, counter c) {
  auto count = [c](int i) { c(i); };
  std::for_each(std::execution::par, v.begin(), v.end(), count); // expected-error {{not Sync}}
  std::for_each(std::execution::par_unseq, v.begin(), v.end(), count); // expected-error {{not Sync}}
  std::for_each(std::execution::par, v.begin(), v.end(), c); // expected-error {{not Sync}}
  std::for_each(v.begin(), v.end(), count);
  std::for_each(std::execution::seq, v.begin(), v.end(), count);
  std::for_each(std::execution::par, v.begin(), v.end(), [](int &i) { ++i; });
}

#endif

// libc++ has some of the algorithms only.
#ifndef _LIBCPP_VERSION
int all(std::vector<int> &v, counter c) {
  auto less = [c](int a, int b) { c(a); return a < b; };
  auto even = [c](int a) { c(a); return a % 2 == 0; };
  auto plus = [c](int a, int b) { c(a); return a + b; };
  std::sort(std::execution::par, v.begin(), v.end(), less); // expected-error {{not Sync}}
  std::sort(std::execution::par, v.begin(), v.end());
  std::sort(v.begin(), v.end(), less);
  std::transform(std::execution::par, v.begin(), v.end(), v.begin(), even); // expected-error {{not Sync}}
  int n = std::count_if(std::execution::par, v.begin(), v.end(), even); // expected-error {{not Sync}}
  n += std::reduce(std::execution::par, v.begin(), v.end(), 0, plus); // expected-error {{not Sync}}
  n += std::transform_reduce(std::execution::par, v.begin(), v.end(), 0, plus, even); // expected-error 2 {{not Sync}}
  n += std::reduce(std::execution::par, v.begin(), v.end());
  return n;
}
#endif
