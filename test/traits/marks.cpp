// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Marked types are what their marks say: of all kinds, on classes, unions and
// enumerations, on any declaration of the type.
//
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

// expected-no-diagnostics

// --- Denials win over the structure -----------------------------------------------------
struct FEARLESS_NOT_SEND("a slot of its thread") slot { int index; };
FEARLESS_ASSERT_NOT_SEND(slot);
FEARLESS_ASSERT_NOT_SEND(const slot);
FEARLESS_ASSERT_SYNC(const slot);
struct FEARLESS_NOT_SYNC("reads move the cursor") cursor { const int file; };
FEARLESS_ASSERT_SEND(cursor);
FEARLESS_ASSERT_NOT_SYNC(cursor);
FEARLESS_ASSERT_NOT_SYNC(const cursor);
union FEARLESS_NOT_SEND("a handle") handle_union { int i; };
FEARLESS_ASSERT_NOT_SEND(handle_union);
enum FEARLESS_NOT_SEND("an index of a table of its thread") local_id { first };
FEARLESS_ASSERT_NOT_SEND(local_id);
FEARLESS_ASSERT_SYNC(const local_id);
enum class FEARLESS_NOT_SYNC("a handle") local_handle : int;
FEARLESS_ASSERT_NOT_SYNC(const local_handle);
FEARLESS_ASSERT_SEND(local_handle);

// --- UNSAFE is believed -----------------------------------------------------------------
struct FEARLESS_UNSAFE_SEND("sole owner of the bytes") buffer { char *data; };
FEARLESS_ASSERT_SEND(buffer);
FEARLESS_ASSERT_NOT_SYNC(const buffer);
struct FEARLESS_UNSAFE_SYNC("synchronised by the driver") device { int *registers; };
FEARLESS_ASSERT_SYNC(device);
FEARLESS_ASSERT_SYNC(const device);
FEARLESS_ASSERT_SEND(device *);
FEARLESS_ASSERT_NOT_SEND(device);
struct FEARLESS_UNSAFE_SYNC_CONST("readers only read") index { int *entries; };
FEARLESS_ASSERT_SYNC(const index);
FEARLESS_ASSERT_NOT_SYNC(index);

// --- Positive marks, verified elsewhere ---------------------------------------------------
struct FEARLESS_SEND FEARLESS_SYNC_CONST price { long cents; };
FEARLESS_ASSERT_SEND(price);
FEARLESS_ASSERT_SYNC(const price);
FEARLESS_ASSERT_NOT_SYNC(price);
struct FEARLESS_SYNC counter { _Atomic(long) hits; };
FEARLESS_ASSERT_SYNC(counter);
FEARLESS_ASSERT_SEND(counter); // by its structure

// --- Conditions --------------------------------------------------------------------------
template <class T> struct FEARLESS_SEND_IF(fearless::send<T>) box { T value; };
FEARLESS_ASSERT_SEND(box<int>);
FEARLESS_ASSERT_NOT_SEND(box<slot>);
template <class K, class V>
struct FEARLESS_UNSAFE_SEND_IF("owns both", fearless::send<K> && (fearless::send<V>)) map {
  ~map();
  map(map &&);
  K *keys;
  V *values;
};
using good_map = map<int, char>;
using bad_key = map<slot, char>;
using bad_value = map<int, slot>;
FEARLESS_ASSERT_SEND(good_map);
FEARLESS_ASSERT_NOT_SEND(bad_key);
FEARLESS_ASSERT_NOT_SEND(bad_value);
template <class... T>
struct FEARLESS_UNSAFE_SEND_IF("owns all of them", fearless::send<T>...) row { ~row(); row(row &&); void *cells; };
using good_row = row<int, char>;
using bad_row = row<int, slot, char>;
FEARLESS_ASSERT_SEND(good_row);
FEARLESS_ASSERT_NOT_SEND(bad_row);
FEARLESS_ASSERT_SEND(row<>);

// Qualifiers count; the mark about const objects decides for those.
template <class T>
class FEARLESS_UNSAFE_SYNC_IF("a reader-writer lock", fearless::send<T>, fearless::sync<const T>) rw {
public:
  T read() const;
  const T &see() const;

private:
  T *value;
};
FEARLESS_ASSERT_SYNC(rw<int>);
FEARLESS_ASSERT_NOT_SYNC(rw<cursor>);
FEARLESS_ASSERT_NOT_SYNC(rw<slot>);
template <class T>
struct FEARLESS_SYNC_IF(fearless::sync<T>) FEARLESS_SYNC_CONST_IF(fearless::sync<const T>) holder {
  T value;
};
FEARLESS_ASSERT_SYNC(const holder<int>);
FEARLESS_ASSERT_NOT_SYNC(holder<int>);
FEARLESS_ASSERT_SYNC(holder<counter>);
FEARLESS_ASSERT_SYNC(const holder<counter>);
FEARLESS_ASSERT_NOT_SYNC(const holder<cursor>);

// --- Which declaration ---------------------------------------------------------------------
struct FEARLESS_NOT_SEND("said early") early;
struct early { int i; };
FEARLESS_ASSERT_NOT_SEND(early);
template <class T> struct FEARLESS_NOT_SEND("said early") early_template;
template <class T> struct early_template { T value; };
FEARLESS_ASSERT_NOT_SEND(early_template<int>);

// Specialisations have their own marks.
template <class T> struct FEARLESS_NOT_SEND("in general") special { T value; };
template <> struct special<int> { int value; };
template <class T> struct FEARLESS_UNSAFE_SEND_IF("owned", fearless::send<T>) special<T *> { ~special(); special(special &&); T *value; };
FEARLESS_ASSERT_NOT_SEND(special<char>);
FEARLESS_ASSERT_SEND(special<int>);
FEARLESS_ASSERT_SEND(special<int *>);
FEARLESS_ASSERT_NOT_SEND(special<slot *>);

// Nested in templates, and with members.
template <class T> struct outer {
  struct FEARLESS_NOT_SEND("a cursor of its thread") inner { T value; };
  enum class FEARLESS_NOT_SEND("an id of its thread") id { none };
};
FEARLESS_ASSERT_NOT_SEND(outer<int>::inner);
FEARLESS_ASSERT_NOT_SEND(outer<int>::id);

// A class that relies on its own promise.
struct FEARLESS_SYNC node { _Atomic(node *) next; _Atomic(int) value; };
FEARLESS_ASSERT_SYNC(node);
