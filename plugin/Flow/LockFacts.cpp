// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is done to locks, as facts: by guard objects of every kind, by bare
// calls, by what callees leave locked, and by conditions that say so.

#include "Flow/BodyGenerator.h"

#include "Annotations/Capabilities.h"
#include "Flow/Substitution.h"
#include "Traits/Locks.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

//===----------------------------------------------------------------------===//
// Guards
//===----------------------------------------------------------------------===//

/// Guards by which others may hold the lock, too. A model says that a class is
/// a guard; that it shares is in the name, in every library.
static bool isSharedGuard(QualType Type) {
  const auto *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Class || !Class->getIdentifier())
    return false;
  const llvm::StringRef Name = Class->getName();
  return Name.find("shared") != llvm::StringRef::npos ||
         Name.find("Shared") != llvm::StringRef::npos ||
         Name.find("read") != llvm::StringRef::npos ||
         Name.find("Read") != llvm::StringRef::npos;
}

static llvm::StringRef className(QualType Type) {
  const auto *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Class && Class->getIdentifier() ? Class->getName() : "";
}

const VarDecl *BodyGenerator::guardVariable(const Expr *E) const {
  for (unsigned Depth = 0; Depth != 8; ++Depth) {
    E = strip(E);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
        Construct && Construct->getNumArgs() == 1 &&
        Construct->getConstructor()->isCopyOrMoveConstructor()) {
      E = Construct->getArg(0);
      continue;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E);
        Call && Call->isXValue() && Call->getNumArgs() == 1) {
      E = Call->getArg(0); // std::move
      continue;
    }
    const auto *Name = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
    if (!Variable || !isGuard(Variable->getType()))
      return nullptr;
    if (!Variable->getType()->isReferenceType() ||
        isa<ParmVarDecl>(Variable) || !Variable->getInit())
      return Variable;
    E = Variable->getInit();
  }
  return nullptr;
}

BodyGenerator::Guard BodyGenerator::guardMadeBy(const Expr *Init) {
  Guard Out;
  Init = strip(Init);
  Out.Shared = isSharedGuard(Init->getType());
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init)) {
    if (Construct->getConstructor()->isCopyOrMoveConstructor()) {
      // The variable it is moved from keeps its locks; a temporary has them.
      if (const VarDecl *From = guardVariable(Construct))
        Out.Locks = guardOf(From).Locks;
      else if (Construct->getNumArgs() > 0)
        return guardMadeBy(Construct->getArg(0));
      return Out;
    }
    for (const Expr *Argument : Construct->arguments()) {
      const llvm::StringRef Tag = className(Argument->getType());
      if (Tag == "defer_lock_t")
        Out.Takes = Guard::Later;
      else if (Tag == "try_to_lock_t")
        Out.Takes = Guard::IfFree;
      else if (Tag == "adopt_lock_t")
        Out.Takes = Guard::Adopted;
      else if ((Tag == "duration" || Tag == "time_point"))
        Out.Takes = Guard::IfFree;
      else if (isLock(Argument->getType(), P.solver().models())) {
        if (Out.Locks.empty() && Out.Takes == Guard::Later)
          Out.Takes = Guard::Now;
        if (PlaceId Lock = Builder.exact(Argument))
          Out.Locks.push_back(Lock);
      }
    }
    // The tag may stand before the locks.
    for (const Expr *Argument : Construct->arguments())
      if (className(Argument->getType()) == "defer_lock_t")
        Out.Takes = Guard::Later;
    return Out;
  }
  const auto *Call = dyn_cast<CallExpr>(Init);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee)
    return Out;
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const Expr *Object = Member ? Member->getImplicitObjectArgument() : nullptr;
  const Summary &S = P.summary(Callee);
  ExactScope Exact(Builder);
  Substitution Sub(*this, Callee, Object,
                   Arguments(Call->getArgs(), Call->getNumArgs()));
  for (const Fact &Each : S.Operations)
    if (Each.Q && P.places().get(Each.Q).Kind == Place::Result)
      if (PlaceId Lock = Sub.apply(Each.P)) {
        Out.Locks.push_back(Lock);
        Out.Takes = Guard::Now;
        Out.Shared = Each.K == Fact::LockShared;
      }
  // m.lock() of a lock that hands out guards: the guard is that lock's.
  if (Object && Out.Locks.empty())
    if (PlaceId Lock = Builder.exact(Object);
        Lock && (isLock(Object->getType(), P.solver().models()) ||
                 isSync(Object->getType()->isPointerType()
                            ? Object->getType()->getPointeeType()
                            : strip(Object)->getType()))) {
      Out.Locks.push_back(Lock);
      Out.Takes = Guard::Now;
    }
  return Out;
}

