// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-deadlock: one lock taken twice on a path, locks taken in orders that
// make a circle, a join of a thread that needs a lock of the joiner.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Flow/LockOrder.h"

#include <set>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static void describe(const Deadlock &D, Finding &F) {
  switch (D.K) {
  case Deadlock::Twice:
    F.Message = "'" + D.Lock + "' is locked while this thread holds it, and "
                               "waits for itself";
    F.Help = "release it before, or split off a part that requires the lock "
             "(FEARLESS_REQUIRES)";
    return;
  case Deadlock::Order:
    F.Message = "'" + D.Lock + "' is locked while '" + D.Other +
                "' is held, and elsewhere the other way round: two threads can "
                "wait for each other";
    F.Help = "lock them in one order everywhere, or all at once: "
             "std::scoped_lock lock(" +
             D.Other + ", " + D.Lock + ");";
    return;
  case Deadlock::Join:
    F.Message = "this waits for the thread started by '" + D.Other +
                "' while '" + D.Lock + "' is held, which the thread needs";
    F.Help = "release the lock before waiting";
    return;
  }
}

/// Where fearless-unguarded says that a function EXCLUDES a lock that is held.
static std::set<Location> excluded(const AnalyzedUnit &U) {
  std::set<Location> Out;
  if (U.Opts.isEnabled("fearless-unguarded"))
    for (const Program::Unguarded &Each :
         U.Flow.program().unguarded(U.Opts.Mode == Mode::Strict))
      if (Each.Unmet.N.K == Need::Absence)
        Out.insert(Each.Unmet.N.Loc);
  return Out;
}

void DeadlockCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  const std::set<Location> Excluded = excluded(U);
  for (const Deadlock &D : deadlocks(U.Unit, U.Flow.program())) {
    if ((U.Opts.Mode != Mode::Strict && !D.Certain) ||
        (D.K == Deadlock::Twice && Excluded.count(D.Loc)))
      continue;
    Finding F;
    F.Check = Name;
    F.Loc = F.HelpLoc = toLocation(D.Loc);
    F.Culprit = static_cast<const Decl *>(D.Subject);
    describe(D, F);
    for (const Deadlock::Link &Each : D.Links)
      F.Notes.push_back({toLocation(Each.Loc), Each.Text});
    F.Instantiation = instantiationName(D.Function);
    Out.add(std::move(F));
  }
}
