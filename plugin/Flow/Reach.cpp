// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Reach.h"

#include "Flow/Accessors.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

const Expr *fearless::flow::peel(const Expr *E) {
  while (true) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bind->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = Default->getExpr();
    else if (const auto *Subst = dyn_cast<SubstNonTypeTemplateParmExpr>(Inner))
      Inner = Subst->getReplacement();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Cast->getCastKind() != CK_LValueToRValue &&
             Cast->getCastKind() != CK_ArrayToPointerDecay)
      Inner = Cast->getSubExpr();
    if (Inner == E)
      return E;
    E = Inner;
  }
}

const Expr *fearless::flow::passedThrough(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(peel(E));
  return Call && returnsItsArgument(Call) &&
                 Call->getDirectCallee()->isInStdNamespace()
             ? Call->getArg(0)
             : nullptr;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

bool Reach::isSync(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isDependentType() || Type->isVoidType())
    return false;
  return Type->isFunctionType() ||
         P.solver().solve(Trait::Sync, Type).V == Verdict::Yes;
}

/// The type arguments of a class template's specialisation, packs included.
static void typeArguments(llvm::ArrayRef<TemplateArgument> Given,
                          llvm::SmallVectorImpl<QualType> &Out) {
  for (const TemplateArgument &Each : Given)
    if (Each.getKind() == TemplateArgument::Type)
      Out.push_back(Each.getAsType());
    else if (Each.getKind() == TemplateArgument::Pack)
      typeArguments(Each.pack_elements(), Out);
}

bool Reach::carries(QualType Type, unsigned Depth) {
  Type = Type.getCanonicalType();
  if (Type->isDependentType() || Depth > 8)
    return true;
  if (Type->isReferenceType() || Type->isAnyPointerType()) {
    // Who looks through a pointer to const may see what another writes.
    const QualType To = Type->getPointeeType().getUnqualifiedType();
    return To->isVoidType() || !isSync(To);
  }
  if (const auto *Array = Type->getAsArrayTypeUnsafe())
    return carries(Array->getElementType(), Depth + 1);
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class)
    return Type->isBlockPointerType();
  auto [It, IsNew] = Carries.try_emplace(Type.getAsOpaquePtr(), false);
  if (!IsNew)
    return It->second; // a recursive class carries what its other members do
  auto Answer = [&](bool Yes) {
    Carries[Type.getAsOpaquePtr()] = Yes;
    return Yes;
  };
  if (!Class->hasDefinition())
    return Answer(true);
  // A class that several threads may use, or that declares that its values may
  // go to another thread, sees to what it shares.
  if (isSync(Type))
    return Answer(false);
  const auto &Send = P.solver().solve(Trait::Send, Type);
  if (Send.V == Verdict::Yes && Send.By == Rule::Mark)
    return Answer(false);
  if (const TypeModel *Model = Builder.modelOf(Type)) {
    llvm::SmallVector<QualType, 4> Arguments;
    if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Class))
      typeArguments(Special->getTemplateArgs().asArray(), Arguments);
    switch (Model->Kind) {
    case TypeKind::Value:
    case TypeKind::Container:
    case TypeKind::Concurrent:
      return Answer(llvm::any_of(
          Arguments, [&](QualType T) { return carries(T, Depth + 1); }));
    case TypeKind::Owner:
    case TypeKind::View:
      return Answer(Arguments.empty() || Arguments[0]->isVoidType() ||
                    Arguments[0]->isAnyPointerType() ||
                    !isSync(Arguments[0].getUnqualifiedType()));
    case TypeKind::Erased:
      return Answer(true);
    default:
      return Answer(false);
    }
  }
  if (Class->isLambda())
    return Answer(llvm::any_of(Class->captures(), [&](const LambdaCapture &C) {
      if (C.capturesThis())
        return C.getCaptureKind() != LCK_StarThis;
      return C.capturesVariable() &&
             (C.getCaptureKind() == LCK_ByRef ||
              carries(C.getCapturedVar()->getType(), Depth + 1));
    }));
  for (const CXXBaseSpecifier &Base : Class->bases())
    if (carries(Base.getType(), Depth + 1))
      return Answer(true);
  for (const FieldDecl *Field : Class->fields())
    if (carries(Field->getType(), Depth + 1))
      return Answer(true);
  return Answer(false);
}

