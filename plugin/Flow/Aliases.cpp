// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Aliases.h"

#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Calls deeper than this are not looked into.
static constexpr unsigned MaxDepth = 12;

/// A function and the lambdas in it: who mentions what, and what is around it.
struct Aliases::Index {
  llvm::DenseMap<const Stmt *, const Stmt *> Parents;
  llvm::DenseMap<const Expr *, const VarDecl *> Initialized;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const Expr *, 4>> Mentions;
  llvm::SmallVector<const Expr *, 4> This;
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
    Indexer<Index>(Filled).TraverseDecl(const_cast<FunctionDecl *>(Function));
    return Filled;
  }
  return *Slot;
}

Aliases::Aliases(const Program &P, const ModelTable &Models)
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

bool Aliases::areFollowed(const VarDecl *Variable) {
  if (const CXXRecordDecl *Class = Variable->getType()->getAsCXXRecordDecl())
    if (!isSelfless(Class))
      return false;
  return variable(Variable, Role::Object);
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
  const Index &I = indexOf(outermost(Definition));
  const bool Result = llvm::all_of(I.This, [&](const Expr *E) {
    for (const Stmt *S = I.Parents.lookup(E); S; S = I.Parents.lookup(S))
      if (const auto *Around = dyn_cast<LambdaExpr>(S))
        if (!lambda(I, Around))
          return false;
    return use(I, E, Role::Address);
  });
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
  --Depth;
  return Known[{Variable, 2 + int(As)}] = Result;
}

bool Aliases::initializes(const VarDecl *Variable, Role As) {
  const QualType Type = Variable->getType();
  if (Variable->hasGlobalStorage())
    return false;
  if (As == Role::Object)
    return !Type->isReferenceType() || variable(Variable, Role::Object);
  if (Type->isBooleanType())
    return true;
  return As == Role::Address && !Type->isReferenceType() && refers(Type) &&
         !isModelled(Type, TypeKind::Owner) &&
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
  if (Program::isLibrary(Callee))
    return givenToLibrary(I, Call, Callee, IsObject, As);
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

/// Library functions keep no reference to what they get by reference; but what
/// they return may refer to it, and containers keep pointers.
bool Aliases::givenToLibrary(const Index &I, const Expr *Call,
                             const FunctionDecl *Callee, bool IsObject,
                             Role As) {
  const QualType Result = Call->getType();
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
  const llvm::StringRef Name =
      Callee->getIdentifier() ? Callee->getName() : llvm::StringRef();
  if (As == Role::Holder) {
    // A view or iterator: what it shows is the object; its copy shows it too.
    const OverloadedOperatorKind Op = Callee->getOverloadedOperator();
    if (Constructor && Constructor->isCopyOrMoveConstructor())
      return use(I, Call, Role::Address);
    if (Op == OO_Equal || Op == OO_PlusPlus || Op == OO_MinusMinus ||
        Op == OO_PlusEqual || Op == OO_MinusEqual)
      return false;
    As = Role::Address;
  }
  if (Constructor) {
    if (Constructor->isCopyOrMoveConstructor())
      return As == Role::Object;
    if (isModelled(Result, TypeKind::View))
      return use(I, Call, Role::Address);
    return As == Role::Object && !isModelled(Result, TypeKind::Owner) &&
           isModelled(Result, TypeKind::Container);
  }
  const bool IsMethod = isa<CXXMethodDecl>(Callee);
  if (As == Role::Address && !IsObject &&
      (IsMethod || Name.find("make_") != llvm::StringRef::npos))
    return false;
  if (Call->isGLValue())
    return use(I, Call, Role::Object);
  if (!Result->isRecordType() && !refers(Result))
    return true;
  if (refers(Result) && !isModelled(Result, TypeKind::Owner))
    return use(I, Call, Role::Address);
  // By value: a container's or a number's own copy; or nobody wants it.
  return isModelled(Result, TypeKind::Container) ||
         !isa_and_nonnull<Expr>(I.Parents.lookup(Call));
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
      // A named closure: each use of the name is one of the closure.
      const auto *Class = Variable->getType()->getAsCXXRecordDecl();
      if (!Class || !Class->isLambda() || Variable->hasGlobalStorage())
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
        return Operator->getOperator() == OO_Call && Operator->getArg(0) == E;
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
