// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/GuardFaults.h"

#include "Captures/Crossing.h"
#include "Flow/LockSets.h"
#include "Flow/ProtectedData.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

namespace {

Location location(SourceLocation Loc) { return Loc.getRawEncoding(); }

class FaultFinder : public RecursiveASTVisitor<FaultFinder> {
  using Base = RecursiveASTVisitor<FaultFinder>;

public:
  FaultFinder(const FunctionDecl *Function, const Unit &U, Program &P, bool Strict,
              std::vector<GuardFault> &Out)
      : Function(Function), P(P), Out(Out),
        Data(Function, U, P, Strict), SM(P.context().getSourceManager()) {}

  void run() {
    TraverseStmt(Function->getBody());
    uses();
  }

  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    for (Expr *Init : Lambda->capture_inits())
      if (Init && !TraverseStmt(Init))
        return false;
    return true;
  }

  bool VisitExpr(Expr *E) {
    discarded(E);
    return true;
  }
  bool VisitVarDecl(VarDecl *Variable);
  bool VisitCXXForRangeStmt(CXXForRangeStmt *For);
  bool VisitReturnStmt(ReturnStmt *Return);
  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->getOpcode() == BO_Assign)
      assigned(Op->getLHS(), Op->getRHS(), Op->getExprLoc());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2)
      assigned(Call->getArg(0), Call->getArg(1), Call->getExprLoc());
    return true;
  }
  bool VisitCallExpr(CallExpr *Call);
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    if (const auto *Variable = dyn_cast<VarDecl>(E->getDecl()))
      Named[Variable].push_back(E);
    return true;
  }

private:
  GuardFault &add(GuardFault::Kind K, SourceLocation Loc) {
    GuardFault F;
    F.K = K;
    F.Loc = location(Loc);
    F.Function = Function;
    Out.push_back(std::move(F));
    return Out.back();
  }
  void describe(GuardFault &F, const Protected &What);
  void discarded(const Expr *E);
  void assigned(const Expr *To, const Expr *From, SourceLocation Loc);
  void givenTo(const Expr *Argument, const FunctionDecl *Callee,
               unsigned Parameter, const CallExpr *Call, const Protected &What);
  void lambdaUnderLock(const CXXMemberCallExpr *Call, const Expr *Argument);
  void uses();

  const FunctionDecl *Function;
  Program &P;
  std::vector<GuardFault> &Out;
  ProtectedData Data;
  const SourceManager &SM;

  /// A variable that was made to refer to protected data.
  struct Kept {
    const VarDecl *Variable;
    Protected What;
    SourceLocation Loc;
  };
  std::vector<Kept> Keeps;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const DeclRefExpr *, 4>>
      Named;
};

} // namespace

/// What a lock that owns its data protects.
static std::string dataOf(llvm::StringRef Lock) {
  return Lock.empty() ? "guarded data" : ("the data of '" + Lock + "'").str();
}

void FaultFinder::describe(GuardFault &F, const Protected &What) {
  F.Data = What.Guard ? What.Name : "'" + What.Name + "'";
  F.Lock = What.LockName;
  F.IsDeclared = What.IsDeclared;
  F.Subject = What.Subject;
  if (What.Mark.isValid())
    F.Links.push_back({location(What.Mark),
                       "'" + What.Subject->getNameAsString() +
                           "' is guarded by '" + What.LockName + "'"});
  else if (What.Since.isValid())
    F.Links.push_back(
        {location(What.Since),
         What.LockName.empty() ? "it is reached through this guard"
                               : "'" + What.LockName + "' is locked here"});
}

/// A guard nobody names: it unlocks before the next statement.
void FaultFinder::discarded(const Expr *E) {
  if (!E->isPRValue() || !Data.isGuard(E->getType()) || E != strip(E) ||
      !Data.isDiscarded(E))
    return;
  std::string Lock, Class = qualifiedName(E->getType()->getAsCXXRecordDecl())
                                .str()
                                .str();
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getConstructor()->isCopyOrMoveConstructor())
      return;
    for (const Expr *Argument : Construct->arguments()) {
      const CXXRecordDecl *Tag =
          Argument->getType().getNonReferenceType()->getAsCXXRecordDecl();
      if (Tag && Tag->getIdentifier() &&
          (Tag->getName() == "defer_lock_t" || Tag->getName() == "adopt_lock_t"))
        return;
      if (Lock.empty() && isLock(Argument->getType(), P.solver().models()))
        Lock = spelling(Argument, P.context());
    }
    if (Lock.empty())
      return;
  } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = Call->getImplicitObjectArgument();
    if (!Object || Data.isGuard(Object->getType()))
      return; // what a guard gives back of itself
    if (isLock(Object->getType(), P.solver().models()))
      Lock = spelling(Object, P.context());
    Class = "auto";
  } else if (isa<CallExpr>(E)) {
    Class = "auto";
  } else {
    return;
  }
  GuardFault &F = add(GuardFault::Discarded, E->getExprLoc());
  F.Lock = Lock;
  F.Guard = Class;
}

