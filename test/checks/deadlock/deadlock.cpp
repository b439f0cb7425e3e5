// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-deadlock: locks that are taken twice or in a circle, joins under a lock.

#include <fearless/mutex.h>

#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>
#include <vector>

// --- Twice ------------------------------------------------------------------------

std::mutex m;
std::recursive_mutex rm;
std::shared_mutex sm;

void twice_bad() {
  std::lock_guard<std::mutex> a(m);
// expected-note@-1 {{'m' is locked here}}
  std::lock_guard<std::mutex> b(m);
// expected-error@-1 {{'m' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
}
void bare_bad() {
  m.lock();
// expected-note@-1 {{'m' is locked here}}
  m.lock();
// expected-error@-1 {{'m' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
  m.unlock();
}
void upgrade_bad() {
  std::shared_lock a(sm);
// expected-note@-1 {{'sm' is locked here}}
  std::unique_lock b(sm);
// expected-error@-1 {{'sm' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
}
void relock_bad() {
  std::unique_lock lock(m);
// expected-note@-1 {{'m' is locked here}}
  lock.lock();
// expected-error@-1 {{'m' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
}
void recursive_ok() {
  std::lock_guard a(rm);
  std::lock_guard b(rm);
}
void scopes_ok() {
  {
    std::lock_guard a(m);
  }
  std::lock_guard b(m);
}
void relock_ok() {
  std::unique_lock lock(m);
  lock.unlock();
  lock.lock();
}
void try_ok() {
  std::unique_lock lock(m);
  std::unique_lock other(sm, std::try_to_lock);
}
void adopt_ok() {
  m.lock();
  std::lock_guard lock(m, std::adopt_lock);
}
void branches_ok(bool b) {
  if (b)
    m.lock();
  else
    m.lock();
  m.unlock();
}

class account {
public:
  void deposit(int n) {
    std::lock_guard lock(mutex_);
// expected-note@-1 3 {{it is locked again here}}
    balance_ += n;
  }
  void deposit_twice_bad(int n) {
    std::lock_guard lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    deposit(n);
// expected-error@-1 {{'mutex_' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
    deposit(n);
  }
  void deposit_twice_ok(int n) {
    deposit(n);
    deposit(n);
  }
  void other_ok(account &other) {
    std::lock_guard lock(mutex_);
    other.deposit(1);
  }
  void deep() { deposit(1); }
// expected-note@-1 {{reached through this call}}
  void deep_bad() {
    std::lock_guard lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    deep();
// expected-error@-1 {{'mutex_' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
  }
  void maybe(bool locked) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!locked)
      lock.lock();
    ++balance_;
  }
  void maybe_ok() {
    std::lock_guard lock(mutex_);
    maybe(true);
  }
  void lambda_bad() {
    auto add = [this] { deposit(1); };
// expected-note@-1 {{reached through this call}}
    std::lock_guard lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    add();
// expected-error@-1 {{'mutex_' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
  }
  void wait_ok() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return balance_ > 0; });
  }
  void released_ok() {
    std::unique_lock lock(mutex_);
    lock.unlock();
    deposit(1);
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int balance_ = 0;
};

void owning_bad(fearless::mutex<int> &value) {
  auto a = value.lock();
// expected-note@-1 {{'value' is locked here}}
  auto b = value.lock();
// expected-error@-1 {{'value' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
  *a = *b;
}

// --- In both orders ------------------------------------------------------------------

std::mutex a, b;

void first_order_bad() {
  std::lock_guard lock_a(a);
// expected-note@-1 {{the other way round: 'a' is locked here}}
  std::lock_guard lock_b(b);
// expected-note@-1 {{then 'b' is locked here}}
}
void second_order_bad() {
  std::lock_guard lock_b(b);
// expected-note@-1 {{'b' is locked here}}
  std::lock_guard lock_a(a);
// expected-error@-1 {{'a' is locked while 'b' is held, and elsewhere the other way round: two threads can wait for each other [fearless-deadlock]}}
// expected-note@-2 {{help: lock them in one order everywhere, or all at once: std::scoped_lock lock(b, a);}}
}

std::mutex c, d;
void at_once_ok() { std::scoped_lock lock(c, d); }
void at_once_other_ok() { std::scoped_lock lock(d, c); }
void std_lock_ok() {
  std::lock(d, c);
  std::lock_guard lock_c(c, std::adopt_lock);
  std::lock_guard lock_d(d, std::adopt_lock);
}
void deferred_ok() {
  std::unique_lock lock_d(d, std::defer_lock);
  std::unique_lock lock_c(c, std::defer_lock);
  std::lock(lock_d, lock_c);
}
void one_after_the_other_ok() {
  {
    std::lock_guard lock(d);
  }
  std::lock_guard lock(c);
}
void same_order_ok() {
  std::lock_guard lock_c(c);
  std::lock_guard lock_d(d);
}
void tried_ok() {
  std::lock_guard lock_d(d);
  if (c.try_lock())
    c.unlock();
}

