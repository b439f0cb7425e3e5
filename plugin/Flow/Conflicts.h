// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pairs what threads do with what else happens while they may run: the races,
// and the storage that ends too early. Reads facts only.

#ifndef FEARLESS_FLOW_CONFLICTS_H
#define FEARLESS_FLOW_CONFLICTS_H

#include "Flow/Facts.h"

#include <vector>

namespace fearless::flow {

/// One access of a thread against one of its parent or of another thread.
struct Race {
  SpawnId Thread;
  /// What the thread does.
  Access InThread;
  /// The other side: an access of the function itself, or of thread Other.
  Access Outside;
  bool BetweenThreads = false;
  SpawnId Other{};
  /// Concrete enough for default mode.
  bool Certain = false;
};

/// Storage that a thread uses and that ends while it may run.
struct Expiry {
  SpawnId Thread;
  SpawnInfo::Borrow Borrow;
  Location Loc = 0;
  bool Certain = false;
  /// Nobody can join it any more: it was detached.
  bool Detached = false;
  /// The use inside the thread, when there is one.
  Access Use;
  bool HasUse = false;
};

/// A thread that may still run when the function returns.
struct StillRunning {
  SpawnId Thread;
  /// The handle that owns it, when it is one on all paths.
  PlaceId Owner{};
  bool IsDetached = false;
};

/// A callable of the caller that two threads may run at once.
struct CalledAtOnce {
  SpawnId Thread;
  Access Call;
};

struct Conflicts {
  std::vector<Race> Races;
  std::vector<Expiry> Expiries;
  std::vector<StillRunning> RunningAtExit;
  std::vector<CalledAtOnce> Calls;
  /// For each thread, whether all of it was understood.
  std::vector<bool> Understood;
};

/// Linear in facts times live threads times the accesses of a body that share
/// a root with the fact.
Conflicts findConflicts(const FunctionFacts &F, PlaceTable &Places);

/// A common lock orders them, unless both hold it shared. Two places that may
/// be the same lock (an element of an array of mutexes) do not.
bool shareLock(const Access &A, const Access &B, const PlaceTable &Places);

/// Hand-over through a synchronising object that both sides use: one side
/// acquires it before its access, and the other releases it after its own.
/// Whether it is the right release is not proven, so this only makes a race
/// uncertain. The object that is raced for cannot hand over itself.
bool mayBeOrdered(const Access &A, const Access &B, const PlaceTable &Places);

/// What calling this function does, but for what is done by threads that it
/// leaves running: see \p C. \p Handles are those of handlesOf().
Effects effectsOf(const FunctionFacts &F, PlaceTable &Places,
                  const Conflicts &C, llvm::ArrayRef<PlaceId> Handles);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_CONFLICTS_H
