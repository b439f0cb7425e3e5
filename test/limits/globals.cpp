// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What fearless-global, fearless-owner and inferred guards do not see, or report too
// much. A difference here is news: see docs/limitations.md and docs/checks.

#include <fearless/annotations.h>

#include <ctime>
#include <functional>
#include <mutex>
#include <thread>

// Through a pointer to a function.
void FN_pointer_bad(std::time_t now) {
  auto *convert = std::localtime;
  std::thread t([=] { (void)convert(&now); });
  t.join();
}

// A variable that is only set: it may be what the thread is started with.
int level = 0;
void work() { level = 1; }
// expected-note@-1 {{the thread writes it here}}
void start() { std::thread(work).detach(); }
// expected-note@-1 {{the thread starts here, and 'start' returns while it runs}}
void FN_set_bad() { level = 2; }

// Read before the thread starts, which nothing here shows.
int FP_read_before_ok() { return level; }
// expected-error@-1 {{'level' is read here while the thread started by 'std::thread' may run and write it, and nothing orders them [fearless-global]}}
// expected-note@-2 {{help: guard both with one mutex, or make the variable atomic}}

// A lambda that is stored runs nobody knows where.
int width FEARLESS_OWNED_BY(ui) = 0;
void FN_stored_bad() {
  std::thread t([] {
    std::function<void()> f = [] { width = 1; };
    f();
  });
  t.join();
}

// Two exceptions are no habit.
class mixed {
public:
  int a() { std::lock_guard<std::mutex> lock(m_); return n_; }
  int b() { std::lock_guard<std::mutex> lock(m_); return n_; }
  void c() { std::lock_guard<std::mutex> lock(m_); n_ = 1; }
  int FN_first_bad() const { return n_; }
  int FN_second_bad() const { return n_; }

private:
  mutable std::mutex m_;
  int n_ = 0;
};
