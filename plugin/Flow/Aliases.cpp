// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Aliases.h"

#include "Flow/Accessors.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// A function and the lambdas in it: who mentions what, and what is around it.
struct Aliases::Index {
  llvm::DenseMap<const Stmt *, const Stmt *> Parents;
  llvm::DenseMap<const Expr *, const VarDecl *> Initialized;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const Expr *, 4>> Mentions;
  llvm::SmallVector<const Expr *, 4> This;
  const FunctionDecl *Function = nullptr;
  /// Made when it is asked for.
  mutable std::unique_ptr<PlaceBuilder> Builder;
};

namespace {
template <typename Index>
class Indexer : public RecursiveASTVisitor<Indexer<Index>> {
  using Base = RecursiveASTVisitor<Indexer<Index>>;

public:
  explicit Indexer(Index &Out) : Out(Out) {}

  bool TraverseStmt(Stmt *S) {
    if (!S)
      return true;
    Out.Parents.try_emplace(S, Parent);
    const Stmt *Outer = Parent;
    Parent = S;
    const bool Result = Base::TraverseStmt(S);
    Parent = Outer;
    return Result;
  }
  bool VisitVarDecl(VarDecl *V) {
    if (V->getInit())
      Out.Initialized[V->getInit()] = V;
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    if (const auto *V = dyn_cast<VarDecl>(E->getDecl()))
      Out.Mentions[V->getCanonicalDecl()].push_back(E);
    return true;
  }
  bool VisitCXXThisExpr(CXXThisExpr *E) {
    Out.This.push_back(E);
    return true;
  }
  // A capture that is not written is not a mention; the uses in the body are.

private:
  Index &Out;
  const Stmt *Parent = nullptr;
};
} // namespace

/// The function that holds \p Context, around all lambdas.
static const FunctionDecl *outermost(const DeclContext *Context) {
  const FunctionDecl *Out = nullptr;
  for (; Context; Context = Context->getParent())
    if (const auto *Function = dyn_cast<FunctionDecl>(Context))
      Out = Function;
  return Out;
}

const Aliases::Index &Aliases::indexOf(const FunctionDecl *Function) {
  auto &Slot = Indices[Function];
  if (!Slot) {
    Slot = std::make_unique<Index>();
    Index &Filled = *Slot;
    Filled.Function = Function;
    Indexer<Index>(Filled).TraverseDecl(const_cast<FunctionDecl *>(Function));
    return Filled;
  }
  return *Slot;
}

PlaceBuilder &Aliases::builderOf(const Index &I) {
  if (!I.Builder)
    I.Builder = std::make_unique<PlaceBuilder>(P.places(), Models, I.Function);
  return *I.Builder;
}

Aliases::Aliases(Program &P, const ModelTable &Models)
    : P(P), Models(Models) {}
Aliases::~Aliases() = default;

bool Aliases::isModelled(QualType Type, TypeKind Kind) const {
  const CXXRecordDecl *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
  const TypeModel *Model = Class ? Models.type(Class) : nullptr;
  return Model && Model->Kind == Kind;
}

bool Aliases::refers(QualType Type) const {
  return Type.getNonReferenceType()->isPointerType() ||
         isModelled(Type, TypeKind::View) || isModelled(Type, TypeKind::Owner);
}

/// The end of a question. What was taken for true while it was asked may hang on
/// an answer that was not.
bool Aliases::settled(bool Result) {
  if (!Result)
    for (auto It = Known.begin(); It != Known.end();)
      It = It->second ? Known.erase(It) : std::next(It);
  return Result;
}

bool Aliases::areFollowed(const VarDecl *Variable) {
  const CXXRecordDecl *Class = Variable->getType()->getAsCXXRecordDecl();
  return settled((!Class || isSelfless(Class)) && startsFresh(Variable) &&
                 variable(Variable, Role::Object));
}

/// Whether no object of the class keeps its own address.
bool Aliases::isSelfless(const CXXRecordDecl *Class) {
  Class = Class->getDefinition();
  if (!Class || Program::isLibrary(Class) || Class->isLambda())
    return true;
  auto [It, New] = Known.try_emplace({Class, 0}, true);
  if (!New)
    return It->second;
  bool Result = true;
  for (const CXXBaseSpecifier &Base : Class->bases())
    if (const CXXRecordDecl *Of = Base.getType()->getAsCXXRecordDecl())
      Result &= isSelfless(Of);
  for (const FieldDecl *Field : Class->fields()) {
    QualType Type = Class->getASTContext().getBaseElementType(Field->getType());
    if (const CXXRecordDecl *Of = Type->getAsCXXRecordDecl())
      Result &= isSelfless(Of);
    if (const Expr *Init = Field->getInClassInitializer()) {
      Index I;
      Indexer<Index>(I).TraverseStmt(const_cast<Expr *>(Init));
      Result &= llvm::all_of(I.This, [&](const Expr *E) {
        return isa_and_nonnull<MemberExpr>(I.Parents.lookup(E));
      });
    }
  }
  for (const CXXConstructorDecl *Constructor : Class->ctors())
    if (!Constructor->isImplicit() && !Constructor->isDefaulted() &&
        !Constructor->isDeleted())
      Result &= self(Constructor);
  return Known[{Class, 0}] = Result;
}

