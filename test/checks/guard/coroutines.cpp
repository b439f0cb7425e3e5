// RUN: %fearless_check %s -- -std=c++20
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-guard: locks that are held while a coroutine is suspended.

#include <fearless/mutex.h>

#include <coroutine>
#include <mutex>
#include <utility>

struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    std::suspend_always yield_value(int) { return {}; }
  };
};

std::mutex m;
int n = 0;

task await_bad() {
  std::lock_guard<std::mutex> lock(m);
// expected-note@-1 {{'m' is locked here}}
  co_await std::suspend_always{};
// expected-error@-1 {{'m' is held while the coroutine is suspended; it may go on in another thread, or never [fearless-guard]}}
// expected-note@-2 {{help: unlock it before, and lock it again afterwards}}
  ++n;
}
task yield_bad() {
  std::unique_lock lock(m);
// expected-note@-1 {{'m' is locked here}}
  co_yield n;
// expected-error@-1 {{'m' is held while the coroutine is suspended; it may go on in another thread, or never [fearless-guard]}}
// expected-note@-2 {{help: unlock it before, and lock it again afterwards}}
}
task bare_bad() {
  m.lock();
// expected-note@-1 {{'m' is locked here}}
  co_await std::suspend_always{};
// expected-error@-1 {{'m' is held while the coroutine is suspended; it may go on in another thread, or never [fearless-guard]}}
// expected-note@-2 {{help: unlock it before, and lock it again afterwards}}
  m.unlock();
}
task owned_bad(fearless::mutex<int> &value) {
  auto guard = value.lock();
// expected-note@-1 {{'value' is locked here}}
  co_await std::suspend_always{};
// expected-error@-1 {{'value' is held while the coroutine is suspended; it may go on in another thread, or never [fearless-guard]}}
// expected-note@-2 {{help: unlock it before, and lock it again afterwards}}
  ++*guard;
}
task parameter_bad(std::unique_lock<std::mutex> lock) {
// expected-note@-1 {{it is held since here}}
  co_await std::suspend_always{};
// expected-error@-1 {{the lock is held while the coroutine is suspended; it may go on in another thread, or never [fearless-guard]}}
// expected-note@-2 {{help: unlock it before, and lock it again afterwards}}
}
task scope_ok() {
  {
    std::lock_guard<std::mutex> lock(m);
    ++n;
  }
  co_await std::suspend_always{};
}
task unlocked_ok() {
  std::unique_lock lock(m);
  ++n;
  lock.unlock();
  co_await std::suspend_always{};
  lock.lock();
  ++n;
}
void take(std::unique_lock<std::mutex> lock);
task moved_ok() {
  std::unique_lock lock(m);
  take(std::move(lock));
  co_await std::suspend_always{};
}
task deferred_ok() {
  std::unique_lock lock(m, std::defer_lock);
  co_await std::suspend_always{};
}
task none_ok() {
  co_await std::suspend_always{};
  std::lock_guard lock(m);
  ++n;
}
task branches_ok(bool b) {
  if (b) {
    std::lock_guard lock(m);
    ++n;
  } else {
    co_await std::suspend_always{};
  }
}
