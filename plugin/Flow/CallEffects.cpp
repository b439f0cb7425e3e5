// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What calls do: modelled operations, summaries of visible bodies, and for the
// rest what the declaration allows.

#include "Flow/BodyGenerator.h"

#include "Boundaries/BoundaryFinder.h"
#include "Captures/Crossing.h"
#include "Flow/Substitution.h"

#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSet.h"

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

void BodyGenerator::call(const Expr *Call, const FunctionDecl *Callee,
                         const Expr *Object, Arguments Args) {
  if (!Callee) {
    // Through a function pointer: what it is given may be used.
    for (const Expr *Argument : Args)
      if (Argument->getType()->isPointerType())
        unknown(Call);
    return;
  }
  callNeeds(Call, Callee, Object, Args);
  if (const Boundary *B = P.boundaryAt(Call))
    return spawn(*B);
  const CXXRecordDecl *Class = classOf(Object);
  if (const OperationModel *Model =
          P.solver().models().operation(Callee, Class);
      Model && Model->Does != OperationKind::Bind) {
    operation(*Model, Call, Object, Args);
    // The predicate of a condition variable's wait, the function of call_once.
    for (const Expr *Argument : Args)
      if (const FunctionDecl *Callback = calleeOf(Argument);
          Callback && isa<CXXMethodDecl>(Callback))
        applySummary(P.summary(Callback), Callback, nullptr, {}, Call);
    return;
  }
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

  // A handle that is moved: t = std::move(u), v.push_back(std::move(t)).
  for (const Expr *Argument : Args)
    if (isThread(Argument->getType()) && strip(Argument)->isXValue()) {
      Ref From = Builder.place(Argument);
      if (From.K != Ref::Known)
        continue;
      Ref To = Object && !Object->getType()->isPointerType()
                   ? Builder.place(Object)
                   : Ref::unknown();
      const bool Stays = To.K == Ref::Known && isLibrary(Callee);
      if (isa<CXXConstructExpr>(Call))
        continue; // the variable that is declared, or the argument, says where
      add(Stays ? Fact::Move : Fact::JoinMaybe, From.P,
          location(Call->getExprLoc()), true, Stays ? To.P : PlaceId());
    }

  const bool ObjectIsSync =
      Object && !isa<CXXConstructorDecl>(Callee) &&
      isSync(Object->getType()->isPointerType()
                 ? Object->getType()->getPointeeType()
                 : strip(Object)->getType()) &&
      Class && !Class->isLambda();
  if (ObjectIsSync && isSeen(Callee, Class)) {
    // Its accesses are ordered, but it may lock for its caller.
    applyNeeds(P.summary(Callee), Callee, Object, Args, Call);
    applyLockOperations(P.summary(Callee), Callee, Object, Args, Call);
  }
  erasedCall(Call, Object);
  if (!ObjectIsSync) {
    const Summary &S = P.summary(Callee);
    if (isSeen(Callee, Class))
      return applySummary(S, Callee, Object, Args, Call);
  }
  byDeclaration(Call, Callee, Object, Args);
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
    Ref R = synchronizer(E);
    // pthread_join takes the handle by value.
    if (R.K != Ref::Known || !R.P)
      return;
    switch (Model.Does) {
    case OperationKind::Join:
      // One element of many: the loop's end joins them all (see edges()).
      if (!P.places().get(R.P).Path.empty() &&
          P.places().get(R.P).Path.back().K == Projection::AnyElement) {
        if (!loopAround(Call))
          add(Fact::JoinMaybe, R.P, Loc);
      } else {
        add(Fact::Join, R.P, Loc);
      }
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
    case OperationKind::Both: {
      if (Model.Does != OperationKind::Release) {
        // In the condition of a loop it holds only once the loop is left.
        const Stmt *Around = parent(Call);
        while (Around && isa<Expr>(Around))
          Around = parent(Around);
        if (!isa_and_nonnull<WhileStmt, ForStmt, DoStmt>(Around))
          add(Fact::Acquire, R.P, Loc);
      }
      if (Model.Does != OperationKind::Acquire)
        add(Fact::Release, R.P, Loc);
      break;
    }
    case OperationKind::Bind:
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
  const auto *Name = dyn_cast<DeclRefExpr>(strip(Future));
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  if (!Variable || !Variable->getInit())
    return {};
  const Expr *Init = strip(Variable->getInit());
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init);
      Construct && Construct->getNumArgs() == 1)
    Init = strip(Construct->getArg(0));
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Init);
  if (!Call || !Call->getMethodDecl() ||
      !Call->getMethodDecl()->getIdentifier() ||
      Call->getMethodDecl()->getName() != "get_future")
    return {};
  Ref R = Builder.place(Call->getImplicitObjectArgument());
  return R.K == Ref::Known ? R.P : PlaceId();
}

