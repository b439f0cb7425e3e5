// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types of POSIX threads, of C11 threads and of stdio.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <threads.h>

EXPECT_THREAD_SAFE(pthread_mutex_t);
EXPECT_THREAD_SAFE(pthread_rwlock_t);
EXPECT_THREAD_SAFE(pthread_cond_t);
EXPECT_THREAD_SAFE(pthread_barrier_t);
EXPECT_THREAD_SAFE(sem_t);
EXPECT_THREAD_SAFE(mtx_t);
EXPECT_THREAD_SAFE(cnd_t);
EXPECT_VALUE(pthread_t);
EXPECT_VALUE(thrd_t);
EXPECT_VALUE(pthread_attr_t);
FEARLESS_ASSERT_SEND(pthread_mutex_t *);

// Every function of stdio locks its stream.
EXPECT_THREAD_SAFE(FILE);
FEARLESS_ASSERT_SEND(FILE *);

// A directory stream has a position.
FEARLESS_ASSERT_SEND(DIR);
FEARLESS_ASSERT_NOT_SEND(DIR *);
FEARLESS_ASSERT_NOT_SEND(const DIR *);

FEARLESS_ASSERT_SEND(locale_t);

// A C monitor.
struct monitor {
  pthread_mutex_t mutex;
  int count FEARLESS_GUARDED_BY(mutex);
};
EXPECT_THREAD_SAFE(monitor);
