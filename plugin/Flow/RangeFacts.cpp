// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What library functions do with the ranges and buffers that they are given,
// and with the callbacks that they run on their elements.

#include "Flow/Accessors.h"
#include "Flow/BodyGenerator.h"

#include "Captures/Crossing.h"
#include "Flow/Substitution.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// The container of c.begin(), std::begin(c), c.data(): \p Name is "begin".
static const Expr *containerOf(const Expr *E, llvm::StringRef Name) {
  const auto *Call = dyn_cast<CallExpr>(strip(E));
  if (const auto *Copy = dyn_cast<CXXConstructExpr>(strip(E));
      Copy && Copy->getNumArgs() == 1)
    Call = dyn_cast<CallExpr>(strip(Copy->getArg(0)));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee || !Callee->getIdentifier())
    return nullptr;
  llvm::StringRef Called = Callee->getName();
  Called.consume_front("c");
  if (Called != Name)
    return nullptr;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return Member->getImplicitObjectArgument();
  return Call->getNumArgs() == 1 ? Call->getArg(0) : nullptr;
}

/// The elements from \p First on, up to \p Last when that is given: all of a
/// container, or some of them.
Ref BodyGenerator::range(const Expr *First, const Expr *Last) {
  if (Last) {
    const Expr *From = containerOf(First, "begin");
    const Expr *To = containerOf(Last, "end");
    if (From && To && !From->getType()->isPointerType()) {
      const Ref A = Builder.place(From), B = Builder.place(To);
      if (A.K == Ref::Known && B.K == Ref::Known && A.P == B.P)
        return Ref::known(
            P.places().project(A.P, {Projection::AllElements}));
    }
  }
  Ref R = Builder.pointee(First);
  if (R.K == Ref::Known && Last)
    R.P = P.places().offset(R.P, std::nullopt);
  return R;
}

/// All that a view shows. An iterator or a reference shows nothing until it is
/// followed.
Ref BodyGenerator::shownBy(const Expr *View) {
  const CXXRecordDecl *Class =
      View->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!Class || !Class->getIdentifier() ||
      Class->getName().find("iterator") != llvm::StringRef::npos ||
      Class->getName().find("reference") != llvm::StringRef::npos)
    return Ref::unknown();
  Ref R = Builder.pointee(View);
  if (R.K != Ref::Known)
    return R;
  const Place &Of = P.places().get(R.P);
  if (!Of.Path.empty() && Of.Path.back().K == Projection::Element)
    R.P = P.places().project(P.places().parent(R.P), {Projection::AllElements});
  return R;
}

/// The elements of a container or array that is given as a whole.
Ref BodyGenerator::elementsOfRange(const Expr *E) {
  const TypeModel *Model = Builder.modelOf(E->getType());
  const bool IsRange = E->getType()->isArrayType() ||
                       (Model && Model->Kind == TypeKind::Container);
  if (!IsRange || !strip(E)->isGLValue())
    return Ref::unknown();
  Ref R = Builder.place(E);
  if (R.P)
    R.P = P.places().project(R.P, {Projection::AllElements});
  return R;
}

void BodyGenerator::rangeOperation(const OperationModel &Model,
                                   const Expr *Call,
                                   llvm::ArrayRef<const Expr *> Args) {
  const Location Loc = location(Call->getExprLoc());
  // Execution policies stand in front.
  while (!Args.empty() && Args.front()->getType()->getAsCXXRecordDecl() &&
         !Builder.refers(Args.front()->getType()) &&
         Args.front()->getType().getAsString().find("policy") !=
             std::string::npos)
    Args = Args.drop_front();
  auto Touch = [&](size_t I, bool IsWrite) {
    if (I >= Args.size())
      return;
    if (const Ref All = elementsOfRange(Args[I]); All.K == Ref::Known) {
      // std::ranges::sort(c): where the elements are is read with them.
      guardedAccess(Args[I], /*IsPointee=*/false, IsWrite, Loc, true);
      add(Fact::Read,
          P.places().project(P.places().parent(All.P), {Projection::Structure}),
          Loc);
      add(IsWrite ? Fact::Write : Fact::Read, All.P, Loc);
      return;
    }
    if (!Builder.refers(Args[I]->getType()))
      return;
    const bool IsRange =
        I + 1 < Args.size() &&
        P.context().hasSameUnqualifiedType(
            Args[I]->getType().getNonReferenceType(),
            Args[I + 1]->getType().getNonReferenceType());
    const Ref R = range(Args[I], IsRange ? Args[I + 1] : nullptr);
    if (R.K == Ref::Known && R.P)
      add(IsWrite ? Fact::Write : Fact::Read, R.P, Loc);
  };
  auto On = static_cast<size_t>(Model.On < 0 ? 0 : Model.On);
  // A range stands where two iterators would.
  if (On == 2 && !Args.empty() && elementsOfRange(Args[0]).K == Ref::Known)
    --On;
  switch (Model.Does) {
  case OperationKind::Read:
    Touch(On, false);
    break;
  case OperationKind::Write:
    Touch(On, true);
    break;
  case OperationKind::Copy:
    Touch(On == 0 ? 1 : 0, false);
    if (On < Args.size())
      if (Ref To = Builder.pointee(Args[On]); To.K == Ref::Known && To.P) {
        const bool IsBuffer = Args[On]->getType()->isPointerType() && On == 0;
        add(Fact::Write,
            IsBuffer ? To.P : P.places().offset(To.P, std::nullopt), Loc);
      }
    break;
  default:
    break;
  }
}

