// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// std::thread, std::jthread and std::async hand over a callable and arguments, in
// every form that the standard library accepts. A value that says it is not Send
// is an error in default mode too.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20

// expected-note@* 0+{{}}

#include "shapes.h"

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
  void draw(int);
  void operator()() const;
};
void draw(const handle &, int);
void work(const std::string &, int);
std::mutex m;

// --- std::thread ---------------------------------------------------------------------
void threads(handle h) {
  std::thread captured([h] { (void)h.id; }); // expected-error {{not Send}}
  captured.join();
  std::thread argument(draw, h, 1); // expected-error {{not Send}}
  argument.join();
  std::thread functor(h); // expected-error {{not Send}}
  functor.join();
  std::thread object(&handle::draw, h, 1); // expected-error {{not Send}}
  object.join();
  std::thread bound(std::bind(draw, h, 1)); // expected-error {{not Send}}
  bound.join();
  std::thread braces{[h] { (void)h.id; }}; // expected-error {{not Send}}
  braces.join();
  auto *on_heap = new std::thread(draw, h, 1); // expected-error {{not Send}}
  on_heap->join();
  delete on_heap;
}

void guard_into_thread() {
  std::unique_lock<std::mutex> lock(m);
  std::thread t([l = std::move(lock)]() mutable { l.unlock(); }); // expected-error {{not Send}}
  t.join();
}

void fine(std::string text) {
  std::thread a(work, text, 1);
  std::thread b([text = std::move(text)] { work(text, 2); });
  std::thread c(std::move(a));
  std::thread none;
  none = std::move(b);
  c.join();
  none.join();
}

// --- std::jthread --------------------------------------------------------------------
#ifdef __cpp_lib_jthread
void jthreads(handle h) {
  std::jthread a([h](std::stop_token) { (void)h.id; }); // expected-error {{not Send}}
  std::jthread b(draw, h, 1); // expected-error {{not Send}}
  std::jthread c([](std::stop_token, int) {}, 1);
}
#endif

// --- std::async, with and without a policy ---------------------------------------------
void tasks(handle h) {
  auto a = std::async([h] { return h.id; }); // expected-error {{not Send}}
  auto b = std::async(std::launch::async, [h] { return h.id; }); // expected-error {{not Send}}
  auto c = std::async(std::launch::async | std::launch::deferred, draw, h, 1); // expected-error {{not Send}}
  auto d = std::async(std::launch::async, work, "text", 1);
}

// A result comes back to the thread of the future.
void results() {
  auto a = std::async(std::launch::async, [] { return handle{1}; }); // expected-error {{not Send}}
  auto b = std::async(std::launch::async, [] { return std::string("x"); });
}
