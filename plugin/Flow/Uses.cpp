// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Uses.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Whether a parameter or variable of that type can be written through.
static bool isWritable(QualType Type) {
  if (Type->isReferenceType())
    return !Type->getPointeeType().isConstQualified();
  return Type->isPointerType() && !Type->getPointeeType().isConstQualified();
}

/// Members of a container that give a way to its elements.
static bool givesAccess(const CXXMethodDecl *Method) {
  if (!Method->getIdentifier()) {
    const OverloadedOperatorKind Kind = Method->getOverloadedOperator();
    return Kind == OO_Subscript || Kind == OO_Star || Kind == OO_Arrow;
  }
  static const llvm::StringSet<> Names{"at",  "front", "back", "top",
                                       "get", "value", "data"};
  return Names.contains(Method->getName());
}

/// What a call does to argument \p E.
static Use useByParameter(const FunctionDecl *Callee, unsigned Index) {
  if (!Callee || Index >= Callee->getNumParams())
    return Use::Read;
  return isWritable(Callee->getParamDecl(Index)->getType()) ? Use::Escape
                                                            : Use::Read;
}

template <typename Call>
static unsigned indexOf(const Call *C, const Stmt *Argument) {
  for (unsigned I = 0; I != C->getNumArgs(); ++I)
    if (C->getArg(I) == Argument)
      return I;
  return ~0u;
}

Use fearless::flow::useOf(const Expr *Name, const ParentMap &Parents) {
  const Stmt *At = Name;
  for (const Stmt *Up = Parents.getParent(const_cast<Stmt *>(At)); Up;
       At = Up, Up = Parents.getParent(const_cast<Stmt *>(At))) {
    if (const auto *Cast = dyn_cast<CastExpr>(Up)) {
      if (Cast->getCastKind() == CK_LValueToRValue ||
          (Cast->getCastKind() == CK_NoOp && Cast->isGLValue() &&
           Cast->getType().isConstQualified()))
        return Use::Read;
      continue;
    }
    if (isa<ParenExpr, ArraySubscriptExpr, MaterializeTemporaryExpr,
            ConditionalOperator, ExprWithCleanups>(Up))
      continue;
    if (const auto *Member = dyn_cast<MemberExpr>(Up)) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Member->getMemberDecl());
      if (!Method)
        continue;
      if (Method->isConst() || Method->isStatic())
        return Use::Read;
      if (!givesAccess(Method)) {
        // Iterators may be written through.
        const llvm::StringRef Id =
            Method->getIdentifier() ? Method->getName() : "";
        return Id == "begin" || Id == "end" || Id == "find" ||
                       Id == "rbegin" || Id == "rend"
                   ? Use::Escape
                   : Use::Write;
      }
      Up = Parents.getParent(const_cast<Stmt *>(Up)); // the call
      if (!Up)
        return Use::Escape;
      continue;
    }
    if (const auto *Op = dyn_cast<UnaryOperator>(Up)) {
      if (Op->isIncrementDecrementOp())
        return Use::Write;
      if (Op->getOpcode() == UO_AddrOf)
        return Use::Escape;
      if (Op->getOpcode() == UO_Deref)
        continue;
      return Use::Read;
    }
    if (const auto *Op = dyn_cast<BinaryOperator>(Up))
      return Op->isAssignmentOp() && Op->getLHS() == At ? Use::Write
                                                        : Use::Read;
    if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(Up)) {
      const auto *Method =
          dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
      const unsigned Index = indexOf(Call, At);
      if (Method && Index == 0) {
        if (Method->isConst())
          return Use::Read;
        if (givesAccess(Method))
          continue;
        return Use::Write;
      }
      return useByParameter(Call->getDirectCallee(), Index - (Method ? 1 : 0));
    }
    if (const auto *Call = dyn_cast<CallExpr>(Up))
      return useByParameter(Call->getDirectCallee(), indexOf(Call, At));
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Up))
      return useByParameter(Construct->getConstructor(),
                            indexOf(Construct, At));
    if (const auto *S = dyn_cast<DeclStmt>(Up)) {
      const auto *For = dyn_cast_or_null<CXXForRangeStmt>(
          Parents.getParent(const_cast<Stmt *>(Up)));
      for (const Decl *D : S->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          if (isWritable(For ? For->getLoopVariable()->getType()
                             : Variable->getType()))
            return Use::Escape;
      return Use::Read;
    }
    if (isa<LambdaExpr>(Up))
      return Use::Read; // its body is a function of its own
    if (isa<ReturnStmt>(Up))
      return cast<Expr>(At)->isGLValue() && !cast<Expr>(At)->getType().isConstQualified()
                 ? Use::Escape
                 : Use::Read;
    return Use::Read;
  }
  return Use::Read;
}

namespace {
class UseVisitor : public RecursiveASTVisitor<UseVisitor> {
public:
  llvm::function_ref<void(const ValueDecl *, const Expr *)> Seen;
  explicit UseVisitor(
      llvm::function_ref<void(const ValueDecl *, const Expr *)> Seen)
      : Seen(Seen) {}
  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    for (Expr *Init : Lambda->capture_inits())
      if (Init && !TraverseStmt(Init))
        return false;
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    Seen(E->getDecl(), E);
    return true;
  }
  bool VisitMemberExpr(MemberExpr *E) {
    Seen(E->getMemberDecl(), E);
    return true;
  }
};
} // namespace

void fearless::flow::forEachUseIn(
    const Stmt *Code,
    llvm::function_ref<void(const ValueDecl *, const Expr *, Use)> Seen) {
  if (!Code)
    return;
  auto *Root = const_cast<Stmt *>(Code);
  ParentMap Parents(Root);
  UseVisitor([&](const ValueDecl *D, const Expr *E) {
    if (isa<VarDecl, FieldDecl>(D))
      Seen(cast<ValueDecl>(D->getCanonicalDecl()), E, useOf(E, Parents));
  }).TraverseStmt(Root);
}

void fearless::flow::forEachUse(
    const FunctionDecl *Function,
    llvm::function_ref<void(const ValueDecl *, const Expr *, Use)> Seen) {
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      forEachUseIn(Init->getInit(), Seen);
  forEachUseIn(Function->getBody(), Seen);
}