bool FaultFinder::VisitVarDecl(VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  if (Data.isGuard(Variable->getType()) && isa<ParenType>(Variable->getType()))
    if (const ValueDecl *Hidden = Data.hiddenLock(Variable)) {
      GuardFault &F = add(GuardFault::Declares, Variable->getLocation());
      F.Lock = Variable->getNameAsString();
      F.Subject = Variable;
      F.Guard = qualifiedName(Variable->getType()->getAsCXXRecordDecl())
                    .str()
                    .str();
      F.Links.push_back({location(Hidden->getLocation()), "the mutex '" + F.Lock + "' is this one"});
    }
  if (!Init || Variable->isStaticLocal() || Variable->isCXXForRangeDecl() ||
      !Data.isBorrow(Variable->getType()))
    return true;
  if (const Expr *Guard = Data.temporaryGuard(Init)) {
    GuardFault &F = add(GuardFault::Temporary, Variable->getLocation());
    F.Value = isa<DecompositionDecl>(Variable) ? "the binding"
                                               : "'" + Variable->getNameAsString() + "'";
    F.Subject = Variable;
    F.Lock = Data.lockOf(Guard);
    F.Links.push_back({location(Guard->getExprLoc()),
                       "this guard lives until the end of the statement"});
    return true;
  }
  if (std::optional<Protected> What =
          Data.referent(Init, Variable->getType(), Init->getExprLoc()))
    Keeps.push_back({Variable, *What, Variable->getLocation()});
  return true;
}

bool FaultFinder::VisitCXXForRangeStmt(CXXForRangeStmt *For) {
  if (const Expr *Guard = Data.temporaryGuard(For->getRangeInit())) {
    GuardFault &F = add(GuardFault::Range, For->getColonLoc());
    F.Value = spelling(For->getRangeInit(), P.context());
    F.Lock = Data.lockOf(Guard);
    F.Links.push_back({location(Guard->getExprLoc()),
                       "this guard is gone before the first round"});
  }
  return true;
}

bool FaultFinder::VisitReturnStmt(ReturnStmt *Return) {
  const Expr *Value = Return->getRetValue();
  const QualType Type = Function->getReturnType();
  if (!Value || !Data.isBorrow(Type) || Data.isLambda())
    return true;
  if (const Expr *Guard = Data.temporaryGuard(Value)) {
    GuardFault &F = add(GuardFault::Returned, Return->getReturnLoc());
    F.Value = Data.kindOf(Type);
    F.Lock = Data.lockOf(Guard);
    F.Data = dataOf(F.Lock);
    F.Links.push_back({location(Guard->getExprLoc()),
                       "this guard is gone when the function returns"});
    return true;
  }
  std::optional<Protected> What =
      Data.referent(Value, Type, Return->getReturnLoc());
  if (!What || !Data.leavesByReturn(*What, Type))
    return true;
  GuardFault &F = add(GuardFault::Returned, Return->getReturnLoc());
  F.Value = Data.kindOf(Type);
  describe(F, *What);
  return true;
}

