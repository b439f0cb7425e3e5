// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of libuv against its own header.
//
// REQUIRES: libuv
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#include <uv.h>

struct FEARLESS_NOT_SEND("it belongs to its window")
    FEARLESS_NOT_SYNC("it belongs to its window") handle {
// expected-note@-1 2 {{'handle' is marked FEARLESS_NOT_SYNC: it belongs to its window}}
  int id;
};

// --- Types -----------------------------------------------------------------------
FEARLESS_ASSERT_SYNC(uv_mutex_t);
FEARLESS_ASSERT_SYNC(uv_rwlock_t);
FEARLESS_ASSERT_SYNC(uv_cond_t);
FEARLESS_ASSERT_SYNC(uv_sem_t);
FEARLESS_ASSERT_SYNC(uv_barrier_t);
FEARLESS_ASSERT_SYNC(uv_async_t);
FEARLESS_ASSERT_SEND(uv_loop_t);
FEARLESS_ASSERT_NOT_SYNC(uv_loop_t);
FEARLESS_ASSERT_NOT_SEND(uv_handle_t);
FEARLESS_ASSERT_NOT_SEND(uv_stream_t);
FEARLESS_ASSERT_NOT_SEND(uv_tcp_t);
FEARLESS_ASSERT_NOT_SEND(uv_udp_t);
FEARLESS_ASSERT_NOT_SEND(uv_pipe_t);
FEARLESS_ASSERT_NOT_SEND(uv_tty_t);
FEARLESS_ASSERT_NOT_SEND(uv_timer_t);
FEARLESS_ASSERT_NOT_SEND(uv_idle_t);
FEARLESS_ASSERT_NOT_SEND(uv_check_t);
FEARLESS_ASSERT_NOT_SEND(uv_prepare_t);
FEARLESS_ASSERT_NOT_SEND(uv_poll_t);
FEARLESS_ASSERT_NOT_SEND(uv_process_t);
FEARLESS_ASSERT_NOT_SEND(uv_signal_t);
FEARLESS_ASSERT_NOT_SEND(uv_fs_event_t);
FEARLESS_ASSERT_NOT_SEND(uv_fs_poll_t);
// The reasons are the models'.
FEARLESS_ASSERT_SEND(uv_timer_t);
// expected-error@-1 {{assertion failed: 'uv_timer_s' is not Send [fearless-annotation]}}
// expected-note@-2 {{'uv_timer_s': it is in the lists of its loop, which only the thread of the loop may use}}
// expected-note@-3 {{help: wake the loop with uv_async_send, and use the handle in its callback}}
FEARLESS_ASSERT_SYNC(uv_loop_t);
// expected-error@-1 {{assertion failed: 'uv_loop_s' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'uv_loop_s': only the thread that runs the loop may use it}}
// expected-note@-3 {{help: wake the loop with uv_async_send}}

// --- Threads ---------------------------------------------------------------------
void increment(void *n) { ++*static_cast<int *>(n); }
// expected-note@-1 {{the thread writes it here}}
void work(void *);

void threads_bad(handle &h) {
  uv_thread_t t;
  uv_thread_create(&t, work, &h);
// expected-error@-1 {{'h' of type 'handle', passed by reference, cannot be shared with another thread through 'uv_thread_create': 'handle' is not Sync [fearless-sync]}}
// expected-note@-2 {{'uv_thread_create' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  uv_thread_join(&t);
  uv_thread_create_ex(&t, nullptr, work, &h);
// expected-error@-1 {{'h' of type 'handle', passed by reference, cannot be shared with another thread through 'uv_thread_create_ex': 'handle' is not Sync [fearless-sync]}}
// expected-note@-2 {{'uv_thread_create_ex' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  uv_thread_join(&t);
}

int race_bad() {
  uv_thread_t t;
  int n = 0;
  uv_thread_create(&t, increment, &n);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  ++n;
// expected-error@-1 {{'n' is written here while the thread started by 'uv_thread_create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  uv_thread_join(&t);
  return n;
}

int race_ok() {
  uv_thread_t t;
  int n = 0;
  uv_thread_create(&t, increment, &n);
  uv_thread_join(&t);
  ++n;
  return n;
}

struct guarded {
  uv_mutex_t m;
  int n;
};
void locked_increment(void *data) {
  auto *g = static_cast<guarded *>(data);
  uv_mutex_lock(&g->m);
  ++g->n;
// expected-note@-1 {{the thread writes it here}}
  uv_mutex_unlock(&g->m);
}
int mutex_ok() {
  uv_thread_t t;
  guarded g{};
  uv_mutex_init(&g.m);
  uv_thread_create(&t, locked_increment, &g);
  uv_mutex_lock(&g.m);
  ++g.n;
  uv_mutex_unlock(&g.m);
  uv_thread_join(&t);
  return g.n;
}
int mutex_bad() {
  uv_thread_t t;
  guarded g{};
  uv_mutex_init(&g.m);
  uv_thread_create(&t, locked_increment, &g);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  ++g.n;
// expected-error@-1 {{'g.n' is written here while the thread started by 'uv_thread_create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  uv_thread_join(&t);
  return g.n;
}

// --- The pool ----------------------------------------------------------------------
int counter;
void count(uv_work_t *) { ++counter; }
// expected-note@-1 {{the thread writes it here}}

int pool_ok(uv_loop_t *loop) {
  uv_work_t request;
  uv_queue_work(loop, &request, count, nullptr);
  uv_run(loop, UV_RUN_DEFAULT);
  return counter;
}
int pool_bad(uv_loop_t *loop) {
  uv_work_t request;
  uv_queue_work(loop, &request, count, nullptr);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  int seen = counter;
// expected-error@-1 {{'counter' is read here while the thread started by 'uv_queue_work' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  uv_run(loop, UV_RUN_DEFAULT);
  return seen;
}
