// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether every way to a local variable is one that the flow analysis follows.
// Who wants a proof that nobody else touches the variable asks this first: an
// address that was stored somewhere may come back under any name.

#ifndef FEARLESS_FLOW_ALIASES_H
#define FEARLESS_FLOW_ALIASES_H

#include "Flow/Program.h"

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"

#include <map>
#include <set>

namespace fearless::flow {

/// Reads syntax only: what each mention of the variable, of the references and
/// pointers made from it, and of the lambdas that capture it, is for. What it
/// does not know counts as an escape. Linear in the bodies that are reached,
/// which are indexed once.
class Aliases {
public:
  Aliases(const Program &P, const ModelTable &Models);
  ~Aliases();

  /// Whether nothing keeps the address of \p Variable out of sight.
  bool areFollowed(const clang::VarDecl *Variable);

private:
  /// What an expression has to do with the variable.
  enum class Role : uint8_t {
    /// It denotes the variable or a part of it.
    Object,
    /// Its value refers to the variable or a part of it.
    Address,
    /// It denotes a variable whose value refers to it.
    Holder,
  };
  struct Index;

  const Index &indexOf(const clang::FunctionDecl *Function);
  bool variable(const clang::VarDecl *Variable, Role As);
  bool self(const clang::CXXMethodDecl *Method);
  bool isSelfless(const clang::CXXRecordDecl *Class);
  bool use(const Index &I, const clang::Expr *E, Role As);
  bool initializes(const clang::VarDecl *Variable, Role As);
  bool given(const Index &I, const clang::Expr *Call, const clang::Expr *E,
             Role As);
  bool givenToLibrary(const Index &I, const clang::Expr *Call,
                      const clang::FunctionDecl *Callee, bool IsObject,
                      Role As);
  bool lambda(const Index &I, const clang::LambdaExpr *Lambda);
  bool closure(const Index &I, const clang::Expr *E);
  bool isModelled(clang::QualType Type, TypeKind Kind) const;
  bool refers(clang::QualType Type) const;

  const Program &P;
  const ModelTable &Models;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Index>> Indices;
  /// What was asked before; what is being asked counts as true.
  std::map<std::pair<const void *, int>, bool> Known;
  unsigned Depth = 0;
};

/// Library functions that keep what they are given, and do not run it.
bool keepsCallback(const clang::FunctionDecl *Callee);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_ALIASES_H
