// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Frame.h"

#include "Captures/Task.h"
#include "Captures/Written.h"

#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace clang;
using namespace fearless;

/// A reference that keeps a temporary alive is as good as a value.
static const MaterializeTemporaryExpr *extended(const VarDecl *Variable) {
  if (!Variable->getType()->isReferenceType() || !Variable->getInit())
    return nullptr;
  // Not IgnoreParenImpCasts, which looks through the temporary too.
  const Expr *E = Variable->getInit();
  while (true) {
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
      E = Cleanups->getSubExpr();
    else if (const auto *Paren = dyn_cast<ParenExpr>(E))
      E = Paren->getSubExpr();
    else if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E))
      E = Cast->getSubExpr();
    else
      break;
  }
  const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E);
  return Temporary && Temporary->getExtendingDecl() == Variable ? Temporary
                                                               : nullptr;
}

QualType FrameObject::type() const {
  if (Temporary)
    return Temporary->getType().getNonReferenceType();
  return extended(Variable) ? Variable->getType().getNonReferenceType()
                            : Variable->getType();
}

SourceLocation FrameObject::location() const {
  return Temporary ? Temporary->getExprLoc() : Variable->getLocation();
}

const CoroutineBodyStmt *fearless::coroutineBody(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function || Function->isDependentContext() ||
      !Function->hasBody(Definition) || !Definition)
    return nullptr;
  return dyn_cast_or_null<CoroutineBodyStmt>(Definition->getBody());
}

/// The first call below \p S of a member function with the given name.
static const CXXMemberCallExpr *findCall(const Stmt *S, llvm::StringRef Name) {
  if (!S)
    return nullptr;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
    if (const CXXMethodDecl *Method = Call->getMethodDecl();
        Method && Method->getIdentifier() && Method->getName() == Name)
      return Call;
  for (const Stmt *Child : S->children())
    if (const CXXMemberCallExpr *Call = findCall(Child, Name))
      return Call;
  return nullptr;
}

static const CoroutineSuspendExpr *findSuspension(const Stmt *S) {
  if (!S)
    return nullptr;
  if (const auto *Suspension = dyn_cast<CoroutineSuspendExpr>(S))
    return Suspension;
  for (const Stmt *Child : S->children())
    if (const CoroutineSuspendExpr *Suspension = findSuspension(Child))
      return Suspension;
  return nullptr;
}

/// What await_ready says, if it is a constant.
static std::optional<bool> isReady(const CoroutineSuspendExpr *Suspension) {
  const CXXMemberCallExpr *Ready =
      findCall(Suspension->getReadyExpr(), "await_ready");
  const FunctionDecl *Definition = nullptr;
  if (!Ready || !Ready->getMethodDecl()->hasBody(Definition))
    return std::nullopt;
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Definition->getBody());
  const auto *Return = Block && Block->size() == 1
                           ? dyn_cast<ReturnStmt>(Block->body_front())
                           : nullptr;
  const auto *Value = Return && Return->getRetValue()
                          ? dyn_cast<CXXBoolLiteralExpr>(
                                Return->getRetValue()->IgnoreParenImpCasts())
                          : nullptr;
  return Value ? std::optional<bool>(Value->getValue()) : std::nullopt;
}

CoroutineStart fearless::startOf(const CoroutineBodyStmt *Body) {
  const CoroutineSuspendExpr *Initial = findSuspension(Body->getInitSuspendStmt());
  const std::optional<bool> Ready = Initial ? isReady(Initial) : std::nullopt;
  if (!Ready)
    return CoroutineStart::Unknown;
  return *Ready ? CoroutineStart::AtOnce : CoroutineStart::Lazy;
}

