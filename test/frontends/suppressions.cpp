// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every way to silence a finding silences it in both front ends; those that
// silence nothing are reported in strict mode, and only there.

// RUN: %fearless_check %s
// RUN: %fearless_check %s -mode=strict -verify=expected,strict
// A check that does not run leaves its suppressions alone.
// RUN: %fearless_check %s -mode=strict -verify=annotation -checks=fearless-annotation

#include <fearless/annotations.h>

// expected-note@* 0+{{}}
// annotation-note@* 0+{{}}

template <class F> void spawn(FEARLESS_SPAWNS F) {}
struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
#define SPAWN(h) spawn([h] { (void)h; })
#define SPAWN_QUIETLY(h) spawn([h] { (void)h; }) /* NOLINT(fearless-send) */

void comments(handle h) {
  spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}
  spawn([h] { (void)h; }); // NOLINT
  spawn([h] { (void)h; }); // NOLINT(fearless-send)
  spawn([h] { (void)h; }); // NOLINT(fearless-*)
  spawn([h] { (void)h; }); // NOLINT(bugprone-branch-clone, fearless-send): why
  // NOLINTNEXTLINE(fearless-send)
  spawn([h] { (void)h; });
  // NOLINTNEXTLINE

  spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}
  spawn([h] { (void)h; }); /* NOLINT(fearless-send */
  SPAWN(h); // NOLINT(fearless-send)
  SPAWN_QUIETLY(h);

  // Other words, other checks, no check.
  spawn([h] { (void)h; }); // NOLINTS // expected-error {{'h' of type 'handle'}}
  spawn([h] { (void)h; }); // NOLINT(bugprone-*) // expected-error {{'h' of type 'handle'}}
  spawn([h] { (void)h; }); // NOLINT() // expected-error {{'h' of type 'handle'}}
  // strict-error@+1 {{this NOLINT covers no finding}}
  spawn([h] { (void)h; }); // NOLINT(fearless-sync) // expected-error {{'h' of type 'handle'}}
}

void blocks(handle h) {
  // NOLINTBEGIN(fearless-send)
  spawn([h] { (void)h; });
  // NOLINTBEGIN
  spawn([h] { (void)h; });
  // NOLINTEND
  spawn([h] { (void)h; });
  // NOLINTEND(fearless-send)
  spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}

  // strict-error@+1 {{this NOLINT covers no finding}}
  // NOLINTBEGIN(fearless-sync)
  spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}
  // NOLINTEND(fearless-sync)
}

void marks(handle h) {
  FEARLESS_ALLOW("fearless-send", "tested") spawn([h] { (void)h; });
  FEARLESS_ALLOW("fearless-send", "tested") {
    spawn([h] { (void)h; });
    spawn([h] { (void)h; });
  }
  // strict-error@+1 {{FEARLESS_ALLOW("fearless-sync", ...) covers no finding}}
  FEARLESS_ALLOW("fearless-sync", "tested") spawn([h] { (void)h; }); // expected-error {{'h' of type 'handle'}}
}
FEARLESS_ALLOW("fearless-send", "tested") void marked_function(handle h) {
  spawn([h] { (void)h; });
}
void marked_variable() {
  FEARLESS_ALLOW("fearless-send", "tested") handle h{};
  spawn([h] { (void)h; });
}
// Used in one instantiation is used.
template <class T> void in_template(T t) {
  FEARLESS_ALLOW("fearless-send", "tested") spawn([t] { (void)t; });
}
template void in_template(int);
template void in_template(handle);

// strict-error@+2 {{FEARLESS_ALLOW("fearless-send", ...) covers no finding}}
// annotation-error@+1 0+{{covers no finding}}
FEARLESS_ALLOW("fearless-send", "tested") void nothing_here() {}

// Both at once are both used.
void both(handle h) {
  FEARLESS_ALLOW("fearless-send", "tested") spawn([h] { (void)h; }); // NOLINT(fearless-send)
}
