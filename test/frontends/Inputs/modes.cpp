// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A finding in either mode on line 13; one in strict mode only on line 14.

#include <fearless/annotations.h>

#include <thread>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
void run(handle, int *p) {
  std::thread([](handle) {}, handle{1}).join();
  std::thread([](int *) {}, p).detach();
}
