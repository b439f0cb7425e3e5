// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From expressions to places: which memory an lvalue is, and which memory a
// pointer, reference, iterator, view or smart pointer refers to.

#ifndef FEARLESS_FLOW_PLACEBUILDER_H
#define FEARLESS_FLOW_PLACEBUILDER_H

#include "Annotations/LockPath.h"
#include "Flow/Place.h"
#include "Models/ModelTable.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/FoldingSet.h"

#include <functional>
#include <map>

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
  /// The handle of a thread that \p E names or points to. A pthread_t is a
  /// number: a copy of one is the same thread's.
  Ref handle(const clang::Expr *E);
  PlaceId variable(const clang::VarDecl *Variable);
  /// The object that a variable is, or that it points to.
  PlaceId referent(const clang::VarDecl *Variable) {
    return refers(Variable->getType()) ? deref(variable(Variable))
                                       : variable(Variable);
  }
  /// *this of the function, or of the method around a lambda.
  PlaceId self() { return selfOf(Function); }
  PlaceId selfOf(const clang::FunctionDecl *Function);
  /// What \p Function returns.
  PlaceId resultOf(const clang::FunctionDecl *Function);
  /// The temporary that a prvalue makes.
  PlaceId temporary(const clang::Expr *Value) {
    return Places.root(Place::Temporary, Value, "the temporary");
  }

  /// The place of \p E, or what it points to when it is a pointer, so that two
  /// equal places are the same object: an element has its index, and what is
  /// not understood is named by its spelling. None for a private object. Used
  /// for locks and what they guard.
  PlaceId exact(const clang::Expr *E);
  /// The lock that a mark names, seen from \p Object.
  PlaceId lock(const LockPath &Path, PlaceId Object);
  PlaceId field(PlaceId Base, const clang::FieldDecl *Field);
  PlaceId deref(PlaceId Base, bool IsStable = true) {
    return Places.project(Base, {Projection::Deref, IsStable ? 0u : 1u});
  }
  /// A callee's or closure's place with the pointers on the way followed to
  /// what they were made from, where that is known.
  PlaceId resolve(PlaceId P);
  /// Whether a call only leads to a part of its argument: std::get<0>(x).
  bool isPart(const clang::CallExpr *Call) {
    return Call->isGLValue() && Call->getDirectCallee() &&
           partOf(Call, Call->getDirectCallee()).K != Ref::Unknown;
  }
  PlaceId anyElement(PlaceId Base) {
    return Places.project(Base, {Projection::AnyElement});
  }

  /// The library role of a type, if it is modelled.
  const TypeModel *modelOf(clang::QualType Type) const;
  /// Pointers, smart pointers, views and iterators: values that refer.
  bool refers(clang::QualType Type) const;

  /// What happens to a variable after its initialisation.
  struct Changes {
    /// What is assigned to it.
    llvm::SmallVector<const clang::Expr *, 1> Values;
    /// ++, --, +=, -=
    unsigned Steps = 0;
    bool AddressTaken = false;
    /// Given to std::move, or to swap; its release() is called.
    bool MovedFrom = false;
    /// Its fields are assigned.
    bool PartsAssigned = false;

    bool any() const {
      return !Values.empty() || Steps != 0 || AddressTaken;
    }
  };
  const Changes &changesOf(const clang::VarDecl *Variable) const {
    auto Found = Changed.find(Variable);
    return Found == Changed.end() ? Unchanged : Found->second;
  }
  /// Whether a variable is assigned or its address taken.
  bool isReassigned(const clang::VarDecl *Variable) const {
    return changesOf(Variable).any();
  }

  /// Whether a use of a loop's variable is reached in every round, in a loop that
  /// visits all and in which no thread starts or ends.
  bool isOfEveryRound(const clang::DeclRefExpr *Use) const;
  /// Those uses, with what a round calls that has a body.
  using Rounds =
      llvm::DenseMap<const clang::DeclRefExpr *,
                     llvm::SmallVector<const clang::FunctionDecl *, 4>>;
  /// Asked whether a function starts threads, or waits for some.
  void setOrdersThreads(std::function<bool(const clang::FunctionDecl *)> Asked) {
    OrdersThreads = std::move(Asked);
  }

  /// Asked for the referent of what a call returns that is not understood
  /// here.
  void setCalls(std::function<Ref(const clang::CallExpr *)> Calls) {
    Followed = std::move(Calls);
  }

  PlaceTable &places() { return Places; }
  const PlaceTable &places() const { return Places; }

private:
  friend class ExactScope;

  void scan(const clang::Stmt *Body);
  const clang::Expr *madeFrom(const clang::Expr *Object,
                              const clang::FieldDecl *Field) const;
  Ref fieldPointee(const clang::Expr *Object, const clang::FieldDecl *Field);
  Ref inexactPlace(const clang::Expr *E);
  Ref inexactPointee(const clang::Expr *E);
  const clang::Expr *originOf(const clang::MemberExpr *Member) const;
  PlaceId opaque(const clang::Expr *E);
  uint64_t elementKey(const clang::Expr *Index);
  PlaceId someElement(PlaceId Base, uint64_t Key) {
    return Places.project(Base, {Projection::AnyElement, Exact ? Key : 0});
  }
  Ref subscript(const clang::Expr *Base, const clang::Expr *Index,
                bool IsPointer);
  Ref call(const clang::CallExpr *Call);
  Ref follow(const clang::CallExpr *Call);
  Ref partOf(const clang::CallExpr *Call, const clang::FunctionDecl *Callee);
  Ref firstOf(const clang::Expr *Source);
  bool isOwnCopy(const clang::VarDecl *Variable) const;

  PlaceTable &Places;
  const ModelTable &Models;
  const clang::FunctionDecl *Function;
  /// By-copy captures of the lambda whose body this is.
  llvm::DenseSet<const clang::ValueDecl *> OwnCopies;
  bool OwnsThis = false;
  std::map<const clang::VarDecl *, Changes> Changed;
  const Changes Unchanged;
  /// Loop variables of range-for statements and the range they run over.
  llvm::DenseMap<const clang::VarDecl *, const clang::Expr *> Ranges;
  /// See isOfEveryRound().
  Rounds EveryRound;
  std::function<bool(const clang::FunctionDecl *)> OrdersThreads;
  /// Initialisers of the members of the object that a constructor makes.
  llvm::DenseMap<const clang::FieldDecl *, const clang::Expr *> MadeFrom;
  std::function<Ref(const clang::CallExpr *)> Followed;
  unsigned Depth = 0;
  /// Variables that were followed for one question.
  unsigned NumFollowed = 0;
  static constexpr unsigned MaxFollowed = 200;
  /// See exact().
  bool Exact = false;
  /// Expressions that are not understood, by their spelling.
  std::map<llvm::FoldingSetNodeID, const clang::Expr *> Opaque;
};

/// While it lives, place() and pointee() answer as exact() does.
class ExactScope {
public:
  explicit ExactScope(PlaceBuilder &Builder)
      : Builder(Builder), Before(Builder.Exact) {
    Builder.Exact = true;
  }
  ExactScope(const ExactScope &) = delete;
  ExactScope &operator=(const ExactScope &) = delete;
  ~ExactScope() { Builder.Exact = Before; }

private:
  PlaceBuilder &Builder;
  const bool Before;
};

/// Looks through parentheses, casts, temporaries and copies.
const clang::Expr *strip(const clang::Expr *E);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PLACEBUILDER_H
