// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of a unit as facts and summaries, made when they are asked for:
// a body is analysed because a boundary reaches it, and once.

#ifndef FEARLESS_FLOW_PROGRAM_H
#define FEARLESS_FLOW_PROGRAM_H

#include "Boundaries/Unit.h"
#include "Flow/Conflicts.h"
#include "Flow/Facts.h"
#include "Flow/Place.h"
#include "Traits/TraitSolver.h"

#include "llvm/ADT/DenseMap.h"

#include <memory>

namespace fearless::flow {

/// What a caller needs to know of a function, with places rooted at its
/// parameters, at *this, at globals and at captured variables.
struct Summary {
  Effects E;
  /// Threads it leaves running, and the handle that owns each.
  struct Left {
    SpawnInfo Thread;
    PlaceId Owner{};
  };
  std::vector<Left> Leaves;
  /// Join, Detach, Lock and Unlock on places of the caller.
  std::vector<Fact> Operations;
  /// The body was seen.
  bool HasBody = false;
};

class Program {
public:
  Program(const Unit &U, TraitSolver &Solver);
  ~Program();

  /// The facts of \p Function, or null without a body (or with one that is
  /// too large: see tooLarge()).
  const FunctionFacts *facts(const clang::FunctionDecl *Function);
  /// The summary of \p Function. Recursion is iterated to a fixpoint.
  const Summary &summary(const clang::FunctionDecl *Function);
  const Conflicts &conflicts(const clang::FunctionDecl *Function);

  const Boundary *boundaryAt(const clang::Expr *Call) const;
  /// The functions that hold a boundary or call one that leaves threads
  /// running, in source order: the roots of the analysis.
  std::vector<const clang::FunctionDecl *> roots();

  /// System headers, and the runtime: described by models, marks and
  /// declarations, not by their code.
  static bool isLibrary(const clang::Decl *D);

  PlaceTable &places() { return Places; }
  TraitSolver &solver() { return Solver; }
  const clang::ASTContext &context() const { return Solver.context(); }

  /// Functions that were skipped because of their size.
  llvm::ArrayRef<const clang::FunctionDecl *> tooLarge() const {
    return Skipped;
  }

private:
  struct Entry;
  Entry &entry(const clang::FunctionDecl *Function);

  const Unit &U;
  TraitSolver &Solver;
  PlaceTable Places;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Entry>> Entries;
  llvm::DenseMap<const clang::Expr *, const Boundary *> Boundaries;
  std::vector<const clang::FunctionDecl *> Skipped;
  Summary Nothing;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PROGRAM_H
