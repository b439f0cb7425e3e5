// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are held on every path to a point, by which guard and how.

#ifndef FEARLESS_FLOW_LOCKSETS_H
#define FEARLESS_FLOW_LOCKSETS_H

#include "Flow/Dataflow.h"

#include <map>
#include <set>

namespace fearless::flow {

/// Forward must-analysis: a join keeps what both sides have.
class LockSets {
public:
  struct Hold {
    /// Nobody else holds it; false: others may hold it shared.
    bool Exclusive = true;
    /// Where it was taken; 0 where paths differ.
    Location Since = 0;
    friend bool operator==(Hold A, Hold B) {
      return A.Exclusive == B.Exclusive && A.Since == B.Since;
    }
  };
  struct State {
    /// By lock and by the guard that will release it; no guard: a bare call
    /// will. So a recursive lock is held until its last guard is gone, and a
    /// guard that has released its lock cannot release another's.
    std::map<std::pair<PlaceId, PlaceId>, Hold> Held;
    /// A guard's lock that was unlocked by hand: locked by hand again, it is
    /// the guard's again.
    std::map<PlaceId, PlaceId> Suspended;
    /// Locks that were held before, and where that ended; for messages.
    std::map<PlaceId, Location> Released;

    bool join(const State &Other);
    /// The locks, each once, exclusively when any guard holds it so.
    llvm::SmallVector<HeldLock, 2> locks() const;
    bool holds(PlaceId Lock) const;
  };

  explicit LockSets(const PlaceTable &Places) : Places(Places) {}

  State entry() const { return {}; }
  void transfer(State &S, const Fact &Each) const;

private:
  void lock(State &S, const Fact &Each) const;
  void unlock(State &S, const Fact &Each) const;
  void forget(State &S, PlaceId Written) const;

  const PlaceTable &Places;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_LOCKSETS_H
