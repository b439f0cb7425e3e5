// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns an answer into sentences: one step for each link of the chain that the
// user wrote, at its declaration, and a last one for the culprit. Links inside
// the standard library are folded into the step before them.

#ifndef FEARLESS_TRAITS_REASON_H
#define FEARLESS_TRAITS_REASON_H

#include "Traits/TraitSolver.h"

#include <string>

namespace fearless {

struct ReasonStep {
  clang::SourceLocation Loc;
  std::string Text;
};

/// The chain below \p A down to the culprit, outermost first. Steps without a
/// place of their own in user code stand at \p Fallback.
llvm::SmallVector<ReasonStep, 4> explain(TraitSolver &Solver, const Answer &A,
                                         clang::SourceLocation Fallback);

/// "'int' is not Sync", "'Base' is not known to be Sync".
std::string verdictText(const Answer &A, const clang::ASTContext &Ctx);

/// Prints the answer and the whole proof below it, each question once: the
/// text of dump=traits.
void dump(llvm::raw_ostream &OS, TraitSolver &Solver, const Goal &G);

} // namespace fearless

#endif // FEARLESS_TRAITS_REASON_H
