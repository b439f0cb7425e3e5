// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// std::ref and other calls that only make a reference: the object is used by
// who uses the reference.
// RUN: %fearless_check %s

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

static void use(std::size_t) {}
static void look(std::map<int, int> &table) { use(table.count(1)); }
// expected-note@-1 {{it is read here by the thread started by 'std::thread'}}
static void change(std::map<int, int> &table) { table[1] = 2; }
// expected-error@-1 {{'table' is written by the thread started by 'std::thread' and read by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
static void write_locked(std::map<int, int> &table, std::mutex &m) {
  std::lock_guard<std::mutex> lock(m);
  table[1] = 2;
}

void readers_ok() {
  std::map<int, int> table;
  std::thread t(look, std::ref(table));
  std::thread u(look, std::ref(table));
  use(table.count(2));
  t.join();
  u.join();
}
void locked_ok() {
  std::map<int, int> table;
  std::mutex m;
  std::thread t(write_locked, std::ref(table), std::ref(m));
  std::thread u(write_locked, std::ref(table), std::ref(m));
  t.join();
  u.join();
}
void writer_bad() {
  std::map<int, int> table;
  std::thread t(change, std::ref(table));
// expected-note@-1 {{the other starts here; neither is joined before both run}}
  std::thread u(look, std::ref(table));
// expected-note@-1 {{one thread starts here}}
  t.join();
  u.join();
}
void parent_bad() {
  std::map<int, int> table;
  std::thread t([](std::map<int, int> &given) { given[2] = 3; }, std::ref(table));
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(table.count(2));
// expected-error@-1 {{'table' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void address_ok() {
  int value = 0;
  std::thread t([](const int *given) { use(static_cast<std::size_t>(*given)); },
                std::addressof(value));
  std::thread u([](const int *given) { use(static_cast<std::size_t>(*given)); },
                std::addressof(value));
  t.join();
  u.join();
}