const CallExpr *
fearless::awaitSuspendCall(const CoroutineSuspendExpr *Suspension) {
  return findCall(Suspension->getSuspendExpr(), "await_suspend");
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

namespace {

/// Goes through a body as it runs, with the objects that exist at each place.
class FrameWalker {
public:
  FrameWalker(FrameObserver &Observer, bool IsLazy) : Observer(Observer) {
    Now.Maybe = IsLazy;
  }

  void parameter(const VarDecl *Variable) {
    Now.Objects.push_back({Variable, nullptr, false});
  }
  void statement(const Stmt *S);

private:
  struct State {
    /// Nothing gets here.
    bool Dead = false;
    /// Some path, every path to here has suspended.
    bool Maybe = false, Always = false;
    llvm::SmallVector<FrameObject, 8> Objects;
  };

  void join(const State &Other) {
    if (Other.Dead)
      return;
    if (Now.Dead) {
      const size_t Size = Now.Objects.size();
      Now = Other;
      Now.Objects.resize(std::min(Size, Now.Objects.size()));
      return;
    }
    Now.Maybe |= Other.Maybe;
    Now.Always &= Other.Always;
    const size_t Size = std::min(Now.Objects.size(), Other.Objects.size());
    for (size_t I = 0; I != Size; ++I)
      Now.Objects[I].IsGone &= Other.Objects[I].IsGone;
  }
  /// Runs \p Run and ends the scope of what it declares.
  template <typename Action> void scope(Action Run) {
    const size_t Size = Now.Objects.size();
    Run();
    if (Now.Objects.size() > Size)
      Now.Objects.resize(Size);
  }
  template <typename Then, typename Else> void branch(Then A, Else B) {
    State Before = Now;
    scope(A);
    State After = std::move(Now);
    Now = std::move(Before);
    scope(B);
    join(After);
  }
  void leave(llvm::SmallVectorImpl<State> &To) {
    To.push_back(Now);
    Now.Dead = true;
  }
  void end() { Now.Dead = true; }
  template <typename Action> void loop(Action Round);
  void declare(const VarDecl *Variable);
  void forRange(const CXXForRangeStmt *For);
  void switchOver(const SwitchStmt *Switch);
  void full(const Expr *E) {
    if (E)
      scope([&] { expression(E); });
  }
  void expression(const Stmt *S);
  void children(const Stmt *S) {
    for (const Stmt *Child : S->children())
      expression(Child);
  }
  FrameObject *find(const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParens());
    if (Ref)
      for (FrameObject &Object : llvm::reverse(Now.Objects))
        if (Object.Variable && Object.Variable == Ref->getDecl())
          return &Object;
    return nullptr;
  }
  void named(const Expr *E) {
    if (Now.Maybe && !Now.Dead)
      Observer.usedAfter(E);
  }

  FrameObserver &Observer;
  State Now;
  llvm::SmallVector<State, 2> Breaks, Continues;
  /// What the cases of the innermost switch begin with.
  State Cases;
  unsigned Depth = 0;
};

} // namespace

template <typename Action> void FrameWalker::loop(Action Round) {
  llvm::SmallVector<State, 2> OuterBreaks, OuterContinues;
  std::swap(Breaks, OuterBreaks);
  std::swap(Continues, OuterContinues);
  // Deeper nests go once: what they miss is a second round only.
  const unsigned Rounds = ++Depth <= 3 ? 2 : 1;
  State Exit = Now;
  for (unsigned I = 0; I != Rounds; ++I) {
    scope(Round);
    for (const State &S : Continues)
      join(S);
    Continues.clear();
    State Back = Now;
    Now = Exit;
    join(Back);
    Exit = Now;
  }
  for (const State &S : Breaks)
    join(S);
  --Depth;
  std::swap(Breaks, OuterBreaks);
  std::swap(Continues, OuterContinues);
}

void FrameWalker::declare(const VarDecl *Variable) {
  full(Variable->getInit());
  // auto &&r = std::move(x) moves nothing.
  if (Variable->getType()->isReferenceType() && Variable->getInit())
    if (FrameObject *Known = find(passedOn(Variable->getInit())))
      Known->IsGone = false;
  if (Variable->hasLocalStorage())
    Now.Objects.push_back({Variable, nullptr, false});
}

