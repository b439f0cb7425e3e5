// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each member is an object of its own: a race for one does not hide another's.
// RUN: %fearless_check %s

#include <thread>

static void use(int) {}

class poller {
public:
  void start() {
    thread_ = std::thread([this] {
// expected-note@-1 2 {{the thread starts here and is not joined before the access}}
      while (running_)
// expected-note@-1 {{the thread reads it here}}
        ++polls_;
// expected-note@-1 {{the thread writes it here}}
    });
  }
  void stop() {
    running_ = false;
// expected-error@-1 {{'p.running_' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    thread_.join();
  }
  int polls() const { return polls_; }
// expected-error@-1 {{'p.polls_' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}

private:
  bool running_ = true;
  int polls_ = 0;
  std::thread thread_;
};
void two_members_bad() {
  poller p;
  p.start();
  use(p.polls());
// expected-note@-1 {{reached through this call}}
  p.stop();
// expected-note@-1 {{reached through this call}}
}
