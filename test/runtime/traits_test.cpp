// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The truth table: Send and Sync of every public type of threads, locks and shared
// data, for the four corner types. With the plugin in strict mode it proves the
// marks of the headers; without it, it only has to compile. The tables of the
// channels are in channel_traits_test.cpp.
//
// A row says, for one template, what holds when its argument is Send and Sync,
// Send only, Sync only, or neither: Y or N. Sync of the corners is Sync(const T);
// Sync(T) of a template is asked in the columns SYNC, Sync(const T) in SYNC_CONST.

#include "fearless/annotations.h"
#include "fearless/arc.h"
#include "fearless/atomic.h"
#include "fearless/lazy.h"
#include "fearless/mutex.h"
#include "fearless/span.h"
#include "fearless/thread.h"
#include "fearless/thread_bound.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

// --- The corner types -------------------------------------------------------------------

/// Like int: Send, and Sync when const.
struct both {
  int value = 0;
};
/// Like a type with an unguarded mutable cache.
struct FEARLESS_NOT_SYNC("a corner type") send_only {
  int value = 0;
};
/// Like a lock guard.
struct FEARLESS_NOT_SEND("a corner type") sync_only {
  int value = 0;
};
/// Like a handle with a count that is not atomic.
struct FEARLESS_NOT_SEND("a corner type") FEARLESS_NOT_SYNC("a corner type") neither {
  int value = 0;
};
/// Beyond the four: thread-safe, so that even T& may be shared.
using monitor = std::atomic<int>;

// What the table is about, asked of the corner types themselves.
FEARLESS_ASSERT_SEND(both);
FEARLESS_ASSERT_SYNC(const both);
FEARLESS_ASSERT_NOT_SYNC(both);
FEARLESS_ASSERT_SEND(send_only);
FEARLESS_ASSERT_NOT_SYNC(const send_only);
FEARLESS_ASSERT_NOT_SEND(sync_only);
FEARLESS_ASSERT_SYNC(const sync_only);
FEARLESS_ASSERT_NOT_SEND(neither);
FEARLESS_ASSERT_NOT_SYNC(const neither);
FEARLESS_ASSERT_SEND(monitor);
FEARLESS_ASSERT_SYNC(monitor);

// --- The rows ------------------------------------------------------------------------------

#define CELL_SEND_Y(...) FEARLESS_ASSERT_SEND(__VA_ARGS__)
#define CELL_SEND_N(...) FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__)
#define CELL_SYNC_Y(...) FEARLESS_ASSERT_SYNC(__VA_ARGS__)
#define CELL_SYNC_N(...) FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)

// The last word of a row's name says which type made of the template is judged.
#define OF_VALUE(X) X
#define OF_CONST(X) const X
#define OF_REFERENCE(X) X&
#define OF_CONST_REFERENCE(X) const X&
#define OF_POINTER(X) X*

#define ROW(QUESTION, FORM, FAMILY, a, b, c, d) \
  CELL_##QUESTION##_##a(FORM(FAMILY<both>));     \
  CELL_##QUESTION##_##b(FORM(FAMILY<send_only>)); \
  CELL_##QUESTION##_##c(FORM(FAMILY<sync_only>)); \
  CELL_##QUESTION##_##d(FORM(FAMILY<neither>))

#define SEND(FAMILY, a, b, c, d) ROW(SEND, OF_VALUE, FAMILY, a, b, c, d)
// Sync(X), and what it means for whoever gets a reference or a pointer.
#define SYNC(FAMILY, a, b, c, d)                    \
  ROW(SYNC, OF_VALUE, FAMILY, a, b, c, d);           \
  ROW(SEND, OF_REFERENCE, FAMILY, a, b, c, d);       \
  ROW(SEND, OF_POINTER, FAMILY, a, b, c, d)
#define SYNC_CONST(FAMILY, a, b, c, d)              \
  ROW(SYNC, OF_CONST, FAMILY, a, b, c, d);           \
  ROW(SEND, OF_CONST_REFERENCE, FAMILY, a, b, c, d)

// --- mutex.h ----------------------------------------------------------------------------------

