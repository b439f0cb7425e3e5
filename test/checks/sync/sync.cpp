// RUN: %fearless_check %s -mode=strict --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-sync in strict mode: what is shared must be Sync, or be proven to be
// joined in time and used by one side at a time.

#include <fearless/annotations.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct Cache {
  std::vector<int> entries;
// expected-note@-1 {{because field 'Cache::entries' has type 'std::vector<int>'}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
};
struct Config {
  std::shared_ptr<Cache> cache;
// expected-note@-1 {{because field 'Config::cache' has type 'std::shared_ptr<Cache>'}}
// expected-note@-2 {{'std::shared_ptr<Cache>' is Send only if 'Cache' is Sync}}
};
struct Lazy {
  int get() const { return value; }
  mutable int value = 0;
// expected-note@-1 {{because field 'Lazy::value' has type 'int' and is mutable, so that const does not protect it}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
};
class Monitor {
public:
  void hit() {
    std::lock_guard<std::mutex> lock(mutex);
    ++hits;
  }

private:
  std::mutex mutex;
  int hits FEARLESS_GUARDED_BY(mutex) = 0;
  const int limit = 10;
  std::atomic<bool> done{false};
};
struct Shape {
// expected-note@-1 {{the object may be of any class derived from 'Shape', which is not marked FEARLESS_SYNC}}
  virtual ~Shape() = default;
};
struct Forward;
// expected-note@-1 {{'Forward' is only declared here, so what it holds is not known}}
void use(int &);
std::shared_ptr<std::vector<int>> known();

void detached_bad() {
  static std::vector<int> data;
  auto shared = known();
  Config config;
  std::thread([shared, config] {}).detach();
// expected-error@-1 {{'shared' of type 'std::shared_ptr<std::vector<int>>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<std::vector<int>>' is Send only if 'std::vector<int>' is Sync}}
// expected-note@-3 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-4 2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 2 {{help: keep it in a fearless::mutex, or give each thread its own}}
// expected-error@-6 {{'config' of type 'Config', captured by the lambda, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
}

void const_is_not_enough_bad() {
  auto lazy = std::make_shared<const Lazy>();
  std::thread([lazy] { lazy->get(); }).detach();
// expected-error@-1 {{'lazy' of type 'std::shared_ptr<const Lazy>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<const Lazy>' is Send only if 'const Lazy' is Sync}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
}

struct Widget {
  int n = 0;
// expected-note@-1 {{because field 'Widget::n' has type 'int'}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
  void start_bad() {
    std::thread([this] { ++n; }).detach();
// expected-error@-1 {{'this' of type 'Widget *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: make each member of 'Widget' const, atomic, or FEARLESS_GUARDED_BY a mutex member, or give the thread a copy with [*this]}}
  }
};

void pointers_bad(int *p, void *q, Shape *s, Forward *f) {
  std::thread([p, q, s, f] {}).detach();
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
// expected-error@-5 {{'q' of type 'void *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'void' is not known to be Sync [fearless-sync]}}
// expected-note@-6 {{'void' hides the type of what is pointed to}}
// expected-note@-7 {{help: give the thread its own copy of what 'q' points to}}
// expected-error@-8 {{'s' of type 'Shape *', captured by the lambda, cannot be sent to another thread through 'std::thread': 'Shape *' is not known to be Send [fearless-send]}}
// expected-note@-9 {{help: mark 'Shape' FEARLESS_SYNC, which every class derived from it must then be}}
// expected-error@-10 {{'f' of type 'Forward *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'Forward' is not known to be Sync [fearless-sync]}}
// expected-note@-11 {{help: include the definition of 'Forward'}}
}

void array_bad() {
  static char buffer[16];
// expected-error@-1 {{'buffer' of type 'char[16]' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: say which thread it belongs to: FEARLESS_OWNED_BY(role)}}
  std::thread([](char *) {}, buffer).detach();
// expected-error@-1 {{'buffer' of type 'char[16]', passed by reference, cannot be shared with another thread through 'std::thread': 'char' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'char': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a 'fearless::mutex<char[16]>', or pass 'buffer' by value if the thread needs only its own copy}}
}

void atomics_ok() {
  auto counter = std::make_shared<std::atomic<int>>(0);
  std::thread([counter] { ++*counter; }).detach();
}

void const_ok() {
  auto text = std::make_shared<const std::string>("text");
  std::thread([text] {}).detach();
}

void monitor_ok() {
  auto monitor = std::make_shared<Monitor>();
  std::thread([monitor] { monitor->hit(); }).detach();
}

void joined_ok() {
  int n = 0;
  std::thread t([&n] { ++n; });
  t.join();
  ++n;
}

void not_joined_on_one_path_bad(bool early) {
  auto n = std::make_unique<int>(0);
  int local = 0;
  std::thread t([&local] { ++local; });
// expected-error@-1 {{'local' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'local' ends, or give it a copy, or share ownership}}
// expected-error@-4 {{'local' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-5 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-6 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-7 {{help: make 'local' a 'std::atomic<int>', or capture 'local' by copy or move if the thread needs only its own}}
  if (early) {
    t.detach();
    return;
// expected-note@-1 {{'local' ends here, and nothing waits for the thread}}
  }
  t.join();
}