const BodyGenerator::Guard &BodyGenerator::guardOf(const VarDecl *Variable) {
  auto [It, New] = Guards.try_emplace(Variable);
  if (!New)
    return It->second;
  Guard Made;
  if (isa<ParmVarDecl>(Variable)) {
    // Some lock that the caller has taken.
    Made.Locks.push_back(Builder.deref(Builder.variable(Variable)));
    Made.Shared = isSharedGuard(Variable->getType());
    Made.Takes = Guard::Now;
  } else if (const Expr *Init = Variable->getInit()) {
    Made = guardMadeBy(Init);
  }
  return Guards[Variable] = std::move(Made);
}

/// A lock that was passed in may be any lock.
void BodyGenerator::noteLock(PlaceId Lock) {
  const Place &Where = P.places().get(Lock);
  if (Where.Kind != Place::Local ||
      llvm::any_of(Where.Path, [](Projection Step) {
        return Step.K != Projection::Deref;
      }))
    return;
  const auto *Variable = static_cast<const VarDecl *>(Where.Root);
  if (isa<ParmVarDecl>(Variable) || Variable->getType()->isReferenceType() ||
      Builder.refers(Variable->getType()))
    Out.AnyLock.insert(Lock);
}

void BodyGenerator::take(const Guard &G, PlaceId Owner, Location Loc) {
  for (PlaceId Lock : G.Locks) {
    noteLock(Lock);
    if (G.Takes == Guard::Adopted)
      add(Fact::Unlock, Lock, Loc);
    add(G.Shared ? Fact::LockShared : Fact::Lock, Lock, Loc, true, Owner);
  }
}

/// std::lock_guard lock(m); auto lock = std::move(other);
void BodyGenerator::guardDeclared(const VarDecl *Variable) {
  if (Variable->getType()->isReferenceType())
    return;
  const Guard &G = guardOf(Variable);
  const Location Loc = location(Variable->getLocation());
  const PlaceId Owner = Builder.variable(Variable);
  if (const Expr *Init = Variable->getInit())
    if (const VarDecl *From = guardVariable(Init)) {
      add(Fact::Move, Builder.variable(From), Loc, true, Owner);
      return;
    }
  if (G.Takes == Guard::Now || G.Takes == Guard::Adopted)
    take(G, Owner, Loc);
}

void BodyGenerator::guardReturned(const Expr *Value) {
  const PlaceId Result = Builder.resultOf(Function);
  const Location Loc = location(Value->getExprLoc());
  if (const VarDecl *Variable = guardVariable(Value)) {
    add(Fact::Move, Builder.variable(Variable), Loc, true, Result);
    return;
  }
  const Guard G = guardMadeBy(Value);
  if (G.Takes == Guard::Now || G.Takes == Guard::Adopted)
    take(G, Result, Loc);
}

