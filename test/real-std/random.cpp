// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generators and distributions: every draw changes them.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <random>

EXPECT_VALUE(std::mt19937);
EXPECT_VALUE(std::mt19937_64);
EXPECT_VALUE(std::minstd_rand);
EXPECT_VALUE(std::ranlux24);
EXPECT_VALUE(std::ranlux24_base);
EXPECT_VALUE(std::knuth_b);
EXPECT_VALUE(std::independent_bits_engine<std::mt19937, 8, unsigned>);
EXPECT_VALUE(std::seed_seq);
EXPECT_VALUE(std::uniform_int_distribution<int>);
EXPECT_VALUE(std::normal_distribution<double>);
EXPECT_VALUE(std::discrete_distribution<int>);
EXPECT_VALUE(std::uniform_int_distribution<int>::param_type);
EXPECT_SEND_ONLY(std::random_device);

// An engine of one's own, inside an adaptor.
struct FEARLESS_NOT_SEND("its state is in thread-local memory") own_engine {
  using result_type = unsigned;
  static constexpr unsigned min() { return 0; }
  static constexpr unsigned max() { return 9; }
  unsigned operator()();
};
FEARLESS_ASSERT_NOT_SEND(std::shuffle_order_engine<own_engine, 4>);
