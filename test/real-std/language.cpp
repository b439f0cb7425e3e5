// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rows of the table that are the language itself: scalars, references,
// pointers, classes, closures. Beside them stand the library types as members.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

// The shapes are what they say they are.
EXPECT_VALUE(plain);
EXPECT_THREAD_SAFE(synced);
EXPECT_SEND_ONLY(send_only);
FEARLESS_ASSERT_NOT_SEND(sync_only);
FEARLESS_ASSERT_SYNC(sync_only);
FEARLESS_ASSERT_SYNC(const sync_only);
EXPECT_NEITHER(neither);

// Scalars.
enum old_enum { one };
enum class new_enum : char { two };
EXPECT_VALUE(int);
EXPECT_VALUE(bool);
EXPECT_VALUE(double);
EXPECT_VALUE(wchar_t);
EXPECT_VALUE(std::byte);
EXPECT_VALUE(std::nullptr_t);
EXPECT_VALUE(old_enum);
EXPECT_VALUE(new_enum);
EXPECT_VALUE(volatile int);
EXPECT_VALUE(void (*)(plain &));
EXPECT_VALUE(int plain::*);
EXPECT_VALUE(void (plain::*)() const);

// References and pointers: the law.
template <class T>
using pointer = T *;
template <class T>
using pointer_to_const = const T *;
EXPECT_REFERS(pointer);
EXPECT_READS(pointer_to_const);
FEARLESS_ASSERT_NOT_SEND(plain &);
FEARLESS_ASSERT_NOT_SEND(plain &&);
FEARLESS_ASSERT_SEND(const plain &);
FEARLESS_ASSERT_SEND(synced &);
FEARLESS_ASSERT_SEND(sync_only &);
FEARLESS_ASSERT_NOT_SEND(const send_only &);
FEARLESS_ASSERT_SYNC(const plain &);
FEARLESS_ASSERT_SYNC(synced &);
FEARLESS_ASSERT_NOT_SYNC(plain &);
FEARLESS_ASSERT_NOT_SEND(void *);
FEARLESS_ASSERT_NOT_SEND(char *);
FEARLESS_ASSERT_SEND(const char *);

// Arrays.
template <class T>
using array_of_two = T[2];
EXPECT_HOLDS(array_of_two);
EXPECT_SYNC_AS_ELEMENT(array_of_two);

// Classes.
struct incomplete;
FEARLESS_ASSERT_NOT_SEND(incomplete);
FEARLESS_ASSERT_NOT_SEND(incomplete *);
struct with_reference {
  plain &r;
};
EXPECT_NEITHER(with_reference);
struct with_library_members {
  std::string name;
  std::vector<int> numbers;
  plain p;
};
EXPECT_VALUE(with_library_members);
struct with_guard {
  std::lock_guard<std::mutex> guard;
};
FEARLESS_ASSERT_NOT_SEND(with_guard);
struct with_guard_in_vector {
  std::vector<std::unique_lock<std::mutex>> guards;
};
FEARLESS_ASSERT_NOT_SEND(with_guard_in_vector);

// Monitors: a member lock and what it guards.
class monitor {
  mutable std::mutex mutex_;
  int count_ FEARLESS_GUARDED_BY(mutex_) = 0;
};
EXPECT_THREAD_SAFE(monitor);
class monitor_of_unsendable {
  mutable std::mutex mutex_;
  neither content_ FEARLESS_GUARDED_BY(mutex_);
};
EXPECT_NEITHER(monitor_of_unsendable);
class half_a_monitor {
  mutable std::mutex mutex_;
  int count_ FEARLESS_GUARDED_BY(mutex_) = 0;
  int forgotten_ = 0;
};
EXPECT_VALUE(half_a_monitor);

// Polymorphic classes behind a pointer: unknown, unless the base is marked.
struct base {
  virtual ~base();
};
struct FEARLESS_SEND FEARLESS_SYNC marked_base {
  virtual ~marked_base();
};
FEARLESS_ASSERT_NOT_SEND(base *);
FEARLESS_ASSERT_NOT_SEND(const base &);
FEARLESS_ASSERT_SEND(marked_base *);

// Closures.
int use(...);
void closures(plain p, synced &s, const plain &cp) {
  auto by_value = [p] { use(p.value); };
  auto by_reference = [&p] { use(p.value); };
  auto by_reference_to_const = [&cp] { use(cp.value); };
  auto by_reference_to_synced = [&s] { use(&s); };
  auto moved = [v = std::vector<plain>()] { use(v.size()); };
  FEARLESS_ASSERT_SEND(decltype(by_value));
  FEARLESS_ASSERT_SYNC(const decltype(by_value));
  FEARLESS_ASSERT_NOT_SEND(decltype(by_reference));
  FEARLESS_ASSERT_SEND(decltype(by_reference_to_const));
  FEARLESS_ASSERT_SEND(decltype(by_reference_to_synced));
  FEARLESS_ASSERT_SEND(decltype(moved));
}
