// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-send in default mode: explicit denials at stock boundaries, proof at
// marked ones.

#include <fearless/annotations.h>

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

struct FEARLESS_NOT_SEND("it belongs to the thread that opened it") Window {
// expected-note@-1 17 {{'Window' is marked FEARLESS_NOT_SEND: it belongs to the thread that opened it}}
  int handle = 0;
};
struct Panel {
  Window window;
// expected-note@-1 {{because field 'Panel::window' has type 'Window'}}
};
struct Form : Panel {};
// expected-note@-1 {{because 'Panel' is a base class of 'Form'}}
template <class T> struct Box {
  T content;
// expected-note@-1 {{because field 'Box::content' has type 'Window'}}
};

void draw(Window);
void look(const Window *);

void guard_capture_bad(std::mutex &m) {
  std::unique_lock<std::mutex> lock(m);
  std::thread t([lock = std::move(lock)] {});
// expected-error@-1 {{'lock' of type 'std::unique_lock<std::mutex>', captured by the lambda, cannot be sent to another thread through 'std::thread': 'std::unique_lock<std::mutex>' is not Send [fearless-send]}}
// expected-note@-2 {{'std::unique_lock<std::mutex>': unlocking must happen on the thread that locked it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: pass the mutex or the data, and lock on the other thread}}
  t.join();
}

void guard_argument_bad(std::mutex &m) {
  std::unique_lock<std::mutex> lock(m);
  std::thread t([](std::unique_lock<std::mutex>) {}, std::move(lock));
// expected-error@-1 {{the argument 'lock' of type 'std::unique_lock<std::mutex>' cannot be sent to another thread through 'std::thread': 'std::unique_lock<std::mutex>' is not Send [fearless-send]}}
// expected-note@-2 {{'std::unique_lock<std::mutex>': unlocking must happen on the thread that locked it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: pass the mutex or the data, and lock on the other thread}}
  t.join();
}

void marked_type_bad() {
  Window w;
  std::thread t([w] {});
// expected-error@-1 {{'w' of type 'Window', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  std::thread u(draw, w);
// expected-error@-1 {{the argument 'w' of type 'Window' cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  std::jthread v([w] {});
// expected-error@-1 {{'w' of type 'Window', captured by the lambda, cannot be sent to another thread through 'std::jthread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  t.join();
  u.join();
}

void through_fields_bad() {
  Form form;
  std::thread t([form] {});
// expected-error@-1 {{'form' of type 'Form', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  t.join();
}

void nested_bad() {
  std::vector<Box<Window>> windows;
  std::optional<Window> maybe;
  std::tuple<int, Window> pair;
  auto owned = std::make_unique<Window>();
  std::thread t([windows, maybe, pair, owned = std::move(owned)] {});
// expected-error@-1 {{'windows' of type 'std::vector<Box<Window>>', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::vector<Box<Window>>' is Send only if 'Box<Window>' is Send}}
// expected-note@-3 4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 4 {{help: create the 'Window' on the thread that uses it}}
// expected-error@-5 {{'maybe' of type 'std::optional<Window>', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-6 {{'std::optional<Window>' is Send only if 'Window' is Send}}
// expected-error@-7 {{'pair' of type 'std::tuple<int, Window>', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-8 {{'std::tuple<int, Window>' is Send only if 'Window' is Send}}
// expected-error@-9 {{'owned' of type 'std::unique_ptr<Window>', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-10 {{'std::unique_ptr<Window>' is Send only if 'Window' is Send}}
  t.join();
}

void in_a_container_bad() {
  Window w;
  std::vector<std::thread> threads;
  threads.emplace_back([w] {});
// expected-error@-1 {{'w' of type 'Window', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  threads.push_back(std::thread([w] {}));
// expected-error@-1 {{'w' of type 'Window', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  for (std::thread &t : threads)
    t.join();
}

void result_bad() {
  auto f = std::async(std::launch::async, [] { return Window(); });
// expected-error@-1 {{the result of type 'Window' cannot come back from the thread of 'std::async': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::async' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}
  f.get();
}

