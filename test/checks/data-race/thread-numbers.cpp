// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// POSIX threads are known by numbers, which are copied, and starting one may
// fail: then there is none. Objects that remember whether they started one.
// RUN: %fearless_check %s

#include <array>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

static void use(int) {}

struct counter {
  int n = 0;
};
static void *count(void *p) {
  ++static_cast<counter *>(p)->n;
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{the thread writes it here}}
  return nullptr;
}

// --- Copies of the number -----------------------------------------------------

void copies_in_loop_ok() {
  counter c[3];
  pthread_t t[3];
  for (int i = 0; i < 3; ++i)
    pthread_create(&t[i], nullptr, count, &c[i]);
  for (pthread_t each : t)
    pthread_join(each, nullptr);
  use(c[0].n);
}
void copy_ok() {
  struct {
    pthread_t t;
  } job;
  counter c;
  pthread_create(&job.t, nullptr, count, &c);
  pthread_t t = job.t;
  pthread_join(t, nullptr);
  use(c.n);
}
void kept_in_vector_ok() {
  counter c[2];
  std::vector<pthread_t> threads;
  for (int i = 0; i < 2; ++i) {
    pthread_t t;
    pthread_create(&t, nullptr, count, &c[i]);
    threads.push_back(t);
  }
  for (auto t : threads)
    pthread_join(t, nullptr);
  use(c[0].n);
}
void other_number_bad() {
  counter c;
  pthread_t t, other;
  pthread_create(&other, nullptr, count, new counter);
  pthread_create(&t, nullptr, count, &c);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  pthread_t first = other;
  pthread_join(first, nullptr);
  ++c.n;
// expected-error@-1 {{'c.n' is written here while the thread started by 'pthread_create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  pthread_join(t, nullptr);
}

// --- Starts that fail -----------------------------------------------------------

void failed_ok() {
  counter c;
  pthread_t t;
  if (pthread_create(&t, nullptr, count, &c) != 0)
    return;
  pthread_join(t, nullptr);
  use(c.n);
}
void failed_number_ok() {
  counter c;
  pthread_t t;
  int error = pthread_create(&t, nullptr, count, &c);
  if (error) {
    use(c.n);
    return;
  }
  pthread_join(t, nullptr);
}
void succeeded_ok() {
  counter c;
  pthread_t t;
  if (!pthread_create(&t, nullptr, count, &c))
    pthread_join(t, nullptr);
  use(c.n);
}
// truth: none, the second start does not fail here
void one_of_two_failed_bad() {
  static counter c;
  pthread_t t, other;
  int error = pthread_create(&t, nullptr, count, &c);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  if (error)
    return;
  error = pthread_create(&other, nullptr, count, new counter);
  if (error) {
    ++c.n;
// expected-error@-1 {{'c.n' is written here while the thread started by 'pthread_create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    return;
  }
  pthread_join(other, nullptr);
  pthread_join(t, nullptr);
}
void success_without_join_bad() {
  counter c;
  pthread_t t;
  if (pthread_create(&t, nullptr, count, &c) == 0)
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    ++c.n;
// expected-error@-1 {{'c.n' is written here while the thread started by 'pthread_create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  pthread_join(t, nullptr);
}

// --- Objects that know --------------------------------------------------------------

class service_ok {
  std::thread t;
  bool started = false;
  int n = 0;

public:
  void start() {
    started = true;
    t = std::thread([this] { ++n; });
  }
  int stop() {
    if (started) {
      t.join();
      started = false;
    }
    return n;
  }
};
void stopped_ok() {
  service_ok s;
  s.start();
  use(s.stop());
}

// --- A lock in each element -----------------------------------------------------------

class shards_ok {
  struct shard {
    mutable std::mutex m;
    std::vector<int> values;
  };
  std::array<shard, 4> all;

public:
  void put(int n) {
    shard &s = all[n % 4];
    std::lock_guard<std::mutex> lock(s.m);
    s.values.push_back(n);
  }
  int size() const {
    int n = 0;
    for (const shard &s : all) {
      std::lock_guard<std::mutex> lock(s.m);
      n += int(s.values.size());
      for (int each : s.values)
        n += each;
    }
    return n;
  }
};
void shards_together_ok() {
  shards_ok s;
  std::thread t([&s] { s.put(1); });
  use(s.size());
  t.join();
}
class shards_bad {
  struct shard {
    mutable std::mutex m;
    std::vector<int> values;
  };
  std::array<shard, 4> all;

public:
  void put(int n) {
    shard &s = all[n % 4];
    std::lock_guard<std::mutex> lock(s.m);
    s.values.push_back(n);
// expected-note@-1 {{the thread writes it here}}
  }
  int size() const {
    int n = 0;
    for (const shard &s : all)
      n += int(s.values.size());
// expected-error@-1 {{'s.all[...].values' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    return n;
  }
};
void shards_without_lock_bad() {
  shards_bad s;
  std::thread t([&s] { s.put(1); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  use(s.size());
// expected-note@-1 {{reached through this call}}
  t.join();
}
