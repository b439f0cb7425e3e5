// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks that live longer than what their coroutines refer to: the closure of a
// lambda coroutine, temporaries behind reference parameters, locals of a
// function that returns the task. A frame has its own copy of parameters only.

#ifndef FEARLESS_CAPTURES_OUTLIVED_H
#define FEARLESS_CAPTURES_OUTLIVED_H

#include "Boundaries/Unit.h"

#include "clang/AST/Expr.h"

#include <vector>

namespace fearless {

struct Outlived {
  enum Referent : uint8_t {
    /// The captures of a lambda are members of its closure.
    Closure,
    /// The object whose member function it is.
    Object,
    /// What a parameter refers to.
    Parameter,
  };
  enum Keeping : uint8_t { Stored, Returned, Discarded, HandedOver };

  Referent What;
  Keeping How;
  /// It is a variable of the function; else a temporary.
  const clang::VarDecl *Variable = nullptr;
  const clang::ParmVarDecl *Parm = nullptr;
  const clang::CallExpr *Call;
  /// The lambda, object or argument.
  const clang::Expr *At;
  /// Where the coroutine uses it after a suspension.
  const clang::Expr *Use;
  const clang::FunctionDecl *Coroutine;
  const clang::FunctionDecl *Caller;
  /// What takes the task; for HandedOver.
  std::string Boundary;
};

/// Certain ones only: the task is kept beyond the end of what it refers to, and
/// the coroutine uses that after a suspension. A task that is awaited, or given
/// to a function that may wait for it, is not kept. Nothing for a unit without
/// coroutines, else linear in its functions.
std::vector<Outlived> findOutlived(const Unit &U, const ModelTable &Models);

} // namespace fearless

#endif // FEARLESS_CAPTURES_OUTLIVED_H
