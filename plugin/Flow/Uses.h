// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the code around a name does to the variable or member: reads it, writes
// it, or lets others have its address. No flow: one climb in the tree.

#ifndef FEARLESS_FLOW_USES_H
#define FEARLESS_FLOW_USES_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ParentMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace fearless::flow {

enum class Use : uint8_t {
  Read,
  Write,
  /// A reference or pointer through which it may be written.
  Escape,
};

/// The use of the variable or member that \p Name names. Linear in the depth
/// of the tree above it.
Use useOf(const clang::Expr *Name, const clang::ParentMap &Parents);

/// Calls \p Seen for every variable and member that \p Function names, without
/// its lambdas; initialisers of a constructor count.
void forEachUse(
    const clang::FunctionDecl *Function,
    llvm::function_ref<void(const clang::ValueDecl *, const clang::Expr *, Use)>
        Seen);

/// The same for one expression, such as an initialiser.
void forEachUseIn(
    const clang::Stmt *Code,
    llvm::function_ref<void(const clang::ValueDecl *, const clang::Expr *, Use)>
        Seen);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_USES_H
