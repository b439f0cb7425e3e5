// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/PlaceBuilder.h"

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
  explicit EveryRoundFinder(const VarDecl *Variable) : Variable(Variable) {}
  llvm::SmallVector<const DeclRefExpr *, 4> Uses;
  /// The loop may be left, or waits for something in between.
  bool IsCut = false;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
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
    return true;
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
  /// What depends on a condition is no use of every round; but it may cut.
  bool cut(Stmt *S) {
    const size_t Before = Uses.size();
    for (Stmt *Child : S->children())
      if (Child)
        TraverseStmt(Child);
    Uses.resize(Before);
    return true;
  }
  const VarDecl *Variable;
};

/// Finds what happens to variables after their initialisation.
class ChangeFinder : public RecursiveASTVisitor<ChangeFinder> {
public:
  using Map = std::map<const VarDecl *, PlaceBuilder::Changes>;
  ChangeFinder(Map &Out, llvm::DenseMap<const VarDecl *, const Expr *> &Ranges,
               llvm::DenseSet<const DeclRefExpr *> &Every)
      : Out(Out), Ranges(Ranges), Every(Every) {}

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
    if (const auto *Variable = For->getLoopVariable())
      loop(For, Variable);
    // The loop's own ++ is not written.
    if (const DeclStmt *Begin = For->getBeginStmt())
      ++Out[cast<VarDecl>(Begin->getSingleDecl())].Steps;
    return true;
  }

private:
  void loop(CXXForRangeStmt *For, const VarDecl *Variable) {
    Ranges[Variable] = For->getRangeInit();
    EveryRoundFinder Finder(Variable);
    Finder.TraverseStmt(For->getBody());
    if (!Finder.IsCut)
      Every.insert(Finder.Uses.begin(), Finder.Uses.end());
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
  llvm::DenseSet<const DeclRefExpr *> &Every;
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
  ChangeFinder(Changed, Ranges, EveryRound).TraverseStmt(const_cast<Stmt *>(Body));
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

/// "return x_;" as all of a body: the returned expression.
static const Expr *returned(const FunctionDecl *Accessor) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Accessor->getBody());
  if (!Body || Body->body_empty())
    return nullptr;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_back());
  if (!Return || !Return->getRetValue())
    return nullptr;
  // In front may stand the declaration of what is returned.
  if (Body->size() > 2 ||
      (Body->size() == 2 && !isa<DeclStmt>(Body->body_front())))
    return nullptr;
  return Return->getRetValue()->IgnoreParenImpCasts();
}

/// The member that "T &get() { return x_; }" returns.
static const FieldDecl *returnedField(const FunctionDecl *Accessor) {
  const auto *Member = dyn_cast_or_null<MemberExpr>(returned(Accessor));
  return Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts())
             ? dyn_cast<FieldDecl>(Member->getMemberDecl())
             : nullptr;
}

/// The variable that "T &instance() { static T it; return it; }" returns.
static const VarDecl *returnedStatic(const FunctionDecl *Accessor) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(returned(Accessor));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->hasGlobalStorage() &&
                 Variable->getTLSKind() == VarDecl::TLS_None &&
                 Accessor->getReturnType()->isReferenceType()
             ? Variable
             : nullptr;
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

