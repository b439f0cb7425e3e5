// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When a thread has ended: joins on all paths and on some, in loops, in helpers
// and destructors, early returns, exceptions, conditions.
// RUN: %fearless_check %s

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

static void use(int) {}
static bool coin() { return true; }
static void may_throw() {
  if (!coin())
    throw std::runtime_error("no");
}

// One of two.
void one_of_two_bad() {
  int x = 0, y = 0;
  std::thread a([&] { x = 1; });
  std::thread b([&] { y = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  a.join();
  use(y);
// expected-error@-1 {{'y' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  b.join();
}
void one_of_two_ok() {
  int x = 0, y = 0;
  std::thread a([&] { x = 1; });
  std::thread b([&] { y = 1; });
  a.join();
  use(x);
  b.join();
  use(y);
}
void one_after_the_other_ok() {
  int x = 0;
  std::thread a([&] { x = 1; });
  a.join();
  std::thread b([&] { x = 2; });
  b.join();
}

// On one path only.
void one_path_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  bool joined = false;
  if (!coin()) {
    t.join();
    joined = true;
  }
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  if (!joined)
    t.join();
}
void both_paths_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  if (coin())
    t.join();
  else
    t.join();
  x = 2;
}
void started_on_condition_ok() {
  int x = 0;
  const bool parallel = coin();
  std::thread t;
  if (parallel)
    t = std::thread([&] { x = 1; });
  if (parallel)
    t.join();
  x = 2;
}
void joinable_ok() {
  int x = 0;
  std::thread t;
  if (coin())
    t = std::thread([&] { x = 1; });
  if (t.joinable())
    t.join();
  x = 2;
}
void not_joinable_ok() {
  int x = 0;
  std::thread t;
  if (coin())
    t = std::thread([&] { x = 1; });
  if (!t.joinable())
    return;
  t.join();
  x = 2;
}
void started_on_condition_bad() {
  int x = 0;
  std::thread t;
  if (coin())
    t = std::thread([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  if (t.joinable())
    t.join();
}
void switch_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  switch (coin()) {
  case true:
    t.join();
    break;
  default:
    t.join();
  }
  x = 2;
}

// Early return.
void early_return_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  if (!coin()) {
    t.join();
    return;
  }
  t.join();
  x = 2;
}
void early_return_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  if (coin()) {
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
    return;
  }
  t.join();
}

// Loops.
void loop_joins_bad() {
  int x = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&x] { use(x); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 1;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  for (auto &t : ts)
    t.join();
}
void loop_joins_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&x] { use(x); });
  for (auto &t : ts)
    t.join();
  x = 1;
}
void index_loop_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&x] { use(x); });
  for (std::size_t i = 0; i < ts.size(); ++i)
    ts[i].join();
  x = 1;
}
void iterator_loop_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.push_back(std::thread([&x] { use(x); }));
  for (auto it = ts.begin(); it != ts.end(); ++it)
    it->join();
  x = 1;
}
void while_back_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&x] { use(x); });
  while (!ts.empty()) {
    ts.back().join();
    ts.pop_back();
  }
  x = 1;
}
void array_index_loop_ok() {
  int x = 0;
  std::thread ts[3];
  for (int i = 0; i < 3; ++i)
    ts[i] = std::thread([&x] { use(x); });
  for (int i = 0; i < 3; ++i)
    ts[i].join();
  x = 1;
}
void joinable_loop_ok() {
  int x = 0;
  std::vector<std::thread> ts(3);
  for (auto &t : ts)
    t = std::thread([&x] { use(x); });
  for (auto &t : ts)
    if (t.joinable())
      t.join();
  x = 1;
}
void each_round_ok() {
  int x = 0;
  for (int i = 0; i < 3; ++i) {
    std::thread t([&x] { ++x; });
    t.join();
  }
}
void each_round_bad() {
  int x = 0;
  for (int i = 0; i < 3; ++i) {
    std::thread t([&x] { ++x; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
}
void each_round_own_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([i]() mutable { ++i; });
  for (auto &t : ts)
    t.join();
}
void loop_variable_bad() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
// expected-error@-1 {{'i' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    ts.emplace_back([&i] { use(i); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-error@-3 {{'i' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-4 {{the thread uses it here}}
// expected-note@-5 {{'i' ends here, before the thread is joined}}
// expected-note@-6 {{help: join the thread before 'i' ends, or give it a copy, or share ownership}}
  for (auto &t : ts)
    t.join();
}

// Helpers.
static void join(std::thread &t) { t.join(); }
static void join_if(std::thread &t) {
  if (t.joinable())
    t.join();
}
static void join_pointer(std::thread *t) { t->join(); }
static void join_all(std::vector<std::thread> &ts) {
  for (auto &t : ts)
    t.join();
}
template <class C> static void join_each(C &c) {
  for (auto &t : c)
    t.join();
}
void helper_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  join(t);
  x = 2;
}
void helper_if_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  join_if(t);
  x = 2;
}
void helper_pointer_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  join_pointer(&t);
  x = 2;
}
void helper_all_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  ts.emplace_back([&] { x = 1; });
  join_all(ts);
  x = 2;
}
void helper_template_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  ts.emplace_back([&] { x = 1; });
  join_each(ts);
  x = 2;
}
void helper_lambda_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  auto finish = [&t] { t.join(); };
  finish();
  x = 2;
}
void helper_of_other_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  std::thread u([] {});
  join(u);
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  join(t);
}

