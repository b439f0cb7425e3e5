// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread and the caller of count() use one member.
#include <cstdio>
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] { ++count_; });
  }
  int count() const { return count_; }
  ~Worker() { thread_.join(); }

private:
  int count_ = 0;
  std::thread thread_;
};

int main() {
  Worker worker;
  worker.start();
  std::printf("%d\n", worker.count());
}
