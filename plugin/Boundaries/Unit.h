// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What one traversal of a translation unit finds: the boundaries, the marks,
// the assertions and the exits. Everything after it works on these lists.

#ifndef FEARLESS_BOUNDARIES_UNIT_H
#define FEARLESS_BOUNDARIES_UNIT_H

#include "Boundaries/Boundary.h"
#include "Models/ModelTable.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <vector>

namespace fearless {

/// FEARLESS_ASSERT_SEND(T) and its relatives.
struct Assertion {
  Trait Asks;
  /// ASSERT_NOT_…: passes on No and Unknown.
  bool Negative;
  clang::QualType Type;
  const clang::StaticAssertDecl *Decl;
};

/// FEARLESS_ALLOW("check", "why").
struct Allowance {
  std::string Check;
  std::string Why;
  clang::SourceLocation Loc;
  /// The code it covers.
  clang::SourceRange Range;
  /// The declaration it stands on, or null for a statement.
  const clang::Decl *On = nullptr;
};

/// A co_await or co_yield that is written in a coroutine.
struct Suspension {
  const clang::CoroutineSuspendExpr *At;
  const clang::FunctionDecl *Coroutine;
};

struct Unit {
  std::vector<Boundary> Boundaries;
  /// Declarations with a `fearless::` attribute (or Clang's lock attributes).
  std::vector<const clang::Decl *> Marked;
  /// Class definitions with a base class, in case the base is marked.
  std::vector<const clang::CXXRecordDecl *> Derived;
  /// Class definitions that other units may have, too; of templates the
  /// pattern.
  std::vector<const clang::CXXRecordDecl *> Classes;
  std::vector<Assertion> Assertions;
  std::vector<Allowance> Allowances;
  /// Who calls whom in the user's code, by canonical declaration; callers in
  /// source order.
  llvm::DenseMap<const clang::FunctionDecl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 2>>
      Callers;
  /// Functions (and lambdas) that name a guarded variable or call a function
  /// that REQUIRES or EXCLUDES a lock, in source order.
  std::vector<const clang::FunctionDecl *> LockUsers;
  /// Functions and lambdas with a body, in source order; of templates the
  /// instantiations.
  std::vector<const clang::FunctionDecl *> Functions;
  /// Those of them that make guards or call locks.
  std::vector<const clang::FunctionDecl *> Lockers;
  /// In source order.
  std::vector<Suspension> Suspensions;
  bool HasCoroutines = false;
  /// Variables with static storage, where they are defined.
  std::vector<const clang::VarDecl *> Globals;
  /// Functions that are named other than to call them: anybody may call those.
  llvm::DenseSet<const clang::FunctionDecl *> AddressTaken;
};

/// Visits the user's declarations and their instantiations once; system
/// headers are left out. Linear in the size of the user's code.
Unit scan(clang::ASTContext &Ctx, const ModelTable &Models);

} // namespace fearless

#endif // FEARLESS_BOUNDARIES_UNIT_H
