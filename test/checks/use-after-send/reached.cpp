// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-use-after-send: what still leads to something that was sent.
//
// RUN: %fearless_check %s -checks=fearless-use-after-send -- -std=c++20 -pthread

#include <fearless/arc.h>
#include <fearless/channel.h>
#include <fearless/mutex.h>
#include <fearless/thread.h>

#include <future>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct plain {
  int x = 0;
  plain *next = nullptr;
  int peek() const { return x; }
  void set(int v) { x = v; }
};
struct alone {
  int x = 0;
};
using boxes = fearless::sender<std::unique_ptr<plain>>;
using shares = fearless::sender<std::shared_ptr<plain>>;
using numbers = fearless::sender<std::vector<int>>;
using words = fearless::sender<std::string>;
void consume(FEARLESS_SENDING std::unique_ptr<plain> p);
void adopt(FEARLESS_SENDING std::vector<std::unique_ptr<plain>> all);
int length(std::string_view);

// --- Pointers, references, iterators, views into what was moved ---------------------
void pointer_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  raw->x = 2;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void pointer_read_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  (void)raw->peek();
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void pointer_before_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
  raw->x = 2;
  (void)tx.send(std::move(p));
}
void pointer_elsewhere_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  plain other;
  plain *raw = p.get();
  (void)tx.send(std::move(p));
  raw = &other;
  raw->x = 2;
}
void pointer_of_pointer_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
  plain *again = raw;
// expected-note@-1 {{'again' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  again->x = 2;
// expected-error@-1 {{what 'again' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'again' does not lead to}}
}
void pointer_deleted_bad(boxes tx) {
  plain *raw = new plain;
  (void)tx.send(std::unique_ptr<plain>(raw));
// expected-note@-1 {{'raw' is given to another thread here, by 'fearless::sender::send'}}
  delete raw;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void pointer_moved_first_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'q' leads to from here on}}
  auto q = std::move(p);
  (void)tx.send(std::move(q));
// expected-note@-1 {{'q' is moved to another thread here, by 'fearless::sender::send'}}
  raw->x = 2;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void reference_bad(numbers tx) {
  std::vector<int> v{1, 2, 3};
  int &first = v[0];
// expected-note@-1 {{'first' refers to what 'v' leads to from here on}}
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  first = 1;
// expected-error@-1 {{what 'first' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'first' does not lead to}}
}
void reference_front_bad(numbers tx) {
  std::vector<int> v{1, 2, 3};
  auto &first = v.front();
// expected-note@-1 {{'first' refers to what 'v' leads to from here on}}
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  ++first;
// expected-error@-1 {{what 'first' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'first' does not lead to}}
}
void reference_copied_ok(numbers tx) {
  std::vector<int> v{1, 2, 3};
  int first = v[0];
  (void)tx.send(std::move(v));
  first = 1;
}
void reference_behind_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain &r = *p;
// expected-note@-1 {{'r' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  r.set(1);
// expected-error@-1 {{what 'r' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'r' does not lead to}}
}
void iterator_bad(numbers tx) {
  std::vector<int> v{1, 2, 3};
  auto it = v.begin();
// expected-note@-1 {{'it' refers to what 'v' leads to from here on}}
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  *it = 1;
// expected-error@-1 {{what 'it' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'it' does not lead to}}
}
void span_bad(numbers tx) {
  std::vector<int> v{1};
  std::span<int> s(v);
// expected-note@-1 {{'s' refers to what 'v' leads to from here on}}
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  s[0] = 1;
// expected-error@-1 {{what 's' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 's' does not lead to}}
}
void view_bad(words tx) {
  std::string s = "hello";
  std::string_view w = s;
// expected-note@-1 {{'w' refers to what 's' leads to from here on}}
  (void)tx.send(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'fearless::sender::send'}}
  (void)(w[0] == 'x');
// expected-error@-1 {{what 'w' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'w' does not lead to}}
}
void view_passed_bad(words tx) {
  std::string s = "hello";
  std::string_view w = s;
// expected-note@-1 {{'w' refers to what 's' leads to from here on}}
  (void)tx.send(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'fearless::sender::send'}}
  (void)length(w);