/// Whether a place stands for one of several objects.
static bool isAmbiguous(const Place &P) {
  return P.Kind == Place::Opaque ||
         llvm::any_of(P.Path, [](Projection Step) {
           return Step.K == Projection::AnyElement && Step.Key == 0;
         });
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

//===----------------------------------------------------------------------===//
// Pointees
//===----------------------------------------------------------------------===//

Ref PlaceBuilder::pointee(const VarDecl *Variable) {
  if (auto Range = Ranges.find(Variable); Range != Ranges.end()) {
    // for (T *p : range): an element's referent.
    if (Ref R = place(Range->second); R.K == Ref::Known)
      return Ref::known(deref(someElement(
          R.P, reinterpret_cast<uint64_t>(
                   static_cast<const void *>(Variable->getCanonicalDecl())))));
    return Ref::unknown();
  }
  const Changes &C = changesOf(Variable);
  const bool IsParameter = isa<ParmVarDecl>(Variable);
  // Pointers that are assigned from one another would be followed along every
  // path between them.
  if (Depth == 0)
    NumFollowed = 0;
  const bool MayFollow = Depth < 16 && ++NumFollowed <= MaxFollowed;
  if (Exact) {
    const bool Fixed = Variable->hasInit() && !C.any() && !IsParameter &&
                       Variable->isLocalVarDecl();
    if ((Fixed || Variable->isInitCapture()) && Variable->getInit() &&
        MayFollow) {
      ++Depth;
      Ref R = pointee(Variable->getInit());
      --Depth;
      if (R.K == Ref::Known && !isAmbiguous(Places.get(R.P)))
        return R;
    }
    return Ref::known(deref(variable(Variable)));
  }
  // What it was made from or is assigned, when that is one and the same; what
  // it has for itself otherwise (a fresh object, the caller's).
  const bool IsLocal = Variable->isLocalVarDecl() || Variable->isInitCapture();
  llvm::SmallVector<const Expr *, 2> Sources(C.Values.begin(), C.Values.end());
  if (Variable->getInit() && !IsParameter)
    Sources.push_back(Variable->getInit());
  llvm::erase_if(Sources, [&](const Expr *E) {
    const Expr *Value = strip(E);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value))
      return Construct->getNumArgs() == 0 ||
             strip(Construct->getArg(0))->getType()->isNullPtrType();
    return Value->getType()->isNullPtrType() ||
           isa<GNUNullExpr, IntegerLiteral>(Value);
  });
  bool IsStable = C.Steps == 0 && !C.AddressTaken;
  if (IsLocal && !C.AddressTaken && !Sources.empty() && MayFollow) {
    std::optional<Ref> One;
    bool AllSame = true;
    for (const Expr *Source : Sources) {
      ++Depth;
      const Ref R = pointee(Source);
      --Depth;
      AllSame &= R.K == Ref::Known && (!One || One->P == R.P);
      One = R;
    }
    if (AllSame)
      return C.Steps ? Ref::known(Places.offset(One->P, std::nullopt)) : *One;
    IsStable &= Sources.size() == 1;
  } else if (!Sources.empty() && (IsParameter || !IsLocal || Sources.size() > 1)) {
    IsStable = false;
  }
  return Ref::known(deref(variable(Variable), IsStable));
}

/// The one argument that std::move, std::forward and the like pass on.
static bool passesOn(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || Call->getNumArgs() != 1 || !Call->isGLValue() ||
      isa<CXXMethodDecl>(Callee))
    return false;
  return Call->getType().getCanonicalType().getUnqualifiedType() ==
         Call->getArg(0)->getType().getCanonicalType().getUnqualifiedType();
}

