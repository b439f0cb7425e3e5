// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A marked boundary asks for proof: what the pool runs must be Send.
#include <fearless/annotations.h>

#include <functional>
#include <memory>
#include <utility>

void submit(FEARLESS_SPAWNS std::function<void()> task) { task(); }

int main() {
  auto log = std::make_shared<std::pair<int, int>>();
  submit([log] { ++log->first; });
}
