// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-owner: a role that main has is no new thread's.

#include <fearless/annotations.h>

#include <thread>

int width FEARLESS_OWNED_BY(ui) = 0;
void loop() FEARLESS_RUNS_ON(ui) { width = 2; }
// expected-note@-1 {{the mark that says so}}

int main() FEARLESS_RUNS_ON(ui) {
  width = 1;
  std::thread t(loop);
// expected-error@-1 {{'loop' runs on 'ui' and is handed to a new thread [fearless-owner]}}
// expected-note@-2 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
  t.join();
  loop();
}
