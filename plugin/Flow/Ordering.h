// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What may order an access against other threads without a common lock: what
// was acquired before it, and what is released after it.

#ifndef FEARLESS_FLOW_ORDERING_H
#define FEARLESS_FLOW_ORDERING_H

#include "Flow/LockSets.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace fearless::flow {

/// Computes, for each access of a function, its locks, what was acquired on
/// some path to it, and what is released on some path from it. Data that is
/// read under a lock counts as acquired, and data that is written under one as
/// released: a flag or queue behind a mutex hands over like an atomic does. A
/// lock that others may hold at the same time hands over nothing that is written.
class Ordering {
public:
  Ordering(const FunctionFacts &F, const PlaceTable &Places);

  /// Calls \p Do for each access (Read, Write, Use) and Expire of block \p I in
  /// order, and \p Pass for every fact, after that.
  void visit(unsigned I, llvm::function_ref<void(const Fact &, Access)> Do,
             llvm::function_ref<void(const Fact &)> Pass) const;
  bool isReachable(unsigned I) const { return LocksIn[I].has_value(); }

private:
  using Set = std::set<PlaceId>;
  /// How a fact is locked.
  struct Locked {
    bool Any = false, Exclusively = false;
  };
  Locked lockedAt(const Fact &Each, const LockSets::State &Locks) const;
  void acquire(Set &S, const Fact &Each, Locked How) const;
  void release(Set &S, const Fact &Each, Locked How) const;
  void forward();
  void backward();

  const FunctionFacts &F;
  LockSets Analysis;
  std::vector<std::optional<LockSets::State>> LocksIn;
  std::vector<Set> AcquiredIn;
  std::vector<Set> ReleasedOut;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_ORDERING_H
