// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flow analysis of a unit: the races and expiries of every function that
// starts threads.

#ifndef FEARLESS_FLOW_FLOWANALYSIS_H
#define FEARLESS_FLOW_FLOWANALYSIS_H

#include "Captures/Violation.h"
#include "Flow/ActiveObjects.h"
#include "Flow/Aliases.h"
#include "Flow/Program.h"
#include "Flow/Regions.h"

#include "llvm/Support/raw_ostream.h"

#include <vector>

namespace fearless::flow {

struct FunctionResult {
  const clang::FunctionDecl *Function;
  const FunctionFacts *Facts;
  const Conflicts *Found;
};

class FlowAnalysis {
public:
  /// Analyses the functions of \p U that start threads and those they reach.
  /// \p ForLink: see Program.
  FlowAnalysis(const Unit &U, TraitSolver &Solver, bool ForLink = false);

  llvm::ArrayRef<FunctionResult> results() const { return Results; }
  const ActiveObjects &activeObjects() const { return Active; }
  llvm::ArrayRef<RegionResult> regions() const { return R.results(); }
  const PlaceTable &places() { return P.places(); }
  Program &program() { return P; }
  llvm::ArrayRef<const clang::FunctionDecl *> tooLarge() const {
    return P.tooLarge();
  }

  /// Removes the violations that flow disproves: a borrow that is proven to
  /// end in time, with all uses of the object ordered while the thread may
  /// run. And those of objects for which a race is reported anyway.
  void dropProven(std::vector<Violation> &Violations);

  void dump(llvm::raw_ostream &OS);

private:
  bool isProven(const Violation &V, Aliases &Names);
  bool isOrdered(const FunctionResult &R, unsigned I,
                 const SpawnInfo::Borrow &B, bool IsShared, Aliases &Names);
  bool mayEndFirst(const FunctionResult &R, unsigned I,
                   const clang::VarDecl *Variable);
  bool isGivenUp(const Violation &V);

  Program P;
  Regions R;
  std::vector<FunctionResult> Results;
  ActiveObjects Active;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_FLOWANALYSIS_H
