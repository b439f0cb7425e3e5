// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The declarations that matter of cppcoro, folly and Asio: task types, and what
// runs their coroutines elsewhere.

#pragma once

#include <coroutine>
#if __has_include(<generator>)
#include <generator>
#endif

#ifndef __cpp_lib_generator
// A library that has none yet.
namespace std {
template <class T> class generator {
public:
  struct promise_type {
    generator get_return_object();
    suspend_always initial_suspend() noexcept { return {}; }
    suspend_always final_suspend() noexcept { return {}; }
    suspend_always yield_value(T) noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  generator(generator &&) noexcept;
  ~generator();
  T *begin();
  T *end();

private:
  coroutine_handle<promise_type> coroutine;
};
} // namespace std
#endif

namespace cppcoro {
template <class T = void> class task {
public:
  struct promise_type {
    task get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  task(task &&) noexcept;
  ~task();
  struct awaiter {
    bool await_ready() noexcept;
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept;
    void await_resume();
  };
  awaiter operator co_await() const && noexcept;

private:
  std::coroutine_handle<promise_type> coroutine;
};
class static_thread_pool {
public:
  static_thread_pool();
  ~static_thread_pool();
  struct schedule_operation {
    static_thread_pool *pool;
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) noexcept;
    void await_resume() noexcept {}
  };
  schedule_operation schedule() noexcept;
};
template <class Scheduler, class Awaitable>
Awaitable schedule_on(Scheduler &scheduler, Awaitable awaitable) {
  return static_cast<Awaitable &&>(awaitable);
}
template <class Awaitable> void sync_wait(Awaitable &&awaitable) {}
} // namespace cppcoro

namespace folly::coro {
template <class T = void> class Task {
public:
  struct promise_type {
    Task get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  Task(Task &&) noexcept;
  ~Task();

private:
  std::coroutine_handle<promise_type> coro_;
};
template <class Awaitable> void blockingWait(Awaitable &&awaitable) {}
} // namespace folly::coro

namespace asio {
class io_context {
public:
  io_context();
  ~io_context();
};
class thread_pool {
public:
  explicit thread_pool(unsigned n);
  ~thread_pool();
  void join();
};
template <class T> class awaitable {
public:
  struct promise_type {
    awaitable get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  awaitable(awaitable &&) noexcept;
  ~awaitable();

private:
  void *frame_;
};
struct detached_t {};
inline constexpr detached_t detached;
template <class Context, class T, class Token>
void co_spawn(Context &context, awaitable<T> a, Token token) {}
template <class Context, class F, class Token>
void co_spawn(Context &context, F f, Token token) {}
} // namespace asio
