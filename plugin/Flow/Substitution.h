// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A callee's places seen from the caller: its parameters become the arguments,
// its *this the object. What belongs to the callee alone disappears.

#ifndef FEARLESS_FLOW_SUBSTITUTION_H
#define FEARLESS_FLOW_SUBSTITUTION_H

#include "Flow/BodyGenerator.h"

namespace fearless::flow {

class Substitution {
public:
  /// \p Object is the object or the pointer to it that a method is called on.
  Substitution(BodyGenerator &Caller, const clang::FunctionDecl *Callee,
               const clang::Expr *Object,
               llvm::ArrayRef<const clang::Expr *> Arguments,
               bool ArgumentsAreCopied = false);

  /// The object, where no expression names it.
  void setObject(PlaceId Place) { Self = Place; }
  /// The object is a copy of the one there: only what its pointers reach is
  /// the same.
  void setCopyOf(PlaceId Place) {
    Self = Place;
    SelfIsCopy = true;
  }
  /// A callback's parameters that refer are this.
  void setElement(PlaceId Place) { Element = Place; }
  /// What becomes of what is returned.
  void setResult(PlaceId Place) { Result = Place; }

  /// The caller's place, or none when the callee has it for itself.
  PlaceId apply(PlaceId Callees);
  void apply(Effects &E);
  /// The same for a synchronising object, which may be passed on by value.
  PlaceId applySynchronizer(PlaceId Callees);
  void apply(SpawnInfo &Thread);
  /// The same for a handle, which may be passed by value and moved on.
  PlaceId applyHandle(PlaceId Callees);
  /// Whether it is a part of one of the callee's own variables.
  bool isOwn(PlaceId Callees) const;
  /// Without the locks of the callee's own.
  std::vector<TakenLock> apply(const std::vector<TakenLock> &Takes);

  /// What a callable does that the caller gave, \p Call, in the caller's terms.
  void called(Access Call, std::vector<Access> &Into);

  /// All that apply() goes by, without expressions.
  CallSite site() const;

  /// How many places could not be followed into the caller.
  unsigned numLost() const { return Lost; }

private:
  bool isLocal(const clang::VarDecl *Variable) const;
  void applyOrder(Access &A);
  void applySynchronizers(llvm::SmallVectorImpl<PlaceId> &List);
  PlaceId rebase(PlaceId Callees, PlaceId From, Ref To);

  BodyGenerator &Caller;
  const clang::FunctionDecl *Callee;
  llvm::ArrayRef<const clang::Expr *> Arguments;
  /// A thread gets copies: a reference parameter binds to the copy, except
  /// through std::ref.
  const bool Copied;
  PlaceId Self{};
  /// The callee's name for it; none for functions that are no methods.
  PlaceId CalleesSelf{};
  bool SelfIsCopy = false;
  PlaceId Result{};
  PlaceId Element{};
  unsigned Lost = 0;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_SUBSTITUTION_H