std::mutex outer, e, f;
void gate_one_ok() {
  std::lock_guard gate(outer);
  std::lock_guard lock_e(e);
  std::lock_guard lock_f(f);
}
void gate_two_ok() {
  std::lock_guard gate(outer);
  std::lock_guard lock_f(f);
  std::lock_guard lock_e(e);
}

class parent;
class child {
public:
  void notify_bad(parent &p);
  void poke() { std::lock_guard lock(child_mutex_); }
// expected-note@-1 {{then 'c.child_mutex_' is locked here}}

private:
  std::mutex child_mutex_;
};
class parent {
public:
  void poke() { std::lock_guard lock(parent_mutex_); }
// expected-note@-1 {{then 'p.parent_mutex_' is locked here}}
  void update(child &c) {
    std::lock_guard lock(parent_mutex_);
// expected-note@-1 {{the other way round: 'parent_mutex_' is locked here}}
    c.poke();
// expected-note@-1 {{reached through this call}}
  }

private:
  std::mutex parent_mutex_;
};
void child::notify_bad(parent &p) {
  std::lock_guard lock(child_mutex_);
// expected-note@-1 {{'child_mutex_' is locked here}}
  p.poke();
// expected-error@-1 {{'p.parent_mutex_' is locked while 'child_mutex_' is held, and elsewhere the other way round: two threads can wait for each other [fearless-deadlock]}}
// expected-note@-2 {{help: lock them in one order everywhere, or all at once: std::scoped_lock lock(child_mutex_, p.parent_mutex_);}}
}

std::mutex x, y, z;
void circle_one_bad() {
  std::lock_guard lock_x(x);
// expected-note@-1 {{the other way round: 'x' is locked here}}
  std::lock_guard lock_y(y);
// expected-note@-1 {{then 'y' is locked here}}
}
void circle_two_bad() {
  std::lock_guard lock_y(y);
// expected-note@-1 {{the other way round: 'y' is locked here}}
  std::lock_guard lock_z(z);
// expected-note@-1 {{then 'z' is locked here}}
}
void circle_three_bad() {
  std::lock_guard lock_z(z);
// expected-note@-1 {{'z' is locked here}}
  std::lock_guard lock_x(x);
// expected-error@-1 {{'x' is locked while 'z' is held, and elsewhere the other way round: two threads can wait for each other [fearless-deadlock]}}
// expected-note@-2 {{help: lock them in one order everywhere, or all at once: std::scoped_lock lock(z, x);}}
}

// --- Objects of one class ----------------------------------------------------------------

struct wallet {
  std::mutex m;
  int coins = 0;
};
void transfer(wallet &from, wallet &to, int n) {
  std::lock_guard lock_from(from.m);
// expected-note@-1 {{'two.m' is locked here}}
// expected-note@-2 {{the other way round: 'one.m' is locked here}}
  std::lock_guard lock_to(to.m);
// expected-note@-1 {{then 'one.m' is locked here}}
// expected-note@-2 {{then 'two.m' is locked here}}
  from.coins -= n;
  to.coins += n;
}
void transfer_bad() {
  wallet one, two;
  std::thread t([&] { transfer(one, two, 1); });
// expected-note@-1 {{reached through this call}}
  std::thread u([&] { transfer(two, one, 1); });
// expected-error@-1 {{'one.m' is locked while 'two.m' is held, and elsewhere the other way round: two threads can wait for each other [fearless-deadlock]}}
// expected-note@-2 {{help: lock them in one order everywhere, or all at once: std::scoped_lock lock(two.m, one.m);}}
  t.join();
  u.join();
}
void transfer_ok() {
  wallet one, two;
  std::thread t([&] { transfer(one, two, 1); });
  std::thread u([&] { transfer(one, two, 1); });
  t.join();
  u.join();
}
void transfer_at_once(wallet &from, wallet &to, int n) {
  std::scoped_lock lock(from.m, to.m);
  from.coins -= n;
  to.coins += n;
}
void transfer_at_once_ok() {
  wallet one, two;
  std::thread t([&] { transfer_at_once(one, two, 1); });
  std::thread u([&] { transfer_at_once(two, one, 1); });
  t.join();
  u.join();
}
void transfer_by_address(wallet &from, wallet &to, int n) {
  if (&from < &to) {
    std::lock_guard lock_from(from.m);
    std::lock_guard lock_to(to.m);
    from.coins -= n;
    to.coins += n;
  } else {
    std::lock_guard lock_to(to.m);
    std::lock_guard lock_from(from.m);
    from.coins -= n;
    to.coins += n;
  }
}
void transfer_sorted(wallet &from, wallet &to, int n) {
  wallet *first = &from, *second = &to;
  if (second < first)
    std::swap(first, second);
  std::lock_guard lock_first(first->m);
  std::lock_guard lock_second(second->m);
  from.coins -= n;
  to.coins += n;
}
void transfer_by_address_ok() {
  wallet one, two;
  std::thread t([&] { transfer_by_address(one, two, 1); transfer_sorted(one, two, 1); });
  std::thread u([&] { transfer_by_address(two, one, 1); transfer_sorted(two, one, 1); });
  t.join();
  u.join();
}

