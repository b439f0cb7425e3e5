// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What fearless-guard does not see, or reports too much. A difference here is
// news: see docs/limitations.md and docs/checks.

#include <fearless/mutex.h>

#include <memory>
#include <mutex>
#include <vector>

// A use further up in a loop: the text is looked at, not the paths.
std::vector<int> rows;
std::mutex rows_mutex;
int FN_loop_bad() {
  int *row = nullptr, sum = 0;
  for (int i = 0; i != 2; ++i) {
    if (row)
      sum += *row;
    std::lock_guard<std::mutex> lock(rows_mutex);
    row = &rows[0];
  }
  return sum;
}

// A guard in an optional.
int FN_optional_bad(fearless::mutex<int> &m) {
  int *p = nullptr;
  if (auto guard = m.try_lock())
    p = &**guard;
  return p ? *p : 0;
}

// What a method of the user's own returns may lie elsewhere.
struct tree {
  int root = 0;
  int *find() { return &root; }
};
int FN_method_bad(fearless::mutex<tree> &m) {
  int *p = m.lock()->find();
  return *p;
}

// Behind a raw pointer.
class holder {
public:
  int &FN_raw_pointer_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
    return *value_;
  }

private:
  std::mutex mutex_;
  int *value_ = new int(0);
};

// A value that is made once and never again, in another function.
class settings {
public:
  void load() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!loaded_)
      value_ = 1;
    loaded_ = true;
  }
  const int &FP_made_once_ok() {
    load();
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return value_;
// expected-error@-1 {{a reference to 'value_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }

private:
  std::mutex mutex_;
  bool loaded_ = false;
  int value_ = 0;
};
