// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Awaiters that give the handle to another thread: what is alive across such a
// suspension point goes on there.
//
// RUN: %fearless_check %s -checks=fearless-send,fearless-sync -- -std=c++20

#include "Inputs/tasks.h"
// expected-note@Inputs/tasks.h:* 1+ {{'std::thread' is given the handle of the coroutine, which then goes on in another thread: everything in its frame must be Send}}

struct FEARLESS_NOT_SEND("it belongs to its window") brush {
  // expected-note@-1 1+ {{'brush' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  explicit brush(int);
  brush(brush &&) noexcept;
  ~brush();
  void draw();
};
void keep(brush);

detached local_bad() {
  brush b(1); // expected-note {{'b' is made here}}
  co_await on_new_thread{};
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'local_bad' holds across this 'co_await', cannot be sent to another thread through 'std::thread': 'brush' is not Send [fearless-send]}}
  // expected-note@-2 {{help: end the scope of 'b' before the 'co_await', or move it out of the coroutine before}}
  b.draw();
}
task parameter_bad(brush b) { // expected-note {{'b' is made here}}
  co_await on_new_thread{};
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'parameter_bad' holds across this 'co_await', cannot be sent}}
  // expected-note@-2 {{help: move 'b' out of the coroutine before the 'co_await'}}
}
task second_bad() {
  co_await std::suspend_always{};
  brush b(1); // expected-note {{'b' is made here}}
  co_await on_new_thread{};
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'second_bad' holds across this 'co_await', cannot be sent}}
  // expected-note@-2 {{help: end the scope of 'b'}}
}
task in_a_loop_bad(int n) {
  for (brush b(n); n--;) { // expected-note {{'b' is made here}}
    co_await on_new_thread{};
    // expected-error@-1 {{'b' of type 'brush', which the coroutine 'in_a_loop_bad' holds across this 'co_await', cannot be sent}}
    // expected-note@-2 {{help: end the scope of 'b'}}
  }
}

// The promise's own type of handle, and a parameter that says so.
struct marked_awaiter {
  bool await_ready() { return false; }
  void await_suspend(FEARLESS_SENDING std::coroutine_handle<> h);
  // expected-note@-1 {{'marked_awaiter::await_suspend' is given the handle of the coroutine, which then goes on in another thread}}
  void await_resume() {}
};
struct typed_awaiter {
  bool await_ready() { return false; }
  template <class Promise> bool await_suspend(std::coroutine_handle<Promise> h) {
    std::thread t([=] { h.resume(); }); // expected-note {{'std::thread' is given the handle of the coroutine}}
    t.detach();
    return true;
  }
  void await_resume() {}
};
task marked_bad() {
  brush b(1); // expected-note {{'b' is made here}}
  co_await marked_awaiter{};
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'marked_bad' holds across this 'co_await', cannot be sent to another thread through 'marked_awaiter::await_suspend'}}
  // expected-note@-2 {{help: end the scope of 'b'}}
}
task typed_bad() {
  brush b(1); // expected-note {{'b' is made here}}
  co_await typed_awaiter{};
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'typed_bad' holds across this 'co_await', cannot be sent}}
  // expected-note@-2 {{help: end the scope of 'b'}}
}

detached scope_ok() {
  {
    brush b(1);
    b.draw();
  }
  co_await on_new_thread{};
}
task moved_ok(brush b) {
  keep(std::move(b));
  co_await on_new_thread{};
}
task other_awaiter_ok() {
  brush b(1);
  co_await std::suspend_always{};
  b.draw();
}
task afterwards_ok() {
  co_await on_new_thread{};
  brush b(1);
  b.draw();
}
task number_ok(int n) {
  co_await on_new_thread{};
  (void)n;
}
