// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions that wait for a thread and start the next one: whoever calls them
// again and again never has two. And containers of threads, which grow while
// their threads run.
// RUN: %fearless_check %s

#include <mutex>
#include <thread>
#include <utility>
#include <vector>

static void use(int) {}

class prefetch_ok {
  std::vector<int> shown, next;
  bool end = false;
  int round = 0;
  std::thread t;
  void fill() {
    next.assign(8, round);
    end = round > 3;
  }
  void start() { t = std::thread([this] { fill(); }); }

public:
  prefetch_ok() { start(); }
  ~prefetch_ok() {
    if (t.joinable())
      t.join();
  }
  bool more() {
    t.join();
    if (end)
      return false;
    shown.swap(next);
    ++round;
    start();
    return true;
  }
  int first() const { return shown[0]; }
};
void prefetched_ok() {
  prefetch_ok p;
  while (p.more())
    use(p.first());
}

// Not every way through the function waits for the last one.
class limited_ok {
  std::vector<int> buffer;
  int left = 3;
  std::thread t;

public:
  limited_ok() : t([this] { buffer.push_back(0); }) {}
  ~limited_ok() { t.join(); }
  bool again() {
    if (left == 0)
      return false;
    --left;
    t.join();
    t = std::thread([this, n = left] { buffer.push_back(n); });
    return true;
  }
};
void limited_rounds_ok() {
  limited_ok l;
  while (l.again()) {
  }
}

// What it reads in front of the join is not ready yet.
class impatient_bad {
  bool end = false;
  int round = 0;
  std::thread t;
  void fill() { end = ++round > 3; }
// expected-note@-1 {{the thread writes it here}}
  void start() { t = std::thread([this] { fill(); }); }
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}

public:
  impatient_bad() { start(); }
  ~impatient_bad() { t.join(); }
  bool more() {
    if (end)
// expected-error@-1 {{'p.end' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
      return false;
    t.join();
    start();
    return true;
  }
};
void impatient_rounds_bad() {
  impatient_bad p;
  while (p.more()) {
// expected-note@-1 {{reached through this call}}
  }
}

// The thread that a restart leaves is another one.
class restarted_bad {
  std::thread t;

public:
  int n = 0;
  void start() { t = std::thread([this] { ++n; }); }
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  void restart() {
    t.join();
    start();
  }
  void stop() { t.join(); }
};
void used_after_restart_bad() {
  restarted_bad r;
  r.start();
  r.restart();
  ++r.n;
// expected-error@-1 {{'r.n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  r.stop();
}
void used_after_stop_ok() {
  restarted_bad r;
  r.start();
  r.restart();
  r.stop();
  ++r.n;
}

// It waits for the last one only when the next one runs already.
class overlapping_bad {
  std::thread t, last;

public:
  int n = 0;
  void start() { t = std::thread([this] { ++n; }); }
// expected-error@-1 {{'o.n' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-3 {{one thread starts here}}
// expected-note@-4 {{the other starts here; neither is joined before both run}}
// expected-note@-5 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  void next() {
    last = std::move(t);
    start();
    last.join();
  }
  void stop() { t.join(); }
};
void overlapping_rounds_bad() {
  overlapping_bad o;
  o.start();
  o.next();
  o.stop();
}

// --- Containers of threads ----------------------------------------------------

class pool_bad {
  std::vector<std::thread> threads;
  void run() { use(int(threads.size())); }
// expected-note@-1 {{the thread reads it here}}

public:
  explicit pool_bad(int n) {
    for (int i = 0; i < n; ++i)
      threads.emplace_back([this] { run(); });
// expected-error@-1 {{'threads' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-note@-3 {{reached through this call}}
// expected-note@-4 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  ~pool_bad() {
    for (auto &t : threads)
      t.join();
  }
};
void size_in_thread_bad() { pool_bad p(2); }
class pool_ok {
  std::vector<std::thread> threads;
  const int n;
  void run() { use(n); }

public:
  explicit pool_ok(int n) : n(n) {
    for (int i = 0; i < n; ++i)
      threads.emplace_back([this] { run(); });
  }
  ~pool_ok() {
    for (auto &t : threads)
      t.join();
  }
  int size() const { return int(threads.size()); }
};
void size_outside_ok() { use(pool_ok(2).size()); }
void size_under_lock_ok() {
  std::mutex m;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    std::lock_guard<std::mutex> l(m);
    threads.emplace_back([&] {
      std::lock_guard<std::mutex> k(m);
      use(int(threads.size()));
    });
  }
  for (auto &t : threads)
    t.join();
}
