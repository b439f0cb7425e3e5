// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Classes whose objects keep threads of their own: what the other methods do
// beside them, with no caller in sight.
// RUN: %fearless_check %s

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// A flag that asks the thread to stop is set before it is waited for.
class stop_flag_bad {
public:
  stop_flag_bad() : worker_([this] { loop(); }) {}
// expected-note@-1 {{the thread starts here; '~stop_flag_bad' waits for it only after the access}}
// expected-note@-2 {{reached through this call}}
  ~stop_flag_bad() {
    stop_ = true;
// expected-error@-1 {{'stop_' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'stop_' a std::atomic<bool>}}
    worker_.join();
  }

private:
  void loop() {
    while (!stop_)
// expected-note@-1 {{the thread reads it here}}
      std::this_thread::yield();
  }
  bool stop_ = false;
  std::thread worker_;
};
class stop_flag_ok {
public:
  stop_flag_ok() : worker_([this] { loop(); }) {}
  ~stop_flag_ok() {
    stop_ = true;
    worker_.join();
  }

private:
  void loop() {
    while (!stop_)
      std::this_thread::yield();
  }
  std::atomic<bool> stop_{false};
  std::thread worker_;
};

// The thread is started and stopped by methods.
class start_stop_bad {
public:
  void start() { worker_ = std::thread(&start_stop_bad::loop, this); }
// expected-note@-1 {{the thread starts here; 'stop' waits for it only after the access}}
  void stop() {
    running_ = false;
// expected-error@-1 {{'running_' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'running_' a std::atomic<bool>}}
    if (worker_.joinable())
      worker_.join();
  }

private:
  void loop() {
    while (running_)
// expected-note@-1 {{the thread reads it here}}
      ++rounds_;
  }
  bool running_ = true;
  long rounds_ = 0;
  std::thread worker_;
};
class start_stop_ok {
public:
  void start() {
    running_ = true; // before there is a thread
    worker_ = std::thread(&start_stop_ok::loop, this);
  }
  void stop() {
    {
      std::lock_guard lock(m_);
      running_ = false;
    }
    if (worker_.joinable())
      worker_.join();
    rounds_ = 0; // after it has ended
  }

private:
  bool goes_on() {
    std::lock_guard lock(m_);
    return running_;
  }
  void loop() {
    while (goes_on())
      ++rounds_;
  }
  std::mutex m_;
  bool running_ = true;
  long rounds_ = 0;
  std::thread worker_;
};

// Several workers in a vector; the method that waits calls another.
class pool_bad {
public:
  explicit pool_bad(int n) {
    for (int i = 0; i < n; ++i)
      workers_.emplace_back([this] {
// expected-note@-1 {{the thread starts here; 'shutdown' waits for it only after the access}}
        while (!done_)
// expected-note@-1 {{the thread reads it here}}
          std::this_thread::yield();
      });
  }
  void shutdown() {
    done_ = true;
// expected-error@-1 {{'done_' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'done_' a std::atomic<bool>}}
    wait();
  }

private:
  void wait() {
    for (auto &worker : workers_)
      worker.join();
  }
  bool done_ = false;
  std::vector<std::thread> workers_;
};

// A getter reads what the thread writes, from the constructor to the destructor.
class counter_bad {
public:
  counter_bad() : worker_([this] { count(); }) {}
// expected-note@-1 {{the thread starts here and runs until the object is destroyed; 'value' is public and can be called meanwhile}}
// expected-note@-2 {{reached through this call}}
  ~counter_bad() { worker_.join(); }
  int value() const { return n_; }
// expected-error@-1 {{'n_' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'n_' a std::atomic<int>}}

private:
  void count() {
    for (int i = 0; i < 9; ++i)
      ++n_;
// expected-note@-1 {{the thread writes it here}}
  }
  int n_ = 0;
  std::thread worker_;
};
class counter_ok {
public:
  counter_ok() : worker_([this] { count(); }) {}
  ~counter_ok() { worker_.join(); }
  int value() const {
    std::lock_guard lock(m_);
    return n_;
  }

private:
  void count() {
    for (int i = 0; i < 9; ++i) {
      std::lock_guard lock(m_);
      ++n_;
    }
  }
  mutable std::mutex m_;
  int n_ = 0;
  std::thread worker_;
};

