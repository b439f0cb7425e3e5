// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where in the text of a function locks are held: the scopes of its guards and
// what stands between lock() and unlock(). For questions about where a value is
// used, not whether a path leads there; see LockSets for those.

#ifndef FEARLESS_FLOW_LOCKSPANS_H
#define FEARLESS_FLOW_LOCKSPANS_H

#include "Models/ModelTable.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ParentMap.h"

#include <string>
#include <vector>

namespace fearless::flow {

struct LockSpan {
  /// The lock's variable or member; null when it has no name.
  const clang::ValueDecl *Lock = nullptr;
  /// "account.mutex_".
  std::string Name;
  /// The guard, or null between bare calls.
  const clang::VarDecl *Guard = nullptr;
  /// From the locking to the end of the scope, or to an unlock() in that scope.
  clang::SourceLocation Begin, End;

  bool covers(clang::SourceLocation Loc, const clang::SourceManager &SM) const {
    return SM.isBeforeInTranslationUnit(Begin, Loc) &&
           SM.isBeforeInTranslationUnit(Loc, End);
  }
};

/// The class of guards by model or by Clang's scoped_lockable.
bool isGuardClass(clang::QualType Type, const ModelTable &Models);

/// The last name of \p E: the variable, or the member of whatever object.
const clang::ValueDecl *lastName(const clang::Expr *E);

/// \p E as it is written, without an implicit this.
std::string spelling(const clang::Expr *E, const clang::ASTContext &Ctx);

/// The spans of \p Function, without those of its lambdas; linear in its size.
std::vector<LockSpan> lockSpansOf(const clang::FunctionDecl *Function,
                                  const ModelTable &Models,
                                  clang::ParentMap &Parents);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_LOCKSPANS_H
