// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What hands data over from one thread to another besides a common lock, and
// what looks like it and does not.
// RUN: %fearless_check %s

#include <iterator>
#include <list>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>
#include <vector>

static void use(int) {}
static int made_once;

// What is written under a lock that others hold as well is handed to nobody.
class recent_bad {
  mutable std::shared_mutex m;
  std::list<int> order{1, 2};

public:
  int touch() {
    std::shared_lock<std::shared_mutex> lock(m);
    order.splice(order.begin(), order, std::prev(order.end()));
// expected-error@-1 {{'r.order' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    return order.front();
  }
};
void splice_under_shared_lock_bad() {
  recent_bad r;
  std::thread t([&r] { r.touch(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  r.touch();
// expected-note@-1 {{reached through this call}}
  t.join();
}
// That both looked at a container under the lock decides nothing.
void looked_at_under_lock_bad() {
  std::mutex m;
  std::vector<int> v;
  int n = 0;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    {
      std::lock_guard<std::mutex> lock(m);
      if (!v.empty())
        return;
    }
    ++n;
// expected-note@-1 {{the thread writes it here}}
  });
  {
    std::lock_guard<std::mutex> lock(m);
    use(int(v.size()));
  }
  ++n;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
static void make_it() { ++made_once; }
void pthread_once_ok() {
  static pthread_once_t flag = PTHREAD_ONCE_INIT;
  auto make = [] {
    pthread_once(&flag, make_it);
    use(made_once);
  };
  std::thread a(make), b(make);
  a.join();
  b.join();
}