bool Reach::leadsToConst(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isAnyPointerType())
    return Type->getPointeeType().isConstQualified();
  const TypeModel *Model = Builder.modelOf(Type);
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  if (!Special || !Model ||
      (Model->Kind != TypeKind::Owner && Model->Kind != TypeKind::View))
    return false;
  llvm::SmallVector<QualType, 4> Arguments;
  typeArguments(Special->getTemplateArgs().asArray(), Arguments);
  return !Arguments.empty() && Arguments[0].isConstQualified();
}

bool Reach::ownsAlone(QualType Type) {
  Type = Type.getNonReferenceType();
  if (!carries(Type))
    return true;
  const TypeModel *Model = Builder.modelOf(Type);
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  if (!Model || !Special)
    return false;
  llvm::SmallVector<QualType, 4> Arguments;
  typeArguments(Special->getTemplateArgs().asArray(), Arguments);
  switch (Model->Kind) {
  case TypeKind::Owner: {
    // A unique owner cannot be copied.
    const bool IsShared = llvm::any_of(
        Special->ctors(), [](const CXXConstructorDecl *Constructor) {
          return Constructor->isCopyConstructor() && !Constructor->isDeleted();
        });
    return !IsShared && !Arguments.empty() &&
           (!carries(Arguments[0]) || ownsAlone(Arguments[0]));
  }
  case TypeKind::Container:
  case TypeKind::Concurrent:
  case TypeKind::Value:
    return llvm::all_of(Arguments, [&](QualType T) { return ownsAlone(T); });
  default:
    return false;
  }
}

bool Reach::copies(const CallExpr *Make, const Expr *Argument) {
  if (carries(Argument->getType()) || !Argument->IgnoreParenImpCasts()->isLValue())
    return false;
  const auto *Made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Make->getType()->getAsCXXRecordDecl());
  llvm::SmallVector<QualType, 4> Parts;
  if (Made)
    typeArguments(Made->getTemplateArgs().asArray(), Parts);
  return llvm::none_of(Parts, [&](QualType Part) { return carries(Part); });
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

PlaceId Reach::boundTo(const VarDecl *Reference) {
  if (!Reference->getType()->isReferenceType() || !Reference->getInit() ||
      isa<ParmVarDecl>(Reference) || isa<DecompositionDecl>(Reference))
    return {};
  return element(Reference->getInit());
}

bool Reach::isReference(const Expr *E) {
  const auto *Name = dyn_cast<DeclRefExpr>(peel(E));
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  return Variable && Variable->getType()->isReferenceType() &&
         !boundTo(Variable);
}

PlaceId Reach::element(const Expr *E) {
  E = peel(E);
  if (const Expr *Inner = passedThrough(E))
    return element(Inner);
  if (const auto *Name = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Name->getDecl())) {
      if (const VarDecl *Holding = Binding->getHoldingVar())
        return Builder.variable(Holding);
      return Binding->getBinding() ? element(Binding->getBinding()) : PlaceId();
    }
    const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
    if (!Variable)
      return {};
    const PlaceId Target = boundTo(Variable);
    return Target ? Target : Builder.variable(Variable);
  }
  // std::get<1>(pair)
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const TemplateArgumentList *Arguments =
        Callee && Callee->getIdentifier() && Callee->getName() == "get" &&
                Callee->isInStdNamespace() && Call->getNumArgs() == 1
            ? Callee->getTemplateSpecializationArgs()
            : nullptr;
    if (!Arguments || Arguments->size() == 0 ||
        Arguments->get(0).getKind() != TemplateArgument::Integral)
      return {};
    const PlaceId Of = element(Call->getArg(0));
    return Of ? P.places().project(
                    Of, {Projection::Element,
                         Arguments->get(0).getAsIntegral().getZExtValue()})
              : PlaceId();
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return Builder.variable(Static);
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {};
    const Expr *Base = peel(Member->getBase());
    PlaceId Of = isa<CXXThisExpr>(Base) ? Builder.self()
                 : Member->isArrow()    ? PlaceId()
                                        : element(Base);
    return Of ? Builder.field(Of, Field) : PlaceId();
  }
  return {};
}

