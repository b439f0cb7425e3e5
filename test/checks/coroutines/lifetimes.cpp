// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A frame has its own copy of the parameters, and of nothing else: captures lie
// in the closure, references refer to what somebody else owns.
//
// RUN: %fearless_check %s -checks=fearless-borrow -- -std=c++20

#include "Inputs/tasks.h"

#include <string>
#include <string_view>
#include <vector>

void use(std::string_view);
void run(task);
void wait_for(task);
std::string name();

// --- The closure of a lambda coroutine ---------------------------------------------------------
task captures_returned_bad(int x) {
  return [x]() -> task {
  // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended, but they are part of its closure, which ends with this statement [fearless-borrow]}}
  // expected-note@-2 {{the task is returned, and goes on later}}
  // expected-note@-3 {{help: pass what the coroutine needs as parameters, which are copied into its frame}}
    co_await std::suspend_always{};
    (void)(x + 1); // expected-note {{the capture is used here}}
  }();
}
void captures_stored_bad(int x) {
  auto work = [&]() -> task {
  // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: pass what the coroutine needs}}
    ++x; // expected-note {{the capture is used here}}
    co_return;
  }();
  work.resume();
}
void captures_discarded_bad(std::string text) {
  [text]() -> detached {
  // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended}}
  // expected-note@-2 {{nobody waits for the coroutine}}
  // expected-note@-3 {{help: pass what the coroutine needs}}
    use(text);
    co_await on_new_thread{};
    use(text); // expected-note {{the capture is used here}}
  }();
}
struct owner {
  int n = 0;
  std::vector<task> tasks;
  void captured_this_bad() {
    tasks.push_back([this]() -> task {
    // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended}}
    // expected-note@-2 {{the task is stored, and goes on later}}
    // expected-note@-3 {{help: pass what the coroutine needs}}
      ++n; // expected-note {{the capture is used here}}
      co_return;
    }());
  }
};
void captures_to_a_thread_bad(int x) {
  std::thread t(run, [x]() -> task {
  // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended}}
  // expected-note@-2 {{the task is given to the thread of 'std::thread'}}
  // expected-note@-3 {{help: pass what the coroutine needs}}
    (void)(x + 1); // expected-note {{the capture is used here}}
    co_return;
  }());
  t.join();
}
task local_closure_bad(int x) {
  auto start = [x]() -> task {
    (void)(x + 1); // expected-note {{the capture is used here}}
    co_return;
  };
  return start();
  // expected-error@-1 {{the lambda coroutine uses its captures after it was suspended, but they are part of its closure, which ends when 'local_closure_bad' returns}}
  // expected-note@-2 {{the task is returned, and goes on later}}
  // expected-note@-3 {{help: pass what the coroutine needs}}
}

task captures_awaited_ok(int x) {
  co_await [x]() -> task {
    (void)(x + 1);
    co_return;
  }();
}
void captures_waited_for_ok(int x) {
  wait_for([x]() -> task {
    (void)(x + 1);
    co_return;
  }());
}
task captures_as_parameters_ok(int x) {
  return [](int x) -> task {
    co_await std::suspend_always{};
    (void)(x + 1);
  }(x);
}
void captures_before_ok(std::string text) {
  [text]() -> detached {
    std::string own = text;
    co_await on_new_thread{};
    use(own);
  }();
}
void captures_in_branches_ok(std::string text, bool c) {
  [text, c]() -> detached {
    if (c) {
      co_await on_new_thread{};
      co_return;
    }
    use(text);
  }();
}
void captures_in_cases_ok(int n) {
  [n]() -> detached {
    switch (n) {
    case 1:
      co_await on_new_thread{};
      break;
    default:
      (void)(n + 1);
    }
  }();
}
void named_closure_ok(int x) {
  auto start = [x]() -> task {
    (void)(x + 1);
    co_return;
  };
  task work = start();
  work.resume();
}

