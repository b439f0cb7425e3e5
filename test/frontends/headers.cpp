// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings in the user's headers are shown, and filtered by header-filter;
// nothing is shown from system headers, but what their macros expand to in the
// user's code is the user's.

// RUN: %fearless_check %s -verify=expected,header -- -isystem %S/Inputs/system -I%S/Inputs/user
// RUN: %fearless_check %s -verify=expected,header -header-filter=user/ -- -isystem %S/Inputs/system -I%S/Inputs/user
// RUN: %fearless_check %s -header-filter=elsewhere/ -- -isystem %S/Inputs/system -I%S/Inputs/user

// The plugin alone, as a build runs it.
// RUN: not %clangxx -std=c++20 -fsyntax-only -fplugin=%plugin -I%annotations -isystem %S/Inputs/system -I%S/Inputs/user %s 2>&1 | FileCheck %s --implicit-check-not=error:
// CHECK: user.h:10:{{[0-9]+}}: error: {{.*}}[fearless-send]
// CHECK: headers.cpp:{{[0-9]+}}:{{[0-9]+}}: error: {{.*}}[fearless-send]
// CHECK: headers.cpp:{{[0-9]+}}:{{[0-9]+}}: error: {{.*}}[fearless-send]

// clang-tidy's own filter holds too.
// RUN: %clang_tidy --load=%tidy_module "--checks=-*,fearless-*" "--config={}" --header-filter=elsewhere/ %s -- -std=c++20 -I%annotations -isystem %S/Inputs/system -I%S/Inputs/user 2>&1 | FileCheck %s --check-prefix=TIDY --implicit-check-not=warning:
// TIDY: headers.cpp:{{[0-9]+}}:{{[0-9]+}}: warning: {{.*}}[fearless-send]
// TIDY: headers.cpp:{{[0-9]+}}:{{[0-9]+}}: warning: {{.*}}[fearless-send]

#include <user.h>

// header-error@user.h:10 {{'h' of type 'library_handle'}}
// expected-note@* 0+{{}}

void use(library_handle argument) {
  LIBRARY_SPAWN_ARGUMENT(argument); // expected-error {{'argument' of type 'library_handle'}}
  LIBRARY_SPAWN_ITS_OWN(); // expected-error {{'h' of type 'library_handle'}}
}
