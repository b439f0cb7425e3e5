// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of a unit as facts and summaries, made when they are asked for:
// a body is analysed because a boundary reaches it, and once.

#ifndef FEARLESS_FLOW_PROGRAM_H
#define FEARLESS_FLOW_PROGRAM_H

#include "Annotations/LockPath.h"
#include "Boundaries/Unit.h"
#include "Flow/Conflicts.h"
#include "Flow/Executors.h"
#include "Flow/Facts.h"
#include "Flow/Place.h"
#include "Flow/Summary.h"
#include "Flow/Unguarded.h"
#include "Traits/TraitSolver.h"

#include "llvm/ADT/DenseMap.h"

#include <memory>

namespace fearless::flow {

/// The member of *this that a place is, or is a part of, or null.
const clang::FieldDecl *memberOf(const Place &P);

class Program {
public:
  /// \p ForLink: what is left open because its body is in another unit is noted
  /// in the facts, for the unit's summary.
  Program(const Unit &U, TraitSolver &Solver, bool ForLink = false);
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

  /// GUARDED_BY or PT_GUARDED_BY on a field or variable.
  struct GuardMark {
    bool Pointee = false;
    /// Nothing when what the mark names is not understood.
    std::optional<LockPath> Lock;
    std::string Text;
    clang::SourceLocation Loc;
  };
  llvm::ArrayRef<GuardMark> guardsOf(const clang::ValueDecl *D);
  /// Whether the unit has marks that name locks.
  bool hasLockMarks() const { return HasLockMarks; }

  /// The unmet needs of the unit, each where it is to be reported. With
  /// \p Strict, a private function is left to its callers only when all of
  /// them are in the unit for certain.
  struct Unguarded {
    const clang::FunctionDecl *Function;
    UnmetNeed Unmet;
  };
  const std::vector<Unguarded> &unguarded(bool Strict);

  /// Whether calls of \p Callee are noted: another unit may have its body, or
  /// know more of what that calls.
  bool isOpen(const clang::FunctionDecl *Callee);

  /// The overriders of \p Method that have a body in the unit, in source order.
  llvm::ArrayRef<const clang::CXXMethodDecl *>
  overriders(const clang::CXXMethodDecl *Method);

  /// Whether the unit calls std::atomic_thread_fence: then relaxed operations
  /// may order threads.
  bool usesFences() const { return UsesFences; }

  /// A place of the object that method \p From runs on, on object \p To. The
  /// initialiser of a member belongs to every constructor.
  PlaceId ofSelf(PlaceId Each, const clang::FunctionDecl *From, PlaceId To);

  /// Classes whose threads run what they are given.
  Executors &executors() { return Executing; }

  PlaceTable &places() { return Places; }
  TraitSolver &solver() { return Solver; }
  const clang::ASTContext &context() const { return Solver.context(); }

  /// Functions that were skipped because of their size.
  llvm::ArrayRef<const clang::FunctionDecl *> tooLarge() const {
    return Skipped;
  }

private:
  bool isReferenced(llvm::StringRef Name) const;
  bool defers(const clang::FunctionDecl *Function, bool Strict) const;

  struct Entry;
  Entry &entry(const clang::FunctionDecl *Function);
  void makeCallees(const clang::FunctionDecl *Function);

  const Unit &U;
  TraitSolver &Solver;
  PlaceTable Places;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Entry>> Entries;
  /// How many entries are being made.
  unsigned Depth = 0;
  llvm::DenseMap<const clang::Expr *, const Boundary *> Boundaries;
  std::vector<const clang::FunctionDecl *> Skipped;
  llvm::DenseMap<const clang::ValueDecl *, llvm::SmallVector<GuardMark, 1>>
      Guards;
  /// Indexed at the first virtual call.
  std::optional<
      llvm::DenseMap<const clang::CXXMethodDecl *,
                     llvm::SmallVector<const clang::CXXMethodDecl *, 2>>>
      Overriders;
  bool HasLockMarks = false;
  bool UsesFences = false;
  const bool ForLink;
  std::optional<std::vector<Unguarded>> UnguardedByMode[2];
  Summary Nothing;
  Executors Executing{*this};
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PROGRAM_H