/// A member function of a guard variable, or its assignment.
bool BodyGenerator::guardCall(const Expr *Call, const FunctionDecl *Callee,
                              const Expr *Object, Arguments Args) {
  const VarDecl *Variable = Object ? guardVariable(Object) : nullptr;
  if (!Variable)
    return false;
  const Location Loc = location(Call->getExprLoc());
  const PlaceId Owner = Builder.variable(Variable);
  Guard G = guardOf(Variable);
  if (Callee->getOverloadedOperator() == OO_Equal && Args.size() == 1) {
    for (PlaceId Lock : G.Locks)
      add(Fact::Unlock, Lock, Loc, true, Owner);
    const VarDecl *From = guardVariable(Args[0]);
    Guard New = From ? guardOf(From) : guardMadeBy(Args[0]);
    if (From)
      add(Fact::Move, Builder.variable(From), Loc, true, Owner);
    else if (New.Takes == Guard::Now || New.Takes == Guard::Adopted)
      take(New, Owner, Loc);
    for (PlaceId Lock : New.Locks)
      if (!llvm::is_contained(G.Locks, Lock))
        G.Locks.push_back(Lock);
    Guards[Variable] = std::move(G);
    return true;
  }
  if (!Callee->getIdentifier())
    return isa<CXXConversionDecl>(Callee);
  const llvm::StringRef Method = Callee->getName();
  if (Method == "unlock" || Method == "Unlock" || Method == "Release") {
    for (PlaceId Lock : G.Locks)
      add(Fact::Unlock, Lock, Loc, true, Owner);
  } else if (Method == "release") {
    // The lock stays locked, and the guard forgets it.
    for (PlaceId Lock : G.Locks) {
      add(Fact::Unlock, Lock, Loc, true, Owner);
      add(G.Shared ? Fact::LockShared : Fact::Lock, Lock, Loc);
    }
  } else if (Method == "lock" || Method == "Lock") {
    take({G.Locks, Guard::Now, G.Shared}, Owner, Loc);
  } else if (Method.substr(0, 8) == "try_lock" && isDiscarded(Call)) {
    take({G.Locks, Guard::Now, G.Shared}, Owner, Loc);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Bare calls
//===----------------------------------------------------------------------===//

/// The value of \p E is used by nobody: an attempt whose success is not asked
/// for is taken to succeed.
bool BodyGenerator::isDiscarded(const Expr *E) const {
  const Stmt *Around = around(E);
  return !Around || isa<CompoundStmt, LabelStmt, CaseStmt>(Around);
}

void BodyGenerator::lockOperation(OperationKind Does, const Expr *E,
                                  const Expr *Call) {
  const Location Loc = location(Call->getExprLoc());
  // std::lock(l1, l2) on deferred guards locks what they hold.
  if (const VarDecl *Variable = guardVariable(E)) {
    const Guard &G = guardOf(Variable);
    if (Does == OperationKind::Lock)
      take({G.Locks, Guard::Now, G.Shared}, Builder.variable(Variable), Loc);
    return;
  }
  const PlaceId Lock = Builder.exact(E);
  if (Lock)
    noteLock(Lock);
  switch (Does) {
  case OperationKind::Lock:
    return add(Fact::Lock, Lock, Loc);
  case OperationKind::LockShared:
    return add(Fact::LockShared, Lock, Loc);
  case OperationKind::Unlock:
    return add(Fact::Unlock, Lock, Loc);
  case OperationKind::TryLock:
    // In a condition the edge knows.
    if (isDiscarded(Call))
      add(Fact::Lock, Lock, Loc);
    return;
  default:
    return;
  }
}

namespace {
/// lock(), unlock() and their kin, as the standard names them: what every user
/// of the class relies on.
struct LockMethod {
  OperationKind Does;
  bool Shared;
};
} // namespace

static std::optional<LockMethod> lockMethod(const FunctionDecl *Callee) {
  if (!Callee->getIdentifier())
    return std::nullopt;
  llvm::StringRef Name = Callee->getName();
  const bool Shared = Name.find("shared") != llvm::StringRef::npos;
  if (Name == "lock" || Name == "lock_shared")
    return LockMethod{Shared ? OperationKind::LockShared : OperationKind::Lock,
                      Shared};
  if (Name == "unlock" || Name == "unlock_shared")
    return LockMethod{OperationKind::Unlock, Shared};
  if (Name.substr(0, 8) == "try_lock")
    return LockMethod{OperationKind::TryLock, Shared};
  return std::nullopt;
}

/// A call on a user's lock, by what it declares or by what it is called.
bool BodyGenerator::lockCall(const Expr *Call, const FunctionDecl *Callee,
                             const Expr *Object, Arguments Args) {
  const Location Loc = location(Call->getExprLoc());
  bool Declared = false;
  for (const CapabilityEffect &Effect : capabilityEffectsOf(Callee)) {
    PlaceId Lock;
    ExactScope Exact(Builder);
    Substitution Sub(*this, Callee, Object, Args);
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
    const PlaceId Owner = Constructor ? destinationOf(Call) : PlaceId();
    if (Effect.Lock)
      Lock = Sub.apply(Builder.lock(*Effect.Lock, Builder.selfOf(Callee)));
    else if (Object)
      Lock = Builder.exact(Object);
    if (!Lock)
      continue;
    Declared = true;
    switch (Effect.K) {
    case CapabilityEffect::Acquire:
      // A guard that is returned holds it, as long as it lives.
      if (isGuard(Callee->getReturnType()))
        break;
      add(Effect.Shared ? Fact::LockShared : Fact::Lock, Lock, Loc, true,
          Owner);
      break;
    case CapabilityEffect::Assert:
      // Whoever holds it, it is not this function that has to release it.
      add(Effect.Shared ? Fact::LockShared : Fact::Lock, Lock, Loc, true, Lock);
      break;
    case CapabilityEffect::Release:
      add(Fact::Unlock, Lock, Loc);
      break;
    case CapabilityEffect::TryAcquire:
      if (isDiscarded(Call))
        add(Fact::Lock, Lock, Loc);
      break;
    }
  }
  if (Declared)
    return true;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (!Method || !Object || isLibrary(Callee))
    return false;
  std::optional<LockMethod> Named = lockMethod(Callee);
  if (!Named || isGuard(Callee->getReturnType()) ||
      !isLock(Object->getType(), P.solver().models()))
    return false;
  lockOperation(Named->Does, Object, Call);
  return true;
}

void BodyGenerator::applyOrdered(const Summary &S, const FunctionDecl *Callee,
                                 const Expr *Object, Arguments Args,
                                 const Expr *Call) {
  applyNeeds(S, Callee, Object, Args, Call);
  applyTaken(S, Callee, Object, Args, Call);
  applyLockOperations(S, Callee, Object, Args, Call);
}

void BodyGenerator::applyTaken(const Summary &S, const FunctionDecl *Callee,
                               const Expr *Object, Arguments Args,
                               const Expr *Call) {
  if (S.Takes.empty())
    return;
  ExactScope Exact(Builder);
  Substitution Sub(*this, Callee, Object, Args);
  if (isa<CXXConstructorDecl>(Callee))
    Sub.setObject(destinationOf(Call));
  for (TakenLock Each : Sub.apply(S.Takes)) {
    Each.Through.push_back(location(Call->getExprLoc()));
    Fact Here = make(Fact::Taken, Each.Lock, location(Call->getExprLoc()));
    Here.Need = static_cast<unsigned>(Out.Taken.size());
    Out.Taken.push_back(std::move(Each));
    Current->push_back(std::move(Here));
  }
}

/// What a callee leaves locked or unlocked for its caller.
void BodyGenerator::applyLockOperations(const Summary &S,
                                        const FunctionDecl *Callee,
                                        const Expr *Object, Arguments Args,
                                        const Expr *Call) {
  if (S.Operations.empty())
    return;
  const Location Loc = location(Call->getExprLoc());
  ExactScope Exact(Builder);
  Substitution Sub(*this, Callee, Object, Args);
  // A class whose destructor unlocks is a guard: it owns what its constructor
  // has locked.
  PlaceId Owner{};
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee)) {
    const PlaceId Self = destinationOf(Call);
    Sub.setObject(Self);
    if (const CXXDestructorDecl *Destructor =
            Constructor->getParent()->getDestructor())
      for (const Fact &Each : P.summary(Destructor).Operations)
        if (Each.K == Fact::Unlock)
          Owner = Self;
  }
  for (const Fact &Each : S.Operations) {
    if (Each.K != Fact::Lock && Each.K != Fact::LockShared &&
        Each.K != Fact::Unlock)
      continue;
    PlaceId By = Owner;
    if (Each.Q) {
      if (P.places().get(Each.Q).Kind == Place::Result)
        continue; // see guardMadeBy()
      By = Sub.apply(Each.Q);
    }
    add(Each.K, Sub.apply(Each.P), Loc, true, By);
  }
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

void BodyGenerator::assumeCall(const CallExpr *Call, bool Success,
                               llvm::SmallVectorImpl<Fact> &Into) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return;
  const Location Loc = location(Call->getExprLoc());
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const Expr *Object = Member ? Member->getImplicitObjectArgument() : nullptr;
  auto Take = [&](PlaceId Lock, bool Shared, PlaceId Owner) {
    if (Lock && Success)
      Into.push_back(make(Shared ? Fact::LockShared : Fact::Lock, Lock, Loc,
                          true, Owner));
  };
  if (const VarDecl *Variable = Object ? guardVariable(Object) : nullptr) {
    const llvm::StringRef Name =
        Callee->getIdentifier() ? Callee->getName() : "";
    if (isa<CXXConversionDecl>(Callee) || Name == "owns_lock" ||
        Name == "OwnsLock" || Name.substr(0, 8) == "try_lock") {
      const Guard &G = guardOf(Variable);
      for (PlaceId Lock : G.Locks)
        Take(Lock, G.Shared, Builder.variable(Variable));
    }
    return;
  }
  for (const CapabilityEffect &Effect : capabilityEffectsOf(Callee)) {
    if (Effect.K != CapabilityEffect::TryAcquire)
      continue;
    ExactScope Exact(Builder);
    Substitution Sub(*this, Callee, Object,
                     Arguments(Call->getArgs(), Call->getNumArgs()));
    Take(Effect.Lock
             ? Sub.apply(Builder.lock(*Effect.Lock, Builder.selfOf(Callee)))
             : (Object ? Builder.exact(Object) : PlaceId()),
         Effect.Shared, PlaceId());
    return;
  }
  QualType Type = Object ? Object->getType() : QualType();
  if (Object && Type->isPointerType())
    Type = Type->getPointeeType();
  const OperationModel *Model = P.solver().models().operation(
      Callee, Object ? Type->getAsCXXRecordDecl() : nullptr);
  const std::optional<LockMethod> Named = lockMethod(Callee);
  const bool Shared =
      (Named && Named->Shared) ||
      (Callee->getIdentifier() &&
       Callee->getName().find("rdlock") != llvm::StringRef::npos);
  if (Model && Model->Does == OperationKind::TryLock) {
    if (Model->On == OperationModel::Object && Object)
      Take(Builder.exact(Object), Shared, PlaceId());
    for (unsigned I = 0; I != Call->getNumArgs(); ++I)
      if (Model->On == OperationModel::AllArguments || Model->On == int(I)) {
        if (const VarDecl *Variable = guardVariable(Call->getArg(I))) {
          for (PlaceId Lock : guardOf(Variable).Locks)
            Take(Lock, false, Builder.variable(Variable));
        } else {
          Take(Builder.exact(Call->getArg(I)), Shared, PlaceId());
        }
      }
  } else if (Object && Named && Named->Does == OperationKind::TryLock &&
             isLock(Object->getType(), P.solver().models())) {
    Take(Builder.exact(Object), Shared, PlaceId());
  }
}

