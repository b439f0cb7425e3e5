// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread has its own string.
#include <cstdio>
#include <string>
#include <thread>

int main() {
  std::string text = "fearless";
  std::thread worker([copy = text] { std::printf("%zu\n", copy.find('f')); });
  text += " concurrency, long enough to need new memory";
  worker.join();
}
