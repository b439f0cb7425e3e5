// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that are constructed in place: by containers, smart-pointer factories
// and optional. Each is the boundary that the constructor is.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20

// expected-note@* 0+{{}}

#include "shapes.h"

#include <any>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <stack>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
void draw(const handle &, int);

void sequences(handle h, int n) {
  auto task = [h] { (void)h.id; };
  auto good = [n] { (void)n; };
  std::vector<std::thread> vector;
  vector.emplace_back(task); // expected-error {{not Send}}
  vector.emplace_back(draw, h, 1); // expected-error {{not Send}}
  vector.emplace(vector.begin(), task); // expected-error {{not Send}}
  vector.push_back(std::thread(task)); // expected-error {{not Send}}
  vector.emplace_back(good);
  vector.emplace_back();
  vector.emplace_back(std::thread(good));
  std::deque<std::thread> deque;
  deque.emplace_front(task); // expected-error {{not Send}}
  deque.emplace_back(good);
  std::list<std::thread> list;
  list.emplace_back(task); // expected-error {{not Send}}
  list.emplace(list.end(), task); // expected-error {{not Send}}
  std::forward_list<std::thread> forward;
  forward.emplace_front(task); // expected-error {{not Send}}
  forward.emplace_after(forward.begin(), task); // expected-error {{not Send}}
  std::queue<std::thread> queue;
  queue.emplace(task); // expected-error {{not Send}}
  std::stack<std::thread> stack;
  stack.emplace(task); // expected-error {{not Send}}
}

void maps(handle h, int n) {
  auto task = [h] { (void)h.id; };
  auto good = [n] { (void)n; };
  std::map<int, std::thread> map;
  map.emplace(1, task); // expected-error {{not Send}}
  map.try_emplace(2, task); // expected-error {{not Send}}
  map.emplace_hint(map.end(), 3, task); // expected-error {{not Send}}
  map.emplace(4, good);
  map.try_emplace(5, std::thread(good));
  std::unordered_map<std::string, std::thread> unordered;
  unordered.emplace("a", task); // expected-error {{not Send}}
  unordered.try_emplace("b", task); // expected-error {{not Send}}
}

void factories(handle h, int n) {
  auto task = [h] { (void)h.id; };
  auto good = [n] { (void)n; };
  auto unique = std::make_unique<std::thread>(task); // expected-error {{not Send}}
  auto shared = std::make_shared<std::thread>(draw, h, 1); // expected-error {{not Send}}
  auto with_allocator =
      std::allocate_shared<std::thread>(std::allocator<std::thread>(), task); // expected-error {{not Send}}
  auto fine = std::make_unique<std::thread>(good);
  auto not_a_thread = std::make_unique<handle>(h);
}

void in_place(handle h) {
  auto task = [h] { (void)h.id; };
  std::optional<std::thread> a;
  a.emplace(task); // expected-error {{not Send}}
  std::optional<std::thread> b(std::in_place, task); // expected-error {{not Send}}
  auto c = std::make_optional<std::thread>(task); // expected-error {{not Send}}
  std::variant<int, std::thread> d;
  d.emplace<std::thread>(task); // expected-error {{not Send}}
  std::pair<int, std::thread> e(1, task); // expected-error {{not Send}}
  alignas(std::thread) unsigned char memory[sizeof(std::thread)];
  std::construct_at(reinterpret_cast<std::thread *>(memory), task); // expected-error {{not Send}}
}
