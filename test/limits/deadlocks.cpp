// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What fearless-deadlock does not see, or reports too much. A difference here is
// news: see docs/limitations.md and docs/checks.

#include <mutex>
#include <vector>

// Elements of an array of locks: the philosophers.
std::mutex forks[5];
void FN_philosopher_bad(int i) {
  std::lock_guard left(forks[i]);
  std::lock_guard right(forks[(i + 1) % 5]);
}

// Two names for one object.
struct node {
  std::mutex m;
};
void FN_two_names_bad(node *p) {
  node *q = p;
  q = p;
  std::lock_guard one(p->m);
  std::lock_guard two(q->m);
}

// A lock that is held on one path only.
std::mutex m;
void FN_one_path_bad(bool b) {
  if (b)
    m.lock();
  m.lock();
  m.unlock();
}

// Behind a virtual call.
struct listener {
  virtual ~listener() = default;
  virtual void changed() = 0;
};
class subject : listener {
public:
  void FN_virtual_bad(listener &l) {
    std::lock_guard lock(mutex_);
    l.changed();
  }
  void changed() override { std::lock_guard lock(mutex_); }

private:
  std::mutex mutex_;
};

// The same two locks one after the other by a single thread that runs before
// all others: the orders never meet.
std::mutex start, work;
void FP_before_others_ok() {
  std::lock_guard lock_start(start);
// expected-note@-1 {{the other way round: 'start' is locked here}}
  std::lock_guard lock_work(work);
// expected-note@-1 {{then 'work' is locked here}}
}
void FP_afterwards_ok() {
  std::lock_guard lock_work(work);
// expected-note@-1 {{'work' is locked here}}
  std::lock_guard lock_start(start);
// expected-error@-1 {{'start' is locked while 'work' is held, and elsewhere the other way round: two threads can wait for each other [fearless-deadlock]}}
// expected-note@-2 {{help: lock them in one order everywhere, or all at once: std::scoped_lock lock(work, start);}}
}
