// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known on one edge only: in the branch that a condition leads to, and
// behind a loop.

#include "Flow/BodyGenerator.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// The object that a call is made on, without operators' syntax.
static const Expr *objectOf(const CallExpr *Call) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return Member->getImplicitObjectArgument();
  return nullptr;
}

namespace {
/// Atomics that are read and changed in one step.
class DecisionFinder : public RecursiveASTVisitor<DecisionFinder> {
public:
  explicit DecisionFinder(const ModelTable &Models) : Models(Models) {}
  llvm::SmallVector<const Expr *, 2> Atomics;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const Expr *Object = objectOf(Call);
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
        Operator && (Operator->getOperator() == OO_PlusPlus ||
                     Operator->getOperator() == OO_MinusMinus))
      Object = Operator->getArg(0);
    if (!Callee || !Object)
      return true;
    QualType Type = Object->getType()->isPointerType()
                        ? Object->getType()->getPointeeType()
                        : strip(Object)->getType();
    const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
    const TypeModel *Role = Class ? Models.type(Class) : nullptr;
    if (!Role || Role->Kind != TypeKind::Atomic)
      return true;
    const OperationModel *Model = Models.operation(Callee, Class);
    if (isa<CXXOperatorCallExpr>(Call) ||
        (Model && Model->Does == OperationKind::Both))
      Atomics.push_back(Object);
    return true;
  }

private:
  const ModelTable &Models;
};
} // namespace

void BodyGenerator::edges(const CFGBlock &From) {
  const Stmt *Terminator = From.getTerminatorStmt();
  auto &Next = Out.Blocks[Here].Successors;
  if (!Terminator || Next.size() != 2 || isa<SwitchStmt>(Terminator))
    return;
  if (const auto *Condition = dyn_cast_or_null<Expr>(From.getLastCondition())) {
    // A decision that an atomic makes for one thread: the first to set a flag,
    // the last to count down.
    DecisionFinder Finder(P.solver().models());
    Finder.TraverseStmt(const_cast<Expr *>(Condition));
    for (const Expr *Atomic : Finder.Atomics)
      if (Ref R = synchronizer(Atomic); R.K == Ref::Known)
        for (Edge &E : Next)
          E.Facts.push_back(
              make(Fact::Acquire,
                   P.places().project(R.P, {Projection::Decision}),
                   location(Condition->getBeginLoc())));
    holds(Condition, true, Next[0].Facts);
    holds(Condition, false, Next[1].Facts);
    assume(Condition, true, Next[0].Facts);
    assume(Condition, false, Next[1].Facts);
  }
  if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(Terminator))
    loopEnds(Terminator, Next[1].Facts);
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

PlaceId BodyGenerator::truthOf(PlaceId Flag, bool Value) {
  return Flag ? P.places().project(Flag, {Projection::Element, Value})
              : PlaceId();
}

/// The call whose result \p E is, of a function that starts a thread and returns
/// an error number: pthread_create(...), or the variable that keeps it.
const CallExpr *BodyGenerator::startCall(const Expr *E) const {
  E = strip(E);
  if (!E->getType()->isIntegerType())
    return nullptr;
  if (const auto *Assign = dyn_cast<BinaryOperator>(E);
      Assign && Assign->getOpcode() == BO_Assign)
    E = strip(Assign->getRHS());
  auto AsStart = [&](const Expr *Value) -> const CallExpr * {
    const auto *Call = dyn_cast<CallExpr>(Value);
    const Boundary *At = Call ? P.boundaryAt(Call) : nullptr;
    return At && !At->IsMarked ? Call : nullptr;
  };
  if (isa<CallExpr>(E))
    return AsStart(E);
  const auto *Name = dyn_cast<DeclRefExpr>(E);
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  if (!Variable || !Variable->isLocalVarDecl())
    return nullptr;
  // Its last value above.
  const PlaceBuilder::Changes &C = Builder.changesOf(Variable);
  llvm::SmallVector<const Expr *, 4> Values(C.Values.begin(), C.Values.end());
  if (Variable->getInit())
    Values.push_back(Variable->getInit());
  const SourceManager &SM = P.context().getSourceManager();
  const Expr *Last = nullptr;
  for (const Expr *Each : Values)
    if (SM.isBeforeInTranslationUnit(Each->getBeginLoc(), E->getBeginLoc()) &&
        (!Last ||
         SM.isBeforeInTranslationUnit(Last->getBeginLoc(), Each->getBeginLoc())))
      Last = Each;
  return Last ? AsStart(strip(Last)) : nullptr;
}

