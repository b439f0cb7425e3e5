// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that run a callable which their object keeps in a member: a timer, a
// watcher. What it does is known where the object is made or started.
// RUN: %fearless_check %s

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

static void use(int) {}

class periodic {
public:
  explicit periodic(std::function<void()> f)
      : f_(std::move(f)), thread_([this] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{one thread starts here}}
// expected-note@-3 {{the other starts here; neither is joined before both run}}
          while (!stop_)
            f_();
        }) {}
  ~periodic() {
    stop_ = true;
    thread_.join();
  }

private:
  std::function<void()> f_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

void periodic_bad() {
  int n = 0;
  periodic p([&n] { ++n; });
// expected-note@-1 {{the thread writes it here}}
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
void two_bad() {
  int n = 0;
  periodic p([&n] { ++n; });
// expected-error@-1 {{'n' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  periodic q([&n] { ++n; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
}
void periodic_ok() {
  int n = 0;
  {
    periodic p([&n] { ++n; });
  }
  use(n);
}
void two_ok() {
  int n = 0;
  std::mutex m;
  auto up = [&] {
    std::lock_guard<std::mutex> lock(m);
    ++n;
  };
  periodic p(up);
  periodic q(up);
}

class timer {
public:
  ~timer() { stop(); }
  void start(std::function<void()> f) {
    f_ = std::move(f);
    runs_ = true;
    thread_ = std::thread([this] { loop(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{the thread starts here and runs until the object is destroyed; 'ticks' is public and can be called meanwhile}}
  }
  void stop() {
    runs_ = false;
    if (thread_.joinable())
      thread_.join();
  }

private:
  void loop() {
    while (runs_)
      if (f_)
        f_();
  }
  std::function<void()> f_;
  std::atomic<bool> runs_{false};
  std::thread thread_;
};

void started_bad() {
  int n = 0;
  timer t;
  t.start([&n] { ++n; });
// expected-note@-1 {{the thread writes it here}}
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.stop();
}
void started_ok() {
  int n = 0;
  timer t;
  t.start([&n] { ++n; });
  t.stop();
  use(n);
}
void dies_first_bad() {
  auto t = std::make_unique<timer>();
  {
    int n = 0;
    t->start([&n] { ++n; });
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
  }
// expected-note@-1 {{'n' ends here, before the thread is joined}}
}
class ticks_bad {
public:
  ticks_bad() {
    timer_.start([this] { ++ticks_; });
// expected-note@-1 {{the thread writes it here}}
  }
  int ticks() const { return ticks_; }
// expected-error@-1 {{'ticks_' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'ticks_' a std::atomic<int>}}

private:
  int ticks_ = 0;
  timer timer_;
};
class ticks_ok {
public:
  ticks_ok() {
    timer_.start([this] { ++ticks_; });
  }
  int stop() {
    timer_.stop();
    return ticks_;
  }

private:
  int ticks_ = 0;
  timer timer_;
};

// What is set may be set before the thread is there.
class later {
public:
  void set(std::function<void()> f) { f_ = std::move(f); }
  void start() {
    thread_ = std::thread([this] { f_(); });
  }
  ~later() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  std::function<void()> f_;
  std::thread thread_;
};
void later_ok() {
  int n = 0;
  later l;
  l.set([&n] { ++n; });
  ++n;
  l.start();
}
