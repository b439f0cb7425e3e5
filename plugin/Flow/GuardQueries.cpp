// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is asked of a whole unit about its locks: the guards that marks declare,
// and which needs are met nowhere.

#include "Flow/Program.h"

#include "Traits/Locks.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

#include <set>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;


llvm::ArrayRef<Program::GuardMark> Program::guardsOf(const ValueDecl *D) {
  if (!D->hasAttrs())
    return {};
  auto [It, New] = Guards.try_emplace(D);
  if (New) {
    llvm::SmallVector<GuardMark, 1> Found;
    for (const Mark &M : marksOf(D)) {
      if (M.Kind != MarkKind::GuardedBy && M.Kind != MarkKind::PtGuardedBy)
        continue;
      for (std::optional<LockPath> &Path : lockPathsOf(M, D)) {
        // A mark that names no lock is fearless-annotation's to report.
        if (Path && !isLock(Path->last(), Solver.models()))
          continue;
        std::string Text = Path ? Path->Text : M.Text;
        // Clang's attribute beside ours says the same.
        if (llvm::any_of(Found, [&](const GuardMark &G) {
              return G.Text == Text &&
                     G.Pointee == (M.Kind == MarkKind::PtGuardedBy);
            }))
          continue;
        Found.push_back({M.Kind == MarkKind::PtGuardedBy, std::move(Path),
                         std::move(Text), M.Attribute->getLocation()});
      }
    }
    It = Guards.find(D);
    It->second = std::move(Found);
  }
  return It->second;
}

/// Whether the callers of \p Function are all known, so that it may leave the
/// lock to them. Default mode takes a private function's callers in the unit
/// for all; strict mode wants the class to be of this file alone.
bool Program::defers(const FunctionDecl *Function, bool Strict) const {
  const FunctionDecl *Canonical = Function->getCanonicalDecl();
  if (U.AddressTaken.count(Canonical) || !U.Callers.count(Canonical) ||
      Function->isMain())
    return false;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!Method)
    return !Function->isExternallyVisible();
  if (Method->getParent()->isLambda() || Method->isVirtual())
    return false;
  if (!Function->isExternallyVisible())
    return true;
  const SourceManager &SM = context().getSourceManager();
  return Method->getAccess() == AS_private &&
         (!Strict || SM.isInMainFile(SM.getExpansionLoc(
                         Method->getParent()->getLocation())));
}

static bool isLambdaBody(const FunctionDecl *F) {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  return Method && Method->getParent()->isLambda();
}

const std::vector<Program::Unguarded> &Program::unguarded(bool Strict) {
  if (UnguardedByMode[Strict])
    return *UnguardedByMode[Strict];
  std::vector<Unguarded> &Out = UnguardedByMode[Strict].emplace();
  // Those that name guarded data, and whoever calls one that leaves the lock to
  // its callers.
  std::vector<const FunctionDecl *> Work;
  std::set<const FunctionDecl *> Seen;
  auto Add = [&](const FunctionDecl *F) {
    if (const FunctionDecl *Definition = nullptr;
        F && F->hasBody(Definition) && !Definition->isDependentContext() &&
        Seen.insert(Definition).second)
      Work.push_back(Definition);
  };
  for (const FunctionDecl *F : U.LockUsers)
    Add(F);
  std::set<const void *> Applied, GivenAway, GivenToUnseen;
  for (size_t I = 0; I != Work.size(); ++I) {
    const FunctionDecl *F = Work[I];
    const FunctionFacts *Facts = facts(F);
    if (!Facts)
      continue;
    if (isLambdaBody(F)) // what it captures is named in the function around it
      for (const DeclContext *Scope = F->getParent(); Scope;
           Scope = Scope->getParent())
        if (const auto *Around = dyn_cast<FunctionDecl>(Scope)) {
          Add(Around);
          break;
        }
    if (!summary(F).Needs.empty()) {
      auto Callers = U.Callers.find(F->getCanonicalDecl());
      if (Callers != U.Callers.end())
        for (const FunctionDecl *Caller : Callers->second)
          Add(Caller);
    }
    Applied.insert(Facts->Applied.begin(), Facts->Applied.end());
    GivenAway.insert(Facts->GivenAway.begin(), Facts->GivenAway.end());
    GivenToUnseen.insert(Facts->GivenToUnseen.begin(),
                         Facts->GivenToUnseen.end());
  }
  for (const FunctionDecl *F : Work) {
    const FunctionFacts *Facts = facts(F);
    if (!Facts)
      continue;
    const FunctionDecl *Canonical = F->getCanonicalDecl();
    const bool IsLambda = isLambdaBody(F);
    const bool IsLeft = (IsLambda || defers(F, Strict)) &&
                        Applied.count(Canonical) &&
                        !GivenAway.count(Canonical) &&
                        !(Strict && GivenToUnseen.count(Canonical));
    if (IsLeft)
      continue;
    for (UnmetNeed &Unmet : unmetNeeds(*Facts, Places)) {
      if (Unmet.N.K == Need::Callback)
        continue;
      // Somebody else's lambda, which is run here: judged where it is written.
      if (Unmet.N.InLambda && !IsLambda)
        continue;
      Out.push_back({F, std::move(Unmet)});
    }
  }
  return Out;
}
