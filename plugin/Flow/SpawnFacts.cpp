// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Boundaries as Spawn facts: what the body does, what it borrows, who owns the
// thread.

#include "Flow/BodyGenerator.h"

#include "Boundaries/BoundaryFinder.h"
#include "Captures/Crossing.h"
#include "Flow/Substitution.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

namespace {
/// The variables that are declared below a statement.
class VariableFinder : public RecursiveASTVisitor<VariableFinder> {
public:
  llvm::SmallVector<const VarDecl *, 8> Variables;
  bool VisitVarDecl(VarDecl *V) {
    Variables.push_back(V);
    return true;
  }
};
} // namespace

void BodyGenerator::roundLocals(const Expr *Call,
                                llvm::SmallVectorImpl<PlaceId> &Into) {
  const Stmt *Loop = loopAround(Call);
  if (!Loop)
    return;
  VariableFinder Finder;
  // What the head of a for declares lives through all rounds.
  if (const auto *For = dyn_cast<ForStmt>(Loop))
    Finder.TraverseStmt(const_cast<Stmt *>(For->getBody()));
  else
    Finder.TraverseStmt(const_cast<Stmt *>(Loop));
  for (const VarDecl *V : Finder.Variables)
    if (!V->hasGlobalStorage())
      Into.push_back(Builder.variable(V));
}

/// Looks through std::bind to the function and the arguments it binds.
static const CallExpr *asBind(const Expr *E, const ModelTable &Models) {
  const auto *Call = dyn_cast<CallExpr>(strip(E));
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(strip(E));
      Construct && Construct->getNumArgs() == 1)
    Call = dyn_cast<CallExpr>(strip(Construct->getArg(0)));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const OperationModel *Model = Callee ? Models.operation(Callee) : nullptr;
  return Model && Model->Does == OperationKind::Bind ? Call : nullptr;
}

const Expr *BodyGenerator::unwrap(const Expr *E) const {
  while (true) {
    E = strip(E);
    if (const auto *Call = dyn_cast<CallExpr>(E);
        Call && Call->getNumArgs() == 1 && Call->getDirectCallee())
      if (const OperationModel *Model =
              P.solver().models().operation(Call->getDirectCallee());
          Model && Model->Does == OperationKind::Adapt) {
        E = Call->getArg(0);
        continue;
      }
    const auto *Construct = dyn_cast<CXXConstructExpr>(E);
    if (!Construct || Construct->getNumArgs() == 0)
      return E;
    const TypeModel *Model = Builder.modelOf(Construct->getType());
    const auto *Class = Construct->getType()->getAsCXXRecordDecl();
    const bool IsCopy = Construct->getConstructor()->isCopyOrMoveConstructor();
    if (!(Model && Model->Kind == TypeKind::Erased) &&
        !(Class && Class->isLambda() && IsCopy))
      return E;
    E = Construct->getArg(0);
  }
}

/// Looks through std::ref, and through variables of type-erasing wrappers to
/// what they were made from.
const Expr *BodyGenerator::referredCallable(const Expr *Run, bool &Shared,
                                            PlaceId &Task) {
  for (unsigned Step = 0; Step != 8; ++Step) {
    const Expr *E = unwrap(Run);
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee || Call->getNumArgs() != 1 || isa<CXXMethodDecl>(Callee))
        return E;
      const bool IsReference =
          Callee->isInStdNamespace() && Callee->getIdentifier() &&
          (Callee->getName() == "ref" || Callee->getName() == "cref");
      if (!IsReference && !Call->isGLValue())
        return E;
      Shared |= IsReference;
      Run = Call->getArg(0);
      continue;
    }
    const TypeModel *Model = Builder.modelOf(E->getType());
    const auto *Name = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
    const bool IsWrapper =
        (Model && Model->Kind == TypeKind::Erased) ||
        E->getType()->isFunctionPointerType() ||
        (Variable && Variable->getInit() &&
         asBind(Variable->getInit(), P.solver().models()));
    if (!Variable || !Variable->getInit() || isa<ParmVarDecl>(Variable) ||
        Builder.isReassigned(Variable) || !IsWrapper)
      return E;
    if (Model && Model->Kind == TypeKind::Erased)
      Task = Builder.variable(Variable);
    Run = Variable->getInit();
  }
  return Run;
}

