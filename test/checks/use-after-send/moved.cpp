// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-use-after-send: the variable that was moved to another thread.
//
// RUN: %fearless_check %s -checks=fearless-use-after-send -- -std=c++20 -pthread

#include <fearless/channel.h>
#include <fearless/thread.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct plain {
  int x = 0;
  int peek() const { return x; }
  void set(int v) { x = v; }
};
struct job {
  std::string name;
  std::vector<int> data;
  void reset();
};
using boxes = fearless::sender<std::unique_ptr<plain>>;
using numbers = fearless::sender<std::vector<int>>;
using words = fearless::sender<std::string>;
void print(const std::string &);
void fill(std::vector<int> &);
bool read_line(std::string &);

// --- A pointer that was moved is null ------------------------------------------
void owner_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  p->x = 2;
// expected-error@-1 {{'p' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'p' a new value first}}
}
void owner_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  p->x = 2;
  (void)tx.send(std::move(p));
}
void owner_renewed_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  (void)tx.send(std::move(p));
  p = std::make_unique<plain>();
  p->x = 2;
}
void owner_reset_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  (void)tx.send(std::move(p));
  p.reset(new plain);
  p->x = 2;
}
void owner_asked_ok(boxes tx, bool now) {
  auto p = std::make_unique<plain>();
  if (now)
    (void)tx.send(std::move(p));
  if (p)
    p->x = 2;
}
void owner_compared_ok(boxes tx, bool now) {
  auto p = std::make_unique<plain>();
  if (now)
    (void)tx.send(std::move(p));
  if (p != nullptr)
    p->x = 2;
}
void owner_star_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  (*p).set(1);
// expected-error@-1 {{'p' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'p' a new value first}}
}
void owner_twice_bad(boxes a, boxes b) {
  auto p = std::make_unique<plain>();
  (void)a.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  (void)b.send(std::move(p));
// expected-error@-1 {{'p' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'p' a new value first}}
}

// --- Containers and other values ------------------------------------------------
void vector_bad(numbers tx) {
  std::vector<int> v{1, 2, 3};
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  v.push_back(4);
// expected-error@-1 {{'v' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'v' a new value first}}
}
void vector_read_bad(numbers tx) {
  std::vector<int> v{1, 2, 3};
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  for (int x : v)
// expected-error@-1 {{'v' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'v' a new value first}}
    (void)x;
}
void vector_cleared_ok(numbers tx) {
  std::vector<int> v{1, 2, 3};
  (void)tx.send(std::move(v));
  v.clear();
  v.push_back(4);
}
void vector_assigned_ok(numbers tx) {
  std::vector<int> v{1, 2, 3};
  (void)tx.send(std::move(v));
  v = {5};
  v.push_back(4);
}
void vector_empty_ok(numbers tx) {
  std::vector<int> v{1, 2, 3};
  (void)tx.send(std::move(v));
  if (v.empty())
    v.push_back(4);
}
void vector_filled_ok(numbers tx) {
  std::vector<int> v{1, 2, 3};
  (void)tx.send(std::move(v));
  fill(v);
  v.push_back(4);
}
void vector_swapped_ok(numbers tx) {
  std::vector<int> v{1}, w{2};
  (void)tx.send(std::move(v));
  std::swap(v, w);
  v.push_back(4);
}
void vector_copied_ok(numbers tx) {
  std::vector<int> v{1};
  (void)tx.send(v);
  v.push_back(4);
}
void string_bad(words tx) {
  std::string s = "a";
  (void)tx.send(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'fearless::sender::send'}}
  print(s);
// expected-error@-1 {{'s' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 's' a new value first}}
}
void string_append_bad(words tx) {
  std::string s = "a";
  (void)tx.send(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'fearless::sender::send'}}
  s += "b";
// expected-error@-1 {{'s' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 's' a new value first}}
}
void string_read_ok(words tx) {
  std::string line;
  while (read_line(line))
    (void)tx.send(std::move(line));
}
void int_ok(fearless::sender<int> tx) {
  int n = 1;
  (void)tx.send(std::move(n));
  ++n;
}

