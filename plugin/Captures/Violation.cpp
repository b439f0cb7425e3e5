// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Violation.h"

using namespace fearless;

static bool isReported(const Boundary &B, const Crossing &C, const Answer &A,
                       const Options &Opts) {
  if (C.IsTask) // what it hides is in sight, and judged instead
    return A.V == Verdict::No && A.Weight == Strength::Explicit;
  if (B.IsMarked || Opts.Mode == Mode::Strict)
    return A.V != Verdict::Yes || C.IsThreadLocal;
  // std::launch::deferred runs the callable on the thread that asks for its
  // result, which is usually this one.
  if (B.IsDeferred || C.ForProofOnly)
    return false;
  return C.IsThreadLocal ||
         (A.V == Verdict::No && A.Weight == Strength::Explicit);
}

/// FEARLESS_UNSAFE_SEND on a task type, or a model that says so.
static bool isVouchedFor(const Crossing &C, TraitSolver &Solver) {
  if (C.Task.isNull() || C.IsTask)
    return false;
  const Answer &A = Solver.solve(Trait::Send, C.Task);
  return A.V == Verdict::Yes && (A.By == Rule::Mark || A.By == Rule::Model);
}

static void judge(const Boundary &B, Crossing C, TraitSolver &Solver,
                  const Options &Opts, std::vector<Violation> &Out) {
  if (isVouchedFor(C, Solver))
    return;
  const Answer *A = &Solver.solve(C.Needs);
  if (C.NeedsToo && !isReported(B, C, *A, Opts)) {
    C.Needs = *C.NeedsToo;
    A = &Solver.solve(C.Needs);
  }
  const Answer &Culprit = Solver.culprit(*A);
  // A dependent type is judged in the instantiations.
  if (Culprit.By == Rule::Dependent || !isReported(B, C, *A, Opts))
    return;
  Out.push_back({&B, std::move(C), A, &Culprit});
}

std::vector<Violation>
fearless::findViolations(const Unit &U, llvm::ArrayRef<Resumption> Resumptions,
                         TraitSolver &Solver, const Options &Opts) {
  std::vector<Violation> Out;
  for (const Boundary &B : U.Boundaries)
    for (Crossing &C : crossingsOf(B, Solver))
      judge(B, std::move(C), Solver, Opts, Out);
  for (const Resumption &R : Resumptions)
    for (Crossing &C : crossingsOf(R, Solver))
      judge(R.Through, std::move(C), Solver, Opts, Out);
  return Out;
}
