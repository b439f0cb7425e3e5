// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LockOrder.h"
#include "Flow/LockSets.h"

#include "llvm/ADT/STLExtras.h"

using namespace fearless::flow;

/// More are not told apart.
static constexpr size_t MaxTaken = 128;
static constexpr size_t MaxCalls = 4;

namespace {

/// The locks that every path has taken, for what a callee does for certain.
struct TakenOnAllPaths {
  struct State {
    std::set<PlaceId> Taken;
    bool join(const State &Other) {
      const size_t Before = Taken.size();
      for (auto It = Taken.begin(); It != Taken.end();)
        It = Other.Taken.count(*It) ? std::next(It) : Taken.erase(It);
      return Taken.size() != Before;
    }
  };
  State entry() const { return {}; }
  void transfer(State &S, const Fact &Each) const {
    if (Each.K == Fact::Lock || Each.K == Fact::LockShared ||
        Each.K == Fact::Taken)
      S.Taken.insert(Each.P);
  }
};

} // namespace

/// Whether a fact waits for its lock: not what the caller holds at the entry,
/// what is asserted, or what a guard adopts.
static bool waits(const FunctionFacts &F, size_t Block, size_t Index) {
  const Fact &Each = F.Blocks[Block].Facts[Index];
  if (Each.K != Fact::Lock && Each.K != Fact::LockShared)
    return false;
  if (Block == 0 || Each.Q == Each.P)
    return false;
  if (Index == 0)
    return true;
  const Fact &Before = F.Blocks[Block].Facts[Index - 1];
  return !(Before.K == Fact::Unlock && Before.P == Each.P &&
           Before.Loc == Each.Loc);
}

/// Rooted at something that each call gives another meaning.
static bool isRelative(PlaceId P, const PlaceTable &Places) {
  const Place &Where = Places.get(P);
  return Where.Kind != Place::Global;
}

std::vector<TakenLock> fearless::flow::takenLocks(const FunctionFacts &F,
                                                  const PlaceTable &Places,
                                                  bool Conditional) {
  std::vector<TakenLock> Out;
  const bool Any = llvm::any_of(F.Blocks, [](const Block &B) {
    return llvm::any_of(B.Facts, [](const Fact &Each) {
      return Each.K == Fact::Lock || Each.K == Fact::LockShared ||
             Each.K == Fact::Taken;
    });
  });
  if (!Any)
    return Out;
  LockSets Locks(Places);
  const auto In = solveForward(F, Locks);
  TakenOnAllPaths All;
  const auto TakenIn = solveForward(F, All);
  auto OnAllPaths = [&](PlaceId Lock) {
    return TakenIn[F.Exit] && TakenIn[F.Exit]->Taken.count(Lock);
  };
  std::set<std::pair<PlaceId, std::vector<HeldLock>>> Seen;
  for (size_t I = 0; I != F.Blocks.size(); ++I) {
    if (!In[I])
      continue;
    LockSets::State S = *In[I];
    for (size_t N = 0; N != F.Blocks[I].Facts.size(); ++N) {
      const Fact &Each = F.Blocks[I].Facts[N];
      const bool IsOwn = waits(F, I, N);
      if ((IsOwn || Each.K == Fact::Taken) && Out.size() < MaxTaken) {
        TakenLock T;
        if (Each.K == Fact::Taken) {
          T = F.Taken[Each.Need];
        } else {
          T.Lock = Each.P;
          T.Shared = Each.K == Fact::LockShared;
          T.Loc = Each.Loc;
        }
        // A lock of the caller that was released in between is no second one.
        T.Again |= S.Released.count(T.Lock) && !S.holds(T.Lock);
        T.Certain = T.Certain && (!Conditional || OnAllPaths(T.Lock));
        for (const auto &[Key, How] : S.Held)
          if (How.Since != Each.Loc || Each.K == Fact::Taken)
            T.Held.push_back({Key.first, !How.Exclusive, How.Since});
        std::vector<HeldLock> Key;
        for (const TakenLock::Holding &H : T.Held)
          Key.push_back({H.P, H.Shared});
        llvm::sort(Key);
        if (T.Through.size() <= MaxCalls &&
            Seen.insert({T.Lock, std::move(Key)}).second)
          Out.push_back(std::move(T));
      }
      Locks.transfer(S, Each);
    }
  }
  // Either order, by a condition: the function has its own rule.
  std::set<std::pair<PlaceId, PlaceId>> Pairs;
  for (const TakenLock &T : Out)
    for (const TakenLock::Holding &H : T.Held)
      Pairs.insert({H.P, T.Lock});
  for (TakenLock &T : Out)
    llvm::erase_if(T.Held, [&](const TakenLock::Holding &H) {
      return Pairs.count({T.Lock, H.P}) && T.Lock != H.P &&
             (isRelative(H.P, Places) || isRelative(T.Lock, Places));
    });
  return Out;
}
