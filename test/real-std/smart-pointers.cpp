// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Owners: unique_ptr passes ownership, shared_ptr shares it. const does not reach
// through either.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

// --- unique_ptr: Send(T); const: Sync(T) ---------------------------------------------
FEARLESS_ASSERT_SEND(std::unique_ptr<plain>);
FEARLESS_ASSERT_SEND(std::unique_ptr<synced>);
FEARLESS_ASSERT_SEND(std::unique_ptr<send_only>);
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<sync_only>);
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<neither>);
FEARLESS_ASSERT_NOT_SYNC(const std::unique_ptr<plain>);
FEARLESS_ASSERT_SYNC(const std::unique_ptr<const plain>);
FEARLESS_ASSERT_SYNC(const std::unique_ptr<synced>);
FEARLESS_ASSERT_SYNC(const std::unique_ptr<sync_only>);
FEARLESS_ASSERT_NOT_SYNC(const std::unique_ptr<const send_only>);
FEARLESS_ASSERT_NOT_SYNC(std::unique_ptr<const plain>);
FEARLESS_ASSERT_NOT_SYNC(std::unique_ptr<synced>);
FEARLESS_ASSERT_SEND(std::unique_ptr<plain[]>);
FEARLESS_ASSERT_NOT_SYNC(const std::unique_ptr<plain[]>);
FEARLESS_ASSERT_SYNC(const std::unique_ptr<const plain[]>);
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<std::lock_guard<std::mutex>>);
FEARLESS_ASSERT_SEND(std::unique_ptr<std::unique_ptr<std::vector<int>>>);

// The deleter is part of the type.
struct stateless {
  void operator()(plain *) const;
};
struct with_plain_pointer {
  plain *pool;
  void operator()(plain *) const;
};
FEARLESS_ASSERT_SEND(std::unique_ptr<plain, stateless>);
FEARLESS_ASSERT_SEND(std::unique_ptr<plain, void (*)(plain *)>);
FEARLESS_ASSERT_SEND(std::unique_ptr<std::FILE, int (*)(std::FILE *)>);
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<plain, with_plain_pointer>);
FEARLESS_ASSERT_NOT_SYNC(const std::unique_ptr<synced, with_plain_pointer>);

// Of which derived class is it?
struct base {
  virtual ~base();
};
struct FEARLESS_SEND marked_base {
  virtual ~marked_base();
};
struct closed final : base {};
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<base>);
FEARLESS_ASSERT_SEND(std::unique_ptr<marked_base>);
FEARLESS_ASSERT_SEND(std::unique_ptr<closed>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<const base>);

// --- shared_ptr and weak_ptr: Send(T) and Sync(T) -------------------------------------
template <class T> using shared_of = std::shared_ptr<T>;
template <class T> using weak_of = std::weak_ptr<T>;
EXPECT_SHARES(shared_of);
EXPECT_SHARES(weak_of);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<int>);
FEARLESS_ASSERT_SEND(std::shared_ptr<const int>);
FEARLESS_ASSERT_SEND(std::shared_ptr<const std::string>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<std::vector<int>>);
FEARLESS_ASSERT_SEND(std::shared_ptr<const int[]>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<int[]>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<void>);
FEARLESS_ASSERT_SEND(std::shared_ptr<std::mutex>);

// The base does not make the class its own culprit.
struct shares_itself : std::enable_shared_from_this<shares_itself> {
  synced content;
};
EXPECT_THREAD_SAFE(shares_itself);
FEARLESS_ASSERT_SEND(std::shared_ptr<shares_itself>);
struct shares_plain : std::enable_shared_from_this<shares_plain> {
  plain content;
};
EXPECT_VALUE(shares_plain);

// A recursive class through an owner.
struct tree {
  int value;
  std::unique_ptr<tree> left, right;
};
FEARLESS_ASSERT_SEND(tree);
FEARLESS_ASSERT_NOT_SYNC(const tree); // a reader reaches a tree&
struct shared_list {
  const int value = 0;
  std::shared_ptr<const shared_list> const next;
};
FEARLESS_ASSERT_SEND(shared_list);
FEARLESS_ASSERT_SYNC(const shared_list);
FEARLESS_ASSERT_SEND(std::shared_ptr<const shared_list>);

// --- reference_wrapper: a T& -----------------------------------------------------------
template <class T> using reference_to = std::reference_wrapper<T>;
template <class T> using reference_to_const = std::reference_wrapper<const T>;
EXPECT_REFERS(reference_to);
EXPECT_READS(reference_to_const);

#ifdef __cpp_lib_out_ptr
EXPECT_NEITHER(std::out_ptr_t<std::unique_ptr<int>, int *>);
EXPECT_NEITHER(std::inout_ptr_t<std::unique_ptr<int>, int *>);
#endif
EXPECT_THREAD_SAFE(std::default_delete<plain>);
EXPECT_THREAD_SAFE(std::owner_less<>);
