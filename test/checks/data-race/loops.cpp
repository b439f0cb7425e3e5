// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which loops join all threads of a container, so that strict mode believes it,
// and which only look like it.
// RUN: %fearless_check %s -mode=strict

#include <array>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

int range_ok() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { n = 1; });
  for (std::thread &t : threads)
    t.join();
  return n;
}
int index_ok() {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { n = 1; });
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i].join();
  return n;
}
int bindings_ok() {
  int n = 0;
  std::pair<int, std::thread> threads[1];
  threads[0].second = std::thread([&n] { n = 1; });
  for (auto &[key, t] : threads)
    t.join();
  return n;
}
struct client {
  int id;
  std::thread thread;
};
int member_ok() {
  int n = 0;
  std::vector<client> clients(1);
  clients[0].thread = std::thread([&n] { n = 1; });
  for (client &c : clients)
    if (c.thread.joinable())
      c.thread.join();
  return n;
}
int array_ok() {
  int n = 0;
  std::array<std::thread, 2> threads;
  threads[0] = std::thread([&n] { n = 1; });
  for (std::thread &t : threads)
    if (t.joinable())
      t.join();
  return n;
}

// The loop is over something else.
int other_container_bad(std::vector<int> which) {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { n = 1; });
// expected-error@-1 {{'n' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'n' a 'std::atomic<int>', or capture 'n' by copy or move if the thread needs only its own}}
  for (int i : which)
    threads[i].join();
  return n;
}
int beside_bad() {
  int n = 0;
  std::vector<std::thread> threads, others;
  threads.emplace_back([&n] { n = 1; });
// expected-error@-1 {{'n' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'n' a 'std::atomic<int>', or capture 'n' by copy or move if the thread needs only its own}}
  others.emplace_back([] {});
  int i = 0;
  for (std::thread &t : others) {
    threads[i++].join();
    t.join();
  }
  return n;
}
int one_of_each_round_bad(std::vector<int> which, int k) {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { n = 1; });
// expected-error@-1 {{'n' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'n' a 'std::atomic<int>', or capture 'n' by copy or move if the thread needs only its own}}
  for ([[maybe_unused]] int i : which)
    threads[k].join();
  return n;
}
int left_early_bad(bool stop) {
  int n = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&n] { n = 1; });
// expected-error@-1 {{'n' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'n' a 'std::atomic<int>', or capture 'n' by copy or move if the thread needs only its own}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  for (std::thread &t : threads) {
    if (stop)
      break;
    t.join();
  }
  return n;
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
