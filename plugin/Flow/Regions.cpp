// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Regions.h"

#include "Flow/FactsGenerator.h"

#include "clang/AST/ASTContext.h"
#include "llvm/Support/TimeProfiler.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

struct Regions::Entry {
  std::optional<RegionFunction> Facts;
  RegionSummary Summary;
};

Regions::~Regions() = default;

Regions::Entry &Regions::entry(const FunctionDecl *Function) {
  auto [It, IsNew] = Entries.try_emplace(Function);
  if (!IsNew)
    return *It->second; // of a recursive function what is known so far
  It->second = std::make_unique<Entry>();
  Entry &E = *It->second;
  llvm::TimeTraceScope Scope("FearlessRegions", [&] {
    return Function->getQualifiedNameAsString();
  });
  bool TooLarge = false;
  std::unique_ptr<CFG> Graph = buildGraph(Function, P, TooLarge);
  if (!Graph)
    return E;
  // Outlives the generator, which keeps a reference to it.
  auto SummaryOf = [&](const FunctionDecl *Callee) -> const RegionSummary & {
    return Leading.count(Callee) ? entry(Callee).Summary : Nothing;
  };
  RegionGenerator Generator(Function, *Graph, P, SummaryOf);
  E.Facts = Generator.run();
  if (E.Facts->Sends.empty())
    return E;
  for (unsigned I = 0; I != Function->getNumParams(); ++I) {
    const PlaceId Parameter = P.places().root(
        Place::Local, Function->getParamDecl(I)->getCanonicalDecl(),
        Function->getParamDecl(I)->getNameAsString());
    for (unsigned Send : sentAtExit(*E.Facts, P.places(), Parameter)) {
      E.Summary.Sent.push_back({I, E.Facts->Sends[Send]});
      break;
    }
  }
  return E;
}

Regions::Regions(const Unit &U, Program &P) : P(P) {
  std::vector<const FunctionDecl *> Work;
  llvm::DenseSet<const FunctionDecl *> Seen;
  auto Add = [&](const FunctionDecl *F, auto &Set, auto &List) {
    if (F && F->doesThisDeclarationHaveABody() && !F->isDependentContext() &&
        !Program::isLibrary(F) && Set.insert(F).second)
      List.push_back(F);
  };
  auto ForCallers = [&](const FunctionDecl *F, auto Do) {
    auto Found = U.Callers.find(F->getCanonicalDecl());
    if (Found != U.Callers.end())
      for (const FunctionDecl *Caller : Found->second)
        Do(Caller);
  };
  for (const Boundary &B : U.Boundaries)
    Add(B.Caller, Seen, Work);
  std::vector<const FunctionDecl *> Chain;
  for (const FunctionDecl *F : Work)
    Add(F, Leading, Chain);
  for (size_t I = 0; I != Chain.size(); ++I)
    ForCallers(Chain[I],
               [&](const FunctionDecl *Caller) { Add(Caller, Leading, Chain); });
  for (size_t I = 0; I != Work.size(); ++I) {
    Entry &E = entry(Work[I]);
    if (!E.Facts)
      continue;
    if (!E.Facts->Sends.empty()) {
      RegionResult R{Work[I], &*E.Facts, {}, {}};
      R.Evident =
          findUsesAfterSend(*E.Facts, P.places(), /*EvidenceOnly=*/true);
      R.Possible =
          findUsesAfterSend(*E.Facts, P.places(), /*EvidenceOnly=*/false);
      // One finding for each variable and send. A variable that was moved from
      // races with nothing.
      llvm::erase_if(R.Possible, [&](const UseAfterSend &Each) {
        return Each.IsMovedFrom || llvm::any_of(R.Evident, [&](const UseAfterSend &Other) {
          return Each.Send == Other.Send &&
                 P.places().rootOf(Each.Use.P) ==
                     P.places().rootOf(Other.Use.P);
        });
      });
      Results.push_back(std::move(R));
    }
    if (!E.Summary.Sent.empty())
      ForCallers(Work[I],
                 [&](const FunctionDecl *Caller) { Add(Caller, Seen, Work); });
  }
}

Regions::Sharing Regions::sharing(const Boundary *B, const Expr *Value,
                                  const ValueDecl *Variable) {
  if (!Variable) {
    if (!B->Caller)
      return Sharing::Unknown;
    Sources From;
    Reach(B->Caller, P).sources(Value, From);
    return From.empty() && peel(Value)->isPRValue() ? Sharing::Disconnected
                                                    : Sharing::Unknown;
  }
  Sharing Out = Sharing::Unknown;
  for (const RegionResult &R : Results)
    for (unsigned Send = 0; Send != R.Facts->Sends.size(); ++Send) {
      const SendInfo &Info = R.Facts->Sends[Send];
      if (Info.Key != B ||
          P.places().get(Info.P).Root != Variable->getCanonicalDecl())
        continue;
      auto IsThis = [&](const UseAfterSend &Use) { return Use.Send == Send; };
      if (llvm::any_of(R.Evident, IsThis))
        return Sharing::UsedLater;
      // A parameter is the caller's too.
      auto IsOwn = [&](PlaceId Root) {
        const Place &Where = P.places().get(Root);
        const auto *Local =
            Where.Kind == Place::Local
                ? static_cast<const VarDecl *>(Where.Root)
                : nullptr;
        return Local && Local->getDeclContext() == R.Function &&
               !isa<ParmVarDecl>(Local);
      };
      if (!isDisconnected(*R.Facts, P.places(), Send, IsOwn) ||
          llvm::any_of(R.Possible, IsThis))
        return Sharing::Unknown;
      Out = Sharing::Disconnected;
    }
  return Out;
}

void Regions::dump(llvm::raw_ostream &OS) {
  for (const RegionResult &R : Results) {
    OS << "regions of " << R.Function->getNameAsString() << '\n';
    flow::dump(OS, *R.Facts, P.places());
  }
}
