// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iterators refer to the elements of a container: to a T& the plain ones, to a
// const T& the const_iterators.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++20 -D_GLIBCXX_DEBUG
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <array>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <iterator>
#include <list>
#include <map>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#define ITERATORS(NAME, ...)                                                   \
  template <class T> using NAME##_iterator = typename __VA_ARGS__::iterator;   \
  template <class T>                                                           \
  using NAME##_const_iterator = typename __VA_ARGS__::const_iterator;          \
  EXPECT_REFERS(NAME##_iterator);                                              \
  EXPECT_READS(NAME##_const_iterator)

ITERATORS(vector, std::vector<T>);
ITERATORS(deque, std::deque<T>);
ITERATORS(list, std::list<T>);
ITERATORS(map, std::map<int, T>);
ITERATORS(multimap, std::multimap<int, T>);

// The elements of a set are const.
#define SET_ITERATORS(NAME, ...)                                               \
  template <class T> using NAME##_iterator = typename __VA_ARGS__::iterator;   \
  template <class T>                                                           \
  using NAME##_const_iterator = typename __VA_ARGS__::const_iterator;          \
  EXPECT_READS(NAME##_iterator);                                               \
  EXPECT_READS(NAME##_const_iterator)
SET_ITERATORS(set, std::set<T, any_order>);
SET_ITERATORS(multiset, std::multiset<T, any_order>);

template <class T>
using forward_list_iterator = typename std::forward_list<T>::iterator;
template <class T>
using unordered_map_iterator = typename std::unordered_map<int, T>::iterator;
template <class T>
using bucket_iterator = typename std::unordered_map<int, T>::local_iterator;
EXPECT_REFERS(forward_list_iterator);
EXPECT_REFERS(unordered_map_iterator);
EXPECT_REFERS(bucket_iterator);
template <class T>
using forward_list_const_iterator =
    typename std::forward_list<T>::const_iterator;
template <class T>
using unordered_map_const_iterator =
    typename std::unordered_map<int, T>::const_iterator;
template <class T>
using const_bucket_iterator =
    typename std::unordered_map<int, T>::const_local_iterator;
#ifndef _LIBCPP_VERSION
EXPECT_READS(forward_list_const_iterator);
EXPECT_READS(unordered_map_const_iterator);
EXPECT_READS(const_bucket_iterator);
// Whether the iterator of a set writes stands in a flag that the model does not see:
// iterator is judged as one that writes, const_iterator as one that reads.
ITERATORS(unordered_set, std::unordered_set<T, any_hash, any_equal>);
#else
// Their template arguments name a pointer to a node, not the element: judged as
// the iterators that write. The safe side.
EXPECT_REFERS(forward_list_const_iterator);
EXPECT_REFERS(unordered_map_const_iterator);
EXPECT_REFERS(const_bucket_iterator);
#endif

// vector<bool>: a word holds other bits too.
static_assert(sizeof(std::vector<bool>::iterator) > 0 &&
              sizeof(std::vector<bool>::const_iterator) > 0);
EXPECT_NEITHER(std::vector<bool>::iterator);
EXPECT_NEITHER(std::vector<bool>::reference);
EXPECT_VALUE(std::vector<bool>::const_iterator);

EXPECT_VALUE(std::string_view::iterator);
FEARLESS_ASSERT_NOT_SEND(std::string::iterator);
FEARLESS_ASSERT_SEND(std::string::const_iterator);
FEARLESS_ASSERT_NOT_SEND(std::span<int>::iterator);
FEARLESS_ASSERT_NOT_SEND(std::array<int, 2>::iterator);
FEARLESS_ASSERT_SEND(std::array<int, 2>::const_iterator);

// Wrappers of an iterator.
template <class T> using reverse_of = std::reverse_iterator<T *>;
template <class T> using reverse_const = std::reverse_iterator<const T *>;
template <class T> using move_of = std::move_iterator<T *>;
template <class T> using counted_of = std::counted_iterator<T *>;
EXPECT_REFERS(reverse_of);
EXPECT_READS(reverse_const);
EXPECT_REFERS(move_of);
EXPECT_REFERS(counted_of);
FEARLESS_ASSERT_SEND(std::vector<plain>::const_reverse_iterator);
FEARLESS_ASSERT_NOT_SEND(std::vector<plain>::reverse_iterator);
using common =
    std::common_iterator<std::counted_iterator<int *>, std::default_sentinel_t>;
EXPECT_NEITHER(common);
EXPECT_VALUE(std::move_sentinel<std::default_sentinel_t>);
EXPECT_NEITHER(std::move_sentinel<int *>);
struct end_of_plain {
  plain *end;
  friend bool operator==(std::counted_iterator<const int *>, end_of_plain);
};
EXPECT_NEITHER(std::common_iterator<std::counted_iterator<const int *>, end_of_plain>);
FEARLESS_ASSERT_SEND(
    std::common_iterator<std::counted_iterator<const int *>,
                         std::default_sentinel_t>);

// Inserters write into the container.
EXPECT_NEITHER(std::back_insert_iterator<std::vector<int>>);
EXPECT_NEITHER(std::front_insert_iterator<std::list<int>>);
EXPECT_NEITHER(std::insert_iterator<std::set<int>>);

// Streams.
EXPECT_NEITHER(std::istream_iterator<int>);
EXPECT_NEITHER(std::ostream_iterator<int>);
EXPECT_NEITHER(std::istreambuf_iterator<char>);
EXPECT_NEITHER(std::ostreambuf_iterator<char>);

// Regular expressions and paths are read.
EXPECT_VALUE(std::sregex_iterator);
EXPECT_VALUE(std::cregex_token_iterator);
EXPECT_VALUE(std::filesystem::path::iterator);
