// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Task types as people write them, and awaiters.

#pragma once

#include <fearless/annotations.h>

#include <coroutine>
#include <exception>
#include <thread>
#include <utility>

/// Starts when it is resumed.
class task {
public:
  struct promise_type {
    task get_return_object() {
      return task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  task(task &&other) noexcept : frame(std::exchange(other.frame, nullptr)) {}
  task &operator=(task &&other) noexcept {
    std::swap(frame, other.frame);
    return *this;
  }
  ~task() {
    if (frame)
      frame.destroy();
  }
  void resume() { frame.resume(); }
  bool done() const { return frame.done(); }
  std::coroutine_handle<promise_type> handle() { return frame; }

  struct awaiter {
    std::coroutine_handle<promise_type> frame;
    bool await_ready() { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) { return frame; }
    void await_resume() {}
  };
  awaiter operator co_await() { return {frame}; }

private:
  explicit task(std::coroutine_handle<promise_type> frame) : frame(frame) {}
  std::coroutine_handle<promise_type> frame;
};

/// Runs in the call until it is suspended for the first time.
class eager {
public:
  struct promise_type {
    eager get_return_object() {
      return eager(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  eager(eager &&other) noexcept : frame(std::exchange(other.frame, nullptr)) {}
  ~eager() {
    if (frame)
      frame.destroy();
  }
  void resume() { frame.resume(); }

private:
  explicit eager(std::coroutine_handle<promise_type> frame) : frame(frame) {}
  std::coroutine_handle<promise_type> frame;
};

/// Runs by itself, and ends by itself.
struct detached {
  struct promise_type {
    detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Goes on in a thread of its own.
struct on_new_thread {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
  }
  void await_resume() {}
};
