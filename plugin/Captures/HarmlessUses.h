// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a variable keeps the content that it was given: counts its uses, and
// those that put nothing else into it.

#ifndef FEARLESS_CAPTURES_HARMLESSUSES_H
#define FEARLESS_CAPTURES_HARMLESSUSES_H

#include "clang/AST/RecursiveASTVisitor.h"

namespace fearless {

/// The part that holds for all contents; \p Derived adds the uses that are
/// harmless for its own, by calling count().
template <class Derived>
class HarmlessUses : public clang::RecursiveASTVisitor<Derived> {
public:
  explicit HarmlessUses(const clang::VarDecl *Variable) : Variable(Variable) {}

  /// Whether all uses that were visited are harmless.
  bool isKept() const { return Uses == Harmless; }

  bool VisitDeclRefExpr(clang::DeclRefExpr *Ref) {
    Uses += Ref->getDecl() == Variable;
    return true;
  }
  // What is copied or bound to a const reference is the same.
  bool VisitImplicitCastExpr(clang::ImplicitCastExpr *Cast) {
    if (Cast->getCastKind() == clang::CK_NoOp &&
        Cast->getType().isConstQualified())
      count(Cast->getSubExpr());
    return true;
  }

protected:
  void count(const clang::Expr *E) {
    const auto *Ref = llvm::dyn_cast<clang::DeclRefExpr>(E->IgnoreParens());
    Harmless += Ref && Ref->getDecl() == Variable;
  }
  const clang::VarDecl *Variable;

private:
  unsigned Uses = 0, Harmless = 0;
};

} // namespace fearless

#endif // FEARLESS_CAPTURES_HARMLESSUSES_H
