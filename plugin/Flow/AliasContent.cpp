// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether what a variable owns (the elements of a container, what a unique_ptr
// leads to) came to it without another name: a move takes along the memory, and
// the iterators and pointers into it go on to work.

#include "Flow/Aliases.h"

#include "Flow/Reach.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

namespace {
/// What a function returns, without the lambdas in it.
class ReturnFinder : public RecursiveASTVisitor<ReturnFinder> {
public:
  llvm::SmallVector<const Expr *, 4> Values;
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitReturnStmt(ReturnStmt *S) {
    if (S->getRetValue())
      Values.push_back(S->getRetValue());
    return true;
  }
};
} // namespace

/// Whether a move of the type takes along memory that may have other names.
bool Aliases::ownsMemory(QualType Type) const {
  Type = P.context().getBaseElementType(Type.getNonReferenceType());
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || Type.isTriviallyCopyableType(P.context()))
    return false;
  for (TypeKind Kind : {TypeKind::Lock, TypeKind::Atomic, TypeKind::Thread,
                        TypeKind::Guard, TypeKind::View, TypeKind::Scope})
    if (isModelled(Type, Kind))
      return false;
  return true;
}

/// The local variable that \p E names, if its content has no other name.
bool Aliases::isUnnamed(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  while (const auto *Call = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !passesOn(Callee) || Call->getNumArgs() != 1)
      return false;
    E = Call->getArg(0)->IgnoreParenImpCasts();
  }
  const auto *Name = dyn_cast<DeclRefExpr>(E);
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  // The caller of a function that takes an rvalue has been asked already.
  if (!Variable || Variable->getType()->isLValueReferenceType() ||
      (Variable->getType()->isRValueReferenceType() &&
       !isa<ParmVarDecl>(Variable)))
    return false;
  // So has the caller that gave what is followed here.
  const auto *Parameter = dyn_cast<ParmVarDecl>(Variable);
  const auto *Function =
      Parameter ? dyn_cast<FunctionDecl>(Parameter->getDeclContext()) : nullptr;
  const bool WasAsked = Function && !Following.empty() &&
                        Following.back().Entered == Function->getCanonicalDecl();
  return (WasAsked || startsFresh(Variable)) &&
         variable(Variable, Role::Object) &&
         !Named.count(Variable->getCanonicalDecl());
}

/// Whether a call that is given \p E for parameter \p Into (or for any, when it
/// is null) can take from it no memory that has another name.
bool Aliases::bringsNoName(const Expr *E, const ParmVarDecl *Into) {
  const QualType Type = E->getType();
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    E = Default->getExpr();
  if (Type->isPointerType()) {
    // An owner may be made of it.
    const Expr *Value = E->IgnoreParenCasts();
    return Type->getPointeeType().isConstQualified() ||
           Type->isFunctionPointerType() || isa<CXXNewExpr>(Value) ||
           isa<CXXNullPtrLiteralExpr, GNUNullExpr>(Value);
  }
  if (const CXXRecordDecl *Class =
          Type.getNonReferenceType()->getAsCXXRecordDecl();
      Class && Class->getIdentifier() && Class->getName() == "move_iterator")
    return false;
  if (!ownsMemory(Type))
    return true;
  if (E->isPRValue())
    return isFresh(E);
  if (E->isXValue())
    return isa<MaterializeTemporaryExpr>(E->IgnoreParenImpCasts())
               ? isFresh(E)
               : isUnnamed(E);
  // Only read, or copied.
  const bool IsRead = !Into || !Into->getType()->isReferenceType() ||
                      Into->getType()->getPointeeType().isConstQualified();
  return IsRead || isUnnamed(E);
}

/// The arguments of a call from number \p First on.
bool Aliases::bringNoNames(const FunctionDecl *Callee,
                           llvm::ArrayRef<const Expr *> Args,
                           const Expr *Except) {
  for (size_t I = 0; I != Args.size(); ++I)
    if (Args[I] != Except &&
        !bringsNoName(Args[I], I < Callee->getNumParams()
                                   ? Callee->getParamDecl(unsigned(I))
                                   : nullptr))
      return false;
  return true;
}

