// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are held, and what was acquired, on every path to a point.

#ifndef FEARLESS_FLOW_LOCKSETS_H
#define FEARLESS_FLOW_LOCKSETS_H

#include "Flow/Dataflow.h"

#include <set>

namespace fearless::flow {

/// Forward must-analysis: a join keeps what both sides have.
class LockSets {
public:
  struct State {
    std::set<PlaceId> Held;
    /// Released elsewhere, seen here: see Fact::Acquire.
    std::set<PlaceId> Acquired;
    bool join(const State &Other);
  };

  State entry() const { return {}; }
  void transfer(State &S, const Fact &Each) const;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_LOCKSETS_H
