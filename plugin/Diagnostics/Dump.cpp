// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Diagnostics/Dump.h"

#include "Captures/Crossing.h"
#include "Support/Names.h"
#include "Traits/Reason.h"

using namespace clang;
using namespace fearless;

static llvm::StringRef kindName(BoundaryKind Kind) {
  switch (Kind) {
  case BoundaryKind::Spawns:
    return "spawns";
  case BoundaryKind::Scoped:
    return "scoped";
  case BoundaryKind::Many:
    return "many";
  case BoundaryKind::Sending:
    return "sending";
  }
  return "";
}

static void dumpBoundaries(llvm::raw_ostream &OS, const Unit &U,
                           TraitSolver &Solver) {
  const SourceManager &SM = Solver.context().getSourceManager();
  for (const Boundary &B : U.Boundaries) {
    OS << "boundary " << B.Name << " (" << kindName(B.Kind)
       << (B.IsMarked ? ", marked" : "") << (B.IsDeferred ? ", deferred" : "")
       << ") at line "
       << SM.getExpansionLineNumber(B.Call->getExprLoc()) << "\n";
    for (const Crossing &C : crossingsOf(B, Solver)) {
      const Answer &A = Solver.solve(C.Needs);
      OS << "  " << (C.Name.empty() ? "an argument" : C.Name) << ": "
         << name(C.Needs.Asks) << "("
         << displayName(C.Needs.Type, Solver.context()) << ") = " << name(A.V)
         << (C.IsThreadLocal ? ", thread_local" : "") << "\n";
    }
  }
}

void fearless::dump(llvm::raw_ostream &OS, const Unit &U, TraitSolver &Solver,
                    const Options &Opts) {
  if (Opts.DumpBoundaries)
    dumpBoundaries(OS, U, Solver);
  if (Opts.DumpTraits) {
    for (const Assertion &A : U.Assertions)
      dump(OS, Solver, Goal::make(A.Asks, A.Type, Solver.context()));
    for (const Boundary &B : U.Boundaries)
      for (const Crossing &C : crossingsOf(B, Solver))
        dump(OS, Solver, C.Needs);
  }
}
