// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads an expression as its author does: looks through what the compiler adds
// and through calls that only pass their argument on, and names the object
// that is meant.

#ifndef FEARLESS_CAPTURES_WRITTEN_H
#define FEARLESS_CAPTURES_WRITTEN_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"

#include <string>

namespace fearless {

/// \p E without parentheses, implicit casts, temporaries, copies, and casts to
/// void*.
const clang::Expr *written(const clang::Expr *E);

/// The same, and through std::move(x) and std::forward<T>(x).
const clang::Expr *passedOn(const clang::Expr *E);

/// The variable or member that \p E denotes: x, a.b (the member), this->b.
/// Null for anything else.
const clang::ValueDecl *denoted(const clang::Expr *E);

/// The variable whose object contains what \p E denotes: x for x, x.a.b and
/// x[1]. Null behind a pointer or reference.
const clang::VarDecl *rootVariable(const clang::Expr *E);

/// "'x'", "'this'", "'a.b'"; empty when it is long.
std::string nameOf(const clang::Expr *E, const clang::ASTContext &Ctx);

} // namespace fearless

#endif // FEARLESS_CAPTURES_WRITTEN_H