/// Arguments are copied as what they are, and converted to what the function
/// takes by the thread: std::string from a char * reads the characters there.
void BodyGenerator::convertedInside(const FunctionDecl *Body,
                                    llvm::ArrayRef<const Expr *> Arguments,
                                    SpawnInfo &Into) {
  for (size_t I = 0; I != Arguments.size() && I < Body->getNumParams(); ++I) {
    const QualType Given = Arguments[I]->getType().getNonReferenceType();
    const QualType Taken =
        Body->getParamDecl(I)->getType().getNonReferenceType();
    const TypeModel *Model = Builder.modelOf(Taken);
    if (!(Given->isPointerType() || Given->isArrayType()) ||
        !Taken->isRecordType() || !Model ||
        (Model->Kind != TypeKind::Value && Model->Kind != TypeKind::Container))
      continue;
    const Ref R = Builder.pointee(Arguments[I]);
    if (R.K != Ref::Known || !R.P)
      continue;
    Access A;
    A.P = R.P;
    A.Loc = location(Arguments[I]->getExprLoc());
    Into.Body.Accesses.push_back(std::move(A));
  }
}

/// \p Run is not seen: it may be a callable of the caller's; and what it is given
/// by reference it may use, as its declaration says.
void BodyGenerator::unknownBody(const Expr *Run,
                                llvm::ArrayRef<const Expr *> Arguments,
                                Location Loc, SpawnInfo &Into) {
  ++Into.Body.NumUnknown;
  if (const VarDecl *Given = givenCallable(Run)) {
    Access Call;
    Call.P = Builder.variable(Given);
    Call.IsUse = Call.IsCall = true;
    Call.Loc = Loc;
    Into.Body.Accesses.push_back(std::move(Call));
  }
  for (const Expr *Argument : Arguments)
    if (Ref R = Builder.pointee(Argument);
        (Builder.refers(Argument->getType()) ||
         Argument->getType()->isArrayType()) &&
        R.K == Ref::Known) {
      Access A;
      A.P = R.P;
      A.IsWrite = true;
      A.Certain = false;
      A.Loc = location(Argument->getExprLoc());
      Into.Body.Accesses.push_back(A);
    }
}

void BodyGenerator::bodyOf(const Handed &Callable,
                           llvm::ArrayRef<const Handed *> Data,
                           SpawnInfo &Into) {
  // std::ref(f), a std::function or task that was filled before.
  bool Shared = false;
  PlaceId Task;
  const Expr *Run = referredCallable(Callable.Value, Shared, Task);
  llvm::SmallVector<const Expr *, 4> Arguments;
  if (const CallExpr *Bind = asBind(Run, P.solver().models())) {
    Shared = false;
    Run = referredCallable(Bind->getArg(0), Shared, Task);
    Arguments.append(Bind->arg_begin() + 1, Bind->arg_end());
  }
  for (const Handed *H : Data)
    Arguments.push_back(H->Value);

  const Location Loc = location(Callable.Value->getExprLoc());
  const FunctionDecl *Body = calleeOf(Run);
  if (Body)
    Out.GivenAway.insert(Body->getCanonicalDecl());
  const Summary *S = Body ? &P.summary(Body) : nullptr;
  const FunctionDecl *Definition = nullptr;
  if (Body)
    Body->hasBody(Definition);
  if (!Body)
    return unknownBody(Run, Arguments, Loc, Into);
  if (!Definition)
    Definition = Body;
  const Expr *Object = nullptr;
  llvm::ArrayRef<const Expr *> Passed(Arguments);
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Definition);
      Method && !Method->isStatic() && !Method->getParent()->isLambda()) {
    const bool ThroughPointer =
        Run->getType()->isMemberFunctionPointerType() ||
        Run->getType()->isSpecificBuiltinType(BuiltinType::BoundMember) ||
        !Run->getType()->isRecordType();
    if (ThroughPointer && !Passed.empty()) {
      Object = Passed.front();
      Passed = Passed.drop_front();
    } else {
      Object = Run; // a function object: the thread has a copy
    }
  }
  // std::jthread puts its stop_token in front.
  llvm::SmallVector<const Expr *, 4> Shifted;
  if (Definition->getNumParams() == Passed.size() + 1 &&
      Definition->getParamDecl(0)->getType().getNonReferenceType()->isRecordType()) {
    Shifted.push_back(Callable.Value);
    Shifted.append(Passed.begin(), Passed.end());
    Passed = Shifted;
  }
  Substitution Sub(*this, Definition, Object == Run ? nullptr : Object, Passed,
                   /*ArgumentsAreCopied=*/true);
  if (Object == Run) {
    const Ref R = Builder.place(Run);
    if (R.P && Shared)
      Sub.setObject(R.P); // std::ref(f): the object itself
    else if (R.P)
      Sub.setCopyOf(R.P);
  }
  // thread(&C::run, object): the thread has a copy of it, too.
  if (Object && Object != Run && Object->getType()->isRecordType() &&
      !Builder.refers(Object->getType()) &&
      llvm::none_of(Data, [&](const Handed *H) {
        return H->Value == Object && H->ByReference;
      }))
    if (const Ref R = Builder.place(Object); R.P)
      Sub.setCopyOf(R.P);
  if (surelyRuns(nullptr, Definition, nullptr) && P.isOpen(Definition)) {
    Into.Calls.push_back(static_cast<unsigned>(Out.Calls.size()));
    Out.Calls.push_back(Sub.site());
    Out.Calls.back().Task = Task;
  }
  if (!S->HasBody)
    return unknownBody(Run, Arguments, Loc, Into);
  Effects E = S->E;
  // What it leaves running goes on as it does, and may be what says that all of
  // it is done.
  llvm::SmallVector<PlaceId, 4> Last;
  for (const Summary::Left &Left : S->Leaves) {
    Last.append(Left.Thread.Body.Releases);
    for (const Access &A : Left.Thread.Body.Accesses)
      Last.append(A.Released);
  }
  for (Access &A : E.Accesses)
    A.Released.append(Last);
  for (const Summary::Left &Left : S->Leaves)
    E.Accesses.insert(E.Accesses.end(), Left.Thread.Body.Accesses.begin(),
                      Left.Thread.Body.Accesses.end());
  Sub.apply(E);
  runsKept(E.Accesses);
  // The future of a task has its result when all of it is done.
  if (Task)
    for (Access &A : E.Accesses)
      A.Released.push_back(Task);
  Into.Body.Accesses.insert(Into.Body.Accesses.end(), E.Accesses.begin(),
                            E.Accesses.end());
  Into.Body.Acquires.append(E.Acquires.begin(), E.Acquires.end());
  Into.Body.Releases.append(E.Releases.begin(), E.Releases.end());
  convertedInside(Definition, Passed, Into);
  Into.Body.NumUnknown += E.NumUnknown + Sub.numLost();
  Into.Takes = Sub.apply(S->Takes);
}

