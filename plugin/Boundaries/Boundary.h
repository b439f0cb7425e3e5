// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call that hands something to another thread, as plain data.

#ifndef FEARLESS_BOUNDARIES_BOUNDARY_H
#define FEARLESS_BOUNDARIES_BOUNDARY_H

#include "Models/Model.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"

#include <string>

namespace fearless {

/// One argument that crosses.
struct Handed {
  const clang::Expr *Value;
  /// It is run on the other thread.
  bool IsCallable;
  BoundaryKind Kind;
  /// The parameter whose mark makes the boundary, or null for a model.
  const clang::ParmVarDecl *MarkedParameter = nullptr;
  /// The parameter is a `T&` that is neither const nor a forwarding reference:
  /// no copy crosses, the caller's own object does.
  bool ByReference = false;
};

struct Boundary {
  /// The call or construction.
  const clang::Expr *Call = nullptr;
  const clang::FunctionDecl *Callee = nullptr;
  /// "std::thread", "submit": as messages name it.
  std::string Name;
  BoundaryKind Kind = BoundaryKind::Spawns;
  /// Declared with our marks: proof is demanded in both modes.
  bool IsMarked = false;
  /// The callable's result and exceptions come back to the caller.
  bool ReturnsResult = false;
  /// The work may run on the calling thread (std::launch::deferred alone).
  bool IsDeferred = false;
  llvm::SmallVector<Handed, 2> Items;
  /// What the thread can be waited for through, if that is not the result: the
  /// handle (a pool, a group of tasks), or a pointer to it.
  const clang::Expr *Handle = nullptr;
  /// Whether, and how, it can be waited for is not known; it may even run on the
  /// calling thread.
  bool HandleIsUnknown = false;
  /// The function whose body holds the call; null at namespace scope.
  const clang::FunctionDecl *Caller = nullptr;
  /// The member whose default initialiser holds the call, or null.
  const clang::FieldDecl *Member = nullptr;
};

} // namespace fearless

#endif // FEARLESS_BOUNDARIES_BOUNDARY_H