/// Whether a method keeps *this nowhere.
bool Aliases::self(const CXXMethodDecl *Method) {
  const FunctionDecl *Definition = nullptr;
  if (!Method->hasBody(Definition) || Definition->isDependentContext() ||
      Depth > MaxDepth)
    return false;
  auto [It, New] = Known.try_emplace({Definition, 1}, true);
  if (!New)
    return It->second;
  ++Depth;
  Following.push_back({nullptr, Definition->getCanonicalDecl()});
  const Index &I = indexOf(outermost(Definition));
  const bool Result = llvm::all_of(I.This, [&](const Expr *E) {
    for (const Stmt *S = I.Parents.lookup(E); S; S = I.Parents.lookup(S))
      if (const auto *Around = dyn_cast<LambdaExpr>(S))
        if (!lambda(I, Around))
          return false;
    return use(I, E, Role::Address);
  });
  Following.pop_back();
  --Depth;
  return Known[{Definition, 1}] = Result;
}

bool Aliases::variable(const VarDecl *Variable, Role As) {
  Variable = Variable->getCanonicalDecl();
  const FunctionDecl *Function = outermost(Variable->getDeclContext());
  if (!Function || Variable->hasGlobalStorage() || Depth > MaxDepth ||
      Function->isDependentContext())
    return false;
  const FunctionDecl *Definition = nullptr;
  if (!Function->hasBody(Definition))
    return false;
  auto [It, New] = Known.try_emplace({Variable, 2 + int(As)}, true);
  if (!New)
    return It->second;
  ++Depth;
  Following.push_back(
      {Variable, isa<ParmVarDecl>(Variable) &&
                         (Variable->getType()->isReferenceType() ||
                          As == Role::Holder)
                     ? Function->getCanonicalDecl()
                     : nullptr});
  const Index &I = indexOf(Definition);
  auto Mentions = I.Mentions.find(Variable);
  const bool Result =
      Mentions == I.Mentions.end() ||
      llvm::all_of(Mentions->second, [&](const Expr *E) {
        // A lambda that captures it must be followed as well.
        for (const Stmt *S = I.Parents.lookup(E); S; S = I.Parents.lookup(S))
          if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
            for (const LambdaCapture &C : Lambda->captures()) {
              if (!C.capturesVariable() ||
                  C.getCapturedVar()->getCanonicalDecl() != Variable)
                continue;
              if (C.getCaptureKind() == LCK_ByCopy && As == Role::Object)
                return true; // its own copy
              if (!lambda(I, Lambda))
                return false;
            }
        return use(I, E, As);
      });
  Following.pop_back();
  --Depth;
  return Known[{Variable, 2 + int(As)}] = Result;
}

bool Aliases::initializes(const VarDecl *Variable, Role As) {
  const QualType Type = Variable->getType();
  if (Variable->hasGlobalStorage())
    return false;
  // A parameter's name ends with the call.
  if (!isa<ParmVarDecl>(Variable) && (Type->isReferenceType() || refers(Type)))
    for (const Step &Each : Following)
      if (Each.Variable)
        Named.insert(Each.Variable);
  if (As == Role::Object)
    return !Type->isReferenceType() || variable(Variable, Role::Object);
  if (Type->isBooleanType())
    return true;
  if (As == Role::Holder)
    return Type->isReferenceType() && variable(Variable, Role::Holder);
  return As == Role::Address && !Type->isReferenceType() && refers(Type) &&
         variable(Variable, Role::Holder);
}

