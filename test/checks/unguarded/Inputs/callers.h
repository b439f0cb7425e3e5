// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A class that other files may use, too.
#include <fearless/annotations.h>

#include <mutex>

class in_header {
public:
  void caller();

private:
  void helper();
  std::mutex mutex_;
  int n_ FEARLESS_GUARDED_BY(mutex_) = 0;
};
