// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/BodyGenerator.h"

#include "Flow/Substitution.h"

#include "Annotations/Marks.h"
#include "Boundaries/BoundaryFinder.h"
#include "Support/LLVMCompat.h"
#include "Support/Names.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

BodyGenerator::BodyGenerator(const FunctionDecl *Function, const CFG &Graph,
                             Program &P)
    : Function(Function), Graph(Graph), P(P),
      Builder(P.places(), P.solver().models(), Function),
      Parents(const_cast<Stmt *>(Function->getBody())) {
  Builder.setCalls([this](const CallExpr *Call) { return returnedBy(Call); });
  Builder.setOrdersThreads([this](const FunctionDecl *Callee) {
    return this->P.summary(Callee).ordersThreads();
  });
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Init : Constructor->inits()) {
      Expr *E = Init->getInit();
      if (!E)
        continue;
      Parents.addStmt(E);
      if (auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
        Parents.addStmt(Default->getExpr());
      // A base, and another constructor of the class, make the same object.
      Initialized[E] =
          Init->isAnyMemberInitializer()
              ? Builder.field(Builder.self(), Init->getAnyMember())
              : Builder.self();
      Initialized[strip(E)] = Initialized[E];
    }
}

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

bool BodyGenerator::isSync(QualType Type) {
  // Const says what this access may do, not what others do to the object.
  Type = Type.getNonReferenceType().getUnqualifiedType();
  if (Type->isDependentType() || Type->isVoidType() || Type->isFunctionType())
    return true;
  return P.solver().solve(Trait::Sync, Type).V == Verdict::Yes;
}

bool BodyGenerator::isThread(QualType Type) const {
  const TypeModel *Model = Builder.modelOf(Type);
  return Model && Model->Kind == TypeKind::Thread;
}

bool BodyGenerator::isGuard(QualType Type) const {
  const TypeModel *Model = Builder.modelOf(Type);
  return Model && Model->Kind == TypeKind::Guard;
}

bool BodyGenerator::isLibrary(const Decl *D) const {
  return Program::isLibrary(D);
}

const Stmt *BodyGenerator::parent(const Stmt *S) const {
  return Parents.getParent(const_cast<Stmt *>(S));
}

const Stmt *BodyGenerator::around(const Expr *E) const {
  const Stmt *Around = parent(E);
  while (isa_and_nonnull<ParenExpr, ExprWithCleanups, CastExpr,
                         MaterializeTemporaryExpr, CXXBindTemporaryExpr>(Around))
    Around = parent(Around);
  return Around;
}

const Stmt *BodyGenerator::loopAround(const Stmt *S) const {
  for (S = parent(S); S; S = parent(S)) {
    if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
      return S;
    if (isa<LambdaExpr>(S))
      return nullptr;
  }
  return nullptr;
}

/// What the reference or pointer that a visible function returns refers to.
Ref BodyGenerator::returnedBy(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || isLibrary(Callee) ||
      !(Callee->getReturnType()->isReferenceType() ||
        Builder.refers(Callee->getReturnType())))
    return Ref::unknown();
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Method->isVirtual() && !Method->hasAttr<FinalAttr>())
    return Ref::unknown();
  const PlaceId Returns = P.summary(Callee).Returns;
  if (!Returns)
    return Ref::unknown();
  const Expr *Object = nullptr;
  llvm::ArrayRef<const Expr *> Args(Call->getArgs(), Call->getNumArgs());
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    Object = Member->getImplicitObjectArgument();
  } else if (isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(Callee) &&
             !Args.empty()) {
    Object = Args.front();
    Args = Args.drop_front();
  }
  Substitution Sub(*this, Callee, Object, Args);
  const PlaceId Here = Sub.apply(Returns);
  return Here ? Ref::known(Here) : Ref::unknown();
}

void BodyGenerator::accessPlace(Ref R, QualType Type, bool IsWrite,
                                Location Loc, bool Certain) {
  if (R.K == Ref::Known && R.P && !isSync(Type))
    add(IsWrite ? Fact::Write : Fact::Read, R.P, Loc, Certain);
}

void BodyGenerator::access(const Expr *E, bool IsWrite, bool Certain) {
  // std::cout and friends synchronise themselves.
  if (const auto *Name = dyn_cast<DeclRefExpr>(strip(E)))
    if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
        Variable && P.solver().models().object(Variable))
      return;
  guardedAccess(E, /*IsPointee=*/false, IsWrite, location(E->getExprLoc()),
                Certain);
  Ref R = Builder.place(E);
  if (R.K == Ref::Unknown && IsWrite)
    return unknown(E);
  if (R.K == Ref::Known && R.P)
    R.P = inAllRounds(E, R.P);
  accessPlace(R, E->getType(), IsWrite, location(E->getExprLoc()), Certain);
}

