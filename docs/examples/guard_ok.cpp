// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each thread takes the lock itself.
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::thread worker([&mutex] { std::unique_lock<std::mutex> lock(mutex); });
  worker.join();
}
