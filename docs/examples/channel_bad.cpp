// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is sent through a channel belongs to the receiver: sharing it keeps it.
#include <fearless/channel.h>

#include <memory>

int main() {
  auto [tx, rx] = fearless::unbounded_channel<std::shared_ptr<int>>();
  (void)tx.send(std::make_shared<int>(1));
}
