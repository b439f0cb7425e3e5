// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parent waits before it touches what the thread uses.
#include <cstdio>
#include <thread>

int main() {
  int counter = 0;
  std::thread worker([&counter] { ++counter; });
  worker.join();
  ++counter;
  std::printf("%d\n", counter);
}
