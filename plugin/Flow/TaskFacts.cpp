// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of executors as facts: what is handed over is spawned, and any other call
// may wait for it.

#include "Flow/BodyGenerator.h"

#include "Boundaries/Boundary.h"
#include "Captures/Written.h"
#include "Flow/Accessors.h"
#include "Flow/Substitution.h"

#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// \p Callable is run, and may be a member, or have been taken out of one.
void BodyGenerator::runsTaken(const Expr *Callable, Location Loc) {
  PlaceId From = takenFrom(Callable, P, Builder, Function);
  if (const auto *Member = dyn_cast<MemberExpr>(passedOn(Callable));
      !From && Member && isa<FieldDecl>(Member->getMemberDecl()))
    if (const Ref R = Builder.place(Member);
        R.K == Ref::Known && P.places().get(R.P).Kind == Place::This)
      From = R.P;
  if (From) {
    Fact Each = make(Fact::Use, From, Loc);
    Each.IsCall = true;
    Current->push_back(std::move(Each));
  }
}

/// A thread that is started here runs what a member holds: what was put there
/// just before is known by its parameter.
void BodyGenerator::runsKept(std::vector<Access> &Body) {
  std::optional<std::vector<KeptParameter>> Kept;
  for (Access &A : Body) {
    if (!A.IsCall || P.places().get(A.P).Kind != Place::This)
      continue;
    if (!Kept)
      Kept = keptParameters(
          Function, Builder,
          [None = std::vector<KeptParameter>()](const CXXMethodDecl *)
              -> const std::vector<KeptParameter> & { return None; });
    for (const KeptParameter &Each : *Kept)
      if (Each.Into == A.P) {
        A.P = Builder.variable(Each.Parameter);
        break;
      }
  }
}

/// Whether a method that starts the threads was called before, in the order of
/// the text; what was not made here may have been started elsewhere.
bool BodyGenerator::isStarted(const Expr *Object, const Executor &By,
                              const Expr *Before) const {
  const auto *Variable = dyn_cast_or_null<VarDecl>(denoted(Object));
  if (!Variable || !Variable->isLocalVarDecl() ||
      Variable->getType()->isReferenceType())
    return true;
  class Finder : public RecursiveASTVisitor<Finder> {
  public:
    Finder(const VarDecl *Object, const CXXMethodDecl *Starter, const Expr *Before)
        : Object(Object), Starter(Starter), Before(Before) {}
    bool Found = false;
    bool IsPast = false;
    bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
      IsPast |= Call == Before;
      const CXXMethodDecl *Callee = Call->getMethodDecl();
      Found |= !IsPast && Callee &&
               Callee->getCanonicalDecl() == Starter->getCanonicalDecl() &&
               denoted(Call->getImplicitObjectArgument()) == Object;
      return !Found;
    }

  private:
    const VarDecl *Object;
    const CXXMethodDecl *Starter;
    const Expr *Before;
  };
  Finder Starts(Variable, By.Starter, Before);
  Starts.TraverseStmt(const_cast<Stmt *>(Function->getBody()));
  return Starts.Found;
}

/// pool p(1): there is one thread, where a number says how many.
bool BodyGenerator::isMadeWithOne(const Expr *Object) const {
  const ValueDecl *Named = denoted(Object);
  const Expr *Init = nullptr;
  if (const auto *Variable = dyn_cast_or_null<VarDecl>(Named))
    Init = Variable->getInit();
  else if (const auto *Field = dyn_cast_or_null<FieldDecl>(Named))
    Init = Field->getInClassInitializer();
  const auto *Made = Init ? dyn_cast<CXXConstructExpr>(strip(Init)) : nullptr;
  return Made && llvm::any_of(Made->arguments(), [&](const Expr *E) {
           Expr::EvalResult Value;
           return E->getType()->isIntegerType() && !E->isValueDependent() &&
                  E->EvaluateAsInt(Value, P.context()) &&
                  Value.Val.getInt() == 1;
         });
}

void BodyGenerator::tasks(const Expr *Call, const FunctionDecl *Callee,
                          const Expr *Object,
                          llvm::ArrayRef<const Expr *> Args) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (!Method || !Object || isa<CXXConstructorDecl>(Method))
    return;
  // What it does to itself, its summaries say.
  const CXXRecordDecl *Class = Method->getParent();
  for (const DeclContext *Scope = Function; Scope; Scope = Scope->getParent())
    if (Scope->Equals(Class))
      return;
  const Executor *By = P.executors().of(Class);
  if (!By)
    return;
  Substitution Sub = substitutionFor(Call, Callee, Object, Args);
  const PlaceId Owner =
      Sub.applyHandle(P.ofSelf(By->Workers, By->Starter, Builder.selfOf(Method)));
  const Location Loc = location(Call->getExprLoc());
  const std::vector<KeptParameter> &Kept = P.executors().keptBy(Method);
  // It may wait until all is done.
  if (Kept.empty())
    return add(Fact::JoinMaybe, Owner, Loc);
  // The callable, and what it is given.
  std::vector<Handed> Handing;
  for (const KeptParameter &Each : Kept) {
    const unsigned Index = Each.Parameter->getFunctionScopeIndex();
    if (Index >= Args.size() || (Handing.empty() && !isCallable(Args[Index]->getType())))
      continue;
    Handed H;
    H.Value = Args[Index];
    H.IsCallable = Handing.empty();
    Handing.push_back(H);
  }
  if (Handing.empty())
    return;
  SpawnInfo Thread;
  Thread.Loc = Loc;
  Thread.Name = Class->getNameAsString() + "::" + Method->getNameAsString();
  Thread.RunAt = By->RunAt;
  llvm::SmallVector<const Handed *, 2> Data;
  for (const Handed &H : llvm::drop_begin(Handing))
    Data.push_back(&H);
  bodyOf(Handing.front(), Data, Thread);
  impliedBorrows(Thread, Loc);
  roundLocals(Call, Thread.RoundLocal);
  // Nothing takes it up before the threads are there.
  if (!isa<CXXConstructorDecl>(By->Starter) && !isStarted(Object, *By, Call))
    return;
  // A future has the result when the callable is done. What else is returned
  // may be a way to wait for it.
  const QualType Result = Call->getType();
  bool IsKnown = static_cast<bool>(Owner);
  if (isFuture(Result)) {
    const PlaceId Future = destinationOf(Call);
    IsKnown = IsKnown && Future;
    for (Access &A : Thread.Body.Accesses)
      if (Future)
        A.Released.push_back(Future);
  } else if (!Result->isVoidType() && !Result->isScalarType()) {
    IsKnown = false;
  }
  if (By->IsSerial || isMadeWithOne(Object))
    for (Access &A : Thread.Body.Accesses)
      A.Locks.push_back({Sub.applyHandle(Builder.selfOf(Method))});
  Fact Each = make(Fact::Spawn, IsKnown ? Owner : PlaceId(), Loc, IsKnown);
  Each.S = SpawnId{static_cast<unsigned>(Out.Spawns.size())};
  Out.Spawns.push_back(std::move(Thread));
  Current->push_back(std::move(Each));
}