/// Follows what becomes of \p E.
bool Aliases::use(const Index &I, const Expr *E, Role As) {
  while (true) {
    // Whoever reaches a lock or an atomic, it is for that.
    if (As == Role::Object && (isModelled(E->getType(), TypeKind::Lock) ||
                               isModelled(E->getType(), TypeKind::Atomic)))
      return true;
    if (const VarDecl *Variable = I.Initialized.lookup(E))
      return initializes(Variable, As);
    const Stmt *Parent = I.Parents.lookup(E);
    if (!Parent)
      return false;
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Parent)) {
      if (Loop->getRangeInit() != E)
        return true;
      const VarDecl *Element = Loop->getLoopVariable();
      return As == Role::Object && !refers(Element->getType()) &&
             (!Element->getType()->isReferenceType() ||
              variable(Element, Role::Object));
    }
    if (isa<ReturnStmt>(Parent))
      return As == Role::Object && E->isPRValue();
    const auto *Outer = dyn_cast<Expr>(Parent);
    if (!Outer) // a condition, or a value that nobody wants
      return !isa<DeclStmt, CoreturnStmt>(Parent);
    switch (Outer->getStmtClass()) {
    case Stmt::ParenExprClass:
    case Stmt::ExprWithCleanupsClass:
    case Stmt::MaterializeTemporaryExprClass:
    case Stmt::CXXBindTemporaryExprClass:
    case Stmt::ConstantExprClass:
      break;
    case Stmt::UnaryExprOrTypeTraitExprClass:
    case Stmt::CXXTypeidExprClass:
    case Stmt::CXXNoexceptExprClass:
      return true;
    case Stmt::ImplicitCastExprClass:
    case Stmt::CStyleCastExprClass:
    case Stmt::CXXStaticCastExprClass:
    case Stmt::CXXConstCastExprClass:
    case Stmt::CXXFunctionalCastExprClass:
      switch (cast<CastExpr>(Outer)->getCastKind()) {
      case CK_LValueToRValue:
        if (As != Role::Holder)
          return As == Role::Object;
        As = Role::Address;
        break;
      case CK_NoOp:
      case CK_DerivedToBase:
      case CK_UncheckedDerivedToBase:
      case CK_BaseToDerived:
      case CK_ConstructorConversion:
      case CK_UserDefinedConversion:
        break;
      case CK_ArrayToPointerDecay:
        if (As != Role::Object)
          return false;
        As = Role::Address;
        break;
      case CK_PointerToBoolean:
      case CK_ToVoid:
        return true;
      default:
        return false;
      }
      break;
    case Stmt::UnaryOperatorClass: {
      const auto *Op = cast<UnaryOperator>(Outer);
      if (Op->getOpcode() == UO_AddrOf && As == Role::Object)
        As = Role::Address;
      else if (Op->getOpcode() == UO_Deref && As == Role::Address)
        As = Role::Object;
      else if (Op->isIncrementDecrementOp() && As == Role::Object) {
        if (Op->isPostfix())
          return true;
      } else {
        return false;
      }
      break;
    }
    case Stmt::BinaryOperatorClass:
    case Stmt::CompoundAssignOperatorClass: {
      const auto *Op = cast<BinaryOperator>(Outer);
      if (Op->isComparisonOp() || Op->isLogicalOp())
        return true;
      if (Op->getOpcode() == BO_Comma) {
        if (Op->getLHS() == E)
          return true;
      } else if (Op->isAssignmentOp()) {
        if (As != Role::Object || Op->getLHS() != E)
          return false;
      } else if (!Op->isAdditiveOp() || As != Role::Address) {
        return false;
      } else if (!Op->getType()->isPointerType()) {
        return true; // a distance
      }
      break;
    }
    case Stmt::ArraySubscriptExprClass:
      if (As != Role::Address)
        return As == Role::Object;
      As = Role::Object;
      break;
    case Stmt::MemberExprClass: {
      const auto *Member = cast<MemberExpr>(Outer);
      if (isa<CXXMethodDecl>(Member->getMemberDecl()) &&
          As != Role::Holder) {
        const Stmt *Call = I.Parents.lookup(Member);
        while (isa_and_nonnull<ParenExpr>(Call))
          Call = I.Parents.lookup(Call);
        const auto *Called = dyn_cast_or_null<CXXMemberCallExpr>(Call);
        return Called && given(I, Called, E, As);
      }
      if (As == Role::Holder) {
        // A method of a view.
        const Stmt *Call = I.Parents.lookup(Member);
        const auto *Called = dyn_cast_or_null<CXXMemberCallExpr>(Call);
        return Called && given(I, Called, E, As);
      }
      if (!isa<FieldDecl>(Member->getMemberDecl()) ||
          Member->getMemberDecl()->getType()->isReferenceType())
        return true;
      As = Role::Object;
      break;
    }
    case Stmt::CallExprClass:
    case Stmt::CXXMemberCallExprClass:
    case Stmt::CXXOperatorCallExprClass:
    case Stmt::CXXConstructExprClass:
    case Stmt::CXXTemporaryObjectExprClass:
      return given(I, Outer, E, As);
    case Stmt::LambdaExprClass:
      // Written as a capture: by copy of a class, or by reference.
      return lambda(I, cast<LambdaExpr>(Outer));
    default:
      return false;
    }
    E = Outer;
  }
}

