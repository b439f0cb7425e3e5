// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Violation.h"

using namespace fearless;

static bool isReported(const Boundary &B, const Crossing &C, const Answer &A,
                       const Options &Opts) {
  if (B.IsMarked || Opts.Mode == Mode::Strict)
    return A.V != Verdict::Yes || C.IsThreadLocal;
  // std::launch::deferred runs the callable on the thread that asks for its
  // result, which is usually this one.
  if (B.IsDeferred)
    return false;
  return C.IsThreadLocal ||
         (A.V == Verdict::No && A.Weight == Strength::Explicit);
}

std::vector<Violation> fearless::findViolations(const Unit &U,
                                                TraitSolver &Solver,
                                                const Options &Opts) {
  std::vector<Violation> Out;
  for (const Boundary &B : U.Boundaries)
    for (Crossing &C : crossingsOf(B, Solver)) {
      const Answer *A = &Solver.solve(C.Needs);
      if (C.NeedsToo && !isReported(B, C, *A, Opts)) {
        C.Needs = *C.NeedsToo;
        A = &Solver.solve(C.Needs);
      }
      const Answer &Culprit = Solver.culprit(*A);
      // A dependent type is judged in the instantiations.
      if (Culprit.By == Rule::Dependent || !isReported(B, C, *A, Opts))
        continue;
      Out.push_back({&B, std::move(C), A, &Culprit});
    }
  return Out;
}
