// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Suspension points behind which a coroutine goes on in another thread: its
// handle is given to a boundary, in the body of await_suspend or by what is
// declared of it.

#ifndef FEARLESS_CAPTURES_RESUMPTION_H
#define FEARLESS_CAPTURES_RESUMPTION_H

#include "Boundaries/Unit.h"

#include "clang/AST/ExprCXX.h"

#include <vector>

namespace fearless {

struct Resumption {
  const clang::CoroutineSuspendExpr *At;
  const clang::FunctionDecl *Coroutine;
  /// What takes the handle.
  Boundary Through;
};

/// All of \p U, in source order. Linear in its suspension points; nothing for
/// a unit without coroutines.
std::vector<Resumption> findResumptions(const Unit &U, const ModelTable &Models);

} // namespace fearless

#endif // FEARLESS_CAPTURES_RESUMPTION_H