/// \p E is an argument or the object of \p Call.
bool Aliases::given(const Index &I, const Expr *Call, const Expr *E, Role As) {
  if (P.boundaryAt(Call))
    return true; // the thread's body is followed, and what crosses is judged
  const FunctionDecl *Callee = nullptr;
  llvm::SmallVector<const Expr *, 4> Args;
  bool IsObject = false;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call)) {
    Callee = Construct->getConstructor();
    Args.append(Construct->arg_begin(), Construct->arg_end());
  } else {
    const auto *Plain = cast<CallExpr>(Call);
    Callee = Plain->getDirectCallee();
    Args.append(Plain->arg_begin(), Plain->arg_end());
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      IsObject = Member->getImplicitObjectArgument() == E ||
                 !llvm::is_contained(Args, E);
    if (isa<CXXOperatorCallExpr>(Call) && isa_and_nonnull<CXXMethodDecl>(Callee)) {
      IsObject = Args.front() == E;
      Args.erase(Args.begin());
    }
  }
  if (!Callee)
    return false;
  if (As != Role::Holder && !bringNoNames(Callee, Args, E))
    return false;
  if (Program::isLibrary(Callee))
    return givenToLibrary(I, Call, E, Callee, IsObject, As);
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method && Method->isVirtual() && !Method->hasAttr<FinalAttr>())
    return false;
  if (Method && Method->isDefaulted())
    return As == Role::Object; // a copy or an assignment
  if (IsObject)
    return As != Role::Holder && self(Method);
  const auto *At = llvm::find(Args, E);
  const size_t Number = At - Args.begin();
  const FunctionDecl *Definition = nullptr;
  if (At == Args.end() || Number >= Callee->getNumParams() ||
      !Callee->hasBody(Definition))
    return false;
  return initializes(Definition->getParamDecl(Number), As);
}

/// Whether a value is left where it is computed, or only tested.
static bool isUnwanted(const Stmt *Outer) {
  return isa_and_nonnull<CompoundStmt, IfStmt, ForStmt, WhileStmt, DoStmt,
                         LabelStmt, SwitchCase>(Outer);
}

/// Library functions keep no reference to what they get by reference; but what
/// they return may refer to it, and containers keep pointers.
bool Aliases::givenToLibrary(const Index &I, const Expr *Call, const Expr *E,
                             const FunctionDecl *Callee, bool IsObject,
                             Role As) {
  const QualType Result = Call->getType();
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
  const llvm::StringRef Name =
      Callee->getIdentifier() ? Callee->getName() : llvm::StringRef();
  if (As == Role::Holder) {
    // A view, iterator or owner: what it shows is the object; its copy shows it
    // too. Whoever gets it to write may swap it away.
    const OverloadedOperatorKind Op = Callee->getOverloadedOperator();
    const CXXRecordDecl *Class =
        E->getType().getNonReferenceType()->getAsCXXRecordDecl();
    // What a unique_ptr owns ends with another then.
    if (passesOn(Callee))
      return !(Class && Class->getIdentifier() &&
               Class->getName() == "unique_ptr") &&
             use(I, Call, Role::Holder);
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    if (!Constructor && (IsObject ? !Method->isConst() &&
                                        !isModelled(E->getType(), TypeKind::View)
                                  : Name == "swap" || Name == "exchange"))
      return false;
    if (Constructor && Constructor->isCopyOrMoveConstructor())
      return use(I, Call, Role::Address);
    if (Op == OO_Equal || Op == OO_PlusPlus || Op == OO_MinusMinus ||
        Op == OO_PlusEqual || Op == OO_MinusEqual)
      return false;
    As = Role::Address;
  }
  if (As == Role::Object && passesOn(Callee))
    return use(I, Call, Role::Object);
  if (Constructor) {
    if (Constructor->isCopyOrMoveConstructor())
      return As == Role::Object;
    if (isModelled(Result, TypeKind::View) ||
        (As == Role::Address && isModelled(Result, TypeKind::Owner)))
      return result(I, Call, E, As);
    return As == Role::Object && !isModelled(Result, TypeKind::Owner) &&
           isModelled(Result, TypeKind::Container);
  }
  const bool IsMethod = isa<CXXMethodDecl>(Callee);
  if (As == Role::Address && !IsObject &&
      (IsMethod || Name.find("make_") != llvm::StringRef::npos))
    return false;
  if (Call->isGLValue() || refers(Result))
    return result(I, Call, E, As);
  if (!Result->isRecordType())
    return true;
  // By value: a container's or a number's own copy; or nobody wants it.
  if (isModelled(Result, TypeKind::Container) && !holdsReferences(Result))
    return true;
  const Stmt *Outer = around(I, Call);
  // .second of what an insertion returns
  const auto *Member = dyn_cast_or_null<MemberExpr>(Outer);
  return isUnwanted(Outer) ||
         (Member && isa<FieldDecl>(Member->getMemberDecl()) &&
          !Member->getType()->isRecordType() &&
          !holdsReferences(Member->getType()));
}