/// p = &data; under a lock.
void FaultFinder::assigned(const Expr *To, const Expr *From,
                           SourceLocation Loc) {
  if (!Data.isBorrow(To->getType()) || To->getType()->isReferenceType())
    return;
  const auto *Name = dyn_cast<DeclRefExpr>(strip(To));
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  const bool IsLocal = Variable && !Variable->hasGlobalStorage() &&
                       !Variable->getType()->isReferenceType();
  if (const Expr *Guard = Data.temporaryGuard(From)) {
    GuardFault &F = add(GuardFault::Temporary, Loc);
    F.Value = "'" + spelling(To, P.context()) + "'";
    F.Subject = Variable;
    F.Lock = Data.lockOf(Guard);
    F.Links.push_back({location(Guard->getExprLoc()),
                       "this guard lives until the end of the statement"});
    return;
  }
  std::optional<Protected> What = Data.referent(From, To->getType(), Loc);
  if (!What)
    return;
  if (IsLocal) {
    Keeps.push_back({Variable, *What, Loc});
    return;
  }
  // A member or global that the same lock guards may refer to its own kind; and
  // what nobody declared to be guarded may, too.
  if (!What->IsDeclared || Data.isGuardedAlike(To, *What))
    return;
  GuardFault &F = add(GuardFault::Stored, Loc);
  F.Value = spelling(To, P.context());
  describe(F, *What);
}

bool FaultFinder::VisitCallExpr(CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return true;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    for (const Expr *Argument : Call->arguments())
      lambdaUnderLock(Member, Argument);
  const unsigned Skip =
      isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(Callee) ? 1 : 0;
  const FunctionDecl *Body = nullptr;
  if (!Callee->hasBody(Body) || Body->isDependentContext() ||
      P.isLibrary(Body))
    return true;
  for (unsigned I = Skip; I < Call->getNumArgs(); ++I) {
    const unsigned Parameter = I - Skip;
    if (Parameter >= Body->getNumParams())
      break;
    const QualType Type = Body->getParamDecl(Parameter)->getType();
    if (!Data.isBorrow(Type))
      continue;
    if (std::optional<Protected> What =
            Data.referent(Call->getArg(I), Type, Call->getExprLoc()))
      givenTo(Call->getArg(I), Body, Parameter, Call, *What);
  }
  return true;
}

/// A callee gets protected data: it must not keep the address.
void FaultFinder::givenTo(const Expr *Argument, const FunctionDecl *Callee,
                          unsigned Parameter, const CallExpr *Call,
                          const Protected &What) {
  const SourceLocation Leak = keepsParameter(Callee, Parameter, P);
  if (Leak.isInvalid())
    return;
  GuardFault &F = add(GuardFault::Kept, Argument->getExprLoc());
  F.Value = Callee->getIdentifier() ? "'" + Callee->getNameAsString() + "'"
                                    : "the callback";
  F.Links.push_back({location(Leak), "it is kept here"});
  describe(F, What);
}

/// m.with([](T &data) {...}): the parameter is what the lock protects.
void FaultFinder::lambdaUnderLock(const CXXMemberCallExpr *Call,
                                  const Expr *Argument) {
  const Expr *Object = Call->getImplicitObjectArgument();
  if (!Object || !isLock(Object->getType(), P.solver().models()))
    return;
  const FunctionDecl *Body = callbackBody(Argument);
  if (!Body || Body->getNumParams() == 0 || !Body->hasBody() ||
      !Body->getParamDecl(0)->getType()->isReferenceType())
    return;
  const std::string Lock = spelling(Object, P.context());
  const SourceLocation Leak = keepsParameter(Body, 0, P);
  if (Leak.isValid()) {
    GuardFault &F = add(GuardFault::Kept, Leak);
    F.Value = "the callback";
    F.Lock = Lock;
    F.Data = dataOf(Lock);
    F.Links.push_back({location(Call->getExprLoc()),
                       "it runs under '" + Lock + "' here"});
  }
  const SourceLocation Return = returnsParameter(Body, 0, P);
  if (Return.isValid()) {
    GuardFault &F = add(GuardFault::Returned, Return);
    F.Value = Data.kindOf(Body->getReturnType());
    F.Lock = Lock;
    F.Data = dataOf(Lock);
    F.Links.push_back({location(Call->getExprLoc()),
                       "the callback runs under '" + Lock + "' here"});
  }
}

