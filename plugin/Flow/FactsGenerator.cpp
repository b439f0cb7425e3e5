// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/FactsGenerator.h"

#include "Flow/BodyGenerator.h"
#include "Flow/LockSets.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Clang's own analyses give up at this size, too.
static constexpr unsigned MaxBlocks = 20000;

std::unique_ptr<CFG> fearless::flow::buildGraph(const FunctionDecl *Function,
                                                Program &P, bool &TooLarge) {
  CFG::BuildOptions Options;
  Options.AddInitializers = true;
  Options.AddLifetime = true;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  // Beside destructors, clang-16 has the end of a variable without one only so.
  Options.AddScopes = true;
  Options.AddCXXDefaultInitExprInCtors = true;
  Options.AddCXXDefaultInitExprInAggregates = true;
  Options.setAllAlwaysAdd();
  std::unique_ptr<CFG> Graph = CFG::buildCFG(
      Function, Function->getBody(),
      const_cast<ASTContext *>(&P.context()), Options);
  if (Graph && Graph->getNumBlockIDs() > MaxBlocks) {
    TooLarge = true;
    return nullptr;
  }
  return Graph;
}

std::optional<FunctionFacts>
fearless::flow::generateFacts(const FunctionDecl *Function, Program &P,
                              bool &TooLarge) {
  const std::unique_ptr<CFG> Graph = buildGraph(Function, P, TooLarge);
  if (!Graph)
    return std::nullopt;
  return BodyGenerator(Function, *Graph, P).run();
}

std::vector<Fact>
fearless::flow::escapingOperations(const FunctionFacts &F,
                                   const PlaceTable &Places,
                                   llvm::function_ref<bool(PlaceId)> Escapes) {
  std::vector<Fact> Out;
  LockSets Locks(Places);
  const auto LocksIn = solveForward(F, Locks);
  auto Add = [&](Fact::Kind K, PlaceId P, Location Loc, PlaceId Q = {}) {
    Fact Each{K, P, Q};
    Each.Loc = Loc;
    Out.push_back(Each);
  };
  // Locks of the caller that are unlocked here: not taken before, or required.
  std::map<PlaceId, Location> Unlocked;
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    LockSets::State Held = LocksIn[I] ? *LocksIn[I] : LockSets::State();
    auto Each = [&](const Fact &Fact) {
      if (!Fact.P || !Escapes(Fact.P))
        return;
      if (Fact.K == Fact::Unlock &&
          (!Held.holds(Fact.P) || llvm::is_contained(F.Required, Fact.P)))
        Unlocked[Fact.P] = Fact.Loc;
    };
    for (const Fact &Fact : F.Blocks[I].Facts) {
      Each(Fact);
      Locks.transfer(Held, Fact);
    }
    for (const Edge &E : F.Blocks[I].Successors)
      for (const Fact &Fact : E.Facts)
        Each(Fact);
  }
  if (!LocksIn[F.Exit])
    return Out;
  LockSets::State AtExit = *LocksIn[F.Exit];
  for (const Fact &Fact : F.Blocks[F.Exit].Facts)
    Locks.transfer(AtExit, Fact);
  for (const auto &[Lock, Loc] : Unlocked)
    if (!AtExit.holds(Lock))
      Add(Fact::Unlock, Lock, Loc);
  // A lock that is still held is the caller's from here on, or belongs to the
  // guard that is returned or constructed.
  for (const auto &[Key, How] : AtExit.Held)
    if (Escapes(Key.first) && (!Key.second || Escapes(Key.second)) &&
        !llvm::is_contained(F.Required, Key.first) &&
        !Unlocked.count(Key.first))
      Add(How.Exclusive ? Fact::Lock : Fact::LockShared, Key.first, How.Since,
          Key.second);
  return Out;
}
