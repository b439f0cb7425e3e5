// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/PlaceBuilder.h"

#include "Flow/Accessors.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

const Expr *fearless::flow::strip(const Expr *E) {
  while (true) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Cast->getCastKind() != CK_ArrayToPointerDecay)
      Inner = Cast->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = Default->getExpr();
    else if (const auto *Subst = dyn_cast<SubstNonTypeTemplateParmExpr>(Inner))
      Inner = Subst->getReplacement();
    if (Inner == E)
      return E;
    E = Inner;
  }
}

namespace {
/// Uses of a loop's variable that every round reaches, in loops that visit all.
class EveryRoundFinder : public RecursiveASTVisitor<EveryRoundFinder> {
public:
  EveryRoundFinder(const VarDecl *Variable, const ModelTable &Models)
      : Models(Models), Variable(Variable) {}
  llvm::SmallVector<const DeclRefExpr *, 4> Uses;
  llvm::SmallVector<const FunctionDecl *, 4> Calls;
  /// The loop may be left, or threads may start or end in between: then what
  /// runs beside one round does not run beside all.
  bool IsCut = false;

  // Made for a thread, as far as is known here.
  bool TraverseLambdaExpr(LambdaExpr *) { return IsCut = true; }
  bool TraverseIfStmt(IfStmt *S) { return cut(S); }
  bool TraverseSwitchStmt(SwitchStmt *S) { return cut(S); }
  bool TraverseCXXTryStmt(CXXTryStmt *S) { return cut(S); }
  bool TraverseConditionalOperator(ConditionalOperator *S) { return cut(S); }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    IsCut |= Op->isLogicalOp();
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    // join(), get(), lock()...: the elements are reached one by one.
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Callee && Callee->getIdentifier()) {
      const llvm::StringRef Name = Callee->getName();
      IsCut |= Name == "join" || Name == "get" || Name == "wait" ||
               Name.find("lock") != llvm::StringRef::npos ||
               Name.find("acquire") != llvm::StringRef::npos ||
               Name.find("arrive") != llvm::StringRef::npos;
    }
    return runs(Callee);
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    // Each element under a lock of its own: another round holds another.
    const TypeModel *Model = Models.type(E->getConstructor()->getParent());
    IsCut |= Model && Model->Kind == TypeKind::Guard && mentions(E);
    return runs(E->getConstructor());
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (Ref->getDecl() == Variable)
      Uses.push_back(Ref);
    return true;
  }
  bool VisitStmt(Stmt *S) {
    IsCut |= isa<BreakStmt, ContinueStmt, GotoStmt, ReturnStmt, CXXThrowExpr>(S);
    return true;
  }

private:
  bool mentions(const Stmt *S) const {
    const auto *Name = dyn_cast_or_null<DeclRefExpr>(S);
    return (Name && Name->getDecl() == Variable) ||
           (S && llvm::any_of(S->children(), [&](const Stmt *Child) {
              return mentions(Child);
            }));
  }
  bool runs(const FunctionDecl *Callee) {
    IsCut |= Callee && !Models.boundaries(Callee).empty();
    if (Callee && Callee->hasBody())
      Calls.push_back(Callee);
    return true;
  }
  /// What depends on a condition is no use of every round; but it may cut.
  bool cut(Stmt *S) {
    const size_t Before = Uses.size();
    for (Stmt *Child : S->children())
      if (Child)
        TraverseStmt(Child);
    Uses.resize(Before);
    return true;
  }
  const ModelTable &Models;
  const VarDecl *Variable;
};

