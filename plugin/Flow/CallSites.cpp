// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Notes calls of functions that other units know more of, for the unit's
// summary: what the parameters are here, without expressions.

#include "Flow/BodyGenerator.h"
#include "Flow/Substitution.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

static CallSite::Target target(Ref R) {
  switch (R.K) {
  case Ref::Known:
    return {CallSite::Target::Known, R.P};
  case Ref::Private:
    return {CallSite::Target::Private, R.P};
  case Ref::Unknown:
    break;
  }
  return {};
}

CallSite Substitution::site() const {
  PlaceBuilder &Builder = Caller.Builder;
  CallSite Out;
  Out.Callee = Callee->getCanonicalDecl();
  Out.Object = Self;
  Out.ObjectIsCopy = SelfIsCopy;
  Out.Result = Result;
  Out.IsBody = Copied;
  for (size_t I = 0; I != Arguments.size() && I != Callee->getNumParams(); ++I) {
    const QualType Parameter = Callee->getParamDecl(I)->getType();
    CallSite::Argument A;
    A.ByReference = Parameter->isReferenceType();
    A.IsRecord = Parameter->isRecordType();
    const QualType Given = Arguments[I]->getType();
    const bool Refers = Builder.refers(Given);
    A.IsView = Refers && !Given->isPointerType();
    // Numbers lead nowhere.
    if (A.ByReference || !Parameter->isArithmeticType())
      A.Itself = target(Builder.place(Arguments[I]));
    if (Refers)
      A.Pointee = target(Builder.pointee(Arguments[I]));
    Out.Arguments.push_back(A);
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method && Method->getParent()->isLambda())
    for (const LambdaCapture &Capture : Method->getParent()->captures()) {
      const auto *Variable =
          Capture.capturesVariable()
              ? dyn_cast<VarDecl>(Capture.getCapturedVar())
              : nullptr;
      if (!Variable || !Builder.refers(Variable->getType()))
        continue;
      for (const bool IsStable : {true, false}) {
        const PlaceId From = Builder.deref(Builder.variable(Variable), IsStable);
        if (const PlaceId To = Builder.resolve(From); To != From)
          Out.Captured.push_back({From, To});
      }
    }
  if (isa<CXXConstructorDecl>(Callee))
    if (const CXXDestructorDecl *Destructor = Method->getParent()->getDestructor())
      Out.Destructor = Destructor->getCanonicalDecl();
  return Out;
}

std::optional<unsigned> BodyGenerator::noteCall(CallSite Site, Location Loc) {
  Fact Each = make(Fact::Call, {}, Loc);
  Each.Need = static_cast<unsigned>(Out.Calls.size());
  // Until the end is known: from here on.
  Site.NumFacts = static_cast<unsigned>(Current->size()) + 1;
  Out.Calls.push_back(std::move(Site));
  Current->push_back(std::move(Each));
  return Out.Calls.size() - 1;
}

std::optional<unsigned>
BodyGenerator::noteCall(const Expr *Call, const FunctionDecl *Callee,
                        const Expr *Object, Arguments Args, bool OrdersItself) {
  Callee = surelyRuns(Call, Callee, Object);
  if (!Callee || !P.isOpen(Callee))
    return std::nullopt;
  CallSite Site = substitutionFor(Call, Callee, Object, Args).site();
  Site.OrdersItself = OrdersItself;
  roundLocals(Call, Site.RoundLocal);
  return noteCall(std::move(Site), location(Call->getExprLoc()));
}

void BodyGenerator::callEnds(std::optional<unsigned> Noted) {
  if (!Noted)
    return;
  unsigned &NumFacts = Out.Calls[*Noted].NumFacts;
  NumFacts = static_cast<unsigned>(Current->size()) - NumFacts;
}