/// The expression that makes \p Field of an object that \p Object makes.
const Expr *PlaceBuilder::madeFrom(const Expr *Object,
                                   const FieldDecl *Field) const {
  for (unsigned Step = 0; Step != 8; ++Step) {
    const Expr *E = strip(Object);
    if (const auto *Name = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
      if (!Variable || !Variable->getInit() || isa<ParmVarDecl>(Variable) ||
          Variable->hasGlobalStorage() || changesOf(Variable).any() ||
          changesOf(Variable).PartsAssigned)
        return nullptr;
      Object = Variable->getInit();
      continue;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E); Call && passesOn(Call)) {
      Object = Call->getArg(0);
      continue;
    }
    if (const auto *List = dyn_cast<InitListExpr>(E)) {
      const auto *Class = List->getType()->getAsCXXRecordDecl();
      if (!Class || Class->isUnion() || Class->getNumBases() != 0)
        return nullptr;
      unsigned I = 0;
      for (const FieldDecl *Each : Class->fields()) {
        if (Each->isBitField() && !Each->getIdentifier())
          continue;
        if (Each->getCanonicalDecl() == Field->getCanonicalDecl())
          return I < List->getNumInits() ? List->getInit(I) : nullptr;
        ++I;
      }
      return nullptr;
    }
    const auto *Construct = dyn_cast<CXXConstructExpr>(E);
    if (!Construct)
      return nullptr;
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    if (Constructor->isCopyOrMoveConstructor() && Construct->getNumArgs() >= 1) {
      Object = Construct->getArg(0);
      continue;
    }
    const FunctionDecl *Definition = nullptr;
    if (!Constructor->hasBody(Definition))
      return nullptr;
    for (const CXXCtorInitializer *Init :
         cast<CXXConstructorDecl>(Definition)->inits()) {
      if (!Init->isMemberInitializer() || !Init->getInit() ||
          Init->getMember()->getCanonicalDecl() != Field->getCanonicalDecl())
        continue;
      // A parameter that is passed through.
      const Expr *From = strip(Init->getInit());
      if (const auto *Copy = dyn_cast<CXXConstructExpr>(From);
          Copy && Copy->getNumArgs() == 1)
        From = strip(Copy->getArg(0));
      if (const auto *Call = dyn_cast<CallExpr>(From); Call && passesOn(Call))
        From = strip(Call->getArg(0));
      const bool IsAddress = isa<UnaryOperator>(From) &&
                             cast<UnaryOperator>(From)->getOpcode() == UO_AddrOf;
      if (IsAddress)
        From = strip(cast<UnaryOperator>(From)->getSubExpr());
      const auto *Name = dyn_cast<DeclRefExpr>(From);
      const auto *Parameter =
          Name ? dyn_cast<ParmVarDecl>(Name->getDecl()) : nullptr;
      if (!Parameter ||
          Parameter->getFunctionScopeIndex() >= Construct->getNumArgs())
        return nullptr;
      return Construct->getArg(Parameter->getFunctionScopeIndex());
    }
    return nullptr;
  }
  return nullptr;
}

/// What a pointer or reference member of an object refers to.
Ref PlaceBuilder::fieldPointee(const Expr *Object, const FieldDecl *Field) {
  const Expr *From = Depth < 16 ? madeFrom(Object, Field) : nullptr;
  if (!From)
    return Ref::unknown();
  ++Depth;
  // A reference, or a pointer made from an address, is bound to an lvalue.
  const Ref R = Field->getType()->isReferenceType() ||
                        (Field->getType()->isPointerType() &&
                         !From->getType()->isPointerType() &&
                         !From->getType()->isArrayType())
                    ? place(From)
                    : pointee(From);
  --Depth;
  return R;
}

PlaceId PlaceBuilder::resolve(PlaceId P) {
  for (unsigned Round = 0; Round != 8; ++Round) {
    const Place Of = Places.get(P);
    const Expr *Object = nullptr;
    const VarDecl *Variable = nullptr;
    if (Of.Kind == Place::Temporary)
      Object = static_cast<const Expr *>(Of.Root);
    else if (Of.Kind == Place::Local)
      Variable = static_cast<const VarDecl *>(Of.Root);
    else
      return P;
    // The first pointer on the way.
    size_t I = 0;
    while (I != Of.Path.size() && Of.Path[I].K == Projection::Field)
      ++I;
    if (I == Of.Path.size() || Of.Path[I].K != Projection::Deref)
      return P;
    Ref To;
    if (I == 0) {
      if (!Variable)
        return P;
      To = pointee(Variable);
    } else {
      if (Variable) {
        // A reference member is bound for good.
        const bool IsFixed = reinterpret_cast<const FieldDecl *>(
                                 Of.Path[I - 1].Key)
                                 ->getType()
                                 ->isReferenceType();
        if (!Variable->getInit() || isa<ParmVarDecl>(Variable) ||
            Variable->hasGlobalStorage() ||
            (!IsFixed && (changesOf(Variable).any() ||
                          changesOf(Variable).PartsAssigned)))
          return P;
        Object = Variable->getInit();
      }
      for (size_t F = 0; Object && F + 1 < I; ++F)
        Object = madeFrom(Object, reinterpret_cast<const FieldDecl *>(
                                      Of.Path[F].Key));
      if (Object)
        To = fieldPointee(Object, reinterpret_cast<const FieldDecl *>(
                                      Of.Path[I - 1].Key));
    }
    if (To.K != Ref::Known || !To.P)
      return P;
    PlaceId Before = Places.rootOf(P);
    for (size_t Step = 0; Step <= I; ++Step)
      Before = Places.project(Before, Of.Path[Step]);
    PlaceId Target = To.P;
    if (Of.Path[I].Key != 0)
      Target = Places.offset(Target, std::nullopt);
    const PlaceId Next = Places.rebase(P, Before, Target);
    if (Next == P || Places.isWithin(Next, Before))
      return P;
    P = Next;
  }
  return P;
}