void FrameWalker::forRange(const CXXForRangeStmt *For) {
  statement(For->getInit());
  // The range stays; the iterators into it are part of it.
  statement(For->getRangeStmt());
  loop([&] {
    if (For->getLoopVariable())
      declare(For->getLoopVariable());
    statement(For->getBody());
  });
}

void FrameWalker::switchOver(const SwitchStmt *Switch) {
  statement(Switch->getInit());
  statement(Switch->getConditionVariableDeclStmt());
  full(Switch->getCond());
  llvm::SmallVector<State, 2> Outer;
  std::swap(Breaks, Outer);
  State OuterCases = std::move(Cases);
  Cases = Now;
  Now.Dead = true;
  statement(Switch->getBody());
  join(Cases); // no case fits
  for (const State &S : Breaks)
    join(S);
  Cases = std::move(OuterCases);
  std::swap(Breaks, Outer);
}

void FrameWalker::statement(const Stmt *S) {
  if (!S)
    return;
  if (const auto *E = dyn_cast<Expr>(S))
    return full(E);
  switch (S->getStmtClass()) {
  case Stmt::CompoundStmtClass:
    return scope([&] {
      for (const Stmt *Child : S->children())
        statement(Child);
    });
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        declare(Variable);
    return;
  case Stmt::IfStmtClass:
    return scope([&] {
      const auto *If = cast<IfStmt>(S);
      statement(If->getInit());
      statement(If->getConditionVariableDeclStmt());
      full(If->getCond());
      branch([&] { statement(If->getThen()); },
             [&] { statement(If->getElse()); });
    });
  case Stmt::WhileStmtClass:
    return loop([&] {
      const auto *While = cast<WhileStmt>(S);
      statement(While->getConditionVariableDeclStmt());
      full(While->getCond());
      statement(While->getBody());
    });
  case Stmt::DoStmtClass:
    return loop([&] {
      statement(cast<DoStmt>(S)->getBody());
      full(cast<DoStmt>(S)->getCond());
    });
  case Stmt::ForStmtClass:
    return scope([&] {
      const auto *For = cast<ForStmt>(S);
      statement(For->getInit());
      loop([&] {
        statement(For->getConditionVariableDeclStmt());
        full(For->getCond());
        statement(For->getBody());
        full(For->getInc());
      });
    });
  case Stmt::CXXForRangeStmtClass:
    return scope([&] { forRange(cast<CXXForRangeStmt>(S)); });
  case Stmt::SwitchStmtClass:
    return scope([&] { switchOver(cast<SwitchStmt>(S)); });
  case Stmt::CaseStmtClass:
  case Stmt::DefaultStmtClass:
    join(Cases);
    return statement(cast<SwitchCase>(S)->getSubStmt());
  case Stmt::CXXTryStmtClass: {
    const auto *Try = cast<CXXTryStmt>(S);
    State Thrown = Now;
    statement(Try->getTryBlock());
    State After = Now;
    // A handler may begin after any part of the block; what the block takes
    // away may still be there.
    Thrown.Maybe |= After.Maybe;
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
      Now = Thrown;
      scope([&] {
        if (const VarDecl *Caught = Try->getHandler(I)->getExceptionDecl())
          declare(Caught);
        statement(Try->getHandler(I)->getHandlerBlock());
      });
      join(After);
      After = Now;
    }
    return;
  }
  case Stmt::ReturnStmtClass:
    full(cast<ReturnStmt>(S)->getRetValue());
    return end();
  case Stmt::CoreturnStmtClass:
    full(cast<CoreturnStmt>(S)->getOperand());
    return end();
  case Stmt::BreakStmtClass:
    return leave(Breaks);
  case Stmt::ContinueStmtClass:
    return leave(Continues);
  case Stmt::GotoStmtClass:
  case Stmt::IndirectGotoStmtClass:
    return; // where it goes is not followed: what comes next counts as reached
  default:
    for (const Stmt *Child : S->children())
      statement(Child);
  }
}