using fearless::mutex;
SEND(mutex, Y, Y, N, N);
SYNC(mutex, Y, Y, N, N);
SYNC_CONST(mutex, Y, Y, N, N);

using fearless::mutex_guard;
SEND(mutex_guard, N, N, N, N);
SYNC(mutex_guard, N, N, N, N);
SYNC_CONST(mutex_guard, Y, N, Y, N);

using fearless::rw_lock;
SEND(rw_lock, Y, Y, N, N);
SYNC(rw_lock, Y, N, N, N);
SYNC_CONST(rw_lock, Y, N, N, N);

using fearless::read_guard;
SEND(read_guard, N, N, N, N);
SYNC(read_guard, N, N, N, N);
SYNC_CONST(read_guard, Y, N, Y, N);

using fearless::write_guard;
SEND(write_guard, N, N, N, N);
SYNC(write_guard, N, N, N, N);
SYNC_CONST(write_guard, Y, N, Y, N);

FEARLESS_ASSERT_SEND(fearless::condvar);
FEARLESS_ASSERT_SYNC(fearless::condvar);
FEARLESS_ASSERT_SYNC(const fearless::condvar);
FEARLESS_ASSERT_SEND(const fearless::condvar&);

// --- arc.h --------------------------------------------------------------------------------------

using fearless::arc;
SEND(arc, Y, N, N, N);
SYNC(arc, N, N, N, N); // assignment changes the handle itself
SYNC_CONST(arc, Y, N, N, N);

using fearless::weak_arc;
SEND(weak_arc, Y, N, N, N);
SYNC(weak_arc, N, N, N, N);
SYNC_CONST(weak_arc, Y, N, N, N);

// A base with a virtual destructor has to be marked, for all that derive from it.
struct unmarked_base {
  virtual ~unmarked_base() = default;
};
struct FEARLESS_SEND FEARLESS_SYNC_CONST marked_base {
  virtual ~marked_base() = default;
};
struct FEARLESS_SEND marked_send_only_base {
  virtual ~marked_send_only_base() = default;
};
FEARLESS_ASSERT_NOT_SEND(arc<unmarked_base>);
FEARLESS_ASSERT_NOT_SYNC(const arc<unmarked_base>);
FEARLESS_ASSERT_SEND(arc<marked_base>);
FEARLESS_ASSERT_SYNC(const arc<marked_base>);
FEARLESS_ASSERT_NOT_SEND(arc<marked_send_only_base>);
FEARLESS_ASSERT_NOT_SEND(weak_arc<unmarked_base>);
FEARLESS_ASSERT_SEND(weak_arc<marked_base>);

// A recursive type is judged through the assumption that it holds.
struct tree {
  int value = 0;
  std::vector<arc<tree>> children;
  std::optional<weak_arc<tree>> parent;
};
FEARLESS_ASSERT_SEND(arc<tree>);
FEARLESS_ASSERT_SYNC(const arc<tree>);
struct bad_tree {
  std::vector<arc<bad_tree>> children;
  neither culprit;
};
FEARLESS_ASSERT_NOT_SEND(arc<bad_tree>);

// --- atomic.h ---------------------------------------------------------------------------------------

using fearless::atomic;
SEND(atomic, Y, Y, N, N);
SYNC(atomic, Y, Y, N, N);
SYNC_CONST(atomic, Y, Y, N, N);

// Its values go from thread to thread, so what they point to is shared.
FEARLESS_ASSERT_NOT_SYNC(atomic<int*>);
FEARLESS_ASSERT_NOT_SYNC(const atomic<int*>);
FEARLESS_ASSERT_SYNC(atomic<const int*>);
FEARLESS_ASSERT_SYNC(atomic<monitor*>);
FEARLESS_ASSERT_SYNC(const atomic<monitor*>);
FEARLESS_ASSERT_SYNC(atomic<bool>);
FEARLESS_ASSERT_SYNC(atomic<void (*)()>);

// --- lazy.h ------------------------------------------------------------------------------------------

using fearless::once_cell;
SEND(once_cell, Y, Y, N, N);
SYNC(once_cell, Y, N, N, N);
SYNC_CONST(once_cell, Y, N, N, N);

