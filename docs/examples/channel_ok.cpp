// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A unique_ptr takes its object along.
#include <fearless/channel.h>
#include <fearless/thread.h>

#include <cstdio>
#include <memory>

int main() {
  auto [tx, rx] = fearless::unbounded_channel<std::unique_ptr<int>>();
  auto producer = fearless::spawn([tx = std::move(tx)] {
    for (int i = 0; i < 3; ++i)
      (void)tx.send(std::make_unique<int>(i));
  });
  for (auto &&each : rx)
    std::printf("%d\n", *each);
  producer.join();
}
