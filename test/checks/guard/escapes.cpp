// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-guard with locks beside the data: guards without a name, references,
// pointers and views that leave the lock, callbacks, functions that require it.

#include <fearless/annotations.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// --- Guards without a name -------------------------------------------------------

std::mutex m; // #m
// expected-note@-1 {{the mutex 'm' is this one}}
int shared_value = 0;

void braces_bad() {
  std::lock_guard<std::mutex>{m};
// expected-error@-1 {{this guard has no name and is destroyed at once: 'm' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: std::lock_guard guard(m);}}
  ++shared_value;
}

struct account {
  std::mutex mutex_;
// expected-note@-1 {{the mutex 'mutex_' is this one}}
  int balance_ = 0;
  void qualified_bad() {
    std::lock_guard<std::mutex>(this->mutex_);
// expected-error@-1 {{this guard has no name and is destroyed at once: 'mutex_' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: std::lock_guard guard(mutex_);}}
    ++balance_;
  }
  void deduced_bad() {
    std::scoped_lock{mutex_};
// expected-error@-1 {{this guard has no name and is destroyed at once: 'mutex_' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: std::scoped_lock guard(mutex_);}}
    ++balance_;
  }
  void declares_bad() {
    std::unique_lock<std::mutex>(mutex_);
// expected-error@-1 {{this declares a guard named 'mutex_' that holds nothing, and does not lock 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: give the guard a name of its own: std::unique_lock guard(mutex_);}}
    ++balance_;
  }
  void named_ok() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++balance_;
  }
};

void declares_global_bad() {
  std::unique_lock<std::mutex> (m);
// expected-error@-1 {{this declares a guard named 'm' that holds nothing, and does not lock 'm' [fearless-guard]}}
// expected-note@-2 {{help: give the guard a name of its own: std::unique_lock guard(m);}}
  ++shared_value;
}

// Older versions take it for an error of its own.
#if __clang_major__ >= 20
void declares_scoped_bad() {
  std::scoped_lock(m);
// expected-error@-1 {{this declares a guard named 'm' that holds nothing, and does not lock 'm' [fearless-guard]}}
// expected-note@-2 {{help: give the guard a name of its own: std::scoped_lock guard(m);}}
  ++shared_value;
}
// expected-note@#m {{the mutex 'm' is this one}}
#endif

std::unique_lock<std::mutex> lock_it() { return std::unique_lock<std::mutex>(m); }

void result_bad() {
  lock_it();
// expected-error@-1 {{this guard has no name and is destroyed at once: the lock is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: auto guard = m.lock();}}
  ++shared_value;
}

void result_ok() {
  auto lock = lock_it();
  ++shared_value;
}

void deferred_ok() {
  std::unique_lock<std::mutex> a(m, std::defer_lock);
  a.lock();
}

void assigned_ok() {
  std::unique_lock<std::mutex> a;
  a = std::unique_lock<std::mutex>(m);
}

void in_condition_ok() {
  if (std::unique_lock<std::mutex>(m, std::try_to_lock).owns_lock())
    return;
}

// --- Returned ---------------------------------------------------------------------

class inferred {
public:
  std::vector<int> &reference_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return values_;
// expected-error@-1 {{a reference to 'values_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  int *pointer_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return values_.data();
// expected-error@-1 {{a pointer to 'values_[0]' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  std::vector<int>::iterator iterator_bad() {
    std::unique_lock lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return values_.begin();
// expected-error@-1 {{an iterator to 'values_[0]' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  const std::string &const_reference_bad() const {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return name_;
// expected-error@-1 {{a reference to 'name_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  std::string_view view_bad() const {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return name_;
// expected-error@-1 {{a view to 'name_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  int &element_bad(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    return table_[key];
// expected-error@-1 {{a reference to 'table_[...]' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  std::string copy_ok() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return name_;
  }
  void rename(std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    name_ = std::move(name);
  }
  void add(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.push_back(value);
  }
  const std::string &never_written_ok() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return constant_;
  }
  std::mutex &mutex_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    return mutex_;
  }
  const std::string &lazy_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (lazy_.empty())
      lazy_ = "made";
    return lazy_;
  }
  inferred &self_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    return *this;
  }
  std::shared_ptr<std::string> shared_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    return shared_;
  }
  static int &local_ok(int *array) {
    static std::mutex once;
    std::lock_guard<std::mutex> lock(once);
    return array[0];
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> values_;
  std::map<int, int> table_;
  std::string name_, constant_, lazy_;
  std::shared_ptr<std::string> shared_;
};

