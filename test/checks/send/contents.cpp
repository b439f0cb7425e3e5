// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a type hides is seen where it was put in: wrappers made on the spot, in
// local variables that nothing else is stored in, and the arguments of std::bind.
//
// RUN: %fearless_check %s -checks=fearless-send,fearless-sync -- -std=c++20

#include <fearless/annotations.h>

#include <functional>
#include <future>
#include <mutex>
#include <thread>

// expected-note@* 0+{{}}

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
  void draw(int);
};
void draw(handle, int);
void add(int &, int);
void submit(FEARLESS_SPAWNS std::function<void()> task);
void submit_task(FEARLESS_SPAWNS std::packaged_task<void()> task);
void later(FEARLESS_SPAWNS std::function<void()> task = {});

// --- On the spot -----------------------------------------------------------------------------
void on_the_spot(handle h, int &shared) {
  submit([h] { (void)h; }); // expected-error {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'submit': 'handle' is not Send}}
  submit(std::function<void()>([h] { (void)h; })); // expected-error {{'h' of type 'handle'}}
  submit({[h] { (void)h; }}); // expected-error {{'h' of type 'handle'}}
  submit([&shared] { ++shared; }); // expected-error {{'shared' of type 'int', captured by reference, cannot be shared}}
  submit_task(std::packaged_task<void()>([h] { (void)h; })); // expected-error {{'h' of type 'handle'}}
  submit([n = 1] { (void)n; });
  submit(std::function<void()>());
  submit({});
  submit(nullptr);
  later();
}

// --- In a local variable -----------------------------------------------------------------------
void in_a_variable_bad(handle h) {
  std::function<void()> task = [h] { (void)h; };
  submit(task);            // expected-error {{'h' of type 'handle', captured by the lambda,}}
  submit(std::move(task)); // expected-error {{'h' of type 'handle', captured by the lambda,}}
  std::packaged_task<void()> work([h] { (void)h; });
  auto done = work.get_future();
  std::thread t(std::move(work)); // expected-error {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'std::thread'}}
  t.join();
}
void in_a_variable_ok(int n) {
  std::function<void()> task = [n] { (void)n; };
  submit(task);
  task();
  submit(std::move(task));
  const auto copy = std::function<void()>([n] { (void)n; });
  submit([copy] { copy(); });
  submit([inner = std::function<void()>([n] { (void)n; })] { inner(); });
  std::packaged_task<void()> work([n] { (void)n; });
  auto done = work.get_future();
  submit_task(std::move(work));
}
void replace(std::function<void()> &);
void in_a_variable_unknown(int n, std::function<void()> given) {
  std::function<void()> assigned = [n] { (void)n; };
  assigned = given;
  submit(assigned); // expected-error {{'std::function<void ()>' is not known to be Send}}
  std::function<void()> passed = [n] { (void)n; };
  replace(passed);
  submit(passed); // expected-error {{'std::function<void ()>' is not known to be Send}}
  std::function<void()> captured = [n] { (void)n; };
  auto changes = [&captured, given] { captured = given; };
  changes();
  submit(captured); // expected-error {{'std::function<void ()>' is not known to be Send}}
  std::function<void()> addressed = [n] { (void)n; };
  auto *address = &addressed;
  *address = given;
  submit(addressed); // expected-error {{'std::function<void ()>' is not known to be Send}}
  submit(given);     // expected-error {{'std::function<void ()>' is not known to be Send}}
}
std::function<void()> global = [] {};
void in_a_global() {
  submit(global); // expected-error {{'std::function<void ()>' is not known to be Send}}
}

// --- std::bind ---------------------------------------------------------------------------------
void bound_bad(handle h, int &shared) {
  std::thread a(std::bind(draw, h, 1)); // expected-error {{the argument 'h' of type 'handle' cannot be sent to another thread through 'std::thread': 'handle' is not Send}}
  a.join();
  std::thread b(std::bind_front(&handle::draw, h), 1); // expected-error {{the argument 'h' of type 'handle'}}
  b.join();
  submit(std::bind(add, std::ref(shared), 1)); // expected-error {{'shared'}}
  submit(std::bind(std::bind(draw, h, std::placeholders::_1), 1)); // expected-error {{the argument 'h' of type 'handle'}}
  auto held = std::bind(draw, h, 1);
  submit(held); // expected-error {{'handle' is not Send}}
}
void bound_ok(int n) {
  submit(std::bind(add, n, 1));
  std::thread t(std::bind([](int, int) {}, std::placeholders::_1, n), 2);
  t.join();
}