/// What the thread refers to and does not own.
void BodyGenerator::borrowsOf(const Boundary &B, SpawnInfo &Into) {
  for (const Crossing &C : crossingsOf(B, P.solver())) {
    Ref R;
    if (C.Kind == CrossingKind::CaptureByReference ||
        C.Kind == CrossingKind::ArgumentByReference ||
        C.Kind == CrossingKind::FrameReference) {
      const auto *Variable = dyn_cast_or_null<VarDecl>(C.Variable);
      if (!Variable)
        continue;
      if (Variable->getType()->isReferenceType() && Variable->getInit())
        R = Builder.place(Variable->getInit());
      else if (!Variable->getType()->isReferenceType())
        R = Ref::known(Builder.variable(Variable));
    } else if (C.Kind == CrossingKind::CaptureByCopy) {
      const auto *Variable = dyn_cast_or_null<VarDecl>(C.Variable);
      if (Variable && Builder.refers(Variable->getType()))
        R = Builder.pointee(Variable);
    } else if (C.Kind == CrossingKind::Argument && !C.IsTask && C.Item &&
               Builder.refers(C.Item->Value->getType())) {
      R = Builder.pointee(C.Item->Value);
    }
    if (R.K != Ref::Known || !R.P)
      continue;
    if (isShared(R.P))
      Into.Shares.push_back({R.P, C.Name, location(C.Loc), crossingKey(C)});
    if (!isBorrowable(R.P))
      continue;
    Into.Borrows.push_back({R.P, C.Name, location(C.Loc), crossingKey(C)});
    // Who resumes the coroutine, and when, is not followed: that it must live.
    if (C.UsedAt.isValid()) {
      Access Use;
      Use.P = R.P;
      Use.IsUse = true;
      Use.Loc = location(C.UsedAt);
      Into.Body.Accesses.push_back(std::move(Use));
    }
  }
  impliedBorrows(Into, location(B.Call->getExprLoc()));
}

