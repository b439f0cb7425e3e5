// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a value in a function refers to, when that is something a lock protects:
// data with a declared guard, data that a guard object gives access to, and
// members or globals that are used while a lock beside them is held.

#ifndef FEARLESS_FLOW_PROTECTEDDATA_H
#define FEARLESS_FLOW_PROTECTEDDATA_H

#include "Flow/LockSpans.h"
#include "Flow/PlaceBuilder.h"
#include "Flow/Program.h"
#include "Traits/Locks.h"

#include <optional>

namespace fearless::flow {

struct Protected {
  /// "table_"; "the data of 'm'" for what is reached through a guard.
  std::string Name;
  const clang::ValueDecl *Subject = nullptr;
  const clang::ValueDecl *Lock = nullptr;
  std::string LockName;
  /// The mark that says so.
  clang::SourceLocation Mark;
  /// Where the lock was taken.
  clang::SourceLocation Since;
  /// The guard through which it is reached.
  const clang::VarDecl *Guard = nullptr;
  bool IsDeclared = false;
};

/// Answers for one function. The tree is read once; each question is linear in
/// the size of its expression and the number of locks in the function.
class ProtectedData {
public:
  ProtectedData(const clang::FunctionDecl *Function, const Unit &U, Program &P,
                bool Strict);

  bool isGuard(clang::QualType Type) const;
  bool isLambda() const;
  /// Nobody uses the value of \p E.
  bool isDiscarded(const clang::Expr *E) const;
  /// References, pointers, views and iterators.
  bool isBorrow(clang::QualType Type) const;
  /// "a reference", "a pointer", "a view".
  std::string kindOf(clang::QualType Type) const;
  /// The lock that a variable with no initialiser hides behind its own name.
  const clang::ValueDecl *hiddenLock(const clang::VarDecl *Variable) const;

  /// The guard that dies with the full expression and through which the value
  /// of \p E is reached, or null.
  const clang::Expr *temporaryGuard(const clang::Expr *E) const;
  std::string lockOf(const clang::Expr *Guard) const;

  /// What a value of type \p Type made from \p E refers to, at \p Loc.
  std::optional<Protected> referent(const clang::Expr *E, clang::QualType Type,
                                    clang::SourceLocation Loc);
  /// Whether returning it takes it away from the lock.
  bool leavesByReturn(const Protected &What, clang::QualType Type);
  /// Whether the member or global \p To has the same guard.
  bool isGuardedAlike(const clang::Expr *To, const Protected &What);
  bool isHeld(const Protected &What, clang::SourceLocation At) const;
  /// Whether the use goes to what the variable refers to.
  bool isFollowed(const clang::DeclRefExpr *Use) const;
  /// Whether \p Variable is made to refer to something else in between.
  bool isOverwritten(const clang::VarDecl *Variable,
                     llvm::ArrayRef<const clang::DeclRefExpr *> Uses,
                     clang::SourceLocation From,
                     clang::SourceLocation To) const;

private:
  const clang::Stmt *parent(const clang::Stmt *S) const {
    return Parents.getParent(const_cast<clang::Stmt *>(S));
  }
  const clang::Stmt *unusual(const clang::Stmt *S) const;
  bool isSync(clang::QualType Type);
  bool looksLazy() const;
  bool isWrittenElsewhere(const clang::ValueDecl *Subject) const;
  const LockSpan *spanOf(const clang::ValueDecl *Lock,
                         clang::SourceLocation Loc) const;

  const clang::FunctionDecl *Function;
  const Unit &U;
  Program &P;
  const bool Strict;
  const clang::SourceManager &SM;
  PlaceBuilder Builder;
  clang::ParentMap Parents;
  std::vector<LockSpan> Spans;
};

/// Where \p Function keeps the address of its parameter for later, or invalid.
clang::SourceLocation keepsParameter(const clang::FunctionDecl *Function,
                                     unsigned Parameter, Program &P);
/// Where it returns a reference to it, or invalid.
clang::SourceLocation returnsParameter(const clang::FunctionDecl *Function,
                                       unsigned Parameter, Program &P);
/// The body of a lambda, generic ones by their first instantiation, or null.
const clang::FunctionDecl *callbackBody(const clang::Expr *E);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PROTECTEDDATA_H
