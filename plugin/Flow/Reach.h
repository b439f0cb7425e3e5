// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the value of an expression may reach: the variables whose memory it
// refers to or shares. The ground of the region analysis.

#ifndef FEARLESS_FLOW_REACH_H
#define FEARLESS_FLOW_REACH_H

#include "Flow/PlaceBuilder.h"
#include "Flow/Program.h"

#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace fearless::flow {

/// One variable (or member) that a value may lead to.
struct Source {
  PlaceId P;
  /// False for what a function that is not understood may have kept.
  bool Certain = true;
};
using Sources = llvm::SmallVector<Source, 4>;

/// Answers for one function.
class Reach {
public:
  Reach(const clang::FunctionDecl *Function, Program &P)
      : P(P), Builder(P.places(), P.solver().models(), Function) {}

  /// The variable or member that \p E names: x, x.a, this->a, through
  /// std::move and casts. None for what lies behind a pointer.
  PlaceId element(const clang::Expr *E);
  /// The element that a reference stands for all its life, or none.
  PlaceId boundTo(const clang::VarDecl *Reference);
  /// Whether \p E is a reference to something that has no name here.
  bool isReference(const clang::Expr *E);
  /// The element that \p E moves from: std::move(x), also as the argument of a
  /// move construction.
  PlaceId movedFrom(const clang::Expr *E);
  /// Adds what the value (or for a glvalue the object) of \p E reaches.
  void sources(const clang::Expr *E, Sources &Out) { add(E, true, Out); }
  /// The pointer-like expression that \p Lvalue follows, or null when it names
  /// an element.
  const clang::Expr *followed(const clang::Expr *Lvalue);

  /// Whether two values of the type may lead to one object that nothing
  /// synchronises.
  bool carries(clang::QualType Type) { return carries(Type, 0); }
  /// Whether the only ways to what a value owns lead through it: it was not
  /// meant to be shared.
  bool ownsAlone(clang::QualType Type);
  /// Whether what \p Make makes (see makes()) holds but a copy of the value of
  /// \p Argument: make_unique<int>(i), not make_unique<holder>(i) with a
  /// reference inside.
  bool copies(const clang::CallExpr *Make, const clang::Expr *Argument);
  /// Pointers, owners and views through which nothing can be written.
  bool leadsToConst(clang::QualType Type);
  /// Nothing about objects of the type needs order.
  bool isSync(clang::QualType Type);

  PlaceBuilder &builder() { return Builder; }

private:
  void add(const clang::Expr *E, bool Certain, Sources &Out);
  void addCall(const clang::CallExpr *Call, bool Certain, Sources &Out);
  void addArguments(llvm::ArrayRef<const clang::Expr *> Arguments,
                    bool Certain, Sources &Out);
  bool carries(clang::QualType Type, unsigned Depth);

  Program &P;
  PlaceBuilder Builder;
  llvm::DenseMap<const void *, bool> Carries;
};

/// std::move, std::forward, std::as_const and the like: the argument that is
/// passed on, or null.
const clang::Expr *passedThrough(const clang::Expr *E);

/// Library functions that make an object of their arguments.
bool makes(const clang::FunctionDecl *Callee);

/// Looks through parentheses, temporaries and conversions that keep the object,
/// but not through loads and copies.
const clang::Expr *peel(const clang::Expr *E);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_REACH_H