/// unlock(), reset(), release(): the object holds nothing afterwards.
static bool emptiesItsObject(const CXXMemberCallExpr *Call) {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Method || !Method->getIdentifier())
    return false;
  for (const Expr *Argument : Call->arguments())
    if (!isa<CXXDefaultArgExpr>(Argument))
      return false;
  const llvm::StringRef Name = Method->getName();
  return Name == "unlock" || Name == "reset" || Name == "release";
}

bool fearless::isMove(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Callee->getIdentifier() && Callee->isInStdNamespace() &&
         Callee->getName() == "move" && Call->getNumArgs() == 1;
}

/// The object on which await_suspend is called, if it is a temporary.
static const Expr *awaiter(const CoroutineSuspendExpr *Suspension) {
  const auto *Temporary =
      dyn_cast<MaterializeTemporaryExpr>(Suspension->getCommonExpr());
  return Temporary && !calledCoroutine(Temporary->getSubExpr())
             ? Temporary->getSubExpr()
             : nullptr;
}

void FrameWalker::expression(const Stmt *S) {
  if (!S)
    return;
  switch (S->getStmtClass()) {
  case Stmt::LambdaExprClass:
    // Its body is a function of its own.
    for (const Expr *Init : cast<LambdaExpr>(S)->capture_inits())
      expression(Init);
    return;
  case Stmt::UnaryExprOrTypeTraitExprClass:
  case Stmt::CXXNoexceptExprClass:
  case Stmt::CXXTypeidExprClass:
  case Stmt::CXXDefaultArgExprClass:
    return;
  case Stmt::CXXThrowExprClass:
    children(S);
    return end();
  case Stmt::ConditionalOperatorClass: {
    const auto *E = cast<ConditionalOperator>(S);
    expression(E->getCond());
    return branch([&] { expression(E->getTrueExpr()); },
                  [&] { expression(E->getFalseExpr()); });
  }
  case Stmt::BinaryOperatorClass:
    if (const auto *E = cast<BinaryOperator>(S); E->isLogicalOp()) {
      expression(E->getLHS());
      return branch([&] { expression(E->getRHS()); }, [] {});
    }
    return children(S);
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass: {
    const auto *Suspension = cast<CoroutineSuspendExpr>(S);
    expression(Suspension->getCommonExpr());
    if (isReady(Suspension).value_or(false))
      return; // std::suspend_never
    // The awaiter of a task holds the frame that the task has, which is looked
    // into where its coroutine is in sight.
    if (calledCoroutine(Suspension->getOperand()) && !Now.Objects.empty() &&
        Now.Objects.back().Temporary == awaiter(Suspension))
      Now.Objects.pop_back();
    if (!Now.Dead)
      Observer.suspended(Suspension, Now.Objects, Now.Always);
    Now.Maybe = Now.Always = true;
    return;
  }
  case Stmt::MaterializeTemporaryExprClass: {
    const auto *E = cast<MaterializeTemporaryExpr>(S);
    const Expr *Sub = E->getSubExpr();
    if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Sub))
      Sub = Bind->getSubExpr();
    expression(Sub);
    if (!E->getExtendingDecl())
      Now.Objects.push_back({nullptr, E->getSubExpr(), false});
    return;
  }
  case Stmt::CXXBindTemporaryExprClass:
    children(S);
    Now.Objects.push_back({nullptr, cast<Expr>(S), false});
    return;
  case Stmt::ImplicitCastExprClass: {
    // Read only: what is gone stays gone.
    const auto *Cast = cast<ImplicitCastExpr>(S);
    if ((Cast->getCastKind() == CK_NoOp && Cast->getType().isConstQualified()) ||
        Cast->getCastKind() == CK_LValueToRValue)
      if (isa<DeclRefExpr>(Cast->getSubExpr()->IgnoreParens()))
        return named(Cast->getSubExpr()->IgnoreParens());
    return children(S);
  }
  case Stmt::CXXMemberCallExprClass: {
    const auto *Call = cast<CXXMemberCallExpr>(S);
    const Expr *Object = Call->getImplicitObjectArgument();
    children(S);
    if (Object && emptiesItsObject(Call))
      if (FrameObject *Known = find(Object))
        Known->IsGone = true;
    return;
  }
  case Stmt::CallExprClass:
    children(S);
    if (isMove(cast<CallExpr>(S)))
      if (FrameObject *Known = find(cast<CallExpr>(S)->getArg(0)))
        Known->IsGone = true;
    return;
  case Stmt::DeclRefExprClass:
    if (FrameObject *Known = find(cast<Expr>(S)))
      Known->IsGone = false;
    return named(cast<Expr>(S));
  case Stmt::CXXThisExprClass:
    return named(cast<Expr>(S));
  case Stmt::StmtExprClass:
    return statement(cast<StmtExpr>(S)->getSubStmt());
  default:
    return children(S);
  }
}

