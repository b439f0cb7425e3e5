// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What calls do: modelled operations, summaries of visible bodies, and for the
// rest what the declaration allows.

#include "Flow/BodyGenerator.h"

#include "Boundaries/BoundaryFinder.h"
#include "Captures/Crossing.h"
#include "Flow/Accessors.h"
#include "Flow/Substitution.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

/// The class of the object a method is called on.
static const CXXRecordDecl *classOf(const Expr *Object) {
  if (!Object)
    return nullptr;
  QualType Type = Object->getType().getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  return Type->getAsCXXRecordDecl();
}

/// The flag of std::call_once and pthread_once.
PlaceId BodyGenerator::onceOf(const FunctionDecl *Callee, Arguments Args) {
  if (!isOnce(Callee) || Args.empty())
    return {};
  const Ref R = synchronizer(Args[0]);
  return R.K == Ref::Known ? R.P : PlaceId();
}

void BodyGenerator::call(const Expr *Call, const FunctionDecl *Callee,
                         const Expr *Object, Arguments Args) {
  if (!Callee) {
    if (const auto *Pointer = dyn_cast<CallExpr>(Call))
      callsBack(Call, Pointer->getCallee(), Args);
    // Through a function pointer: what it is given may be used.
    for (const Expr *Argument : Args)
      if (Argument->getType()->isPointerType())
        unknown(Call);
    return;
  }
  callNeeds(Call, Callee, Object, Args);
  // Where nothing runs, the value is given away, which the type rules judge.
  if (const Boundary *B = P.boundaryAt(Call);
      B && llvm::any_of(B->Items, [](const Handed &H) { return H.IsCallable; }))
    return spawn(*B);
  const CXXRecordDecl *Class = classOf(Object);
  const OperationModel *Model = P.solver().models().operation(Callee, Class);
  // std::ranges::sort is an object.
  if (const auto *Name = dyn_cast_or_null<DeclRefExpr>(Object);
      Name && !Model && Callee->getOverloadedOperator() == OO_Call)
    if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl()))
      Model = P.solver().models().operation(Variable);
  if (Model && Model->saysAll()) {
    const PlaceId Once = onceOf(Callee, Args);
    add(Fact::Lock, Once, location(Call->getExprLoc()));
    if (!Once)
      operation(*Model, Call, Object, Args);
    rangeOperation(*Model, Call, Args);
    // The predicate of a condition variable's wait, the function of call_once,
    // what an algorithm calls for each element.
    for (const Expr *Argument : Args)
      runsCallback(Call, Callee, Argument, Args);
    // Who returns from call_once sees what the one call did.
    add(Fact::Release, Once, location(Call->getExprLoc()));
    add(Fact::Acquire, Once, location(Call->getExprLoc()));
    add(Fact::Unlock, Once, location(Call->getExprLoc()));
    return;
  }
  // What says whether the wait was long enough may decide what follows.
  if (Object && isFuture(strip(Object)->getType()) && Callee->getIdentifier() &&
      Callee->getName().find("wait_") == 0 && !isDiscarded(Call))
    if (Ref R = Builder.place(Object); R.K == Ref::Known) {
      add(Fact::JoinMaybe, R.P, location(Call->getExprLoc()));
      add(Fact::Acquire, promiseOf(Object), location(Call->getExprLoc()));
    }
  // A closure is read, or changed, by who calls it.
  if (Object && Class && Class->isLambda() && !Class->captures().empty())
    if (Ref R = Object->getType()->isPointerType() ? Builder.pointee(Object)
                                                   : Builder.place(Object);
        R.K == Ref::Known)
      add(cast<CXXMethodDecl>(Callee)->isConst() ? Fact::Read : Fact::Write, R.P,
          location(Call->getExprLoc()));
  if (guardCall(Call, Callee, Object, Args) ||
      lockCall(Call, Callee, Object, Args))
    return;

  // A guard that is moved into a parameter ends with the call.
  for (size_t I = 0; I != Args.size() && I < Callee->getNumParams(); ++I)
    if (isGuard(Args[I]->getType()) && !isa<CXXConstructorDecl>(Callee) &&
        Callee->getParamDecl(I)->getType()->isRecordType())
      if (const VarDecl *Variable = guardVariable(Args[I]))
        for (PlaceId Lock : guardOf(Variable).Locks)
          add(Fact::Unlock, Lock, location(Call->getExprLoc()), true,
              Builder.variable(Variable));

  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Method->isVirtual() && !isSeen(Callee, Class) &&
      virtualCall(Call, Method, Object, Args))
    return;
  const bool ObjectIsSync =
      Object && !isa<CXXConstructorDecl>(Callee) &&
      isSync(Object->getType()->isPointerType()
                 ? Object->getType()->getPointeeType()
                 : strip(Object)->getType()) &&
      Class && !Class->isLambda();
  const std::optional<unsigned> Noted =
      noteCall(Call, Callee, Object, Args, /*OrdersItself=*/ObjectIsSync);
  if (ObjectIsSync && isSeen(Callee, Class))
    applyOrdered(P.summary(Callee), Callee, Object, Args, Call);
  if (const TypeModel *Model =
          Object ? Builder.modelOf(Object->getType()) : nullptr;
      Model && Model->Kind == TypeKind::Erased &&
      Callee->getOverloadedOperator() == OO_Call) {
    erasedCall(Call, Object);
    callsBack(Call, Object, Args);
  } else if (Object && Class && !Class->isLambda() &&
             Callee->getOverloadedOperator() == OO_Call) {
    runsTaken(Object, location(Call->getExprLoc())); // a wrapper of the user's
  }
  if (!ObjectIsSync && isSeen(Callee, Class)) {
    applySummary(P.summary(Callee), Callee, Object, Args, Call);
  } else {
    moveHandles(Call, Callee, Object, Args);
    byDeclaration(Call, Callee, Object, Args);
  }
  if (ObjectIsSync && isSeen(Callee, Class))
    applyBesides(P.summary(Callee), Callee, Object, Args, Call);
  tasks(Call, Callee, Object, Args);
  callEnds(Noted);
}

