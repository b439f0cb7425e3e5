// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What algorithms call for each element: lambdas, functions, function objects
// and members, which may join threads or touch shared data.
// RUN: %fearless_check %s

#include <algorithm>
#include <functional>
#include <iterator>
#include <thread>
#include <vector>

static void use(int) {}

void join_by_member_ok() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { ++n; });
  std::for_each(threads.begin(), threads.end(),
                std::mem_fn(&std::thread::join));
  use(n);
}
static void join_it(std::thread &t) { t.join(); }
void join_by_function_ok() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { ++n; });
  std::for_each(threads.begin(), threads.end(), join_it);
  use(n);
}
struct joiner {
  void operator()(std::thread &t) const { t.join(); }
};
void join_by_object_ok() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { ++n; });
  std::for_each(std::begin(threads), std::end(threads), joiner());
  use(n);
}
void join_by_generic_lambda_ok() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { ++n; });
  std::for_each(threads.begin(), threads.end(), [](auto &&t) { t.join(); });
  use(n);
}
static void let_go(std::thread &t) { t.detach(); }
void detach_by_function_bad() {
  static int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([] { ++n; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  std::for_each(threads.begin(), threads.end(), let_go);
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
void join_some_bad() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { ++n; });
// expected-error@-1 {{'n' is written by the thread started by 'std::thread' and read by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread other([&n] { use(n); });
// expected-note@-1 {{it is read here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
// expected-note@-3 {{the thread reads it here}}
// expected-note@-4 {{the thread starts here and is not joined before the access}}
  std::for_each(threads.begin(), threads.end(),
                std::mem_fn(&std::thread::join));
  n = 1;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  other.join();
}

static int total = 0;
static void add(int n) { total += n; }
// expected-note@-1 {{the thread writes it here}}
void function_bad() {
  std::vector<int> numbers{1, 2};
  std::thread t([&numbers] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::for_each(numbers.begin(), numbers.end(), add);
// expected-note@-1 {{reached through this call}}
  });
  use(total);
// expected-error@-1 {{'total' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void function_ok() {
  std::vector<int> numbers{1, 2};
  std::thread t([&numbers] {
    std::for_each(numbers.begin(), numbers.end(), add);
  });
  t.join();
  use(total);
}

struct task {
  int runs = 0;
  void run() { ++runs; }
// expected-note@-1 2 {{the thread writes it here}}
};
void member_bad() {
  std::vector<task> tasks(2);
  std::thread t([&tasks] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::for_each(tasks.begin(), tasks.end(), std::mem_fn(&task::run));
// expected-note@-1 {{reached through this call}}
  });
  use(tasks[0].runs);
// expected-error@-1 {{'tasks[...].runs' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void adapted_start_bad() {
  task one;
  std::thread t(std::mem_fn(&task::run), &one);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  use(one.runs);
// expected-error@-1 {{'one.runs' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void adapted_start_ok() {
  task one;
  std::thread t(std::mem_fn(&task::run), &one);
  t.join();
  use(one.runs);
}
