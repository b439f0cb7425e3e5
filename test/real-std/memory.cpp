// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Allocators and memory resources.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <scoped_allocator>
#include <string>
#include <vector>

EXPECT_THREAD_SAFE(std::allocator<int>);
EXPECT_VALUE(std::scoped_allocator_adaptor<std::allocator<int>>);

// Which resource is behind the pointer?
EXPECT_NEITHER(std::pmr::memory_resource);
FEARLESS_ASSERT_NOT_SEND(std::pmr::memory_resource *);
FEARLESS_ASSERT_NOT_SEND(const std::pmr::memory_resource &);
FEARLESS_ASSERT_NOT_SEND(std::pmr::polymorphic_allocator<int>);
FEARLESS_ASSERT_NOT_SYNC(std::pmr::polymorphic_allocator<int>);
FEARLESS_ASSERT_NOT_SEND(
    std::scoped_allocator_adaptor<std::pmr::polymorphic_allocator<int>>);
EXPECT_NEITHER(std::pmr::monotonic_buffer_resource);
EXPECT_NEITHER(std::pmr::unsynchronized_pool_resource);
EXPECT_THREAD_SAFE(std::pmr::synchronized_pool_resource);
FEARLESS_ASSERT_NOT_SEND(std::pmr::monotonic_buffer_resource *);
FEARLESS_ASSERT_SEND(std::pmr::synchronized_pool_resource *);

// Containers with a resource stay on their thread; reading them is no matter.
template <class T> using pmr_vector_of = std::pmr::vector<T>;
FEARLESS_ASSERT_NOT_SEND(pmr_vector_of<int>);
FEARLESS_ASSERT_SYNC(const pmr_vector_of<int>);
FEARLESS_ASSERT_SYNC(const pmr_vector_of<sync_only>);
FEARLESS_ASSERT_NOT_SYNC(const pmr_vector_of<send_only>);
FEARLESS_ASSERT_NOT_SYNC(pmr_vector_of<int>);
FEARLESS_ASSERT_NOT_SEND(std::pmr::string);
FEARLESS_ASSERT_SYNC(const std::pmr::string);
FEARLESS_ASSERT_NOT_SEND(std::pmr::map<int, int>);
FEARLESS_ASSERT_SYNC(const std::pmr::map<int, int>);
FEARLESS_ASSERT_NOT_SEND(std::pmr::list<int>);