void fearless::walkFrame(const FunctionDecl *Coroutine,
                         FrameObserver &Observer) {
  const CoroutineBodyStmt *Body = coroutineBody(Coroutine);
  if (!Body)
    return;
  Coroutine->hasBody(Coroutine);
  FrameWalker Walker(Observer, startOf(Body) == CoroutineStart::Lazy);
  for (const ParmVarDecl *Parameter : Coroutine->parameters())
    Walker.parameter(Parameter);
  Walker.statement(Body->getBody());
}

namespace {
class HeldFinder : public FrameObserver {
public:
  HeldFinder(const CoroutineSuspendExpr *Only) : Only(Only) {}
  llvm::SmallVector<HeldObject, 8> Held;

  void suspended(const CoroutineSuspendExpr *At,
                 llvm::ArrayRef<FrameObject> Alive, bool Again) override {
    if (Only && At != Only)
      return;
    for (const FrameObject &Object : Alive)
      if (!Object.IsGone)
        add({Object, At, !Again});
  }

private:
  void add(const HeldObject &New) {
    for (HeldObject &Old : Held)
      if (Old.Object.Variable == New.Object.Variable &&
          Old.Object.Temporary == New.Object.Temporary) {
        Old.InLoop |= Old.Across == New.Across;
        if (New.AtFirst && !Old.AtFirst)
          Old = New;
        return;
      }
    Held.push_back(New);
  }
  const CoroutineSuspendExpr *Only;
};
} // namespace

llvm::SmallVector<HeldObject, 8>
fearless::heldAcross(const FunctionDecl *Coroutine,
                     const CoroutineSuspendExpr *Only) {
  HeldFinder Finder(Only);
  walkFrame(Coroutine, Finder);
  return std::move(Finder.Held);
}

namespace {
class UseFinder : public FrameObserver {
public:
  explicit UseFinder(llvm::function_ref<bool(const Expr *)> Wanted)
      : Wanted(Wanted) {}
  const Expr *Found = nullptr;

  void usedAfter(const Expr *Name) override {
    if (!Found && Wanted(Name))
      Found = Name;
  }

private:
  llvm::function_ref<bool(const Expr *)> Wanted;
};
} // namespace

const Expr *
fearless::usedAfterSuspension(const FunctionDecl *Coroutine,
                              llvm::function_ref<bool(const Expr *)> Wanted) {
  UseFinder Finder(Wanted);
  walkFrame(Coroutine, Finder);
  return Finder.Found;
}

const Expr *fearless::usedAfterSuspension(const FunctionDecl *Coroutine,
                                          const VarDecl *Variable) {
  return usedAfterSuspension(Coroutine, [&](const Expr *Name) {
    const auto *Ref = dyn_cast<DeclRefExpr>(Name);
    return Ref && Ref->getDecl() == Variable;
  });
}