// --- Members ---------------------------------------------------------------------
void member_bad(fearless::sender<job> tx) {
  job j{"a", {1}};
  (void)tx.send(std::move(j));
// expected-note@-1 {{'j' is moved to another thread here, by 'fearless::sender::send'}}
  j.data.push_back(1);
// expected-error@-1 {{'j.data' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'j.data' a new value first}}
}
void member_renewed_ok(fearless::sender<job> tx) {
  job j{"a", {1}};
  (void)tx.send(std::move(j));
  j = job{};
  j.data.push_back(1);
}
void member_itself_renewed_ok(fearless::sender<job> tx) {
  job j{"a", {1}};
  (void)tx.send(std::move(j));
  j.data = {1};
  j.data.push_back(1);
}
void member_reset_ok(fearless::sender<job> tx) {
  job j{"a", {1}};
  (void)tx.send(std::move(j));
  j.reset();
  j.data.push_back(1);
}
void other_member_ok(numbers tx) {
  job j{"a", {1}};
  (void)tx.send(std::move(j.data));
  j.name += "b";
}
void same_member_bad(numbers tx) {
  job j{"a", {1}};
  (void)tx.send(std::move(j.data));
// expected-note@-1 {{'j.data' is moved to another thread here, by 'fearless::sender::send'}}
  j.data[0] = 2;
// expected-error@-1 {{'j.data' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'j.data' a new value first}}
}
class batcher {
public:
  void flush_bad() {
    (void)tx_.send(std::move(batch_));
// expected-note@-1 {{'batch_' is moved to another thread here, by 'fearless::sender::send'}}
    batch_.push_back(1);
// expected-error@-1 {{'batch_' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'batch_' a new value first}}
  }
  void flush_ok() {
    (void)tx_.send(std::move(batch_));
    batch_.clear();
    batch_.push_back(1);
  }
  void flush_and_refill_ok() {
    (void)tx_.send(std::move(batch_));
    refill();
    batch_.push_back(1);
  }

private:
  void refill();
  numbers tx_;
  std::vector<int> batch_;
};

// --- Paths -------------------------------------------------------------------------
void loop_bad(numbers tx) {
  std::vector<int> v{1, 2, 3};
  for (int i = 0; i < 3; ++i)
    (void)tx.send(std::move(v));
// expected-error@-1 {{'v' is sent to another thread again, in a later round of the loop [fearless-use-after-send]}}
// expected-note@-2 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
// expected-note@-3 {{help: send each round an object of its own}}
}
void loop_own_ok(numbers tx) {
  for (int i = 0; i < 3; ++i) {
    std::vector<int> v{1, 2, 3};
    (void)tx.send(std::move(v));
  }
}
void loop_renewed_ok(numbers tx) {
  std::vector<int> v;
  for (int i = 0; i < 3; ++i) {
    v.push_back(i);
    (void)tx.send(std::move(v));
    v = {};
  }
}
void branch_bad(boxes tx, bool now) {
  auto p = std::make_unique<plain>();
  if (now)
    (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  p->x = 1;
// expected-error@-1 {{'p' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'p' a new value first}}
}
void branch_return_ok(boxes tx, bool now) {
  auto p = std::make_unique<plain>();
  if (now) {
    (void)tx.send(std::move(p));
    return;
  }
  p->x = 1;
}
void branch_else_ok(boxes a, boxes b, bool first) {
  auto p = std::make_unique<plain>();
  if (first)
    (void)a.send(std::move(p));
  else
    (void)b.send(std::move(p));
}
void switch_bad(words tx, int n) {
  std::string s = "a";
  switch (n) {
  case 0:
    (void)tx.send(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'fearless::sender::send'}}
    [[fallthrough]];
  default:
    s += "b";
// expected-error@-1 {{'s' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 's' a new value first}}
  }
}

