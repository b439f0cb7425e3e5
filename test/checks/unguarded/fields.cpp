// RUN: %fearless_check %s
// RUN: %fearless_check %s -mode=strict -verify=expected,strict
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GUARDED_BY and PT_GUARDED_BY on members, with every kind of lock and guard of
// the standard library. What is marked is strict in both modes.

#include <fearless/annotations.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

class account {
public:
  account() { balance_ = 0; }                 // nobody else has it yet
  explicit account(int b) : balance_(b) {}
  ~account() { balance_ = -1; }

  void guard_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += 1;
  }
  void guard_bad() {
    balance_ += 1; // expected-error {{'balance_' is written without holding 'mutex_' [fearless-unguarded]}}
    // expected-note@-1 {{help: hold it: std::lock_guard lock(mutex_); or let the callers hold it and mark the function FEARLESS_REQUIRES(mutex_)}}
  }
  int read_bad() const {
    return balance_; // expected-error {{'balance_' is read without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void braces_bad() {
    {
      std::lock_guard lock(mutex_);
      balance_ = 1;
    } // expected-note {{'mutex_' is released here}}
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void one_branch_bad(bool c) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (c)
      lock.lock();
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void early_return_ok(bool c) {
    std::unique_lock lock(mutex_);
    if (c) {
      lock.unlock();
      return;
    }
    balance_ = 2;
  }
  void deferred_bad() {
    std::unique_lock lock(mutex_, std::defer_lock);
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void deferred_ok() {
    std::unique_lock lock(mutex_, std::defer_lock);
    lock.lock();
    balance_ = 2;
  }
  void unlocked_bad() {
    std::unique_lock lock(mutex_);
    balance_ = 1;
    lock.unlock(); // expected-note {{'mutex_' is released here}}
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void relocked_ok() {
    std::unique_lock lock(mutex_);
    lock.unlock();
    lock.lock();
    balance_ = 2;
  }
  void try_ok() {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock.owns_lock())
      balance_ = 2;
  }
  void try_operator_ok() {
    if (std::unique_lock lock{mutex_, std::try_to_lock})
      balance_ = 2;
  }
  void try_negated_ok() {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock)
      return;
    balance_ = 2;
  }
  void try_and_ok(bool c) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (c && lock.try_lock())
      balance_ = 2;
  }
  void try_or_bad(bool c) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (c || lock.try_lock())
      balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void try_unchecked_bad() {
    std::unique_lock lock(mutex_, std::try_to_lock);
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void try_wrong_branch_bad() {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock())
      balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void own_it_now_ok() {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock())
      lock.lock();
    balance_ = 2;
  }
  void by_hand_ok() {
    mutex_.lock();
    balance_ = 2;
    mutex_.unlock();
  }
  void by_hand_bad() {
    mutex_.lock();
    mutex_.unlock(); // expected-note {{'mutex_' is released here}}
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void try_by_hand_ok() {
    if (!mutex_.try_lock())
      return;
    balance_ = 2;
    mutex_.unlock();
  }
  void try_variable_ok() {
    const bool taken = mutex_.try_lock();
    if (taken) {
      balance_ = 2;
      mutex_.unlock();
    }
  }
  void adopted_ok() {
    mutex_.lock();
    std::lock_guard lock(mutex_, std::adopt_lock);
    balance_ = 2;
  }
  void adopted_and_gone_bad() {
    mutex_.lock();
    {
      std::lock_guard lock(mutex_, std::adopt_lock);
    } // expected-note {{'mutex_' is released here}}
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void moved_ok() {
    std::unique_lock first(mutex_);
    std::unique_lock second = std::move(first);
    balance_ = 2;
  }
  void moved_and_gone_bad() {
    std::unique_lock first(mutex_);
    {
      std::unique_lock second = std::move(first);
    } // expected-note {{'mutex_' is released here}}
    balance_ = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void assigned_ok() {
    std::unique_lock<std::mutex> lock;
    lock = std::unique_lock(mutex_);
    balance_ = 2;
  }
  void wait_ok() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return balance_ != 0; });
    balance_ = 0;
  }
  void loop_ok() {
    std::unique_lock lock(mutex_);
    while (balance_ == 0)
      changed_.wait(lock);
  }
  void loop_bad() {
    for (int i = 0; i < 3; ++i) {
      balance_ = i; // expected-error {{'balance_' is written without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
      std::lock_guard lock(mutex_);
    } // expected-note {{'mutex_' is released here}}
  }
  void reference_ok() {
    std::mutex &m = mutex_;
    std::lock_guard lock(m);
    balance_ = 2;
  }
  void alias_bad() {
    int &b = balance_;
    b = 2; // expected-error {{'balance_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void alias_ok() {
    int &b = balance_;
    std::lock_guard lock(mutex_);
    b = 2;
  }

  // Another object's lock.
  void transfer_ok(account &to) {
    std::scoped_lock lock(mutex_, to.mutex_);
    --balance_;
    ++to.balance_;
  }
  void transfer_bad(account &to) {
    std::lock_guard lock(mutex_); // expected-note {{'mutex_' is held, which guards another object}}
    --balance_;
    ++to.balance_; // expected-error {{'to.balance_' is written without holding 'to.mutex_'}}
    // expected-note@-1 {{help: }}
  }
  static void two_bad(account &a, account *b) {
    std::lock_guard lock(a.mutex_); // expected-note {{'a.mutex_' is held, which guards another object}}
    a.balance_ = b->balance_; // expected-error {{'b->balance_' is read without holding 'b->mutex_'}}
    // expected-note@-1 {{help: }}
  }
  static void lock_two_ok(account &a, account &b) {
    std::lock(a.mutex_, b.mutex_);
    std::lock_guard first(a.mutex_, std::adopt_lock);
    std::lock_guard second(b.mutex_, std::adopt_lock);
    a.balance_ = b.balance_;
  }
  static void lock_deferred_ok(account &a, account &b) {
    std::unique_lock first(a.mutex_, std::defer_lock);
    std::unique_lock second(b.mutex_, std::defer_lock);
    std::lock(first, second);
    a.balance_ = b.balance_;
  }
  static void try_two_ok(account &a, account &b) {
    if (std::try_lock(a.mutex_, b.mutex_) == -1) {
      a.balance_ = b.balance_;
      a.mutex_.unlock();
      b.mutex_.unlock();
    }
  }
  static void all_ok(std::vector<account> &all) {
    for (account &each : all) {
      std::lock_guard lock(each.mutex_);
      each.balance_ = 0;
    }
  }
  static void by_index_ok(std::vector<account> &all, int i) {
    std::lock_guard lock(all[i].mutex_);
    all[i].balance_ = 0;
  }
  static void other_index_bad(std::vector<account> &all, int i, int j) {
    std::lock_guard lock(all[i].mutex_); // expected-note {{is held, which guards another object}}
    all[j].balance_ = 0; // expected-error {{without holding}}
    // expected-note@-1 {{help: }}
  }
  static void moving_index_bad(std::vector<account> &all, int i) {
    std::lock_guard lock(all[i].mutex_);
    ++i;
    all[i].balance_ = 0; // expected-error {{without holding}}
    // expected-note@-1 {{help: }}
  }
  static void moving_pointer_bad(account *p, account *q) {
    std::lock_guard lock(p->mutex_);
    p = q;
    p->balance_ = 0; // expected-error {{'p->balance_' is written without holding 'p->mutex_'}}
    // expected-note@-1 {{help: }}
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int balance_ FEARLESS_GUARDED_BY(mutex_); // expected-note 1+ {{'balance_' is guarded by 'mutex_'}}
};