Ref PlaceBuilder::subscript(const Expr *Base, const Expr *Index,
                            bool IsPointer) {
  Ref R = IsPointer ? pointee(Base) : place(Base);
  if (!R.P)
    return R;
  Expr::EvalResult Value;
  std::optional<int64_t> Constant;
  if (Index && !Index->isValueDependent() &&
      Index->EvaluateAsInt(Value, Function->getASTContext()))
    Constant = Value.Val.getInt().extOrTrunc(64).getSExtValue();
  if (IsPointer && !Exact)
    R.P = Places.offset(R.P, Constant);
  else if (Constant)
    R.P = Places.project(R.P, {Projection::Element,
                               static_cast<uint64_t>(*Constant)});
  else
    R.P = someElement(R.P, Index ? elementKey(Index) : 0);
  return R;
}

/// A container's method that returns a reference to an element.
static bool returnsElement(llvm::StringRef Name) {
  return Name == "at" || Name == "front" || Name == "back" || Name == "top" ||
         Name == "value" || Name == "emplace_back" || Name == "emplace_front";
}

/// A container's method that returns something that refers to its elements.
static bool refersToElements(llvm::StringRef Name) {
  return Name == "begin" || Name == "end" || Name == "cbegin" ||
         Name == "cend" || Name == "rbegin" || Name == "rend" ||
         Name == "data" || Name == "c_str" || Name == "find" ||
         Name == "lower_bound" || Name == "upper_bound" || Name == "substr";
}

static bool refersToFirst(llvm::StringRef Name) {
  return Name == "begin" || Name == "cbegin" || Name == "data" ||
         Name == "c_str";
}

Ref PlaceBuilder::call(const CallExpr *Call) {
  if (passesOn(Call))
    return place(Call->getArg(0));
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return Ref::unknown();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    // Smart pointers inherit their operators: the variable's own type counts.
    const Expr *Object = strip(Operator->getArg(0));
    const TypeModel *Model = modelOf(Object->getType());
    switch (Operator->getOperator()) {
    case OO_Star:
    case OO_Arrow:
      if (refers(Object->getType()))
        return pointee(Object);
      if (Model) // optional, expected: the value inside
        return place(Object);
      return Ref::unknown();
    case OO_Subscript:
      return subscript(Object, Operator->getNumArgs() > 1 ? Operator->getArg(1)
                                                          : nullptr,
                       refers(Object->getType()));
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_Equal:
    case OO_PlusEqual:
    case OO_LessLess:
      return place(Object);
    default:
      return Ref::unknown();
    }
  }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    const Expr *Object = Member->getImplicitObjectArgument();
    if (Object && isa<CXXConversionDecl>(Callee) && Call->isGLValue() &&
        refers(strip(Object)->getType()))
      return pointee(strip(Object));
    if (!Object || !Callee->getIdentifier())
      return Ref::unknown();
    if (returnsElement(Callee->getName()) &&
        modelOf(Object->getType()->isPointerType()
                    ? Object->getType()->getPointeeType()
                    : Object->getType())) {
      if (!Exact && Callee->getName() == "at" && Call->getNumArgs() == 1 &&
          !Object->getType()->isPointerType())
        return subscript(Object, Call->getArg(0), refers(Object->getType()));
      Ref R = Object->getType()->isPointerType() ? pointee(Object)
                                                 : place(Object);
      if (R.P)
        R.P = someElement(R.P, elementKey(Call->getNumArgs() == 1
                                              ? Call->getArg(0)
                                              : Call));
      return R;
    }
    // reference_wrapper
    if (Callee->getName() == "get" && Call->isGLValue() &&
        refers(Object->getType()))
      return pointee(Object);
    if (const FieldDecl *F = returnedField(Callee)) {
      Ref R = Object->getType()->isPointerType() ? pointee(Object)
                                                 : place(Object);
      if (R.P)
        R.P = field(R.P, F);
      return R;
    }
  }
  if (const VarDecl *Static = returnedStatic(Callee))
    return Ref::known(variable(Static));
  if (Ref Part = partOf(Call, Callee); Part.K != Ref::Unknown)
    return Part;
  return follow(Call);
}