// Destructors that join.
struct joiner {
  std::thread &t;
  explicit joiner(std::thread &t) : t(t) {}
  ~joiner() {
    if (t.joinable())
      t.join();
  }
};
class scoped_thread {
  std::thread t;

public:
  explicit scoped_thread(std::thread t) : t(std::move(t)) {}
  ~scoped_thread() { t.join(); }
};
class group {
  std::vector<std::thread> ts;

public:
  template <class F> void run(F f) { ts.emplace_back(f); }
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{one thread starts here}}
// expected-note@-3 {{the other starts here; neither is joined before both run}}
  void wait() {
    for (auto &t : ts)
      t.join();
    ts.clear();
  }
  ~group() { wait(); }
};
void joiner_ok() {
  int x = 0;
  {
    std::thread t([&] { x = 1; });
    joiner j(t);
  }
  x = 2;
}
void joiner_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  joiner j(t);
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
void scoped_thread_ok() {
  int x = 0;
  {
    scoped_thread s(std::thread([&] { x = 1; }));
  }
  x = 2;
}
void scoped_thread_bad() {
  int x = 0;
  scoped_thread s(std::thread([&] { x = 1; }));
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
void group_ok() {
  int x = 0, y = 0;
  group g;
  g.run([&] { x = 1; });
  g.run([&] { y = 1; });
  g.wait();
  use(x + y);
}
void group_bad() {
  int x = 0;
  group g;
  g.run([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g.wait();
}
void group_same_bad() {
  int x = 0;
  group g;
  g.run([&] { x = 1; });
// expected-error@-1 {{'x' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g.run([&] { x = 2; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
  g.wait();
}

// Exceptions.
void catch_ok() {
  int x = 0;
  try {
    std::jthread t([&] { x = 1; });
    may_throw();
  } catch (const std::exception &) {
    x = 2; // the thread was joined on the way
  }
  x = 3;
}
void catch_joins_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  try {
    may_throw();
  } catch (...) {
    t.join();
    throw;
  }
  t.join();
  x = 2;
}
void try_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  try {
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    may_throw();
  } catch (...) {
  }
  t.join();
}
void handler_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  try {
    if (coin())
      throw 1;
  } catch (int) {
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void handler_of_call_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  try {
    throw std::runtime_error("always");
  } catch (const std::exception &) {
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}

// Waiting for a time is no join.
void sleep_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void wait_for_bad() {
  int x = 0;
  auto f = std::async(std::launch::async, [&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  f.wait_for(std::chrono::milliseconds(1));
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::async' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.get();
}
void wait_for_ready_ok() {
  int x = 0;
  auto f = std::async(std::launch::async, [&] { x = 1; });
  if (f.wait_for(std::chrono::seconds(5)) == std::future_status::ready)
    x = 2;
}

// Threads of threads.
void inner_thread_ok() {
  int x = 0;
  std::thread outer([&] {
    std::thread inner([&] { x = 1; });
    inner.join();
    x = 2;
  });
  outer.join();
  x = 3;
}
void inner_thread_bad() {
  int x = 0;
  std::thread outer([&] {
    std::thread inner([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    inner.join();
  });
  outer.join();
}
void inner_and_parent_bad() {
  int x = 0;
  std::thread outer([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::thread inner([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
    inner.join();
  });
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  outer.join();
}
