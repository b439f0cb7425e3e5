// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of Abseil against its own headers: what each row says of a type, and
// the order that its synchronization gives.
//
// REQUIRES: abseil
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#include <absl/base/call_once.h>
#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>
#include <absl/container/fixed_array.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/container/inlined_vector.h>
#include <absl/container/node_hash_map.h>
#include <absl/container/node_hash_set.h>
#include <absl/functional/any_invocable.h>
#include <absl/functional/bind_front.h>
#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>
#include <absl/strings/cord.h>
#include <absl/strings/string_view.h>
#include <absl/synchronization/barrier.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/types/any.h>
#include <absl/types/optional.h>
#include <absl/types/span.h>
#include <absl/types/variant.h>

#include <thread>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
// expected-note@-1 {{'handle' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  int id;
};

// --- Types -----------------------------------------------------------------------
FEARLESS_ASSERT_SYNC(absl::Mutex);
FEARLESS_ASSERT_SYNC(absl::CondVar);
FEARLESS_ASSERT_SYNC(absl::Notification);
FEARLESS_ASSERT_SYNC(absl::BlockingCounter);
FEARLESS_ASSERT_SYNC(absl::Barrier);
FEARLESS_ASSERT_SYNC(absl::once_flag);
FEARLESS_ASSERT_NOT_SEND(absl::Notification);
FEARLESS_ASSERT_NOT_SEND(absl::MutexLock);
FEARLESS_ASSERT_SEND(absl::InlinedVector<int, 4>);
FEARLESS_ASSERT_NOT_SEND(absl::InlinedVector<handle, 4>);
FEARLESS_ASSERT_SYNC(const absl::InlinedVector<int, 4>);
FEARLESS_ASSERT_NOT_SYNC(absl::InlinedVector<int, 4>);
FEARLESS_ASSERT_SEND(absl::FixedArray<int>);
FEARLESS_ASSERT_NOT_SEND(absl::FixedArray<handle>);
FEARLESS_ASSERT_SEND(absl::flat_hash_set<int>);
FEARLESS_ASSERT_SYNC(const absl::flat_hash_set<int>);
FEARLESS_ASSERT_SEND(absl::node_hash_set<int>);
FEARLESS_ASSERT_SYNC(const absl::node_hash_set<int>);
FEARLESS_ASSERT_SEND(absl::btree_set<int>);
FEARLESS_ASSERT_SYNC(const absl::btree_set<int>);
FEARLESS_ASSERT_SEND(absl::btree_multiset<int>);
FEARLESS_ASSERT_SEND(absl::flat_hash_map<int, int>);
FEARLESS_ASSERT_NOT_SEND(absl::flat_hash_map<int, handle>);
FEARLESS_ASSERT_NOT_SYNC(absl::flat_hash_map<int, int>);
FEARLESS_ASSERT_SYNC(const absl::flat_hash_map<int, int>);
FEARLESS_ASSERT_SEND(absl::node_hash_map<int, int>);
FEARLESS_ASSERT_NOT_SEND(absl::node_hash_map<int, handle>);
FEARLESS_ASSERT_SEND(absl::btree_map<int, int>);
FEARLESS_ASSERT_NOT_SEND(absl::btree_map<int, handle>);
FEARLESS_ASSERT_SYNC(const absl::btree_map<int, int>);
FEARLESS_ASSERT_SEND(absl::btree_multimap<int, int>);
FEARLESS_ASSERT_SEND(absl::optional<int>);
FEARLESS_ASSERT_NOT_SEND(absl::optional<handle>);
FEARLESS_ASSERT_SEND(absl::variant<int, long>);
FEARLESS_ASSERT_NOT_SEND(absl::variant<int, handle>);
FEARLESS_ASSERT_SEND(absl::StatusOr<int>);
FEARLESS_ASSERT_NOT_SEND(absl::StatusOr<handle>);
FEARLESS_ASSERT_NOT_SYNC(absl::StatusOr<int>);
FEARLESS_ASSERT_SEND(absl::Status);
FEARLESS_ASSERT_SYNC(const absl::Status);
FEARLESS_ASSERT_NOT_SYNC(absl::Status);
FEARLESS_ASSERT_SEND(absl::Cord);
FEARLESS_ASSERT_SYNC(const absl::Cord);
FEARLESS_ASSERT_NOT_SYNC(absl::Cord);
FEARLESS_ASSERT_SEND(absl::Span<const int>);
FEARLESS_ASSERT_NOT_SEND(absl::Span<int>);
FEARLESS_ASSERT_SEND(absl::string_view);
FEARLESS_ASSERT_NOT_SYNC(absl::string_view);
FEARLESS_ASSERT_NOT_SEND(absl::AnyInvocable<void()>);
FEARLESS_ASSERT_NOT_SEND(absl::FunctionRef<void()>);
FEARLESS_ASSERT_NOT_SEND(absl::any);

// The reasons are the models'.
FEARLESS_ASSERT_SYNC(absl::Cord);
// expected-error@-1 {{assertion failed: 'absl::Cord' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'absl::Cord': nothing synchronizes an assignment to it}}
// expected-note@-3 {{help: give each thread its own copy}}
FEARLESS_ASSERT_SEND(absl::AnyInvocable<void()>);
// expected-error@-1 {{assertion failed: 'absl::AnyInvocable<void ()>' is not known to be Send [fearless-annotation]}}
// expected-note@-2 {{'absl::AnyInvocable<void ()>': it hides what it holds, which may refer to anything}}
// expected-note@-3 {{help: pass the lambda itself, so that its captures can be checked}}

// --- Order -----------------------------------------------------------------------
int notification_ok() {
  int n = 0;
  absl::Notification done;
  std::thread t([&] {
    n = 1;
    done.Notify();
  });
  done.WaitForNotification();
  int seen = n;
  t.join();
  return seen;
}

int notification_bad() {
  int n = 0;
  absl::Notification done;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    done.Notify();
    n = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  int seen = n;
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  done.WaitForNotification();
  t.join();
  return seen;
}

int counter_ok() {
  int n = 0;
  absl::BlockingCounter left(1);
  std::thread t([&] {
    n = 1;
    left.DecrementCount();
  });
  left.Wait();
  int seen = n;
  t.join();
  return seen;
}

int mutex_ok() {
  int n = 0;
  absl::Mutex m;
  std::thread t([&] {
    absl::MutexLock lock(&m);
    ++n;
  });
  m.Lock();
  ++n;
  m.Unlock();
  t.join();
  return n;
}

int mutex_bad() {
  int n = 0;
  absl::Mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    absl::MutexLock lock(&m);
    ++n;
// expected-note@-1 {{the thread writes it here}}
  });
  ++n;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  return n;
}

void bound_bad(handle h) {
  std::thread t(absl::bind_front([](handle) {}, h));
// expected-error@-1 {{the argument 'h' of type 'handle' cannot be sent to another thread through 'std::thread': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  t.join();
}