PlaceId Reach::movedFrom(const Expr *E) {
  E = peel(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return Construct->getNumArgs() == 1 &&
                   Construct->getConstructor()->isMoveConstructor()
               ? movedFrom(Construct->getArg(0))
               : PlaceId();
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return List->getNumInits() == 1 && List->isTransparent()
               ? movedFrom(List->getInit(0))
               : PlaceId();
  if (!E->isXValue() || E->getType().isConstQualified() ||
      E->getType()->isScalarType())
    return {};
  // Where a copy is as good as a move nothing is lost.
  if (E->getType().isTriviallyCopyableType(P.context()))
    return {};
  return element(E);
}

const Expr *Reach::followed(const Expr *Lvalue) {
  const Expr *E = peel(Lvalue);
  if (const Expr *Inner = passedThrough(E))
    return followed(Inner);
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (!isa<FieldDecl>(Member->getMemberDecl()) ||
        isa<CXXThisExpr>(peel(Member->getBase())))
      return nullptr;
    return Member->isArrow() ? Member->getBase() : followed(Member->getBase());
  }
  if (const auto *Op = dyn_cast<UnaryOperator>(E))
    return Op->getOpcode() == UO_Deref ? Op->getSubExpr() : nullptr;
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    const Expr *Base = Subscript->getBase();
    if (const auto *Decay = dyn_cast<ImplicitCastExpr>(Base->IgnoreParens());
        Decay && Decay->getCastKind() == CK_ArrayToPointerDecay)
      return followed(Decay->getSubExpr());
    return Base;
  }
  return nullptr;
}

void Reach::addArguments(llvm::ArrayRef<const Expr *> Arguments, bool Certain,
                         Sources &Out) {
  for (const Expr *Argument : Arguments) {
    if (isa<CXXDefaultArgExpr>(Argument))
      continue;
    const Expr *Inner = peel(Argument);
    // A reference to an object may be kept, but who asks for a const one and
    // is not known to seldom does.
    const bool MayKeep =
        Inner->isGLValue() &&
        (Certain || !Argument->getType().isConstQualified()) &&
        !isSync(Inner->getType().getUnqualifiedType());
    if (MayKeep || carries(Inner->getType()))
      add(Inner, Certain, Out);
  }
}

bool fearless::flow::makes(const FunctionDecl *Callee) {
  return Callee && Callee->isInStdNamespace() && Callee->getIdentifier() &&
         Callee->getName().starts_with("make_");
}

/// A method that leads to what its object owns or shows.
static bool leadsInto(const CXXMethodDecl *Method) {
  switch (Method->getOverloadedOperator()) {
  case OO_Star:
  case OO_Arrow:
  case OO_Subscript:
  case OO_PlusPlus:
  case OO_MinusMinus:
  case OO_Plus:
  case OO_Minus:
  case OO_PlusEqual:
  case OO_MinusEqual:
    return true;
  case OO_None:
    break;
  default:
    return false;
  }
  if (isa<CXXConversionDecl>(Method))
    return true;
  static const llvm::StringSet<> Names{
      "get",     "release", "data",        "c_str",       "begin",   "end",
      "cbegin",  "cend",    "rbegin",      "rend",        "front",   "back",
      "at",      "top",     "value",       "find",        "base",    "subspan",
      "first",   "last",    "lower_bound", "upper_bound", "emplace", "emplace_back",
      "emplace_front", "insert", "substr", "lock",        "value_or"};
  return Method->getIdentifier() && Names.contains(Method->getName());
}

void Reach::addCall(const CallExpr *Call, bool Certain, Sources &Out) {
  if (const Expr *Inner = passedThrough(Call))
    return add(Inner, Certain, Out);
  const FunctionDecl *Callee = Call->getDirectCallee();
  llvm::ArrayRef<const Expr *> Args(Call->getArgs(), Call->getNumArgs());
  const Expr *Object = nullptr;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    Object = Member->getImplicitObjectArgument();
  } else if (isa<CXXOperatorCallExpr>(Call) &&
             isa_and_nonnull<CXXMethodDecl>(Callee) && !Args.empty()) {
    Object = Args.front();
    Args = Args.drop_front();
  }
  if (!Call->isGLValue() && !carries(Call->getType()))
    return;
  if (!Callee) {
    addArguments(Args, false, Out);
    return;
  }
  if (Program::isLibrary(Callee)) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    if (Object && Method) {
      add(Object, Certain && leadsInto(Method), Out);
      return;
    }
    static const llvm::StringSet<> Passing{
        "ref",        "cref",       "addressof",         "get",
        "begin",      "end",        "cbegin",            "cend",
        "data",       "next",       "prev",              "__addressof",
        "make_pair",  "make_tuple", "forward_as_tuple",  "tie",
        "make_optional", "make_reverse_iterator", "make_move_iterator",
        "static_pointer_cast", "dynamic_pointer_cast", "const_pointer_cast",
        "reinterpret_pointer_cast", "exchange", "find", "find_if",
        "lower_bound", "upper_bound", "max_element", "min_element"};
    const bool Known = Callee->getIdentifier() &&
                       Callee->isInStdNamespace() &&
                       Passing.contains(Callee->getName());
    // What is made of values keeps the values only.
    if (makes(Callee)) {
      for (const Expr *Argument : Args)
        if (!copies(Call, Argument))
          add(Argument, Certain && Known, Out);
      return;
    }
    addArguments(Args, Certain && Known, Out);
    return;
  }
  // What a visible body returns is known.
  const PlaceId Returns = P.summary(Callee).Returns;
  const Place *Where = Returns ? &P.places().get(Returns) : nullptr;
  if (Where && Where->Kind == Place::This && Object)
    return add(Object, Certain, Out);
  if (Where && Where->Kind == Place::Local)
    for (unsigned I = 0; I != Args.size() && I != Callee->getNumParams(); ++I)
      if (P.places().get(Returns).Root ==
          Callee->getParamDecl(I)->getCanonicalDecl())
        return add(Args[I], Certain, Out);
  if (Object && !isSync(Object->getType()))
    add(Object, false, Out);
  addArguments(Args, false, Out);
}