/// Whether \p Callee, which is given \p Callback, is one that calls it before it
/// returns. Of functions and function objects only templates are known to: an
/// algorithm, std::invoke; not std::signal or std::atexit.
static bool runsAtOnce(const FunctionDecl *Callee,
                       const FunctionDecl *Callback) {
  if (keepsCallback(Callee))
    return false;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callback);
  return (Method && Method->getParent()->isLambda()) || isOnce(Callee) ||
         (Callee->isInStdNamespace() && Callee->isTemplateInstantiation());
}

/// What the parameters of a callback are: elements of the first range, what the
/// one variant of std::visit has, parts of the tuple of std::apply.
Ref BodyGenerator::givenToCallback(const FunctionDecl *Callee,
                                   const Expr *Callback,
                                   llvm::ArrayRef<const Expr *> Args) {
  if (Args.size() < 2)
    return Ref::unknown();
  if (Args[0] != Callback) {
    if (Builder.refers(Args[0]->getType()))
      return range(Args[0], Args[1] != Callback ? Args[1] : nullptr);
    return elementsOfRange(Args[0]);
  }
  if (Args.size() != 2 || !Callee->getIdentifier() ||
      !Callee->isInStdNamespace() || !strip(Args[1])->isGLValue())
    return Ref::unknown();
  if (Callee->getName() == "visit")
    return Builder.place(Args[1]);
  if (Callee->getName() != "apply")
    return Ref::unknown();
  Ref R = Builder.place(Args[1]);
  if (R.P)
    R.P = Builder.anyElement(R.P);
  return R;
}

/// A callback that a library function runs before it returns.
bool BodyGenerator::runsCallback(const Expr *Call, const FunctionDecl *Callee,
                                 const Expr *Argument,
                                 llvm::ArrayRef<const Expr *> Args) {
  const FunctionDecl *Callback = calleeOf(unwrap(Argument));
  if (!Callback || !runsAtOnce(Callee, Callback))
    return false;
  const FunctionDecl *Definition = Callback;
  Callback->hasBody(Definition);
  Substitution Sub(*this, Definition, nullptr, {});
  PlaceId Element;
  if (Ref R = givenToCallback(Callee, Argument, Args); R.K == Ref::Known)
    Element = R.P;
  const Location Loc = location(Call->getExprLoc());
  const auto *Method = dyn_cast<CXXMethodDecl>(Callback);
  if (Method && !Method->isStatic() && !Method->getParent()->isLambda() &&
      unwrap(Argument)->getType()->isMemberPointerType()) {
    // std::mem_fn(&std::thread::join): of every element.
    if (const OperationModel *Model =
            P.solver().models().operation(Callback);
        Model && Model->Does == OperationKind::Join && Element) {
      add(Fact::Join, Element, Loc);
      add(Fact::Acquire, Element, Loc);
    }
    Sub.setObject(Element);
  } else if (Element) {
    Sub.setElement(Element);
  }
  const Summary &S = P.summary(Callback);
  applyEffects(S, Sub, Call, Loc);
  applyNeeds(S, Callback, nullptr, {}, Call);
  calleeAccesses(S, Callback, nullptr, {}, Call);
  return true;
}
