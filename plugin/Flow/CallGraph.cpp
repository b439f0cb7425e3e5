// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/CallGraph.h"

#include "Captures/Crossing.h"
#include "Annotations/Marks.h"
#include "Flow/ProtectedData.h"
#include "Support/LLVMCompat.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

const FunctionDecl *CallGraph::around(const FunctionDecl *Lambda) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Lambda);
  if (!Method || !Method->getParent()->isLambda())
    return nullptr;
  for (const DeclContext *Scope = Method->getParent()->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (const auto *Outer = dyn_cast<FunctionDecl>(Scope))
      return Outer;
  return nullptr;
}

static const FunctionDecl *bodyOf(const Expr *Callable) {
  if (const FunctionDecl *Body = callbackBody(Callable))
    return Body;
  // A function that was put into a std::function on the spot.
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(strip(Callable));
      Construct && Construct->getNumArgs() == 1)
    if (const FunctionDecl *Body = calleeOf(Construct->getArg(0)))
      return Body;
  return calleeOf(Callable);
}

namespace {
/// All calls of a function, without those in its lambdas.
class CallVisitor : public RecursiveASTVisitor<CallVisitor> {
public:
  std::vector<std::pair<const FunctionDecl *, llvm::ArrayRef<const Expr *>>>
      Calls;
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitCallExpr(CallExpr *Call) {
    if (const FunctionDecl *Callee = Call->getDirectCallee();
        Callee && !isa<CXXOperatorCallExpr>(Call))
      Calls.push_back({Callee, llvm::ArrayRef<const Expr *>(
                                   Call->getArgs(), Call->getNumArgs())});
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    Calls.push_back({E->getConstructor(), llvm::ArrayRef<const Expr *>(
                                              E->getArgs(), E->getNumArgs())});
    return true;
  }
};
} // namespace

/// What the calls of \p Caller do with the callables they are given: a library
/// function (std::sort, std::invoke) runs them at once, some have them run
/// elsewhere, of all others nothing is known.
void CallGraph::handedTo(const FunctionDecl *Caller, const ModelTable &Models) {
  CallVisitor Visitor;
  Visitor.TraverseStmt(Caller->getBody());
  for (const auto &[Callee, Arguments] : Visitor.Calls) {
    const OperationModel *Model = Models.operation(Callee);
    for (size_t I = 0; I != Arguments.size(); ++I) {
      std::optional<std::string> Role;
      if (I < Callee->getNumParams())
        if (std::optional<Mark> M =
                markOf(Callee->getParamDecl(I), MarkKind::RunsOn))
          Role = M->Text;
      if (Model && Model->Does == OperationKind::Post && Model->On == int(I))
        Role = Model->Role;
      const bool RunsHere = !isa<CXXMethodDecl>(Callee) &&
                            compat::isInSystemHeader(
                                Caller->getASTContext().getSourceManager(),
                                Callee->getLocation());
      if (!Role && !RunsHere)
        continue;
      const FunctionDecl *Body = bodyOf(Arguments[I]);
      const FunctionDecl *Seen = Body ? definition(Body) : nullptr;
      if (!Seen)
        continue;
      if (Role)
        Posts.try_emplace(Seen, Posted{*Role, Arguments[I]->getExprLoc()});
      else if (!Bodies.count(Seen))
        Callees[Caller].push_back(Seen);
    }
  }
}

CallGraph::CallGraph(const Unit &U, const ModelTable &Models) : U(U) {
  for (const FunctionDecl *F : U.Functions)
    Definitions[F->getCanonicalDecl()] = F;
  for (const FunctionDecl *F : U.Functions) {
    auto Found = U.Callers.find(F->getCanonicalDecl());
    if (Found != U.Callers.end())
      for (const FunctionDecl *Caller : Found->second)
        Callees[Caller].push_back(F);
  }
  for (const Boundary &B : U.Boundaries)
    for (const Handed &H : B.Items) {
      const FunctionDecl *Body = H.IsCallable ? bodyOf(H.Value) : nullptr;
      if (const FunctionDecl *Seen = Body ? definition(Body) : nullptr)
        if (!B.IsDeferred)
          Bodies.try_emplace(Seen, &B);
    }
  for (const FunctionDecl *F : U.Functions)
    handedTo(F, Models);
}

const FunctionDecl *CallGraph::definition(const FunctionDecl *Function) const {
  auto Found = Definitions.find(Function->getCanonicalDecl());
  return Found == Definitions.end() ? nullptr : Found->second;
}

std::vector<const FunctionDecl *>
CallGraph::callers(const FunctionDecl *Function) const {
  std::vector<const FunctionDecl *> Out;
  auto Found = U.Callers.find(Function->getCanonicalDecl());
  if (Found != U.Callers.end())
    for (const FunctionDecl *Caller : Found->second)
      if (const FunctionDecl *Seen = definition(Caller))
        Out.push_back(Seen);
  return Out;
}

CallGraph::Reached CallGraph::reach(llvm::ArrayRef<const FunctionDecl *> Starts,
                                    const Functions &Stops) const {
  Reached Out;
  std::vector<const FunctionDecl *> Work;
  for (const FunctionDecl *F : Starts)
    if (Out.try_emplace(F, nullptr).second)
      Work.push_back(F);
  for (size_t I = 0; I != Work.size(); ++I) {
    auto Found = Callees.find(Work[I]);
    if (Found == Callees.end())
      continue;
    for (const FunctionDecl *Next : Found->second)
      if (!Stops.count(Next) && Out.try_emplace(Next, Work[I]).second)
        Work.push_back(Next);
  }
  return Out;
}

namespace {
class SiteFinder : public RecursiveASTVisitor<SiteFinder> {
public:
  explicit SiteFinder(const FunctionDecl *Callee)
      : Callee(Callee->getCanonicalDecl()) {}
  SourceLocation Found;
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitCallExpr(CallExpr *Call) {
    return check(Call->getDirectCallee(), Call->getExprLoc());
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    return check(Construct->getConstructor(), Construct->getExprLoc());
  }

private:
  bool check(const FunctionDecl *Called, SourceLocation Loc) {
    if (!Called || Called->getCanonicalDecl() != Callee)
      return true;
    Found = Loc;
    return false;
  }
  const FunctionDecl *Callee;
};
} // namespace

SourceLocation CallGraph::callSite(const FunctionDecl *Caller,
                                   const FunctionDecl *Callee) {
  SiteFinder Finder(Callee);
  Finder.TraverseStmt(Caller->getBody());
  return Finder.Found;
}
