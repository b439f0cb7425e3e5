// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/BodyGenerator.h"

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
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->isAnyMemberInitializer() && Init->getInit()) {
        Expr *E = Init->getInit();
        Parents.addStmt(E);
        Initialized[strip(E)] =
            Builder.field(Builder.self(), Init->getAnyMember());
        Initialized[E] = Initialized[strip(E)];
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

const Stmt *BodyGenerator::loopAround(const Stmt *S) const {
  for (S = parent(S); S; S = parent(S)) {
    if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
      return S;
    if (isa<LambdaExpr>(S))
      return nullptr;
  }
  return nullptr;
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
  // Entry first: what is declared is seen before it is used.
  for (const CFGBlock *B : llvm::reverse(Graph)) {
    Block &To = Out.Blocks[Number(B)];
    Current = &To.Facts;
    if (B == &Graph.getEntry())
      entryFacts();
    for (const CFGElement &Element : *B)
      element(Element);
    if (B == &Graph.getExit())
      exitFacts();
    for (const CFGBlock::AdjacentBlock &Next : B->succs())
      if (const CFGBlock *Reached = Next.getReachableBlock())
        To.Successors.push_back({Number(Reached), {}});
      else
        To.Successors.push_back({~0u, {}});
    edges(*B);
    llvm::erase_if(To.Successors, [](const Edge &E) { return E.Target == ~0u; });
  }
  return std::move(Out);
}

void BodyGenerator::entryFacts() {
  requiredLocks();
  freshAtEntry();
}

void BodyGenerator::exitFacts() {
  for (const ParmVarDecl *Parameter : Function->parameters())
    if (!Parameter->getType()->isReferenceType())
      add(Fact::Expire, Builder.variable(Parameter),
          location(Function->getBody()->getEndLoc()));
}

void BodyGenerator::element(const CFGElement &Element) {
  switch (Element.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    statement(Element.castAs<CFGStmt>().getStmt());
    break;
  case CFGElement::Initializer:
    initializer(Element.castAs<CFGInitializer>().getInitializer());
    break;
  case CFGElement::LifetimeEnds: {
    auto End = Element.castAs<CFGLifetimeEnds>();
    lifetimeEnds(End.getVarDecl(), location(End.getTriggerStmt()->getEndLoc()));
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
      if (!Type.isNull())
        accessPlace(R, Type, /*IsWrite=*/true, location(S->getBeginLoc()),
                    true);
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
  case Stmt::ReturnStmtClass:
    if (const Expr *Value = cast<ReturnStmt>(S)->getRetValue()) {
      if (isThread(Value->getType()))
        if (Ref R = Builder.place(Value); R.K == Ref::Known)
          add(Fact::Detach, R.P, location(S->getBeginLoc()));
      if (isGuard(Value->getType()) && !Function->getReturnType()->isReferenceType())
        guardReturned(Value);
    }
    break;
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    // Before and after the body nothing is locked.
    if (const auto *Await = dyn_cast<CoawaitExpr>(S); !Await || !Await->isImplicit())
      Current->push_back(make(Fact::Suspend, {}, location(S->getBeginLoc())));
    unknown(S);
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
  // A copy of a trivial class and the like are calls; a scalar's own
  // initialisation is a write nobody else can see yet.
  if (isThread(Variable->getType())) {
    // std::thread t = std::move(other);
    const Expr *E = strip(Init);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
        Construct && Construct->getNumArgs() == 1 &&
        Construct->getConstructor()->isMoveConstructor())
      if (Ref R = Builder.place(Construct->getArg(0)); R.K == Ref::Known)
        add(Fact::Move, R.P, location(Variable->getLocation()), true,
            Builder.variable(Variable));
    return;
  }
  if (isGuard(Variable->getType()))
    guardDeclared(Variable);
}

void BodyGenerator::lifetimeEnds(const VarDecl *Variable, Location Loc) {
  QualType Type = Variable->getType();
  if (Type->isReferenceType() || Variable->hasGlobalStorage())
    return;
  const PlaceId Where = Builder.variable(Variable);
  if (const CXXRecordDecl *Class =
          P.context().getBaseElementType(Type)->getAsCXXRecordDecl();
      Class && Class->hasDefinition()) {
    if (const CXXDestructorDecl *Destructor =
            Class->getDefinition()->getDestructor()) {
      const Summary &S = P.summary(Destructor);
      const PlaceId Self = Builder.selfOf(Destructor);
      for (const Fact &Each : S.Operations)
        if (P.places().isWithin(Each.P, Self)) {
          Fact Here = Each;
          Here.P = P.places().rebase(Each.P, Self, Where);
          Here.Loc = Loc;
          Current->push_back(Here);
        }
    }
    // A member or local that is joined by its destructor is joined; one that
    // is not ends the process. What a shared owner holds may live on.
    const TypeModel *Model = Builder.modelOf(Type);
    const bool MayLiveOn = Model && Model->Kind == TypeKind::Owner &&
                           Class->getName() != "unique_ptr";
    add(MayLiveOn ? Fact::JoinMaybe : Fact::Join, Where, Loc);
  }
  add(Fact::Expire, Where, Loc);
}

//===----------------------------------------------------------------------===//
// Edges
//===----------------------------------------------------------------------===//

namespace {

/// Finds what a loop's body joins, and what its condition acquires.
class OperationFinder : public RecursiveASTVisitor<OperationFinder> {
public:
  OperationFinder(const ModelTable &Models) : Models(Models) {}
  struct Found {
    OperationKind Does;
    const Expr *Object;
  };
  std::vector<Found> Operations;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return true;
    const Expr *Object = nullptr;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      Object = Member->getImplicitObjectArgument();
    QualType Type = Object ? Object->getType() : QualType();
    if (Object && Type->isPointerType())
      Type = Type->getPointeeType();
    const CXXRecordDecl *Class = Object ? Type->getAsCXXRecordDecl() : nullptr;
    if (const OperationModel *Model = Models.operation(Callee, Class)) {
      const Expr *On = Model->On == OperationModel::Object ? Object
                       : Model->On >= 0 &&
                               unsigned(Model->On) < Call->getNumArgs()
                           ? Call->getArg(Model->On)
                           : nullptr;
      if (On)
        Operations.push_back({Model->Does, On});
    } else if (Object && Class && isa<CXXConversionDecl>(Callee)) {
      // while (running): the conversion of an atomic is a load.
      if (const TypeModel *Type = Models.type(Class);
          Type && Type->Kind == TypeKind::Atomic)
        Operations.push_back({OperationKind::Acquire, Object});
    } else if (Object && Callee->getIdentifier() &&
               Callee->getName() == "joinable") {
      Joinable = Object;
    }
    return true;
  }
  const Expr *Joinable = nullptr;

private:
  const ModelTable &Models;
};

} // namespace

void BodyGenerator::edges(const CFGBlock &From) {
  const Stmt *Terminator = From.getTerminatorStmt();
  auto &Next = Out.Blocks[Graph.getNumBlockIDs() - 1 - From.getBlockID()]
                   .Successors;
  if (!Terminator || Next.size() != 2)
    return;
  if (const auto *Test = dyn_cast_or_null<Expr>(From.getTerminatorCondition());
      Test && !isa<SwitchStmt>(Terminator)) {
    assume(Test, true, Next[0].Facts);
    assume(Test, false, Next[1].Facts);
  }
  const Stmt *Body = nullptr, *Condition = nullptr;
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(Terminator)) {
    Body = Range->getBody();
  } else if (const auto *For = dyn_cast<ForStmt>(Terminator)) {
    Body = For->getBody();
    Condition = For->getCond();
  } else if (const auto *While = dyn_cast<WhileStmt>(Terminator)) {
    Body = While->getBody();
    Condition = While->getCond();
  } else if (const auto *Do = dyn_cast<DoStmt>(Terminator)) {
    Condition = Do->getCond();
  } else if (const auto *If = dyn_cast<IfStmt>(Terminator)) {
    // if (t.joinable()) t.join(); on the other edge there is no thread.
    OperationFinder Finder(P.solver().models());
    Finder.TraverseStmt(const_cast<Expr *>(If->getCond()));
    const bool Negated = isa<UnaryOperator>(If->getCond()->IgnoreParenImpCasts());
    const Location Loc = location(If->getBeginLoc());
    if (Finder.Joinable) {
      QualType Type = Finder.Joinable->getType();
      Ref R = Type->isPointerType() ? Builder.pointee(Finder.Joinable)
                                    : Builder.place(Finder.Joinable);
      if (R.K == Ref::Known)
        Next[Negated ? 0 : 1].Facts.push_back(make(Fact::Join, R.P, Loc));
    }
    return;
  }
  const Location Loc = location(Terminator->getBeginLoc());
  if (Body) {
    OperationFinder Finder(P.solver().models());
    Finder.TraverseStmt(const_cast<Stmt *>(Body));
    for (const OperationFinder::Found &Each : Finder.Operations) {
      if (Each.Does != OperationKind::Join)
        continue;
      QualType Type = Each.Object->getType();
      Ref R = Type->isPointerType() ? Builder.pointee(Each.Object)
                                    : Builder.place(Each.Object);
      if (R.K != Ref::Known)
        continue;
      // The container: what stands before the element.
      const Place &Where = P.places().get(R.P);
      PlaceId Container = P.places().rootOf(R.P);
      bool IsElement = false;
      for (const Projection &Step : Where.Path) {
        if (Step.K == Projection::AnyElement) {
          IsElement = true;
          break;
        }
        Container = P.places().project(Container, Step, "");
      }
      if (IsElement)
        Next[1].Facts.push_back(make(Fact::Join, Container, Loc));
    }
  }
  if (Condition) {
    OperationFinder Finder(P.solver().models());
    Finder.TraverseStmt(const_cast<Stmt *>(Condition));
    for (const OperationFinder::Found &Each : Finder.Operations)
      if (Each.Does == OperationKind::Acquire ||
          Each.Does == OperationKind::Both)
        if (Ref R = Each.Object->getType()->isPointerType()
                        ? Builder.pointee(Each.Object)
                        : Builder.place(Each.Object);
            R.K == Ref::Known)
          Next[1].Facts.push_back(make(Fact::Acquire, R.P, Loc));
  }
}
