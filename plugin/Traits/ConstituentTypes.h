// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Breaks one question, "is T Send?", into the questions it depends on. One
// exhaustive switch over Clang's type classes, so that a new class of a new
// LLVM stops the build instead of being called Send. The shape is that of
// rustc's structural_traits.rs.

#ifndef FEARLESS_TRAITS_CONSTITUENTTYPES_H
#define FEARLESS_TRAITS_CONSTITUENTTYPES_H

#include "Models/ModelTable.h"
#include "Support/Ids.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/LambdaCapture.h"
#include "llvm/ADT/SmallVector.h"

#include <string>

namespace fearless {

/// "Asks(Type)". The type is canonical, and qualified by const at most:
/// volatile synchronises nothing.
struct Goal {
  Trait Asks;
  clang::QualType Type;

  static Goal make(Trait Asks, clang::QualType Type,
                   const clang::ASTContext &Ctx);
  friend bool operator==(const Goal &A, const Goal &B) {
    return A.Asks == B.Asks && A.Type == B.Type;
  }
};

/// How a part belongs to the whole.
enum class PartKind : uint8_t {
  /// What a closure captures.
  Capture,
  /// A non-static data member.
  Field,
  /// A member guarded by a lock of the same object: its type must be Send.
  GuardedField,
  Base,
  /// Of an array, vector, complex number or _Atomic.
  Element,
  /// What a pointer or reference refers to.
  Pointee,
  /// What a model or a conditional mark asks of.
  Argument,
};

/// One question that the answer depends on.
struct Part {
  PartKind Kind;
  Goal Sub;
  /// The field, base class or captured variable; null otherwise.
  const clang::NamedDecl *Decl = nullptr;
  clang::SourceLocation Loc;
  const clang::LambdaCapture *Capture = nullptr;
};

/// Which rule answered.
enum class Rule : uint8_t {
  /// A plain value: nothing synchronises it.
  Scalar,
  Function,
  Pointer,
  /// The pointee may be of any derived class.
  Polymorphic,
  Element,
  Structure,
  Closure,
  Mark,
  Model,
  Incomplete,
  /// Depends on a template parameter: asked again of each instantiation.
  Dependent,
  /// A kind of type that Fearless does not understand.
  Unsupported,
};

/// The answer is the least of Own and the answers of all Parts.
struct Constituents {
  Verdict Own = Verdict::Yes;
  Strength Weight = Strength::Structural;
  Rule By = Rule::Structure;
  /// The class or enumeration that the rule is about, or null.
  const clang::TagDecl *Record = nullptr;
  /// The mark or model's own words; for Polymorphic, the missing mark.
  std::string Why;
  std::string Instead;
  llvm::SmallVector<Part, 4> Parts;
};

/// Decides what \p G depends on. Linear in the number of members.
/// With \p IgnoreMarks the class itself is judged by its structure even when a
/// mark or model speaks for it (its members still are what they say they are):
/// this is how a mark is verified.
Constituents constituentsOf(const Goal &G, const clang::ASTContext &Ctx,
                            const ModelTable &Models,
                            bool IgnoreMarks = false);

} // namespace fearless

#endif // FEARLESS_TRAITS_CONSTITUENTTYPES_H