/// Finds what happens to variables after their initialisation.
class ChangeFinder : public RecursiveASTVisitor<ChangeFinder> {
public:
  using Map = std::map<const VarDecl *, PlaceBuilder::Changes>;
  ChangeFinder(Map &Out, llvm::DenseMap<const VarDecl *, const Expr *> &Ranges,
               PlaceBuilder::Rounds &Every, const ModelTable &Models)
      : Out(Out), Ranges(Ranges), Every(Every), Models(Models) {}

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (!Op->isAssignmentOp())
      return true;
    if (PlaceBuilder::Changes *C = of(Op->getLHS())) {
      if (Op->getOpcode() == BO_Assign)
        C->Values.push_back(Op->getRHS());
      else
        ++C->Steps;
    } else {
      part(Op->getLHS());
    }
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    PlaceBuilder::Changes *C = of(Op->getSubExpr());
    if (C && Op->isIncrementDecrementOp())
      ++C->Steps;
    else if (C && Op->getOpcode() == UO_AddrOf)
      C->AddressTaken = true;
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->getNumArgs() == 0)
      return true;
    PlaceBuilder::Changes *C = of(Call->getArg(0));
    if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2) {
      if (C)
        C->Values.push_back(Call->getArg(1));
      else
        part(Call->getArg(0));
    } else if (C && (Call->isAssignmentOp() ||
                     Call->getOperator() == OO_PlusPlus ||
                     Call->getOperator() == OO_MinusMinus)) {
      ++C->Steps;
    }
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    if (!Method || !Method->getIdentifier() || Method->isConst())
      return true;
    const llvm::StringRef Name = Method->getName();
    if (PlaceBuilder::Changes *C = of(Call->getImplicitObjectArgument())) {
      if (Name == "release" || Name == "swap")
        C->MovedFrom = true;
      if (Name == "reset" || Name == "swap")
        C->Values.push_back(Call->getNumArgs() ? Call->getArg(0) : Call);
    }
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->isInStdNamespace() || !Callee->getIdentifier())
      return true;
    if (Callee->getName() != "move" && Callee->getName() != "swap" &&
        Callee->getName() != "exchange" && Callee->getName() != "forward")
      return true;
    for (unsigned I = 0; I != Call->getNumArgs(); ++I)
      if (PlaceBuilder::Changes *C = of(Call->getArg(I))) {
        C->MovedFrom = true;
        if (Callee->getName() == "swap" || Callee->getName() == "exchange")
          C->Values.push_back(Call);
      }
    return true;
  }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *For) {
    if (const auto *Variable = For->getLoopVariable()) {
      Ranges[Variable] = For->getRangeInit();
      loop(For->getBody(), Variable);
    }
    // The loop's own ++ is not written.
    if (const DeclStmt *Begin = For->getBeginStmt())
      ++Out[cast<VarDecl>(Begin->getSingleDecl())].Steps;
    return true;
  }

  bool VisitForStmt(ForStmt *For) {
    const auto *Head = dyn_cast_or_null<DeclStmt>(For->getInit());
    if (Head && Head->isSingleDecl())
      if (const auto *Index = dyn_cast<VarDecl>(Head->getSingleDecl()))
        loop(For->getBody(), Index);
    return true;
  }

private:
  void loop(Stmt *Body, const VarDecl *Variable) {
    EveryRoundFinder Finder(Variable, Models);
    Finder.TraverseStmt(Body);
    if (Finder.IsCut)
      return;
    for (const DeclRefExpr *Use : Finder.Uses)
      Every[Use] = Finder.Calls;
  }
  PlaceBuilder::Changes *of(const Expr *E) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
        return &Out[Variable];
    return nullptr;
  }
  void part(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    bool IsPart = false;
    while (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (Member->isArrow() ||
          Member->getMemberDecl()->getType()->isReferenceType())
        return;
      IsPart = true;
      E = Member->getBase()->IgnoreParenImpCasts();
    }
    if (PlaceBuilder::Changes *C = IsPart ? of(E) : nullptr)
      C->PartsAssigned = true;
  }
  Map &Out;
  llvm::DenseMap<const VarDecl *, const Expr *> &Ranges;
  PlaceBuilder::Rounds &Every;
  const ModelTable &Models;
};
} // namespace

PlaceBuilder::PlaceBuilder(PlaceTable &Places, const ModelTable &Models,
                           const FunctionDecl *Function)
    : Places(Places), Models(Models), Function(Function) {
  // Assignments in the functions around a lambda count too.
  for (const DeclContext *Scope = Function; Scope; Scope = Scope->getParent())
    if (const auto *F = dyn_cast<FunctionDecl>(Scope); F && F->hasBody())
      scan(F->getBody());
  // In a constructor a member refers to what it was made from.
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->isMemberInitializer() && Init->getInit() &&
          (Init->getMember()->getType()->isReferenceType() ||
           Init->getMember()->getType()->isPointerType()))
        MadeFrom[Init->getMember()] = Init->getInit();
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!Method || !Method->getParent()->isLambda())
    return;
  for (const LambdaCapture &Capture : Method->getParent()->captures()) {
    if (Capture.capturesThis())
      OwnsThis = Capture.getCaptureKind() == LCK_StarThis;
    else if (Capture.capturesVariable() &&
             Capture.getCaptureKind() == LCK_ByCopy)
      OwnCopies.insert(Capture.getCapturedVar());
  }
}

void PlaceBuilder::scan(const Stmt *Body) {
  ChangeFinder(Changed, Ranges, EveryRound, Models)
      .TraverseStmt(const_cast<Stmt *>(Body));
}

bool PlaceBuilder::isOfEveryRound(const DeclRefExpr *Use) const {
  auto Found = EveryRound.find(Use);
  return Found != EveryRound.end() &&
         llvm::none_of(Found->second, [&](const FunctionDecl *Callee) {
           return !OrdersThreads || OrdersThreads(Callee);
         });
}

const TypeModel *PlaceBuilder::modelOf(QualType Type) const {
  const CXXRecordDecl *Class =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Class ? Models.type(Class) : nullptr;
}

bool PlaceBuilder::refers(QualType Type) const {
  if (Type.getNonReferenceType()->isPointerType())
    return true;
  const TypeModel *Model = modelOf(Type);
  return Model && (Model->Kind == TypeKind::View ||
                   Model->Kind == TypeKind::Owner);
}

bool PlaceBuilder::isOwnCopy(const VarDecl *Variable) const {
  return OwnCopies.count(Variable) != 0;
}

