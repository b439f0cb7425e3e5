// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strict mode asks for a proof of the whole frame, and says when it does not
// know one.
//
// RUN: %fearless_check %s -mode=strict -checks=fearless-send,fearless-sync -- -std=c++20

#include "Inputs/tasks.h"
// expected-error-re@Inputs/tasks.h:* {{'h' of type 'std::coroutine_handle<{{(void)?}}>', captured by the lambda, cannot be sent to another thread through 'std::thread': 'std::coroutine_handle<{{(void)?}}>' is not known to be Send}}
// expected-note@Inputs/tasks.h:* 0+ {{}}

#include <memory>
#include <string>

// expected-note@* 0+ {{}}

void run(task);
task elsewhere();
struct plain {
  int n;
};
struct FEARLESS_NOT_SEND("it belongs to its window") brush {
  explicit brush(int);
  ~brush();
};

void not_visible_bad() {
  std::thread t(run, elsewhere()); // expected-error {{the argument 'elsewhere()' of type 'task' cannot be sent to another thread through 'std::thread': 'std::coroutine_handle<task::promise_type>' is not known to be Send}}
  t.join();
}
void parameter_bad(task given) {
  std::thread t(run, std::move(given)); // expected-error {{the argument 'given' of type 'task' cannot be sent}}
  t.join();
}
void replaced_bad() {
  task work = elsewhere();
  work = elsewhere();
  std::thread t(run, std::move(work)); // expected-error {{the argument 'work' of type 'task' cannot be sent}}
  t.join();
}
task by_reference(int &n) {
  ++n;
  co_return;
}
void reference_bad(int n) {
  std::thread t(run, by_reference(n)); // expected-error {{'n' of type 'int', to which the coroutine 'by_reference' refers, cannot be shared with another thread through 'std::thread': 'int' is not Sync}}
  t.join();
}
task by_pointer(int *n) {
  ++*n;
  co_return;
}
void pointer_bad(int n) {
  std::thread t(run, by_pointer(&n)); // expected-error {{'n' of type 'int', to which the coroutine 'by_pointer' refers, cannot be shared}}
  t.join();
}
void captures_bad(int n) {
  auto start = [&n]() -> task { ++n; co_return; };
  std::thread t(run, start()); // expected-error {{'n' of type 'int', captured by reference, cannot be shared}}
  ++n;
  t.join();
}
template <class F> task calls(F f) {
  f();
  co_return;
}
void callable_bad(int n) {
  std::thread t(run, calls([&n] { ++n; })); // expected-error {{'n' of type 'int', captured by reference, cannot be shared}}
  ++n;
  t.join();
}
task later_made() {
  co_await std::suspend_always{};
  brush b(1);
  co_await std::suspend_always{};
}
void later_made_bad() {
  std::thread t(run, later_made()); // expected-error {{'b' of type 'brush', which the coroutine 'later_made' holds across 'co_await', cannot be sent}}
  t.join();
}
task shares(std::shared_ptr<plain> p) {
  co_await std::suspend_always{};
  ++p->n;
}
void shared_bad(std::shared_ptr<plain> p) {
  std::thread t(run, shares(p)); // expected-error {{'p' of type 'std::shared_ptr<plain>', which the coroutine 'shares' holds, cannot be shared}}
  t.join();
}
task inner(std::shared_ptr<plain> p) {
  ++p->n;
  co_return;
}
task outer() {
  task work = inner(std::make_shared<plain>());
  co_await std::suspend_always{};
  work.resume();
}
void nested_bad() {
  std::thread t(run, outer()); // expected-error {{'p' of type 'std::shared_ptr<plain>', which the coroutine 'inner' holds, cannot be shared}}
  t.join();
}

task values(std::string text, int n) {
  std::unique_ptr<plain> own(new plain{n});
  std::string copy = text;
  const std::string &same = copy;
  for (char c : copy)
    co_yield c;
  (void)same;
  co_await std::suspend_always{};
}
void proven_ok(int n) {
  std::thread t(run, values("text", n));
  t.join();
  auto work = values("text", n);
  work.resume();
  std::thread u([work = std::move(work)]() mutable { work.resume(); });
  u.join();
}
plain &everyones();
task aliases() {
  plain &alias = everyones();
  co_yield 1;
  ++alias.n;
}
void alias_bad() {
  std::thread t(run, aliases()); // expected-error {{'alias' of type 'plain &', which the coroutine 'aliases' holds across 'co_yield', cannot be shared}}
  t.join();
}

task inner_of(int n) {
  (void)n;
  co_return;
}
task counts(int n) {
  if (n)
    co_await counts(n - 1);
  co_await inner_of(n);
}
void awaited_ok() {
  std::thread t(run, counts(3));
  t.join();
}
task awaits() { co_await inner(std::make_shared<plain>()); }
void awaited_bad() {
  std::thread t(run, awaits());
  // expected-error@-1 {{'p' of type 'std::shared_ptr<plain>', which the coroutine 'inner' holds, cannot be shared}}
  // expected-error@-2 {{the temporary 'std::make_shared<plain>()' of type 'std::shared_ptr<plain>', which the coroutine 'awaits' holds across 'co_await', cannot be shared}}
  t.join();
}
task awaits_unknown() { co_await elsewhere(); }
void awaits_unknown_bad() {
  std::thread t(run, awaits_unknown());
  // expected-error@-1 {{the temporary 'elsewhere()' of type 'task', which the coroutine 'awaits_unknown' holds across 'co_await', cannot be sent}}
  // expected-error@-2 {{of type 'task::awaiter', which the coroutine 'awaits_unknown' holds across 'co_await', cannot be sent}}
  t.join();
}
task renames() {
  brush b(1);
  auto &&same = std::move(b); // moves nothing
  co_await std::suspend_always{};
  (void)same;
}
void renames_bad() {
  std::thread t(run, renames()); // expected-error {{'b' of type 'brush', which the coroutine 'renames' holds across 'co_await', cannot be sent}}
  t.join();
}

// A mark is believed.
struct FEARLESS_UNSAFE_SEND("its scheduler resumes it on one thread only") trusted {
  struct promise_type {
    trusted get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
void run_trusted(trusted);
trusted vouched_for() {
  brush b(1);
  co_await std::suspend_always{};
}
void vouched_for_ok() {
  std::thread t(run_trusted, vouched_for());
  t.join();
}