/// What a method of an object that synchronises itself does besides: to what it
/// is given, to globals, and the threads that it starts or waits for.
void BodyGenerator::applyBesides(const Summary &S, const FunctionDecl *Callee,
                                 const Expr *Object, Arguments Args,
                                 const Expr *Call) {
  auto IsOwn = [&](const Access &A) {
    return P.places().get(A.P).Kind == Place::This;
  };
  if (S.Leaves.empty() && S.Operations.empty() &&
      llvm::all_of(S.E.Accesses, IsOwn))
    return;
  Summary Besides;
  Besides.E.Accesses = S.E.Accesses;
  llvm::erase_if(Besides.E.Accesses, IsOwn);
  Besides.Leaves = S.Leaves;
  Besides.Operations = S.Operations;
  Besides.NumBefore = S.NumBefore;
  Substitution Sub = substitutionFor(Call, Callee, Object, Args);
  applyEffects(Besides, Sub, Call, location(Call->getExprLoc()));
}

void BodyGenerator::operation(const OperationModel &Model, const Expr *Call,
                              const Expr *Object, Arguments Args) {
  const Location Loc = location(Call->getExprLoc());
  auto On = [&](const Expr *E) {
    if (!E)
      return;
    if (Model.Does == OperationKind::Lock ||
        Model.Does == OperationKind::LockShared ||
        Model.Does == OperationKind::TryLock ||
        Model.Does == OperationKind::Unlock)
      return lockOperation(Model.Does, E, Call);
    const bool IsHandle = Model.Does == OperationKind::Join ||
                          Model.Does == OperationKind::Detach;
    // pthread_join takes the handle by value.
    Ref R = IsHandle && E->getType()->isIntegerType() ? Builder.handle(E)
                                                      : synchronizer(E);
    if (R.K != Ref::Known || !R.P)
      return;
    switch (Model.Does) {
    case OperationKind::Join:
      // One element of many: the loop's end joins them all (see edges()).
      add(Fact::Join, R.P, Loc);
      // A future is where a promise's result is seen.
      add(Fact::Acquire, R.P, Loc);
      if (PlaceId Promise = promiseOf(E))
        add(Fact::Acquire, Promise, Loc);
      break;
    case OperationKind::Detach:
      add(Fact::Detach, R.P, Loc);
      break;
    case OperationKind::Lock:
    case OperationKind::LockShared:
    case OperationKind::TryLock:
    case OperationKind::Unlock:
      break;
    case OperationKind::Acquire:
    case OperationKind::Release:
    case OperationKind::Both:
      synchronize(Call, R.P, Model.Does != OperationKind::Release,
                  Model.Does != OperationKind::Acquire,
                  Args.empty() ? nullptr : Args.front(), Loc);
      break;
    case OperationKind::Wait:
    case OperationKind::Bind:
    case OperationKind::Adapt:
    case OperationKind::Read:
    case OperationKind::Write:
    case OperationKind::Copy:
    case OperationKind::Unsafe:
    case OperationKind::Post:
    case OperationKind::Refer:
      break;
    }
  };
  if (Model.On == OperationModel::Object)
    On(Object);
  else if (Model.On == OperationModel::AllArguments)
    for (const Expr *E : Args)
      On(E);
  else if (static_cast<size_t>(Model.On) < Args.size())
    On(Args[Model.On]);
}

