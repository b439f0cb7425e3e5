// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unguarded without marks: a member that is used under one mutex
// everywhere but in one place.

#include <fearless/annotations.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

class queue {
public:
  void push(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    items_.push_back(value);
// expected-note@-1 {{'items_' is written here with 'mutex_' held}}
  }
  int pop() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !items_.empty(); });
    int value = items_.back();
    items_.pop_back();
    return value;
  }
  bool empty_bad() const { return items_.empty(); }
// expected-error@-1 {{'items_' is read without holding 'mutex_', which is held in 4 of 5 places [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(mutex_); and mark 'items_' FEARLESS_GUARDED_BY(mutex_)}}
  void name(int n) { name_ = n; }
  int name() const { return name_; }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> items_;
  int name_ = 0;
};

class service {
public:
  service() : total_(0) { total_ = 1; }
  void start() { thread_ = std::thread(&service::run, this); }
  void stop() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    thread_.join();
  }
  int total() {
    std::lock_guard<std::mutex> lock(mutex_);
    return total_;
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    add_locked(n);
  }
  void sub(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    total_ -= n;
// expected-note@-1 {{'total_' is written here with 'mutex_' held}}
    add_locked(0);
  }
  void reset_bad() { total_ = 0; }
// expected-error@-1 {{'total_' is written without holding 'mutex_', which is held in 4 of 5 places [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(mutex_); and mark 'total_' FEARLESS_GUARDED_BY(mutex_)}}

private:
  void add_locked(int n) { total_ += n; }
  void run() {
    std::lock_guard<std::mutex> lock(mutex_);
    while (!stop_)
      ++total_;
  }
  std::mutex mutex_;
  int total_;
  bool stop_ = false;
  std::thread thread_;
};

// Used without the lock in several places: no habit.
class mixed {
public:
  int a() { std::lock_guard<std::mutex> lock(m_); return n_; }
  int b() { std::lock_guard<std::mutex> lock(m_); return n_; }
  void c() { std::lock_guard<std::mutex> lock(m_); n_ = 1; }
  int d_ok() const { return n_; }
  int e_ok() const { return n_; }

private:
  mutable std::mutex m_;
  int n_ = 0;
};

// Set before others know the object.
class set_up {
public:
  void prepare_ok(int n) { n_ = n; }
  int a() { std::lock_guard<std::mutex> lock(m_); return n_; }
  int b() { std::lock_guard<std::mutex> lock(m_); return n_; }
  void c() { std::lock_guard<std::mutex> lock(m_); n_ = 1; }

private:
  std::mutex m_;
  int n_ = 0;
};

// unlock() and lock() again: on purpose.
class log_file {
public:
  void append(int n) {
    std::unique_lock<std::mutex> lock(mutex_);
    lines_.push_back(n);
    writing_ = true;
    lock.unlock();
    use(lines_.size());
    lock.lock();
    writing_ = false;
  }
  bool is_writing() {
    std::lock_guard<std::mutex> lock(mutex_);
    return writing_;
  }
  int last() {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_.back();
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    lines_.clear();
  }

private:
  static void use(std::size_t) {}
  std::mutex mutex_;
  std::vector<int> lines_;
  bool writing_ = false;
};

// A predicate runs under the lock of who waits, here in a private function that
// is judged by its callers.
class worker_pool {
public:
  worker_pool() {
    thread_ = std::thread([this] { work(); });
  }
  void push(int task) {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(task);
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(mutex_);
    return tasks_.size();
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.clear();
  }

private:
  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    available_.wait(lock, [this] { return !tasks_.empty(); });
    tasks_.pop_back();
  }
  std::mutex mutex_;
  std::condition_variable available_;
  std::vector<int> tasks_;
  std::thread thread_;
};
// A thread's body counts by itself.
class ticker {
public:
  void start() {
    thread_ = std::thread([this] { ++ticks_; });
// expected-error@-1 {{'ticks_' is written without holding 'mutex_', which is held in 3 of 4 places [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(mutex_); and mark 'ticks_' FEARLESS_GUARDED_BY(mutex_)}}
  }
  int ticks() {
    std::lock_guard<std::mutex> lock(mutex_);
    return ticks_;
  }
  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    ticks_ = 0;
// expected-note@-1 {{'ticks_' is written here with 'mutex_' held}}
  }
  bool is_new() {
    std::lock_guard<std::mutex> lock(mutex_);
    return ticks_ == 0;
  }