/// Whether the value of \p E owns nothing that has another name.
bool Aliases::isFresh(const Expr *E) {
  E = E->IgnoreImplicit()->IgnoreParens();
  if (!ownsMemory(E->getType()))
    return bringsNoName(E, nullptr);
  if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
    return isFresh(Cast->getSubExpr());
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return isFresh(Default->getExpr());
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    return isFresh(Default->getExpr());
  if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(E))
    return isFresh(List->getSubExpr());
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return llvm::all_of(List->inits(), [&](const Expr *Init) {
      return bringsNoName(Init, nullptr);
    });
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E))
    return isFresh(Choice->getTrueExpr()) && isFresh(Choice->getFalseExpr());
  if (isa<CXXScalarValueInitExpr, ImplicitValueInitExpr>(E))
    return true;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    auto Init = Lambda->capture_init_begin();
    return llvm::all_of(Lambda->captures(), [&](const LambdaCapture &C) {
      const Expr *Value = *Init++;
      return !Lambda->isInitCapture(&C) || C.getCaptureKind() == LCK_ByRef ||
             bringsNoName(Value, nullptr);
    });
  }
  if (!E->isPRValue())
    return bringsNoName(E, nullptr);
  const FunctionDecl *Callee = nullptr;
  llvm::SmallVector<const Expr *, 4> Args;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    Callee = Construct->getConstructor();
    Args.append(Construct->arg_begin(), Construct->arg_end());
    return bringNoNames(Callee, Args, nullptr);
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee)
    return false;
  Args.append(Call->arg_begin(), Call->arg_end());
  // The object of an operator is no argument.
  if (isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(Callee))
    Args.erase(Args.begin());
  return bringNoNames(Callee, Args, nullptr) &&
         (Program::isLibrary(Callee) || returnsFresh(Callee));
}

/// Whether what a function returns by value has no name that it has kept.
bool Aliases::returnsFresh(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (Depth > MaxDepth || Function->isDependentContext())
    return false;
  if (!Function->hasBody(Definition)) {
    // It has nothing to keep a name in.
    const auto *Method = dyn_cast<CXXMethodDecl>(Function);
    return (!Method || Method->isStatic()) &&
           llvm::none_of(Function->parameters(), [](const ParmVarDecl *Each) {
             QualType Type = Each->getType();
             return (Type->isReferenceType() || Type->isPointerType()) &&
                    !Type->getPointeeType().isConstQualified();
           });
  }
  auto [It, New] = Known.try_emplace({Definition, 5}, true);
  if (!New)
    return It->second;
  ++Depth;
  ReturnFinder Finder;
  Finder.TraverseStmt(Definition->getBody());
  const bool Result = llvm::all_of(Finder.Values, [&](const Expr *Value) {
    const Expr *E = Value->IgnoreImplicit()->IgnoreParens();
    // return x; moves x, or is x.
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
        Construct && Construct->getConstructor()->isCopyOrMoveConstructor())
      E = Construct->getArg(0)->IgnoreParenImpCasts();
    if (isa<DeclRefExpr>(E))
      return isUnnamed(E);
    return isFresh(Value);
  });
  --Depth;
  return Known[{Definition, 5}] = Result;
}

/// What a variable starts with.
bool Aliases::startsFresh(const VarDecl *Variable) {
  if (Variable->getType()->isReferenceType() || !ownsMemory(Variable->getType()))
    return true;
  if (const auto *Parameter = dyn_cast<ParmVarDecl>(Variable)) {
    // What the caller moved in may have a name there; the function must have no
    // way to it.
    const auto *Function =
        dyn_cast<FunctionDecl>(Parameter->getDeclContext());
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
    return Function && (!Method || Method->isStatic()) &&
           llvm::none_of(Function->parameters(), [&](const ParmVarDecl *Each) {
             return Each->getType()->isReferenceType() ||
                    refers(Each->getType());
           });
  }
  return !Variable->getInit() || isFresh(Variable->getInit());
}