/// The value for which a call that tries to lock has succeeded.
static bool succeedsOn(const CallExpr *Call, const llvm::APSInt &Value) {
  for (const CapabilityEffect &Effect :
       capabilityEffectsOf(Call->getDirectCallee()))
    if (Effect.K == CapabilityEffect::TryAcquire)
      return Effect.OnTrue == Value.getBoolValue();
  if (Call->getType()->isBooleanType())
    return Value.getBoolValue();
  // pthread_mutex_trylock gives 0, std::try_lock -1.
  const bool IsStd = Call->getDirectCallee()->isInStdNamespace();
  return IsStd ? Value == -1 : Value == 0;
}

void BodyGenerator::assume(const Expr *Condition, bool Value,
                           llvm::SmallVectorImpl<Fact> &Into) {
  const Expr *E = strip(Condition);
  if (const auto *Not = dyn_cast<UnaryOperator>(E)) {
    if (Not->getOpcode() == UO_LNot)
      assume(Not->getSubExpr(), !Value, Into);
    return;
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E)) {
    if (Op->getOpcode() == (Value ? BO_LAnd : BO_LOr)) {
      assume(Op->getLHS(), Value, Into);
      assume(Op->getRHS(), Value, Into);
    } else if (Op->isEqualityOp()) {
      const auto *Call = dyn_cast<CallExpr>(strip(Op->getLHS()));
      const Expr *Other = Op->getRHS();
      if (!Call) {
        Call = dyn_cast<CallExpr>(strip(Op->getRHS()));
        Other = Op->getLHS();
      }
      Expr::EvalResult Constant;
      if (!Call || !Call->getDirectCallee() || Other->isValueDependent() ||
          !Other->EvaluateAsInt(Constant, P.context()))
        return;
      const bool IsEqual = (Op->getOpcode() == BO_EQ) == Value;
      const llvm::APSInt Int = Constant.Val.getInt();
      if (IsEqual)
        assumeCall(Call, succeedsOn(Call, Int), Into);
      else if (Call->getType()->isBooleanType())
        assumeCall(Call, !succeedsOn(Call, Int), Into);
    }
    return;
  }
  if (const auto *Name = dyn_cast<DeclRefExpr>(E)) {
    // bool taken = m.try_lock(); if (taken)
    const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
    if (Variable && Variable->isLocalVarDecl() && Variable->getInit() &&
        !Builder.isReassigned(Variable))
      assume(Variable->getInit(), Value, Into);
    return;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || !Call->getDirectCallee())
    return;
  if (Call->getType()->isBooleanType()) {
    llvm::APSInt AsInt(llvm::APInt(32, Value), /*isUnsigned=*/true);
    assumeCall(Call, succeedsOn(Call, AsInt), Into);
  } else if (!Value) {
    // A call that gives a number is 0.
    assumeCall(Call, succeedsOn(Call, llvm::APSInt::get(0)), Into);
  }
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