// A jthread is waited for by the destructor too.
class poller_bad {
public:
  poller_bad()
      : worker_([this](std::stop_token stop) {
// expected-note@-1 {{the thread starts here and runs until the object is destroyed; 'last' is public and can be called meanwhile}}
          while (!stop.stop_requested())
            last_ = "polled";
// expected-note@-1 {{the thread writes it here}}
        }) {}
  std::string last() const { return last_; }
// expected-error@-1 {{'last_' is read here while the thread started by 'std::jthread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex}}

private:
  std::string last_;
  std::jthread worker_;
};

// Started later, but nothing else waits for it; the value is the thread's.
class later_bad {
public:
  void start() {
    worker_ = std::thread([this] { result_ = 42; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and runs until the object is destroyed; 'result' is public and can be called meanwhile}}
  }
  ~later_bad() {
    if (worker_.joinable())
      worker_.join();
  }
  int result() const { return result_; }
// expected-error@-1 {{'result_' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'result_' a std::atomic<int>}}

private:
  int result_ = 0;
  std::thread worker_;
};
// What is set may be set before the start.
class configured_ok {
public:
  void limit(int n) { limit_ = n; }
  void start() {
    worker_ = std::thread([this] {
      for (int i = 0; i < limit_; ++i)
        std::this_thread::yield();
    });
  }
  ~configured_ok() {
    if (worker_.joinable())
      worker_.join();
  }

private:
  int limit_ = 0;
  std::thread worker_;
};

// Somebody else may wait first.
class waited_ok {
public:
  waited_ok() : worker_([this] { result_ = 42; }) {}
  ~waited_ok() {
    if (worker_.joinable())
      worker_.join();
  }
  void wait() { worker_.join(); }
  int result() const { return result_; }

private:
  int result_ = 0;
  std::thread worker_;
};
class given_out_ok {
public:
  given_out_ok() : worker_([this] { result_ = 42; }) {}
  std::thread &worker() { return worker_; }
  int result() const { return result_; }

private:
  int result_ = 0;
  std::thread worker_;
};
class friend_ok {
public:
  friend_ok() : worker_([this] { result_ = 42; }) {}
  int result() const { return result_; }

private:
  friend class waiter;
  int result_ = 0;
  std::thread worker_;
};
class body_elsewhere_ok {
public:
  body_elsewhere_ok() : worker_([this] { result_ = 42; }) {}
  void wait(); // of which nothing is known here
  int result() const { return result_; }

private:
  int result_ = 0;
  std::thread worker_;
};

// The constructor waits until the thread has set the value.
class initialised_ok {
public:
  initialised_ok()
      : worker_([this] {
          id_ = 7;
          ready_.set_value();
        }) {
    ready_.get_future().wait();
  }
  ~initialised_ok() { worker_.join(); }
  int id() const { return id_; }

private:
  int id_ = 0;
  std::promise<void> ready_;
  std::thread worker_;
};
// The same with a condition variable.
class waits_for_start_ok {
public:
  waits_for_start_ok()
      : worker_([this] {
          std::lock_guard lock(m_);
          id_ = 7;
          up_ = true;
          started_.notify_one();
        }) {
    std::unique_lock lock(m_);
    started_.wait(lock, [this] { return up_; });
  }
  ~waits_for_start_ok() { worker_.join(); }
  int id() const { return id_; }

private:
  std::mutex m_;
  std::condition_variable started_;
  bool up_ = false;
  int id_ = 0;
  std::thread worker_;
};
// A flag says when it may be read.
class published_ok {
public:
  published_ok()
      : worker_([this] {
          value_ = 7;
          ready_.store(true, std::memory_order_release);
        }) {}
  ~published_ok() { worker_.join(); }
  int value() const {
    return ready_.load(std::memory_order_acquire) ? value_ : 0;
  }

private:
  int value_ = 0;
  std::atomic<bool> ready_{false};
  std::thread worker_;
};

