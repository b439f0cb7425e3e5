// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether every way to a local variable is one that the flow analysis follows.
// Who wants a proof that nobody else touches the variable asks this first: an
// address that was stored somewhere may come back under any name.

#ifndef FEARLESS_FLOW_ALIASES_H
#define FEARLESS_FLOW_ALIASES_H

#include "Flow/PlaceBuilder.h"
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
  Aliases(Program &P, const ModelTable &Models);
  ~Aliases();

  /// Whether nothing keeps the address of \p Variable out of sight.
  bool areFollowed(const clang::VarDecl *Variable);
  /// The same for what \p Owner owns, a unique_ptr or shared_ptr: it was made
  /// there and then, and every copy of the owner and of its pointer is followed.
  bool areFollowedThrough(const clang::VarDecl *Owner);

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
  bool settled(bool Result);
  bool variable(const clang::VarDecl *Variable, Role As);
  bool self(const clang::CXXMethodDecl *Method);
  bool isSelfless(const clang::CXXRecordDecl *Class);
  bool use(const Index &I, const clang::Expr *E, Role As);
  bool initializes(const clang::VarDecl *Variable, Role As);
  bool given(const Index &I, const clang::Expr *Call, const clang::Expr *E,
             Role As);
  bool givenToLibrary(const Index &I, const clang::Expr *Call,
                      const clang::Expr *E, const clang::FunctionDecl *Callee,
                      bool IsObject, Role As);
  static const clang::Stmt *around(const Index &I, const clang::Expr *E);
  bool result(const Index &I, const clang::Expr *Call, const clang::Expr *E,
              Role As);
  bool lambda(const Index &I, const clang::LambdaExpr *Lambda);
  bool closure(const Index &I, const clang::Expr *E);
  bool isModelled(clang::QualType Type, TypeKind Kind) const;
  bool refers(clang::QualType Type) const;

  // --- AliasContent.cpp ---
  bool ownsMemory(clang::QualType Type) const;
  bool isUnnamed(const clang::Expr *E);
  bool bringsNoName(const clang::Expr *E, const clang::ParmVarDecl *Into);
  bool bringNoNames(const clang::FunctionDecl *Callee,
                    llvm::ArrayRef<const clang::Expr *> Args,
                    const clang::Expr *Except);
  bool isFresh(const clang::Expr *E);
  bool returnsFresh(const clang::FunctionDecl *Function);
  bool startsFresh(const clang::VarDecl *Variable);
  bool holdsReferences(clang::QualType Type, unsigned Level = 0) const;
  bool isPlaceOf(const Index &I, const clang::Expr *Call,
                 const clang::Expr *Given, bool IsObject);
  PlaceBuilder &builderOf(const Index &I);

  /// Calls deeper than this are not looked into.
  static constexpr unsigned MaxDepth = 12;

  Program &P;
  const ModelTable &Models;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Index>> Indices;
  /// What was asked before; what is being asked counts as true.
  std::map<std::pair<const void *, int>, bool> Known;
  /// Variables to which a local reference, pointer or view was made.
  llvm::DenseSet<const clang::VarDecl *> Named;
  /// What is being followed, the innermost last: a variable (none for *this),
  /// and the function whose caller gave it.
  struct Step {
    const clang::VarDecl *Variable;
    const clang::FunctionDecl *Entered;
  };
  llvm::SmallVector<Step, 8> Following;
  unsigned Depth = 0;
};

/// std::move, std::forward, std::as_const.
bool passesOn(const clang::FunctionDecl *Callee);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_ALIASES_H
