// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is sent through a channel belongs to the receiver: a second owner that
// stays behind shares it.
#include <fearless/channel.h>

#include <memory>

int main() {
  auto [tx, rx] = fearless::unbounded_channel<std::shared_ptr<int>>();
  auto number = std::make_shared<int>(1);
  (void)tx.send(number);
  *number = 2;
}
