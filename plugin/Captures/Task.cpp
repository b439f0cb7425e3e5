// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Task.h"

#include "Captures/Frame.h"
#include "Captures/HarmlessUses.h"
#include "Captures/Written.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;

static bool isHandle(QualType Type) {
  const CXXRecordDecl *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Class && Class->getIdentifier() && Class->isInStdNamespace() &&
         Class->getName() == "coroutine_handle";
}

namespace {

/// The uses of a variable that holds a task: whether one may put another task
/// into it, and whether one may resume it.
class TaskUses : public HarmlessUses<TaskUses> {
public:
  using HarmlessUses::HarmlessUses;
  bool Touched = false;

  bool VisitCallExpr(CallExpr *Call) {
    if (isMove(Call))
      count(Call->getArg(0));
    return true;
  }
  // task.resume(), task.handle.resume(): the object stays what it is.
  bool VisitMemberExpr(MemberExpr *Member) {
    if (Member->isArrow())
      return true;
    count(Member->getBase());
    if (rootVariable(Member->getBase()) == Variable)
      Touched |= !onlyLooks(Member->getMemberDecl());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->getNumArgs() != 0 && rootVariable(Call->getArg(0)) == Variable)
      Touched = true;
    return true;
  }

private:
  /// task.handle, task.handle(), task.done()
  static bool onlyLooks(const ValueDecl *Member) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Member);
    if (!Method)
      return true;
    return isHandle(Method->getReturnType()) || isa<CXXConversionDecl>(Method) ||
           (Method->getIdentifier() && Method->getName() == "done");
  }
};

} // namespace

std::optional<CoroutineCall> fearless::calledCoroutine(const Expr *E) {
  E = passedOn(E);
  while (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(E))
    E = passedOn(Cast->getSubExpr());
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee || !coroutineBody(Callee))
    return std::nullopt;
  Callee->hasBody(Callee);
  return CoroutineCall{Call, Callee};
}

static bool mayHold(QualType Type, const FunctionDecl *Caller) {
  return Caller && Caller->getASTContext().getLangOpts().Coroutines &&
         Type.getNonReferenceType()->isRecordType();
}

std::optional<CoroutineCall>
fearless::coroutineCallOf(const VarDecl *Variable, const FunctionDecl *Caller) {
  if (!mayHold(Variable->getType(), Caller) || !Variable->hasLocalStorage() ||
      !Variable->getInit() || isa<ParmVarDecl>(Variable) ||
      Variable->isInitCapture() || Variable->getType()->isReferenceType() ||
      !Caller->hasBody())
    return std::nullopt;
  std::optional<CoroutineCall> Made =
      isHandle(Variable->getType()) ? coroutineCallOf(Variable->getInit(), Caller)
                                    : calledCoroutine(Variable->getInit());
  if (!Made)
    return std::nullopt;
  TaskUses Uses(Variable);
  Uses.TraverseStmt(Caller->getBody());
  if (!Uses.isKept() && !Variable->getType().isConstQualified())
    return std::nullopt;
  Made->WasTouched |= Uses.Touched;
  return Made;
}

std::optional<CoroutineCall>
fearless::coroutineCallOf(const Expr *E, const FunctionDecl *Caller) {
  E = passedOn(E);
  if (!mayHold(E->getType(), Caller))
    return std::nullopt;
  // task.handle, task.handle()
  if (isHandle(E->getType())) {
    if (const auto *Get = dyn_cast<CXXMemberCallExpr>(E);
        Get && Get->getNumArgs() == 0)
      E = passedOn(Get->getImplicitObjectArgument());
    else if (const auto *Member = dyn_cast<MemberExpr>(E);
             Member && !Member->isArrow())
      E = passedOn(Member->getBase());
  }
  if (std::optional<CoroutineCall> Made = calledCoroutine(E))
    return Made;
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable ? coroutineCallOf(Variable, Caller) : std::nullopt;
}
