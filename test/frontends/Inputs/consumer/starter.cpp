// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The other half, which shows nothing by itself.

#include <thread>

void worker();
extern int shared;

int main() {
  std::thread t(worker);
  ++shared;
  t.join();
}
