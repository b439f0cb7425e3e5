// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What default mode reports too much of threads that were not started: see
// docs/limitations.md.
// RUN: %fearless_check %s

#include <pthread.h>

// That the start has failed is known where its result is tested only.
class unit {
  pthread_t t;
  int n = 0;
  static void *entry(void *p) {
    ++static_cast<unit *>(p)->n;
// expected-note@-1 {{the thread uses it here}}
    return nullptr;
  }

public:
  bool start() { return pthread_create(&t, nullptr, entry, this) == 0; }
  void join() { pthread_join(t, nullptr); }
};
void FP_start_failed_in_callee_ok() {
  unit u;
  if (!u.start())
// expected-error@-1 {{'u' is given by reference to the thread started by 'pthread_create', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'u' ends, or give it a copy, or share ownership}}
    return;
// expected-note@-1 {{'u' ends here, before the thread is joined}}
  u.join();
}
