// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shares a counter in a way that only strict mode asks to be proven.

#include <fearless/annotations.h>

#include <thread>

void count(int *counter) {
  std::thread([counter] { ++*counter; }).join();
}

int main() {
  static int counter = 0;
  count(&counter);
  return counter == 1 ? 0 : 1;
}