template <class T>
using lazy_value = fearless::lazy<T>;
SEND(lazy_value, Y, Y, N, N);
SYNC(lazy_value, Y, N, N, N);
SYNC_CONST(lazy_value, Y, N, N, N);

// The initialiser is called by whichever thread comes first, by one alone.
template <class Capture>
struct initialiser {
  Capture capture;
  int operator()() const { return capture.value; }
};
template <class Capture>
using lazy_from = fearless::lazy<int, initialiser<Capture>>;
SEND(lazy_from, Y, Y, N, N);
SYNC(lazy_from, Y, Y, N, N);
SYNC_CONST(lazy_from, Y, Y, N, N);

// --- thread.h ------------------------------------------------------------------------------------------

using fearless::join_handle;
SEND(join_handle, Y, Y, N, N);
SYNC(join_handle, N, N, N, N); // join() changes the handle
SYNC_CONST(join_handle, Y, Y, N, N);

using fearless::scoped_join_handle;
SEND(scoped_join_handle, Y, Y, N, N);
SYNC(scoped_join_handle, N, N, N, N);
SYNC_CONST(scoped_join_handle, Y, Y, N, N);

template <class T>
using spawn_result_of = fearless::spawn_result<join_handle<T>>;
SEND(spawn_result_of, Y, Y, N, N);
SYNC(spawn_result_of, N, N, N, N);
SYNC_CONST(spawn_result_of, Y, Y, N, N);

// A thread that returns a reference gives it to whoever joins: Send(T&).
template <class T>
using join_reference = join_handle<T&>;
SEND(join_reference, N, N, N, N);
template <class T>
using join_const_reference = join_handle<const T&>;
SEND(join_const_reference, Y, N, Y, N);
FEARLESS_ASSERT_SEND(join_handle<void>);
FEARLESS_ASSERT_SYNC(const join_handle<void>);
FEARLESS_ASSERT_SEND(join_handle<monitor&>);
FEARLESS_ASSERT_SEND(scoped_join_handle<void>);
FEARLESS_ASSERT_SYNC(const scoped_join_handle<void>);

FEARLESS_ASSERT_SEND(fearless::thread);
FEARLESS_ASSERT_SYNC(const fearless::thread);
FEARLESS_ASSERT_NOT_SYNC(fearless::thread);
FEARLESS_ASSERT_SEND(const fearless::thread&);
FEARLESS_ASSERT_SEND(fearless::thread_id);
FEARLESS_ASSERT_SYNC(const fearless::thread_id);
FEARLESS_ASSERT_NOT_SYNC(fearless::thread_id);
FEARLESS_ASSERT_SEND(fearless::thread_builder);
FEARLESS_ASSERT_SYNC(const fearless::thread_builder);
FEARLESS_ASSERT_NOT_SYNC(fearless::thread_builder);

// Scoped threads spawn others through a reference to it.
FEARLESS_ASSERT_SYNC(fearless::scope_handle);
FEARLESS_ASSERT_SYNC(const fearless::scope_handle);
FEARLESS_ASSERT_SEND(fearless::scope_handle&);
FEARLESS_ASSERT_SEND(const fearless::scope_handle&);

// --- span.h ------------------------------------------------------------------------------------------------

using fearless::unique_span;
SEND(unique_span, Y, Y, N, N);
SYNC(unique_span, N, N, N, N);
SYNC_CONST(unique_span, N, N, N, N); // a const view gives T& all the same
FEARLESS_ASSERT_SEND(unique_span<monitor>);
FEARLESS_ASSERT_SYNC(const unique_span<monitor>);

using fearless::chunk_range;
SEND(chunk_range, Y, Y, N, N);
SYNC(chunk_range, N, N, N, N);
SYNC_CONST(chunk_range, N, N, N, N);

// Read-only parts are not exclusive: others may read the same elements.
template <class T>
using const_chunk_range = chunk_range<const T>;
SEND(const_chunk_range, Y, N, Y, N);

// --- thread_bound.h --------------------------------------------------------------------------------------------

using fearless::thread_bound;
SEND(thread_bound, Y, Y, Y, Y);
SYNC(thread_bound, Y, Y, Y, Y);
SYNC_CONST(thread_bound, Y, Y, Y, Y);

