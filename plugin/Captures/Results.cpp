// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What comes back from the other thread: the result of the callable, and the
// exceptions that leave it.

#include "Captures/Crossing.h"
#include "Captures/Written.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;

const FunctionDecl *fearless::calleeOf(const Expr *Callable) {
  const Expr *E = passedOn(Callable);
  if (const auto *Address = dyn_cast<UnaryOperator>(E);
      Address && Address->getOpcode() == UO_AddrOf)
    E = written(Address->getSubExpr());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl()))
      return Function;
  const CXXRecordDecl *Class =
      E->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return nullptr;
  if (Class->isLambda()) {
    if (FunctionTemplateDecl *Generic =
            Class->getDependentLambdaCallOperator()) {
      // The instantiation that the boundary made, when there is just one.
      const FunctionDecl *Only = nullptr;
      for (const FunctionDecl *F : Generic->specializations()) {
        if (Only)
          return nullptr;
        Only = F;
      }
      return Only;
    }
    return Class->getLambdaCallOperator();
  }
  auto Name = Class->getASTContext().DeclarationNames.getCXXOperatorName(
      OO_Call);
  const FunctionDecl *Only = nullptr;
  for (const NamedDecl *D : Class->getDefinition()->lookup(Name)) {
    if (Only)
      return nullptr;
    Only = dyn_cast<FunctionDecl>(D);
  }
  return Only;
}

namespace {
/// The exceptions that leave a body directly: not those of a try block with
/// handlers, not those of nested lambdas.
class ThrowFinder : public RecursiveASTVisitor<ThrowFinder> {
public:
  llvm::SmallVector<const CXXThrowExpr *, 2> Throws;
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool TraverseCXXTryStmt(CXXTryStmt *Try) {
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I)
      TraverseStmt(Try->getHandler(I));
    return true;
  }
  bool VisitCXXThrowExpr(CXXThrowExpr *Throw) {
    if (Throw->getSubExpr())
      Throws.push_back(Throw);
    return true;
  }
};
} // namespace

static void comesBack(const Boundary &B, const Handed &H, const ASTContext &Ctx,
                      llvm::SmallVectorImpl<Crossing> &Out) {
  const FunctionDecl *Function = calleeOf(H.Value);
  if (!Function || Function->isDependentContext())
    return;
  auto Add = [&](CrossingKind Kind, QualType Type, std::string Name,
                 SourceRange Range) {
    Crossing C(Kind, Goal::make(Trait::Send, Type, Ctx), std::move(Name), Range);
    C.Item = &H;
    Out.push_back(std::move(C));
  };
  QualType Result = Function->getReturnType();
  // The result comes back only if the boundary's own result holds it.
  QualType Handle = B.Call->getType();
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Handle->getAsCXXRecordDecl());
  bool Holds = false, Catches = false;
  if (Spec)
    for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type) {
        Catches = true;
        Holds |= Ctx.hasSameUnqualifiedType(
            Argument.getAsType().getNonReferenceType(),
            Result.getNonReferenceType());
      }
  if (Holds && !Result->isVoidType() && !Result->isDependentType())
    Add(CrossingKind::Result, Result, "the result", H.Value->getSourceRange());
  if (!Catches || !Function->hasBody())
    return;
  ThrowFinder Finder;
  Finder.TraverseStmt(Function->getBody());
  for (const CXXThrowExpr *Throw : Finder.Throws) {
    QualType Type = Throw->getSubExpr()->getType();
    if (!Type->isDependentType())
      Add(CrossingKind::Exception, Type, "the exception",
          Throw->getSourceRange());
  }
}

llvm::SmallVector<Crossing, 2> fearless::resultsOf(const Boundary &B,
                                                   const ASTContext &Ctx) {
  llvm::SmallVector<Crossing, 2> Out;
  if (B.ReturnsResult)
    for (const Handed &H : B.Items)
      if (H.IsCallable)
        comesBack(B, H, Ctx, Out);
  return Out;
}
