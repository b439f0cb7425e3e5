// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// pthread_create and thrd_create: a function and a pointer.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20

// expected-note@* 0+{{}}

#include "shapes.h"

#include <pthread.h>
#include <threads.h>

struct FEARLESS_NOT_SYNC("it belongs to its window") handle {
  int id;
};
void *run(void *);
int run_c11(void *);

void posix(handle &h, synced &s) {
  pthread_t thread;
  pthread_create(&thread, nullptr, run, &h); // expected-error {{not Sync}}
  pthread_create(&thread, nullptr, run, &s);
  pthread_create(&thread, nullptr, run, nullptr);
}

void c11(handle &h, synced &s) {
  thrd_t thread;
  thrd_create(&thread, run_c11, &h); // expected-error {{not Sync}}
  thrd_create(&thread, run_c11, &s);
}
