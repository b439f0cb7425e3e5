// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which lock a mark names: the text that GUARDED_BY and its relatives record
// (or the expression of Clang's own attribute) as a path of declarations,
// starting at a variable, a parameter, or the object itself.

#ifndef FEARLESS_ANNOTATIONS_LOCKPATH_H
#define FEARLESS_ANNOTATIONS_LOCKPATH_H

#include "Annotations/Marks.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace fearless {

struct LockPath {
  /// The first step is a member of the object that has the mark (a field's
  /// class, a method's *this); else it is a variable, parameter or function.
  bool OfObject = false;
  llvm::SmallVector<const clang::ValueDecl *, 2> Steps;
  /// "mutex_", as written.
  std::string Text;

  const clang::ValueDecl *last() const { return Steps.back(); }
};

/// The locks that \p M, a mark of \p On, names; nothing for one that names no
/// declaration in scope or is not understood. Understood are names, qualified
/// names, paths of them (`a.b`, `this->a->b`), `*` and `&` in front and `()`
/// behind. Looks among the parameters, in the class, its bases, and outwards.
llvm::SmallVector<std::optional<LockPath>, 1>
lockPathsOf(const Mark &M, const clang::ValueDecl *On);

/// REQUIRES and EXCLUDES on a function: its own marks, and those of the
/// functions it overrides, through which it may be called.
MarkList lockMarksOf(const clang::FunctionDecl *Function);

/// The declaration that the one lock of a GUARDED_BY names, or null.
const clang::ValueDecl *lockNamedBy(const Mark &M, const clang::ValueDecl *On);

} // namespace fearless

#endif // FEARLESS_ANNOTATIONS_LOCKPATH_H
