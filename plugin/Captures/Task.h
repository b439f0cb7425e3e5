// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which coroutine made a task: the way from the object that is handed over to
// the frame behind it.

#ifndef FEARLESS_CAPTURES_TASK_H
#define FEARLESS_CAPTURES_TASK_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

#include <optional>

namespace fearless {

/// A call that made a task, and its coroutine.
struct CoroutineCall {
  const clang::CallExpr *Call;
  /// The definition.
  const clang::FunctionDecl *Coroutine;
  /// The task lies in a variable, through which it may have been resumed.
  bool WasTouched = false;
};

/// The call of a coroutine that \p E is, through copies and moves.
std::optional<CoroutineCall> calledCoroutine(const clang::Expr *E);

/// The call whose task (or the handle inside it) \p E denotes: in the
/// expression itself, or in the initialiser of a local variable of \p Caller
/// in which no other task is ever stored.
std::optional<CoroutineCall> coroutineCallOf(const clang::Expr *E,
                                             const clang::FunctionDecl *Caller);
std::optional<CoroutineCall> coroutineCallOf(const clang::VarDecl *Variable,
                                             const clang::FunctionDecl *Caller);

} // namespace fearless

#endif // FEARLESS_CAPTURES_TASK_H
