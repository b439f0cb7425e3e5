// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/ParameterUse.h"

#include "Support/LLVMCompat.h"
#include "Support/Names.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/Type.h"

#include <utility>

using namespace clang;
using namespace fearless;

ParameterUse &ParameterUse::operator|=(const ParameterUse &O) {
  ByValue |= O.ByValue;
  Reference |= O.Reference;
  ConstReference |= O.ConstReference;
  Callback |= O.Callback;
  ConstCallback |= O.ConstCallback;
  return *this;
}

bool ParameterUses::isParameter(QualType Type) const {
  const auto *T = Type->getAs<TemplateTypeParmType>();
  return T && T->getDepth() == Parameter->getDepth() &&
         T->getIndex() == Parameter->getIndex();
}

bool ParameterUses::mentions(QualType Type) const {
  struct Finder : RecursiveASTVisitor<Finder> {
    const ParameterUses &Uses;
    bool Found = false;
    explicit Finder(const ParameterUses &Uses) : Uses(Uses) {}
    bool VisitTemplateTypeParmType(TemplateTypeParmType *T) {
      Found |= Uses.isParameter(QualType(T, 0));
      return !Found;
    }
  } F(*this);
  F.TraverseType(Type);
  return F.Found;
}

std::optional<unsigned>
ParameterUses::ownIndex(const CXXRecordDecl *Class) const {
  const ClassTemplateDecl *Template = Class->getDescribedClassTemplate();
  if (!Template)
    return std::nullopt;
  const TemplateParameterList *List = Template->getTemplateParameters();
  for (unsigned I = 0; I != List->size(); ++I)
    if (const auto *Own = dyn_cast<TemplateTypeParmDecl>(List->getParam(I));
        Own && Own->getDepth() == Parameter->getDepth() &&
        Own->getIndex() == Parameter->getIndex())
      return I;
  return std::nullopt;
}

/// What is reached through a reference or pointer to \p Pointee.
ParameterUse ParameterUses::behind(QualType Pointee) {
  if (const auto *Function = Pointee->getAs<FunctionProtoType>())
    return function(Function);
  // The wrapper itself: what it shows of its T its own methods say.
  if (const CXXRecordDecl *Class = Pointee->getAsCXXRecordDecl();
      Class && ownIndex(Class))
    return {};
  ParameterUse Inner = of(Pointee);
  if (Inner.ByValue) {
    Inner.ByValue = false;
    (Pointee.isConstQualified() ? Inner.ConstReference : Inner.Reference) = true;
  }
  return Inner;
}

/// A function that is called with, or gives back, what the parameter makes:
/// the other way round than a function that is offered.
ParameterUse ParameterUses::function(const FunctionProtoType *Type) {
  ParameterUse Out;
  if (Held)
    return Out;
  for (QualType Argument : Type->param_types()) {
    ParameterUse Given = of(Argument);
    Out.ByValue |= Given.ByValue;
    Out.Callback |= Given.Reference || Given.Callback;
    Out.ConstCallback |= Given.ConstReference || Given.ConstCallback;
  }
  Out.ByValue |= of(Type->getReturnType()).ByValue;
  return Out;
}

/// Whether the class template keeps anything of its parameter number
/// \p Index: empty classes and those that name it in functions only are tags.
bool ParameterUses::holds(const ClassTemplateDecl *Template, unsigned Index) {
  const CXXRecordDecl *Class = Template->getTemplatedDecl();
  if (!Class->hasDefinition())
    return true;
  if (!Open.insert(Template).second)
    return false;
  Class = Class->getDefinition();
  const TemplateParameterList *List = Template->getTemplateParameters();
  if (Index >= List->size())
    Index = List->size() - 1; // of a pack
  const auto *Inner = dyn_cast<TemplateTypeParmDecl>(List->getParam(Index));
  bool Holds = Inner == nullptr;
  if (Inner) {
    ParameterUses Uses(Inner, Ctx, Models);
    Uses.Open = Open;
    for (const FieldDecl *Field : Class->fields())
      Holds |= Uses.heldBy(Field->getType()).any();
    for (const CXXBaseSpecifier &Base : Class->bases())
      Holds |= Uses.heldBy(Base.getType()).any();
  }
  Open.erase(Template);
  return Holds;
}

static bool asksOf(const TraitRule &Rule, unsigned Index) {
  return llvm::any_of(Rule.conditions(), [&](const Condition &C) {
    return C.Argument == Index || (C.Rest && C.Argument <= Index);
  });
}

