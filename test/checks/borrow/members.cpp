// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Members that end before the thread that uses them, which another member owns.
// RUN: %fearless_check %s

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

static void use(const std::string &text) { (void)text.size(); }
// expected-note@-1 {{the thread uses it here}}

class jthread_bad {
public:
  void start() {
    worker_ = std::jthread([this] { use(name_); });
// expected-note@-1 {{the thread starts here}}
  }

private:
  std::jthread worker_;
// expected-error@-1 {{'name_' is destroyed while the thread of 'worker_' may still use it: members end in the reverse order of their declarations [fearless-borrow]}}
// expected-note@-2 {{help: declare 'worker_' last, or wait for the thread in the destructor}}
  std::string name_;
// expected-note@-1 {{'name_' is declared after 'worker_', and destroyed before it}}
};
class jthread_ok {
public:
  void start() {
    worker_ = std::jthread([this] { use(name_); });
  }

private:
  std::string name_;
  std::jthread worker_;
};
class locked_bad {
public:
  void start() {
    worker_ = std::jthread([this](std::stop_token stop) {
// expected-note@-1 {{the thread starts here}}
      while (!stop.stop_requested()) {
        std::lock_guard lock(m_);
        name_ += 'x';
// expected-note@-1 {{the thread uses it here}}
      }
    });
  }

private:
  std::mutex m_;
  std::jthread worker_;
// expected-error@-1 {{'name_' is destroyed while the thread of 'worker_' may still use it: members end in the reverse order of their declarations [fearless-borrow]}}
// expected-note@-2 {{help: declare 'worker_' last, or wait for the thread in the destructor}}
  std::string name_;
// expected-note@-1 {{'name_' is declared after 'worker_', and destroyed before it}}
};
class future_bad {
public:
  void load() {
    loaded_ = std::async(std::launch::async, [this] { text_ = "text"; });
// expected-note@-1 {{the thread uses it here}}
// expected-note@-2 {{the thread starts here}}
  }

private:
  std::future<void> loaded_;
// expected-error@-1 {{'text_' is destroyed while the thread of 'loaded_' may still use it: members end in the reverse order of their declarations [fearless-borrow]}}
// expected-note@-2 {{help: declare 'loaded_' last, or wait for the thread in the destructor}}
  std::string text_;
// expected-note@-1 {{'text_' is declared after 'loaded_', and destroyed before it}}
};
class several_bad {
public:
  void start() {
    for (int i = 0; i < 2; ++i)
      workers_.emplace_back([this] { use(*name_); });
// expected-note@-1 {{the thread uses it here}}
// expected-note@-2 {{the thread starts here}}
  }

private:
  std::vector<std::jthread> workers_;
// expected-error@-1 {{'name_' is destroyed while the thread of 'workers_' may still use it: members end in the reverse order of their declarations [fearless-borrow]}}
// expected-note@-2 {{help: declare 'workers_' last, or wait for the thread in the destructor}}
  std::unique_ptr<std::string> name_ = std::make_unique<std::string>();
// expected-note@-1 {{'name_' is declared after 'workers_', and destroyed before it}}
};
// The destructor waits itself.
class joined_ok {
public:
  void start() {
    worker_ = std::jthread([this] { use(name_); });
  }
  ~joined_ok() {
    if (worker_.joinable())
      worker_.join();
  }

private:
  std::jthread worker_;
  std::string name_;
};
class stopped_ok {
public:
  void start() {
    worker_ = std::jthread([this] { use(name_); });
  }
  void stop() {
    worker_.request_stop();
    if (worker_.joinable())
      worker_.join();
  }
  ~stopped_ok() { stop(); }

private:
  std::jthread worker_;
  std::string name_;
};
// A number is there until the object is gone.
class number_ok {
public:
  void start() {
    worker_ = std::jthread([this] { ++n_; });
  }

private:
  std::jthread worker_;
  std::atomic<int> n_{0};
};
// Nothing after it is used.
class unused_ok {
public:
  void start() {
    worker_ = std::jthread([this] { use(name_); });
  }

private:
  std::string name_;
  std::jthread worker_;
  std::string other_;
};
// Whoever uses it has to call stop() first, and the thread ends there.
class stopped_by_caller_ok {
public:
  void start() {
    worker_ = std::jthread([this] { use(name_); });
  }
  void stop() { worker_.join(); }

private:
  std::jthread worker_;
  std::string name_;
};

// An owner has an object of its own, whatever it was made from.
class connection_ok {
public:
  explicit connection_ok(int number) : number_(number) {}
  ~connection_ok() { worker_.join(); }
  void start() {
    worker_ = std::thread([this] { use(std::to_string(number_)); });
  }

private:
  int number_;
  std::thread worker_;
};
std::shared_ptr<connection_ok> made_shared_ok() {
  int number = 1;
  auto connection = std::make_shared<connection_ok>(number);
  connection->start();
  return connection;
}