Ref PlaceBuilder::follow(const CallExpr *Call) {
  if (!Followed || Exact || Depth >= 16)
    return Ref::unknown();
  ++Depth;
  const Ref R = Followed(Call);
  --Depth;
  return R;
}

/// std::get<I> of a pair, tuple or array.
Ref PlaceBuilder::partOf(const CallExpr *Call, const FunctionDecl *Callee) {
  if (!Callee->getIdentifier() || Callee->getName() != "get" ||
      !Callee->isInStdNamespace() || Call->getNumArgs() != 1 ||
      !Callee->getTemplateSpecializationArgs() ||
      Callee->getTemplateSpecializationArgs()->size() == 0)
    return Ref::unknown();
  const TemplateArgument &Which = Callee->getTemplateSpecializationArgs()->get(0);
  const auto *Class =
      Call->getArg(0)->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (Which.getKind() != TemplateArgument::Integral || !Class)
    return Ref::unknown();
  Ref R = place(Call->getArg(0));
  if (!R.P)
    return R;
  const uint64_t Index = Which.getAsIntegral().getZExtValue();
  if (Class->getName() == "pair") {
    for (const FieldDecl *Field : Class->fields())
      if (Field->getName() == (Index == 0 ? "first" : "second"))
        R.P = field(R.P, Field);
  } else {
    R.P = Places.project(R.P, {Projection::Element, Index});
  }
  return R;
}

/// What a constructor has made a pointer or reference member of its object from.
const Expr *PlaceBuilder::originOf(const MemberExpr *Member) const {
  const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
  auto Found = MadeFrom.find(Field);
  return Found != MadeFrom.end() && isa<CXXThisExpr>(strip(Member->getBase()))
             ? Found->second
             : nullptr;
}

Ref PlaceBuilder::place(const Expr *E) {
  Ref R = inexactPlace(E);
  if (Exact && R.K == Ref::Unknown && !isa<CXXThisExpr>(strip(E)))
    return Ref::known(opaque(strip(E)));
  return R;
}

Ref PlaceBuilder::pointee(const Expr *E) {
  Ref R = inexactPointee(E);
  if (Exact && R.K == Ref::Unknown)
    return Ref::known(deref(opaque(strip(E))));
  return R;
}

/// The vector<bool> or bitset of which \p E makes a proxy for one bit.
static const Expr *proxied(const Expr *E) {
  const Expr *Object = nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      Operator && Operator->getOperator() == OO_Subscript)
    Object = Operator->getArg(0);
  else if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E);
           Member && Member->getMethodDecl() &&
           Member->getMethodDecl()->getIdentifier() &&
           returnsElement(Member->getMethodDecl()->getName()))
    Object = Member->getImplicitObjectArgument();
  if (!Object || Object->getType()->isPointerType())
    return nullptr;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      strip(Object)->getType()->getAsCXXRecordDecl());
  if (!Spec || !Spec->isInStdNamespace() || Spec->getTemplateArgs().size() == 0)
    return nullptr;
  const TemplateArgument &First = Spec->getTemplateArgs()[0];
  const bool Bits = Spec->getName() == "bitset" ||
                    (Spec->getName() == "vector" &&
                     First.getKind() == TemplateArgument::Type &&
                     First.getAsType()->isBooleanType());
  return Bits ? Object : nullptr;
}