/// Non-const members that the library treats as const for the purpose of data
/// races: [container.requirements.dataraces], [string.require].
static bool isConstForRaces(const CXXMethodDecl *Method) {
  if (Method->isConst())
    return true;
  if (Method->getOverloadedOperator() == OO_Subscript) {
    // Except where operator[] inserts.
    const llvm::StringRef Class = Method->getParent()->getName();
    return Class != "map" && Class != "unordered_map";
  }
  if (!Method->getIdentifier())
    return Method->getOverloadedOperator() == OO_Star ||
           Method->getOverloadedOperator() == OO_Arrow;
  static const llvm::StringSet<> Names{
      "begin", "end",         "rbegin",      "rend",        "front", "back",
      "data",  "find",        "lower_bound", "upper_bound", "at",    "top",
      "get",   "equal_range", "c_str",       "value"};
  return Names.contains(Method->getName());
}

/// Members that touch no element: they say how many there are, or where.
static bool isAccessor(const CXXMethodDecl *Method) {
  if (!Method->getIdentifier())
    return Method->getOverloadedOperator() == OO_Subscript;
  static const llvm::StringSet<> Names{
      "begin", "end",  "cbegin", "cend",     "rbegin", "rend", "front", "back",
      "data",  "size", "empty",  "capacity", "at",     "top",  "length"};
  return Names.contains(Method->getName());
}

void BodyGenerator::methodByDeclaration(const Expr *Call,
                                        const CXXMethodDecl *Method,
                                        const Expr *Object) {
  const bool IsArrow = Object->getType()->isPointerType();
  // The class as declared: an inherited method sees only its base.
  QualType Type = IsArrow ? Object->getType()->getPointeeType()
                          : strip(Object)->getType();
  const Location Loc = location(Call->getExprLoc());
  Ref R = IsArrow ? Builder.pointee(Object) : Builder.place(Object);
  if (const auto *Name = dyn_cast<DeclRefExpr>(strip(Object)))
    if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
        Variable && P.solver().models().object(Variable))
      return;
  const bool Library = isLibrary(Method) || Builder.modelOf(Type);
  const bool Reads = Library ? isConstForRaces(Method) : Method->isConst();
  guardedAccess(Object, IsArrow, !Reads, Loc, /*Certain=*/Library);
  if (isSync(Type)) {
    // Each operation of a synchronising object may order threads.
    if (R.K != Ref::Known)
      return;
    const TypeModel *Model = Builder.modelOf(Type);
    const bool IsAtomic = Model && Model->Kind == TypeKind::Atomic;
    const bool Loads = IsAtomic && isa<CXXConversionDecl>(Method);
    const bool Stores =
        IsAtomic && Method->getOverloadedOperator() == OO_Equal;
    const Stmt *Around = parent(Call);
    while (Around && isa<Expr>(Around))
      Around = parent(Around);
    const bool InLoop = isa_and_nonnull<WhileStmt, ForStmt, DoStmt>(Around);
    if (!Stores && !(Loads && InLoop))
      add(Fact::Acquire, R.P, Loc);
    if (!Loads)
      add(Fact::Release, R.P, Loc);
    return;
  }
  if (isThread(Type) || isGuard(Type))
    return;
  // Iterators and references to elements read only where the elements are.
  if (R.K == Ref::Known && Library && Reads && isAccessor(Method))
    if (const TypeModel *Model = Builder.modelOf(Type);
        Model && Model->Kind == TypeKind::Container)
      R.P = P.places().project(R.P, {Projection::Structure});
  // Code that is not visible may lock inside.
  if (R.K == Ref::Known)
    accessPlace(R, Type, !Reads, Loc, /*Certain=*/Library);
  else if (R.K == Ref::Unknown && !Library)
    unknown(Call);
  // What a view shows is read with it.
  if (const TypeModel *Model = Builder.modelOf(Type);
      Model && Model->Kind == TypeKind::View && Reads)
    if (Ref To = Builder.pointee(Object); To.K == Ref::Known)
      add(Fact::Read, To.P, Loc);
}

