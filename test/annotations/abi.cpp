// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marks change neither layout nor mangling. One file is compiled with them and with them defined away: the symbols
// and the layout of every class must be the same, so that marked and unmarked code can be linked together.

// RUN: %clangxx -std=c++20 -c -I%annotations -I%S/Inputs %s -o %t.with.o
// RUN: %clangxx -std=c++20 -c -DFEARLESS_NO_ANNOTATIONS -I%annotations -I%S/Inputs %s -o %t.without.o
// RUN: nm -f posix %t.with.o | cut -d " " -f 1,2 | sort > %t.with.symbols
// RUN: nm -f posix %t.without.o | cut -d " " -f 1,2 | sort > %t.without.symbols
// RUN: diff %t.with.symbols %t.without.symbols
// RUN: FileCheck %s --check-prefix=SYMBOLS < %t.with.symbols
// SYMBOLS-DAG: _ZN6places6submitEPFvPvES0_ T
// SYMBOLS-DAG: _ZN6places10spawn_withIZNS_11instantiateEvE{{.*}}JilEEEvOT_DpOT0_
// SYMBOLS-DAG: _ZN6places4poolIiE4postEi W

// Not -fdump-record-layouts-complete, on which Clang 16 crashes with or without marks; code generation asks for the
// layout of every class that is used.
// RUN: %clangxx -std=c++20 -S -emit-llvm -Xclang -fdump-record-layouts-simple -I%annotations -I%S/Inputs %s -o %t.ll | grep -E '^Type: |^ *(Size|DataSize|Alignment|FieldOffsets|BaseOffset)' > %t.with.layout
// RUN: %clangxx -std=c++20 -S -emit-llvm -Xclang -fdump-record-layouts-simple -DFEARLESS_NO_ANNOTATIONS -I%annotations -I%S/Inputs %s -o %t.ll | grep -E '^Type: |^ *(Size|DataSize|Alignment|FieldOffsets|BaseOffset)' > %t.without.layout
// RUN: diff %t.with.layout %t.without.layout
// RUN: FileCheck %s --check-prefix=LAYOUT < %t.with.layout
// LAYOUT-DAG: struct places::fields
// LAYOUT-DAG: struct places::pair_of<int, long>
// LAYOUT-DAG: struct places::aligned_after

// Clang with marks and GCC without them agree on the numbers.
// RUN: g++ -std=c++20 -fsyntax-only -I%annotations -I%S/Inputs %s
// RUN: %clangxx -std=c++20 -fsyntax-only -I%annotations -I%S/Inputs %s

#include "places.h"

static_assert(sizeof(places::two_marks) == sizeof(int) + sizeof(int) && alignof(places::two_marks) == alignof(int), "");
static_assert(sizeof(places::aligned_after) == 16 && alignof(places::aligned_after) == 16, "");
static_assert(sizeof(places::scoped) == sizeof(short), "");
static_assert(sizeof(places::box<char>) == 1 && alignof(places::box<char>) == 1, "");
static_assert(__builtin_offsetof(places::fields, plain) == 2 * sizeof(int), "");
static_assert(__builtin_offsetof(places::fields, array) == 7 * sizeof(int), "");
static_assert(__builtin_offsetof(places::fields, pointer) == 12 * sizeof(int), "");

int main() {
  int i = 0;
  places::instantiate();
  return places::statements(&i);
}
