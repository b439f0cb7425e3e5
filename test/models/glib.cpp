// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of GLib against its own headers.
//
// REQUIRES: glib
// RUN: %fearless_check %s -- -std=c++20 %glib

#include <fearless/annotations.h>

#include <glib.h>

struct FEARLESS_NOT_SEND("it belongs to its window")
    FEARLESS_NOT_SYNC("it belongs to its window") window {
// expected-note@-1 6 {{'window' is marked FEARLESS_NOT_SYNC: it belongs to its window}}
  int id;
};

// --- Types -----------------------------------------------------------------------
FEARLESS_ASSERT_SYNC(GMutex);
FEARLESS_ASSERT_SYNC(GRecMutex);
FEARLESS_ASSERT_SYNC(GRWLock);
FEARLESS_ASSERT_NOT_SEND(GMutex);
FEARLESS_ASSERT_SYNC(GCond);
FEARLESS_ASSERT_SYNC(GOnce);
FEARLESS_ASSERT_SYNC(GPrivate);
FEARLESS_ASSERT_SEND(GThread *);
FEARLESS_ASSERT_SEND(GAsyncQueue *);
FEARLESS_ASSERT_SEND(GThreadPool *);
FEARLESS_ASSERT_SEND(GMainContext *);
FEARLESS_ASSERT_SEND(GMainLoop *);
FEARLESS_ASSERT_SEND(GBytes *);
FEARLESS_ASSERT_SEND(GVariant *);
FEARLESS_ASSERT_SEND(GDateTime *);
FEARLESS_ASSERT_SEND(GTimeZone *);
FEARLESS_ASSERT_NOT_SEND(GHashTable *);
FEARLESS_ASSERT_NOT_SEND(GList *);
FEARLESS_ASSERT_NOT_SEND(GSList *);
FEARLESS_ASSERT_NOT_SEND(GQueue *);
FEARLESS_ASSERT_NOT_SEND(GArray *);
FEARLESS_ASSERT_NOT_SEND(GPtrArray *);
FEARLESS_ASSERT_NOT_SEND(GByteArray *);
FEARLESS_ASSERT_NOT_SEND(GString *);

// The reason is the model's.
FEARLESS_ASSERT_SEND(GHashTable *);
// expected-error@-1 {{assertion failed: '_GHashTable *' is not Send [fearless-annotation]}}
// expected-note@-2 {{'_GHashTable': it holds its elements behind pointers, and GLib locks nothing}}
// expected-note@-3 {{help: hand it over through a GAsyncQueue, or guard it with a GMutex}}

// --- Threads ---------------------------------------------------------------------
gpointer work(gpointer);
gpointer increment(gpointer n) {
  ++*static_cast<int *>(n);
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread uses it here}}
  return nullptr;
}

void threads_bad(window &w) {
  g_thread_join(g_thread_new("worker", work, &w));
// expected-error@-1 {{'w' of type 'window', passed by reference, cannot be shared with another thread through 'g_thread_new': 'window' is not Sync [fearless-sync]}}
// expected-note@-2 {{'g_thread_new' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'window' on the thread that uses it}}
  g_thread_join(g_thread_try_new("worker", work, &w, nullptr));
// expected-error@-1 {{'w' of type 'window', passed by reference, cannot be shared with another thread through 'g_thread_try_new': 'window' is not Sync [fearless-sync]}}
// expected-note@-2 {{'g_thread_try_new' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'window' on the thread that uses it}}
}

int race_bad() {
  int n = 0;
  GThread *t = g_thread_new("worker", increment, &n);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  ++n;
// expected-error@-1 {{'n' is written here while the thread started by 'g_thread_new' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g_thread_join(t);
  return n;
}

int race_ok() {
  int n = 0;
  GThread *t = g_thread_new("worker", increment, &n);
  g_thread_join(t);
  ++n;
  return n;
}

void lifetime_bad() {
  int n = 0;
  GThread *t = g_thread_new("worker", increment, &n);
// expected-error@-1 {{'n' is given by reference to the thread started by 'g_thread_new', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
  g_thread_unref(t);
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}

struct guarded {
  GMutex m;
  int n;
};
gpointer locked_increment(gpointer data) {
  auto *g = static_cast<guarded *>(data);
  g_mutex_lock(&g->m);
  ++g->n;
// expected-note@-1 {{the thread writes it here}}
  g_mutex_unlock(&g->m);
  return nullptr;
}
int mutex_ok() {
  guarded g{};
  g_mutex_init(&g.m);
  GThread *t = g_thread_new("worker", locked_increment, &g);
  g_mutex_lock(&g.m);
  ++g.n;
  g_mutex_unlock(&g.m);
  g_thread_join(t);
  return g.n;
}
int mutex_bad() {
  guarded g{};
  g_mutex_init(&g.m);
  GThread *t = g_thread_new("worker", locked_increment, &g);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  ++g.n;
// expected-error@-1 {{'g.n' is written here while the thread started by 'g_thread_new' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g_thread_join(t);
  return g.n;
}

// --- Pools, queues, the main loop --------------------------------------------------
void pooled(gpointer, gpointer);
gboolean idle(gpointer);

void pool_bad(GThreadPool *pool, GAsyncQueue *queue, window &w) {
  g_thread_pool_new(pooled, &w, 1, FALSE, nullptr);
// expected-error@-1 {{'w' of type 'window', passed by reference, cannot be shared with another thread through 'g_thread_pool_new': 'window' is not Sync [fearless-sync]}}
// expected-note@-2 {{'g_thread_pool_new' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'window' on the thread that uses it}}
  g_thread_pool_push(pool, &w, nullptr);
// expected-error@-1 {{'w' of type 'window', passed by reference, cannot be shared with another thread through 'g_thread_pool_push': 'window' is not Sync [fearless-sync]}}
// expected-note@-2 {{'g_thread_pool_push' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'window' on the thread that uses it}}
  g_async_queue_push(queue, &w);
// expected-error@-1 {{'w' of type 'window', passed by reference, cannot be shared with another thread through 'g_async_queue_push': 'window' is not Sync [fearless-sync]}}
// expected-note@-2 {{'g_async_queue_push' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'window' on the thread that uses it}}
  g_async_queue_push_front(queue, &w);
// expected-error@-1 {{'w' of type 'window', passed by reference, cannot be shared with another thread through 'g_async_queue_push_front': 'window' is not Sync [fearless-sync]}}
// expected-note@-2 {{'g_async_queue_push_front' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'window' on the thread that uses it}}
}

void pool_ok(GThreadPool *pool, GAsyncQueue *queue, GBytes *bytes) {
  g_thread_pool_push(pool, bytes, nullptr);
  g_async_queue_push(queue, bytes);
}

// The thread that posts may be the one of the main loop.
void idle_ok(window &w) {
  g_idle_add(idle, &w);
  g_main_context_invoke(nullptr, idle, &w);
}

void pooled_increment(gpointer, gpointer n) { ++*static_cast<int *>(n); }
int pool_race_ok() {
  int n = 0;
  GThreadPool *pool = g_thread_pool_new(pooled_increment, &n, 1, FALSE, nullptr);
  n = 1; // nothing is pushed yet
  g_thread_pool_free(pool, FALSE, TRUE);
  return n;
}