class declared {
public:
  const std::string &reference_bad() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return name_;
// expected-error@-1 {{a reference to 'name_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  const std::string &unlocked_bad() const { return name_; }
// expected-error@-1 {{a reference to 'name_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  int *get_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
    return owned_.get();
// expected-error@-1 {{a pointer to '*owned_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  int &pointee_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
    return *pointer_;
// expected-error@-1 {{a reference to '*pointer_' is returned, where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  const std::string &required_ok() const FEARLESS_REQUIRES(mutex_) { return name_; }
  const std::string &guarded_ok(const std::unique_lock<std::mutex> &) const { return name_; }
  std::string copy_ok() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return name_;
  }

private:
  const std::string &private_ok() const { return name_; }
  mutable std::mutex mutex_;
  std::string name_ FEARLESS_GUARDED_BY(mutex_);
// expected-note@-1 2 {{'name_' is guarded by 'mutex_'}}
  std::unique_ptr<int> owned_ FEARLESS_GUARDED_BY(mutex_);
// expected-note@-1 {{'owned_' is guarded by 'mutex_'}}
  int *pointer_ FEARLESS_PT_GUARDED_BY(mutex_) = nullptr;
// expected-note@-1 {{'pointer_' is guarded by 'mutex_'}}
};

std::map<std::string, int> registry;
std::mutex registry_mutex;
int &global_bad(const std::string &key) {
  std::lock_guard<std::mutex> lock(registry_mutex);
// expected-note@-1 {{'registry_mutex' is locked here}}
  return registry[key];
// expected-error@-1 {{a reference to 'registry[...]' is returned, where it can be used without 'registry_mutex' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
}
int global_ok(const std::string &key) {
  std::lock_guard<std::mutex> lock(registry_mutex);
  return registry[key];
}

// --- Used after the lock --------------------------------------------------------------

std::vector<int> values;
std::mutex values_mutex;

int pointer_bad() {
  int *first = nullptr;
  {
    std::lock_guard<std::mutex> lock(values_mutex);
// expected-note@-1 {{'values_mutex' is locked here}}
    first = &values[0];
// expected-note@-1 {{'first' is made to refer to it here}}
  }
  return *first;
// expected-error@-1 {{'first' is used after 'values_mutex' was released, and refers to 'values[0]' [fearless-guard]}}
// expected-note@-2 {{help: use it before the lock is released, or copy the data}}
}

int pointer_ok() {
  int *first = nullptr;
  {
    std::lock_guard<std::mutex> lock(values_mutex);
    first = &values[0];
    *first = 1;
  }
  return 0;
}

int locked_again_ok() {
  int *first = nullptr;
  {
    std::lock_guard<std::mutex> lock(values_mutex);
    first = &values[0];
  }
  std::lock_guard<std::mutex> lock(values_mutex);
  return *first;
}

int unlocked_bad() {
  std::unique_lock<std::mutex> lock(values_mutex);
// expected-note@-1 {{'values_mutex' is locked here}}
  auto it = values.begin();
// expected-note@-1 {{'it' is made to refer to it here}}
  lock.unlock();
  return *it;
// expected-error@-1 {{'it' is used after 'values_mutex' was released, and refers to 'values[0]' [fearless-guard]}}
// expected-note@-2 {{help: use it before the lock is released, or copy the data}}
}

int overwritten_ok(int *other) {
  int *first = nullptr;
  {
    std::lock_guard<std::mutex> lock(values_mutex);
    first = &values[0];
  }
  first = other;
  return *first;
}