// expected-error@-1 {{what 'w' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'w' does not lead to}}
}
void view_of_copy_ok(words tx) {
  std::string s = "hello";
  std::string_view w = s;
  (void)tx.send(s);
  (void)length(w);
}
void data_bad(words tx) {
  std::string s = "hello";
  char *chars = s.data();
// expected-note@-1 {{'chars' refers to what 's' leads to from here on}}
  (void)tx.send(std::move(s));
// expected-note@-1 {{'s' is moved to another thread here, by 'fearless::sender::send'}}
  chars[0] = 'j';
// expected-error@-1 {{what 'chars' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'chars' does not lead to}}
}
void loop_variable_bad(numbers tx) {
  std::vector<int> v{1};
  int *last = nullptr;
  for (int &x : v)
    last = &x;
// expected-note@-1 {{'last' refers to what 'v' leads to from here on}}
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  *last = 1;
// expected-error@-1 {{what 'last' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'last' does not lead to}}
}
void closure_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  auto use = [raw = p.get()] { raw->x = 1; };
// expected-note@-1 {{'use' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  use();
// expected-error@-1 {{what 'use' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'use' does not lead to}}
}
void closure_by_reference_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
  auto use = [&] { raw->x = 1; };
// expected-note@-1 {{'use' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  use();
// expected-error@-1 {{what 'use' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'use' does not lead to}}
}

