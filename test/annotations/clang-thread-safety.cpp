// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With FEARLESS_CLANG_THREAD_SAFETY the marks on locks are Clang's own attributes as well, and -Wthread-safety reports
// on them; without it they are ours alone, and the same code is silent.

// RUN: %clangxx -std=c++17 -Wall -Wextra -Wthread-safety -Wthread-safety-beta -DFEARLESS_CLANG_THREAD_SAFETY -fsyntax-only -I%annotations -Xclang -verify %s
// RUN: %clangxx -std=c++17 -Wall -Wextra -Wthread-safety -Wthread-safety-beta -Werror -fsyntax-only -I%annotations %s
// RUN: %clangxx -std=c++17 -Wall -Wextra -Wthread-safety -Werror -DFEARLESS_CLANG_THREAD_SAFETY -DFEARLESS_NO_ANNOTATIONS -fsyntax-only -I%annotations %s

#include <fearless/annotations.h>

class __attribute__((capability("mutex"))) mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
  void lock_shared() __attribute__((acquire_shared_capability()));
  void unlock_shared() __attribute__((release_shared_capability()));
};

class account {
public:
  int read_locked() const FEARLESS_REQUIRES_SHARED(mutex_) { return balance_ + *history_; }
  void add_locked(int n) FEARLESS_REQUIRES(mutex_) {
    balance_ += n;
    *history_ = n;
  }
  void add(int n) FEARLESS_EXCLUDES(mutex_) {
    mutex_.lock();
    add_locked(n);
    mutex_.unlock();
  }
  int forgetful() { return balance_; } // expected-warning {{reading variable 'balance_' requires holding mutex 'mutex_'}}
  void careless(int n) {
    *history_ = n; // expected-warning {{writing the value pointed to by 'history_' requires holding mutex 'mutex_' exclusively}}
    add_locked(n); // expected-warning {{calling function 'add_locked' requires holding mutex 'mutex_' exclusively}}
  }
  int shared() {
    mutex_.lock_shared();
    int result = read_locked();
    mutex_.unlock_shared();
    return result + read_locked(); // expected-warning {{calling function 'read_locked' requires holding mutex 'mutex_'}}
  }
  void twice(int n) {
    mutex_.lock();
    add(n); // expected-warning {{cannot call function 'add' while mutex 'mutex_' is held}}
    mutex_.unlock();
  }
  // The mark in front, for a trailing return type; the lock is declared further down all the same.
  FEARLESS_REQUIRES(mutex_) auto trailing() -> int { return balance_; }
  void calls_trailing() { trailing(); } // expected-warning {{calling function 'trailing' requires holding mutex 'mutex_' exclusively}}
  void lambda() {
    auto step = [this]() FEARLESS_REQUIRES(mutex_) { balance_ = 1; };
    step(); // expected-warning {{calling function 'operator()' requires holding mutex 'mutex_' exclusively}}
  }

private:
  int balance_ FEARLESS_GUARDED_BY(mutex_) = 0;
  int *history_ FEARLESS_PT_GUARDED_BY(mutex_) = nullptr;
  mutex mutex_;
};

// A lock that is no capability, as std::mutex of libstdc++: why this is not the default.
class plain_mutex {};
struct user_of_plain_mutex {
  plain_mutex mutex_;
  int value FEARLESS_GUARDED_BY(mutex_) = 0; // expected-warning {{'guarded_by' attribute requires arguments whose type is annotated with 'capability' attribute}}
};
