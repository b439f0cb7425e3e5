// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The element types and the rows of the tables that the tests of this folder
// share. A negative assertion holds for No and for Unknown; each row therefore
// has positive neighbours, which show that the entry is decided at all.

#ifndef FEARLESS_TEST_REAL_STD_SHAPES_H
#define FEARLESS_TEST_REAL_STD_SHAPES_H

#include <fearless/annotations.h>

#include <atomic>
#include <cstddef>
#include <type_traits>

// --- Elements: one for each combination of the two properties -------------------

/// Send and Sync(const), not Sync: an ordinary value.
struct plain {
  int value;
};

/// Send and Sync: synchronises itself.
struct synced {
  std::atomic<int> value;
};

/// Send, but Sync not even when const: readers write the cache.
struct send_only {
  mutable int cache;
};

/// Sync, but not Send.
struct FEARLESS_NOT_SEND("it belongs to the thread that made it") sync_only {
  std::atomic<int> value;
};

/// Neither.
struct FEARLESS_NOT_SEND("it belongs to the thread that made it") neither {
  mutable int cache;
};

/// A comparison, hash and equality for all of them.
struct any_order {
  template <class T>
  bool operator()(const T &, const T &) const {
    return false;
  }
};
struct any_hash {
  template <class T>
  std::size_t operator()(const T &) const {
    return 0;
  }
};
struct any_equal {
  template <class T>
  bool operator()(const T &, const T &) const {
    return true;
  }
};

/// A comparison, hash or function that is not Send, and one with a cache.
struct FEARLESS_NOT_SEND("it belongs to the thread that made it") bound_order
    : any_order, any_hash, any_equal {
  using any_order::operator();
};
struct caching_order : any_order {
  mutable int calls;
};

// --- Rows of types --------------------------------------------------------------

/// yes, yes, no
#define EXPECT_VALUE(...)                                                      \
  FEARLESS_ASSERT_SEND(__VA_ARGS__);                                           \
  FEARLESS_ASSERT_SYNC(std::add_const_t<__VA_ARGS__>);                         \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)

/// yes, yes, yes
#define EXPECT_THREAD_SAFE(...)                                                \
  FEARLESS_ASSERT_SEND(__VA_ARGS__);                                           \
  FEARLESS_ASSERT_SYNC(std::add_const_t<__VA_ARGS__>);                         \
  FEARLESS_ASSERT_SYNC(__VA_ARGS__)

/// yes, no, no
#define EXPECT_SEND_ONLY(...)                                                  \
  FEARLESS_ASSERT_SEND(__VA_ARGS__);                                           \
  FEARLESS_ASSERT_NOT_SYNC(std::add_const_t<__VA_ARGS__>);                     \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)

/// no, no, no
#define EXPECT_NEITHER(...)                                                    \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__);                                       \
  FEARLESS_ASSERT_NOT_SYNC(std::add_const_t<__VA_ARGS__>);                     \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)

// --- Rows of class templates, each given as an alias template of one argument ---

/// Send(T); Sync(const T); no: it holds a T inside.
#define EXPECT_HOLDS(...)                                                      \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<plain>);                                    \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<synced>);                                   \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<send_only>);                                \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<sync_only>);                            \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<neither>);                              \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<plain>);                              \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<synced>);                             \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<sync_only>);                          \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<send_only>);                      \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<neither>);                        \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<plain>)

/// Also no when the elements are thread-safe: it has a state of its own.
#define EXPECT_NEVER_SYNC(...)                                                 \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<synced>);                               \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<sync_only>)

/// Sync(T): it is its elements and no more.
#define EXPECT_SYNC_AS_ELEMENT(...)                                            \
  FEARLESS_ASSERT_SYNC(__VA_ARGS__<synced>);                                   \
  FEARLESS_ASSERT_SYNC(__VA_ARGS__<sync_only>)

/// Sync(T); Sync(T); no: a reference to a T that others may use.
#define EXPECT_REFERS(...)                                                     \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<plain>);                                \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<synced>);                                   \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<send_only>);                            \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<sync_only>);                                \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<neither>);                              \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<plain>);                          \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<synced>);                             \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<send_only>);                      \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<sync_only>);                          \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<synced>)

/// Sync(const T); Sync(const T); no: a reference for reading.
#define EXPECT_READS(...)                                                      \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<plain>);                                    \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<synced>);                                   \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<send_only>);                            \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<sync_only>);                                \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<neither>);                              \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<plain>);                              \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<synced>);                             \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<send_only>);                      \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<sync_only>);                          \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<plain>);                                \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<synced>)

/// Send(T) and Sync(T), twice; no: one T with many owners.
#define EXPECT_SHARES(...)                                                     \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<plain>);                                \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<const plain>);                              \
  FEARLESS_ASSERT_SEND(__VA_ARGS__<synced>);                                   \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<send_only>);                            \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<const send_only>);                      \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<sync_only>);                            \
  FEARLESS_ASSERT_NOT_SEND(__VA_ARGS__<neither>);                              \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<plain>);                          \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<const plain>);                        \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__<synced>);                             \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<send_only>);                      \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<sync_only>);                      \
  FEARLESS_ASSERT_NOT_SYNC(const __VA_ARGS__<neither>);                        \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<const plain>);                          \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__<synced>)

#endif // FEARLESS_TEST_REAL_STD_SHAPES_H