void BodyGenerator::byDeclaration(const Expr *Call, const FunctionDecl *Callee,
                                  const Expr *Object, Arguments Args) {
  const Location Loc = location(Call->getExprLoc());
  const bool Library = isLibrary(Callee);
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Object && !Method->isStatic())
    methodByDeclaration(Call, Method, Object);
  // std::move and the like only pass a reference on.
  if (Library && Args.size() == 1 && Call->isGLValue() && !Object &&
      Call->getType().getCanonicalType().getUnqualifiedType() ==
          Args[0]->getType().getCanonicalType().getUnqualifiedType())
    return;
  for (size_t I = 0; I != Args.size(); ++I) {
    const Expr *Argument = Args[I];
    if (isa<CXXDefaultArgExpr>(Argument))
      continue;
    // A callback: the library runs it before it returns.
    if (const FunctionDecl *Callback = calleeOf(unwrap(Argument))) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Callback);
      const TypeModel *Model =
          Object ? Builder.modelOf(Object->getType()) : nullptr;
      const bool IsLambda = Method && Method->getParent()->isLambda();
      const bool IsKept =
          isa<CXXConstructorDecl>(Callee) ||
          (Model && (Model->Kind == TypeKind::Erased ||
                     Model->Kind == TypeKind::Container));
      if (IsLambda && !Library && !IsKept) {
        // Code that is not seen may run it at once, or later and elsewhere.
        Out.GivenToUnseen.insert(Callback->getCanonicalDecl());
        applyNeeds(P.summary(Callback), Callback, nullptr, {}, Call);
      }
      if (IsLambda && Library && !IsKept && calleeOf(Argument)) {
        // mutex.with(f): f runs under the lock.
        Ref Lock = Object && isSync(strip(Object)->getType())
                       ? synchronizer(Object)
                       : Ref::unknown();
        const bool IsLocked = Lock.K == Ref::Known;
        if (IsLocked)
          add(Fact::Lock, Lock.P, Loc);
        const size_t First = Out.Spawns.size();
        applySummary(P.summary(Callback), Callback, nullptr, {}, Call);
        // scope([&](scope_handle &s) {...}) has joined what was spawned in it.
        for (size_t T = First; T != Out.Spawns.size(); ++T)
          if (Out.Spawns[T].EndsWithScope) {
            Out.Spawns[T].EndsWithScope = false;
            Out.Spawns[T].EndsInCall = true;
          }
        if (IsLocked)
          add(Fact::Unlock, Lock.P, Loc);
        continue;
      }
    }
    QualType Parameter = I < Callee->getNumParams()
                             ? Callee->getParamDecl(I)->getType()
                             : Argument->getType();
    QualType Given = Argument->getType().getNonReferenceType();
    const auto *Class = Given->getAsCXXRecordDecl();
    if (Class && Class->isLambda())
      continue;
    if (isThread(Given) || isGuard(Given)) {
      // A handle given away by reference may be joined there.
      if (Parameter->isLValueReferenceType() &&
          !Parameter->getPointeeType().isConstQualified())
        if (Ref R = Builder.place(Argument); R.K == Ref::Known && isThread(Given))
          add(Fact::JoinMaybe, R.P, Loc);
      continue;
    }
    if (Parameter->isReferenceType()) {
      const QualType Target = Parameter->getPointeeType();
      const bool Writes = !Target.isConstQualified() &&
                          (Parameter->isLValueReferenceType() ||
                           strip(Argument)->isXValue());
      // Whether a user's function that is not visible touches it is not known,
      // except where there is little else to do with a scalar.
      const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
      const bool Certain =
          Library || Given->isScalarType() ||
          (Constructor && Constructor->isCopyOrMoveConstructor());
      if (strip(Argument)->isGLValue())
        access(Argument, Writes && !(Library && Parameter->isRValueReferenceType() &&
                                     !strip(Argument)->isXValue()),
               Certain);
      if (Builder.refers(Given) && !Given->isPointerType() && Library)
        if (const TypeModel *Model = Builder.modelOf(Given);
            Model && Model->Kind == TypeKind::View)
          if (Ref To = Builder.pointee(Argument); To.K == Ref::Known)
            add(Fact::Read, To.P, Loc);
      continue;
    }
    if (Parameter->isPointerType() && !Parameter->isFunctionPointerType()) {
      Ref To = Builder.pointee(Argument);
      const QualType Target = Parameter->getPointeeType();
      guardedAccess(Argument, /*IsPointee=*/true, !Target.isConstQualified(),
                    Loc, /*Certain=*/Library && !Target->isVoidType());
      if (To.K == Ref::Known && !Target->isVoidType())
        accessPlace(To, Target, !Target.isConstQualified(), Loc, Library);
      else if (To.K == Ref::Known)
        add(Fact::Write, To.P, Loc, /*Certain=*/false);
      continue;
    }
    if (const TypeModel *Model = Builder.modelOf(Given);
        Model && Model->Kind == TypeKind::View && !isa<CXXConstructorDecl>(Callee))
      if (Ref To = Builder.pointee(Argument); To.K == Ref::Known)
        add(Fact::Read, To.P, Loc);
  }
}

