// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a throw ends on its way to the handler, who makes a static object, and
// what relaxed atomic operations do not order.
// RUN: %fearless_check %s

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

static void use(int) {}
static volatile bool yes = true;

void joined_on_the_way_ok() {
  int x = 0;
  try {
    std::jthread t([&x] { x = 1; });
    throw std::runtime_error("stop");
  } catch (const std::exception &) {
  }
  use(x);
}
void joined_on_the_way_twice_ok() {
  int x = 0;
  try {
    std::jthread t([&x] { x = 1; });
    try {
      if (yes)
        throw 1;
    } catch (const std::string &) {
    }
  } catch (int) {
    x = 2;
  }
}
void declared_outside_bad() {
  int x = 0;
  std::jthread t;
  try {
    t = std::jthread([&x] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    throw 1;
  } catch (int) {
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::jthread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
}
void unlocked_on_the_way_bad() {
  std::mutex m;
  int x = 0;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::lock_guard<std::mutex> hold(m);
    x = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  try {
    std::lock_guard<std::mutex> hold(m);
    throw 1;
  } catch (int) {
    x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  t.join();
}
void locked_around_ok() {
  std::mutex m;
  int x = 0;
  std::thread t([&] {
    std::lock_guard<std::mutex> hold(m);
    x = 1;
  });
  {
    std::lock_guard<std::mutex> hold(m);
    try {
      throw 1;
    } catch (int) {
      x = 2;
    }
  }
  t.join();
}

// One thread constructs a static object, and the others wait for it.
class cache {
  std::mutex mutex;
  int hits = 0;

public:
  cache() { hits = 1; }
  int hit() {
    std::lock_guard<std::mutex> hold(mutex);
    return ++hits;
  }
  int hit_unlocked() { return ++hits; }
};
cache &shared_cache() {
  static cache c;
  return c;
}
void constructed_once_ok() {
  std::thread t([] { use(shared_cache().hit()); });
  use(shared_cache().hit());
  t.join();
}
class bare_cache {
  int hits = 0;

public:
  bare_cache() { hits = 1; }
  int hit() { return ++hits; }
// expected-error@-1 {{'c.hits' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
bare_cache &shared_bare_cache() {
  static bare_cache c;
  return c;
}
void used_after_construction_bad() {
  std::thread t([] { use(shared_bare_cache().hit()); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  use(shared_bare_cache().hit());
// expected-note@-1 {{reached through this call}}
  t.join();
}

// Relaxed operations order nothing (but see fences.cpp).
void relaxed_bad() {
  int x = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    x = 1;
// expected-note@-1 {{the thread writes it here}}
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    ;
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void released_ok() {
  int x = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    x = 1;
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_acquire))
    ;
  use(x);
  t.join();
}