/// What the caller holds: REQUIRES(m), Clang's release_capability(m), and what
/// a guard that is passed in has locked.
void BodyGenerator::requiredLocks() {
  const Location Loc = location(Function->getLocation());
  auto Require = [&](PlaceId Lock, bool Shared, PlaceId Owner) {
    if (!Lock)
      return;
    add(Shared ? Fact::LockShared : Fact::Lock, Lock, Loc, true, Owner);
    Out.Required.push_back(Lock);
  };
  for (const Mark &M : lockMarksOf(Function)) {
    if (M.Kind != MarkKind::Requires && M.Kind != MarkKind::RequiresShared)
      continue;
    for (const std::optional<LockPath> &Path : lockPathsOf(M, Function))
      if (Path)
        Require(Builder.lock(*Path, Builder.self()),
                M.Kind == MarkKind::RequiresShared, PlaceId());
  }
  for (const CapabilityEffect &Effect : capabilityEffectsOf(Function))
    if (Effect.K == CapabilityEffect::Release)
      Require(Effect.Lock ? Builder.lock(*Effect.Lock, Builder.self())
                          : Builder.self(),
              Effect.Shared, PlaceId());
  for (const ParmVarDecl *Parameter : Function->parameters())
    if (isGuard(Parameter->getType())) {
      const Guard &G = guardOf(Parameter);
      noteLock(G.Locks.front());
      Require(G.Locks.front(), G.Shared, Builder.variable(Parameter));
    }
}
