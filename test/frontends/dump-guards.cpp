// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// dump=guards: which lock each member is used under, for who writes the marks.
// RUN: %clangxx -std=c++20 -fsyntax-only -fplugin=%plugin -fplugin-arg-fearless-dump=guards %s 2>&1 | FileCheck %s
// CHECK: guards of account
// CHECK-NEXT: balance_: mutex_ in 3 of 3 places
// CHECK-NEXT: name_: mutex_ in 1 of 2 places, never written
// CHECK-NOT: limit_

#include <mutex>

class account {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += n;
  }
  int balance() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return balance_;
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ = name_;
  }
  int name() const { return name_; }
  int limit() const { return limit_; }

private:
  mutable std::mutex mutex_;
  int balance_ = 0;
  int name_ = 0;
  int limit_ = 0;
};
