// RUN: %fearless_check %s -mode=strict --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-global in strict mode: each definition says how threads share it.

#include <fearless/annotations.h>

#include <atomic>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

int counter_bad = 0;
// expected-error@-1 {{'counter_bad' of type 'int' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: make it atomic: std::atomic<int>}}
std::vector<int> values_bad;
// expected-error@-1 {{'values_bad' of type 'std::vector<int>' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: nothing here writes it: make it const}}
static std::string name_bad;
// expected-error@-1 {{'name_bad' of type 'std::string' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: say which thread it belongs to: FEARLESS_OWNED_BY(role)}}
char buffer_bad[16];
// expected-error@-1 {{'buffer_bad' of type 'char[16]' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: nothing here writes it: make it const}}
int *const pointer_bad = &counter_bad;
// expected-error@-1 {{'pointer_bad' of type 'int *const' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: nothing here writes it: make it const}}
extern int elsewhere_ok;

struct settings {
  static int level_bad;
  static inline int depth_bad = 0;
// expected-error@-1 {{'depth_bad' of type 'int' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: nothing here writes it: make it const}}
  static const int limit_ok = 3;
};
int settings::level_bad = 0;
// expected-error@-1 {{'level_bad' of type 'int' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: nothing here writes it: make it const}}

int next_bad() {
  static int last_bad = 0;
// expected-error@-1 {{'last_bad' of type 'int' can be reached by every thread, and nothing synchronizes it [fearless-global]}}
// expected-note@-2 {{help: give each thread its own: thread_local}}
// expected-note@-3 {{help: guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex}}
// expected-note@-4 {{help: make it atomic: std::atomic<int>}}
  return ++last_bad;
}

int use() {
  name_bad = "x";
  return counter_bad + values_bad.size() + buffer_bad[0] + *pointer_bad;
}

const int constant_ok = 1;
constexpr int constexpr_ok = 2;
const std::string const_string_ok = "a";
std::atomic<int> atomic_ok{0};
std::mutex mutex_ok;
std::once_flag once_ok;
thread_local int own_ok = 0;
int guarded_ok FEARLESS_GUARDED_BY(mutex_ok) = 0;
int owned_ok FEARLESS_OWNED_BY(main) = 0;
static int never_written_ok = 7;
static const char *const names_ok[] = {"a", "b"};
std::ostream &log_ok = std::cout;

const std::vector<int> &table_ok() {
  static std::vector<int> table{1, 2, 3};
  return table;
}
int read_ok() {
  static int made_once = 5;
  return made_once + never_written_ok;
}

FEARLESS_ALLOW("fearless-global", "set by main before any thread starts")
int allowed_ok = 0;
