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

/// Checks a verified (not UNSAFE), positive mark of a class or enumeration that
/// has a definition and depends on no template parameter. A conditional mark is
/// checked only where its conditions hold.
std::optional<BrokenClaim> verify(const clang::TagDecl &Tag, const Mark &M,
                                  TraitSolver &Solver);

/// What the structure alone says of the claim \p M makes.
std::optional<Answer> structuralAnswer(const clang::TagDecl &Tag, const Mark &M,
                                       TraitSolver &Solver);

/// Whether the structure proves at least Sync of const objects.
bool verifyConst(const clang::TagDecl &Tag, TraitSolver &Solver);

/// Whether the class was made from a template, itself or one around it, rather
/// than written out (as an explicit specialisation is).
bool isInstantiation(const clang::TagDecl &Tag);

/// A derived class that is not what the mark of a polymorphic base promises.
struct InheritedBreach {
  const clang::CXXRecordDecl *Base;
  MarkKind Kind;
  Answer Judged;
};

/// The promises of polymorphic bases that \p Class breaks, conditional ones where
/// they are made. What the class's own marks say, counts.
std::vector<InheritedBreach> inheritedBreaches(const clang::CXXRecordDecl &Class,
                                               TraitSolver &Solver);

} // namespace fearless

#endif // FEARLESS_CHECKS_MARKVERIFICATION_H