// --- Parameters -----------------------------------------------------------------------------
task by_reference(const std::string &s) { // expected-note 2 {{of 's', the frame of the coroutine keeps only the reference}}
  use(s); // expected-note 2 {{'s' is used here}}
  co_return;
}
task by_view(std::string_view s) { // expected-note {{of 's', the frame of the coroutine keeps only the reference}}
  co_await std::suspend_always{};
  use(s); // expected-note {{'s' is used here}}
}
task by_pointer(const char *s) { // expected-note {{of 's', the frame}}
  co_await std::suspend_always{};
  use(s); // expected-note {{'s' is used here}}
}
detached at_once(const std::string &s) { // expected-note {{of 's', the frame}}
  use(s);
  co_await on_new_thread{};
  use(s); // expected-note {{'s' is used here}}
}
void temporary_bad() {
  auto work = by_reference(name() + "!");
  // expected-error@-1 {{the coroutine 'by_reference' uses 's' after it was suspended, but it refers to a temporary, which ends with this statement [fearless-borrow]}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: take 's' by value, as an owner: the frame then has its own}}
  work.resume();
}
void view_of_temporary_bad() {
  task work = by_view(name());
  // expected-error@-1 {{the coroutine 'by_view' uses 's' after it was suspended, but it refers to a temporary}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: take 's' by value, as an owner}}
  work.resume();
}
void pointer_to_temporary_bad() {
  task work = by_pointer(name().c_str());
  // expected-error@-1 {{the coroutine 'by_pointer' uses 's' after it was suspended, but it refers to a temporary}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: take 's' by value, as an owner}}
  work.resume();
}
void discarded_bad() {
  at_once("text");
  // expected-error@-1 {{the coroutine 'at_once' uses 's' after it was suspended, but it refers to a temporary}}
  // expected-note@-2 {{nobody waits for the coroutine}}
  // expected-note@-3 {{help: take 's' by value, as an owner}}
}
task local_returned_bad() {
  std::string text = name();
  return by_reference(text);
  // expected-error@-1 {{the coroutine 'by_reference' uses 's' after it was suspended, but it refers to 'text', which ends when 'local_returned_bad' returns}}
  // expected-note@-2 {{the task is returned, and goes on later}}
  // expected-note@-3 {{help: take 's' by value, as an owner}}
}
struct worker {
  std::string text;
  task work() {
    co_await std::suspend_always{};
    use(text); // expected-note 2 {{'this' is used here}}
  }
};
void object_bad() {
  auto work = worker{name()}.work();
  // expected-error@-1 {{the coroutine 'work' uses 'this' after it was suspended, but 'this' is a temporary, which ends with this statement}}
  // expected-note@-2 {{the task is stored, and goes on later}}
  // expected-note@-3 {{help: keep the object alive until the coroutine has ended}}
  work.resume();
}
task object_returned_bad() {
  worker w{name()};
  return w.work();
  // expected-error@-1 {{the coroutine 'work' uses 'this' after it was suspended, but 'this' is 'w', which ends when 'object_returned_bad' returns}}
  // expected-note@-2 {{the task is returned, and goes on later}}
  // expected-note@-3 {{help: keep the object alive}}
}
eager stays(int &n) {
  co_await std::suspend_always{};
  ++n; // expected-note {{the thread uses it here}}
}
void detached_bad() {
  int n = 0;
  std::thread t([work = stays(n)]() mutable { work.resume(); });
  // expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it}}
  // expected-note@+3 {{'n' ends here, and nothing waits for the thread}}
  // expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
  t.detach();
}

task awaited_ok() {
  co_await by_reference(name());
  co_await by_view(name());
  co_await worker{name()}.work();
}
void waited_for_ok() { wait_for(by_reference(name())); }
void local_ok() {
  std::string text = name();
  auto work = by_reference(text);
  auto other = by_view(text);
  work.resume();
  worker w{text};
  auto third = w.work();
}
struct pool {
  task run(FEARLESS_SPAWNS task work);
};
task submitted_ok(pool &p) { co_await p.run(by_reference(name())); }
void joined_at_once_ok() { std::thread(run, by_reference(name())).join(); }
task passed_on_ok(const std::string &text) { return by_reference(text); }
task literal_ok() { return by_view("text"); }
task own_copy(std::string s) {
  co_await std::suspend_always{};
  use(s);
}
task by_value_ok() {
  std::string text = name();
  return own_copy(text);
}
detached before(const std::string &s) {
  std::string own = s;
  co_await on_new_thread{};
  use(own);
}
void used_before_ok() { before("text"); }
void joined_ok() {
  int n = 0;
  std::thread t([work = stays(n)]() mutable { work.resume(); });
  t.join();
}
