// RUN: %fearless_check %s -mode=strict --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-owner in strict mode: who runs it must be said.

#include <fearless/annotations.h>

#include <thread>

int width FEARLESS_OWNED_BY(ui) = 0;
// expected-note@-1 2 {{the mark that says so}}
int total FEARLESS_OWNED_BY(main) = 0;

void unknown_bad() { width = 1; }
// expected-error@-1 {{'width' is owned by 'ui' and used here, where nothing says which thread runs [fearless-owner]}}
// expected-note@-2 {{help: mark the function FEARLESS_RUNS_ON(ui)}}
void called() { total = 1; }

void loop() FEARLESS_RUNS_ON(ui) { width = 2; }

int main() {
// expected-note@-1 {{'main' runs on 'main'}}
  total = 3;
  called();
  width = 4;
// expected-error@-1 {{'width' is owned by 'ui' and used on 'main' [fearless-owner]}}
// expected-note@-2 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
}