// --- Combinations ----------------------------------------------------------------------------------------------

template <class T>
using arc_mutex = arc<mutex<T>>;
SEND(arc_mutex, Y, Y, N, N);
SYNC(arc_mutex, N, N, N, N);
SYNC_CONST(arc_mutex, Y, Y, N, N);

template <class T>
using arc_rw_lock = arc<rw_lock<T>>;
SEND(arc_rw_lock, Y, N, N, N);
SYNC_CONST(arc_rw_lock, Y, N, N, N);

template <class T>
using arc_atomic = arc<atomic<T>>;
SEND(arc_atomic, Y, Y, N, N);
SYNC_CONST(arc_atomic, Y, Y, N, N);

template <class T>
using arc_once_cell = arc<once_cell<T>>;
SEND(arc_once_cell, Y, N, N, N);
SYNC_CONST(arc_once_cell, Y, N, N, N);

template <class T>
using mutex_arc = mutex<arc<T>>;
SEND(mutex_arc, Y, N, N, N);
SYNC(mutex_arc, Y, N, N, N);

template <class T>
using mutex_vector = mutex<std::vector<T>>;
SEND(mutex_vector, Y, Y, N, N);
SYNC(mutex_vector, Y, Y, N, N);

template <class T>
using mutex_map = mutex<std::map<std::string, T>>;
SYNC(mutex_map, Y, Y, N, N);

template <class T>
using mutex_unique_ptr = mutex<std::unique_ptr<T>>;
SYNC(mutex_unique_ptr, Y, Y, N, N);

template <class T>
using rw_lock_vector = rw_lock<std::vector<T>>;
SYNC(rw_lock_vector, Y, N, N, N);

template <class T>
using vector_arc = std::vector<arc<T>>;
SEND(vector_arc, Y, N, N, N);
SYNC(vector_arc, N, N, N, N);
SYNC_CONST(vector_arc, Y, N, N, N);

template <class T>
using unique_mutex = std::unique_ptr<mutex<T>>;
SEND(unique_mutex, Y, Y, N, N);
SYNC_CONST(unique_mutex, Y, Y, N, N);

template <class T>
using shared_mutex_value = std::shared_ptr<mutex<T>>;
SEND(shared_mutex_value, Y, Y, N, N);
SYNC_CONST(shared_mutex_value, Y, Y, N, N);

template <class T>
using optional_guard = std::optional<mutex_guard<T>>;
SEND(optional_guard, N, N, N, N);

template <class T>
using vector_handles = std::vector<join_handle<T>>;
SEND(vector_handles, Y, Y, N, N);

template <class T>
using arc_thread_bound = arc<thread_bound<T>>;
SEND(arc_thread_bound, Y, Y, Y, Y);
SYNC_CONST(arc_thread_bound, Y, Y, Y, Y);

template <class T>
using mutex_of_pointer = mutex<T*>; // Send(T*) is Sync(T)
SEND(mutex_of_pointer, N, N, N, N);
template <class T>
using mutex_of_const_pointer = mutex<const T*>;
SEND(mutex_of_const_pointer, Y, N, Y, N);
SYNC(mutex_of_const_pointer, Y, N, Y, N);

// const does not pass through a unique_ptr: arc gives const access, but to T&.
template <class T>
using arc_unique_ptr = arc<std::unique_ptr<T>>;
SEND(arc_unique_ptr, N, N, N, N);
FEARLESS_ASSERT_SEND(arc<std::unique_ptr<monitor>>);
FEARLESS_ASSERT_SEND(arc<std::unique_ptr<mutex<std::string>>>);

// Classes made of these need no marks.
template <class T>
class account {
public:
  explicit account(std::string name) : name_(std::move(name)) {}
  void deposit(T amount) const { *balance_.lock() = amount; }

private:
  const std::string name_;
  mutex<T> balance_;
  atomic<int> visits_;
};
SEND(account, Y, Y, N, N);
SYNC(account, Y, Y, N, N);
SYNC_CONST(account, Y, Y, N, N);

TEST(traits, the_table_compiles) { SUCCEED(); }

} // namespace
