// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One finding as plain data. Checks make them, front ends print them.

#ifndef FEARLESS_DIAGNOSTICS_FINDING_H
#define FEARLESS_DIAGNOSTICS_FINDING_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/SmallVector.h"

#include <string>
#include <vector>

namespace clang {
class Decl;
}

namespace fearless {

struct Note {
  clang::SourceLocation Loc;
  std::string Text;
  /// One of several ways out.
  llvm::SmallVector<clang::FixItHint, 1> Fixes{};
};

struct Finding {
  /// "fearless-send".
  llvm::StringRef Check;
  clang::SourceLocation Loc;
  clang::SourceRange Range;
  /// The headline, without the check's name.
  std::string Message;
  /// The chain, the culprit and the boundary's requirement, in that order.
  llvm::SmallVector<Note, 4> Notes;
  /// What to write instead; printed last. Empty when there is no advice.
  std::string Help;
  clang::SourceLocation HelpLoc;
  llvm::SmallVector<clang::FixItHint, 1> Fixes;
  /// The declaration at fault: FEARLESS_ALLOW on it covers the finding.
  const clang::Decl *Culprit = nullptr;
  /// The template instantiation the finding was made in, or empty.
  std::string Instantiation;

  /// What a front end prints under the headline, in order: the notes, the
  /// instantiation, the help. Each has a place.
  std::vector<Note> explanation() const;
};

} // namespace fearless

#endif // FEARLESS_DIAGNOSTICS_FINDING_H