ParameterUse
ParameterUses::specialisation(const TemplateDecl *Template,
                              llvm::ArrayRef<TemplateArgument> Arguments) {
  ParameterUse Out;
  const auto *Class = dyn_cast_or_null<ClassTemplateDecl>(Template);
  const TypeModel *Model =
      Class ? Models.type(Class->getTemplatedDecl()) : nullptr;
  unsigned Index = 0;
  for (const TemplateArgument &Argument : Arguments) {
    const unsigned I = Index++;
    llvm::SmallVector<QualType, 2> Types;
    if (Argument.getKind() == TemplateArgument::Type)
      Types.push_back(Argument.getAsType());
    else if (Argument.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &Each : Argument.pack_elements())
        if (Each.getKind() == TemplateArgument::Type)
          Types.push_back(Each.getAsType());
    for (QualType Type : Types) {
      if (!mentions(Type))
        continue;
      if (Model && Model->Kind == TypeKind::Erased) {
        if (const auto *Function = Type->getAs<FunctionProtoType>())
          Out |= function(Function);
        continue;
      }
      if (Model && Model->Send.K == TraitRule::All) {
        // A view asks Sync, a shared owner both, a container Send.
        const bool Sync = llvm::any_of(
            Model->Send.conditions(), [&](const Condition &C) {
              return C.Argument == I && C.Asks == Trait::Sync;
            });
        if (Sync)
          Out |= behind(Type);
        if (!Sync || asksOf(Model->Send, I)) {
          const bool Send = llvm::any_of(
              Model->Send.conditions(), [&](const Condition &C) {
                return (C.Argument == I || (C.Rest && C.Argument <= I)) &&
                       C.Asks == Trait::Send;
              });
          if (Send)
            Out |= of(Type);
        }
        continue;
      }
      if (Model && Model->Send.K == TraitRule::Yes)
        continue; // std::allocator<T>, std::hash<T>: nothing of a T inside
      if (!Class || holds(Class, I))
        Out |= of(Type);
    }
  }
  return Out;
}

/// typename X<T>::name
ParameterUse ParameterUses::named(QualType Type) {
  ParameterUse Out;
  const auto *Name = Type->getAs<DependentNameType>();
  if (!Name)
    return Out;
  const clang::Type *Scope = compat::qualifierType(Name);
  const auto *Spec =
      Scope ? Scope->getAs<TemplateSpecializationType>() : nullptr;
  if (!Spec)
    return Out; // T::name is a type of its own
  for (const TemplateArgument &Argument : Spec->template_arguments())
    if (Argument.getKind() == TemplateArgument::Type)
      Out |= of(Argument.getAsType());
  if (!Out.ByValue)
    return Out;
  const llvm::StringRef Id = Name->getIdentifier()->getName();
  const bool Const = Id == "const_iterator" || Id == "const_reference" ||
                     Id == "const_pointer" || Id == "const_reverse_iterator";
  const bool Mutable = Id == "iterator" || Id == "reference" ||
                       Id == "pointer" || Id == "reverse_iterator";
  if (Const || Mutable)
    Out.ByValue = false;
  Out.ConstReference |= Const;
  Out.Reference |= Mutable;
  return Out;
}

ParameterUse ParameterUses::heldBy(QualType Type) {
  const bool Outer = std::exchange(Held, true);
  ParameterUse Out = of(Type);
  Held = Outer;
  return Out;
}

ParameterUse ParameterUses::of(QualType Type) {
  ParameterUse Out;
  if (Type.isNull() || !Type->isInstantiationDependentType())
    return Out;
  if (isParameter(Type)) {
    Out.ByValue = true;
    return Out;
  }
  if (Type->getAs<DecltypeType>() || Type->getAs<TypeOfExprType>())
    return Out;
  if (Type->isRValueReferenceType())
    return of(Type->getPointeeType());
  if (Type->isLValueReferenceType() || Type->isPointerType())
    return behind(Type->getPointeeType());
  if (const auto *Function = Type->getAs<FunctionProtoType>())
    return function(Function);
  if (const auto *Array = dyn_cast<ArrayType>(Type.getCanonicalType()))
    return of(Array->getElementType());
  if (const auto *Expansion = Type->getAs<PackExpansionType>())
    return of(Expansion->getPattern());
  if (const auto *Atomic = Type->getAs<AtomicType>())
    return of(Atomic->getValueType());
  if (const auto *Unary = Type->getAs<UnaryTransformType>())
    return of(Unary->getBaseType());
  if (const auto *Spec = Type->getAs<TemplateSpecializationType>()) {
    if (Spec->isTypeAlias())
      return of(Spec->getAliasedType());
    return specialisation(Spec->getTemplateName().getAsTemplateDecl(),
                          Spec->template_arguments());
  }
  if (const CXXRecordDecl *Class = Type->getAsCXXRecordDecl()) {
    // The class itself, by its own name inside its template: what it holds.
    if (std::optional<unsigned> Index = ownIndex(Class))
      Out.ByValue = holds(Class->getDescribedClassTemplate(), *Index);
    return Out;
  }
  return named(Type);
}
