// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-guard with locks that own their data.

#include <fearless/mutex.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using numbers = fearless::mutex<std::vector<int>>;

// --- Temporary guards -------------------------------------------------------------

int reference_bad(numbers &m) {
  std::vector<int> &r = *m.lock();
// expected-error@-1 {{'r' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return r[0];
}
int pointer_bad(numbers &m) {
  auto *p = &*m.lock();
// expected-error@-1 {{'p' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return p->front();
}
int element_bad(numbers &m) {
  int &r = m.lock()->front();
// expected-error@-1 {{'r' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return r;
}
int iterator_bad(numbers &m) {
  auto it = m.lock()->begin();
// expected-error@-1 {{'it' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return *it;
}
std::size_t view_bad(fearless::mutex<std::string> &m) {
  std::string_view v = *m.lock();
// expected-error@-1 {{'v' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return v.size();
}
int binding_bad(fearless::mutex<std::pair<int, int>> &m) {
  auto &[a, b] = *m.lock();
// expected-error@-1 {{the binding refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return a + b;
}
int assigned_bad(numbers &m) {
  int *p = nullptr;
  p = m.lock()->data();
// expected-error@-1 {{'p' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return *p;
}
std::size_t reader_bad(fearless::rw_lock<std::string> &m) {
  const std::string &r = *m.read();
// expected-error@-1 {{'r' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
  return r.size();
}

std::size_t statement_ok(numbers &m) {
  m.lock()->push_back(1);
  return m.lock()->size();
}
std::vector<int> copy_ok(numbers &m) {
  std::vector<int> v = *m.lock();
  auto w = *m.lock();
  return v.empty() ? w : v;
}
int kept_ok(numbers &m) {
  auto &&guard = m.lock();
  auto named = m.lock();
  std::vector<int> &r = *named;
  return r[0] + guard->front();
}
int binding_copy_ok(fearless::mutex<std::pair<int, int>> &m) {
  auto [a, b] = *m.lock();
  return a + b;
}

// --- Guards without a name ----------------------------------------------------------

void discarded_bad(numbers &m) {
  m.lock();
// expected-error@-1 {{this guard has no name and is destroyed at once: 'm' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: auto guard = m.lock();}}
}
void discarded_write_bad(fearless::rw_lock<int> &m) {
  (void)m.write();
// expected-error@-1 {{this guard has no name and is destroyed at once: 'm' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: auto guard = m.lock();}}
}

// --- Returned ------------------------------------------------------------------------

std::vector<int> &returned_bad(numbers &m) {
  auto guard = m.lock();
// expected-note@-1 {{'m' is locked here}}
  return *guard;
// expected-error@-1 {{a reference to the data of 'm' is returned, where it can be used without 'm' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
}
int &returned_element_bad(numbers &m) {
  auto guard = m.lock();
// expected-note@-1 {{'m' is locked here}}
  return guard->front();
// expected-error@-1 {{a reference to the data of 'm' is returned, where it can be used without 'm' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
}
int *returned_temporary_bad(numbers &m) {
  return m.lock()->data();
// expected-error@-1 {{a pointer to the data of 'm' is returned, where it can be used without 'm' [fearless-guard]}}
// expected-note@-2 {{this guard is gone when the function returns}}
// expected-note@-3 {{help: return a copy, or take a function and call it under the lock}}
}
int returned_copy_ok(numbers &m) {
  auto guard = m.lock();
  return guard->front();
}
std::vector<int> &of_parameter_ok(fearless::mutex_guard<std::vector<int>> &guard) {
  return *guard;
}
fearless::mutex_guard<std::vector<int>> guard_ok(numbers &m) {
  return m.lock();
}

// --- Used after the lock ----------------------------------------------------------------

int scope_bad(numbers &m) {
  int *p = nullptr;
  {
    auto guard = m.lock();
// expected-note@-1 {{'m' is locked here}}
    p = guard->data();
// expected-note@-1 {{'p' is made to refer to it here}}
  }
  return *p;
// expected-error@-1 {{'p' is used after 'm' was released, and refers to the data of 'm' [fearless-guard]}}
// expected-note@-2 {{help: use it before the lock is released, or copy the data}}
}
int unlocked_bad(numbers &m) {
  auto guard = m.lock();
// expected-note@-1 {{'m' is locked here}}
  std::vector<int> &r = *guard;
// expected-note@-1 {{'r' is made to refer to it here}}
  guard.unlock();
  return r.front();
// expected-error@-1 {{'r' is used after 'm' was released, and refers to the data of 'm' [fearless-guard]}}
// expected-note@-2 {{help: use it before the lock is released, or copy the data}}
}
int scope_ok(numbers &m) {
  auto guard = m.lock();
  int *p = guard->data();
  return *p;
}

// --- Callbacks ------------------------------------------------------------------------------

int *leaked = nullptr;
int *with_pointer_bad(numbers &m) {
  return m.with([](std::vector<int> &v) { return v.data(); });
// expected-error@-1 {{a pointer to the data of 'm' is returned, where it can be used without 'm' [fearless-guard]}}
// expected-note@-2 {{the callback runs under 'm' here}}
// expected-note@-3 {{help: return a copy, or take a function and call it under the lock}}
}
void with_kept_bad(numbers &m) {
  int *p = nullptr;
  m.with([&](auto &v) { p = v.data(); });
// expected-error@-1 {{the callback keeps a pointer to the data of 'm', which can then be used without 'm' [fearless-guard]}}
// expected-note@-2 {{it runs under 'm' here}}
// expected-note@-3 {{help: copy the data, or mark where it is kept FEARLESS_PT_GUARDED_BY(m)}}
  *p = 1;
}
int with_ok(numbers &m) {
  return m.with([](std::vector<int> &v) { return v.front(); });
}

// --- Loops -------------------------------------------------------------------------------------

int loop_bad(numbers &m) {
  int sum = 0;
  for (int x : *m.lock())
// expected-error@-1 {{the loop runs over guarded data, and the guard is destroyed before its first round [fearless-guard]}}
// expected-note@-2 {{this guard is gone before the first round}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = m.lock();}}
    sum += x;
  return sum;
}
int loop_ok(numbers &m) {
  int sum = 0;
  auto guard = m.lock();
  for (int x : *guard)
    sum += x;
  return sum;
}
int loop_with_initialiser_ok(numbers &m) {
  int sum = 0;
  for (auto guard = m.lock(); int x : *guard)
    sum += x;
  return sum;
}
