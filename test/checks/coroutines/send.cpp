// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the frame of a coroutine holds crosses with its task: parameters, and
// variables and temporaries that are alive across a suspension point.
//
// RUN: %fearless_check %s -checks=fearless-send,fearless-sync -- -std=c++20

#include "Inputs/tasks.h"

#include <mutex>

struct FEARLESS_NOT_SEND("it belongs to its window") brush {
  // expected-note@-1 0+ {{'brush' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  explicit brush(int);
  brush(brush &&) noexcept;
  brush &operator=(brush &&) noexcept;
  ~brush();
  void draw();
  bool ready() const;
  void reset();
  int color;
};
brush make_brush();
void keep(brush);
int use(const brush &, int);
void run(task);
void run_eager(eager);
struct number {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return 1; }
};

// --- Parameters ------------------------------------------------------------------------------
task by_value(brush b) { // expected-note 3 {{'b' is a parameter, of which the coroutine keeps a copy}}
  co_await std::suspend_always{};
  b.draw();
}
void parameter_bad(brush b) {
  std::thread t(run, by_value(std::move(b)));
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'by_value' holds, cannot be sent to another thread through 'std::thread': 'brush' is not Send [fearless-send]}}
  // expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  // expected-note@-3 {{help: create the 'brush' on the thread that uses it}}
  t.join();
}
void in_a_capture_bad(brush b) {
  auto work = by_value(std::move(b));
  std::thread t([work = std::move(work)]() mutable { work.resume(); });
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'by_value' holds, cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: create the 'brush'}}
  t.join();
}
void handle_bad(brush b) {
  auto work = by_value(std::move(b));
  auto h = work.handle();
  std::thread t([h] { h.resume(); });
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'by_value' holds, cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: create the 'brush'}}
  t.join();
}
task number_of(int n) {
  co_await std::suspend_always{};
  (void)n;
}
void parameter_ok() {
  auto work = number_of(1);
  std::thread t([work = std::move(work)]() mutable { work.resume(); });
  t.join();
}
void stays_here_ok(brush b) {
  task work = by_value(std::move(b));
  work.resume();
}
eager consumed_ok(brush b) { // moved on before the coroutine is suspended
  keep(std::move(b));
  co_await std::suspend_always{};
}
void consumed_elsewhere_ok(brush b) {
  std::thread t(run_eager, consumed_ok(std::move(b)));
  t.join();
}

// --- Locals ----------------------------------------------------------------------------------
eager local() {
  brush b(1); // expected-note {{'b' is made here}}
  co_await std::suspend_always{}; // expected-note {{the coroutine 'local' is suspended here while it is alive}}
  b.draw();
}
void local_bad() {
  std::thread t(run_eager, local());
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'local' holds across 'co_await', cannot be sent to another thread through 'std::thread': 'brush' is not Send [fearless-send]}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: end the scope of 'b' before the 'co_await', or move it out of the coroutine before}}
  t.join();
}
eager local_again() {
  brush b(1);
  co_await std::suspend_always{};
}
task yields(int n) {
  while (n--) {
    const brush &b = make_brush(); // expected-note {{'b' is made here}}
    co_yield n; // expected-note {{the coroutine 'yields' is suspended here while it is alive}}
  }
}
void resumed_before_bad() {
  auto values = yields(3);
  values.resume();
  std::thread t([values = std::move(values)]() mutable { values.resume(); });
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'yields' holds across 'co_yield', cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: end the scope of 'b' before the 'co_yield'}}
  t.join();
}
eager branches(bool c) {
  brush b(1); // expected-note {{'b' is made here}}
  if (c)
    keep(std::move(b));
  co_await std::suspend_always{}; // expected-note {{the coroutine 'branches' is suspended here}}
}
void moved_on_one_path_bad(bool c) {
  std::thread t(run_eager, branches(c));
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'branches' holds across 'co_await', cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: end the scope of 'b'}}
  t.join();
}
eager filled_again() {
  brush b(1); // expected-note {{'b' is made here}}
  keep(std::move(b));
  b = make_brush();
  co_await std::suspend_always{}; // expected-note {{the coroutine 'filled_again' is suspended here}}
}
void filled_again_bad() {
  std::thread t(run_eager, filled_again());
  // expected-error@-1 {{'b' of type 'brush', which the coroutine 'filled_again' holds across 'co_await', cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: end the scope of 'b'}}
  t.join();
}
auto lambda_bad() {
  auto start = [](int n) -> eager {
    brush b(n); // expected-note {{'b' is made here}}
    co_await std::suspend_always{}; // expected-note {{the lambda coroutine is suspended here while it is alive}}
    b.draw();
  };
  std::thread t(run_eager, start(1));
  // expected-error@-1 {{'b' of type 'brush', which the lambda coroutine holds across 'co_await', cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: end the scope of 'b'}}
  t.join();
}

