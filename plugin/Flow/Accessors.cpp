// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Accessors.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// "return x_;" as all of a body: the returned expression.
static const Expr *returned(const FunctionDecl *Accessor) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Accessor->getBody());
  if (!Body || Body->body_empty())
    return nullptr;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_back());
  if (!Return || !Return->getRetValue())
    return nullptr;
  // In front may stand the declaration of what is returned.
  if (Body->size() > 2 ||
      (Body->size() == 2 && !isa<DeclStmt>(Body->body_front())))
    return nullptr;
  return Return->getRetValue()->IgnoreParenImpCasts();
}

const FieldDecl *fearless::flow::returnedField(const FunctionDecl *Accessor) {
  const auto *Member = dyn_cast_or_null<MemberExpr>(returned(Accessor));
  return Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts())
             ? dyn_cast<FieldDecl>(Member->getMemberDecl())
             : nullptr;
}

const VarDecl *fearless::flow::returnedStatic(const FunctionDecl *Accessor) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(returned(Accessor));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->hasGlobalStorage() &&
                 Variable->getTLSKind() == VarDecl::TLS_None &&
                 Accessor->getReturnType()->isReferenceType()
             ? Variable
             : nullptr;
}

bool fearless::flow::returnsItsArgument(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || Call->getNumArgs() != 1 || !Call->isGLValue() ||
      isa<CXXMethodDecl>(Callee))
    return false;
  return Call->getType().getCanonicalType().getUnqualifiedType() ==
         Call->getArg(0)->getType().getCanonicalType().getUnqualifiedType();
}

bool fearless::flow::isOnce(const FunctionDecl *Callee) {
  return Callee->getIdentifier() && (Callee->getName() == "call_once" ||
                                     Callee->getName() == "pthread_once");
}

bool fearless::flow::keepsCallback(const FunctionDecl *Callee) {
  if (isa<CXXConstructorDecl>(Callee) ||
      Callee->getOverloadedOperator() == OO_Equal)
    return true;
  if (!Callee->getIdentifier())
    return false;
  const llvm::StringRef Name = Callee->getName();
  if (Name.find("make_") != llvm::StringRef::npos ||
      Name.find("bind") != llvm::StringRef::npos || Name == "not_fn" ||
      Name == "move" || Name == "forward" || Name == "swap" ||
      Name == "exchange")
    return true;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  return Method && (Name == "push" || Name.find("push_") == 0 ||
                    Name.find("emplace") == 0 || Name == "insert" ||
                    Name == "insert_or_assign" || Name == "assign" ||
                    Name == "try_emplace" || Name == "reset");
}

bool fearless::flow::isConstForRaces(const CXXMethodDecl *Method) {
  if (Method->isConst())
    return true;
  if (Method->getOverloadedOperator() == OO_Subscript) {
    // Except where operator[] inserts.
    const llvm::StringRef Class = Method->getParent()->getName();
    return Class != "map" && Class != "unordered_map";
  }
  if (!Method->getIdentifier())
    return Method->getOverloadedOperator() == OO_Star ||
           Method->getOverloadedOperator() == OO_Arrow;
  static const llvm::StringSet<> Names{
      "begin", "end",         "rbegin",      "rend",        "front", "back",
      "data",  "find",        "lower_bound", "upper_bound", "at",    "top",
      "get",   "equal_range", "c_str",       "value"};
  return Names.contains(Method->getName());
}

bool fearless::flow::isAccessor(const CXXMethodDecl *Method) {
  if (!Method->getIdentifier())
    return Method->getOverloadedOperator() == OO_Subscript;
  static const llvm::StringSet<> Names{
      "begin", "end",  "cbegin", "cend",     "rbegin", "rend", "front", "back",
      "data",  "size", "empty",  "capacity", "at",     "top",  "length"};
  return Names.contains(Method->getName());
}

bool fearless::flow::isCallable(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isFunctionType() || Type->isFunctionPointerType() ||
      Type->isMemberFunctionPointerType())
    return true;
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() &&
         !Class
              ->lookup(Class->getASTContext().DeclarationNames.getCXXOperatorName(
                  OO_Call))
              .empty();
}
