// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of a function by its shape or its name, without a summary: that
// it only leads to a member, passes its argument on, or keeps a callback.

#ifndef FEARLESS_FLOW_ACCESSORS_H
#define FEARLESS_FLOW_ACCESSORS_H

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"

namespace fearless::flow {

/// The member that "T &get() { return x_; }" returns, or null.
const clang::FieldDecl *returnedField(const clang::FunctionDecl *Accessor);

/// The variable that "T &instance() { static T it; return it; }" returns, or
/// null.
const clang::VarDecl *returnedStatic(const clang::FunctionDecl *Accessor);

/// Whether a call has the shape of std::move, std::forward and the like: it
/// returns a reference of the type of its one argument.
bool returnsItsArgument(const clang::CallExpr *Call);

/// std::call_once and the like: what it is given runs once, before it returns,
/// whoever calls it first.
bool isOnce(const clang::FunctionDecl *Callee);

/// Library functions that keep what they are given, and do not run it.
bool keepsCallback(const clang::FunctionDecl *Callee);

/// Non-const members that the library treats as const for the purpose of data
/// races: [container.requirements.dataraces], [string.require].
bool isConstForRaces(const clang::CXXMethodDecl *Method);

/// Members that touch no element: they say how many there are, or where.
bool isAccessor(const clang::CXXMethodDecl *Method);

/// A function, a pointer to one or to a method, or an object that can be called.
bool isCallable(clang::QualType Type);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_ACCESSORS_H