void exception_bad() {
  auto f = std::async(std::launch::async, [] {
// expected-note@-1 {{'std::async' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
    throw Window();
// expected-error@-1 {{the exception of type 'Window' that the callable throws cannot come back from the thread of 'std::async': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{help: create the 'Window' on the thread that uses it}}
  });
  f.get();
}

void promise_bad(std::promise<Window> &p) { p.set_value(Window()); }
// expected-error@-1 {{the argument 'Window()' of type 'Window' cannot be sent to another thread through 'std::promise::set_value': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::promise::set_value' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'Window' on the thread that uses it}}

thread_local int counter;
// expected-note@-1 {{each thread has its own; this one ends with its thread}}
void thread_local_bad() {
  std::thread t([p = &counter] { ++*p; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, is thread_local and cannot be given to another thread through 'std::thread' [fearless-send]}}
// expected-note@-2 {{each thread has its own; this one ends with its thread}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: copy the value before the call and give the thread the copy}}
  std::thread u([](int &n) { ++n; }, std::ref(counter));
// expected-error@-1 {{'counter' of type 'int', passed by reference, is thread_local and cannot be given to another thread through 'std::thread' [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: copy the value before the call and give the thread the copy}}
  t.join();
  u.join();
}

template <class F> void submit(FEARLESS_SPAWNS F &&task) { task(); }
// expected-note@-1 {{'submit' runs its callable on another thread, which may outlive this call: everything it is given must be Send (its parameter is marked FEARLESS_SPAWNS)}}
template <class... Args> void call_later(FEARLESS_SPAWNS Args &&...args) {}
// expected-note@-1 {{'call_later' runs its callable on another thread, which may outlive this call: everything it is given must be Send (its parameter is marked FEARLESS_SPAWNS)}}
void give(FEARLESS_SENDING Window w);
// expected-note@-1 {{'give' gives the value to another thread: it must be Send (its parameter is marked FEARLESS_SENDING)}}

void marked_boundary_bad(std::function<void()> unknown) {
  submit(unknown);
// expected-error@-1 {{the function object 'unknown' of type 'std::function<void ()>' cannot be sent to another thread through 'submit': 'std::function<void ()>' is not known to be Send [fearless-send]}}
// expected-note@-2 {{'std::function<void ()>': it hides what it calls, which may refer to anything}}
// expected-note@-3 {{help: pass the lambda itself, so that its captures can be checked}}
  call_later(draw, Window());
// expected-error@-1 {{the argument 'Window()' of type 'Window' cannot be sent to another thread through 'call_later': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{help: create the 'Window' on the thread that uses it}}
  give(Window());
// expected-error@-1 {{the argument 'Window()' of type 'Window' cannot be sent to another thread through 'give': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{help: create the 'Window' on the thread that uses it}}
}

template <class F> void start(F &&task) { std::thread(std::forward<F>(task)).join(); }
// expected-error@-1 {{'w' of type 'Window', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{in the instantiation 'start<(lambda)>'}}
// expected-note@-4 {{help: create the 'Window' on the thread that uses it}}
void forwarded_bad() {
  Window w;
  start([w] {});
// expected-note@-1 {{'w' is captured here}}
}

// Inside, the parameter counts as checked at the call.
template <class F> void run(FEARLESS_SPAWNS F &&task) {
// expected-note@-1 {{'run' runs its callable on another thread, which may outlive this call: everything it is given must be Send (its parameter is marked FEARLESS_SPAWNS)}}
  std::thread t(std::forward<F>(task));
  t.join();
}
void checked_once_bad() {
  Window w;
  run([w] {});
// expected-error@-1 {{'w' of type 'Window', captured by the lambda, cannot be sent to another thread through 'run': 'Window' is not Send [fearless-send]}}
// expected-note@-2 {{help: create the 'Window' on the thread that uses it}}
}

void values_ok() {
  int n = 1;
  std::vector<int> v;
  auto p = std::make_unique<int>(2);
  std::thread t([n, v, p = std::move(p)] {});
  t.join();
  submit([n, v] {});
}

void unknown_stays_silent_ok(std::function<void()> task) {
  std::thread t(task);
  t.join();
}

void deferred_ok(std::mutex &m) {
  std::unique_lock<std::mutex> lock(m);
  auto f = std::async(std::launch::deferred, [lock = std::move(lock)] {});
  f.get();
}
