// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that are started in a loop: each round has variables of its own, and
// what those point to.
// RUN: %fearless_check %s

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

struct connection {
  int number = 0;
};
static void use(int) {}
static void handle(connection &c) { ++c.number; }
static void join_all(std::vector<std::thread> &ts) {
  for (std::thread &t : ts)
    t.join();
}

void moved_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    auto c = std::make_unique<connection>();
    c->number = i;
    ts.emplace_back([c = std::move(c)] { handle(*c); });
  }
  join_all(ts);
}
void shared_ok() {
  std::vector<std::thread> ts;
  while (ts.size() < 3) {
    auto c = std::make_shared<connection>();
    c->number = 1;
    ts.push_back(std::thread([c] { ++c->number; }));
  }
  join_all(ts);
}
void raw_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    auto *c = new connection;
    c->number = i;
    ts.emplace_back([c] {
      handle(*c);
      delete c;
    });
  }
  join_all(ts);
}
class server {
public:
  void run() {
    while (!stop_) {
      auto c = std::make_unique<connection>();
      c->number = 1;
      std::lock_guard<std::mutex> lock(mutex_);
      threads_.emplace_back([c = std::move(c), this]() mutable { serve(*c); });
      stop_ = threads_.size() == 3;
    }
    join_all(threads_);
  }

private:
  void serve(connection &c) {
    ++c.number;
    std::lock_guard<std::mutex> lock(table_mutex_);
    ++table_[c.number];
  }
  std::atomic<bool> stop_{false};
  std::mutex mutex_, table_mutex_;
  std::map<int, int> table_;
  std::vector<std::thread> threads_;
};
void server_ok() {
  server s;
  s.run();
}

// The object is that of this round.
void same_round_bad() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    auto c = std::make_shared<connection>();
    ts.emplace_back([c] { ++c->number; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    c->number = i;
// expected-error@-1 {{'c->number' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  join_all(ts);
}
// One object for all rounds.
void outside_bad() {
  std::vector<std::thread> ts;
  auto c = std::make_shared<connection>();
  for (int i = 0; i < 3; ++i) {
    c->number = i;
// expected-error@-1 {{'c->number' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    ts.emplace_back([c] { use(c->number); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  }
  join_all(ts);
}
void pointer_to_one_bad() {
  std::vector<std::thread> ts;
  connection one;
  for (int i = 0; i < 3; ++i) {
    connection *c = &one;
    c->number = i;
// expected-error@-1 {{'one.number' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    ts.emplace_back([c] { use(c->number); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  }
  join_all(ts);
}
