// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ownership moves to the pool.
#include <fearless/annotations.h>

#include <memory>
#include <utility>

template <class Task> void submit(FEARLESS_SPAWNS Task task) { task(); }

int main() {
  auto log = std::make_unique<std::pair<int, int>>();
  submit([log = std::move(log)] { ++log->first; });
}
