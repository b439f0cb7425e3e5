// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a value is known to hold although its type hides it: a std::function
// made from a lambda, the arguments of a std::bind. Each part is then judged
// by its own type and named in messages.

#ifndef FEARLESS_CAPTURES_CONTENTS_H
#define FEARLESS_CAPTURES_CONTENTS_H

#include "Models/ModelTable.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace fearless {

struct Content {
  const clang::Expr *Value;
  /// It is called; otherwise it is an argument bound to what is called.
  bool IsCallable;
};

/// What \p E holds, if its type hides that and its making is in sight: in the
/// expression itself, or in the initialiser of a local variable of \p Caller
/// that nothing else is ever stored in. An empty list: it holds nothing.
/// Linear in the body of \p Caller for a variable, else constant.
std::optional<llvm::SmallVector<Content, 4>>
contentsOf(const clang::Expr *E, const clang::FunctionDecl *Caller,
           const ModelTable &Models);

/// The same for a variable that a lambda captures by copy.
std::optional<llvm::SmallVector<Content, 4>>
contentsOf(const clang::VarDecl *Variable, const clang::FunctionDecl *Caller,
           const ModelTable &Models);

} // namespace fearless

#endif // FEARLESS_CAPTURES_CONTENTS_H
