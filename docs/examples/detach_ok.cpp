// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread takes the string along.
#include <chrono>
#include <string>
#include <thread>

void start() {
  std::string name = "worker";
  std::thread worker([name = std::move(name)]() mutable { name += "!"; });
  worker.detach();
}

int main() {
  start();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}