// --- Put into something that is sent ---------------------------------------------------
void pushed_bad(fearless::sender<std::vector<std::unique_ptr<plain>>> tx) {
  std::vector<std::unique_ptr<plain>> v;
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'v' leads to from here on}}
  v.push_back(std::move(p));
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is moved to another thread here, by 'fearless::sender::send'}}
  raw->x = 3;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void pushed_elsewhere_ok(fearless::sender<std::vector<std::unique_ptr<plain>>> tx) {
  std::vector<std::unique_ptr<plain>> v, kept;
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
  kept.push_back(std::move(p));
  (void)tx.send(std::move(v));
  raw->x = 3;
}
struct parcel {
  std::unique_ptr<plain> inside;
  int tag;
};
void in_aggregate_bad(fearless::sender<parcel> tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  (void)tx.send(parcel{std::move(p), 1});
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  raw->x = 3;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void in_pair_bad(std::promise<std::pair<int, std::unique_ptr<plain>>> result) {
  auto p = std::make_unique<plain>();
  plain &r = *p;
// expected-note@-1 {{'r' refers to what 'p' leads to from here on}}
  result.set_value(std::make_pair(1, std::move(p)));
// expected-note@-1 {{'p' is moved to another thread here, by 'std::promise::set_value'}}
  r.x = 1;
// expected-error@-1 {{what 'r' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'r' does not lead to}}
}
void in_member_bad(fearless::sender<parcel> tx) {
  parcel out;
  out.inside = std::make_unique<plain>();
  plain *raw = out.inside.get();
// expected-note@-1 {{'raw' refers to what 'out' leads to from here on}}
  (void)tx.send(std::move(out));
// expected-note@-1 {{'out' is moved to another thread here, by 'fearless::sender::send'}}
  raw->x = 3;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void linked_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain tail;
  p->next = &tail;
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  tail.x = 1;
// expected-error@-1 {{what 'tail.x' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'tail.x' does not lead to}}
}

// --- Shared owners: the sender gives up what it sends --------------------------------
void shared_bad(shares tx) {
  auto p = std::make_shared<plain>();
  auto q = p;
// expected-note@-1 {{'q' refers to what 'p' leads to from here on}}
  (void)tx.send(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  q->x = 1;
// expected-error@-1 {{what 'q' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'q' does not lead to}}
}
void shared_same_bad(shares tx) {
  auto p = std::make_shared<plain>();
  (void)tx.send(p);
// expected-note@-1 {{'p' is given to another thread here, by 'fearless::sender::send'}}
  p->x = 1;
// expected-error@-1 {{what 'p' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'p' does not lead to}}
}
void shared_fresh_ok(shares tx) {
  auto p = std::make_shared<plain>();
  p->x = 1;
  (void)tx.send(std::move(p));
}
void shared_other_ok(shares tx) {
  auto p = std::make_shared<plain>();
  (void)tx.send(p);
  p = std::make_shared<plain>();
  p->x = 1;
}
void shared_lock_ok(fearless::sender<fearless::arc<fearless::mutex<int>>> tx) {
  auto a = fearless::make_arc<fearless::mutex<int>>(1);
  (void)tx.send(a);
  *a->lock() = 2;
}

// --- Promises: whoever has the future reads; a later write is a race ------------------
void promise_bad(std::promise<std::shared_ptr<plain>> result) {
  auto p = std::make_shared<plain>();
  result.set_value(p);
// expected-note@-1 {{'p' is given to another thread here, by 'std::promise::set_value'}}
  p->x = 1;
// expected-error@-1 {{what 'p' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'p' does not lead to}}
}
void promise_read_ok(std::promise<std::shared_ptr<plain>> result) {
  auto p = std::make_shared<plain>();
  result.set_value(p);
  (void)p->peek();
}
void promise_const_ok(std::promise<std::shared_ptr<const plain>> result) {
  auto p = std::make_shared<const plain>();
  result.set_value(p);
  (void)p->peek();
}
void promise_const_alias_bad(std::promise<std::shared_ptr<const plain>> result) {
  auto p = std::make_shared<plain>();
  result.set_value(p);
// expected-note@-1 {{'p' is given to another thread here, by 'std::promise::set_value'}}
  p->set(1);
// expected-error@-1 {{what 'p' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'p' does not lead to}}
}

// --- Threads ----------------------------------------------------------------------------
void thread_bad() {
  auto p = std::make_unique<alone>();
  alone *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  std::thread t([p = std::move(p)] { p->x = 1; });
// expected-note@-1 {{'p' is moved to another thread here, by 'std::thread'}}
  raw->x = 2;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
  t.join();
}
void thread_argument_bad() {
  auto p = std::make_unique<alone>();
  alone *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  std::thread t([](std::unique_ptr<alone> mine) { mine->x = 1; }, std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'std::thread'}}
  raw->x = 2;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
  t.join();
}
void thread_shared_ok() {
  auto p = std::make_shared<alone>();
  auto q = p;
  std::thread t([p = std::move(p)] { p->x = 1; });
  t.join();
  q->x = 2;
}

// --- Marked parameters, and functions that send what they are given -------------------
void marked_bad() {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  consume(std::move(p));
// expected-note@-1 {{'p' is moved to another thread here, by 'consume'}}
  raw->x = 1;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
}
void marked_many_bad() {
  std::vector<std::unique_ptr<plain>> all(2);
  plain &first = *all[0];
// expected-note@-1 {{'first' refers to what 'all' leads to from here on}}
  adopt(std::move(all));
// expected-note@-1 {{'all' is moved to another thread here, by 'adopt'}}
  first.x = 1;
// expected-error@-1 {{what 'first' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'first' does not lead to}}
}
static void helper(boxes &tx, std::unique_ptr<plain> p) {
  (void)tx.send(std::move(p));
// expected-note@-1 2 {{'p' is moved to another thread here, by 'fearless::sender::send'}}
}
void helper_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain &r = *p;
// expected-note@-1 {{'r' refers to what 'p' leads to from here on}}
  helper(tx, std::move(p));
// expected-note@-1 {{reached through this call}}
  r.set(1);
// expected-error@-1 {{what 'r' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'r' does not lead to}}
}
static void outer_helper(boxes &tx, std::unique_ptr<plain> p) {
  helper(tx, std::move(p));
}
void outer_helper_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain &r = *p;
// expected-note@-1 {{'r' refers to what 'p' leads to from here on}}
  outer_helper(tx, std::move(p));
// expected-note@-1 {{reached through this call}}
  r.set(1);
// expected-error@-1 {{what 'r' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'r' does not lead to}}
}
static void by_reference(numbers &tx, std::vector<int> &v) {
  (void)tx.send(std::move(v));
// expected-note@-1 {{'v' is given to another thread here, by 'fearless::sender::send'}}
}
void by_reference_bad(numbers tx) {
  std::vector<int> v{1};
  by_reference(tx, v);
// expected-note@-1 {{reached through this call}}
  v.push_back(2);
// expected-error@-1 {{what 'v' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'v' does not lead to}}
}
static void keeps(boxes &, std::unique_ptr<plain> p) { p->x = 1; }
void keeps_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  keeps(tx, std::move(p));
  p = nullptr;
}
