// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Contents.h"

#include "Captures/HarmlessUses.h"
#include "Captures/Written.h"
#include "Support/Names.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using Contents = std::optional<llvm::SmallVector<Content, 4>>;

static bool isErased(QualType Type, const ModelTable &Models) {
  const RecordDecl *Record = Type.getNonReferenceType()->getAsRecordDecl();
  const TypeModel *Model = Record ? Models.type(Record) : nullptr;
  return Model && Model->Kind == TypeKind::Erased;
}

/// std::bind(f, a, b): f, a and b.
static Contents boundBy(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || !Callee->getIdentifier() || Call->getNumArgs() == 0 ||
      !Callee->isInStdNamespace())
    return std::nullopt;
  const llvm::StringRef Name = Callee->getName();
  if (Name != "bind" && Name != "bind_front" && Name != "bind_back" &&
      Name != "not_fn")
    return std::nullopt;
  llvm::SmallVector<Content, 4> Out;
  for (const Expr *Argument : Call->arguments())
    Out.push_back({Argument, /*IsCallable=*/Out.empty()});
  return Out;
}

/// std::function<void()>(f): f. std::function<void()>(): nothing.
static Contents erasedBy(const CXXConstructExpr *Construct,
                         const ModelTable &Models) {
  if (!isErased(Construct->getType(), Models))
    return std::nullopt;
  llvm::SmallVector<Content, 4> Out;
  if (Construct->getNumArgs() == 0 ||
      Construct->getArg(0)->IgnoreParenImpCasts()->getType()->isNullPtrType())
    return Out;
  // From another wrapper: what that holds is the question again.
  Out.push_back({Construct->getArg(0), /*IsCallable=*/true});
  return Out;
}

namespace {

/// Counts the uses of a variable, and those that store nothing in it.
class CallableUses : public HarmlessUses<CallableUses> {
public:
  using HarmlessUses::HarmlessUses;

  // f moved from is empty.
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Callee && Callee->getIdentifier() && Callee->isInStdNamespace() &&
        Call->getNumArgs() == 1 &&
        (Callee->getName() == "move" || Callee->getName() == "forward"))
      count(Call->getArg(0));
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    if (Method && Method->getIdentifier() &&
        (Method->getName() == "get_future" || Method->getName() == "valid"))
      count(Call->getImplicitObjectArgument());
    return true;
  }
  // A call runs the content and leaves it in place.
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->getOperator() == OO_Call)
      count(Call->getArg(0));
    return true;
  }
};

} // namespace

static Contents madeHere(const Expr *E, const ModelTable &Models) {
  E = passedOn(E);
  while (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(E))
    E = passedOn(Cast->getSubExpr());
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return boundBy(Call);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return erasedBy(Construct, Models);
  return std::nullopt;
}

Contents fearless::contentsOf(const VarDecl *Variable,
                              const FunctionDecl *Caller,
                              const ModelTable &Models) {
  if (!Caller || !Caller->hasBody() || !Variable->hasLocalStorage() ||
      isa<ParmVarDecl>(Variable) || !Variable->getInit() ||
      Variable->isInitCapture() || !isErased(Variable->getType(), Models))
    return std::nullopt;
  Contents Made = madeHere(Variable->getInit(), Models);
  if (!Made || Variable->getType().isConstQualified())
    return Made;
  CallableUses Counter(Variable);
  Counter.TraverseStmt(Caller->getBody());
  return Counter.isKept() ? Made : std::nullopt;
}

Contents fearless::contentsOf(const Expr *E, const FunctionDecl *Caller,
                              const ModelTable &Models) {
  if (Contents Made = madeHere(E, Models))
    return Made;
  const auto *Ref = dyn_cast<DeclRefExpr>(passedOn(E));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable ? contentsOf(Variable, Caller, Models) : std::nullopt;
}
