// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides whether a call is a thread boundary: by the marks of the callee's
// parameters, else by its model.

#ifndef FEARLESS_BOUNDARIES_BOUNDARYFINDER_H
#define FEARLESS_BOUNDARIES_BOUNDARYFINDER_H

#include "Boundaries/Boundary.h"
#include "Models/ModelTable.h"

#include <optional>

namespace fearless {

/// The boundary that the call or construction \p Call makes. \p Callee is the
/// function it calls, \p Arguments what it is given (without the object).
/// Constant time for the usual call, which is none.
std::optional<Boundary>
findBoundary(const clang::Expr *Call, const clang::FunctionDecl *Callee,
             llvm::ArrayRef<const clang::Expr *> Arguments,
             const ModelTable &Models);

/// The marked parameter that \p E forwards, or null: inside a function whose
/// parameter is marked, that parameter was checked at the call.
const clang::ParmVarDecl *checkedParameter(const clang::Expr *E);

/// Whether a parameter that was checked for \p Checked needs no second look
/// when it is handed on as \p Now: one thread asks less than several.
bool coversKind(BoundaryKind Checked, BoundaryKind Now);

} // namespace fearless

#endif // FEARLESS_BOUNDARIES_BOUNDARYFINDER_H
