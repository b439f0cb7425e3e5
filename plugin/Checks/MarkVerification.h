// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares what marks claim with what structure proves. fearless-annotation
// reports claims that are broken, fearless-unsafe claims that were not needed.

#ifndef FEARLESS_CHECKS_MARKVERIFICATION_H
#define FEARLESS_CHECKS_MARKVERIFICATION_H

#include "Annotations/Marks.h"
#include "Traits/TraitSolver.h"

#include <optional>
#include <vector>

namespace fearless {

/// A claim that the structure does not bear out.
struct BrokenClaim {
  Answer Judged;
};

/// Checks a verified (not UNSAFE), positive mark of a complete class that
/// depends on no template parameter. A conditional mark is checked only where
/// its conditions hold.
std::optional<BrokenClaim> verify(const clang::CXXRecordDecl &Class,
                                  const Mark &M, TraitSolver &Solver);

/// What the structure alone says of the claim \p M makes.
std::optional<Answer> structuralAnswer(const clang::CXXRecordDecl &Class,
                                       const Mark &M, TraitSolver &Solver);

/// A derived class that is not what the mark of a polymorphic base promises.
struct InheritedBreach {
  const clang::CXXRecordDecl *Base;
  MarkKind Kind;
  Answer Judged;
};
std::vector<InheritedBreach> inheritedBreaches(const clang::CXXRecordDecl &Class,
                                               TraitSolver &Solver);

} // namespace fearless

#endif // FEARLESS_CHECKS_MARKVERIFICATION_H