/// An atomic operation that asks for no order, in a unit without fences.
bool BodyGenerator::isRelaxed(const CallExpr *Call) const {
  if (P.usesFences())
    return false;
  for (const Expr *Argument : Call->arguments()) {
    const auto *Order = Argument->getType()->getAs<EnumType>();
    Expr::EvalResult Value;
    if (Order && Order->getDecl()->getName() == "memory_order" &&
        !Argument->isValueDependent() &&
        Argument->EvaluateAsInt(Value, P.context()))
      return Value.Val.getInt().isZero();
  }
  return false;
}

/// An operation of a synchronising object: each may order threads.
void BodyGenerator::synchronize(const Expr *Call, PlaceId Object, bool Acquires,
                                bool Releases, const Expr *Stored,
                                Location Loc) {
  // Where a flag decides a branch, each edge knows what was seen.
  const auto *Written = dyn_cast<CallExpr>(Call);
  if (Written && isRelaxed(Written)) {
    add(Fact::Use, Object, Loc);
    return;
  }
  const bool IsFlag = Written && flagRead(Written);
  if (Acquires && !(IsFlag && decidesBranch(Call)))
    add(Fact::Acquire, Object, Loc);
  if (Releases) {
    Expr::EvalResult Value;
    const bool Known = Stored && Stored->getType()->isBooleanType() &&
                       !Stored->isValueDependent() &&
                       Stored->EvaluateAsInt(Value, P.context());
    add(Fact::Release,
        Known ? truthOf(Object, Value.Val.getInt().getBoolValue()) : Object,
        Loc);
  }
  add(Fact::Use, Object, Loc);
}

/// The synchronising object that an expression names. One that was moved or
/// copied into a lambda still orders the same threads.
Ref BodyGenerator::synchronizer(const Expr *E) {
  Ref R = E->getType()->isPointerType() ? Builder.pointee(E) : Builder.place(E);
  if (R.K != Ref::Private)
    return R;
  const auto *Name = dyn_cast<DeclRefExpr>(strip(E));
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  if (Variable && Variable->isInitCapture() && Variable->getInit()) {
    const Expr *Init = strip(Variable->getInit());
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init);
        Construct && Construct->getNumArgs() == 1)
      Init = Construct->getArg(0);
    return Builder.place(Init);
  }
  return R.P ? Ref::known(R.P) : R;
}

/// The promise (or task) whose get_future() made a future.
PlaceId BodyGenerator::promiseOf(const Expr *Future) {
  for (unsigned Step = 0; Step != 8; ++Step) {
    const Expr *E = strip(Future);
    if (const auto *Name = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
      if (!Variable || !Variable->getInit())
        return {};
      Future = Variable->getInit();
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
               Construct && Construct->getNumArgs() == 1) {
      Future = Construct->getArg(0);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      if (!Call->getMethodDecl() || !Call->getMethodDecl()->getIdentifier())
        return {};
      Future = Call->getImplicitObjectArgument();
      if (Call->getMethodDecl()->getName() == "share")
        continue;
      if (Call->getMethodDecl()->getName() != "get_future")
        return {};
      const Ref R = synchronizer(Future);
      return R.K == Ref::Known ? R.P : PlaceId();
    } else if (const auto *Call = dyn_cast<CallExpr>(E);
               Call && Call->isGLValue() && Call->getNumArgs() == 1) {
      Future = Call->getArg(0); // std::move
    } else {
      return {};
    }
  }
  return {};
}

