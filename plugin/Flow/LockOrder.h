// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are taken while which others are held, through calls and by
// threads; and the ways to wait for ever that follow: one lock taken twice, two
// taken in both orders, a join of a thread that needs a lock of the joiner.

#ifndef FEARLESS_FLOW_LOCKORDER_H
#define FEARLESS_FLOW_LOCKORDER_H

#include "Flow/Program.h"

namespace fearless::flow {

/// The locks that \p F takes, in its places, with those that are held then.
/// Reads facts only. Locks that are taken by one operation (std::lock,
/// scoped_lock) are not ordered among themselves; nor are two that the function
/// takes in either order, as after a comparison of addresses. \p Conditional
/// says that a parameter may decide whether it locks. Linear in facts times
/// held locks.
std::vector<TakenLock> takenLocks(const FunctionFacts &F,
                                  const PlaceTable &Places, bool Conditional);

struct Deadlock {
  enum Kind : uint8_t {
    /// A lock that does not nest is taken twice on one path.
    Twice,
    /// Two or more locks are taken in orders that make a circle.
    Order,
    /// A thread is waited for while it needs a lock that is held.
    Join,
  };
  Kind K;
  Location Loc = 0;
  std::string Lock;
  /// Order: the lock that is held; Join: the thread's boundary.
  std::string Other;
  struct Link {
    Location Loc;
    std::string Text;
  };
  llvm::SmallVector<Link, 4> Links;
  /// Enough for default mode.
  bool Certain = true;
  const void *Subject = nullptr;
  const clang::FunctionDecl *Function = nullptr;
};

/// The deadlocks of the functions that lock, of those that start threads and of
/// their callers, each circle once.
std::vector<Deadlock> deadlocks(const Unit &U, Program &P);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_LOCKORDER_H