Ref PlaceBuilder::inexactPlace(const Expr *E) {
  E = strip(E);
  if (E->isPRValue() && E->getType()->isRecordType()) {
    // The bits of vector<bool> and bitset share their words.
    if (const Expr *Bits = proxied(E)) {
      Ref R = place(Bits);
      if (R.P)
        R.P = Places.project(R.P, {Projection::AllElements});
      return R;
    }
    return Ref::known(temporary(E));
  }
  if (E->isPRValue() && !isa<CXXThisExpr>(E) && !E->getType()->isArrayType() &&
      !isa<CallExpr>(E))
    return {Ref::Private, {}};
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(R->getDecl())) {
      const VarDecl *Holds = Binding->getHoldingVar();
      const Expr *To = Holds ? Holds->getInit() : Binding->getBinding();
      return To ? place(To) : Ref::unknown();
    }
    const auto *Variable = dyn_cast<VarDecl>(R->getDecl());
    if (!Variable)
      return {Ref::Private, {}}; // a function or an enumerator
    if (Variable->getTLSKind() != VarDecl::TLS_None)
      return {Ref::Private, {}};
    if (auto Range = Ranges.find(Variable);
        Range != Ranges.end() && Variable->getType()->isReferenceType()) {
      Ref Over = place(Range->second);
      if (Over.P && !Exact && EveryRound.count(R))
        Over.P = Places.project(Over.P, {Projection::AllElements});
      else if (Over.P)
        Over.P = someElement(
            Over.P, reinterpret_cast<uint64_t>(
                        static_cast<const void *>(Variable->getCanonicalDecl())));
      return Over;
    }
    if (Variable->getType()->isReferenceType()) {
      if (isOwnCopy(Variable))
        return {Ref::Private, variable(Variable)};
      if (const Expr *Init = Variable->getInit();
          Init && !isa<ParmVarDecl>(Variable) && Depth < 16) {
        ++Depth;
        Ref To = place(Init);
        --Depth;
        if (To.K != Ref::Unknown && !(Exact && isAmbiguous(Places.get(To.P))))
          return To;
      }
      return Ref::known(variable(Variable));
    }
    if (isOwnCopy(Variable) || Variable->isInitCapture())
      return {Ref::Private, variable(Variable)};
    return Ref::known(variable(Variable));
  }
  if (isa<CXXThisExpr>(E))
    return Ref::unknown(); // a pointer: see pointee()
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return Static->getTLSKind() != VarDecl::TLS_None
                 ? Ref{Ref::Private, {}}
                 : Ref::known(variable(Static));
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {Ref::Private, {}};
    if (const Expr *Origin = originOf(Member);
        Origin && Field->getType()->isReferenceType())
      return place(Origin);
    if (Field->getType()->isReferenceType() && !Member->isArrow() && !Exact)
      if (Ref To = fieldPointee(Member->getBase(), Field); To.K == Ref::Known)
        return To;
    Ref Base = Member->isArrow() ? pointee(Member->getBase())
                                 : place(Member->getBase());
    if (!Base.P)
      return Base;
    Base.P = this->field(Base.P, Field);
    if (Field->getType()->isReferenceType())
      Base = Ref::known(Places.project(Base.P, {Projection::Deref}, "&"));
    return Base;
  }
  if (const auto *Op = dyn_cast<UnaryOperator>(E)) {
    if (Op->getOpcode() == UO_Deref)
      return pointee(Op->getSubExpr());
    if (Op->isPrefix())
      return place(Op->getSubExpr());
    return Ref::unknown();
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    const Expr *Base = Subscript->getBase()->IgnoreParens();
    if (const auto *Decay = dyn_cast<ImplicitCastExpr>(Base);
        Decay && Decay->getCastKind() == CK_ArrayToPointerDecay)
      return subscript(Decay->getSubExpr(), Subscript->getIdx(), false);
    return subscript(Base, Subscript->getIdx(), true);
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E)) {
    if (Op->isAssignmentOp())
      return place(Op->getLHS());
    if (Op->getOpcode() == BO_Comma)
      return place(Op->getRHS());
    return Ref::unknown();
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (E->isPRValue())
      return {Ref::Private, {}};
    return this->call(Call);
  }
  if (isa<CXXConstructExpr, LambdaExpr, InitListExpr, CXXNewExpr,
          clang::StringLiteral>(E))
    return {Ref::Private, {}};
  return Ref::unknown();
}

