// RUN: %fearless_check %s -mode=strict -checks=fearless-use-after-send,fearless-send,fearless-sync -- -std=c++20 -pthread
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-use-after-send in strict mode: what only may lead to what was sent.
// And what fearless-sync accepts because the region is proven disconnected.

#include <fearless/channel.h>

#include <memory>

struct plain {
  int x = 0; // expected-note 3 {{because field 'plain::x' has type 'int'}} expected-note 3 {{nothing synchronizes 'int'}}
};
// expected-note@fearless/channel.h:* 3 {{'fearless::sender::send' gives the value to another thread: it must be Send}}
struct list {
  plain *head = nullptr;
};
using boxes = fearless::sender<std::unique_ptr<plain>>;
using shares = fearless::sender<std::shared_ptr<plain>>;
plain *pick(plain *first, plain *second);
int count(const plain *first);
void keep(std::shared_ptr<plain> p);

void through_a_function_bad(boxes tx, plain &other) {
  auto p = std::make_unique<plain>();
  plain *raw = pick(p.get(), &other); // expected-note {{'raw' may refer to what 'p' leads to from here on}}
  (void)tx.send(std::move(p)); // expected-note {{'p' is moved to another thread here, by 'fearless::sender::send'}}
  raw->x = 1; // expected-error {{what 'raw' refers to may be used after it was sent to another thread: no proof that it is not [fearless-use-after-send]}} expected-note {{help: use it before it is sent}}
}
void one_of_two_bad(boxes tx, bool first) {
  auto p = std::make_unique<plain>(), q = std::make_unique<plain>();
  plain *raw = first ? p.get() : q.get(); // expected-note {{'raw' may refer to what 'p' leads to}}
  (void)tx.send(std::move(p)); // expected-note {{'p' is moved to another thread here}}
  raw->x = 1; // expected-error {{what 'raw' refers to may be used after}} expected-note {{help}}
}
void number_ok(boxes tx) {
  auto p = std::make_unique<plain>();
  int n = count(p.get());
  (void)tx.send(std::move(p));
  ++n;
}

// An owner by alias: nothing else leads to the object.
void fresh_ok(shares tx) {
  auto p = std::make_shared<plain>();
  p->x = 1;
  (void)tx.send(std::move(p));
}
void temporary_ok(shares tx) { (void)tx.send(std::make_shared<plain>()); }
void parameter_bad(shares tx, std::shared_ptr<plain> p) {
  (void)tx.send(std::move(p)); // expected-error {{the argument 'p' of type 'std::shared_ptr<plain>' cannot be shared with another thread}} expected-note {{'std::shared_ptr<plain>' is Send only if 'plain' is Sync}}
}
void kept_bad(shares tx) {
  auto p = std::make_shared<plain>();
  keep(p);
  (void)tx.send(std::move(p)); // expected-error {{the argument 'p' of type 'std::shared_ptr<plain>' cannot be shared with another thread}} expected-note {{'std::shared_ptr<plain>' is Send only if 'plain' is Sync}}
}
void member_bad(shares tx, list &l) {
  auto p = std::make_shared<plain>();
  l.head = p.get();
  (void)tx.send(std::move(p)); // expected-error {{the argument 'p' of type 'std::shared_ptr<plain>' cannot be shared with another thread}} expected-note {{'std::shared_ptr<plain>' is Send only if 'plain' is Sync}}
}
