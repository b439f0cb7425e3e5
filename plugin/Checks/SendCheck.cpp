// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-send: a value that may not change threads at all.

#include "Checks/CrossingFinding.h"

using namespace fearless;

void SendCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  for (const Violation &V : U.Violations)
    if (V.Culprit->Asked.Asks == Trait::Send || V.Crossing.IsThreadLocal)
      Out.add(crossingFinding(Name, V, U.Solver));
}
