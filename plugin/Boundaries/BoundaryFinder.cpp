// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Boundaries/BoundaryFinder.h"

#include "Annotations/Marks.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace fearless;
using Arguments = llvm::ArrayRef<const Expr *>;

/// Drops the default arguments at the end, which nobody handed over.
static Arguments written(Arguments Args) {
  while (!Args.empty() && isa<CXXDefaultArgExpr>(Args.back()))
    Args = Args.drop_back();
  return Args;
}

/// Of the type, or a pointer to one.
static bool hasTypeNamed(const Expr *E, llvm::StringRef Name) {
  QualType T = E->getType().getNonReferenceType();
  if (T->isPointerType())
    T = T->getPointeeType();
  const TagDecl *Tag = T->getAsTagDecl();
  return Tag && qualifiedName(Tag) == Name;
}

static bool isCallable(const Expr *E) {
  QualType T = E->getType().getNonReferenceType();
  if (T->isFunctionType() || T->isFunctionPointerType() ||
      T->isMemberFunctionPointerType())
    return true;
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return false;
  if (Class->isLambda())
    return true;
  auto Call = Class->getASTContext().DeclarationNames.getCXXOperatorName(
      OO_Call);
  return !Class->getDefinition()->lookup(Call).empty();
}

/// std::launch::deferred, written as a constant.
static bool isDeferredPolicy(const Expr *E) {
  const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  return Ref && isa<EnumConstantDecl>(Ref->getDecl()) &&
         Ref->getDecl()->getName() == "deferred";
}

/// "std::thread" for its constructor, else the function's own name.
static std::string boundaryName(const FunctionDecl *Callee) {
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee))
    return qualifiedName(Constructor->getParent()).str().str();
  return qualifiedName(Callee).str().str();
}

/// The templates's type argument that a `constructs:` model names.
static QualType constructedType(const FunctionDecl *Callee,
                                const BoundaryModel &Model) {
  const TemplateArgumentList *List = nullptr;
  if (Model.Constructs == BoundaryModel::FunctionArgument)
    List = Callee->getTemplateSpecializationArgs();
  else if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(
               Callee->getDeclContext()))
    List = &Spec->getTemplateArgs();
  if (!List || List->size() <= Model.ConstructsIndex ||
      List->get(Model.ConstructsIndex).getKind() != TemplateArgument::Type)
    return {};
  return List->get(Model.ConstructsIndex).getAsType();
}

/// Applies one model to the arguments it is about; false when it does not fit.
static bool applyModel(Boundary &B, const BoundaryModel &Model, Arguments Args) {
  if (Model.WhenArgument >= 0) {
    if (static_cast<size_t>(Model.WhenArgument) >= Args.size() ||
        llvm::none_of(Model.whenTypes(), [&](const char *Type) {
          return hasTypeNamed(Args[Model.WhenArgument], Type);
        }))
      return false;
  }
  if (Model.Skip && !Args.empty() && hasTypeNamed(Args.front(), Model.Skip)) {
    B.IsDeferred = isDeferredPolicy(Args.front());
    Args = Args.drop_front();
  }
  if (Model.Handle >= 0 && static_cast<size_t>(Model.Handle) < Args.size())
    B.Handle = Args[Model.Handle];
  B.HandleIsUnknown = Model.Handle == BoundaryModel::UnknownHandle;
  if (Model.Handle == BoundaryModel::ObjectHandle)
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(B.Call))
      B.Handle = Member->getImplicitObjectArgument();
  B.Kind = Model.Kind;
  B.ReturnsResult = Model.ReturnsResult;
  auto Add = [&](const Expr *E, bool Callable) {
    B.Items.push_back({E, Callable, Model.Kind});
  };
  if (Model.Callable == BoundaryModel::Closures) {
    for (const Expr *E : Args)
      if (isCallable(E))
        Add(E, true);
  } else if (Model.Callable >= 0 &&
             static_cast<size_t>(Model.Callable) < Args.size()) {
    Add(Args[Model.Callable], true);
  }
  if (Model.FirstArgument >= 0) {
    const size_t End = Model.ArgumentsToEnd ? Args.size()
                                            : size_t(Model.FirstArgument) + 1;
    for (size_t I = Model.FirstArgument; I < End && I < Args.size(); ++I)
      Add(Args[I], false);
  }
  return !B.Items.empty();
}

