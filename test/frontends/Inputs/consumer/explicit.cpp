// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends what says that it must not be sent.

#include <fearless/annotations.h>

#include <thread>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
void send(handle h) {
  std::thread([h] { (void)h; }).join();
}