eager scope_ends() {
  {
    brush b(1);
    b.draw();
  }
  co_await std::suspend_always{};
}
eager moved() {
  brush b(1);
  keep(std::move(b));
  if (b.ready())
    co_return;
  co_await std::suspend_always{};
}
eager emptied() {
  brush b(1);
  b.reset();
  co_await std::suspend_always{};
}
eager unlocked(std::mutex &m) {
  std::unique_lock lock(m);
  lock.unlock();
  co_await std::suspend_always{};
}
eager deferred(std::mutex &m) {
  std::unique_lock lock(m, std::defer_lock); // fearless-guard looks after guards
  co_await std::suspend_always{};
  lock.lock();
}
eager other_branch(bool c) {
  if (c) {
    brush b(1);
    b.draw();
  } else {
    co_await std::suspend_always{};
  }
}
eager after_it() {
  co_await std::suspend_always{};
  brush b(1); // made by the thread that goes on
  co_await std::suspend_always{};
}
eager returns(bool c) {
  if (c) {
    brush b(1);
    co_return;
  }
  co_await std::suspend_always{};
}
eager never_suspends() {
  brush b(1);
  co_await std::suspend_never{};
  b.draw();
}
task lazy() { // its locals are made by the thread that resumes it
  brush b(1);
  co_await std::suspend_always{};
}
void alive_ok(std::mutex &m, bool c) {
  std::thread a(run_eager, scope_ends());
  std::thread b(run_eager, moved());
  std::thread d(run_eager, emptied());
  std::thread e(run_eager, unlocked(m));
  std::thread f(run_eager, other_branch(c));
  std::thread g(run_eager, after_it());
  std::thread h(run_eager, returns(c));
  std::thread i(run_eager, never_suspends());
  std::thread j(run, lazy());
  std::thread k(run_eager, deferred(m));
  for (std::thread *t : {&a, &b, &d, &e, &f, &g, &h, &i, &j, &k})
    t->join();
}

void ended_before_ok() {
  auto work = local_again();
  work.resume(); // what was alive has ended with it
  std::thread t(run_eager, std::move(work));
  t.join();
}

// --- Temporaries -----------------------------------------------------------------------------
eager temporary() {
  use(make_brush(), co_await number{});
  // expected-note@-1 {{the temporary 'make_brush()' is made here}}
  // expected-note@-2 {{the coroutine 'temporary' is suspended here while it is alive}}
}
void temporary_bad() {
  std::thread t(run_eager, temporary());
  // expected-error@-1 {{the temporary 'make_brush()' of type 'brush', which the coroutine 'temporary' holds across 'co_await', cannot be sent}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: make it in a statement of its own, whose scope ends before the 'co_await'}}
  t.join();
}
eager temporary_of_its_own() {
  const int n = use(make_brush(), 1);
  use(make_brush(), n);
  co_await std::suspend_always{};
}
void temporary_ok() {
  std::thread t(run_eager, temporary_of_its_own());
  t.join();
}

// --- Captures and this -------------------------------------------------------------------------
thread_local int mine; // expected-note {{each thread has its own; this one ends with its thread}}
task counts(int &n) { // expected-note {{'mine' is given by reference here, and the coroutine keeps the reference}}
  ++n;
  co_return;
}
void thread_local_bad() {
  std::thread t(run, counts(mine));
  // expected-error@-1 {{'mine' of type 'int', to which the coroutine 'counts' refers, is thread_local and cannot be given to another thread through 'std::thread' [fearless-send]}}
  // expected-note@-2 {{'std::thread' runs its callable}}
  // expected-note@-3 {{help: copy the value before the call and give the thread the copy}}
  t.join();
}
void marked(FEARLESS_SPAWNS task);
// expected-note@-1 1+ {{'marked' runs its callable on another thread}}
struct counter {
  int n = 0;
  task count() { // a frame refers to its object
    ++n;
    co_return;
  }
  void start_bad() {
    marked(count());
    // expected-error@-1 {{'this' of type 'counter *', which the coroutine 'count' holds, cannot be shared with another thread through 'marked'}}
    // expected-note@* 0+ {{}}
  }
};
