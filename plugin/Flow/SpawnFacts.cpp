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

void BodyGenerator::roundLocals(const Expr *Call, SpawnInfo &Into) {
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
      Into.RoundLocal.push_back(Builder.variable(V));
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

void BodyGenerator::bodyOf(const Handed &Callable,
                           llvm::ArrayRef<const Handed *> Data,
                           SpawnInfo &Into) {
  const Expr *Run = unwrap(Callable.Value);
  llvm::SmallVector<const Expr *, 4> Arguments;
  if (const CallExpr *Bind = asBind(Run, P.solver().models())) {
    Run = unwrap(Bind->getArg(0));
    Arguments.append(Bind->arg_begin() + 1, Bind->arg_end());
  }
  for (const Handed *H : Data)
    Arguments.push_back(H->Value);

  const FunctionDecl *Body = calleeOf(Run);
  if (Body)
    Out.GivenAway.insert(Body->getCanonicalDecl());
  const Summary *S = Body ? &P.summary(Body) : nullptr;
  const FunctionDecl *Definition = nullptr;
  if (Body)
    Body->hasBody(Definition);
  if (!S || !S->HasBody) {
    ++Into.Body.NumUnknown;
    // What it is given by reference it may use, as its declaration says.
    for (const Expr *Argument : Arguments)
      if (Ref R = Builder.pointee(Argument);
          Builder.refers(Argument->getType()) && R.K == Ref::Known) {
        Access A;
        A.P = R.P;
        A.IsWrite = true;
        A.Certain = false;
        A.Loc = location(Argument->getExprLoc());
        Into.Body.Accesses.push_back(A);
      }
    return;
  }
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
  if (Object == Run)
    if (Ref R = Builder.place(Run); R.P && Builder.places().get(R.P).Path.empty())
      Sub.setObject({}); // its own copy; see numLost()
  Effects E = S->E;
  Sub.apply(E);
  Into.Body.Accesses.insert(Into.Body.Accesses.end(), E.Accesses.begin(),
                            E.Accesses.end());
  Into.Body.Acquires.append(E.Acquires.begin(), E.Acquires.end());
  Into.Body.Releases.append(E.Releases.begin(), E.Releases.end());
  Into.Body.NumUnknown += E.NumUnknown + Sub.numLost();
}

/// What the thread refers to and does not own.
void BodyGenerator::borrowsOf(const Boundary &B, SpawnInfo &Into) {
  for (const Crossing &C : crossingsOf(B, P.solver())) {
    Ref R;
    if (C.Kind == CrossingKind::CaptureByReference ||
        C.Kind == CrossingKind::ArgumentByReference) {
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
    } else if (C.Kind == CrossingKind::Argument && C.Item &&
               Builder.refers(C.Item->Value->getType())) {
      R = Builder.pointee(C.Item->Value);
    }
    if (R.K == Ref::Known && R.P &&
        P.places().get(R.P).Kind == Place::Local && !P.places().hasDeref(R.P))
      Into.Borrows.push_back({R.P, C.Name, location(C.Loc)});
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
  // Through a scope's handle: until the scope ends.
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(B.Call))
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
  roundLocals(B.Call, Thread);
  return Thread;
}

void BodyGenerator::spawn(const Boundary &B) {
  // Nothing runs: the value is given away, which the type rules judge.
  if (llvm::none_of(B.Items, [](const Handed &H) { return H.IsCallable; }))
    return byDeclaration(B.Call, B.Callee, nullptr, {});
  if (B.IsDeferred)
    return; // runs where its result is asked for, usually here
  SpawnInfo Thread = threadOf(B);
  Handle H = handleOf(B.Call);
  if (Thread.EndsWithScope)
    H = Handle(); // its handle's destructor does not wait
  Thread.EndsInCall |= H.EndsAtOnce;
  Fact Each = make(Fact::Spawn, H.Owner, location(B.Call->getExprLoc()));
  Each.S = SpawnId{static_cast<unsigned>(Out.Spawns.size())};
  Out.Spawns.push_back(std::move(Thread));
  Current->push_back(std::move(Each));
}

BodyGenerator::Handle BodyGenerator::handleOf(const Expr *Call) {
  auto Initializes = [&](const Expr *E) -> PlaceId {
    auto Found = Initialized.find(E);
    return Found == Initialized.end() ? PlaceId() : Found->second;
  };
  // ts.emplace_back(...): the container owns it.
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      Member && Member->getImplicitObjectArgument()) {
    const Expr *Object = Member->getImplicitObjectArgument();
    const Boundary *B = P.boundaryAt(Call);
    if (B && !B->IsMarked) {
      Ref R = Object->getType()->isPointerType() ? Builder.pointee(Object)
                                                 : Builder.place(Object);
      if (R.K == Ref::Known)
        return {R.P, false};
    }
  }
  if (PlaceId Member = Initializes(Call))
    return {Member, false};
  const Expr *At = Call;
  for (const Stmt *Up = parent(Call); Up; Up = parent(Up)) {
    if (const auto *E = dyn_cast<Expr>(Up))
      if (PlaceId Member = Initializes(E))
        return {Member, false};
    if (isa<ExprWithCleanups, MaterializeTemporaryExpr, CXXBindTemporaryExpr,
            ParenExpr, ImplicitCastExpr, CXXFunctionalCastExpr, InitListExpr,
            CXXDefaultInitExpr>(Up)) {
      At = cast<Expr>(Up);
      continue;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Up)) {
      At = Construct; // a move, or a pointer's or container's constructor
      continue;
    }
    if (const auto *New = dyn_cast<CXXNewExpr>(Up)) {
      At = New;
      continue;
    }
    if (const auto *Decl = dyn_cast<DeclStmt>(Up)) {
      for (const clang::Decl *D : Decl->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->getInit() &&
            Variable->getSourceRange().fullyContains(Call->getSourceRange()))
          return {Builder.variable(Variable), false};
      return {};
    }
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Up);
        Assign && Assign->getOperator() == OO_Equal) {
      if (Ref R = Builder.place(Assign->getArg(0)); R.K == Ref::Known)
        return {R.P, false};
      return {};
    }
    if (const auto *Assign = dyn_cast<BinaryOperator>(Up);
        Assign && Assign->isAssignmentOp()) {
      if (Ref R = Builder.place(Assign->getLHS()); R.K == Ref::Known)
        return {R.P, false};
      return {};
    }
    if (isa<MemberExpr>(Up)) {
      // std::thread(f).join(), .detach()
      const auto *Method = cast<MemberExpr>(Up)->getMemberDecl();
      const auto *Function = dyn_cast<FunctionDecl>(Method);
      const OperationModel *Model =
          Function ? P.solver().models().operation(
                         Function, At->getType()->getAsCXXRecordDecl())
                   : nullptr;
      return {PlaceId(), Model && Model->Does == OperationKind::Join};
    }
    if (const auto *Argument = dyn_cast<CallExpr>(Up)) {
      // ts.push_back(std::thread(f)); make_unique<std::thread>(f) goes on up.
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Argument)) {
        if (const Expr *Object = Member->getImplicitObjectArgument())
          if (Ref R = Object->getType()->isPointerType()
                          ? Builder.pointee(Object)
                          : Builder.place(Object);
              R.K == Ref::Known)
            return {R.P, false};
        return {};
      }
      At = Argument;
      continue;
    }
    if (isa<ReturnStmt, LambdaExpr>(Up))
      return {};
    break;
  }
  // A temporary: one whose destructor joins has ended before the next
  // statement; std::thread's ends the process.
  const Expr *Temporary = strip(At);
  return {PlaceId(), isThread(Temporary->getType())};
}
