// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Clang's own analyses make of the attributes in mutex.h, arc.h and thread.h:
// -Wthread-safety, -Wdangling and -Wunused-result find these mistakes, and are
// silent about correct code. Compiled only, with -Xclang -verify: each warning has
// to be announced by a comment.

#include "fearless/arc.h"
#include "fearless/mutex.h"
#include "fearless/span.h"
#include "fearless/thread.h"

#include <string>
#include <utility>
#include <vector>

namespace {

struct account {
  fearless::mutex<int> balance;
  fearless::rw_lock<std::string> name;
  int audits __attribute__((guarded_by(balance))) = 0;

  // --- correct code, without a warning ---

  void lock_once() {
    auto guard = balance.lock();
    ++*guard;
    ++audits;
  }
  void lock_in_sequence() const {
    { auto guard = balance.lock(); }
    { auto guard = balance.lock(); }
    *balance.lock() = 1;
    *balance.lock() = 2;
  }
  void lock_in_a_branch_and_a_loop(bool maybe) const {
    if (maybe) {
      auto guard = balance.lock();
      ++*guard;
    }
    for (int i = 0; i != 3; ++i) {
      auto guard = balance.lock();
      ++*guard;
    }
  }
  void unlock_early() const {
    auto guard = balance.lock();
    guard.unlock();
    *balance.lock() = 1;
  }
  void move_the_guard() const {
    auto first = balance.lock();
    auto second = std::move(first);
    ++*second;
  }
  static void take(fearless::mutex_guard<int> guard) { ++*guard; }
  static void borrow(fearless::mutex_guard<int>& guard) { ++*guard; }
  void give_the_guard_away() const {
    auto guard = balance.lock();
    borrow(guard);
    take(std::move(guard));
  }
  void give_a_temporary_away() const { take(balance.lock()); }
  void try_to_lock() const {
    if (auto guard = balance.try_lock())
      ++**guard;
    if (auto guard = balance.try_lock_for(std::chrono::seconds(1)))
      ++**guard;
  }
  void with() const {
    balance.with([](int& value) { ++value; });
  }
  void wait(const fearless::condvar& changed) const {
    auto guard = balance.lock();
    changed.wait(guard, [](int value) { return value > 0; });
    ++*guard;
  }
  void read_and_write() const {
    { auto reader = name.read(); }
    auto writer = name.write();
    writer->push_back('x');
  }

  // --- mistakes, found by -Wthread-safety ---

  void lock_twice() const {
    auto first = balance.lock();
    auto second = balance.lock(); // expected-warning {{acquiring mutex 'balance' that is already held}}
    // expected-note@-2 {{mutex acquired here}}
  }
  void lock_twice_in_one_expression() const {
    *balance.lock() = *balance.lock() + 1; // expected-warning {{acquiring mutex 'balance' that is already held}}
    // expected-note@-1 {{mutex acquired here}}
  }
  void lock_again_in_with() const {
    auto guard = balance.lock();
    balance.with([](int&) {}); // expected-warning {{cannot call function 'with}}
  }
  void write_while_reading() const {
    auto reader = name.read();
    auto writer = name.write(); // expected-warning {{acquiring rw_lock 'name' that is already held}}
    // expected-note@-2 {{rw_lock acquired here}}
  }
  void unlock_twice() const {
    auto guard = balance.lock();
    guard.unlock(); // expected-note {{mutex released here}}
    guard.unlock(); // expected-warning {{releasing mutex 'balance' that was not held}}
  }
  void forget_the_lock() {
    ++audits; // expected-warning {{writing variable 'audits' requires holding mutex 'balance' exclusively}}
  }
};

// --- mistakes, found by lifetimebound ---

void let_the_data_out(const fearless::mutex<std::string>& m, const fearless::rw_lock<std::string>& l) {
  std::string& leaked = *m.lock(); // expected-warning {{temporary bound to local reference 'leaked' will be destroyed}}
  const std::string& read = *l.read(); // expected-warning {{temporary bound to local reference 'read' will be destroyed}}
  static_cast<void>(leaked.size() + read.size());
}

// --- mistakes, found by nodiscard ---

void forget_to_keep(const fearless::mutex<int>& m) {
  m.lock();                 // expected-warning {{ignoring return value of}}
  fearless::spawn([] {});   // expected-warning {{ignoring return value of}}
  fearless::make_arc<int>(1); // expected-warning {{ignoring return value of}}
}

} // namespace

int main() {
  account a;
  a.lock_once();
  a.lock_in_sequence();
  a.lock_in_a_branch_and_a_loop(true);
  a.unlock_early();
  a.move_the_guard();
  a.give_the_guard_away();
  a.give_a_temporary_away();
  a.try_to_lock();
  a.with();
  a.wait(fearless::condvar());
  a.read_and_write();
  a.lock_twice();
  a.lock_twice_in_one_expression();
  a.lock_again_in_with();
  a.write_while_reading();
  a.unlock_twice();
  a.forget_the_lock();
  let_the_data_out(fearless::mutex<std::string>(), fearless::rw_lock<std::string>());
  forget_to_keep(fearless::mutex<int>());
}