/// The start of a thread that has failed when \p Condition is \p Value: the error
/// number is not 0.
const CallExpr *BodyGenerator::failedStart(const Expr *Condition,
                                           bool Value) const {
  const auto *Compare = dyn_cast<BinaryOperator>(Condition);
  if (!Compare || !Compare->isComparisonOp())
    return Value ? startCall(Condition) : nullptr;
  Expr::EvalResult Number;
  if (Compare->getRHS()->isValueDependent() ||
      !Compare->getRHS()->EvaluateAsInt(Number, P.context()))
    return nullptr;
  const bool IsZero = Number.Val.getInt().isZero();
  const BinaryOperatorKind Op = Compare->getOpcode();
  // x == 0, x == EAGAIN; x != 0, x < 0, x > 0
  const bool Fails =
      Op == BO_EQ ? Value != IsZero
                  : IsZero && Value && Op != BO_LE && Op != BO_GE;
  return Fails ? startCall(Compare->getLHS()) : nullptr;
}

void BodyGenerator::holds(const Expr *Condition, bool Value,
                          llvm::SmallVectorImpl<Fact> &Into) {
  const Expr *E = strip(Condition);
  if (const auto *Not = dyn_cast<UnaryOperator>(E)) {
    if (Not->getOpcode() == UO_LNot)
      holds(Not->getSubExpr(), !Value, Into);
    return;
  }
  if (const CallExpr *Start = failedStart(E, Value)) {
    // There is no thread.
    const Handle Of = handleOf(*P.boundaryAt(Start));
    if (Of.Owner)
      Into.push_back(
          make(Fact::Join, Of.Owner, location(Start->getExprLoc())));
    return;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const Expr *Object = Callee ? objectOf(Call) : nullptr;
  if (!Object)
    return;
  QualType Type = Object->getType()->isPointerType()
                      ? Object->getType()->getPointeeType()
                      : strip(Object)->getType();
  const Location Loc = location(Call->getExprLoc());
  if (ownsThreads(Type) && Callee->getIdentifier() && isLibrary(Callee)) {
    // Not joinable, or empty: there is no thread.
    if ((Callee->getName() == "joinable" && !Value) ||
        (Callee->getName() == "empty" && Value))
      if (Ref R = Object->getType()->isPointerType() ? Builder.pointee(Object)
                                                     : Builder.place(Object);
          R.K == Ref::Known)
        Into.push_back(make(Fact::Join, R.P, Loc));
    return;
  }
  if (const Expr *Flag = flagRead(Call))
    if (Ref R = synchronizer(Flag); R.K == Ref::Known)
      Into.push_back(make(Fact::Acquire, truthOf(R.P, Value), Loc));
}

/// `flag.load()`, `flag.test()`, `flag` of an atomic bool: the object.
const Expr *BodyGenerator::flagRead(const CallExpr *Call) const {
  const Expr *Object = objectOf(Call);
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Object || !Callee || !Call->getType()->isBooleanType() ||
      isRelaxed(Call))
    return nullptr;
  const TypeModel *Model = Builder.modelOf(
      Object->getType()->isPointerType() ? Object->getType()->getPointeeType()
                                         : strip(Object)->getType());
  if (!Model || Model->Kind != TypeKind::Atomic)
    return nullptr;
  if (isa<CXXConversionDecl>(Callee))
    return Object;
  return Callee->getIdentifier() &&
                 (Callee->getName() == "load" || Callee->getName() == "test" ||
                  Callee->getName() == "test_and_set" ||
                  Callee->getName() == "exchange" ||
                  Callee->getName() == "stop_requested")
             ? Object
             : nullptr;
}

