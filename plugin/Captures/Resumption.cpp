// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Resumption.h"

#include "Boundaries/BoundaryFinder.h"
#include "Captures/Frame.h"
#include "Captures/Written.h"

#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace fearless;

static bool names(const Expr *E, const ParmVarDecl *Handle) {
  const auto *Ref = dyn_cast<DeclRefExpr>(passedOn(E));
  return Ref && Ref->getDecl() == Handle;
}

/// The handle itself, or a lambda that captures it.
static bool handsOver(const Boundary &B, const ParmVarDecl *Handle) {
  for (const Handed &H : B.Items) {
    if (names(H.Value, Handle))
      return true;
    const auto *Lambda = dyn_cast<LambdaExpr>(passedOn(H.Value));
    if (!Lambda)
      continue;
    for (const LambdaCapture &C : Lambda->captures()) {
      if (!C.capturesVariable())
        continue;
      const auto *Variable = dyn_cast<VarDecl>(C.getCapturedVar());
      if (Variable == Handle ||
          (Variable && Variable->isInitCapture() && Variable->getInit() &&
           names(Variable->getInit(), Handle)))
        return true;
    }
  }
  return false;
}

std::vector<Resumption> fearless::findResumptions(const Unit &U,
                                                  const ModelTable &Models) {
  std::vector<Resumption> Out;
  if (U.Suspensions.empty())
    return Out;
  llvm::DenseMap<const FunctionDecl *, const Boundary *> Resuming;
  for (const Boundary &B : U.Boundaries) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(B.Caller);
    if (Method && Method->getIdentifier() &&
        Method->getName() == "await_suspend" && Method->getNumParams() == 1 &&
        handsOver(B, Method->getParamDecl(0)))
      Resuming.try_emplace(Method->getCanonicalDecl(), &B);
  }
  for (const Suspension &S : U.Suspensions) {
    const CallExpr *Call = awaitSuspendCall(S.At);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee)
      continue;
    auto Found = Resuming.find(Callee->getCanonicalDecl());
    if (Found != Resuming.end()) {
      Out.push_back({S.At, S.Coroutine, *Found->second});
      continue;
    }
    // Marked FEARLESS_SENDING, or modelled.
    std::optional<Boundary> B = findBoundary(
        Call, Callee,
        llvm::ArrayRef<const Expr *>(Call->getArgs(), Call->getNumArgs()),
        Models);
    if (!B)
      continue;
    B->Caller = S.Coroutine;
    Out.push_back({S.At, S.Coroutine, std::move(*B)});
  }
  return Out;
}