// Shared locks.
class cache {
public:
  std::string find_ok(int key) const {
    std::shared_lock lock(mutex_);
    auto found = entries_.find(key);
    return found == entries_.end() ? "" : found->second;
  }
  void insert_ok(int key) {
    std::unique_lock lock(mutex_);
    entries_[key] = "x";
  }
  void insert_bad(int key) {
    std::shared_lock lock(mutex_); // expected-note {{'mutex_' is held shared from here: others may read at the same time}}
    entries_[key] = "x"; // expected-error {{'entries_' is written while 'mutex_' is only held shared}}
    // expected-note@-1 {{help: hold it alone to write: std::unique_lock lock(mutex_);}}
  }
  void by_hand_ok() {
    mutex_.lock_shared();
    bool empty = entries_.empty();
    mutex_.unlock_shared();
    (void)empty;
  }
  void by_hand_bad() {
    mutex_.lock_shared(); // expected-note {{'mutex_' is held shared from here: others may read at the same time}}
    entries_.clear(); // expected-error {{'entries_' is written while 'mutex_' is only held shared}}
    // expected-note@-1 {{help: }}
    mutex_.unlock_shared();
  }
  void upgraded_ok(int key) {
    {
      std::shared_lock lock(mutex_);
      if (entries_.count(key))
        return;
    }
    std::unique_lock lock(mutex_);
    entries_[key] = "x";
  }
  void iterate_ok() const {
    std::shared_lock lock(mutex_);
    for (const auto &[key, value] : entries_)
      use(value);
  }
  void iterate_bad() const {
    for (const auto &[key, value] : entries_) // expected-error {{'entries_' is read without holding 'mutex_'}}
      // expected-note@-1 {{help: }}
      use(value); // strict-error {{'entries_' is read without holding 'mutex_'}}
      // strict-note@-1 {{help: }}
  }
  static void use(const std::string &);

private:
  mutable std::shared_mutex mutex_;
  std::map<int, std::string> entries_ FEARLESS_GUARDED_BY(mutex_); // expected-note 1+ {{'entries_' is guarded by 'mutex_'}}
};

