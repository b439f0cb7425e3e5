// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Callables behind std::function and pointers, which a function was given and
// runs: at once, on a thread, on several.
// RUN: %fearless_check %s

#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

static void use(int) {}

// On a thread that nobody waits for.
static void later(std::function<void()> f) {
  std::thread(std::move(f)).detach();
}
void detached_bad() {
  int n = 0;
  later([&n] { use(n); });
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}
void detached_ok() {
  int n = 0;
  later([n] { use(n); });
}
static void later_in_lambda(const std::function<void()> &f) {
  std::thread([f] { f(); }).detach();
}
void captured_bad() {
  int n = 0;
  later_in_lambda([&n] { use(n); });
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}
static void later_moved(std::function<void()> f) {
  std::thread([g = std::move(f)] { g(); }).detach();
}
void moved_bad() {
  int n = 0;
  later_moved([&n] { use(n); });
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}
static void passes_on(std::function<void()> f) { later(std::move(f)); }
void passed_on_bad() {
  int n = 0;
  passes_on([&n] { use(n); });
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}

// On a thread whose owner comes back.
static std::future<void> started(std::function<void()> f) {
  return std::async(std::launch::async, std::move(f));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
}
void future_bad() {
  int n = 0;
  std::future<void> done = started([&n] { ++n; });
// expected-note@-1 {{the thread writes it here}}
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::async' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  done.get();
}
void future_ok() {
  int n = 0;
  std::future<void> done = started([&n] { ++n; });
  done.get();
  use(n);
}

// On several threads at once.
static void on_two(const std::function<void(int)> &f) {
  std::thread a([&f] { f(0); });
  std::thread b([&f] { f(1); });
// expected-note@-1 {{the callable runs on several threads at once}}
  a.join();
  b.join();
}
void two_bad() {
  int sum = 0;
  on_two([&sum](int i) { sum += i; });
// expected-error@-1 {{'sum' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  use(sum);
}
void two_ok() {
  int parts[2] = {};
  on_two([&parts](int i) { parts[i] = i; });
  use(parts[0]);
}
void two_locked_ok() {
  int sum = 0;
  std::mutex m;
  on_two([&](int i) {
    std::lock_guard lock(m);
    sum += i;
  });
  use(sum);
}
static void on_many(int threads, std::function<void(int)> f) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(f, i);
// expected-note@-1 {{the callable runs on several threads at once}}
  for (std::thread &t : all)
    t.join();
}
void many_bad() {
  int sum = 0;
  on_many(4, [&sum](int i) { sum += i; });
// expected-error@-1 {{'sum' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  use(sum);
}
static std::mutex turn;
static void in_turn(const std::function<void()> &f) {
  auto locked = [&f] {
    std::lock_guard lock(turn);
    f();
  };
  std::thread a(locked), b(locked);
  a.join();
  b.join();
}
void in_turn_ok() {
  int n = 0;
  in_turn([&n] { ++n; });
  use(n);
}
static void one_after_the_other(const std::function<void()> &f) {
  std::thread a([&f] { f(); });
  a.join();
  f();
}
void one_after_the_other_ok() {
  int n = 0;
  one_after_the_other([&n] { ++n; });
  use(n);
}
static void beside(const std::function<void()> &f) {
  std::thread a([&f] { f(); });
// expected-note@-1 {{the callable runs on several threads at once}}
  f();
  a.join();
}
void beside_bad() {
  int n = 0;
  beside([&n] { ++n; });
// expected-error@-1 {{'n' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  use(n);
}

// Pointers to functions.
static int total = 0;
static void count() { ++total; }
// expected-error@-1 {{'total' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
static void two_by_pointer(void (*f)()) {
  std::thread a([f] { f(); });
  std::thread b([f] { f(); });
// expected-note@-1 {{the callable runs on several threads at once}}
  a.join();
  b.join();
}
void pointer_bad() { two_by_pointer(count); }

// In the function itself.
void local_bad() {
  int n = 0;
  std::function<void()> f = [&n] { ++n; };
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread t([&n] { ++n; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  f();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void local_ok() {
  int n = 0;
  std::function<void()> f = [&n] { ++n; };
  f();
  std::thread t([&n] { ++n; });
  t.join();
}
// What it holds when it is run is not known.
void reassigned_ok() {
  int n = 0;
  std::function<void()> f = [&n] { ++n; };
  f = [] {};
  std::thread t([&n] { ++n; });
  f();
  t.join();
}

// By an object that synchronises itself: what it does with what it is given.
class pool {
public:
  void submit(std::function<void()> f) {
    std::lock_guard lock(m_);
    threads_.emplace_back(std::move(f));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  }
  void wait() {
    std::lock_guard lock(m_);
    for (std::thread &t : threads_)
      t.join();
    threads_.clear();
  }

private:
  std::mutex m_;
  std::vector<std::thread> threads_;
};
void submitted_bad() {
  int n = 0;
  pool p;
  p.submit([&n] { ++n; });
// expected-note@-1 {{the thread writes it here}}
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  p.wait();
}
void submitted_ok() {
  int n = 0;
  pool p;
  p.submit([&n] { ++n; });
  p.wait();
  use(n);
}
struct launcher {
  void launch(std::function<void()> f) { std::thread(std::move(f)).detach(); }
};
void launched_bad() {
  int n = 0;
  launcher l;
  l.launch([&n] { use(n); });
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}
