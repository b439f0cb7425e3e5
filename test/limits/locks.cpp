// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the checks of locks do not see, or report too much. A difference here is
// news: see docs/limitations.md and docs/checks.

#include <fearless/annotations.h>

#include <functional>
#include <map>
#include <mutex>
#include <vector>

struct data {
  std::mutex m;
  int n FEARLESS_GUARDED_BY(m) = 0; // expected-note 1+ {{'n' is guarded by 'm'}}
};

// The same condition tested twice: paths are not told apart by it.
void FP_same_condition_ok(data &d, bool c) {
  if (c)
    d.m.lock();
  if (c)
    d.n = 1; // expected-error {{'d.n' is written without holding 'd.m'}}
  if (c)     // expected-note@-1 {{help: }}
    d.m.unlock();
}

// Two names for one object.
void FP_two_names_ok(data *p, data *q) {
  if (p != q)
    return;
  std::lock_guard lock(p->m); // expected-note {{'p->m' is held, which guards another object}}
  q->n = 1; // expected-error {{'q->n' is written without holding 'q->m'}}
  // expected-note@-1 {{help: }}
}

// A container of guards.
void FP_guards_in_container_ok(std::vector<data> &all) {
  std::vector<std::unique_lock<std::mutex>> locks;
  for (data &each : all)
    locks.emplace_back(each.m);
  for (data &each : all)
    each.n = 1; // expected-error {{is written without holding}}
  // expected-note@-1 {{help: }}
}

// A member that holds a lock between calls.
class transaction {
public:
  explicit transaction(data &d) : data_(d), lock_(d.m) {}
  void FP_member_lock_ok() {
    data_.n = 1; // expected-error {{'data_.n' is written without holding 'data_.m'}}
    // expected-note@-1 {{help: }}
  }

private:
  data &data_;
  std::unique_lock<std::mutex> lock_;
};

// A pointer to what is guarded, taken under the lock and used after it: that is
// fearless-guard's to report, where it sees it.
int *FN_pointer_kept_bad(data &d) {
  static std::vector<int *> kept;
  std::lock_guard lock(d.m);
  kept.push_back(&d.n);
  return nullptr;
}