void Reach::add(const Expr *E, bool Certain, Sources &Out) {
  E = peel(E);
  if (const auto *Load = dyn_cast<ImplicitCastExpr>(E)) {
    if (Load->getCastKind() == CK_ArrayToPointerDecay)
      return add(Load->getSubExpr(), Certain, Out);
    return carries(E->getType()) ? add(Load->getSubExpr(), Certain, Out) : void();
  }
  if (const PlaceId Named = element(E)) {
    Out.push_back({Named, Certain});
    return;
  }
  if (const Expr *Pointer = followed(E))
    return add(Pointer, Certain, Out);
  if (isa<CXXThisExpr>(E)) {
    Out.push_back({Builder.self(), Certain});
  } else if (const auto *Op = dyn_cast<UnaryOperator>(E)) {
    if (Op->getOpcode() == UO_AddrOf || Op->isIncrementDecrementOp())
      add(Op->getSubExpr(), Certain, Out);
  } else if (const auto *Op = dyn_cast<BinaryOperator>(E)) {
    // p + 1; (a, b); a = b
    if (Op->getOpcode() == BO_Comma)
      add(Op->getRHS(), Certain, Out);
    else if (Op->isAssignmentOp())
      add(Op->getLHS(), Certain, Out);
    else if (Op->isAdditiveOp() && E->getType()->isPointerType())
      add(Op->getLHS()->getType()->isPointerType() ? Op->getLHS()
                                                   : Op->getRHS(),
          Certain, Out);
  } else if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    add(Choice->getTrueExpr(), false, Out);
    add(Choice->getFalseExpr(), false, Out);
  } else if (const auto *New = dyn_cast<CXXNewExpr>(E)) {
    if (const Expr *Init = New->getInitializer())
      add(Init, false, Out);
  } else if (const auto *List = dyn_cast<InitListExpr>(E)) {
    for (const Expr *Init : List->inits())
      if (Init->isGLValue() || carries(Init->getType()))
        add(Init, Certain, Out);
  } else if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    for (const LambdaCapture &Capture : Lambda->captures()) {
      if (Capture.capturesThis()) {
        if (Capture.getCaptureKind() != LCK_StarThis)
          Out.push_back({Builder.self(), Certain});
        continue;
      }
      const auto *Variable = Capture.capturesVariable()
                                 ? dyn_cast<VarDecl>(Capture.getCapturedVar())
                                 : nullptr;
      if (!Variable)
        continue;
      if (Variable->isInitCapture() && Variable->getInit())
        add(Variable->getInit(), Certain, Out);
      else if (Capture.getCaptureKind() == LCK_ByRef
                   ? !isSync(Variable->getType())
                   : carries(Variable->getType()))
        Out.push_back({Builder.variable(Variable), Certain});
    }
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (!carries(E->getType()))
      return;
    const CXXConstructorDecl *Callee = Construct->getConstructor();
    // A copy, a view of an object, an owner of a pointer. A copy of something
    // that merely holds pointers shares what they lead to, not the pointers.
    const bool Known = Callee->isCopyConstructor()
                           ? Builder.refers(E->getType())
                           : Callee->isMoveConstructor() ||
                                 Builder.modelOf(E->getType());
    addArguments(llvm::ArrayRef<const Expr *>(Construct->getArgs(),
                                              Construct->getNumArgs()),
                 Certain && Known, Out);
  } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
    addCall(Call, Certain, Out);
  }
}
