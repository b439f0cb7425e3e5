// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Monitors: a class whose every member is const and Sync, Sync itself, or
// guarded by a lock of the object may be used by several threads.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++20 -DFEARLESS_CLANG_THREAD_SAFETY

// expected-no-diagnostics

#include <fearless/annotations.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

struct FEARLESS_NOT_SEND("it belongs to its window") handle { int id; };

#define MONITOR(...)                                                           \
  FEARLESS_ASSERT_SYNC(__VA_ARGS__);                                           \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__)
#define NO_MONITOR(...)                                                        \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)

// --- The members of a monitor ------------------------------------------------------------
class monitor_ok {
  mutable std::mutex mutex;
  std::vector<int> items FEARLESS_GUARDED_BY(mutex);
  mutable int reads FEARLESS_GUARDED_BY(mutex) = 0;
  const std::string name;
  std::atomic<bool> done;
  const int *const table = nullptr;
  int (*const callback)(int) = nullptr;
  std::shared_mutex rw;
  std::string text FEARLESS_GUARDED_BY(rw);
};
MONITOR(monitor_ok);

class one_is_missing_bad {
  std::mutex mutex;
  int guarded FEARLESS_GUARDED_BY(mutex);
  int forgotten;
};
NO_MONITOR(one_is_missing_bad);

class guarded_not_send_bad {
  std::mutex mutex;
  handle window FEARLESS_GUARDED_BY(mutex); // whoever has the lock has it
};
NO_MONITOR(guarded_not_send_bad);
NO_MONITOR(const guarded_not_send_bad);

// --- Pointers: the pointer, what it points to, or both -------------------------------------
class pointer_only_bad {
  std::mutex mutex;
  int *pointer FEARLESS_GUARDED_BY(mutex); // others may have the int
};
NO_MONITOR(pointer_only_bad);
class pointee_only_bad {
  std::mutex mutex;
  int *pointer FEARLESS_PT_GUARDED_BY(mutex); // the pointer can be changed
};
NO_MONITOR(pointee_only_bad);
FEARLESS_ASSERT_SYNC(const pointee_only_bad);
class const_pointer_ok {
  std::mutex mutex;
  int *const pointer FEARLESS_PT_GUARDED_BY(mutex) = nullptr;
};
MONITOR(const_pointer_ok);
class mutable_pointer_bad {
  std::mutex mutex;
  mutable int *pointer FEARLESS_PT_GUARDED_BY(mutex);
};
NO_MONITOR(const mutable_pointer_bad);
class both_ok {
  std::mutex mutex;
  int *pointer FEARLESS_GUARDED_BY(mutex) FEARLESS_PT_GUARDED_BY(mutex);
};
MONITOR(both_ok);
class both_not_send_bad {
  std::mutex mutex;
  handle *pointer FEARLESS_GUARDED_BY(mutex) FEARLESS_PT_GUARDED_BY(mutex);
};
NO_MONITOR(both_not_send_bad);

// A guarded owner takes its object along.
class owner_ok {
  std::mutex mutex;
  std::unique_ptr<int> owned FEARLESS_GUARDED_BY(mutex);
};
MONITOR(owner_ok);
class shared_bad {
  std::mutex mutex;
  std::shared_ptr<int> shared FEARLESS_GUARDED_BY(mutex); // copies are elsewhere
};
NO_MONITOR(shared_bad);
class shared_ok {
  std::mutex mutex;
  std::shared_ptr<int> shared FEARLESS_GUARDED_BY(mutex) FEARLESS_PT_GUARDED_BY(mutex);
};
MONITOR(shared_ok);
class const_owner_ok {
  std::mutex mutex;
  const std::unique_ptr<int> owned FEARLESS_PT_GUARDED_BY(mutex);
};
MONITOR(const_owner_ok);
class reference_ok {
  std::mutex &mutex;
  int &counter FEARLESS_GUARDED_BY(mutex);
};
MONITOR(reference_ok);

// --- Which lock ------------------------------------------------------------------------------
std::mutex global_mutex;
namespace locks {
std::mutex inside;
}
struct lockable { std::mutex mutex; };
class base_with_lock {
protected:
  std::mutex base_mutex;
};
class user_lock {
public:
  void lock();
  void unlock();

private:
  std::atomic_flag flag;
};
class __attribute__((capability("mutex"))) capability_lock {
  std::atomic<int> state;
};
class named_in_many_ways_ok : base_with_lock {
  static std::mutex shared_by_all;
  std::mutex mutex;
  lockable part;
  user_lock spin;
  capability_lock capability;
  int a FEARLESS_GUARDED_BY(this->mutex);
  int b FEARLESS_GUARDED_BY(base_mutex);
  int c FEARLESS_GUARDED_BY(shared_by_all);
  int d FEARLESS_GUARDED_BY(global_mutex);
  int e FEARLESS_GUARDED_BY(locks::inside);
  int f FEARLESS_GUARDED_BY(part.mutex);
  int g FEARLESS_GUARDED_BY(spin);
  int h FEARLESS_GUARDED_BY(capability);
  int i FEARLESS_GUARDED_BY(::global_mutex);
  struct {
    int j FEARLESS_GUARDED_BY(mutex);
    union { int k FEARLESS_GUARDED_BY(mutex); };
  };
};
MONITOR(named_in_many_ways_ok);

#ifndef FEARLESS_CLANG_THREAD_SAFETY
class later_ok { // the macro records text: the lock may be declared later
  int value FEARLESS_GUARDED_BY(mutex);
  std::mutex mutex;
};
MONITOR(later_ok);
class through_pointer_ok {
  const std::unique_ptr<lockable> part;
  int value FEARLESS_GUARDED_BY(part->mutex);
};
MONITOR(through_pointer_ok);
#endif

// Clang's own attribute counts as ours.
class clang_attribute_ok {
  std::mutex mutex;
  int value __attribute__((guarded_by(mutex)));
  int *const pointer __attribute__((pt_guarded_by(mutex))) = nullptr;
};
MONITOR(clang_attribute_ok);

// --- Templates: the lock is found in each instantiation -----------------------------------------
template <class T, class Mutex = std::mutex> class guarded {
  Mutex mutex;
  T value FEARLESS_GUARDED_BY(mutex);
};
MONITOR(guarded<int>);
using with_user_lock = guarded<int, user_lock>;
MONITOR(with_user_lock);
NO_MONITOR(guarded<handle>);
NO_MONITOR(guarded<int *>);

// --- Handing a monitor over ---------------------------------------------------------------------
FEARLESS_ASSERT_SEND(monitor_ok *);
FEARLESS_ASSERT_SEND(std::shared_ptr<monitor_ok>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<one_is_missing_bad>);
