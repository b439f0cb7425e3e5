// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// arc<mutex<T>>: shared by count, reached through the lock only.
#include <cstdio>
#include <fearless/arc.h>
#include <fearless/mutex.h>
#include <fearless/thread.h>

int main() {
  auto total = fearless::make_arc<fearless::mutex<int>>(0);
  auto worker = fearless::spawn([total] { *total->lock() += 1; });
  *total->lock() += 1;
  worker.join();
  std::printf("%d\n", *total->lock());
}
