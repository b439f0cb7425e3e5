// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instantiations are judged, each for itself; a template as such is not.
//
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

struct cache { mutable int hits; };

// --- Class templates ----------------------------------------------------------------
template <class T> struct box { T value; };
template <class T> struct box<T *const> { int index; }; // a partial specialisation
template <> struct box<void> { int *pointer; };         // an explicit one
FEARLESS_ASSERT_SEND(box<cache *const>);
FEARLESS_ASSERT_NOT_SEND(box<void>);
FEARLESS_ASSERT_SEND(box<int>);
FEARLESS_ASSERT_NOT_SEND(box<int *>);
FEARLESS_ASSERT_NOT_SEND(box<int &>);
FEARLESS_ASSERT_SEND(box<const int &>);
FEARLESS_ASSERT_SYNC(const box<int>);
FEARLESS_ASSERT_NOT_SYNC(const box<cache>);
FEARLESS_ASSERT_SYNC(box<const int>);
FEARLESS_ASSERT_SEND(box<box<box<int>>>);
FEARLESS_ASSERT_NOT_SEND(box<box<box<int *>>>);

template <class T, int N> struct array { T items[N]; };
FEARLESS_ASSERT_SEND(array<box<int>, 3>);
FEARLESS_ASSERT_NOT_SEND(array<box<int *>, 3>);

template <class T> struct tag {};
FEARLESS_ASSERT_SYNC(tag<int *>);

template <class... T> struct row;
template <> struct row<> {};
template <class Head, class... Tail> struct row<Head, Tail...> : row<Tail...> { Head head; };
FEARLESS_ASSERT_SEND(row<int, char, double>);
FEARLESS_ASSERT_NOT_SEND(row<int, char *, double>);
FEARLESS_ASSERT_NOT_SEND(row<int, char, double *>);

template <template <class> class C, class T> struct applied { C<T> inside; };
FEARLESS_ASSERT_SEND(applied<box, int>);
FEARLESS_ASSERT_NOT_SEND(applied<box, int &>);

template <class T> struct outer {
  struct inner { T value; };
  template <class U> struct deeper { T t; U u; };
};
FEARLESS_ASSERT_SEND(outer<int>::inner);
FEARLESS_ASSERT_NOT_SEND(outer<int &>::inner);
FEARLESS_ASSERT_NOT_SEND(outer<int>::deeper<char &>);

template <class T> using boxed = box<T>;
FEARLESS_ASSERT_SEND(boxed<int>);
using sent_by_alias = boxed<const int>;
FEARLESS_ASSERT_SYNC(sent_by_alias);

// CRTP: the base mentions the derived class and holds nothing of it.
template <class Derived> struct counted { static inline int count = 0; };
struct widget : counted<widget> { int id; };
FEARLESS_ASSERT_SEND(widget);

// --- Assertions inside templates --------------------------------------------------------
template <class T> struct asserted {
  FEARLESS_ASSERT_SEND(T); // expected-error {{assertion failed: 'char *' is not Send [fearless-annotation]}} expected-note {{nothing synchronizes 'char'}} expected-note {{in the instantiation 'asserted<char *>'}}
  T value;
};
template struct asserted<int>;
template struct asserted<char *>;

template <class T> void function(T value) {
  FEARLESS_ASSERT_SYNC(T); // expected-error {{assertion failed: 'long' is not Sync [fearless-annotation]}} expected-note {{nothing synchronizes 'long'}} expected-note {{in the instantiation 'function<long>'}}
}
void caller() {
  function<const int>(1);
  function(2L);
}

// Never instantiated: nothing is known, and nothing is said.
template <class T> void never(T value) {
  FEARLESS_ASSERT_SEND(T);
  FEARLESS_ASSERT_NOT_SEND(T);
}
template <class T> struct never_made { FEARLESS_ASSERT_SYNC(T *); };