/// What a view of a container starts with; any other object itself.
Ref PlaceBuilder::firstOf(const Expr *Source) {
  Ref R = place(Source);
  const TypeModel *Model = modelOf(strip(Source)->getType());
  if (R.P && !Exact && Model && Model->Kind == TypeKind::Container)
    R.P = Places.project(R.P, {Projection::Element, 0});
  return R;
}

/// reference_wrapper<T> of a T: it shows the whole, not the elements.
static bool isWrapperOf(QualType View, QualType Source) {
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      View->getAsCXXRecordDecl());
  return Spec && Spec->getTemplateArgs().size() != 0 &&
         Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
         Spec->getTemplateArgs()[0].getAsType().getCanonicalType()
                 .getUnqualifiedType() ==
             Source.getCanonicalType().getUnqualifiedType();
}

Ref PlaceBuilder::inexactPointee(const Expr *E) {
  E = strip(E);
  if (isa<CXXThisExpr>(E))
    return OwnsThis ? Ref{Ref::Private, self()} : Ref::known(self());
  if (const auto *Op = dyn_cast<UnaryOperator>(E)) {
    if (Op->getOpcode() == UO_AddrOf)
      return place(Op->getSubExpr());
    if (Op->isIncrementDecrementOp())
      return pointee(Op->getSubExpr());
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E);
      Op && Op->isAdditiveOp()) {
    // p + n: in the same array.
    const bool Left = Op->getLHS()->getType()->isPointerType();
    Ref R = pointee(Left ? Op->getLHS() : Op->getRHS());
    Expr::EvalResult Value;
    const Expr *By = Left ? Op->getRHS() : Op->getLHS();
    if (!R.P || Exact)
      return R;
    if (!By->isValueDependent() &&
        By->EvaluateAsInt(Value, Function->getASTContext())) {
      const int64_t N = Value.Val.getInt().extOrTrunc(64).getSExtValue();
      R.P = Places.offset(R.P, Op->getOpcode() == BO_Sub ? -N : N);
    } else {
      R.P = Places.offset(R.P, std::nullopt);
    }
    return R;
  }
  // An array decays, here or where it is passed on to.
  const auto *Decay = dyn_cast<ImplicitCastExpr>(E);
  if (Decay && Decay->getCastKind() != CK_ArrayToPointerDecay)
    Decay = nullptr;
  if (Decay || (E->isGLValue() && E->getType()->isArrayType())) {
    Ref R = place(Decay ? Decay->getSubExpr() : E);
    if (R.P)
      R.P = Exact ? anyElement(R.P)
                  : Places.project(R.P, {Projection::Element, 0});
    return R;
  }
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(R->getDecl());
    if (Variable && !Variable->getType()->isReferenceType())
      return pointee(Variable);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
      Construct && Construct->getNumArgs() >= 1) {
    // A copy or move of a smart pointer or iterator, or a view of a container.
    const Expr *Source = Construct->getArg(0);
    if (refers(Source->getType()))
      return pointee(Source);
    if (modelOf(Construct->getType()) &&
        modelOf(Construct->getType())->Kind == TypeKind::View)
      return isWrapperOf(Construct->getType(), Source->getType())
                 ? place(Source)
                 : firstOf(Source);
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = Call->getImplicitObjectArgument();
    if (Object && !Object->getType()->isPointerType())
      Object = strip(Object);
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Object && Callee) {
      const bool Arrow = Object->getType()->isPointerType();
      if (isa<CXXConversionDecl>(Callee)) // string to string_view
        return Arrow ? pointee(Object) : firstOf(Object);
      if (Callee->getIdentifier()) {
        if ((Callee->getName() == "get" || Callee->getName() == "lock") &&
            refers(Object->getType()))
          return pointee(Object);
        if (refersToElements(Callee->getName()) &&
            modelOf(Arrow ? Object->getType()->getPointeeType()
                          : Object->getType())) {
          Ref R = Arrow ? pointee(Object) : place(Object);
          if (R.P && refers(Object->getType()) && !Arrow)
            return pointee(Object);
          if (R.P)
            R.P = refersToFirst(Callee->getName()) && !Exact
                      ? Places.project(R.P, {Projection::Element, 0})
                      : someElement(R.P, elementKey(Call));
          return R;
        }
      }
    }
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (passesOn(Call))
      return pointee(Call->getArg(0));
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
      // p->f() on a smart pointer or optional; *it and v[i] are glvalues.
      if (Operator->getOperator() == OO_Arrow)
        return this->call(Call);
      // it + n, ++it
      const Expr *Object = strip(Operator->getArg(0));
      if (!Exact && refers(Object->getType()) && Operator->getNumArgs() == 2 &&
          (Operator->getOperator() == OO_Plus ||
           Operator->getOperator() == OO_Minus)) {
        Ref R = pointee(Object);
        Expr::EvalResult Value;
        const Expr *By = Operator->getArg(1);
        std::optional<int64_t> N;
        if (By->getType()->isIntegerType() && !By->isValueDependent() &&
            By->EvaluateAsInt(Value, Function->getASTContext())) {
          N = Value.Val.getInt().extOrTrunc(64).getSExtValue();
          if (Operator->getOperator() == OO_Minus)
            N = -*N;
        }
        if (R.P)
          R.P = Places.offset(R.P, N);
        return R;
      }
      if (Operator->getOperator() == OO_PlusPlus ||
          Operator->getOperator() == OO_MinusMinus)
        return pointee(Object);
    }
    // std::ref(x), std::addressof(x): a value that refers to its argument.
    if (Callee && Call->getNumArgs() == 1 && !isa<CXXMethodDecl>(Callee) &&
        Callee->isInStdNamespace() &&
        refers(Call->getType()) && Call->getArg(0)->isLValue() &&
        Callee->getParamDecl(0)->getType()->isReferenceType() &&
        !refers(Call->getArg(0)->getType()))
      return place(Call->getArg(0));
    // p-> of a smart pointer or optional.
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
        Operator && Operator->getOperator() == OO_Arrow) {
      const Expr *Object = strip(Operator->getArg(0));
      if (refers(Object->getType()))
        return pointee(Object);
      if (modelOf(Object->getType()))
        return place(Object);
    }
    if (Call->isGLValue()) {
      const Ref R = place(Call);
      return R.P ? Ref::known(deref(R.P)) : R;
    }
    // A fresh object, or one that is not known.
    return follow(Call);
  }
  if (isa<CXXNewExpr>(E))
    return Ref::unknown();
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const Expr *Origin = originOf(Member))
      if (Ref R = pointee(Origin); R.K == Ref::Known)
        return R;
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
        Field && !Member->isArrow() && !Exact && refers(Field->getType()))
      if (Ref R = fieldPointee(Member->getBase(), Field); R.K == Ref::Known)
        return R;
  }
  if (E->isGLValue()) {
    Ref R = place(E);
    if (R.P)
      return Ref::known(deref(R.P));
    return R;
  }
  return Ref::unknown();
}
