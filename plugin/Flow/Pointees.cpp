// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What pointers, views and reference members refer to: followed to what they were
// made from.

#include "Flow/PlaceBuilder.h"

#include "Flow/Accessors.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

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
      if (R.K == Ref::Known && !Places.isAmbiguous(R.P))
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

Ref PlaceBuilder::handle(const Expr *E) {
  if (E->getType()->isPointerType())
    return pointee(E);
  const auto *Name = dyn_cast<DeclRefExpr>(strip(E));
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  if (!Variable || !Variable->getType()->isScalarType() ||
      isa<ParmVarDecl>(Variable) || changesOf(Variable).any() || Depth >= 16)
    return place(E);
  if (auto Range = Ranges.find(Variable); Range != Ranges.end()) {
    Ref R = place(Range->second);
    if (R.P)
      R.P = someElement(R.P, reinterpret_cast<uint64_t>(static_cast<const void *>(
                                 Variable->getCanonicalDecl())));
    return R;
  }
  if (!Variable->getInit() || !strip(Variable->getInit())->isGLValue())
    return place(E);
  ++Depth;
  const Ref R = handle(Variable->getInit());
  --Depth;
  return R.K == Ref::Known ? R : place(E);
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
    if (const auto *Call = dyn_cast<CallExpr>(E); Call && returnsItsArgument(Call)) {
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
      if (const auto *Call = dyn_cast<CallExpr>(From); Call && returnsItsArgument(Call))
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
