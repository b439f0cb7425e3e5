// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One finding, on line 9, in whatever unit includes it.

#include <thread>

inline void in_header() {
  int counter = 0;
  std::thread([&counter] { ++counter; }).detach();
}
