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
EXPECT_VALUE(std::uniform_real_distribution<>);
EXPECT_VALUE(std::bernoulli_distribution);
EXPECT_VALUE(std::binomial_distribution<>);
EXPECT_VALUE(std::negative_binomial_distribution<>);
EXPECT_VALUE(std::geometric_distribution<>);
EXPECT_VALUE(std::poisson_distribution<>);
EXPECT_VALUE(std::exponential_distribution<>);
EXPECT_VALUE(std::gamma_distribution<>);
EXPECT_VALUE(std::weibull_distribution<>);
EXPECT_VALUE(std::extreme_value_distribution<>);
EXPECT_VALUE(std::lognormal_distribution<>);
EXPECT_VALUE(std::chi_squared_distribution<>);
EXPECT_VALUE(std::cauchy_distribution<>);
EXPECT_VALUE(std::fisher_f_distribution<>);
EXPECT_VALUE(std::student_t_distribution<>);
EXPECT_VALUE(std::piecewise_constant_distribution<>);
EXPECT_VALUE(std::piecewise_linear_distribution<>);
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
