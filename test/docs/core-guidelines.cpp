// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rules of the C++ Core Guidelines on concurrency: see docs/core-guidelines.md.

#include <condition_variable>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// CP.20: a lock that is not released in the end is one that is taken twice.
std::mutex cp20_mutex;
int cp20_count = 0;
void cp20_bad() {
  cp20_mutex.lock();
// expected-note@-1 {{'cp20_mutex' is locked here}}
  ++cp20_count;
  cp20_mutex.lock();
// expected-error@-1 {{'cp20_mutex' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
}
void cp20_ok() {
  std::lock_guard<std::mutex> lock(cp20_mutex);
  ++cp20_count;
}

// CP.21
std::mutex cp21_one, cp21_two, cp21_three, cp21_four;
void cp21_first() {
  std::lock_guard<std::mutex> one(cp21_one);
// expected-note@-1 {{the other way round: 'cp21_one' is locked here}}
  std::lock_guard<std::mutex> two(cp21_two);
// expected-note@-1 {{then 'cp21_two' is locked here}}
}
void cp21_bad() {
  std::lock_guard<std::mutex> two(cp21_two);
// expected-note@-1 {{'cp21_two' is locked here}}
  std::lock_guard<std::mutex> one(cp21_one);
// expected-error@-1 {{'cp21_one' is locked while 'cp21_two' is held, and elsewhere the other way round: two threads can wait for each other [fearless-deadlock]}}
// expected-note@-2 {{help: lock them in one order everywhere, or all at once: std::scoped_lock lock(cp21_two, cp21_one);}}
}
void cp21_ok() { std::scoped_lock lock(cp21_three, cp21_four); }
void cp21_other_way_ok() { std::scoped_lock lock(cp21_four, cp21_three); }

// CP.22
class cp22 {
public:
  void call_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    callback();
// expected-error@-1 {{'mutex_' is locked while this thread holds it, and waits for itself [fearless-deadlock]}}
// expected-note@-2 {{help: release it before, or split off a part that requires the lock (FEARLESS_REQUIRES)}}
  }
  void call_ok() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
    }
    callback();
  }
  void callback() {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{it is locked again here}}
    ++calls_;
  }

private:
  std::mutex mutex_;
  int calls_ = 0;
};

// CP.23
void cp23_bad() {
  int local = 0;
  std::thread t([&local] { ++local; });
// expected-error@-1 {{'local' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'local' ends, or give it a copy, or share ownership}}
  t.detach();
}
// expected-note@-1 {{'local' ends here, and nothing waits for the thread}}
void cp23_ok() {
  int local = 0;
  std::jthread t([&local] { ++local; });
}

// CP.24
int cp24_global = 0;
void cp24_count() { ++cp24_global; }
// expected-note@-1 {{the thread writes it here}}
void cp24_start() { std::thread(cp24_count).detach(); }
// expected-note@-1 {{the thread starts here, and 'cp24_start' returns while it runs}}
int cp24_bad() { return cp24_global; }
// expected-error@-1 {{'cp24_global' is read here while the thread started by 'std::thread' may run and write it, and nothing orders them [fearless-global]}}
// expected-note@-2 {{help: guard both with one mutex, or make the variable atomic}}

// CP.31, CP.32
void cp31_bad(std::string text) {
  std::thread t([](const std::string &s) { (void)s.size(); }, std::cref(text));
// expected-error@-1 {{'text' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'text' ends, or give it a copy, or share ownership}}
  t.detach();
}
// expected-note@-1 {{'text' ends here, and nothing waits for the thread}}
void cp31_ok(std::string text) {
  std::thread t([](const std::string &s) { (void)s.size(); }, text);
  t.detach();
}
void cp32_bad() {
  auto value = std::make_unique<std::string>("a");
  std::thread t([&value] { (void)value->size(); });
// expected-error@-1 {{'value' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'value' ends, or give it a copy, or share ownership}}
  t.detach();
}
// expected-note@-1 {{'value' ends here, and nothing waits for the thread}}
void cp32_ok() {
  auto value = std::make_shared<const std::string>("a");
  std::thread t([value] { (void)value->size(); });
  t.detach();
}

