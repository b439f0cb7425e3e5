// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forms in which a thread starts, and the forms in which its handle is kept:
// in a variable, a container, a member, moved, swapped, returned.
// RUN: %fearless_check %s

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <pthread.h>
#include <thread>
#include <utility>
#include <vector>

static void use(int) {}
static void set(int &r) { r = 1; }
// expected-note@-1 3 {{the thread writes it here}}
static void set_pointer(int *p) { *p = 1; }
// expected-note@-1 {{the thread writes it here}}

void braces_bad() {
  int x = 0;
  std::thread t{[&] { x = 1; }};
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void copy_init_bad() {
  int x = 0;
  auto t = std::thread([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void copy_init_ok() {
  int x = 0;
  auto t = std::thread([&] { x = 1; });
  t.join();
  x = 2;
}
void assigned_bad() {
  int x = 0;
  std::thread t;
  t = std::thread([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void assigned_ok() {
  int x = 0;
  std::thread t;
  t = std::thread([&] { x = 1; });
  t.join();
  x = 2;
}
void temporary_joined_ok() {
  int x = 0;
  std::thread([&] { x = 1; }).join();
  x = 2;
}
void function_and_ref_bad() {
  int x = 0;
  std::thread t(set, std::ref(x));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void function_and_pointer_bad() {
  int x = 0;
  std::thread t(set_pointer, &x);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void function_and_pointer_ok() {
  int x = 0;
  std::thread t(set_pointer, &x);
  t.join();
  x = 2;
}
void bind_bad() {
  int x = 0;
  std::thread t(std::bind(set, std::ref(x)));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void bind_copy_ok() {
  int x = 0;
  std::thread t(std::bind(set, x)); // the binder holds a copy
  x = 2;
  t.join();
}
void bind_variable_bad() {
  int x = 0;
  auto f = std::bind(set, std::ref(x));
  std::thread t(f);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Function objects.
struct adder {
  int &to;
  void operator()() const { ++to; }
// expected-note@-1 2 {{the thread writes it here}}
};
struct own {
  int n = 0;
  void operator()() { ++n; }
// expected-note@-1 {{the thread writes it here}}
};
struct const_pointer {
  int *to;
  void operator()() const { ++*to; }
// expected-note@-1 {{the thread writes it here}}
};
void functor_bad() {
  int x = 0;
  std::thread t(adder{x});
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void functor_named_bad() {
  int x = 0;
  adder a{x};
  std::thread t(a);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void functor_ok() {
  own o;
  std::thread t(o);
  o.n = 2;
  t.join();
}
void functor_pointer_bad() {
  int x = 0;
  std::thread t(const_pointer{&x});
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void functor_ref_bad() {
  own o;
  std::thread t(std::ref(o));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  o.n = 2;
// expected-error@-1 {{'o.n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// A generic lambda.
void generic_lambda_bad() {
  int x = 0;
  std::thread t([](auto r) { r.get() = 1; }, std::ref(x));
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// jthread.
void jthread_bad() {
  int x = 0;
  std::jthread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::jthread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
void jthread_scope_ok() {
  int x = 0;
  {
    std::jthread t([&] { x = 1; });
  }
  x = 2;
}
void jthread_token_bad() {
  int x = 0;
  std::jthread t([&x](std::stop_token stop) {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    do
      ++x;
// expected-note@-1 {{the thread writes it here}}
    while (!stop.stop_requested());
  });
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::jthread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
}
void jthread_token_ok() {
  int x = 0;
  {
    std::jthread t([&x](std::stop_token stop) {
      while (!stop.stop_requested())
        ++x;
    });
    t.request_stop();
  }
  use(x);
}
void jthread_argument_bad() {
  int x = 0;
  std::jthread t([](std::stop_token, int &r) { r = 1; }, std::ref(x));
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::jthread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}

// async.
void async_bad() {
  int x = 0;
  auto f = std::async(std::launch::async, [&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::async' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.get();
}
void async_ok() {
  int x = 0;
  auto f = std::async(std::launch::async, [&] { x = 1; });
  f.get();
  x = 2;
}
void async_default_bad() {
  int x = 0;
  auto f = std::async([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::async' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.wait();
}
void async_deferred_ok() {
  int x = 0;
  auto f = std::async(std::launch::deferred, [&] { x = 1; });
  x = 2;
  f.get();
}
void async_discarded_ok() {
  int x = 0;
  std::async(std::launch::async, [&] { x = 1; }); // the temporary waits
  x = 2;
}
void async_cast_ok() {
  int x = 0;
  (void)std::async(std::launch::async, [&] { x = 1; });
  x = 2;
}
void async_result_ok() {
  int x = 1;
  auto f = std::async(std::launch::async, [x] { return x * 2; });
  x = f.get();
}
void async_two_bad() {
  int x = 0;
  auto f = std::async(std::launch::async, [&] { x = 1; });
// expected-error@-1 {{'x' is written by the thread started by 'std::async' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  auto g = std::async(std::launch::async, [&] { x = 2; });
// expected-note@-1 {{it is written here by the thread started by 'std::async'}}
// expected-note@-2 {{one thread starts here}}
  f.get();
  g.get();
}
void async_scope_ok() {
  int x = 0;
  {
    auto f = std::async(std::launch::async, [&] { x = 1; });
  }
  x = 2;
}
void packaged_task_bad() {
  int x = 0;
  std::packaged_task<void()> task([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
  std::future<void> f = task.get_future();
  std::thread t(std::move(task));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  f.get();
}
void packaged_task_ok() {
  int x = 0;
  std::packaged_task<void()> task([&] { x = 1; });
  std::future<void> f = task.get_future();
  std::thread t(std::move(task));
  f.get();
  x = 2;
  t.join();
}

// POSIX.
static void *posix_body(void *p) {
  *static_cast<int *>(p) = 1;
// expected-note@-1 {{the thread writes it here}}
  return nullptr;
}
void pthread_bad() {
  int x = 0;
  pthread_t t;
  pthread_create(&t, nullptr, posix_body, &x);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'pthread_create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  pthread_join(t, nullptr);
}
void pthread_ok() {
  int x = 0;
  pthread_t t;
  pthread_create(&t, nullptr, posix_body, &x);
  pthread_join(t, nullptr);
  x = 2;
}

// Where the handle goes.
void moved_handle_bad() {
  int x = 0;
  std::thread t([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  std::thread u = std::move(t);
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  u.join();
}
void moved_handle_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  std::thread u = std::move(t);
  u.join();
  x = 2;
}
void moved_assigned_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  std::thread u;
  u = std::move(t);
  u.join();
  x = 2;
}
void swapped_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  std::thread u;
  u.swap(t);
  u.join();
  x = 2;
}
void std_swapped_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  std::thread u;
  std::swap(u, t);
  u.join();
  x = 2;
}
void array_of_threads_bad() {
  int x = 0;
  std::thread ts[2] = {std::thread([&] { x = 1; }), std::thread([&] { x = 2; })};
// expected-error@-1 {{'x' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-3 {{one thread starts here}}
// expected-note@-4 {{the other starts here; neither is joined before both run}}
// expected-note@-5 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  for (auto &t : ts)
    t.join();
}
void array_of_threads_ok() {
  int x = 0, y = 0;
  std::thread ts[2] = {std::thread([&] { x = 1; }), std::thread([&] { y = 2; })};
  for (auto &t : ts)
    t.join();
  use(x + y);
}
void std_array_of_threads_ok() {
  int x = 0;
  std::array<std::thread, 2> ts;
  ts[0] = std::thread([&] { x = 1; });
  ts[1] = std::thread([] {});
  for (std::thread &t : ts)
    t.join();
  x = 2;
}
void vector_push_bad() {
  int x = 0;
  std::vector<std::thread> ts;
  ts.push_back(std::thread([&] { x = 1; }));
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  ts[0].join();
}
void vector_push_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  ts.push_back(std::thread([&] { x = 1; }));
  ts[0].join();
  x = 2;
}
void vector_back_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  ts.emplace_back([&] { x = 1; });
  ts.back().join();
  x = 2;
}
void vector_moved_in_ok() {
  int x = 0;
  std::vector<std::thread> ts;
  std::thread t([&] { x = 1; });
  ts.push_back(std::move(t));
  for (auto &each : ts)
    each.join();
  x = 2;
}
void vector_cleared_jthreads_ok() {
  int x = 0;
  std::vector<std::jthread> ts;
  ts.emplace_back([&] { x = 1; });
  ts.clear(); // joins
  x = 2;
}
void vector_scope_jthreads_ok() {
  int x = 0;
  {
    std::vector<std::jthread> ts;
    ts.emplace_back([&] { x = 1; });
  }
  x = 2;
}
void list_of_threads_ok() {
  int x = 0;
  std::list<std::thread> ts;
  ts.emplace_back([&] { x = 1; });
  for (auto &t : ts)
    t.join();
  x = 2;
}
void map_of_threads_ok() {
  int x = 0;
  std::map<int, std::thread> ts;
  ts.emplace(1, [&] { x = 1; });
  for (auto &[key, t] : ts)
    t.join();
  x = 2;
}
void map_assigned_ok() {
  int x = 0;
  std::map<int, std::thread> ts;
  ts[1] = std::thread([&] { x = 1; });
  ts[1].join();
  x = 2;
}
void futures_ok() {
  int x = 0, y = 0;
  std::vector<std::future<void>> fs;
  fs.push_back(std::async(std::launch::async, [&] { x = 1; }));
  fs.push_back(std::async(std::launch::async, [&] { y = 1; }));
  for (auto &f : fs)
    f.get();
  use(x + y);
}
void unique_thread_bad() {
  int x = 0;
  auto t = std::make_unique<std::thread>([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t->join();
}
void unique_thread_ok() {
  int x = 0;
  auto t = std::make_unique<std::thread>([&] { x = 1; });
  t->join();
  x = 2;
}
void new_thread_ok() {
  int x = 0;
  std::thread *t = new std::thread([&] { x = 1; });
  t->join();
  x = 2;
  delete t;
}
void new_thread_bad() {
  int x = 0;
  std::thread *t = new std::thread([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t->join();
  delete t;
}
void optional_thread_ok() {
  int x = 0;
  std::optional<std::thread> t;
  t.emplace([&] { x = 1; });
  t->join();
  x = 2;
}
struct handle {
  std::thread t;
};
void in_struct_bad() {
  int x = 0;
  handle h{std::thread([&] { x = 1; })};
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  h.t.join();
}
void in_struct_ok() {
  int x = 0;
  handle h{std::thread([&] { x = 1; })};
  h.t.join();
  x = 2;
}
void pair_of_threads_ok() {
  int x = 0;
  std::pair<std::thread, std::thread> p(std::thread([&] { x = 1; }), std::thread([] {}));
  p.first.join();
  p.second.join();
  x = 2;
}
static std::thread make(int &r) {
  return std::thread([&r] { r = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
}
void returned_handle_bad() {
  int x = 0;
  std::thread t = make(x);
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void returned_handle_ok() {
  int x = 0;
  std::thread t = make(x);
  t.join();
  x = 2;
}
static std::future<void> make_future(int &r) {
  return std::async(std::launch::async, [&r] { r = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
}
void returned_future_bad() {
  int x = 0;
  auto f = make_future(x);
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::async' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.get();
}
void returned_future_ok() {
  int x = 0;
  make_future(x).get();
  x = 2;
}
static void take(std::thread t) { t.join(); }
void handed_over_ok() {
  int x = 0;
  std::thread t([&] { x = 1; });
  take(std::move(t));
  x = 2;
}
void started_for_call_ok() {
  int x = 0;
  take(std::thread([&] { x = 1; }));
  x = 2;
}
