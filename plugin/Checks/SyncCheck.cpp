// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-sync: an object that several threads would use at once.

#include "Checks/CrossingFinding.h"

using namespace fearless;

void SyncCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  for (const Violation &V : U.Violations)
    if (V.Culprit->Asked.Asks == Trait::Sync && !V.Crossing.IsThreadLocal)
      Out.add(crossingFinding(Name, V, U.Solver));
}