/// Whether the value of \p E decides a branch (through !, && and ||), so that
/// holds() sees it.
bool BodyGenerator::decidesBranch(const Expr *E) const {
  const Stmt *At = E;
  for (const Stmt *Up = parent(E); Up; At = Up, Up = parent(Up)) {
    if (isa<ParenExpr, ExprWithCleanups, ImplicitCastExpr>(Up))
      continue;
    if (const auto *Not = dyn_cast<UnaryOperator>(Up);
        Not && Not->getOpcode() == UO_LNot)
      continue;
    if (const auto *Op = dyn_cast<BinaryOperator>(Up); Op && Op->isLogicalOp())
      return true;
    if (const auto *If = dyn_cast<IfStmt>(Up))
      return If->getCond() == At;
    if (const auto *While = dyn_cast<WhileStmt>(Up))
      return While->getCond() == At;
    if (const auto *Do = dyn_cast<DoStmt>(Up))
      return Do->getCond() == At;
    if (const auto *For = dyn_cast<ForStmt>(Up))
      return For->getCond() == At;
    if (const auto *Choice = dyn_cast<ConditionalOperator>(Up))
      return Choice->getCond() == At;
    return false;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

namespace {

/// The joins of a loop's body, and whether it can be left or shortened.
class JoinFinder : public RecursiveASTVisitor<JoinFinder> {
public:
  explicit JoinFinder(const ModelTable &Models) : Models(Models) {}
  struct Found {
    const CallExpr *Call;
    const Expr *Object;
  };
  llvm::SmallVector<Found, 2> Joins;
  bool HasJump = false;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitBreakStmt(BreakStmt *) { return HasJump = true; }
  bool VisitContinueStmt(ContinueStmt *) { return HasJump = true; }
  bool VisitGotoStmt(GotoStmt *) { return HasJump = true; }
  bool VisitReturnStmt(ReturnStmt *) { return HasJump = true; }
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return true;
    const Expr *Object = objectOf(Call);
    QualType Type = Object ? Object->getType() : QualType();
    if (Object && Type->isPointerType())
      Type = Type->getPointeeType();
    const OperationModel *Model = Models.operation(
        Callee, Object ? Type->getAsCXXRecordDecl() : nullptr);
    if (!Model || Model->Does != OperationKind::Join)
      return true;
    const Expr *On = Model->On == OperationModel::Object ? Object
                     : Model->On >= 0 &&
                             static_cast<unsigned>(Model->On) < Call->getNumArgs()
                         ? Call->getArg(Model->On)
                         : nullptr;
    if (On)
      Joins.push_back({Call, On});
    return true;
  }

private:
  const ModelTable &Models;
};

} // namespace

static const Stmt *loopBody(const Stmt *Loop) {
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(Loop))
    return Range->getBody();
  if (const auto *For = dyn_cast<ForStmt>(Loop))
    return For->getBody();
  if (const auto *While = dyn_cast<WhileStmt>(Loop))
    return While->getBody();
  return cast<DoStmt>(Loop)->getBody();
}

/// A place that stands for an element, as its container and as the same part of
/// all elements; nothing without an element.
std::optional<BodyGenerator::Elements>
BodyGenerator::elementsOf(PlaceId Element) {
  PlaceTable &Places = P.places();
  const auto &Path = Places.get(Element).Path;
  const auto *Any = llvm::find_if(Path, [](Projection Step) {
    return Step.K == Projection::AnyElement;
  });
  if (Any == Path.end())
    return std::nullopt;
  const auto Length = static_cast<size_t>(Any - Path.begin());
  Elements Out;
  Out.Container = Places.prefix(Element, Length);
  Out.All = Places.rebase(
      Element, Places.prefix(Element, Length + 1),
      Places.project(Out.Container, {Projection::AllElements}));
  return Out;
}

/// What an access touches in all rounds of a loop: of a[i], for each i from the
/// first to the last, all elements. (A range-for is seen to by its places.)
PlaceId BodyGenerator::inAllRounds(const Expr *Element, PlaceId Touched) {
  const DeclRefExpr *Index = indexIn(Element);
  if (!Index || !Builder.isOfEveryRound(Index))
    return Touched;
  const auto *For = dyn_cast_or_null<ForStmt>(loopAround(Element));
  const auto Of = For ? elementsOf(Touched) : std::nullopt;
  return Of && visitsAll(For, Element, Of->Container) ? Of->All : Touched;
}

