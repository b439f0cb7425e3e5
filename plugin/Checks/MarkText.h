// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a mark's macro stands in the source, and fix-its that rewrite it.

#ifndef FEARLESS_CHECKS_MARKTEXT_H
#define FEARLESS_CHECKS_MARKTEXT_H

#include "Annotations/Marks.h"

#include "clang/AST/ASTContext.h"
#include "clang/Basic/Diagnostic.h"

#include <optional>
#include <string>

namespace fearless {

/// Where the user wrote the mark: the macro's name, not its expansion.
clang::SourceLocation markLocation(const Mark &M, const clang::ASTContext &Ctx);

/// The text of the macro's use, "FEARLESS_UNSAFE_SEND(\"why\")"; nothing when
/// the mark is no direct use of its macro.
std::optional<std::string> markText(const Mark &M, const clang::ASTContext &Ctx);

/// Replaces the macro's use by \p Text; without effect when it has none.
void replaceMark(const Mark &M, const clang::ASTContext &Ctx,
                 llvm::StringRef Text,
                 llvm::SmallVectorImpl<clang::FixItHint> &Fixes);

/// Removes the macro's use and the blank behind it.
void removeMark(const Mark &M, const clang::ASTContext &Ctx,
                llvm::SmallVectorImpl<clang::FixItHint> &Fixes);

/// The use with conditions added: FEARLESS_UNSAFE_SEND("why") becomes
/// FEARLESS_UNSAFE_SEND_IF("why", Conditions). Without the macro's text, what
/// to write for it.
std::string withConditions(const Mark &M, const clang::ASTContext &Ctx,
                           llvm::StringRef Conditions);

/// Inserts "FEARLESS_X " in front of the name of a class. Only when the unit
/// includes annotations.h, so that the result compiles.
void insertMark(const clang::TagDecl *Tag, llvm::StringRef Macro,
                llvm::SmallVectorImpl<clang::FixItHint> &Fixes);

} // namespace fearless

#endif // FEARLESS_CHECKS_MARKTEXT_H
