// RUN: %fearless_check %s
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// REQUIRES, REQUIRES_SHARED and EXCLUDES; locks taken by callees; private
// functions that leave the lock to their callers; lambdas.

#include <fearless/annotations.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

class queue {
public:
  void push_locked(int v) FEARLESS_REQUIRES(mutex_) { items_.push_back(v); } // expected-note 1+ {{'push_locked' requires 'mutex_'}}
  bool empty_locked() const FEARLESS_REQUIRES_SHARED(mutex_) { return items_.empty(); } // expected-note 1+ {{'empty_locked' requires, at least shared, 'mutex_'}}
  void clear_shared_bad() FEARLESS_REQUIRES_SHARED(mutex_) { // expected-note {{'mutex_' is held shared from here}}
    items_.clear(); // expected-error {{'items_' is written while 'mutex_' is only held shared}}
    // expected-note@-1 {{help: }}
  }
  void push(int v) FEARLESS_EXCLUDES(mutex_) { // expected-note 1+ {{'push' takes 'mutex_' itself}}
    std::lock_guard lock(mutex_);
    push_locked(v);
  }
  void requires_bad(int v) {
    push_locked(v); // expected-error {{'push_locked' is called without holding 'mutex_'}}
    // expected-note@-1 {{help: hold it: std::lock_guard lock(mutex_);}}
  }
  void requires_shared_ok() {
    std::shared_lock lock(mutex_);
    if (empty_locked())
      return;
  }
  void requires_shared_bad() {
    if (empty_locked()) // expected-error {{'empty_locked' is called without holding 'mutex_'}}
      return; // expected-note@-1 {{help: }}
  }
  void only_shared_bad() {
    std::shared_lock lock(mutex_); // expected-note {{'mutex_' is held shared from here}}
    push_locked(1); // expected-error {{'push_locked' is called while 'mutex_' is only held shared}}
    // expected-note@-1 {{help: }}
  }
  void passes_on_ok() FEARLESS_REQUIRES(mutex_) { push_locked(2); }
  void excludes_bad() {
    std::lock_guard lock(mutex_); // expected-note {{'mutex_' is taken here}}
    push(1); // expected-error {{'push' is called while 'mutex_' is held}}
    // expected-note@-1 {{help: call it after the lock is released}}
  }
  void excludes_ok() {
    {
      std::lock_guard lock(mutex_);
      push_locked(1);
    }
    push(1);
  }
  static void other_object_ok(queue &a, queue &b) {
    std::lock_guard lock(a.mutex_);
    b.push(1);
  }
  static void other_object_bad(queue &a, queue &b) {
    std::lock_guard lock(a.mutex_); // expected-note {{'a.mutex_' is held, which guards another object}}
    b.push_locked(1); // expected-error {{'push_locked' is called without holding 'b.mutex_'}}
    // expected-note@-1 {{help: }}
  }

private:
  mutable std::shared_mutex mutex_;
  std::vector<int> items_ FEARLESS_GUARDED_BY(mutex_); // expected-note 1+ {{'items_' is guarded by 'mutex_'}}
};

// A parameter's lock, and one that a declaration names.
struct node {
  std::mutex m;
  int value FEARLESS_GUARDED_BY(m) = 0;
};
void set_locked(node &n, int v) FEARLESS_REQUIRES(n.m); // expected-note 1+ {{'set_locked' requires 'n.m'}}
void set_locked(node &other_name, int v) { other_name.value = v; }
void parameter_ok(node &mine) {
  std::lock_guard lock(mine.m);
  set_locked(mine, 1);
}
void parameter_bad(node &mine) {
  set_locked(mine, 1); // expected-error {{'set_locked' is called without holding 'mine.m'}}
  // expected-note@-1 {{help: hold it: std::lock_guard lock(mine.m);}}
}
void set_by_pointer(node *n, int v) FEARLESS_REQUIRES(n->m) { n->value = v; } // expected-note {{'set_by_pointer' requires 'n->m'}}
void pointer_ok(std::shared_ptr<node> n) {
  std::lock_guard lock(n->m);
  set_by_pointer(n.get(), 1);
}
void pointer_bad(std::shared_ptr<node> n) {
  set_by_pointer(n.get(), 1); // expected-error {{'set_by_pointer' is called without holding 'n->m'}}
  // expected-note@-1 {{help: }}
}

// Virtual functions: what is required of the base holds for all.
struct base {
  virtual ~base();
  virtual void step() FEARLESS_REQUIRES(m) = 0; // expected-note {{'step' requires 'm'}}
  std::mutex m;
  int n FEARLESS_GUARDED_BY(m) = 0;
};
struct derived : base {
  void step() override { ++n; }
};
void virtual_ok(base &b) {
  std::lock_guard lock(b.m);
  b.step();
}
void virtual_bad(base &b) {
  b.step(); // expected-error {{'step' is called without holding 'b.m'}}
  // expected-note@-1 {{help: }}
}

