// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// dump=boundaries and dump=traits print what the analysis saw, with or without
// findings, and change nothing of those.

// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin -fplugin-arg-fearless-dump=boundaries %s 2>&1 | FileCheck %s --check-prefix=BOUNDARIES --implicit-check-not=Send( --implicit-check-not=boundary
// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin -fplugin-arg-fearless-dump=traits %s 2>&1 | FileCheck %s --check-prefix=TRAITS --implicit-check-not=boundary
// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin -fplugin-arg-fearless-dump=traits -fplugin-arg-fearless-dump=boundaries %s 2>&1 | FileCheck %s --check-prefixes=BOUNDARIES,TRAITS
// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -fplugin=%plugin %s 2>&1 | count 0

#include <fearless/annotations.h>

#include <thread>

template <class F> void submit(FEARLESS_SPAWNS F) {}

struct plain {
  int value;
};

// BOUNDARIES: boundary std::thread (spawns) at line [[@LINE+2]]
void stock(plain p, int *raw) {
  std::thread([](plain, int *) {}, p, raw).detach();
}
// BOUNDARIES: 'p': Send(plain) = Yes
// BOUNDARIES: 'raw': Send(int *) = No

// BOUNDARIES: boundary submit (spawns, marked) at line [[@LINE+2]]
void marked(plain p) {
  submit([p] { (void)p; });
}
// BOUNDARIES: Send(plain) = Yes

FEARLESS_ASSERT_SEND(plain);
FEARLESS_ASSERT_NOT_SYNC(plain);
// TRAITS-DAG: Send(plain) = Yes
// TRAITS-DAG: Sync(plain) = No
// TRAITS-DAG: Send(int *) = No, by pointer or reference