void BodyGenerator::applySummary(const Summary &S, const FunctionDecl *Callee,
                                 const Expr *Object, Arguments Args,
                                 const Expr *Call) {
  const Location Loc = location(Call->getExprLoc());
  Substitution Sub(*this, Callee, Object, Args);
  if (isa<CXXConstructorDecl>(Callee))
    Sub.setObject(handleOf(Call).Owner);
  for (const Access &A : S.E.Accesses) {
    PlaceId Where = Sub.apply(A.P);
    if (!Where)
      continue;
    const bool IsNear = A.Depth < MaxEvidenceDepth;
    Fact Each = make(A.IsWrite ? Fact::Write : Fact::Read, Where, A.Loc,
                     A.Certain && IsNear);
    Each.Through = Loc;
    Each.Depth = static_cast<uint8_t>(IsNear ? A.Depth + 1 : A.Depth);
    for (const HeldLock &Lock : A.Locks)
      if (PlaceId Here = Sub.apply(Lock.P))
        Each.Locks.push_back({Here, Lock.Shared});
    Current->push_back(std::move(Each));
  }
  for (PlaceId Acquired : S.E.Acquires)
    add(Fact::Acquire, Sub.apply(Acquired), Loc);
  for (PlaceId Released : S.E.Releases)
    add(Fact::Release, Sub.apply(Released), Loc);
  for (const Summary::Left &Left : S.Leaves) {
    SpawnInfo Thread = Left.Thread;
    Thread.Through = Loc;
    Sub.apply(Thread);
    // In a loop each call leaves one more.
    roundLocals(Call, Thread);
    Fact Each = make(Fact::Spawn, Sub.apply(Left.Owner), Loc);
    Each.S = SpawnId{static_cast<unsigned>(Out.Spawns.size())};
    Out.Spawns.push_back(std::move(Thread));
    Current->push_back(std::move(Each));
  }
  for (const Fact &Operation : S.Operations)
    if (Operation.K != Fact::Lock && Operation.K != Fact::LockShared &&
        Operation.K != Fact::Unlock)
      add(Operation.K, Sub.apply(Operation.P), Loc);
  applyNeeds(S, Callee, Object, Args, Call);
  calleeAccesses(S, Callee, Object, Args, Call);
  applyLockOperations(S, Callee, Object, Args, Call);
  if (S.E.NumUnknown) {
    Out.NumUnknown += S.E.NumUnknown;
    add(Fact::Unknown, {}, Loc);
  }
}
