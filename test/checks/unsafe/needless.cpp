// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unsafe: reasons that are missing, marks that are not needed, and the
// fix-its, which leave nothing to find.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %python %S/../Inputs/apply_fixits.py %s %t.cpp %clangxx -std=c++20 -w -fsyntax-only -I%annotations -fplugin=%plugin -DFIXED

#include <fearless/annotations.h>

#include <atomic>
#include <mutex>

#ifndef FIXED
class FEARLESS_UNSAFE_SEND("") empty_bad { int *p; }; // expected-error {{FEARLESS_UNSAFE_SEND needs a reason: nothing but its text can be reviewed [fearless-unsafe]}} expected-note {{help: say why no race is possible}}
class FEARLESS_UNSAFE_SYNC("  ") blank_bad { int *p; }; // expected-error {{FEARLESS_UNSAFE_SYNC needs a reason}} expected-note {{help: say why}}
template <class T> class FEARLESS_UNSAFE_SEND_IF("", fearless::send<T>) template_bad { T *p; }; // expected-error {{FEARLESS_UNSAFE_SEND_IF needs a reason}} expected-note {{help: say why}}
template_bad<int> instantiated;
#endif

struct FEARLESS_UNSAFE_SEND("not needed") value_bad { int i; }; // expected-error {{FEARLESS_UNSAFE_SEND on 'value_bad' is not needed: its members prove it [fearless-unsafe]}} expected-note {{help: write FEARLESS_SEND, which the compiler keeps true}}
struct FEARLESS_UNSAFE_SYNC("not needed") atomic_bad { std::atomic<int> i; }; // expected-error {{FEARLESS_UNSAFE_SYNC on 'atomic_bad' is not needed}} expected-note {{help: write FEARLESS_SYNC,}}
struct FEARLESS_UNSAFE_SYNC_CONST("not needed") const_bad { int i; }; // expected-error {{FEARLESS_UNSAFE_SYNC_CONST on 'const_bad' is not needed}} expected-note {{help: write FEARLESS_SYNC_CONST,}}
enum class FEARLESS_UNSAFE_SEND("not needed") enum_bad { none }; // expected-error {{FEARLESS_UNSAFE_SEND on 'enum_bad' is not needed}} expected-note {{help: write FEARLESS_SEND,}}
template <class T> struct box { T *value; };
template <> struct FEARLESS_UNSAFE_SEND("not needed") box<int> { int value; }; // expected-error {{FEARLESS_UNSAFE_SEND on 'box' is not needed}} expected-note {{help: write FEARLESS_SEND,}}
template <class T> class FEARLESS_UNSAFE_SEND("owns it") owner_bad { T *p; }; // expected-error {{must ask fearless::send<T>}} expected-note {{help: write FEARLESS_UNSAFE_SEND_IF("owns it", fearless::send<T>)}} expected-note {{'p' takes}}

struct FEARLESS_UNSAFE_SEND("needed: the only owner") pointer_ok { int *p; };
struct FEARLESS_UNSAFE_SYNC("needed: locked by the driver") device_ok { int registers; };
struct FEARLESS_UNSAFE_SYNC_CONST("needed: the cache is filled once") cached_ok { mutable int cache; };
