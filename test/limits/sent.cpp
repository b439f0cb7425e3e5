// RUN: %fearless_check %s -checks=fearless-use-after-send -- -std=c++20 -pthread
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What fearless-use-after-send does not see, and what it reports too much: see
// docs/limitations.md.

#include <fearless/channel.h>

#include <memory>
#include <vector>

struct plain {
  int x = 0;
};
using boxes = fearless::sender<std::unique_ptr<plain>>;
using numbers = fearless::sender<std::vector<int>>;

// A method that sends a member of its object.
struct batch {
  std::vector<int> values;
  void flush(numbers &tx) { (void)tx.send(std::move(values)); }
};
void FN_member_of_the_object_bad(numbers tx) {
  batch b{{1, 2}};
  b.flush(tx);
  b.values.push_back(3);
}

// Aliases that were made elsewhere.
struct store {
  plain *kept = nullptr;
  std::unique_ptr<plain> make();
};
void FN_alias_kept_elsewhere_bad(boxes tx, store &s) {
  (void)tx.send(s.make());
  s.kept->x = 1;
}

// Another translation unit that sends what it is given.
void sends(boxes &tx, std::unique_ptr<plain> &p);
void FN_other_unit_bad(boxes tx) {
  auto p = std::make_unique<plain>();
  plain *raw = p.get();
  sends(tx, p);
  raw->x = 1;
}

// Conditions that exclude one another.
void FP_same_condition_ok(boxes tx, bool now) {
  auto p = std::make_unique<plain>();
  if (now)
    (void)tx.send(std::move(p)); // expected-note {{'p' is moved to another thread here}}
  if (!now)
    p->x = 1; // expected-error {{'p' is used after it was sent to another thread}} expected-note {{help}}
}
