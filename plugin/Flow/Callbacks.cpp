// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Callables that a function was given as std::function or as a pointer, and runs:
// itself, or on a thread. What that does, the caller knows who made them.

#include "Flow/BodyGenerator.h"

#include "Boundaries/BoundaryFinder.h"
#include "Captures/Crossing.h"
#include "Captures/Written.h"
#include "Flow/Substitution.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static bool isFunctionPointer(QualType Type) {
  return Type->isFunctionPointerType() || Type->isFunctionReferenceType();
}

/// The parameter, of this function or of one around it, that a type-erased
/// callable comes from: moved, copied into a capture, or bound to a reference.
/// Null for one that is assigned to, or comes from elsewhere.
const VarDecl *BodyGenerator::givenCallable(const Expr *E) const {
  for (unsigned Step = 0; Step != 8; ++Step) {
    E = passedOn(E);
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee || Call->getNumArgs() != 1 || !Callee->isInStdNamespace())
        return nullptr;
      E = Call->getArg(0); // std::ref
      continue;
    }
    if (const auto *Deref = dyn_cast<UnaryOperator>(E);
        Deref && Deref->getOpcode() == UO_Deref) {
      E = Deref->getSubExpr();
      continue;
    }
    const auto *Name = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
    if (!Variable || Builder.isReassigned(Variable))
      return nullptr;
    if (isa<ParmVarDecl>(Variable)) {
      const TypeModel *Model = Builder.modelOf(Variable->getType());
      return (Model && Model->Kind == TypeKind::Erased) ||
                     isFunctionPointer(Variable->getType())
                 ? Variable
                 : nullptr;
    }
    if (!Variable->getInit() || Variable->hasGlobalStorage())
      return nullptr;
    E = Variable->getInit();
  }
  return nullptr;
}

/// \p Callable is run here.
void BodyGenerator::callsBack(const Expr *Call, const Expr *Callable,
                              llvm::ArrayRef<const Expr *> Arguments) {
  const Location Loc = location(Call->getExprLoc());
  if (const VarDecl *Given = givenCallable(Callable)) {
    Fact Each = make(Fact::Use, Builder.variable(Given), Loc);
    Each.IsCall = true;
    Current->push_back(std::move(Each));
    return isDone(Callable, Loc);
  }
  runsTaken(Callable, Loc);
  bool IsShared = false;
  PlaceId Task;
  const Expr *Run = referredCallable(Callable, IsShared, Task);
  const FunctionDecl *Body = Run != Callable ? calleeOf(Run) : nullptr;
  if (!Body)
    return;
  const Summary &S = P.summary(Body);
  if (!S.HasBody)
    return;
  Substitution Sub(*this, Body, nullptr, Arguments);
  applyEffects(S, Sub, Call, Loc);
  isDone(Callable, Loc);
}

/// The future of a std::packaged_task has its result when all of it is done.
void BodyGenerator::isDone(const Expr *Callable, Location Loc) {
  if (const Ref R = synchronizer(Callable); R.K == Ref::Known)
    add(Fact::Release, R.P, Loc);
}
