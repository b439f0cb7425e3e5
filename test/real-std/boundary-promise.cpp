// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is set in a promise goes to the thread of the future; a stop callback runs
// on the thread that requests the stop.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check_libcxx %s -- -std=c++20

// expected-note@* 0+{{}}

#include "shapes.h"

#include <exception>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#if __has_include(<stop_token>)
#include <stop_token>
#endif

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};

void promises(std::promise<handle> &p, std::promise<std::string> &fine, handle h) {
  p.set_value(h); // expected-error {{not Send}}
  p.set_value_at_thread_exit(h); // expected-error {{not Send}}
  p.set_exception(std::current_exception());
  fine.set_value("text");
  std::promise<void> done;
  done.set_value();
}

#ifdef __cpp_lib_jthread
void callbacks(std::stop_token token, handle h, int n) {
  std::stop_callback bad(token, [h] { (void)h.id; }); // expected-error {{not Send}}
  std::stop_callback good(token, [n] { (void)n; });
}
#endif
