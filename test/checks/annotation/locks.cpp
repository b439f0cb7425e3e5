// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-annotation: what is named as a lock must be one, and be in scope.
//
// RUN: %fearless_check %s -checks=fearless-annotation -- -std=c++20

#include <fearless/annotations.h>

#include <memory>
#include <mutex>

class guards {
  std::mutex mutex;
  std::unique_lock<std::mutex> guard; // expected-note {{'guard' is declared here}}
  int number;       // expected-note {{'number' is declared here}}
  const int a FEARLESS_GUARDED_BY(number) = 0; // expected-error {{FEARLESS_GUARDED_BY names 'number' of type 'int', which is no lock [fearless-annotation]}} expected-note {{help: name a mutex, or a class with lock() and unlock()}}
  int b FEARLESS_GUARDED_BY(nowhere); // expected-error {{FEARLESS_GUARDED_BY(nowhere) names no member or variable that is in scope [fearless-annotation]}} expected-note {{help: name a mutex of the same object, or a variable}}
  int c FEARLESS_GUARDED_BY(guard);   // expected-error {{FEARLESS_GUARDED_BY names 'guard' of type 'std::unique_lock<std::mutex>', which is no lock}} expected-note {{help}}
  int d FEARLESS_PT_GUARDED_BY(mutex); // expected-error {{FEARLESS_PT_GUARDED_BY on 'd' of type 'int', which points to nothing [fearless-annotation]}} expected-note {{help: write FEARLESS_GUARDED_BY(mutex)}}
  int *e FEARLESS_PT_GUARDED_BY(mutex);
  std::unique_ptr<int> f FEARLESS_PT_GUARDED_BY(mutex);
  void locked() FEARLESS_REQUIRES(mutex);
  void unknown() FEARLESS_REQUIRES(mutex, nowhere); // expected-error {{FEARLESS_REQUIRES(mutex, nowhere) names no member or variable that is in scope}} expected-note {{help}}
  void excludes() const FEARLESS_EXCLUDES(number);  // expected-error {{FEARLESS_EXCLUDES names 'number' of type 'int', which is no lock}} expected-note {{help}}
// expected-note@-10 {{'number' is declared here}}
};
FEARLESS_ASSERT_NOT_SYNC(guards); // what is no lock orders nothing
void parameter_ok(std::mutex &given, int &data) FEARLESS_REQUIRES(given);
std::mutex global_mutex;
int global FEARLESS_GUARDED_BY(global_mutex);
int global_bad FEARLESS_GUARDED_BY(global); // expected-error {{FEARLESS_GUARDED_BY names 'global' of type 'int', which is no lock}} expected-note {{help}}
// expected-note@-2 {{'global' is declared here}}

template <class Mutex> class of_template {
  Mutex mutex; // expected-note {{'mutex' is declared here}}
  int value FEARLESS_GUARDED_BY(mutex); // expected-error {{FEARLESS_GUARDED_BY names 'mutex' of type 'int', which is no lock}} expected-note {{help}}
  template <class T> void with(T &lock) FEARLESS_REQUIRES(lock.mutex);
};
template class of_template<std::mutex>;
template class of_template<int>;