Substitution BodyGenerator::substitutionFor(const Expr *Call,
                                            const FunctionDecl *Callee,
                                            const Expr *Object,
                                            Arguments Args) {
  Substitution Sub(*this, Callee, Object, Args);
  if (isa<CXXConstructorDecl>(Callee)) {
    // One thread makes a static object, and the others wait for it.
    const PlaceId To = destinationOf(Call);
    const Place *Where = To ? &P.places().get(To) : nullptr;
    const bool IsStatic =
        Where && Where->Kind == Place::Global && Where->Path.empty();
    Sub.setObject(IsStatic ? PlaceId() : To);
  } else if (Call->getType()->isRecordType() ||
             Call->getType()->isPointerType()) {
    Sub.setResult(destinationOf(Call));
  }
  return Sub;
}

void BodyGenerator::applySummary(const Summary &S, const FunctionDecl *Callee,
                                 const Expr *Object, Arguments Args,
                                 const Expr *Call) {
  Substitution Sub = substitutionFor(Call, Callee, Object, Args);
  applyEffects(S, Sub, Call, location(Call->getExprLoc()));
  applyNeeds(S, Callee, Object, Args, Call);
  calleeAccesses(S, Callee, Object, Args, Call);
  applyTaken(S, Callee, Object, Args, Call);
  applyLockOperations(S, Callee, Object, Args, Call);
}

void BodyGenerator::applyEffects(const Summary &S, Substitution &Sub,
                                 const Expr *Call, Location Loc) {
  // What it releases it releases after its own accesses, which say so
  // themselves; for what is around the call the order makes no difference.
  for (PlaceId Released : S.E.Releases)
    add(Fact::Release, Sub.applySynchronizer(Released), Loc);
  Effects Does;
  Does.Accesses = S.E.Accesses;
  Sub.apply(Does);
  for (const Access &A : Does.Accesses) {
    const bool IsNear = A.Depth < MaxEvidenceDepth;
    Fact Each = make(A.IsUse     ? Fact::Use
                     : A.IsWrite ? Fact::Write
                                 : Fact::Read,
                     A.P, A.Loc, A.Certain && IsNear);
    Each.IsCall = A.IsCall;
    Each.Through = Loc;
    Each.Depth = static_cast<uint8_t>(IsNear ? A.Depth + 1 : A.Depth);
    Each.Locks.append(A.Locks.begin(), A.Locks.end());
    Each.Acquired.append(A.Acquired.begin(), A.Acquired.end());
    Each.Released.append(A.Released.begin(), A.Released.end());
    Each.Ended.append(A.Ended.begin(), A.Ended.end());
    Current->push_back(std::move(Each));
  }
  for (PlaceId Acquired : S.E.Acquires)
    add(Fact::Acquire, Sub.applySynchronizer(Acquired), Loc);
  auto Operate = [&](size_t From, size_t To) {
    for (size_t I = From; I != To; ++I)
      if (const Fact &Operation = S.Operations[I];
          Operation.K != Fact::Lock && Operation.K != Fact::LockShared &&
          Operation.K != Fact::Unlock)
        add(Operation.K, Sub.applyHandle(Operation.P), Loc, Operation.Certain,
            Sub.applyHandle(Operation.Q));
  };
  Operate(0, S.NumBefore);
  for (const Summary::Left &Left : S.Leaves) {
    SpawnInfo Thread = Left.Thread;
    Thread.Through = Loc;
    Thread.Calls.clear(); // the call itself is noted
    Sub.apply(Thread);
    impliedBorrows(Thread, Loc);
    // In a loop each call leaves one more.
    if (Call)
      roundLocals(Call, Thread.RoundLocal);
    const PlaceId Owner = Sub.applyHandle(Left.Owner);
    Fact Each = make(Fact::Spawn, Owner, Loc,
                     /*Certain=*/Owner || Left.IsDetached);
    Each.S = SpawnId{static_cast<unsigned>(Out.Spawns.size())};
    for (PlaceId Ended : Left.Ended)
      if (PlaceId Here = Sub.applyHandle(Ended))
        Each.Ended.push_back(Here);
    Out.Spawns.push_back(std::move(Thread));
    Current->push_back(std::move(Each));
  }
  Operate(S.NumBefore, S.Operations.size());
  if (S.E.NumUnknown) {
    Out.NumUnknown += S.E.NumUnknown;
    add(Fact::Unknown, {}, Loc);
  }
}
