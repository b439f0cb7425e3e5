// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lock must be released by the thread that took it, so a guard may not move
// to another.
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  std::thread worker([lock = std::move(lock)] {});
  worker.join();
}
