// RUN: not %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin -fplugin-arg-fearless-mode=strict -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The three ways out, each a replacement of its own.

#include <fearless/annotations.h>

#include <vector>

int counter = 0;
int next() { return ++counter; }
// CHECK: error: 'counter' of type 'int' can be reached by every thread
// CHECK: fix-it:"{{.*}}fixits.cpp":{10:1-10:1}:"thread_local "
// CHECK: fix-it:"{{.*}}fixits.cpp":{10:12-10:12}:" FEARLESS_GUARDED_BY(mutex)"
// CHECK: fix-it:"{{.*}}fixits.cpp":{10:1-10:4}:"std::atomic<int>"

std::vector<int> table;
// CHECK: error: 'table' of type 'std::vector<int>' can be reached by every thread
// CHECK: fix-it:"{{.*}}fixits.cpp":{17:1-17:1}:"const "

std::vector<int> list;
void add(int n) { list.push_back(n); }
// CHECK: error: 'list' of type 'std::vector<int>' can be reached by every thread
// CHECK: fix-it:"{{.*}}fixits.cpp":{21:22-21:22}:" FEARLESS_OWNED_BY(main)"
