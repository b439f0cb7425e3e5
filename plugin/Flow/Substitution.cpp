// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Substitution.h"

#include "Boundaries/BoundaryFinder.h"
#include "Captures/Crossing.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

Substitution::Substitution(BodyGenerator &Caller, const FunctionDecl *Callee,
                           const Expr *Object,
                           llvm::ArrayRef<const Expr *> Arguments,
                           bool ArgumentsAreCopied)
    : Caller(Caller), Callee(Callee), Arguments(Arguments),
      Copied(ArgumentsAreCopied) {
  // The parameters in the callee's places are those of its definition.
  if (const FunctionDecl *Definition = nullptr; Callee->hasBody(Definition))
    this->Callee = Definition;
  PlaceBuilder &Builder = Caller.Builder;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  // A lambda's this is that of the function around it, whoever calls it.
  if (!Method || Method->getParent()->isLambda())
    return;
  CalleesSelf = Builder.selfOf(Method);
  if (Object) {
    // &object, this, std::ref(object), or the object itself.
    Ref R = Builder.refers(Object->getType()) &&
                    !(Method && !Object->getType()->isPointerType() &&
                      Object->getType()->getAsCXXRecordDecl() &&
                      Object->getType()->getAsCXXRecordDecl() ==
                          Method->getParent())
                ? Builder.pointee(Object)
                : Builder.place(Object);
    if (R.K == Ref::Known)
      Self = R.P;
  }
}

PlaceId Substitution::rebase(PlaceId Callees, PlaceId From, Ref To) {
  PlaceTable &Places = Caller.Builder.places();
  if (To.P && (To.K == Ref::Known ||
               // What a private copy's pointers reach is shared all the same.
               (To.K == Ref::Private && Places.hasDeref(Callees)))) {
    // A pointer that walks on may leave what it was given.
    const Place &Of = Places.get(Callees);
    const size_t Last = Places.get(From).Path.size();
    if (Last != 0 && Of.Path[Last - 1].K == Projection::Deref &&
        Of.Path[Last - 1].Key != 0)
      To.P = Places.offset(To.P, std::nullopt);
    return Caller.Builder.resolve(Places.rebase(Callees, From, To.P));
  }
  if (To.K == Ref::Unknown)
    ++Lost;
  return {};
}

/// A variable of the callee's own, not one of a function around it.
bool Substitution::isLocal(const VarDecl *Variable) const {
  for (const DeclContext *Scope = Variable->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (Scope == Callee)
      return true;
  return false;
}

bool Substitution::isOwn(PlaceId Callees) const {
  const PlaceTable &Places = Caller.Builder.places();
  const Place &Where = Places.get(Callees);
  return Where.Kind == Place::Local && !Places.hasDeref(Callees) &&
         isLocal(static_cast<const VarDecl *>(Where.Root));
}

PlaceId Substitution::apply(PlaceId Callees) {
  if (!Callees)
    return {};
  PlaceBuilder &Builder = Caller.Builder;
  PlaceTable &Places = Builder.places();
  const Place Where = Places.get(Callees);
  if (Where.Kind == Place::Global)
    return Callees;
  if (Where.Kind == Place::Temporary)
    return {};
  if (Where.Kind == Place::Result)
    return Result ? Places.rebase(Callees, Places.rootOf(Callees), Result)
                  : PlaceId();
  if (Where.Kind == Place::This) {
    if (CalleesSelf && Where.Root == Places.get(CalleesSelf).Root) {
      if (Self && SelfIsCopy && !Places.hasDeref(Callees))
        return {};
      if (Self)
        return Builder.resolve(Places.rebase(Callees, CalleesSelf, Self));
      ++Lost;
      return {};
    }
    // A lambda in a member's initialiser runs for the object of a constructor.
    if (Where.Root && isa<CXXRecordDecl>(static_cast<const Decl *>(Where.Root)))
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Caller.Function);
          Method && Method->getParent()->getCanonicalDecl() == Where.Root)
        return Places.rebase(Callees, Places.rootOf(Callees), Builder.self());
    return Callees;
  }
  if (Where.Kind != Place::Local)
    return {}; // a result, or an expression of the callee's own
  const auto *Variable = static_cast<const VarDecl *>(Where.Root);
  const auto *Parameter = dyn_cast<ParmVarDecl>(Variable);
  if (!Parameter || Parameter->getDeclContext() != Callee)
    return isLocal(Variable) ? PlaceId()
                             : Builder.resolve(Callees); // captured: the same
  const unsigned Index = Parameter->getFunctionScopeIndex();
  if (Element && Arguments.empty() && Parameter->getType()->isReferenceType())
    return Places.rebase(Callees, Builder.variable(Parameter), Element);
  if (Index >= Arguments.size()) {
    if (Arguments.empty() && !Parameter->getType()->isReferenceType() &&
        !Places.hasDeref(Callees))
      return {}; // its own
    ++Lost;
    return {};
  }
  const Expr *Argument = Arguments[Index];
  const PlaceId Root = Builder.variable(Parameter);
  if (Parameter->getType()->isReferenceType()) {
    if (Copied)
      return Builder.refers(Argument->getType()) &&
                     !Argument->getType()->isPointerType()
                 ? rebase(Callees, Root, Builder.pointee(Argument))
                 : PlaceId();
    return rebase(Callees, Root, Builder.place(Argument));
  }
  // By value: only what it refers to is the caller's.
  if (Where.Path.empty() || Where.Path.front().K != Projection::Deref)
    return Places.hasDeref(Callees)
               ? rebase(Callees, Root, Builder.place(Argument))
               : PlaceId();
  return rebase(Callees, Builder.deref(Root), Builder.pointee(Argument));
}

