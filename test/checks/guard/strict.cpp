// RUN: %fearless_check %s -mode=strict --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-guard in strict mode: what is not proven to stay inside.

#include <fearless/mutex.h>

#include <mutex>

struct tree {
  int root = 0;
  int *find() { return &root; }
};

int method_bad(fearless::mutex<tree> &m) {
  int *p = m.lock()->find();
// expected-error@-1 {{'p' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return *p;
}

class settings {
public:
  const int &value_bad() const {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return value_;
// expected-error@-1 {{a reference to 'value_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  int value_ok() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
