// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only file that asks for the LLVM version. Each entry is an inline
// function or a list of cases, titled by the version that changed, newest
// first; it is deleted when the floor moves past that version.

#ifndef FEARLESS_SUPPORT_LLVMCOMPAT_H
#define FEARLESS_SUPPORT_LLVMCOMPAT_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Config/llvm-config.h"

#if LLVM_VERSION_MAJOR < 16
#error "Fearless needs LLVM 16 or newer"
#endif

namespace fearless::compat {

// clang-22: TagDecl types became canonical-only; getTypeDeclType is gone.
inline clang::QualType tagType(const clang::ASTContext &Ctx,
                               const clang::TagDecl *Tag) {
#if LLVM_VERSION_MAJOR >= 22
  return clang::QualType(Ctx.getCanonicalTagType(Tag));
#else
  return Ctx.getTypeDeclType(Tag).getCanonicalType();
#endif
}

// clang-22: a nested name specifier became a value.
inline const clang::Type *qualifierType(const clang::DependentNameType *Name) {
#if LLVM_VERSION_MAJOR >= 22
  return Name->getQualifier().getKind() ==
                 clang::NestedNameSpecifier::Kind::Type
             ? Name->getQualifier().getAsType()
             : nullptr;
#else
  return Name->getQualifier() ? Name->getQualifier()->getAsType() : nullptr;
#endif
}

// clang-18: C++23's explicit object parameter ("deducing this").
inline bool hasExplicitObject(const clang::FunctionDecl *Function) {
#if LLVM_VERSION_MAJOR >= 18
  return Function->hasCXXExplicitFunctionObjectParameter();
#else
  return false;
#endif
}

// clang-18: isPure() became isPureVirtual().
inline bool isPureVirtual(const clang::FunctionDecl *Function) {
#if LLVM_VERSION_MAJOR >= 18
  return Function->isPureVirtual();
#else
  return Function->isPure();
#endif
}

/// The record a canonical class type stands for, its definition if it has one.
inline const clang::RecordDecl *recordOf(const clang::RecordType *Type) {
  const clang::RecordDecl *Record = Type->getDecl();
  if (const clang::RecordDecl *Definition = Record->getDefinition())
    return Definition;
  return Record;
}

/// Whether the code at \p Loc, macro uses included, is not the user's.
inline bool isInSystemHeader(const clang::SourceManager &SM,
                             clang::SourceLocation Loc) {
  return Loc.isValid() && SM.isInSystemHeader(SM.getExpansionLoc(Loc));
}

} // namespace fearless::compat

// clang-20 added HLSL's two types, clang-18 (as a canonical class)
// ArrayParameterType. The solver's switch is exhaustive; these lists keep it so
// on every version.
#if LLVM_VERSION_MAJOR >= 22
#define FEARLESS_HLSL_TYPE_CASES                                               \
  case clang::Type::HLSLAttributedResource:                                    \
  case clang::Type::HLSLInlineSpirv:
#else
#define FEARLESS_HLSL_TYPE_CASES
#endif

#if LLVM_VERSION_MAJOR >= 19
#define FEARLESS_ARRAY_PARAMETER_CASE case clang::Type::ArrayParameter:
#else
#define FEARLESS_ARRAY_PARAMETER_CASE
#endif

// clang-22: the attributes of the first spelling (assert_exclusive_lock,
// exclusive_trylock_function...) became spellings of the new ones.
#define FEARLESS_HAS_OLD_LOCK_ATTRIBUTES (LLVM_VERSION_MAJOR < 22)

// clang-22: ClangTidyModuleRegistry.h is deprecated, its content has moved.
#define FEARLESS_HAS_TIDY_REGISTRY_HEADER (LLVM_VERSION_MAJOR < 22)

// clang-19: ThreadPool became an interface with two implementations.
#if LLVM_VERSION_MAJOR >= 19
#define FEARLESS_THREAD_POOL llvm::DefaultThreadPool
#else
#define FEARLESS_THREAD_POOL llvm::ThreadPool
#endif

#endif // FEARLESS_SUPPORT_LLVMCOMPAT_H
