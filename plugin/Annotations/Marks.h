// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the marks of annotations.h (and Clang's own lock attributes) from a
// declaration into plain facts. Knows the spellings; judges nothing.

#ifndef FEARLESS_ANNOTATIONS_MARKS_H
#define FEARLESS_ANNOTATIONS_MARKS_H

#include "Support/Ids.h"

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace fearless {

enum class MarkKind : uint8_t {
#define MARK(Kind, Spelling, Place, HasText) Kind,
#include "Annotations/Marks.def"
};

/// Where a mark may stand.
enum class MarkPlace : uint8_t { Type, Field, Function, Parameter, Any };

/// `fearless::send<T>` or `fearless::sync<const T>` in a conditional mark.
struct MarkCondition {
  Trait Asks;
  clang::QualType Type;
};

struct Mark {
  MarkKind Kind;
  const clang::Attr *Attribute;
  /// The reason, the lock's spelling or the role.
  std::string Text;
  llvm::SmallVector<MarkCondition, 2> Conditions;
  /// The lock, when the mark is Clang's own attribute.
  const clang::Expr *Lock = nullptr;
  /// An argument was not understood; what was expected.
  const char *Malformed = nullptr;
  /// A conditional mark has at least one condition.
  bool HasConditions = false;
};

using MarkList = llvm::SmallVector<Mark, 2>;

/// The marks of \p D in source order, from all its declarations so far.
/// Constant time when \p D has no attribute.
MarkList marksOf(const clang::Decl *D);

/// The first mark of kind \p Kind, if any.
std::optional<Mark> markOf(const clang::Decl *D, MarkKind Kind);

/// The annotation of a `fearless::` attribute that names no mark, or empty.
llvm::StringRef unknownSpelling(const clang::Attr *Attribute);

/// "FEARLESS_SYNC_CONST_IF": the macro a user writes for \p Kind.
std::string macroName(MarkKind Kind);

MarkPlace placeOf(MarkKind Kind);

/// What a mark claims of its class.
struct TypeClaim {
  /// Believed without proof (UNSAFE).
  bool Unsafe;
  /// The claim is a denial (NOT_SEND, NOT_SYNC).
  bool Negative;
  bool Conditional;
  Trait About;
  /// The claim covers only the const-qualified type.
  bool ConstOnly;
};

/// The claim of a type mark; nothing for marks of other places.
std::optional<TypeClaim> claimOf(MarkKind Kind);

/// The boundary that the marks of a parameter make, if any. A virtual function
/// has those of the functions it overrides, too: whoever calls it through
/// either must give it the same. \p Where, if given, becomes the parameter that
/// carries the mark.
std::optional<BoundaryKind>
boundaryOf(const clang::ParmVarDecl *Parameter,
           const clang::ParmVarDecl **Where = nullptr);

/// Reads StringLiteral arguments through the casts around them.
std::optional<std::string> stringArgument(const clang::Expr *E);

} // namespace fearless

#endif // FEARLESS_ANNOTATIONS_MARKS_H
