// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lock of the same object orders the two.
#include <cstdio>
#include <mutex>
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] {
      std::lock_guard<std::mutex> lock(mutex_);
      ++count_;
    });
  }
  int count() {
    std::lock_guard<std::mutex> lock(mutex_);
    return count_;
  }
  ~Worker() { thread_.join(); }

private:
  std::mutex mutex_;
  int count_ = 0;
  std::thread thread_;
};

int main() {
  Worker worker;
  worker.start();
  std::printf("%d\n", worker.count());
}