// Locks that callees take for their callers.
class machine {
public:
  void acquire() { mutex_.lock(); }
  void release() { mutex_.unlock(); }
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  std::unique_lock<std::mutex> lock_named() {
    std::unique_lock<std::mutex> l(mutex_);
    return l;
  }
  void callee_ok() {
    acquire();
    state_ = 1;
    release();
  }
  void callee_bad() {
    acquire();
    release(); // expected-note {{'mutex_' is released here}}
    state_ = 1; // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void returned_ok() {
    auto guard = lock();
    state_ = 1;
  }
  void returned_named_ok() {
    const auto guard = lock_named();
    state_ = 1;
  }
  void returned_bad() {
    lock(); // expected-error {{this guard has no name and is destroyed at once: the lock is not held afterwards}}
  // expected-note@-1 {{help: give it a name: auto guard = m.lock();}}
    state_ = 1; // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  // Whoever calls this has shown a lock.
  void with_proof_ok(std::unique_lock<std::mutex> &) { state_ = 1; }
  void with_proof_bad(std::unique_lock<std::mutex> &lock) {
    lock.unlock();
    state_ = 1; // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }

  // Private functions: their callers hold the lock, or not.
  void calls_helpers_ok() {
    std::lock_guard guard(mutex_);
    helper_ok();
    chain_ok();
  }
  void also_calls_helpers_ok() {
    std::lock_guard guard(mutex_);
    helper_ok();
    helper_bad();
  }
  void calls_helper_bad() { helper_bad(); } // expected-note {{reached through this call}}

private:
  void helper_ok() { state_ = 2; }
  void chain_ok() { helper_ok(); }
  void helper_bad() {
    state_ = 3; // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void nobody_calls_bad() {
    state_ = 4; // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }

  std::mutex mutex_;
  int state_ FEARLESS_GUARDED_BY(mutex_) = 0; // expected-note 1+ {{'state_' is guarded by 'mutex_'}}
};

// A thread runs a private function: nobody holds a lock for it.
class worker {
public:
  worker() : thread_(&worker::run, this) {}
  ~worker() { thread_.join(); }

private:
  void run() {
    count_ = 1; // expected-error {{'count_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  std::mutex mutex_;
  int count_ FEARLESS_GUARDED_BY(mutex_) = 0; // expected-note {{'count_' is guarded by 'mutex_'}}
  std::thread thread_;
};

// Lambdas run where they are called, or where they are given to.
template <class F> void run(F f) { f(); }
void unseen(std::function<void()> f);
class lambdas {
public:
  void at_once_ok() {
    std::lock_guard lock(mutex_);
    auto f = [this] { ++n_; };
    f();
    std::for_each(v_.begin(), v_.end(), [this](int x) { n_ += x; });
    run([&] { ++n_; });
  }
  void at_once_bad() {
    auto f = [this] {
      ++n_; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    };
    f(); // expected-note {{reached through this call}}
  }
  void algorithm_bad(std::vector<int> v) {
    std::for_each(v.begin(), v.end(), [this](int x) { // expected-note {{reached through this call}}
      n_ += x; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    });
  }
  void locks_inside_ok() {
    auto f = [this] {
      std::lock_guard lock(mutex_);
      ++n_;
    };
    f();
    std::thread(f).join();
  }
  void thread_bad() {
    std::lock_guard lock(mutex_);
    std::thread t([this] {
      ++n_; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    });
    t.join();
  }
  std::function<void()> stored_bad() {
    std::lock_guard lock(mutex_);
    return [this] {
      ++n_; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    };
  }
  void kept_bad() {
    std::lock_guard lock(mutex_);
    callback_ = [this] {
      ++n_; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    };
  }
  // A function that runs it under a lock of its own.
  template <class F> void locked(F f) {
    std::lock_guard lock(mutex_);
    f(); // expected-note {{reached through this call}}
  }
  void locked_erased(const std::function<void()> &f) {
    std::lock_guard lock(mutex_);
    f();
  }
  void unlocked_erased(const std::function<void()> &f) { f(); }
  void by_function_ok() {
    locked([this] { ++n_; });
    locked_erased([this] { ++n_; });
  }
  static void by_function_of_other_bad(lambdas &a, lambdas &b) {
    a.locked([&] { // expected-note 1+ {{reached through this call}}
      ++b.n_; // expected-error {{'b.n_' is written without holding 'b.mutex_'}}
      // expected-note@-1 {{help: }} expected-note@-1 {{'a.mutex_' is held, which guards another object}}
    });
  }
  void by_function_bad() {
    unlocked_erased([this] { // expected-note {{reached through this call}}
      ++n_; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    });
  }
  void erased_local_ok() {
    std::lock_guard lock(mutex_);
    std::function<void(int)> walk = [&](int depth) {
      ++n_;
      if (depth)
        walk(depth - 1);
    };
    walk(3);
  }
  void unseen_ok() {
    std::lock_guard lock(mutex_);
    unseen([this] { ++n_; }); // it may run at once
  }
  void unseen_bad() {
    unseen([this] { // expected-note {{reached through this call}}
      ++n_; // expected-error {{'n_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    });
  }
  void requires_lambda() {
    auto f = [this]() FEARLESS_REQUIRES(mutex_) { ++n_; }; // expected-note {{this lambda requires 'mutex_'}}
    f(); // expected-error {{this lambda is called without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
    std::lock_guard lock(mutex_);
    f();
  }

private:
  std::mutex mutex_;
  int n_ FEARLESS_GUARDED_BY(mutex_) = 0; // expected-note 1+ {{'n_' is guarded by 'mutex_'}}
  std::vector<int> v_;
  std::function<void()> callback_;
};

// A constructor's object is nobody else's yet, but what it starts is.
class starts {
public:
  starts() : value_(1) {
    value_ = 2;
    init();
    thread_ = std::thread([this] {
      value_ = 3; // expected-error {{'value_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
    });
    value_ = 4; // expected-error {{'value_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
    init_late(); // expected-note {{reached through this call}}
  }
  ~starts() {
    value_ = 5; // expected-error {{'value_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
    thread_.join();
    value_ = 6;
  }

private:
  void init() { value_ = 7; }
  void init_late() {
    value_ = 8; // expected-error {{'value_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  std::mutex mutex_;
  int value_ FEARLESS_GUARDED_BY(mutex_); // expected-note 1+ {{'value_' is guarded by 'mutex_'}}
  std::thread thread_;
};