PlaceId Substitution::applyHandle(PlaceId Callees) {
  if (!Callees)
    return {};
  PlaceBuilder &Builder = Caller.Builder;
  const Place Where = Builder.places().get(Callees);
  const auto *Parameter =
      Where.Kind == Place::Local
          ? dyn_cast<ParmVarDecl>(static_cast<const VarDecl *>(Where.Root))
          : nullptr;
  if (Parameter && Parameter->getDeclContext() == Callee &&
      !Parameter->getType()->isReferenceType() &&
      Parameter->getType()->isRecordType() &&
      Parameter->getFunctionScopeIndex() < Arguments.size()) {
    const Ref R =
        Builder.place(Arguments[Parameter->getFunctionScopeIndex()]);
    if (R.K == Ref::Known)
      return Builder.places().rebase(Callees, Builder.variable(Parameter), R.P);
    return {};
  }
  const unsigned Before = Lost;
  const PlaceId Here = apply(Callees);
  Lost = Before;
  return Here;
}

PlaceId Substitution::applySynchronizer(PlaceId Callees) {
  const unsigned Before = Lost;
  if (PlaceId Here = apply(Callees))
    return Here;
  Lost = Before; // it orders nothing then, which is the careful answer
  const Place Where = Caller.Builder.places().get(Callees);
  if (Where.Kind != Place::Local)
    return {};
  const auto *Parameter =
      dyn_cast<ParmVarDecl>(static_cast<const VarDecl *>(Where.Root));
  if (!Parameter || Parameter->getDeclContext() != Callee ||
      Parameter->getFunctionScopeIndex() >= Arguments.size())
    return {};
  Ref R = Caller.Builder.place(
      Arguments[Parameter->getFunctionScopeIndex()]);
  return R.K == Ref::Known ? rebase(Callees, Caller.Builder.variable(Parameter), R)
                           : PlaceId();
}

void Substitution::applySynchronizers(llvm::SmallVectorImpl<PlaceId> &List) {
  llvm::SmallVector<PlaceId, 2> Kept;
  for (PlaceId Each : List)
    if (PlaceId Here = applySynchronizer(Each))
      Kept.push_back(Here);
  List.assign(Kept.begin(), Kept.end());
}

