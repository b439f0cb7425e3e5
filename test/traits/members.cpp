// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Classes and unions: every base and field, as seen through the qualifier.
//
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

// expected-no-diagnostics

#define EXPECT(SEND, SYNC_CONST, SYNC, ...)                                    \
  FEARLESS_ASSERT_##SEND(__VA_ARGS__);                                         \
  FEARLESS_ASSERT_##SYNC_CONST(const __VA_ARGS__);                             \
  FEARLESS_ASSERT_##SYNC(__VA_ARGS__)

struct FEARLESS_NOT_SEND("it belongs to its window") not_send {};
struct FEARLESS_NOT_SYNC("reads move a cursor") not_sync {};
struct atomic_int { _Atomic(int) value; };

// --- Fields --------------------------------------------------------------------
struct empty {};
EXPECT(SEND, SYNC, SYNC, empty);
struct value { int i; double d[4]; const char *literal; };
EXPECT(SEND, SYNC, NOT_SYNC, value);
struct all_const { const int i; const double d[4]; const char *const literal; };
EXPECT(SEND, SYNC, SYNC, all_const);
struct nested { value v; struct { int x; } anonymous_type; };
EXPECT(SEND, SYNC, NOT_SYNC, nested);
struct bits { unsigned a : 3; unsigned : 0; unsigned b : 5; };
EXPECT(SEND, SYNC, NOT_SYNC, bits);
struct const_bits { const unsigned a : 3; };
EXPECT(SEND, SYNC, SYNC, const_bits);
struct flexible { int n; int tail[]; };
EXPECT(SEND, SYNC, NOT_SYNC, flexible);
struct no_address { [[no_unique_address]] empty e; int i; };
EXPECT(SEND, SYNC, NOT_SYNC, no_address);

// mutable removes const, and nothing more.
struct cache { mutable int hits; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, cache);
struct atomic_cache { mutable _Atomic(int) hits; int i; };
EXPECT(SEND, SYNC, NOT_SYNC, atomic_cache);
struct mutable_pointer { mutable const int *p; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, mutable_pointer);
struct holds_cache { cache c; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, holds_cache);
struct const_cache { const cache c; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, const_cache);
struct mutable_array { mutable int a[2]; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, mutable_array);

// const does not reach through a pointer or reference.
struct pointer { int *p; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, pointer);
struct const_pointer { int *const p; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, const_pointer);
struct to_const { const int *p; };
EXPECT(SEND, SYNC, NOT_SYNC, to_const);
struct const_to_const { const int *const p; };
EXPECT(SEND, SYNC, SYNC, const_to_const);
struct reference { int &r; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, reference);
struct const_reference { const int &r; };
EXPECT(SEND, SYNC, SYNC, const_reference); // a reference cannot be changed
struct rvalue_reference { int &&r; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, rvalue_reference);
struct to_atomic { atomic_int &r; };
EXPECT(SEND, SYNC, SYNC, to_atomic);
struct to_cache { const cache *p; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, to_cache);
struct callback { void (*f)(void *); void (callback::*m)(); };
EXPECT(SEND, SYNC, NOT_SYNC, callback);
struct opaque { void *p; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, opaque);

// volatile synchronises nothing, and changes nothing.
struct volatile_field { volatile int v; };
EXPECT(SEND, SYNC, NOT_SYNC, volatile_field);

// Statics and member functions are no part of the object.
struct statics { static int *p; static inline int counter = 0; int *f(int &); };
EXPECT(SEND, SYNC, SYNC, statics);

// What a field says of itself.
struct has_not_send { not_send n; };
EXPECT(NOT_SEND, SYNC, SYNC, has_not_send);
struct has_not_sync { not_sync n; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, has_not_sync);
struct refers_to_not_send { not_send *n; }; // Send(T*) asks Sync(T)
EXPECT(SEND, SYNC, NOT_SYNC, refers_to_not_send);
struct refers_to_not_sync { const not_sync *n; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, refers_to_not_sync);

// --- Unions: any of the members may be the active one -----------------------------
union number { int i; double d; };
EXPECT(SEND, SYNC, NOT_SYNC, number);
union number_or_pointer { int i; int *p; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, number_or_pointer);
union with_mutable { mutable int i; };
EXPECT(SEND, NOT_SYNC, NOT_SYNC, with_mutable);
struct tagged { int tag; union { int i; double d; struct { short x, y; }; }; };
EXPECT(SEND, SYNC, NOT_SYNC, tagged);
struct tagged_pointer { int tag; union { int i; struct { int *p; }; }; };
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, tagged_pointer);

// --- Bases -----------------------------------------------------------------------
struct derived : value {};
EXPECT(SEND, SYNC, NOT_SYNC, derived);
struct derived_cache : private cache {};
EXPECT(SEND, NOT_SYNC, NOT_SYNC, derived_cache);
struct derived_pointer : protected pointer {};
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, derived_pointer);
struct left : virtual empty { const int i; };
struct right : virtual empty { const int j; };
struct diamond : left, right {};
EXPECT(SEND, SYNC, SYNC, diamond);
struct left_cache : virtual cache {};
struct right_cache : virtual cache {};
struct diamond_cache : left_cache, right_cache {};
EXPECT(SEND, NOT_SYNC, NOT_SYNC, diamond_cache);
struct derived_not_send : empty, not_send {};
EXPECT(NOT_SEND, SYNC, SYNC, derived_not_send);
template <class... Bases> struct mixed : Bases... {};
EXPECT(SEND, SYNC, SYNC, mixed<empty, atomic_int>);
EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, mixed<empty, cache, not_send>);

// --- Local and nested classes --------------------------------------------------------
struct outer {
  int *p;
  struct inner { int i; }; // no part of outer
};
EXPECT(SEND, SYNC, NOT_SYNC, outer::inner);
void function(int n) {
  struct local { int i; struct deeper { int *p; } d; };
  EXPECT(NOT_SEND, NOT_SYNC, NOT_SYNC, local);
  struct local_value { int i; };
  EXPECT(SEND, SYNC, NOT_SYNC, local_value);
}