/// Whether the place is what a local variable of type std::\p Owner owns.
static bool isOwnedBy(const PlaceTable &Places, PlaceId Where,
                      llvm::StringRef Owner) {
  const Place &Of = Places.get(Where);
  if (Of.Kind != Place::Local || Of.Path.empty() ||
      Of.Path.front().K != Projection::Deref || Places.hasDeref(Where, 1))
    return false;
  const auto *Class = static_cast<const VarDecl *>(Of.Root)
                          ->getType()->getAsCXXRecordDecl();
  return Class && Class->getIdentifier() && Class->isInStdNamespace() &&
         Class->getName() == Owner;
}

/// Storage of this function, or what a local unique_ptr owns.
bool BodyGenerator::isBorrowable(PlaceId Where) const {
  const Place &Of = P.places().get(Where);
  if (Of.Kind != Place::Local && Of.Kind != Place::Temporary)
    return false;
  return !P.places().hasDeref(Where) ||
         isOwnedBy(P.places(), Where, "unique_ptr");
}

/// What a local shared_ptr shares.
bool BodyGenerator::isShared(PlaceId Where) const {
  return isOwnedBy(P.places(), Where, "shared_ptr");
}

/// What the thread uses without being given it directly: through another
/// closure, or an object that holds a reference.
void BodyGenerator::impliedBorrows(SpawnInfo &Into, Location Loc) {
  for (const Access &A : Into.Body.Accesses) {
    // A callable was copied or captured, which says so itself.
    if (A.IsCall || !isBorrowable(A.P))
      continue;
    PlaceId Whole = P.places().rootOf(A.P);
    if (P.places().hasDeref(A.P))
      Whole = Builder.deref(Whole);
    if (llvm::none_of(Into.Borrows, [&](const SpawnInfo::Borrow &Known) {
          return P.places().rootOf(Known.P) == P.places().rootOf(Whole);
        }))
      Into.Borrows.push_back({Whole, P.places().name(Whole), Loc});
  }
}

SpawnInfo BodyGenerator::threadOf(const Boundary &B) {
  SpawnInfo Thread;
  Thread.Loc = location(B.Call->getExprLoc());
  Thread.Name = B.Name;
  Thread.Boundary = &B;
  Thread.IsMany = B.Kind == BoundaryKind::Many;
  Thread.EndsInCall =
      B.Kind == BoundaryKind::Many || B.Kind == BoundaryKind::Scoped;
  // Through a scope's handle: until the scope ends. What owns its threads joins
  // them where it is destroyed.
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(B.Call);
      Call && !B.Handle)
    for (const Expr *E :
         {static_cast<const Expr *>(Call->getImplicitObjectArgument()),
          Call->getNumArgs() ? static_cast<const Expr *>(Call->getArg(0))
                             : nullptr})
      if (const TypeModel *Model = E ? Builder.modelOf(strip(E)->getType())
                                     : nullptr;
          Model && Model->Kind == TypeKind::Scope) {
        Thread.EndsWithScope = true;
        Thread.EndsInCall = false;
      }
  llvm::SmallVector<const Handed *, 2> Callables, Data;
  for (const Handed &H : B.Items)
    (H.IsCallable ? Callables : Data).push_back(&H);
  for (const Handed *Callable : Callables)
    bodyOf(*Callable, Data, Thread);
  borrowsOf(B, Thread);
  roundLocals(B.Call, Thread.RoundLocal);
  return Thread;
}

void BodyGenerator::spawn(const Boundary &B) {
  if (B.IsDeferred)
    return; // runs where its result is asked for, usually here
  SpawnInfo Thread = threadOf(B);
  Handle H = handleOf(B);
  if (Thread.EndsWithScope)
    H = {PlaceId(), true}; // its handle's destructor does not wait
  Fact Each = make(Fact::Spawn, H.Owner, location(B.Call->getExprLoc()),
                   /*Certain=*/H.IsKnown);
  Each.S = SpawnId{static_cast<unsigned>(Out.Spawns.size())};
  Out.Spawns.push_back(std::move(Thread));
  Current->push_back(std::move(Each));
  // threads.emplace_back(f): f runs already when the container grows.
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(B.Call)) {
    const Expr *Object = Member->getImplicitObjectArgument();
    const TypeModel *Model = Builder.modelOf(
        Object->getType()->isPointerType() ? Object->getType()->getPointeeType()
                                           : Object->getType());
    if (Model && Model->Kind == TypeKind::Container && Member->getMethodDecl())
      methodByDeclaration(B.Call, Member->getMethodDecl(), Object);
  }
}