/// The locks and the synchronising objects around an access.
void Substitution::applyOrder(Access &A) {
  applyLocks(
      A, [&](PlaceId Lock) { return apply(Lock); },
      [&](PlaceId Lock) { return isOwn(Lock); });
  applySynchronizers(A.Acquired);
  applySynchronizers(A.Released);
  llvm::SmallVector<PlaceId, 1> Ended;
  for (PlaceId Handle : A.Ended)
    if (PlaceId Here = applyHandle(Handle))
      Ended.push_back(Here);
  A.Ended = std::move(Ended);
}

void Substitution::called(Access Call, std::vector<Access> &Into) {
  applyOrder(Call);
  PlaceBuilder &Builder = Caller.Builder;
  const Place Where = Builder.places().get(Call.P);
  const auto *Variable = Where.Kind == Place::Local
                             ? static_cast<const VarDecl *>(Where.Root)
                             : nullptr;
  // Taken out of a member: whatever was put there.
  if (!Variable && (Call.P = apply(Call.P)))
    Into.push_back(std::move(Call));
  const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Variable);
  if (!Parameter || Parameter->getDeclContext() != Callee) {
    if (Variable && !isLocal(Variable))
      Into.push_back(std::move(Call)); // captured: the same
    return;
  }
  if (Parameter->getFunctionScopeIndex() >= Arguments.size())
    return;
  const Expr *Given = Arguments[Parameter->getFunctionScopeIndex()];
  if (const VarDecl *Own = Caller.givenCallable(Given)) {
    Call.P = Builder.variable(Own);
    Into.push_back(std::move(Call));
    return;
  }
  bool IsShared = false;
  PlaceId Task;
  const FunctionDecl *Body =
      calleeOf(Caller.referredCallable(Given, IsShared, Task));
  if (!Body || !Caller.P.summary(Body).HasBody)
    return;
  Caller.Out.Applied.insert(Body->getCanonicalDecl());
  Substitution Inner(Caller, Body, nullptr, {});
  for (const Access &Each : Caller.P.summary(Body).E.Accesses) {
    std::vector<Access> Does;
    if (Each.IsCall) {
      Inner.called(Each, Does);
    } else {
      Access A = Each;
      if (!(A.P = Inner.apply(Each.P)))
        continue;
      Inner.applyOrder(A);
      Does.push_back(std::move(A));
    }
    for (Access &A : Does) {
      A.Locks.append(Call.Locks.begin(), Call.Locks.end());
      A.Acquired.append(Call.Acquired.begin(), Call.Acquired.end());
      A.Released.append(Call.Released.begin(), Call.Released.end());
      A.Ended.append(Call.Ended.begin(), Call.Ended.end());
      A.Certain = A.Certain && Call.Certain;
      Into.push_back(std::move(A));
    }
  }
}

void Substitution::apply(Effects &E) {
  std::vector<Access> Kept;
  for (Access &A : E.Accesses) {
    if (A.IsCall) {
      called(std::move(A), Kept);
      continue;
    }
    if (!(A.P = apply(A.P)))
      continue;
    applyOrder(A);
    Kept.push_back(std::move(A));
  }
  E.Accesses = std::move(Kept);
  applySynchronizers(E.Acquires);
  applySynchronizers(E.Releases);
}

std::vector<TakenLock>
Substitution::apply(const std::vector<TakenLock> &Takes) {
  const unsigned Before = Lost;
  std::vector<TakenLock> Out;
  for (TakenLock Each : Takes) {
    Each.Lock = apply(Each.Lock);
    if (!Each.Lock)
      continue;
    llvm::SmallVector<TakenLock::Holding, 1> Held;
    for (TakenLock::Holding H : Each.Held)
      if ((H.P = apply(H.P)))
        Held.push_back(H);
    Each.Held = std::move(Held);
    Out.push_back(std::move(Each));
  }
  Lost = Before; // a lock that is not followed hides no access
  return Out;
}

void Substitution::apply(SpawnInfo &Thread) {
  apply(Thread.Body);
  Thread.Takes = apply(Thread.Takes);
  auto Kept = [&](auto &Borrows) {
    llvm::erase_if(Borrows, [&](SpawnInfo::Borrow &B) {
      B.P = apply(B.P);
      return !B.P;
    });
  };
  Kept(Thread.Borrows);
  Kept(Thread.Shares);
  Thread.RoundLocal.clear();
}
