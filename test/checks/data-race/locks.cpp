// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks: what orders two accesses is a lock of the same mutex on both sides.
// RUN: %fearless_check %s

#include <chrono>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>
#include <vector>

static void use(int) {}

void lock_guard_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    std::lock_guard<std::mutex> lock(m);
    x = 1;
  });
  {
    std::lock_guard<std::mutex> lock(m);
    x = 2;
  }
  t.join();
}
void lock_on_one_side_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::lock_guard lock(m);
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void two_mutexes_bad() {
  int x = 0;
  std::mutex m, n;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::lock_guard lock(m);
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(n);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void after_the_scope_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    {
      std::lock_guard lock(m);
    }
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(m);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void unlocked_early_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::unique_lock lock(m);
    lock.unlock();
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(m);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void unlocked_and_locked_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    std::unique_lock lock(m);
    lock.unlock();
    lock.lock();
    x = 1;
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void deferred_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::unique_lock lock(m, std::defer_lock);
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(m);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void deferred_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    std::unique_lock lock(m, std::defer_lock);
    lock.lock();
    x = 1;
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void adopted_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    m.lock();
    std::lock_guard lock(m, std::adopt_lock);
    x = 1;
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void temporary_guard_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::unique_lock<std::mutex>{m}; // gone at the semicolon
// expected-error@-1 {{this guard has no name and is destroyed at once: 'm' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: std::unique_lock guard(m);}}
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(m);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void scoped_lock_ok() {
  int x = 0;
  std::mutex m, n;
  std::thread t([&] {
    std::scoped_lock lock(m, n);
    x = 1;
  });
  {
    std::lock_guard lock(n);
    x = 2;
  }
  t.join();
}
void std_lock_ok() {
  int x = 0;
  std::mutex m, n;
  std::thread t([&] {
    std::lock(m, n);
    std::lock_guard a(m, std::adopt_lock);
    std::lock_guard b(n, std::adopt_lock);
    x = 1;
  });
  {
    std::unique_lock a(m, std::defer_lock), b(n, std::defer_lock);
    std::lock(a, b);
    x = 2;
  }
  t.join();
}
void by_hand_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    m.lock();
    x = 1;
    m.unlock();
  });
  m.lock();
  x = 2;
  m.unlock();
  t.join();
}
void by_hand_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    m.lock();
    m.unlock();
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  m.lock();
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  m.unlock();
  t.join();
}
void lock_on_one_path_bad() {
  int x = 0;
  std::mutex m;
  const bool careful = false;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    if (careful)
      m.lock();
    x = 1;
// expected-note@-1 {{the thread writes it here}}
    if (careful)
      m.unlock();
  });
  {
    std::lock_guard lock(m);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void try_lock_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    if (m.try_lock()) {
      x = 1;
      m.unlock();
    }
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void try_lock_failed_bad() {
  int x = 0;
  std::mutex m;
  m.lock();
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    if (!m.try_lock())
      x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  m.unlock();
}
void owns_lock_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    std::unique_lock lock(m, std::try_to_lock);
    if (lock.owns_lock())
      x = 1;
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void lock_converts_ok() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
    if (std::unique_lock lock(m, std::try_to_lock); lock)
      x = 1;
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void not_owned_bad() {
  int x = 0;
  std::mutex m;
  m.lock();
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::unique_lock lock(m, std::try_to_lock);
    x = 1; // whether it was locked or not
// expected-note@-1 {{the thread writes it here}}
  });
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  m.unlock();
}