int bare_bad() {
  values_mutex.lock();
// expected-note@-1 {{'values_mutex' is locked here}}
  int *first = &values[0];
// expected-note@-1 {{'first' is made to refer to it here}}
  values_mutex.unlock();
  return *first;
// expected-error@-1 {{'first' is used after 'values_mutex' was released, and refers to 'values[0]' [fearless-guard]}}
// expected-note@-2 {{help: use it before the lock is released, or copy the data}}
}

int copied_ok() {
  int first;
  {
    std::lock_guard<std::mutex> lock(values_mutex);
    first = values[0];
  }
  return first;
}

// --- Callbacks ---------------------------------------------------------------------------

struct some_data {
  int a = 0;
};
some_data *unprotected = nullptr;
void malicious(some_data &d) { unprotected = &d; }
// expected-note@-1 {{it is kept here}}
void harmless(some_data &d) { d.a = 1; }

class data_wrapper {
public:
  template <typename F>
  void process(F f) {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    f(data_);
// expected-error@-1 {{the callback keeps a pointer to 'data_', which can then be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{in the instantiation 'data_wrapper::process<(lambda)>'}}
// expected-note@-3 {{help: copy the data, or mark where it is kept FEARLESS_PT_GUARDED_BY(mutex_)}}
  }
  void direct_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
// expected-note@-1 {{'mutex_' is locked here}}
    malicious(data_);
// expected-error@-1 {{'malicious' keeps a pointer to 'data_', which can then be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: copy the data, or mark where it is kept FEARLESS_PT_GUARDED_BY(mutex_)}}
  }
  void direct_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    harmless(data_);
  }

private:
  some_data data_;
  std::mutex mutex_;
};

void callback_bad(data_wrapper &w) {
  w.process([](some_data &d) { unprotected = &d; });
// expected-note@-1 {{it is kept here}}
}
void callback_ok(data_wrapper &w) {
  w.process([](some_data &d) { d.a = 2; });
}

// --- Stored -------------------------------------------------------------------------------

class list {
public:
  void store_bad(int **out) {
    std::lock_guard<std::mutex> lock(mutex_);
    *out = &head_;
// expected-error@-1 {{a pointer to 'head_' is stored in '*out', where it can be used without 'mutex_' [fearless-guard]}}
// expected-note@-2 {{help: copy the data, or mark where it is kept FEARLESS_PT_GUARDED_BY(mutex_)}}
  }
  void store_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    current_ = &head_;
  }

private:
  std::mutex mutex_;
  int head_ FEARLESS_GUARDED_BY(mutex_) = 0;
// expected-note@-1 {{'head_' is guarded by 'mutex_'}}
  int *current_ FEARLESS_GUARDED_BY(mutex_) FEARLESS_PT_GUARDED_BY(mutex_) = nullptr;
};

// --- Handed to a thread -----------------------------------------------------------------------

class worker {
public:
  void step() FEARLESS_REQUIRES(mutex_) { ++steps_; }
// expected-note@-1 {{the mark that requires it}}
  void run() {
    std::lock_guard<std::mutex> lock(mutex_);
    step();
  }
  void start_bad() {
    std::thread t(&worker::step, this);
// expected-error@-1 {{'step' requires 'mutex_' and is handed to 'std::thread', where nobody holds it [fearless-guard]}}
// expected-note@-2 {{help: hand over a function that locks mutex_ itself}}
    t.join();
  }
  void start_ok() {
    std::thread t(&worker::run, this);
    t.join();
  }

private:
  std::mutex mutex_;
  int steps_ FEARLESS_GUARDED_BY(mutex_) = 0;
};

// The parts of what a lock guards may refer to each other.
class ring {
  struct node {
    node *next = nullptr;
    node *prev = nullptr;
  };

public:
  ring() {
    head_.next = &head_;
    head_.prev = &head_;
    nodes_[0].next = &head_;
  }
  void reset_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    head_.next = &head_;
    nodes_[1].prev = &nodes_[0];
  }

private:
  std::mutex mutex_;
  node head_ FEARLESS_GUARDED_BY(mutex_);
  node nodes_[4] FEARLESS_GUARDED_BY(mutex_);
};