// Recursive locks: held until the last guard is gone.
class tree {
public:
  void outer_ok() {
    std::lock_guard lock(mutex_);
    { std::lock_guard again(mutex_); }
    size_ = 1;
  }
  void callee_ok() {
    std::lock_guard lock(mutex_);
    inner();
    size_ = 1;
  }

private:
  void inner() {
    std::lock_guard lock(mutex_);
    size_ = 2;
  }
  std::recursive_mutex mutex_;
  int size_ FEARLESS_GUARDED_BY(mutex_);
};

// PT_GUARDED_BY: what the pointer leads to, not the pointer.
struct state {
  int value;
  std::vector<int> list;
  void set(int v) { value = v; } // #state_set
  int get() const { return value; } // #state_get
};
class holder {
public:
  void pointer_ok() { state_.reset(); }
  void pointee_ok() {
    std::lock_guard lock(mutex_);
    state_->value = 1;
    raw_->value = 1;
  }
  void pointee_bad() {
    state_->value = 1; // expected-error {{'*state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void raw_bad() {
    (*raw_).list.push_back(1); // expected-error {{'*raw_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void call_bad() {
    state_->set(2); // expected-error {{'*state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }} expected-note@#state_set {{the callee accesses it here}}
  }
  int get_bad() {
    return raw_->get(); // expected-error {{'*raw_' is read without holding 'mutex_'}}
    // expected-note@-1 {{help: }} expected-note@#state_get {{the callee accesses it here}}
  }
  void both_bad() {
    both_ = nullptr; // expected-error {{'both_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }

private:
  std::mutex mutex_;
  std::unique_ptr<state> state_ FEARLESS_PT_GUARDED_BY(mutex_); // expected-note 1+ {{'state_' is guarded by 'mutex_'}}
  state *raw_ FEARLESS_PT_GUARDED_BY(mutex_) = nullptr; // expected-note 1+ {{'raw_' is guarded by 'mutex_'}}
  state *both_ FEARLESS_GUARDED_BY(mutex_) FEARLESS_PT_GUARDED_BY(mutex_) = nullptr; // expected-note 1+ {{'both_' is guarded by 'mutex_'}}
};

// Guarded objects of classes, and what is handed to functions.
void bump(int &v) { ++v; } // expected-note {{the callee accesses it here}}
int sum(const std::vector<int> &v);
class parts {
public:
  void member_bad() {
    state_.value = 1; // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void method_bad() {
    state_.set(1); // expected-error {{'state_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }} expected-note@#state_set {{the callee accesses it here}}
  }
  void method_ok() {
    std::lock_guard lock(mutex_);
    state_.set(1);
  }
  void argument_bad() {
    bump(count_); // expected-error {{'count_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void argument_ok() {
    std::lock_guard lock(mutex_);
    bump(count_);
  }
  std::vector<int> copy_bad() {
    return list_; // expected-error {{'list_' is read without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  std::vector<int> copy_ok() {
    std::lock_guard lock(mutex_);
    return list_;
  }
  int element_bad() {
    return list_[0]; // expected-error {{'list_' is read without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  bool size_bad() {
    return list_.empty(); // expected-error {{'list_' is read without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }

private:
  std::mutex mutex_;
  state state_ FEARLESS_GUARDED_BY(mutex_); // expected-note 1+ {{'state_' is guarded by 'mutex_'}}
  int count_ FEARLESS_GUARDED_BY(mutex_) = 0; // expected-note 1+ {{'count_' is guarded by 'mutex_'}}
  std::vector<int> list_ FEARLESS_GUARDED_BY(mutex_); // expected-note 1+ {{'list_' is guarded by 'mutex_'}}
};

// Locks behind pointers, in other objects, shared by several.
struct owner {
  std::mutex m;
};
class pointed {
public:
  explicit pointed(std::mutex *lock, owner &o) : lock_(lock), owner_(o) {}
  void pointer_ok() {
    std::lock_guard guard(*lock_);
    a_ = 1;
  }
  void pointer_bad() {
    a_ = 1; // expected-error {{'a_' is written without holding '*lock_'}}
    // expected-note@-1 {{help: }}
  }
  void other_ok() {
    std::lock_guard guard(owner_.m);
    b_ = 1;
  }
  void other_bad() {
    std::lock_guard guard(*lock_);
    b_ = 1; // expected-error {{'b_' is written without holding 'owner_.m'}}
    // expected-note@-1 {{help: }}
  }
  void shared_ok() {
    std::lock_guard guard(*shared_);
    c_ = 1;
  }

private:
  std::mutex *lock_;
  owner &owner_;
  std::shared_ptr<std::mutex> shared_;
  int a_ FEARLESS_GUARDED_BY(lock_); // expected-note 1+ {{'a_' is guarded by 'lock_'}}
  int b_ FEARLESS_GUARDED_BY(owner_.m); // expected-note 1+ {{'b_' is guarded by 'owner_.m'}}
  int c_ FEARLESS_GUARDED_BY(*shared_);
};
