// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Containers and adaptors: what they hold decides, and the allocator, comparison
// and hash are part of the type.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++2b
// expected-no-diagnostics

#include "shapes.h"

#include <array>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>
#if __has_include(<flat_map>) && __cplusplus > 202002L
#include <flat_map>
#include <flat_set>
#endif

// --- Sequences --------------------------------------------------------------------
template <class T> using vector_of = std::vector<T>;
template <class T> using deque_of = std::deque<T>;
template <class T> using list_of = std::list<T>;
template <class T> using forward_list_of = std::forward_list<T>;
EXPECT_HOLDS(vector_of);
EXPECT_HOLDS(deque_of);
EXPECT_HOLDS(list_of);
EXPECT_HOLDS(forward_list_of);
EXPECT_NEVER_SYNC(vector_of);
EXPECT_NEVER_SYNC(deque_of);
EXPECT_NEVER_SYNC(list_of);
EXPECT_NEVER_SYNC(forward_list_of);

// An array is its elements, and no more.
template <class T> using array_of = std::array<T, 2>;
EXPECT_HOLDS(array_of);
EXPECT_SYNC_AS_ELEMENT(array_of);

EXPECT_VALUE(std::vector<bool>);
EXPECT_VALUE(std::vector<std::vector<std::string>>);
FEARLESS_ASSERT_NOT_SEND(std::vector<std::vector<std::unique_lock<std::mutex>>>);
EXPECT_NEITHER(std::vector<int *>);
FEARLESS_ASSERT_SEND(std::vector<const int *>);
FEARLESS_ASSERT_SYNC(const std::vector<const int *>);

// --- Allocators -------------------------------------------------------------------
// Its arena is used by every vector that has a copy of it. A reader copies the
// vector, and with it allocates from the arena.
template <class T>
struct arena_allocator {
  using value_type = T;
  plain *arena;
  T *allocate(std::size_t);
  void deallocate(T *, std::size_t);
};
EXPECT_NEITHER(std::vector<int, arena_allocator<int>>);
EXPECT_NEITHER(std::vector<bool, arena_allocator<bool>>);
EXPECT_NEITHER(std::deque<int, arena_allocator<int>>);
EXPECT_NEITHER(std::list<int, arena_allocator<int>>);
EXPECT_NEITHER(std::forward_list<int, arena_allocator<int>>);
EXPECT_NEITHER(std::map<int, int, std::less<int>,
                        arena_allocator<std::pair<const int, int>>>);

// --- Associative: by the mapped value, then by the key ------------------------------
template <class T> using map_to = std::map<int, T>;
template <class T> using multimap_to = std::multimap<int, T>;
template <class T> using unordered_map_to = std::unordered_map<int, T>;
template <class T> using unordered_multimap_to = std::unordered_multimap<int, T>;
EXPECT_HOLDS(map_to);
EXPECT_HOLDS(multimap_to);
EXPECT_HOLDS(unordered_map_to);
EXPECT_HOLDS(unordered_multimap_to);
EXPECT_NEVER_SYNC(map_to);
EXPECT_NEVER_SYNC(multimap_to);
EXPECT_NEVER_SYNC(unordered_map_to);
EXPECT_NEVER_SYNC(unordered_multimap_to);

template <class T> using map_from = std::map<T, int, any_order>;
template <class T> using set_of = std::set<T, any_order>;
template <class T> using multiset_of = std::multiset<T, any_order>;
template <class T>
using unordered_set_of = std::unordered_set<T, any_hash, any_equal>;
template <class T>
using unordered_multiset_of = std::unordered_multiset<T, any_hash, any_equal>;
EXPECT_HOLDS(map_from);
EXPECT_HOLDS(set_of);
EXPECT_HOLDS(multiset_of);
EXPECT_HOLDS(unordered_set_of);
EXPECT_HOLDS(unordered_multiset_of);
EXPECT_NEVER_SYNC(set_of);
EXPECT_NEVER_SYNC(unordered_set_of);

// Comparison, hash and equality count, for readers too.
FEARLESS_ASSERT_NOT_SEND(std::set<int, bound_order>);
FEARLESS_ASSERT_SYNC(const std::set<int, bound_order>);
FEARLESS_ASSERT_SEND(std::set<int, caching_order>);
FEARLESS_ASSERT_NOT_SYNC(const std::set<int, caching_order>);
FEARLESS_ASSERT_NOT_SEND(std::unordered_set<int, bound_order>);
FEARLESS_ASSERT_NOT_SEND(std::unordered_set<int, any_hash, bound_order>);

// --- Node handles -------------------------------------------------------------------
// They own an element, and a const one gives a T&.
FEARLESS_ASSERT_SEND(std::map<int, plain>::node_type);
FEARLESS_ASSERT_SEND(std::set<int>::node_type);
FEARLESS_ASSERT_SEND(std::unordered_map<int, plain>::node_type);
FEARLESS_ASSERT_NOT_SEND(std::map<int, neither>::node_type);
FEARLESS_ASSERT_NOT_SEND(std::unordered_map<int, neither>::node_type);
FEARLESS_ASSERT_NOT_SYNC(const std::map<int, plain>::node_type);
FEARLESS_ASSERT_SYNC(const std::map<int, synced>::node_type);
FEARLESS_ASSERT_NOT_SYNC(std::map<int, synced>::node_type);
EXPECT_NEITHER(std::map<int, plain>::insert_return_type);
EXPECT_VALUE(std::map<int, synced>::insert_return_type);
EXPECT_NEITHER(std::unordered_map<int, plain>::insert_return_type);
EXPECT_VALUE(std::unordered_map<int, synced>::insert_return_type);

// --- Flat maps ----------------------------------------------------------------------
#ifdef __cpp_lib_flat_map
template <class T> using flat_map_to = std::flat_map<int, T>;
template <class T> using flat_set_of = std::flat_set<T, any_order>;
EXPECT_HOLDS(flat_map_to);
EXPECT_HOLDS(flat_set_of);
FEARLESS_ASSERT_SEND(std::flat_multimap<int, plain>);
FEARLESS_ASSERT_SYNC(const std::flat_multiset<int>);
#endif

// --- Adaptors -----------------------------------------------------------------------
template <class T> using stack_of = std::stack<T>;
template <class T> using queue_of = std::queue<T>;
template <class T> using queue_in_list_of = std::queue<T, std::list<T>>;
template <class T>
using priority_queue_of = std::priority_queue<T, std::vector<T>, any_order>;
EXPECT_HOLDS(stack_of);
EXPECT_HOLDS(queue_of);
EXPECT_HOLDS(queue_in_list_of);
EXPECT_HOLDS(priority_queue_of);
EXPECT_NEVER_SYNC(stack_of);
EXPECT_NEVER_SYNC(queue_of);
EXPECT_NEVER_SYNC(priority_queue_of);
FEARLESS_ASSERT_NOT_SEND(
    std::priority_queue<int, std::vector<int>, bound_order>);