PlaceId PlaceBuilder::variable(const VarDecl *Variable) {
  const bool IsGlobal = Variable->hasGlobalStorage();
  return Places.root(IsGlobal ? Place::Global : Place::Local,
                     Variable->getCanonicalDecl(),
                     Variable->getNameAsString());
}

/// The first of the adjacent bit-fields that share a memory location with
/// \p Field [intro.memory].
static const FieldDecl *locationOf(const FieldDecl *Field) {
  const FieldDecl *First = nullptr;
  for (const FieldDecl *Each : Field->getParent()->fields()) {
    Expr::EvalResult Width;
    const bool Starts =
        !Each->isBitField() ||
        (!Each->getIdentifier() &&
         Each->getBitWidth()->EvaluateAsInt(Width, Field->getASTContext()) &&
         Width.Val.getInt() == 0);
    if (Starts || !First)
      First = Each->isBitField() && !Starts ? Each : nullptr;
    if (Each == Field)
      return First ? First : Field;
  }
  return Field;
}

PlaceId PlaceBuilder::field(PlaceId Base, const FieldDecl *Field) {
  // The members of a union are one storage.
  if (Field->getParent()->isUnion())
    return Base;
  Field = Field->getCanonicalDecl();
  if (Field->isBitField())
    Field = locationOf(Field);
  return Places.project(
      Base,
      {Projection::Field, reinterpret_cast<uint64_t>(Field->getCanonicalDecl())},
      Field->getName());
}

PlaceId PlaceBuilder::selfOf(const FunctionDecl *F) {
  for (const DeclContext *Scope = F; Scope; Scope = Scope->getParent()) {
    const Decl *Root = nullptr;
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Scope);
        Method && !Method->getParent()->isLambda())
      Root = Method->getCanonicalDecl();
    else if (const auto *Class = dyn_cast<CXXRecordDecl>(Scope);
             Class && !Class->isLambda())
      Root = Class->getCanonicalDecl(); // a member's initialiser
    if (Root)
      return Places.root(Place::This, Root, "this");
  }
  return Places.root(Place::This, nullptr, "this");
}

PlaceId PlaceBuilder::resultOf(const FunctionDecl *F) {
  const Decl *Root = F->getCanonicalDecl();
  return Places.root(Place::Result, Root, "the result");
}

//===----------------------------------------------------------------------===//
// Exact places
//===----------------------------------------------------------------------===//

PlaceId PlaceBuilder::opaque(const Expr *E) {
  llvm::FoldingSetNodeID Id;
  E->Profile(Id, Function->getASTContext(), /*Canonical=*/true);
  const Expr *First = Opaque.try_emplace(Id, E).first->second;
  std::string Name;
  llvm::raw_string_ostream OS(Name);
  First->printPretty(OS, nullptr,
                     PrintingPolicy(Function->getASTContext().getLangOpts()));
  return Places.root(Place::Opaque, First, OS.str());
}

uint64_t PlaceBuilder::elementKey(const Expr *Index) {
  if (!Exact)
    return 0;
  if (const auto *Name = dyn_cast<DeclRefExpr>(strip(Index)))
    if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl()))
      return reinterpret_cast<uint64_t>(
          static_cast<const void *>(Variable->getCanonicalDecl()));
  return reinterpret_cast<uint64_t>(Places.get(opaque(strip(Index))).Root);
}

PlaceId PlaceBuilder::exact(const Expr *E) {
  ExactScope Scope(*this);
  Ref R = E->getType()->isPointerType() ? pointee(E) : place(E);
  return R.K == Ref::Known ? R.P : PlaceId();
}

PlaceId PlaceBuilder::lock(const LockPath &Path, PlaceId Object) {
  PlaceId At = Path.OfObject ? Object : PlaceId();
  QualType Type;
  // What a pointer or smart pointer leads to is meant, never the pointer.
  auto Follow = [&] {
    while (!Type.isNull() && refers(Type)) {
      At = deref(At);
      Type = Type->isPointerType() ? Type->getPointeeType() : QualType();
    }
  };
  for (const ValueDecl *Step : Path.Steps) {
    Follow();
    if (const auto *Field = dyn_cast<FieldDecl>(Step)) {
      if (!At)
        return {};
      At = field(At, Field);
      if (Field->getType()->isReferenceType())
        At = Places.project(At, {Projection::Deref}, "&");
    } else if (const auto *Variable = dyn_cast<VarDecl>(Step)) {
      At = variable(Variable);
    } else if (const auto *Accessor = dyn_cast<FunctionDecl>(Step)) {
      const FieldDecl *Field = returnedField(Accessor);
      const VarDecl *Static = returnedStatic(Accessor);
      if (Field && At)
        At = field(At, Field);
      else if (Static)
        At = variable(Static);
      else
        return {};
    }
    Type = isa<FunctionDecl>(Step)
               ? cast<FunctionDecl>(Step)->getReturnType().getNonReferenceType()
               : Step->getType().getNonReferenceType();
  }
  Follow();
  return At;
}
