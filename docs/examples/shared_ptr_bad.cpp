// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A shared_ptr counts its owners atomically; what it points to is as unprotected
// as ever.
#include <cstdio>
#include <memory>
#include <thread>

int main() {
  auto total = std::make_shared<int>(0);
  std::thread worker([total] { ++*total; });
  ++*total;
  worker.join();
  std::printf("%d\n", *total);
}
