// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which types are locks, and which fields are guarded by one: what makes a
// class a monitor, whose objects several threads may use.

#ifndef FEARLESS_TRAITS_LOCKS_H
#define FEARLESS_TRAITS_LOCKS_H

#include "Models/ModelTable.h"

#include "clang/AST/Decl.h"

namespace fearless {

/// Whether objects of this type are locked and unlocked: by model, by Clang's
/// capability attribute, or by having lock() and unlock(). Looks through
/// references, pointers and smart pointers. True for a dependent type, which
/// is judged in the instantiations.
bool isLock(clang::QualType Type, const ModelTable &Models);

/// Whether \p D, which a mark names, is a lock or a function that returns one.
bool isLock(const clang::ValueDecl *D, const ModelTable &Models);

struct Guarding {
  /// The field itself is used under a lock only.
  bool Field = false;
  /// What the field points to is.
  bool Pointee = false;
};

/// The locks that the marks of \p Field name. Marks that name no lock count
/// for nothing: fearless-annotation reports them.
Guarding guardingOf(const clang::FieldDecl *Field, const ModelTable &Models);

} // namespace fearless

#endif // FEARLESS_TRAITS_LOCKS_H
