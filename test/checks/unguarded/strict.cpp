// RUN: %fearless_check %s -mode=strict
// RUN: %fearless_check %s -verify=default
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where strict mode asks for more: a lock whose name is not understood, code
// that is not seen, callers that may be missing. Default mode is silent here.

#include "Inputs/callers.h"

#include <functional>
#include <memory>
#include <mutex>
#include <thread>

struct data {
  std::mutex m;
  int n FEARLESS_GUARDED_BY(m) = 0; // expected-note 1+ {{'n' is guarded by 'm'}}
};

// A lock that may be any lock.
void passed_in(data &d, std::mutex &m) {
  std::lock_guard lock(m);
  d.n = 1; // expected-error {{'d.n' is written without holding 'd.m'}}
  // expected-note@-1 {{help: }}
}
void passed_in_guard(data &d, std::unique_lock<std::mutex> &) {
  d.n = 1; // expected-error {{'d.n' is written without holding 'd.m'}}
  // expected-note@-1 {{help: }}
}
std::mutex &lock_of(data &d);
void from_function(data &d) {
  std::lock_guard lock(lock_of(d));
  d.n = 1; // expected-error {{'d.n' is written without holding 'd.m'}}
  // expected-note@-1 {{help: }}
}

// Code that is not seen may run the lambda later, and elsewhere.
void unseen(std::function<void()> f);
void given_to_unseen(data &d) {
  std::lock_guard lock(d.m);
  unseen([&d] {
    d.n = 1; // expected-error {{'d.n' is written without holding 'd.m'}}
    // expected-note@-1 {{help: }}
  });
}

// The class is in a header: another file may have more callers.
void in_header::caller() {
  std::lock_guard lock(mutex_);
  helper();
}
void in_header::helper() {
  n_ = 1; // expected-error {{'n_' is written without holding 'mutex_'}}
  // expected-note@-1 {{help: }} expected-note@Inputs/callers.h:15 {{'n_' is guarded by 'mutex_'}}
}

// Here all callers are seen.
class in_file {
public:
  void caller() {
    std::lock_guard lock(mutex_);
    helper_ok();
  }

private:
  void helper_ok() { n_ = 1; }
  std::mutex mutex_;
  int n_ FEARLESS_GUARDED_BY(mutex_) = 0;
};

// A mark that names a lock by a call that is not understood.
struct computed {
  std::mutex &lock_for(int);
  std::mutex &lock();
  int n FEARLESS_GUARDED_BY(lock()) = 0; // expected-note {{'n' is guarded by 'lock()'}}
};
void computed_lock(computed &c) {
  c.n = 1; // expected-error {{'c.n' is written and guarded by 'lock()', which is not understood}}
  // expected-note@-1 {{help: name the lock by a variable or a path of members}}
}

// What a mark claims counts in the type rules, and is demanded at each access.
class counter {
public:
  void locked_ok() {
    std::lock_guard lock(mutex_);
    ++value_;
  }
  void unlocked_bad() {
    ++value_; // expected-error {{'value_' is written without holding 'mutex_'}} default-error {{'value_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }} default-note@-1 {{help: }}
  }

private:
  std::mutex mutex_;
  int value_ FEARLESS_GUARDED_BY(mutex_) = 0; // expected-note {{'value_' is guarded by 'mutex_'}} default-note {{'value_' is guarded by 'mutex_'}}
};
void share(std::shared_ptr<counter> c) {
  std::thread([c] { c->locked_ok(); }).detach();
}