private:
  std::mutex mutex_;
  int ticks_ = 0;
  std::thread thread_;
};

// A lock of one's own, and its guard.
class own_mutex {
public:
  void Lock() { m_.lock(); }
  void Unlock() { m_.unlock(); }

private:
  std::mutex m_;
};
class own_guard {
public:
  explicit own_guard(own_mutex *m) : m_(m) { m_->Lock(); }
  ~own_guard() { m_->Unlock(); }

private:
  own_mutex *const m_;
};
class wrapped {
public:
  void add(int n) {
    own_guard hold(&mutex_);
    sum_ += n;
// expected-note@-1 {{'sum_' is written here with 'mutex_' held}}
  }
  int sum() {
    own_guard hold(&mutex_);
    return sum_;
  }
  void clear() {
    mutex_.Lock();
    sum_ = 0;
    mutex_.Unlock();
  }
  bool is_empty_bad() const { return sum_ == 0; }
// expected-error@-1 {{'sum_' is read without holding 'mutex_', which is held in 3 of 4 places [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(mutex_); and mark 'sum_' FEARLESS_GUARDED_BY(mutex_)}}

private:
  own_mutex mutex_;
  int sum_ = 0;
};

// Before the thread starts, and after it has ended.
class timer {
public:
  void start() {
    running_ = true;
    thread_ = std::thread([this] {
      std::unique_lock<std::mutex> lock(mutex_);
      while (running_)
        changed_.wait(lock);
      ++rounds_;
    });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      running_ = false;
      ++rounds_;
    }
    changed_.notify_all();
    thread_.join();
    rounds_ = 0;
  }
  int rounds() {
    std::lock_guard<std::mutex> lock(mutex_);
    return running_ ? rounds_ : 0;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  int rounds_ = 0;
  std::thread thread_;
};

// A public method is for all threads, where four places say so.
class tally {
public:
  void add(int n) { std::lock_guard<std::mutex> lock(m_); sum_ += n; }
// expected-note@-1 {{'sum_' is written here with 'm_' held}}
  int sum() { std::lock_guard<std::mutex> lock(m_); return sum_; }
  bool any() { std::lock_guard<std::mutex> lock(m_); return sum_ != 0; }
  void halve() { std::lock_guard<std::mutex> lock(m_); sum_ /= 2; }
  void reset() { sum_ = 0; }
// expected-error@-1 {{'sum_' is written without holding 'm_', which is held in 4 of 5 places [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(m_); and mark 'sum_' FEARLESS_GUARDED_BY(m_)}}

private:
  std::mutex m_;
  int sum_ = 0;
};
// One that locks for none of several members is for another phase.
class tally_of_two {
public:
  void open_ok() {
    sum_ = 0;
    count_ = 0;
  }
  void add(int n) { std::lock_guard<std::mutex> lock(m_); sum_ += n; ++count_; }
  int sum() { std::lock_guard<std::mutex> lock(m_); return sum_; }
  int count() { std::lock_guard<std::mutex> lock(m_); return count_; }
  bool any() { std::lock_guard<std::mutex> lock(m_); return sum_ != 0 && count_ != 0; }
  void halve() { std::lock_guard<std::mutex> lock(m_); sum_ /= 2; count_ /= 2; }

private:
  std::mutex m_;
  int sum_ = 0, count_ = 0;
};
