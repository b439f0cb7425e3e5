// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Traits/Locks.h"

#include "Annotations/LockPath.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;

/// Whether the class or one of its bases has a member of that name.
static bool hasMember(const CXXRecordDecl *Class, llvm::StringRef Name) {
  auto &Ids = Class->getASTContext().Idents;
  auto Known = Ids.find(Name);
  if (Known == Ids.end())
    return false;
  llvm::SmallVector<const CXXRecordDecl *, 4> Classes{Class};
  while (!Classes.empty()) {
    const CXXRecordDecl *C = Classes.pop_back_val();
    if (!C->hasDefinition())
      continue;
    C = C->getDefinition();
    if (!C->lookup(Known->second).empty())
      return true;
    for (const CXXBaseSpecifier &Base : C->bases())
      if (const CXXRecordDecl *Parent = Base.getType()->getAsCXXRecordDecl())
        Classes.push_back(Parent);
  }
  return false;
}

bool fearless::isLock(QualType Type, const ModelTable &Models) {
  Type = Type.getNonReferenceType();
  while (Type->isPointerType() || Type->isArrayType())
    Type = Type->isPointerType()
               ? Type->getPointeeType()
               : QualType(Type->getPointeeOrArrayElementType(), 0);
  if (Type->isDependentType())
    return true;
  const RecordDecl *Record = Type->getAsRecordDecl();
  if (!Record)
    return false;
  if (const TypeModel *Model = Models.type(Record)) {
    if (Model->Kind == TypeKind::Lock)
      return true;
    if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record);
        Spec && Model->Kind == TypeKind::Owner &&
        Spec->getTemplateArgs().size() != 0 &&
        Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      return isLock(Spec->getTemplateArgs()[0].getAsType(), Models);
    // A guard locks, but it is no lock.
    if (Model->Kind != TypeKind::Value)
      return false;
  }
  if (Record->hasAttr<CapabilityAttr>())
    return true;
  const auto *Class = dyn_cast<CXXRecordDecl>(Record);
  return Class && hasMember(Class, "lock") && hasMember(Class, "unlock");
}

bool fearless::isLock(const ValueDecl *D, const ModelTable &Models) {
  if (const auto *Function = dyn_cast<FunctionDecl>(D))
    return isLock(Function->getReturnType(), Models);
  return isLock(D->getType(), Models);
}

Guarding fearless::guardingOf(const FieldDecl *Field,
                              const ModelTable &Models) {
  Guarding Out;
  for (const Mark &M : marksOf(Field)) {
    if (M.Kind != MarkKind::GuardedBy && M.Kind != MarkKind::PtGuardedBy)
      continue;
    const ValueDecl *Lock = lockNamedBy(M, Field);
    if (Lock && Lock != Field && isLock(Lock, Models))
      (M.Kind == MarkKind::GuardedBy ? Out.Field : Out.Pointee) = true;
  }
  return Out;
}