/// Uses of what was kept, outside every stretch that holds the lock.
void FaultFinder::uses() {
  for (const Kept &Each : Keeps) {
    // Found by fearless-unguarded, which knows the paths.
    if (Each.What.Mark.isValid() && Each.Variable->getType()->isReferenceType())
      continue;
    for (const DeclRefExpr *Use : Named[Each.Variable]) {
      const SourceLocation At = Use->getExprLoc();
      if (!SM.isBeforeInTranslationUnit(Each.Loc, At) ||
          Data.isHeld(Each.What, At) || !Data.isFollowed(Use) ||
          Data.isOverwritten(Each.Variable, Named[Each.Variable], Each.Loc, At))
        continue;
      GuardFault &F = add(GuardFault::Used, At);
      F.Value = "'" + Each.Variable->getNameAsString() + "'";
      describe(F, Each.What);
      F.Links.push_back({location(Each.Loc), "'" + Each.Variable->getNameAsString() +
                                                 "' is made to refer to it here"});
      break;
    }
  }
}

//===----------------------------------------------------------------------===//
// By flow
//===----------------------------------------------------------------------===//

/// Locks that are held where the coroutine is suspended; data that is reached
/// through a guard that has let go.
static void flowFaults(const FunctionDecl *Function, Program &P,
                       std::vector<GuardFault> &Out) {
  const FunctionFacts *F = P.facts(Function);
  if (!F)
    return;
  LockSets Analysis(P.places());
  const auto In = solveForward(*F, Analysis);
  std::set<std::pair<PlaceId, Location>> Seen;
  for (size_t I = 0; I != F->Blocks.size(); ++I) {
    if (!In[I])
      continue;
    LockSets::State S = *In[I];
    for (const Fact &Each : F->Blocks[I].Facts) {
      if (Each.K == Fact::Suspend)
        for (const auto &[Key, How] : S.Held)
          if (Seen.insert({Key.first, Each.Loc}).second) {
            GuardFault Fault;
            Fault.K = GuardFault::Suspended;
            Fault.Loc = Each.Loc;
            // A guard that was passed in holds some lock of the caller.
            const Place &Lock = P.places().get(Key.first);
            const auto *Root =
                Lock.Kind == Place::Local
                    ? static_cast<const VarDecl *>(Lock.Root)
                    : nullptr;
            if (!Root || !isGuardClass(Root->getType(), P.solver().models()))
              Fault.Lock = P.places().name(Key.first);
            Fault.Function = Function;
            if (How.Since)
              Fault.Links.push_back({How.Since, Fault.Lock.empty() ? "it is held since here" : "'" + Fault.Lock + "' is locked here"});
            Out.push_back(std::move(Fault));
          }
      Analysis.transfer(S, Each);
    }
  }
}

/// std::thread(&queue::pop_locked, &q): nobody holds the lock there.
static void handedOver(const Unit &U, std::vector<GuardFault> &Out) {
  for (const Boundary &B : U.Boundaries)
    for (const Handed &H : B.Items) {
      const FunctionDecl *Run = H.IsCallable ? calleeOf(H.Value) : nullptr;
      if (!Run)
        continue;
      for (const Mark &M : lockMarksOf(Run)) {
        if (M.Kind == MarkKind::Excludes || M.Text.substr(0, 1) == "!")
          continue;
        GuardFault F;
        F.K = GuardFault::HandedOver;
        F.Loc = location(H.Value->getExprLoc());
        F.Value = Run->getIdentifier() ? "'" + Run->getNameAsString() + "'"
                                       : "this lambda";
        F.Data = "'" + B.Name + "'";
        F.Lock = M.Text;
        for (const std::optional<LockPath> &Path : lockPathsOf(M, Run))
          if (Path)
            F.Lock = Path->Text;
        F.Links.push_back({location(M.Attribute->getLocation()),
                           "the mark that requires it"});
        F.Subject = Run;
        F.Function = B.Caller;
        Out.push_back(std::move(F));
        break;
      }
    }
}

std::vector<GuardFault> fearless::flow::guardFaults(const Unit &U, Program &P,
                                                    bool Strict) {
  std::vector<GuardFault> Out;
  std::set<const FunctionDecl *> Lockers(U.Lockers.begin(), U.Lockers.end());
  std::set<const FunctionDecl *> Wanted = Lockers;
  Wanted.insert(U.LockUsers.begin(), U.LockUsers.end());
  for (const FunctionDecl *Function : U.Functions) {
    if (Wanted.count(Function) && !P.isLibrary(Function))
      FaultFinder(Function, U, P, Strict, Out).run();
    if (Lockers.count(Function) && isa<CoroutineBodyStmt>(Function->getBody()))
      flowFaults(Function, P, Out);
  }
  handedOver(U, Out);
  return Out;
}