//===----------------------------------------------------------------------===//
// Owners
//===----------------------------------------------------------------------===//

/// The type of the object that \p Init makes for an owner to have, and nobody
/// else: make_unique, make_shared, new.
static QualType madeAlone(const Expr *Init) {
  while (Init) {
    Init = Init->IgnoreImplicit()->IgnoreParens();
    if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(Init)) {
      Init = Cast->getSubExpr();
      continue;
    }
    if (const auto *New = dyn_cast<CXXNewExpr>(Init))
      return New->isArray() ? QualType() : New->getAllocatedType();
    if (const auto *Call = dyn_cast<CallExpr>(Init)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      const TemplateArgumentList *Arguments =
          Callee ? Callee->getTemplateSpecializationArgs() : nullptr;
      if (!makes(Callee) || !Arguments || Arguments->size() == 0 ||
          Arguments->get(0).getKind() != TemplateArgument::Type)
        return {};
      return Arguments->get(0).getAsType();
    }
    // A conversion of one owner to another, or of a pointer.
    const auto *Construct = dyn_cast<CXXConstructExpr>(Init);
    if (!Construct || Construct->getNumArgs() == 0)
      return {};
    for (unsigned I = 1; I != Construct->getNumArgs(); ++I)
      if (!isa<CXXDefaultArgExpr>(Construct->getArg(I)))
        return {};
    Init = Construct->getArg(0);
  }
  return {};
}

bool Aliases::areFollowedThrough(const VarDecl *Owner) {
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Owner->getType()->getAsCXXRecordDecl());
  const QualType Made = madeAlone(Owner->getInit());
  if (isa<ParmVarDecl>(Owner) || !Class || Made.isNull())
    return false;
  const TemplateArgument &Owned = Class->getTemplateArgs()[0];
  if (Owned.getKind() != TemplateArgument::Type ||
      Owned.getAsType().getCanonicalType().getUnqualifiedType() !=
          Made.getCanonicalType().getUnqualifiedType())
    return false;
  const CXXRecordDecl *Object = Made->getAsCXXRecordDecl();
  return settled((!Object || isSelfless(Object)) &&
                 variable(Owner, Role::Holder));
}

//===----------------------------------------------------------------------===//
// Names that the places know
//===----------------------------------------------------------------------===//

/// Whether \p Type is a value that holds a reference to something: a pair of
/// iterators, a tuple of references.
bool Aliases::holdsReferences(QualType Type, unsigned Level) const {
  if (Type->isReferenceType() || refers(Type))
    return true;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  if (!Spec || Level > 3)
    return false;
  auto Holds = [&](const TemplateArgument &Each) {
    return Each.getKind() == TemplateArgument::Type &&
           holdsReferences(Each.getAsType(), Level + 1);
  };
  for (const TemplateArgument &Each : Spec->getTemplateArgs().asArray())
    if (Holds(Each) ||
        (Each.getKind() == TemplateArgument::Pack &&
         llvm::any_of(Each.pack_elements(), Holds)))
      return true;
  return false;
}

/// Whether the flow analysis takes what the library returns for a part of what
/// it was given: else it would be another object to it.
bool Aliases::isPlaceOf(const Index &I, const Expr *Call, const Expr *Given,
                        bool IsObject) {
  PlaceBuilder &Builder = builderOf(I);
  const Ref From = IsObject ? Builder.place(Given) : Builder.pointee(Given);
  const Ref To = Call->isGLValue() ? Builder.place(Call) : Builder.pointee(Call);
  if (!From.P || !To.P)
    return false;
  const PlaceTable &Places = Builder.places();
  return Places.rootOf(From.P) == Places.rootOf(To.P);
}

bool fearless::flow::passesOn(const FunctionDecl *Callee) {
  return Callee->isInStdNamespace() && Callee->getIdentifier() &&
         !isa<CXXMethodDecl>(Callee) && Callee->getNumParams() == 1 &&
         (Callee->getName() == "move" || Callee->getName() == "forward" ||
          Callee->getName() == "as_const");
}
