// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The finding of header.h, and one of its own on line 10.

#include "header.h"

void two() {
  int value = 0;
  std::thread worker([&value] { ++value; });
  ++value;
  worker.join();
  in_header();
}