void BodyGenerator::loopEnds(const Stmt *Loop,
                             llvm::SmallVectorImpl<Fact> &Into) {
  JoinFinder Finder(P.solver().models());
  Finder.TraverseStmt(const_cast<Stmt *>(loopBody(Loop)));
  for (const JoinFinder::Found &Each : Finder.Joins) {
    const Ref R = Builder.handle(Each.Object);
    if (R.K != Ref::Known)
      continue;
    // The same member of each element is joined.
    if (const auto Of = elementsOf(R.P))
      Into.push_back(make(Fact::Join, Of->All, location(Loop->getBeginLoc()),
                          !Finder.HasJump && isForAll(Loop, Each.Call) &&
                              visitsAll(Loop, Each.Object, Of->Container)));
  }
}

/// x.joinable(), on whatever.
static bool asksJoinable(const Expr *E) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(strip(E));
  return Call && Call->getMethodDecl() && Call->getMethodDecl()->getIdentifier() &&
         Call->getMethodDecl()->getName() == "joinable";
}

static const DeclRefExpr *nameOf(const Expr *E) {
  return dyn_cast<DeclRefExpr>(strip(E));
}

static const VarDecl *variableOf(const Expr *E) {
  const DeclRefExpr *Name = nameOf(E);
  if (!Name)
    return nullptr;
  if (const auto *Binding = dyn_cast<BindingDecl>(Name->getDecl()))
    return dyn_cast<VarDecl>(Binding->getDecomposedDecl());
  return dyn_cast<VarDecl>(Name->getDecl());
}

static bool isMethod(const Expr *E, llvm::StringRef Name, const Expr *&Object) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(strip(E));
  if (!Call || !Call->getMethodDecl() || !Call->getMethodDecl()->getIdentifier() ||
      Call->getMethodDecl()->getName() != Name)
    return false;
  Object = Call->getImplicitObjectArgument();
  return true;
}

/// Whether the loop runs \p Join in every round, or in those with something to
/// join.
bool BodyGenerator::isForAll(const Stmt *Loop, const CallExpr *Join) {
  const Stmt *At = Join;
  for (const Stmt *Up = parent(Join); Up != loopBody(Loop);
       At = Up, Up = parent(Up)) {
    if (At == loopBody(Loop))
      break; // no braces
    if (!Up)
      return false;
    if (const auto *If = dyn_cast<IfStmt>(Up);
        If && asksJoinable(If->getCond()) && If->getThen() == At)
      continue;
    if (!isa<CompoundStmt, Expr>(Up) || isa<ConditionalOperator>(Up) ||
        isa<BinaryOperator>(Up))
      return false;
  }
  return true;
}