/// A model of the constructor of \p Type that starts a thread, if it has one.
static const BoundaryModel *threadConstructor(QualType Type,
                                              const ModelTable &Models) {
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return nullptr;
  auto IsSpawn = [&](const FunctionDecl *F) -> const BoundaryModel * {
    for (const BoundaryModel *Model : Models.boundaries(F))
      if (Model->Constructs == BoundaryModel::Nothing)
        return Model;
    return nullptr;
  };
  for (const Decl *D : Class->getDefinition()->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      D = Template->getTemplatedDecl();
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(D))
      return IsSpawn(Constructor); // models name all constructors of a class
  }
  return nullptr;
}

/// std::thread's copy, move and default constructors start nothing.
static bool isSpecialMember(const FunctionDecl *Callee) {
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
  return Constructor && (Constructor->isCopyOrMoveConstructor() ||
                         Constructor->isDefaultConstructor());
}

/// A single argument of the very type is a copy or move of a thread.
static bool isOfType(const Expr *E, QualType Type) {
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class)
    return false;
  const ASTContext &Ctx = Class->getASTContext();
  return Ctx.hasSameUnqualifiedType(E->getType().getNonReferenceType(), Type);
}

/// The parameter as the template has it, where `T&&` is a forwarding reference.
/// A pack is one parameter there and several here.
static const ParmVarDecl *patternOf(const FunctionDecl *Callee, unsigned I) {
  const FunctionDecl *Pattern = Callee->getTemplateInstantiationPattern();
  if (!Pattern)
    return Callee->getParamDecl(I);
  for (unsigned P = 0; P != Pattern->getNumParams(); ++P)
    if (P == I || Pattern->getParamDecl(P)->isParameterPack())
      return Pattern->getParamDecl(P);
  return nullptr;
}

static bool takesReference(const FunctionDecl *Callee, unsigned I) {
  const auto IsMutable = [](QualType T) {
    return T->isLValueReferenceType() && !T->getPointeeType().isConstQualified();
  };
  if (I >= Callee->getNumParams() ||
      !IsMutable(Callee->getParamDecl(I)->getType()))
    return false;
  const ParmVarDecl *Pattern = patternOf(Callee, I);
  if (!Pattern)
    return false;
  QualType T = Pattern->getType();
  if (const auto *Expansion = T->getAs<PackExpansionType>())
    T = Expansion->getPattern();
  return IsMutable(T);
}

static bool findMarked(Boundary &B, const FunctionDecl *Callee,
                       Arguments Args) {
  for (unsigned I = 0, P = 0; P != Callee->getNumParams() && I != Args.size();
       ++I) {
    const ParmVarDecl *Where = nullptr;
    std::optional<BoundaryKind> Kind = boundaryOf(Callee->getParamDecl(P), &Where);
    // In a constructor template that is matched by its pattern, a pack takes
    // all that is left.
    if (!Callee->getParamDecl(P)->isParameterPack())
      ++P;
    if (!Kind)
      continue;
    if (B.Items.empty() || *Kind != BoundaryKind::Sending)
      B.Kind = *Kind;
    const bool Callable =
        *Kind != BoundaryKind::Sending && isCallable(Args[I]);
    B.Items.push_back({Args[I], Callable, *Kind, Where});
  }
  B.IsMarked = !B.Items.empty();
  B.ReturnsResult = B.IsMarked;
  return B.IsMarked;
}