void BodyGenerator::unknown(const Stmt *S) {
  ++Out.NumUnknown;
  add(Fact::Unknown, {}, location(S->getBeginLoc()));
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

FunctionFacts BodyGenerator::run() {
  Out.Name = qualifiedName(Function).str().str();
  // Clang numbers blocks from the exit up; reversed, that is close to reverse
  // post-order, with the entry first.
  const unsigned Last = Graph.getNumBlockIDs() - 1;
  auto Number = [&](const CFGBlock *B) { return Last - B->getBlockID(); };
  Out.Blocks.resize(Graph.getNumBlockIDs());
  // The entry is the block without predecessors: make sure it is number 0.
  Out.Exit = Number(&Graph.getExit());
  for (const CFGBlock *B : Graph)
    if (const auto *Catch = dyn_cast_or_null<CXXCatchStmt>(B->getLabel()))
      Handlers[Catch] = Number(B);
  // Entry first: what is declared is seen before it is used.
  for (const CFGBlock *B : llvm::reverse(Graph)) {
    enter(Number(B));
    if (B == &Graph.getEntry())
      entryFacts();
    for (const CFGElement &Element : *B)
      element(Element);
    endLifetimes();
    if (B == &Graph.getExit())
      exitFacts();
    // Behind the last call that may throw: see cut().
    auto &Successors = Out.Blocks[Here].Successors;
    for (const CFGBlock::AdjacentBlock &Next : B->succs())
      if (const CFGBlock *Reached = Next.getReachableBlock())
        Successors.push_back({Number(Reached), {}});
      else
        Successors.push_back({~0u, {}});
    edges(*B);
    llvm::erase_if(Successors, [](const Edge &E) { return E.Target == ~0u; });
  }
  return std::move(Out);
}

void BodyGenerator::entryFacts() {
  requiredLocks();
  freshAtEntry();
}

void BodyGenerator::exitFacts() {
  for (const ParmVarDecl *Parameter : llvm::reverse(Function->parameters()))
    lifetimeEnds(Parameter, location(Function->getBody()->getEndLoc()));
}

/// Variables end in the reverse order of their declarations; Clang's graph has
/// those with a destructor first.
void BodyGenerator::endLifetimes() {
  const SourceManager &SM = P.context().getSourceManager();
  llvm::sort(Ending, [&](const auto &A, const auto &B) {
    return SM.isBeforeInTranslationUnit(B.first->getLocation(),
                                        A.first->getLocation());
  });
  for (const auto &[Variable, Loc] : Ending)
    lifetimeEnds(Variable, Loc);
  Ending.clear();
}

void BodyGenerator::element(const CFGElement &Element) {
  if (Element.getKind() != CFGElement::LifetimeEnds &&
      Element.getKind() != CFGElement::AutomaticObjectDtor &&
      Element.getKind() != CFGElement::ScopeEnd)
    endLifetimes();
  switch (Element.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    throwing(Element.castAs<CFGStmt>().getStmt());
    break;
  case CFGElement::Initializer:
    initializer(Element.castAs<CFGInitializer>().getInitializer());
    break;
  case CFGElement::LifetimeEnds: {
    auto End = Element.castAs<CFGLifetimeEnds>();
    // Not all versions of the graph have parameters: see exitFacts().
    if (isa<ParmVarDecl>(End.getVarDecl()))
      break;
    Ending.push_back({End.getVarDecl(),
                      location(End.getTriggerStmt()->getEndLoc())});
    break;
  }
  case CFGElement::TemporaryDtor: {
    const CXXBindTemporaryExpr *Temporary =
        Element.castAs<CFGTemporaryDtor>().getBindTemporaryExpr();
    const PlaceId Where = Builder.temporary(strip(Temporary));
    const Location Loc = location(Temporary->getEndLoc());
    destroy(Temporary->getType(), Where, Loc);
    add(Fact::Expire, Where, Loc);
    break;
  }
  default:
    // Destructors and scopes come with the ends of lifetimes.
    break;
  }
}

void BodyGenerator::statement(const Stmt *S) {
  switch (S->getStmtClass()) {
  case Stmt::ImplicitCastExprClass: {
    const auto *Cast = cast<ImplicitCastExpr>(S);
    if (Cast->getCastKind() == CK_LValueToRValue)
      access(Cast->getSubExpr(), /*IsWrite=*/false);
    break;
  }
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass: {
    const auto *Op = cast<BinaryOperator>(S);
    if (Op->isAssignmentOp())
      access(Op->getLHS(), /*IsWrite=*/true);
    break;
  }
  case Stmt::UnaryOperatorClass: {
    const auto *Op = cast<UnaryOperator>(S);
    if (Op->isIncrementDecrementOp())
      access(Op->getSubExpr(), /*IsWrite=*/true);
    break;
  }
  case Stmt::CallExprClass:
  case Stmt::UserDefinedLiteralClass: {
    const auto *E = cast<CallExpr>(S);
    call(E, E->getDirectCallee(), nullptr,
         llvm::ArrayRef<const Expr *>(E->getArgs(), E->getNumArgs()));
    break;
  }
  case Stmt::CXXMemberCallExprClass: {
    const auto *E = cast<CXXMemberCallExpr>(S);
    call(E, E->getDirectCallee(), E->getImplicitObjectArgument(),
         llvm::ArrayRef<const Expr *>(E->getArgs(), E->getNumArgs()));
    break;
  }
  case Stmt::CXXOperatorCallExprClass: {
    const auto *E = cast<CXXOperatorCallExpr>(S);
    llvm::ArrayRef<const Expr *> Arguments(E->getArgs(), E->getNumArgs());
    const FunctionDecl *Callee = E->getDirectCallee();
    const bool IsMember = Callee && isa<CXXMethodDecl>(Callee);
    call(E, Callee, IsMember ? Arguments.front() : nullptr,
         IsMember ? Arguments.drop_front() : Arguments);
    break;
  }
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass: {
    const auto *E = cast<CXXConstructExpr>(S);
    call(E, E->getConstructor(), nullptr,
         llvm::ArrayRef<const Expr *>(E->getArgs(), E->getNumArgs()));
    break;
  }
  case Stmt::CXXDeleteExprClass: {
    const auto *Delete = cast<CXXDeleteExpr>(S);
    Ref R = Builder.pointee(Delete->getArgument());
    guardedAccess(Delete->getArgument(), /*IsPointee=*/true, /*IsWrite=*/true,
                  location(S->getBeginLoc()), /*Certain=*/true);
    if (R.K == Ref::Known) {
      QualType Type = Delete->getDestroyedType();
      if (!Type.isNull()) {
        accessPlace(R, Type, /*IsWrite=*/true, location(S->getBeginLoc()),
                    true);
        destroy(Type, R.P, location(S->getBeginLoc()));
      }
    }
    break;
  }
  case Stmt::DeclRefExprClass:
  case Stmt::CXXThisExprClass:
    publish(cast<Expr>(S));
    break;
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        declaration(Variable);
    break;
  case Stmt::ReturnStmtClass: {
    const Expr *Value = cast<ReturnStmt>(S)->getRetValue();
    if (!Value)
      break;
    const QualType Type = Function->getReturnType();
    if (isGuard(Value->getType()) && !Type->isReferenceType())
      guardReturned(Value);
    if (Type->isReferenceType() || Builder.refers(Type)) {
      const Ref R = Type->isReferenceType() ? Builder.place(Value)
                                            : Builder.pointee(Value);
      const PlaceId To = R.K == Ref::Known ? R.P : PlaceId();
      if (!HasReturned)
        Out.Returns = To;
      else if (Out.Returns != To)
        Out.Returns = {};
      HasReturned = true;
    }
    break;
  }
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    // Before and after the body nothing is locked.
    if (const auto *Await = dyn_cast<CoawaitExpr>(S); !Await || !Await->isImplicit())
      Current->push_back(make(Fact::Suspend, {}, location(S->getBeginLoc())));
    unknown(S);
    break;
  case Stmt::CXXThrowExprClass:
    unwind(cast<CXXThrowExpr>(S));
    break;
  case Stmt::GCCAsmStmtClass:
  case Stmt::MSAsmStmtClass:
    unknown(S);
    break;
  default:
    // Expressions that touch no memory of their own: their operands are
    // statements of the block.
    break;
  }
}

void BodyGenerator::initializer(const CXXCtorInitializer *Init) {
  if (!Init->isAnyMemberInitializer())
    return;
  const FieldDecl *Field = Init->getAnyMember();
  if (!isThread(Field->getType()) && !Field->getType()->isReferenceType())
    accessPlace(Ref::known(Builder.field(Builder.self(), Field)),
                Field->getType(), /*IsWrite=*/true,
                location(Init->getSourceLocation()), true);
}

void BodyGenerator::declaration(const VarDecl *Variable) {
  freshObject(Variable);
  const Expr *Init = Variable->getInit();
  if (!Init || Variable->isStaticLocal())
    return;
  if (isGuard(Variable->getType()))
    guardDeclared(Variable);
}

void BodyGenerator::lifetimeEnds(const VarDecl *Variable, Location Loc) {
  QualType Type = Variable->getType();
  if (Type->isReferenceType() || Variable->hasGlobalStorage())
    return;
  const PlaceId Where = Builder.variable(Variable);
  destroy(Type, Where, Loc);
  add(Fact::Expire, Where, Loc);
}
