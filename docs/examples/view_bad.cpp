// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A string_view is a reference: the string changes under it.
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

int main() {
  std::string text = "fearless";
  std::string_view view = text;
  std::thread worker([view] { std::printf("%zu\n", view.find('f')); });
  text += " concurrency, long enough to need new memory";
  worker.join();
}