/// The statement or expression that uses the value of \p E.
const Stmt *Aliases::around(const Index &I, const Expr *E) {
  const Stmt *Outer = I.Parents.lookup(E);
  while (isa_and_nonnull<ExprWithCleanups, MaterializeTemporaryExpr,
                         CXXBindTemporaryExpr, ParenExpr>(Outer))
    Outer = I.Parents.lookup(Outer);
  return Outer;
}

/// Follows what \p Call returns of \p E: what the places take it for, or nothing
/// that anybody wants.
bool Aliases::result(const Index &I, const Expr *Call, const Expr *E, Role As) {
  return isUnwanted(around(I, Call)) ||
         (isPlaceOf(I, Call, E, As == Role::Object) &&
          use(I, Call, Call->isGLValue() ? Role::Object : Role::Address));
}

bool Aliases::lambda(const Index &I, const LambdaExpr *Lambda) {
  if (Lambda->isGenericLambda())
    return false;
  auto [It, New] = Known.try_emplace({Lambda, 0}, true);
  if (!New)
    return It->second;
  const bool Result = closure(I, Lambda);
  return Known[{Lambda, 0}] = Result;
}

/// Follows a closure that refers to the variable: it must be run by a thread
/// or on the spot.
bool Aliases::closure(const Index &I, const Expr *E) {
  while (true) {
    if (const VarDecl *Variable = I.Initialized.lookup(E)) {
      // A named closure or wrapper: each use of the name is one of the closure.
      const auto *Class = Variable->getType()->getAsCXXRecordDecl();
      if (!Class || Variable->hasGlobalStorage() ||
          (!Class->isLambda() &&
           !isModelled(Variable->getType(), TypeKind::Erased)))
        return false;
      auto Mentions = I.Mentions.find(Variable->getCanonicalDecl());
      return Mentions == I.Mentions.end() ||
             llvm::all_of(Mentions->second, [&](const Expr *Name) {
               for (const Stmt *S = I.Parents.lookup(Name); S;
                    S = I.Parents.lookup(S))
                 if (const auto *Around = dyn_cast<LambdaExpr>(S))
                   if (!lambda(I, Around))
                     return false;
               return closure(I, Name);
             });
    }
    const auto *Outer = dyn_cast_or_null<Expr>(I.Parents.lookup(E));
    if (!Outer)
      return false;
    if (isa<LambdaExpr>(Outer))
      return lambda(I, cast<LambdaExpr>(Outer));
    if (P.boundaryAt(Outer))
      return true;
    // The flow analysis does not see what calling a wrapper runs.
    if (const auto *Member = dyn_cast<MemberExpr>(Outer))
      return Member->getMemberDecl()->getIdentifier() &&
             (Member->getMemberDecl()->getName() == "get_future" ||
              Member->getMemberDecl()->getName() == "valid");
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Outer)) {
      const auto *Class = Construct->getType()->getAsCXXRecordDecl();
      if (!(Class && Class->isLambda()) &&
          !isModelled(Construct->getType(), TypeKind::Erased))
        return false;
    } else if (const auto *Call = dyn_cast<CallExpr>(Outer)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee)
        return false;
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
        return Operator->getOperator() == OO_Call &&
               Operator->getArg(0) == E &&
               !isModelled(E->getType(), TypeKind::Erased);
      const bool IsReference =
          Callee->isInStdNamespace() && Callee->getIdentifier() &&
          (Callee->getName() == "ref" || Callee->getName() == "move" ||
           Callee->getName() == "forward");
      if (!IsReference)
        return Program::isLibrary(Callee) && !keepsCallback(Callee);
    } else if (!isa<ParenExpr, CastExpr, ExprWithCleanups,
                    MaterializeTemporaryExpr, CXXBindTemporaryExpr>(Outer)) {
      return false;
    }
    E = Outer;
  }
}