/// Whether the rounds of the loop are for all elements of \p Container, of which
/// \p Object is one: from the first to the last, whatever is in between.
bool BodyGenerator::visitsAll(const Stmt *Loop, const Expr *Object,
                              PlaceId Container) {
  auto Is = [&](const Expr *E) {
    const Ref R =
        E->getType()->isPointerType() ? Builder.pointee(E) : Builder.place(E);
    return R.K == Ref::Known && R.P == Container;
  };
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(Loop))
    return variableIn(Object) == Range->getLoopVariable() &&
           Is(Range->getRangeInit());
  const auto *For = dyn_cast<ForStmt>(Loop);
  const auto *Head =
      For ? dyn_cast_or_null<DeclStmt>(For->getInit()) : nullptr;
  if (!Head || !Head->isSingleDecl() || !For->getCond() || !For->getInc())
    return false;
  const auto *Index = dyn_cast<VarDecl>(Head->getSingleDecl());
  if (!Index || !Index->getInit() || Builder.changesOf(Index).Steps != 1 ||
      !Builder.changesOf(Index).Values.empty() ||
      Builder.changesOf(Index).AddressTaken)
    return false;
  // ++i or i++
  const Expr *Step = strip(For->getInc());
  bool Steps = false;
  if (const auto *Op = dyn_cast<UnaryOperator>(Step))
    Steps = Op->isIncrementOp() && variableOf(Op->getSubExpr()) == Index;
  else if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Step))
    Steps = Op->getOperator() == OO_PlusPlus && variableOf(Op->getArg(0)) == Index;
  if (!Steps)
    return false;
  // i < n, i != n
  const Expr *Condition = strip(For->getCond());
  const Expr *Left = nullptr, *Bound = nullptr;
  if (const auto *Rewritten = dyn_cast<CXXRewrittenBinaryOperator>(Condition)) {
    Left = Rewritten->getLHS();
    Bound = Rewritten->getRHS();
    if (Rewritten->getOperator() != BO_NE && Rewritten->getOperator() != BO_LT)
      return false;
  } else if (const auto *Op = dyn_cast<BinaryOperator>(Condition)) {
    if (Op->getOpcode() != BO_LT && Op->getOpcode() != BO_NE)
      return false;
    Left = Op->getLHS();
    Bound = Op->getRHS();
  } else if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Condition)) {
    if ((Op->getOperator() != OO_ExclaimEqual && Op->getOperator() != OO_Less) ||
        Op->getNumArgs() != 2)
      return false;
    Left = Op->getArg(0);
    Bound = Op->getArg(1);
  }
  if (!Left || variableOf(Left) != Index)
    return false;
  const Expr *Of = nullptr;
  // it = c.begin(); it != c.end()
  if (isMethod(Index->getInit(), "begin", Of) && Is(Of))
    return isMethod(Bound, "end", Of) && Is(Of) && variableIn(Object) == Index;
  // i = 0; i < c.size(), or the extent of an array
  Expr::EvalResult First, Last;
  if (!Index->getType()->isIntegerType() ||
      !Index->getInit()->EvaluateAsInt(First, P.context()) ||
      !First.Val.getInt().isZero() || variableIn(Object) != Index)
    return false;
  if (isMethod(Bound, "size", Of))
    return Is(Of);
  if (!Bound->EvaluateAsInt(Last, P.context()))
    return false;
  return Last.Val.getInt().getZExtValue() == extentOf(Object);
}

/// The use of the variable that says which element: i of c[i], it of *it.
const DeclRefExpr *BodyGenerator::indexIn(const Expr *Element) const {
  const Expr *E = strip(Element);
  while (const auto *Member = dyn_cast<MemberExpr>(E))
    E = strip(Member->getBase());
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return nameOf(Subscript->getIdx());
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    if (Operator->getOperator() == OO_Subscript && Operator->getNumArgs() == 2)
      return nameOf(Operator->getArg(1));
    if (Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Arrow)
      return nameOf(Operator->getArg(0));
  }
  if (const auto *Deref = dyn_cast<UnaryOperator>(E);
      Deref && Deref->getOpcode() == UO_Deref)
    return nameOf(Deref->getSubExpr());
  return nameOf(E);
}

const VarDecl *BodyGenerator::variableIn(const Expr *Element) const {
  const DeclRefExpr *Name = indexIn(Element);
  return Name ? variableOf(Name) : nullptr;
}

/// The number of elements of the array that an element is of, or 0.
uint64_t BodyGenerator::extentOf(const Expr *Element) const {
  const Expr *E = strip(Element);
  while (const auto *Member = dyn_cast<MemberExpr>(E))
    E = strip(Member->getBase());
  QualType Array;
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    Array = Subscript->getBase()->IgnoreParenImpCasts()->getType();
  else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
           Operator && Operator->getOperator() == OO_Subscript)
    Array = strip(Operator->getArg(0))->getType();
  if (Array.isNull())
    return 0;
  if (const ConstantArrayType *Constant =
          P.context().getAsConstantArrayType(Array))
    return Constant->getSize().getZExtValue();
  // std::array<T, N>
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Array->getAsCXXRecordDecl());
  if (Spec && Spec->isInStdNamespace() && Spec->getName() == "array" &&
      Spec->getTemplateArgs().size() == 2 &&
      Spec->getTemplateArgs()[1].getKind() == TemplateArgument::Integral)
    return Spec->getTemplateArgs()[1].getAsIntegral().getZExtValue();
  return 0;
}
