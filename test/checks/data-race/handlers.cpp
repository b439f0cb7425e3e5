// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strict mode: a call that may throw leads to the handlers around it, past what
// stands between, and ends the variables on the way.
// RUN: %fearless_check %s -mode=strict

#include <future>
#include <mutex>
#include <thread>
#include <vector>

static void use(long) {}
// Another translation unit.
void may_throw();
void never_throws() noexcept;
#ifdef FEARLESS_TRUTH
void may_throw() { throw 1; }
void never_throws() noexcept {}
#endif

void join_skipped_bad() {
  int x = 0;
  std::jthread t([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  try {
    may_throw();
    t.join();
  } catch (...) {
  }
  ++x;
}
void in_handler_bad() {
  int x = 0;
  std::jthread t([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  try {
    may_throw();
    t.join();
  } catch (...) {
    ++x;
  }
}
void started_inside_bad() {
  int x = 0;
  std::jthread t;
  try {
    t = std::jthread([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
    may_throw();
    t.join();
  } catch (...) {
  }
  ++x;
}
void library_throws_bad() {
  int x = 0;
  auto f = std::async(std::launch::async, [&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::async': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::async' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  try {
    std::vector<int> v;
    v.at(3) = 1;
    f.get();
  } catch (...) {
    ++x;
  }
}
void outer_handler_bad() {
  int x = 0;
  std::jthread t([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  try {
    try {
      may_throw();
    } catch (const std::vector<int> &) {
    }
    t.join();
  } catch (...) {
    ++x;
  }
}
void ends_on_the_way_bad() {
  std::jthread t;
  try {
    std::vector<int> v(4);
    t = std::jthread([&v] { v.push_back(1); });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::jthread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
    may_throw();
    t.join();
  } catch (...) {
  }
}
void unlocked_on_the_way_bad() {
  std::mutex m;
  int x = 0;
  std::jthread t([&] {
// expected-note@-1 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
    std::lock_guard<std::mutex> lock(m);
    ++x;
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  });
  try {
    std::lock_guard<std::mutex> lock(m);
    may_throw();
    ++x;
  } catch (...) {
    ++x;
  }
}
struct base {
  virtual ~base() = default;
};
struct derived : base {};
void cast_throws_bad() {
  int x = 0;
  base b;
  base &r = b;
  std::jthread t([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  try {
    (void)dynamic_cast<derived &>(r);
    t.join();
  } catch (...) {
  }
  ++x;
}
static void join_later(std::jthread &t) {
  may_throw();
  t.join();
}
void helper_throws_bad() {
  int x = 0;
  std::jthread t([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  try {
    join_later(t);
  } catch (...) {
  }
  ++x;
}
// truth: none, nobody catches what it throws
void declared_after_the_handle_bad() {
  std::jthread t;
  int x = 0;
  t = std::jthread([&x] { ++x; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::jthread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  may_throw();
  t.join();
}
// truth: none, nobody catches what it throws
void destroyed_before_the_end_bad() {
  std::thread t;
  std::vector<int> v;
  t = std::thread([&v] { v.push_back(1); });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  may_throw();
  t.join();
}
// truth: none, nobody catches what it throws
void destroyed_in_loop_bad() {
  std::vector<std::jthread> ts;
  std::vector<int> v(4);
  for (int i = 0; i != 2; ++i) {
    if (i == 1)
      may_throw();
    ts.emplace_back([&v] { use(v[0]); });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::jthread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::jthread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  }
  for (auto &t : ts)
    t.join();
}
void nothing_throws_behind_ok() {
  std::jthread t;
  int x = 0;
  t = std::jthread([&x] { ++x; });
  never_throws();
  t.join();
}
void declared_before_the_handle_ok() {
  std::vector<int> v(4);
  std::vector<std::jthread> ts;
  for (int i = 0; i != 2; ++i)
    ts.emplace_back([&v] { use(v[0]); });
  for (auto &t : ts)
    t.join();
}

void joined_in_handler_ok() {
  int x = 0;
  std::thread t([&x] { ++x; });
  try {
    may_throw();
  } catch (...) {
    t.join();
    use(x);
    return;
  }
  t.join();
  use(x);
}
void joined_behind_ok() {
  int x = 0;
  std::jthread t([&x] { ++x; });
  try {
    may_throw();
  } catch (...) {
  }
  t.join();
  ++x;
}
void joined_by_destructor_ok() {
  int x = 0;
  try {
    std::jthread t([&x] { ++x; });
    may_throw();
    t.join();
  } catch (...) {
    ++x;
  }
  ++x;
}
void future_throws_ok() {
  int x = 0;
  auto f = std::async(std::launch::async, [&x] { ++x; });
  try {
    f.get();
  } catch (...) {
  }
  ++x;
}
void nothing_throws_ok() {
  int x = 0;
  std::jthread t([&x] { ++x; });
  try {
    never_throws();
    t.join();
    may_throw();
  } catch (...) {
  }
  ++x;
}
