// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recursive types: a question that is still being answered counts as Yes, and
// the answer of a cycle is the least answer in it. (query-order.test asks in
// every order.)
//
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#include <memory>
#include <vector>

// expected-no-diagnostics

struct FEARLESS_NOT_SEND("it belongs to its window") handle {};

// --- A class that reaches itself -----------------------------------------------------------
struct tree { std::vector<tree> children; int value; };
FEARLESS_ASSERT_SEND(tree);
FEARLESS_ASSERT_SYNC(const tree);
FEARLESS_ASSERT_NOT_SYNC(tree);
struct list { std::unique_ptr<list> next; int value; };
FEARLESS_ASSERT_SEND(list);
struct const_list { const const_list *next; const int value; };
FEARLESS_ASSERT_SEND(const_list);
FEARLESS_ASSERT_SYNC(const const_list);
struct frozen_list { const frozen_list *const next; const int value; };
FEARLESS_ASSERT_SYNC(frozen_list);
struct raw_list { raw_list *next; };
FEARLESS_ASSERT_NOT_SEND(raw_list);      // Sync(raw_list) <- Sync(raw_list *) = No
struct const_raw_list { const_raw_list *const next; };
FEARLESS_ASSERT_SEND(const_raw_list);    // nothing in the ring can be written
struct atomic_list { _Atomic(atomic_list *) next; _Atomic(int) value; };
FEARLESS_ASSERT_SYNC(atomic_list);       // Send(T *) <- Sync(T), which is being asked
FEARLESS_ASSERT_SEND(atomic_list *);
struct bad_tree { std::vector<bad_tree> children; handle window; };
FEARLESS_ASSERT_NOT_SEND(bad_tree);

// --- Two and three that reach each other; the culprit is in one of them ------------------------
struct b1; struct c1;
struct a1 { std::unique_ptr<b1> b; };
struct b1 { std::unique_ptr<c1> c; };
struct c1 { std::unique_ptr<a1> a; };
FEARLESS_ASSERT_SEND(a1);
FEARLESS_ASSERT_SEND(b1);
FEARLESS_ASSERT_SEND(c1);
struct b2; struct c2;
struct a2 { std::unique_ptr<b2> b; };
struct b2 { std::unique_ptr<c2> c; };
struct c2 { std::unique_ptr<a2> a; handle window; };
FEARLESS_ASSERT_NOT_SEND(a2);
FEARLESS_ASSERT_NOT_SEND(b2);
FEARLESS_ASSERT_NOT_SEND(c2);
struct hidden;
struct b3;
struct a3 { std::unique_ptr<b3> b; };
struct b3 { std::unique_ptr<a3> a; const hidden *h; };
FEARLESS_ASSERT_NOT_SEND(a3);            // Unknown: hidden is only declared
struct outside { std::unique_ptr<a3> a; };
FEARLESS_ASSERT_NOT_SEND(outside);

// A cycle through marks: each promises for itself, and both promises are kept.
struct FEARLESS_SYNC right_mark;
struct FEARLESS_SYNC left_mark { _Atomic(right_mark *) other; };
struct FEARLESS_SYNC right_mark { _Atomic(left_mark *) other; };
FEARLESS_ASSERT_SEND(left_mark *);

// --- Templates that grow with each step stop where nothing more is instantiated ------------------
template <class T> struct grows { grows<T *> *next; T value; };
FEARLESS_ASSERT_NOT_SEND(grows<int>);
template <int N> struct counts_down { counts_down<N - 1> previous; int value; };
template <> struct counts_down<0> {};
FEARLESS_ASSERT_SEND(counts_down<200>);

// --- Closures that hold themselves through a wrapper -----------------------------------------------
template <class F> struct wrapper { F f; wrapper *self; };
void closure() {
  auto f = [n = 1] { return n; };
  wrapper<decltype(f)> w{f, nullptr};
  auto g = [w] { return w.f(); };
  FEARLESS_ASSERT_NOT_SEND(decltype(g));
}