// Shared locks.
void shared_lock_ok() {
  int x = 0;
  std::shared_mutex m;
  std::thread a([&] {
    std::shared_lock lock(m);
    use(x);
  });
  std::thread b([&] {
    std::unique_lock lock(m);
    x = 1;
  });
  a.join();
  b.join();
}
void shared_lock_writes_bad() {
  int x = 0;
  std::shared_mutex m;
  std::thread a([&] {
// expected-note@-1 {{the other starts here; neither is joined before both run}}
    std::shared_lock lock(m);
    x = 1;
// expected-error@-1 {{'x' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  });
  std::thread b([&] {
// expected-note@-1 {{one thread starts here}}
    std::shared_lock lock(m);
    x = 2;
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
  });
  a.join();
  b.join();
}
void shared_reads_ok() {
  int x = 0;
  std::shared_mutex m;
  std::thread a([&] {
    std::shared_lock lock(m);
    use(x);
  });
  std::thread b([&] {
    std::shared_lock lock(m);
    use(x);
  });
  a.join();
  b.join();
}
void lock_shared_by_hand_bad() {
  int x = 0;
  std::shared_mutex m;
  std::thread a([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    m.lock_shared();
    x = 1;
// expected-note@-1 {{the thread writes it here}}
    m.unlock_shared();
  });
  m.lock_shared();
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  m.unlock_shared();
  a.join();
}

// Other mutexes.
void recursive_ok() {
  int x = 0;
  std::recursive_mutex m;
  std::thread t([&] {
    std::lock_guard one(m);
    {
      std::lock_guard two(m);
    }
    x = 1; // still held once
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void timed_ok() {
  int x = 0;
  std::timed_mutex m;
  std::thread t([&] {
    if (m.try_lock_for(std::chrono::seconds(1))) {
      x = 1;
      m.unlock();
    }
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}
void pthread_mutex_ok() {
  int x = 0;
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  std::thread t([&] {
    pthread_mutex_lock(&m);
    x = 1;
    pthread_mutex_unlock(&m);
  });
  pthread_mutex_lock(&m);
  x = 2;
  pthread_mutex_unlock(&m);
  t.join();
}
void pthread_mutex_bad() {
  int x = 0;
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    pthread_mutex_lock(&m);
    x = 1;
// expected-note@-1 {{the thread writes it here}}
    pthread_mutex_unlock(&m);
  });
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Where the mutex is.
struct guarded {
  std::mutex m;
  int value = 0;
};
void mutex_in_struct_ok() {
  guarded g;
  std::thread t([&g] {
    std::lock_guard lock(g.m);
    g.value = 1;
  });
  {
    std::lock_guard lock(g.m);
    g.value = 2;
  }
  t.join();
}
void mutex_of_other_object_bad() {
  guarded g, h;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::lock_guard lock(h.m);
    g.value = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(g.m);
    g.value = 2;
// expected-error@-1 {{'g.value' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void mutex_pointer_ok() {
  int x = 0;
  auto m = std::make_shared<std::mutex>();
  std::thread t([&x, m] {
    std::lock_guard lock(*m);
    x = 1;
  });
  {
    std::lock_guard lock(*m);
    x = 2;
  }
  t.join();
}
void array_of_mutexes_ok() {
  int x[2] = {};
  std::mutex m[2];
  std::thread t([&] {
    std::lock_guard lock(m[0]);
    x[0] = 1;
  });
  {
    std::lock_guard lock(m[0]);
    x[0] = 2;
  }
  t.join();
}
void array_of_mutexes_bad() {
  int x[2] = {};
  std::mutex m[2];
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::lock_guard lock(m[1]);
    x[0] = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard lock(m[0]);
    x[0] = 2;
// expected-error@-1 {{'x[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void static_mutex_ok() {
  static std::mutex m;
  int x = 0;
  std::thread t([&] {
    std::lock_guard lock(m);
    x = 1;
  });
  {
    std::lock_guard lock(m);
    x = 2;
  }
  t.join();
}

// Locked inside a helper.
static void set(guarded &g, int value) {
  std::lock_guard lock(g.m);
  g.value = value;
// expected-note@-1 {{the thread writes it here}}
}
static void set_unlocked(guarded &g, int value) { g.value = value; }
// expected-error@-1 {{'g.value' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
void helper_locks_ok() {
  guarded g;
  std::thread t([&g] { set(g, 1); });
  set(g, 2);
  t.join();
}
void helper_does_not_lock_bad() {
  guarded g;
  std::thread t([&g] { set(g, 1); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  set_unlocked(g, 2);
// expected-note@-1 {{reached through this call}}
  t.join();
}
void caller_locks_ok() {
  guarded g;
  std::thread t([&g] { set(g, 1); });
  {
    std::lock_guard lock(g.m);
    set_unlocked(g, 2);
  }
  t.join();
}
static std::unique_lock<std::mutex> acquire(guarded &g) {
  return std::unique_lock<std::mutex>(g.m);
}
void returned_lock_ok() {
  guarded g;
  std::thread t([&g] {
    auto lock = acquire(g);
    g.value = 1;
  });
  {
    std::lock_guard lock(g.m);
    g.value = 2;
  }
  t.join();
}
class lock_holder {
  std::mutex &m;

public:
  explicit lock_holder(std::mutex &m) : m(m) { m.lock(); }
  ~lock_holder() { m.unlock(); }
};
void own_guard_ok() {
  guarded g;
  std::thread t([&g] {
    lock_holder lock(g.m);
    g.value = 1;
  });
  {
    lock_holder lock(g.m);
    g.value = 2;
  }
  t.join();
}
void own_guard_bad() {
  guarded g;
  std::thread t([&g] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    {
      lock_holder lock(g.m);
    }
    g.value = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    lock_holder lock(g.m);
    g.value = 2;
// expected-error@-1 {{'g.value' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}

// A lock that is a local of each thread locks nothing.
void local_mutex_bad() {
  int x = 0;
  auto work = [&x] {
    std::mutex m;
    std::lock_guard lock(m);
    ++x;
// expected-error@-1 {{'x' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  };
  std::thread a(work), b(work);
// expected-note@-1 {{one thread starts here}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
  a.join();
  b.join();
}
void by_value_mutex_pointer_ok() {
  int x = 0;
  std::mutex m;
  auto work = [&x, p = &m] {
    std::lock_guard lock(*p);
    ++x;
  };
  std::thread a(work), b(work);
  a.join();
  b.join();
}

// What is done before the lock is not ordered by it.
void before_the_lock_bad() {
  int x = 0;
  std::mutex m;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    x = 1;
// expected-note@-1 {{the thread writes it here}}
    std::lock_guard lock(m);
  });
  {
    std::lock_guard lock(m);
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}

// Monitors.
class account_ok {
  mutable std::mutex m;
  int balance = 0;

public:
  void deposit(int amount) {
    std::lock_guard lock(m);
    balance += amount;
  }
  int total() const {
    std::lock_guard lock(m);
    return balance;
  }
};
void monitor_ok() {
  account_ok a;
  std::thread t([&a] { a.deposit(1); });
  use(a.total());
  t.join();
}
class account_bad {
  mutable std::mutex m;
  int balance = 0;

public:
  void deposit(int amount) {
    std::lock_guard lock(m);
    balance += amount;
// expected-note@-1 {{the thread writes it here}}
  }
  int total() const { return balance; }
// expected-error@-1 {{'a.balance' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void monitor_bad() {
  account_bad a;
  std::thread t([&a] { a.deposit(1); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  use(a.total());
// expected-note@-1 {{reached through this call}}
  t.join();
}
