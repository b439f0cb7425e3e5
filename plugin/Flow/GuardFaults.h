// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a guard protects and what leaves it: references, pointers, iterators and
// views that outlive the lock, guards that are gone at once, locks that are held
// while a coroutine sleeps. Found in the functions that lock; told as plain data.

#ifndef FEARLESS_FLOW_GUARDFAULTS_H
#define FEARLESS_FLOW_GUARDFAULTS_H

#include "Flow/Program.h"

namespace fearless::flow {

struct GuardFault {
  enum Kind : uint8_t {
    /// std::lock_guard{m}; m.lock(); the guard is destroyed at once.
    Discarded,
    /// std::unique_lock<std::mutex> (m); declares a variable m.
    Declares,
    /// T &r = *m.lock(); the guard is a temporary.
    Temporary,
    /// for (T &x : *m.lock()), before C++23.
    Range,
    /// A reference, pointer, iterator or view is returned from under the lock.
    Returned,
    /// It is used after the lock was released.
    Used,
    /// It is stored where it outlives the lock.
    Stored,
    /// A callback keeps what it is given under the lock.
    Kept,
    /// The lock is held while the coroutine is suspended.
    Suspended,
    /// A function that REQUIRES a lock is run by another thread.
    HandedOver,
  };
  Kind K;
  Location Loc = 0;
  /// The variable or function at fault, as the user names it.
  std::string Value;
  /// What it refers to.
  std::string Data;
  /// The lock, or empty when it has no name.
  std::string Lock;
  /// The class of the guard, for a replacement.
  std::string Guard;
  struct Link {
    Location Loc;
    std::string Text;
  };
  llvm::SmallVector<Link, 2> Links;
  /// Whether it is what a mark guards, or a lock that owns its data.
  bool IsDeclared = true;
  const void *Subject = nullptr;
  const void *Function = nullptr;
};

/// The faults of the unit in source order of its functions. With \p Strict also
/// what a method of the protected object returns. Linear in the size of the
/// functions that lock or name guarded data.
std::vector<GuardFault> guardFaults(const Unit &U, Program &P, bool Strict);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_GUARDFAULTS_H
