// RUN: %fearless_check %s -mode=strict --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What strict mode believes: see docs/limitations.md.
// expected-no-diagnostics

#include <fearless/annotations.h>

#include <memory>
#include <mutex>
#include <thread>

class Counter {
public:
  void locked() {
    std::lock_guard<std::mutex> lock(mutex);
    ++value;
  }
  void unlocked() { ++value; }

private:
  std::mutex mutex;
  int value FEARLESS_GUARDED_BY(mutex) = 0;
};

// The mark says that the lock is held at every access.
void FN_guard_is_believed_bad(std::shared_ptr<Counter> counter) {
  std::thread([counter] { counter->locked(); }).detach();
}
