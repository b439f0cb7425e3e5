// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the model of a declaration: the user's models first, then the shipped
// ones. Lookup is by qualified name; a set of bare names filters calls so that
// the common case, a function nobody modelled, costs one hash of a StringRef.

#ifndef FEARLESS_MODELS_MODELTABLE_H
#define FEARLESS_MODELS_MODELTABLE_H

#include "Models/Model.h"

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace fearless {

/// Immutable once filled: may be read from several threads.
class ModelTable {
public:
  /// Starts with the shipped models.
  ModelTable();

  /// Adds a set that takes precedence over all earlier ones. The caller keeps
  /// its memory alive.
  void add(const ModelSet &Set);

  /// The model of a class, or null. A model for the specialisation's own
  /// arguments wins over one for the template.
  const TypeModel *type(const clang::RecordDecl *Record) const;

  /// The models of a function (several when overloads differ), empty for none.
  llvm::ArrayRef<const BoundaryModel *>
  boundaries(const clang::FunctionDecl *Function) const;

  const ObjectModel *object(const clang::VarDecl *Object) const;

  /// What a function does to threads and locks, or null. A method may be
  /// modelled under the class \p Object it is called on, wherever the library
  /// inherits it from.
  const OperationModel *
  operation(const clang::FunctionDecl *Function,
            const clang::CXXRecordDecl *Object = nullptr) const;
  /// What calling a function object does (std::ranges::sort), or null.
  const OperationModel *operation(const clang::VarDecl *FunctionObject) const;

private:
  llvm::StringMap<const TypeModel *> Types;
  /// Models for one specialisation, by the template's qualified name.
  llvm::StringMap<llvm::SmallVector<const TypeModel *, 1>> Specialisations;
  llvm::StringMap<llvm::SmallVector<const BoundaryModel *, 1>> Boundaries;
  llvm::StringMap<const ObjectModel *> Objects;
  llvm::StringMap<const OperationModel *> Operations;
  llvm::StringSet<> OperationNames;
  /// The last components of all boundary names.
  llvm::StringSet<> BoundaryNames;
};

} // namespace fearless

#endif // FEARLESS_MODELS_MODELTABLE_H