// What the thread itself calls may be for the thread alone.
class event_loop_ok {
public:
  event_loop_ok() : worker_([this] { loop(); }) {}
  ~event_loop_ok() { worker_.join(); }
  void loop() {
    handle(1);
  }
  void handle(int event) { handled_ += event; }

private:
  int handled_ = 0;
  std::thread worker_;
};

// A queue that is locked on both sides, and a flag that is not.
class logger_bad {
public:
  logger_bad() : writer_([this] { write(); }) {}
// expected-note@-1 {{the thread starts here; '~logger_bad' waits for it only after the access}}
// expected-note@-2 {{reached through this call}}
  ~logger_bad() {
    quit_ = true;
// expected-error@-1 {{'quit_' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'quit_' a std::atomic<bool>}}
    wake_.notify_all();
    writer_.join();
  }
  void log(std::string line) {
    std::lock_guard lock(m_);
    lines_.push_back(std::move(line));
    wake_.notify_one();
  }

private:
  void write() {
    std::unique_lock lock(m_);
    while (!quit_) {
// expected-note@-1 {{the thread reads it here}}
      wake_.wait(lock);
      lines_.clear();
    }
  }
  std::mutex m_;
  std::condition_variable wake_;
  std::deque<std::string> lines_;
  bool quit_ = false;
  std::thread writer_;
};
class logger_ok {
public:
  logger_ok() : writer_([this] { write(); }) {}
  ~logger_ok() {
    {
      std::lock_guard lock(m_);
      quit_ = true;
    }
    wake_.notify_all();
    writer_.join();
  }
  void log(std::string line) {
    std::lock_guard lock(m_);
    lines_.push_back(std::move(line));
    wake_.notify_one();
  }

private:
  void write() {
    std::unique_lock lock(m_);
    while (!quit_) {
      wake_.wait(lock);
      lines_.clear();
    }
  }
  std::mutex m_;
  std::condition_variable wake_;
  std::deque<std::string> lines_;
  bool quit_ = false;
  std::thread writer_;
};

// Two threads of one object: the second is started by a public method.
class two_bad {
public:
  two_bad() : first_([this] { ++n_; }) {}
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and runs until the object is destroyed; 'again' is public and can be called meanwhile}}
  ~two_bad() {
    first_.join();
    if (second_.joinable())
      second_.join();
  }
  void again() {
    second_ = std::thread([this] { ++n_; });
// expected-error@-1 {{'n_' is written here, by the thread that 'again' starts, while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'n_' a std::atomic<int>}}
  }

private:
  int n_ = 0;
  std::thread first_, second_;
};

// Where a function is seen that runs both, that is told.
class seen_bad {
public:
  seen_bad() : worker_([this] { ++n_; }) {}
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ~seen_bad() { worker_.join(); }
  int value() const { return n_; }
// expected-error@-1 {{'s.n_' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}

private:
  int n_ = 0;
  std::thread worker_;
};
int seen() {
  seen_bad s;
  return s.value();
// expected-note@-1 {{reached through this call}}
}

// The same without a class: a handle with static storage.
static std::thread service;
static bool serving;
void start_service() {
  serving = true;
  service = std::thread([] {
// expected-note@-1 {{the thread starts here; 'stop_service' waits for it only after the access}}
    while (serving)
// expected-note@-1 {{the thread reads it here}}
      std::this_thread::yield();
  });
}
void stop_service() {
  serving = false;
// expected-error@-1 {{'serving' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'serving' a std::atomic<bool>}}
  service.join();
}
static std::thread clock_thread;
static std::atomic<bool> ticking;
static long ticks;
void start_clock() {
  ticking = true;
  clock_thread = std::thread([] {
    while (ticking)
      ++ticks;
  });
}
void stop_clock_ok() {
  ticking = false;
  clock_thread.join();
  ticks = 0;
}
