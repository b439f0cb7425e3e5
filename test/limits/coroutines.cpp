// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What default mode does not see of coroutines: see docs/limitations.md. A
// finding here is news, and good news.
// expected-no-diagnostics

#include <fearless/annotations.h>

#include <coroutine>
#include <string>
#include <thread>
#include <utility>
#include <vector>

class task {
public:
  struct promise_type {
    task get_return_object() {
      return task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  task(task &&other) noexcept : frame(std::exchange(other.frame, nullptr)) {}
  ~task() {
    if (frame)
      frame.destroy();
  }
  void resume() { frame.resume(); }

private:
  explicit task(std::coroutine_handle<promise_type> frame) : frame(frame) {}
  std::coroutine_handle<promise_type> frame;
};

struct FEARLESS_NOT_SEND("it belongs to its window") brush {
  ~brush() {}
  void draw() {}
};
task paints() {
  brush b;
  co_await std::suspend_always{};
  b.draw();
}

// A task that comes as a parameter.
void runs(task work) {
  std::thread t([work = std::move(work)]() mutable { work.resume(); });
  t.join();
}
// truth: none, what belongs to one thread is no matter of memory
void FN_task_as_a_parameter_bad() { runs(paints()); }

// A task that is captured by reference.
// truth: none, what belongs to one thread is no matter of memory
void FN_task_by_reference_bad() {
  task work = paints();
  std::thread t([&work] { work.resume(); });
  t.join();
}

// A task in a container of the user's own.
struct task_list {
  std::vector<task> all;
  void add(task t) { all.push_back(std::move(t)); }
};
task prints(const std::string &text) {
  co_await std::suspend_always{};
  (void)text.size();
}
void FN_kept_by_a_function_bad() {
  task_list tasks;
  tasks.add(prints(std::string("a text that is too long for the small buffer")));
  tasks.all[0].resume();
}

// Two threads in one frame's variable.
task counts(int &n) {
  co_await std::suspend_always{};
  ++n;
}
void FN_race_with_a_frame_bad() {
  int n = 0;
  task work = counts(n);
  std::thread t([work = std::move(work)]() mutable { work.resume(); });
  ++n;
  t.join();
}