// --- Every way out -----------------------------------------------------------------
void thread_capture_bad() {
  std::vector<int> v{1};
  std::thread t([v = std::move(v)] { (void)v.size(); });
// expected-note@-1 {{'v' is moved to another thread here, by 'std::thread'}}
  v.push_back(2);
// expected-error@-1 {{'v' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'v' a new value first}}
  t.join();
}
void thread_argument_bad() {
  std::vector<int> v{1};
  std::thread t([](std::vector<int> w) { w[0] = 1; }, std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'std::thread'}}
  v[0] = 1;
// expected-error@-1 {{'v' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'v' a new value first}}
  t.join();
}
void spawn_bad() {
  auto p = std::make_unique<plain>();
  auto handle = fearless::spawn([p = std::move(p)] { p->x = 1; });
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::spawn'}}
  p->x = 2;
// expected-error@-1 {{'p' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'p' a new value first}}
}
void sender_bad(fearless::sender<int> tx) {
  std::thread t([tx = std::move(tx)] { (void)tx.send(1); });
// expected-note@-1 {{'tx' is moved to another thread here, by 'std::thread'}}
  (void)tx.send(2);
// expected-error@-1 {{'tx' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 'tx' a new value first}}
  t.join();
}
void sender_copied_ok(fearless::sender<int> tx) {
  std::thread t([tx] { (void)tx.send(1); });
  (void)tx.send(2);
  t.join();
}
void promise_bad(std::promise<std::string> result) {
  std::string s = "a";
  result.set_value(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'std::promise::set_value'}}
  s += "b";
// expected-error@-1 {{'s' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or give 's' a new value first}}
}
void task_ok() {
  std::packaged_task<int()> task([] { return 1; });
  auto result = task.get_future();
  std::thread t(std::move(task));
  t.join();
  (void)result.get();
}
void returned_ok() {
  std::vector<int> v{1};
  auto result = std::async(std::launch::async, [v = std::move(v)]() mutable {
    v[0] = 2;
    return std::move(v);
  });
  v = result.get();
  v[0] = 1;
}
void given_back_ok(numbers tx) {
  std::vector<int> v{1};
  auto result = tx.try_send(std::move(v));
  if (!result)
    v = result.take();
  v.clear();
}
void answered_ok(boxes tx, fearless::receiver<std::unique_ptr<plain>> rx) {
  auto p = std::make_unique<plain>();
  (void)tx.send(std::move(p));
  if (auto back = rx.recv()) {
    p = std::move(*back);
    p->x = 1;
  }
}
void bindings_ok(numbers tx) {
  auto [left, right] = std::pair(std::vector<int>{1}, std::vector<int>{2});
  (void)tx.send(std::move(left));
  right.push_back(3);
}
void made_of_numbers_ok(fearless::sender<std::unique_ptr<int>> tx) {
  int n = 1;
  auto box = std::make_unique<int>(n);
  (void)tx.send(std::move(box));
  ++n;
}
template <typename T> void generic_bad(fearless::sender<std::vector<T>> tx) {
  std::vector<T> v{T()};
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  v.front() = T();
// expected-error@-1 {{'v' is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{in the instantiation 'generic_bad<int>'}}
// expected-note@-3 {{help: use it before it is sent, or give 'v' a new value first}}
}
template void generic_bad<int>(fearless::sender<std::vector<int>>);

// What is made of a number holds a copy of it.
void made_of_a_number_ok(fearless::sender<std::unique_ptr<int>> tx) {
  for (int i = 0; i < 3; ++i)
    (void)tx.send(std::make_unique<int>(i));
}
struct counter_of {
  explicit counter_of(int &n) : n(n) {}
  int &n;
};
void made_of_a_reference_bad(fearless::sender<std::unique_ptr<counter_of>> tx) {
  int i = 0;
  (void)tx.send(std::make_unique<counter_of>(i));
// expected-note@-1 {{'i' is given to another thread here, by 'fearless::sender::send'}}
  i = 2;
// expected-error@-1 {{what 'i' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'i' does not lead to}}
}
