// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions as places: names, members, elements, calls that return references,
// and what expressions with a pointer-like type refer to.

#include "Flow/PlaceBuilder.h"

#include "Flow/Accessors.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

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
  if (returnsItsArgument(Call))
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
      // A view's elements are those of what it shows.
      if (!Object->getType()->isPointerType() && !Exact &&
          refers(strip(Object)->getType())) {
        Ref R = pointee(Object);
        if (R.P && Callee->getName() != "front")
          R.P = Places.offset(R.P, std::nullopt);
        return R;
      }
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

/// Which of the elements of \p Class std::get<Which> means; none for a type that
/// it does not have once.
static std::optional<uint64_t>
elementNumber(const ClassTemplateSpecializationDecl *Class,
              const TemplateArgument &Which) {
  if (Which.getKind() == TemplateArgument::Integral)
    return Which.getAsIntegral().getZExtValue();
  if (Which.getKind() != TemplateArgument::Type)
    return std::nullopt;
  llvm::SmallVector<TemplateArgument, 4> Types;
  for (const TemplateArgument &Each : Class->getTemplateArgs().asArray())
    if (Each.getKind() == TemplateArgument::Pack)
      Types.append(Each.pack_begin(), Each.pack_end());
    else
      Types.push_back(Each);
  std::optional<uint64_t> Found;
  for (uint64_t I = 0; I != Types.size(); ++I)
    if (Types[I].getKind() == TemplateArgument::Type &&
        Types[I].getAsType().getCanonicalType() ==
            Which.getAsType().getCanonicalType()) {
      if (Found)
        return std::nullopt;
      Found = I;
    }
  return Found;
}

/// std::get of a pair, tuple or array; of a variant, whose alternatives share
/// their storage, the whole.
Ref PlaceBuilder::partOf(const CallExpr *Call, const FunctionDecl *Callee) {
  if (!Callee->getIdentifier() || Callee->getName() != "get" ||
      !Callee->isInStdNamespace() || Call->getNumArgs() != 1 ||
      !Callee->getTemplateSpecializationArgs() ||
      Callee->getTemplateSpecializationArgs()->size() == 0)
    return Ref::unknown();
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Call->getArg(0)->getType().getNonReferenceType()->getAsCXXRecordDecl());
  if (!Class)
    return Ref::unknown();
  if (Class->getName() == "variant")
    return place(Call->getArg(0));
  const std::optional<uint64_t> Number = elementNumber(
      Class, Callee->getTemplateSpecializationArgs()->get(0));
  if (!Number)
    return Ref::unknown();
  Ref R = place(Call->getArg(0));
  if (!R.P)
    return R;
  const uint64_t Index = *Number;
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
    // std::cout and friends synchronise themselves, whatever leads there.
    if (Variable->hasGlobalStorage() && Models.object(Variable))
      return {Ref::Private, {}};
    if (auto Range = Ranges.find(Variable);
        Range != Ranges.end() && Variable->getType()->isReferenceType()) {
      // A view may show a part only.
      if (!Exact && refers(strip(Range->second)->getType())) {
        Ref Shown = pointee(Range->second);
        if (Shown.P)
          Shown.P = Places.offset(Shown.P, std::nullopt);
        return Shown;
      }
      Ref Over = place(Range->second);
      if (Over.P && !Exact && isOfEveryRound(R))
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
        if (To.K != Ref::Unknown && !(Exact && Places.isAmbiguous(To.P)))
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
    if (returnsItsArgument(Call))
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
    // std::ref(x), std::addressof(x): a value that refers to its argument. An
    // owner (std::make_shared<T>(x)) has an object of its own.
    const TypeModel *Made = modelOf(Call->getType());
    if (Callee && Call->getNumArgs() == 1 && !isa<CXXMethodDecl>(Callee) &&
        Callee->isInStdNamespace() && refers(Call->getType()) &&
        !(Made && Made->Kind == TypeKind::Owner) && Call->getArg(0)->isLValue() &&
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
