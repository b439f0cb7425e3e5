// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks of cppcoro, folly, Asio and the standard library.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -mode=strict -verify=expected,strict -checks=fearless-send,fearless-sync -- -std=c++20

#include "Inputs/libraries.h"

#include <fearless/annotations.h>

#include <string>
#include <thread>
#include <utility>

// expected-note@* 0+ {{}}

struct FEARLESS_NOT_SEND("it belongs to its window") brush {
  explicit brush(int);
  brush(brush &&) noexcept;
  ~brush();
  void draw();
};

// --- cppcoro -------------------------------------------------------------------------------
cppcoro::task<> schedules_bad(cppcoro::static_thread_pool &pool) {
  brush b(1);
  co_await pool.schedule(); // expected-error {{'b' of type 'brush', which the coroutine 'schedules_bad' holds across this 'co_await', cannot be sent to another thread through 'cppcoro::static_thread_pool::schedule_operation::await_suspend': 'brush' is not Send}}
  b.draw();
}
cppcoro::task<> paints(brush b) {
  b.draw();
  co_return;
}
void schedule_on_bad(cppcoro::static_thread_pool &pool) {
  cppcoro::sync_wait(cppcoro::schedule_on(pool, paints(brush(1)))); // expected-error {{'b' of type 'brush', which the coroutine 'paints' holds, cannot be sent to another thread through 'cppcoro::schedule_on'}}
}
cppcoro::task<> counts(int n) {
  while (n--)
    co_await cppcoro::task<>(counts(n));
}
void schedule_on_ok(cppcoro::static_thread_pool &pool) {
  cppcoro::sync_wait(cppcoro::schedule_on(pool, counts(1)));
}
cppcoro::task<> not_seen();
void not_seen_bad(cppcoro::static_thread_pool &pool) {
  cppcoro::sync_wait(cppcoro::schedule_on(pool, not_seen())); // strict-error {{the argument 'not_seen()' of type 'cppcoro::task<>' cannot be sent to another thread through 'cppcoro::schedule_on': 'cppcoro::task<>' is not known to be Send}}
}

// --- folly ---------------------------------------------------------------------------------
folly::coro::Task<> reads(std::string text, brush b) {
  b.draw();
  co_return;
}
void task_bad() {
  auto work = reads("text", brush(1));
  std::thread t([work = std::move(work)]() mutable { // expected-error {{'b' of type 'brush', which the coroutine 'reads' holds, cannot be sent to another thread through 'std::thread'}}
    folly::coro::blockingWait(std::move(work));
  });
  t.join();
}
folly::coro::Task<> prints(std::string text) { co_return; }
void task_ok() {
  auto work = prints("text");
  std::thread t([work = std::move(work)]() mutable {
    folly::coro::blockingWait(std::move(work));
  });
  t.join();
}

// --- Asio ----------------------------------------------------------------------------------
asio::awaitable<void> serve(brush b) {
  b.draw();
  co_return;
}
asio::awaitable<void> answer(std::string text) { co_return; }
void co_spawn_bad(asio::thread_pool &pool, brush b) {
  asio::co_spawn(pool, serve(std::move(b)), asio::detached); // expected-error {{'b' of type 'brush', which the coroutine 'serve' holds, cannot be sent to another thread through 'asio::co_spawn'}}
}
void co_spawn_lambda_bad(asio::thread_pool &pool, brush b) {
  asio::co_spawn(pool, [b = std::move(b)]() mutable -> asio::awaitable<void> { // expected-error {{'b' of type 'brush', captured by the lambda, cannot be sent to another thread through 'asio::co_spawn'}}
    b.draw();
    co_return;
  }, asio::detached);
}
void co_spawn_local_bad(asio::thread_pool &pool) {
  asio::co_spawn(pool, []() -> asio::awaitable<void> { // strict-error {{'b' of type 'brush', which the lambda coroutine holds across 'co_await', cannot be sent to another thread through 'asio::co_spawn'}}
    brush b(1);
    co_await std::suspend_always{};
  }, asio::detached);
}
void co_spawn_ok(asio::thread_pool &pool, asio::io_context &context, brush b) {
  asio::co_spawn(pool, answer("text"), asio::detached);
  // One thread runs it.
  asio::co_spawn(context, serve(std::move(b)), asio::detached);
}

// --- The standard library ----------------------------------------------------------------------
std::generator<int> numbers(brush b) {
  b.draw();
  co_yield 1;
}
void generator_bad() {
  std::thread t([all = numbers(brush(1))]() mutable { // expected-error {{'b' of type 'brush', which the coroutine 'numbers' holds, cannot be sent to another thread through 'std::thread'}}
    for (int n : all)
      (void)n;
  });
  t.join();
}
std::generator<int> upto(int n) {
  for (int i = 0; i != n; ++i)
    co_yield i;
}
void generator_ok() {
  std::thread t([all = upto(3)]() mutable {
    for (int n : all)
      (void)n;
  });
  t.join();
}
