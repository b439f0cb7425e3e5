// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A block that nothing ends covers nothing, as in clang-tidy; strict mode says so.

// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin -Xclang -verify %s
// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin -fplugin-arg-fearless-mode=strict -Xclang -verify=expected,strict %s

// clang-tidy shows the same, and complains in words of its own about the comments.
// RUN: not %clang_tidy --load=%tidy_module "--checks=-*,fearless-*" "--config={}" %s -- -std=c++20 -I%annotations 2>&1 | grep -E "warning: |clang-tidy-nolint" | FileCheck %s --implicit-check-not=warning:
// CHECK-DAG: warning: {{.*}}[fearless-send]
// CHECK-DAG: warning: {{.*}}[fearless-send]
// CHECK-DAG: error: {{.*}}[clang-tidy-nolint]

#include <fearless/annotations.h>

// expected-note@* 0+{{}}

template <class F> void spawn(FEARLESS_SPAWNS F) {}
struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
void f(handle h) {
  // NOLINTEND(fearless-send)
  spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}
  // strict-error@+1 {{with the same names ends this}}
  // NOLINTBEGIN(fearless-send)
  spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}
  // NOLINTEND
}
