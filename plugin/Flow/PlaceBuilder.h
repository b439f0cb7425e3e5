// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From expressions to places: which memory an lvalue is, and which memory a
// pointer, reference, iterator, view or smart pointer refers to.

#ifndef FEARLESS_FLOW_PLACEBUILDER_H
#define FEARLESS_FLOW_PLACEBUILDER_H

#include "Flow/Place.h"
#include "Models/ModelTable.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace fearless::flow {

/// What an expression denotes.
struct Ref {
  enum Kind : uint8_t {
    /// A place that other code may reach.
    Known,
    /// A temporary, or a body's own copy: nobody else has it.
    Private,
    /// Not understood.
    Unknown,
  };
  Kind K = Unknown;
  /// The place, for Known; for a private copy the original, because what its
  /// pointers reach is shared with the original.
  PlaceId P{};

  static Ref known(PlaceId P) { return {Known, P}; }
  static Ref unknown() { return {}; }
};

/// Builds places for one function. \p Closure is set for a lambda's body: its
/// by-copy captures are its own.
class PlaceBuilder {
public:
  PlaceBuilder(PlaceTable &Places, const ModelTable &Models,
               const clang::FunctionDecl *Function);

  /// The memory that the glvalue \p E denotes.
  Ref place(const clang::Expr *E);
  /// The memory that the value of \p E refers to.
  Ref pointee(const clang::Expr *E);
  /// The same for a variable's value.
  Ref pointee(const clang::VarDecl *Variable);
  PlaceId variable(const clang::VarDecl *Variable);
  PlaceId self() { return Places.root(Place::This, nullptr, "this"); }
  PlaceId field(PlaceId Base, const clang::FieldDecl *Field);
  PlaceId deref(PlaceId Base) {
    return Places.project(Base, {Projection::Deref});
  }
  PlaceId anyElement(PlaceId Base) {
    return Places.project(Base, {Projection::AnyElement});
  }

  /// The library role of a type, if it is modelled.
  const TypeModel *modelOf(clang::QualType Type) const;
  /// Pointers, smart pointers, views and iterators: values that refer.
  bool refers(clang::QualType Type) const;

  PlaceTable &places() { return Places; }

private:
  void scan(const clang::Stmt *Body);
  Ref subscript(const clang::Expr *Base, const clang::Expr *Index,
                bool IsPointer);
  Ref call(const clang::CallExpr *Call);
  bool isOwnCopy(const clang::VarDecl *Variable) const;

  PlaceTable &Places;
  const ModelTable &Models;
  const clang::FunctionDecl *Function;
  /// By-copy captures of the lambda whose body this is.
  llvm::DenseSet<const clang::ValueDecl *> OwnCopies;
  bool OwnsThis = false;
  /// Variables that are assigned, or whose address is taken: what they refer
  /// to is not just their initialiser.
  llvm::DenseSet<const clang::VarDecl *> Reassigned;
  /// Loop variables of range-for statements and the range they run over.
  llvm::DenseMap<const clang::VarDecl *, const clang::Expr *> Ranges;
  unsigned Depth = 0;
};

/// Looks through parentheses, casts, temporaries and copies.
const clang::Expr *strip(const clang::Expr *E);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PLACEBUILDER_H
