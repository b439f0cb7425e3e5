// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Qualified names as users write them: inline namespaces and template
// arguments left out, so that one spelling matches libstdc++'s std::__cxx11
// and libc++'s std::__1.

#ifndef FEARLESS_SUPPORT_NAMES_H
#define FEARLESS_SUPPORT_NAMES_H

#include "clang/AST/Decl.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/SmallString.h"

#include <string>

namespace fearless {

/// The name of \p D qualified by its namespaces and classes, without inline
/// and anonymous namespaces. A constructor is "Class::Class". Linear in depth.
llvm::SmallString<64> qualifiedName(const clang::NamedDecl *D);

/// The spelling of \p T for messages: as a user would write it, without
/// "struct", with "(lambda)" for closures and without default arguments.
std::string displayName(clang::QualType T, const clang::ASTContext &Ctx);

/// \p Text as messages name things: 'text'.
inline std::string quoted(llvm::StringRef Text) {
  return ("'" + Text + "'").str();
}

} // namespace fearless

#endif // FEARLESS_SUPPORT_NAMES_H