// --- Joins ------------------------------------------------------------------------------------

std::mutex jm;
int joined = 0;
void work() {
  std::lock_guard lock(jm);
// expected-note@-1 3 {{it locks 'jm' here}}
  ++joined;
}
void join_bad() {
  std::thread t(work);
// expected-note@-1 {{the thread starts here}}
  std::lock_guard lock(jm);
// expected-note@-1 {{'jm' is locked here}}
  t.join();
// expected-error@-1 {{this waits for the thread started by 'std::thread' while 'jm' is held, which the thread needs [fearless-deadlock]}}
// expected-note@-2 {{help: release the lock before waiting}}
}
void join_lambda_bad() {
  std::thread t([] {
// expected-note@-1 {{the thread starts here}}
    std::lock_guard lock(jm);
// expected-note@-1 {{it locks 'jm' here}}
    ++joined;
  });
  jm.lock();
// expected-note@-1 {{'jm' is locked here}}
  t.join();
// expected-error@-1 {{this waits for the thread started by 'std::thread' while 'jm' is held, which the thread needs [fearless-deadlock]}}
// expected-note@-2 {{help: release the lock before waiting}}
  jm.unlock();
}
void jthread_bad() {
  std::lock_guard lock(jm);
// expected-note@-1 {{'jm' is locked here}}
  std::jthread t(work);
// expected-note@-1 {{the thread starts here}}
}
// expected-error@-1 {{this waits for the thread started by 'std::jthread' while 'jm' is held, which the thread needs [fearless-deadlock]}}
// expected-note@-2 {{help: release the lock before waiting}}
void join_ok() {
  std::thread t(work);
  {
    std::lock_guard lock(jm);
    ++joined;
  }
  t.join();
}
void join_other_ok() {
  std::thread t(work);
  std::lock_guard lock(m);
  t.join();
}
void jthread_ok() {
  std::jthread t(work);
  std::lock_guard lock(jm);
  ++joined;
}
void joins_all_bad() {
  std::vector<std::thread> ts;
  for (int i = 0; i != 4; ++i)
    ts.emplace_back(work);
// expected-note@-1 {{the thread starts here}}
  std::lock_guard lock(jm);
// expected-note@-1 {{'jm' is locked here}}
  for (std::thread &t : ts)
// expected-error@-1 {{this waits for the thread started by 'std::thread' while 'jm' is held, which the thread needs [fearless-deadlock]}}
// expected-note@-2 {{help: release the lock before waiting}}
    t.join();
}

class service {
public:
  void start() { thread_ = std::thread(&service::run, this); }
// expected-note@-1 {{the thread starts here}}
  void stop_bad() {
    std::lock_guard lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    stop_ = true;
    thread_.join();
// expected-error@-1 {{this waits for the thread started by 'std::thread' while 'mutex_' is held, which the thread needs [fearless-deadlock]}}
// expected-note@-2 {{help: release the lock before waiting}}
  }
  void stop_ok() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    thread_.join();
  }

private:
  void run() {
    std::lock_guard lock(mutex_);
// expected-note@-1 {{it locks 'mutex_' here}}
    while (!stop_)
      stop_ = true;
  }
  std::mutex mutex_;
  bool stop_ = false;
  std::thread thread_;
};

// What the caller holds is released for a while, further down.
class __attribute__((capability("mutex"))) marked_mutex {
public:
  void lock() __attribute__((acquire_capability())) { m_.lock(); }
  void unlock() __attribute__((release_capability())) { m_.unlock(); }
  void assert_held() __attribute__((assert_capability(this))) {}

private:
  std::mutex m_;
};
class __attribute__((scoped_lockable)) marked_guard {
public:
  explicit marked_guard(marked_mutex *m) __attribute__((acquire_capability(m)))
      : m_(m) {
    m_->lock();
  }
  ~marked_guard() __attribute__((release_capability())) { m_->unlock(); }

private:
  marked_mutex *m_;
};
class store {
  marked_mutex mutex_;
  std::vector<int> values_;

  int write_table() __attribute__((requires_capability(mutex_))) {
    mutex_.assert_held();
    const int n = static_cast<int>(values_.size());
    mutex_.unlock();
    const int written = n / 2;
    mutex_.lock();
    return written;
  }
  void compact() __attribute__((requires_capability(mutex_))) {
    mutex_.assert_held();
    if (write_table())
      values_.clear();
  }
  void relock() __attribute__((requires_capability(mutex_))) {
// expected-note@-1 {{'mutex_' is locked here}}
    mutex_.assert_held();
    mutex_.lock();
// expected-error@-1 {{'mutex_' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
    mutex_.unlock();
  }

public:
  void compact_ok() {
    marked_guard hold(&mutex_);
    compact();
  }
};