// CP.44
std::mutex cp44_mutex;
// expected-note@-1 {{the mutex 'cp44_mutex' is this one}}
int cp44_count = 0;
void cp44_bad() {
  std::lock_guard<std::mutex>{cp44_mutex};
// expected-error@-1 {{this guard has no name and is destroyed at once: 'cp44_mutex' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: std::lock_guard guard(cp44_mutex);}}
  ++cp44_count;
}
void cp44_declares_bad() {
  std::unique_lock<std::mutex>(cp44_mutex);
// expected-error@-1 {{this declares a guard named 'cp44_mutex' that holds nothing, and does not lock 'cp44_mutex' [fearless-guard]}}
// expected-note@-2 {{help: give the guard a name of its own: std::unique_lock guard(cp44_mutex);}}
  ++cp44_count;
}
void cp44_ok() {
  std::lock_guard<std::mutex> lock(cp44_mutex);
  ++cp44_count;
}

// CP.50
class cp50 {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ += n;
// expected-note@-1 {{'sum_' is written here with 'mutex_' held}}
  }
  void sub(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ -= n;
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ = 0;
  }
  int sum_bad() const { return sum_; }
// expected-error@-1 {{'sum_' is read without holding 'mutex_', which is held in 3 of 4 places [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(mutex_); and mark 'sum_' FEARLESS_GUARDED_BY(mutex_)}}

private:
  mutable std::mutex mutex_;
  int sum_ = 0;
};

// CP.52
struct cp52 {
  struct promise_type {
    cp52 get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
std::mutex cp52_mutex;
cp52 cp52_bad() {
  std::lock_guard<std::mutex> lock(cp52_mutex);
// expected-note@-1 {{'cp52_mutex' is locked here}}
  co_await std::suspend_always{};
// expected-error@-1 {{'cp52_mutex' is held while the coroutine is suspended; it may go on in another thread, or never [fearless-guard]}}
// expected-note@-2 {{help: unlock it before, and lock it again afterwards}}
}
cp52 cp52_ok() {
  {
    std::lock_guard<std::mutex> lock(cp52_mutex);
  }
  co_await std::suspend_always{};
}

// CP.51
cp52 cp51_bad(int n) {
  return [n]() -> cp52 {
// expected-error@-1 {{the lambda coroutine uses its captures after it was suspended, but they are part of its closure, which ends with this statement [fearless-borrow]}}
// expected-note@-2 {{the task is returned, and goes on later}}
// expected-note@-3 {{help: pass what the coroutine needs as parameters, which are copied into its frame}}
    co_await std::suspend_always{};
    (void)(n + 1); // expected-note {{the capture is used here}}
  }();
}
cp52 cp51_ok(int n) {
  return [](int n) -> cp52 {
    co_await std::suspend_always{};
    (void)(n + 1);
  }(n);
}

// CP.53
cp52 cp53_reads(const std::string &text) { // expected-note {{of 'text', the frame of the coroutine keeps only the reference}}
  co_await std::suspend_always{};
  (void)text.size(); // expected-note {{'text' is used here}}
}
cp52 cp53_bad() {
  return cp53_reads("text");
// expected-error@-1 {{the coroutine 'cp53_reads' uses 'text' after it was suspended, but it refers to a temporary, which ends with this statement [fearless-borrow]}}
// expected-note@-2 {{the task is returned, and goes on later}}
// expected-note@-3 {{help: take 'text' by value, as an owner: the frame then has its own}}
}
cp52 cp53_owns(std::string text) {
  co_await std::suspend_always{};
  (void)text.size();
}
cp52 cp53_ok() { return cp53_owns("text"); }
