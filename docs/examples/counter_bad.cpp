// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first program everyone writes: a local captured by reference, changed by
// the thread and by its parent.
#include <cstdio>
#include <thread>

int main() {
  int counter = 0;
  std::thread worker([&counter] { ++counter; });
  ++counter;
  worker.join();
  std::printf("%d\n", counter);
}
