// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strict mode: a borrow is proven only when nothing keeps the address out of
// sight, where it may come back under another name.
// RUN: %fearless_check %s -mode=strict

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

static void use(int) {}
static volatile bool yes = true;
static int *kept;
// expected-error@-1 {{'kept' of type 'int *' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: say which thread it belongs to: FEARLESS_OWNED_BY(role)}}

// Another translation unit.
void store(int *);
void store_reference(int &);
void poke();
#ifdef FEARLESS_TRUTH
static int *kept_elsewhere;
void store(int *p) { kept_elsewhere = p; }
void store_reference(int &r) { kept_elsewhere = &r; }
void poke() { *kept_elsewhere = 2; }
#endif

void escaped_bad() {
  int x = 0;
  store(&x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  poke();
  t.join();
}
void escaped_by_reference_bad() {
  int x = 0;
  store_reference(x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  poke();
  t.join();
}
void stored_in_global_bad() {
  int x = 0;
  kept = &x;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  *kept = 2;
  t.join();
}
static void keep(int &r) { kept = &r; }
static void touch_kept() { *kept = 2; }
void stored_by_callee_bad() {
  int x = 0;
  keep(x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  touch_kept();
  t.join();
}

struct holder {
  int *p = nullptr;
  void set(int *q) { p = q; }
  void bump() { ++*p; }
};
void stored_in_object_bad() {
  int x = 0;
  holder h;
  h.set(&x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  h.bump();
  t.join();
}
void stored_on_the_heap_bad() {
  int x = 0;
  auto h = std::make_unique<holder>();
  h->p = &x;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  h->bump();
  t.join();
}
void stored_in_vector_bad() {
  int x = 0;
  std::vector<int *> v;
  v.push_back(&x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  *v[0] = 3;
  t.join();
}
void stored_in_functions_bad() {
  int x = 0;
  std::vector<std::function<void()>> v;
  v.push_back([&x] { ++x; });
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  v[0]();
  t.join();
}
void copied_into_function_bad() {
  int x = 0;
  auto f = [&x] { ++x; };
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::function<void()> g = f;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  g();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void reseated_bad() {
  int x = 0, y = 0;
  int *p = &y;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  p = &x;
  *p = 3;
  t.join();
}
void chosen_pointer_bad() {
  int x = 0, y = 0;
  int *p = yes ? &x : &y;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  *p = 3;
  t.join();
}
void chosen_reference_bad() {
  int x = 0, y = 0;
  int &r = yes ? x : y;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  r = 3;
  t.join();
}
void function_pointer_bad() {
  void (*f)(int &) = [](int &r) { r = 2; };
  int x = 0;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  f(x);
  t.join();
}
void member_function_pointer_bad() {
  int x = 0;
  holder h;
  h.p = &x;
  void (holder::*m)() = &holder::bump;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  (h.*m)();
  t.join();
}
struct itself {
  int n = 0;
// expected-note@-1 {{because field 'itself::n' has type 'int'}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
  itself *me = this;
};
void own_address_bad() {
  itself s;
  std::thread t([&s] { s.n = 1; });
// expected-error@-1 {{'s' of type 'itself', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  s.me->n = 2;
  t.join();
}

// What is followed is accepted.
void plain_ok() {
  int x = 0;
  std::thread t([&x] { x = 1; });
  t.join();
  use(x);
}
void pointer_ok() {
  int x = 0;
  int *p = &x;
  *p = 1;
  std::thread t([&x] { x = 1; });
  t.join();
  use(*p);
}
void reference_ok() {
  int x = 0;
  int &r = x;
  std::thread t([&] { x = 1; });
  t.join();
  r = 2;
}
static void set(int &r) { r = 1; }
void given_to_callee_ok() {
  int x = 0;
  set(x);
  std::thread t([&x] { set(x); });
  t.join();
  set(x);
}
void container_ok() {
  std::vector<int> v{3, 1, 2};
  std::thread t([&v] {
    std::sort(v.begin(), v.end());
    for (int &each : v)
      ++each;
  });
  t.join();
  v.push_back(4);
  use(v[0]);
}
void named_lambda_ok() {
  int x = 0;
  auto work = [&x] { ++x; };
  std::thread t(work);
  t.join();
  work();
}
class account {
  mutable std::mutex m;
  int balance = 0;

public:
  void pay(int n) {
    std::lock_guard lock(m);
    balance += n;
  }
  int get() const {
    std::lock_guard lock(m);
    return balance;
  }
};
void methods_ok() {
  account a;
  std::thread t([&a] { a.pay(1); });
  use(a.get());
  t.join();
}
