// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-global in default mode: functions with state inside, and variables that
// a thread writes which outlives the function that starts it.

#include <ctime>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

// --- Functions with state inside ---------------------------------------------------

void parse_bad(char *text) {
  for (char *word = std::strtok(text, " "); word; word = nullptr) {
// expected-error@-1 {{'strtok' is called in a thread, and is not safe with threads: it keeps its place in a variable that all threads share [fearless-global]}}
// expected-note@-2 {{help: use strtok_r, or std::string_view and find}}
  }
}
void thread_function_bad(char *text) {
  std::thread t(parse_bad, text);
// expected-note@-1 {{the thread is started by 'std::thread' here}}
  t.join();
}
void thread_lambda_bad() {
  std::thread t([] {
// expected-note@-1 {{the thread is started by 'std::thread' here}}
    std::time_t now = std::time(nullptr);
    std::tm *local = std::localtime(&now);
// expected-error@-1 {{'localtime' is called in a thread, and is not safe with threads: it returns one buffer for all threads [fearless-global]}}
// expected-note@-2 {{help: use localtime_r or gmtime_r, or std::chrono}}
    (void)local;
  });
  t.join();
}
void set_variable() { setenv("A", "B", 1); }
// expected-error@-1 {{'setenv' is called in a thread, and is not safe with threads: it changes the environment, which getenv reads in every thread [fearless-global]}}
// expected-note@-2 {{help: use set the environment before the first thread starts}}
void thread_indirect_bad() {
  std::thread t([] { set_variable(); });
// expected-note@-1 {{the thread is started by 'std::thread' here}}
// expected-note@-2 {{reached through this call}}
  t.join();
}
void reentrant_ok() {
  std::thread t([] {
    std::time_t now = std::time(nullptr);
    std::tm local;
    localtime_r(&now, &local);
  });
  t.join();
}
void no_thread_ok(char *text) { std::strtok(text, " "); }

// --- A thread that outlives the function that starts it -------------------------------

int counter = 0;
int guarded = 0;
std::mutex guarded_mutex;
int only_set = 0;
int only_thread = 0;
thread_local int own = 0;

void count() {
  ++counter;
// expected-note@-1 {{the thread writes it here}}
  ++only_set;
  ++only_thread;
  ++own;
  std::lock_guard lock(guarded_mutex);
  ++guarded;
}
void start() { std::thread(count).detach(); }
// expected-note@-1 {{the thread starts here, and 'start' returns while it runs}}

int read_bad() { return counter; }
// expected-error@-1 {{'counter' is read here while the thread started by 'std::thread' may run and write it, and nothing orders them [fearless-global]}}
// expected-note@-2 {{help: guard both with one mutex, or make the variable atomic}}
int read_ok() {
  std::lock_guard lock(guarded_mutex);
  return guarded;
}
void set_up_ok() { only_set = 0; }
int own_ok() { return own; }
