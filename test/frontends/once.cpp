// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One fault, one finding: the same place seen through several instantiations,
// or through a macro used in several places, is said once.

// RUN: %fearless_check %s

#include <fearless/annotations.h>

// expected-note@* 0+{{}}

template <class F> void spawn(FEARLESS_SPAWNS F) {}
struct FEARLESS_NOT_SEND("it belongs to its window") handle {
  int id;
};
struct FEARLESS_NOT_SEND("it belongs to its document") cursor {
  int id;
};

template <class T> void send_it(T t) {
  spawn([t] { (void)t; }); // expected-error {{'t' of type '}}
}
template <class T> struct holder {
  T t;
  void send_it() {
    spawn([copy = t] { (void)copy; }); // expected-error {{'copy'}}
  }
};
void instantiate(handle h, cursor c) {
  send_it(1);
  send_it(h);
  send_it(c);
  holder<int>{1}.send_it();
  holder<handle>{h}.send_it();
  holder<cursor>{c}.send_it();
}

// The fault is in the macro, and shown where it is first used.
#define SEND_A_HANDLE()                                                        \
  do {                                                                         \
    handle mine{};                                                             \
    spawn([mine] { (void)mine; });                                             \
  } while (false)
void macros() {
  SEND_A_HANDLE(); // expected-error {{'mine' of type 'handle'}}
  SEND_A_HANDLE();
}

// Not one fault: different variables in one lambda, and two calls that differ.
void not_one(handle a, handle b) {
  spawn([a, b] { // expected-error {{'a' of type 'handle'}} expected-error {{'b' of type 'handle'}}
    (void)a, (void)b;
  });
  spawn([a] { (void)a; }); // expected-error {{'a' of type 'handle'}}
}
// Marks are macros too, and each of them is a place of its own.
struct FEARLESS_UNSAFE_SEND("tested") one {}; // expected-error {{is not needed}}
struct FEARLESS_UNSAFE_SEND("tested") two {}; // expected-error {{is not needed}}

// What a macro is given is its user's fault, each time.
#define SEND(x) spawn([x] { (void)x; })
void arguments(handle a) {
  SEND(a); // expected-error {{'a' of type 'handle'}}
  SEND(a); // expected-error {{'a' of type 'handle'}}
}