/// A constructor of the class that takes as many arguments and has a marked
/// parameter: which one a function of the library calls cannot be seen.
static const CXXConstructorDecl *markedConstructor(QualType Type, size_t Given) {
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return nullptr;
  for (const Decl *D : Class->getDefinition()->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      D = Template->getTemplatedDecl();
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(D);
    if (!Constructor || Constructor->isCopyOrMoveConstructor() ||
        Constructor->getMinRequiredArguments() > Given)
      continue;
    bool Marked = false, Pack = false;
    for (const ParmVarDecl *Parameter : Constructor->parameters()) {
      Marked |= boundaryOf(Parameter).has_value();
      Pack |= Parameter->isParameterPack();
    }
    if (Marked && (Pack || Constructor->getNumParams() >= Given))
      return Constructor;
  }
  return nullptr;
}

/// `using Base::Base` makes constructors that only pass on to the base's.
static const FunctionDecl *written(const FunctionDecl *Callee) {
  while (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee)) {
    InheritedConstructor Inherited = Constructor->getInheritedConstructor();
    if (!Inherited)
      break;
    Callee = Inherited.getConstructor();
  }
  return Callee;
}

std::optional<Boundary> fearless::findBoundary(const Expr *Call,
                                               const FunctionDecl *Callee,
                                               Arguments Args,
                                               const ModelTable &Models) {
  Args = written(Args);
  Callee = written(Callee);
  Boundary B;
  B.Call = Call;
  B.Callee = Callee;
  auto References = [&] {
    for (Handed &Item : B.Items)
      for (unsigned I = 0; I != Args.size(); ++I)
        if (Args[I] == Item.Value)
          Item.ByReference = takesReference(Callee, I);
  };
  if (findMarked(B, Callee, Args)) {
    B.Name = boundaryName(Callee);
    References();
    return B;
  }
  if (Args.empty() || isSpecialMember(Callee))
    return std::nullopt;
  for (const BoundaryModel *Model : Models.boundaries(Callee)) {
    if (Model->Constructs != BoundaryModel::Nothing) {
      QualType Type = constructedType(Callee, *Model);
      if (Type.isNull())
        continue;
      const BoundaryModel *Inner = threadConstructor(Type, Models);
      Arguments Passed = Args.drop_front(
          std::min<size_t>(std::max<int>(Model->FirstArgument, 0),
                           Args.size()));
      if (Passed.empty() ||
          (Passed.size() == 1 && isOfType(Passed.front(), Type)))
        continue;
      const CXXConstructorDecl *Marked =
          Inner ? nullptr : markedConstructor(Type, Passed.size());
      if (Inner ? applyModel(B, *Inner, Passed)
                : Marked && findMarked(B, Marked, Passed)) {
        B.Name = qualifiedName(Type->getAsCXXRecordDecl()).str().str();
        return B;
      }
      continue;
    }
    if (applyModel(B, *Model, Args)) {
      B.Name = boundaryName(Callee);
      References();
      return B;
    }
  }
  return std::nullopt;
}

bool fearless::coversKind(BoundaryKind Checked, BoundaryKind Now) {
  return Now != BoundaryKind::Many || Checked == BoundaryKind::Many;
}

const ParmVarDecl *fearless::checkedParameter(const Expr *E) {
  // Through std::forward, std::move, casts, copies and temporaries.
  while (true) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
      E = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
      E = Cast->getSubExpr();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
             Construct && Construct->getNumArgs() == 1)
      E = Construct->getArg(0);
    else if (const auto *Call = dyn_cast<CallExpr>(E);
             Call && Call->getNumArgs() == 1 &&
             !isa<CXXMemberCallExpr>(Call) && Call->isGLValue())
      E = Call->getArg(0); // std::move, std::forward: a reference to the same
    else
      break;
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
  return Parameter && boundaryOf(Parameter) ? Parameter : nullptr;
}
