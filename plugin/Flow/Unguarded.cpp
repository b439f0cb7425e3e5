// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Unguarded.h"

#include "Flow/LockSets.h"

using namespace fearless::flow;

namespace {

/// LockSets, and which new objects other threads may know.
class Analysis {
public:
  struct State {
    LockSets::State Locks;
    std::set<PlaceId> Published;
    bool join(const State &Other) {
      bool Changed = Locks.join(Other.Locks);
      for (PlaceId P : Other.Published)
        Changed |= Published.insert(P).second;
      return Changed;
    }
  };

  explicit Analysis(const PlaceTable &Places) : Places(Places), Locks(Places) {}
  State entry() const { return {Locks.entry(), {}}; }
  void transfer(State &S, const Fact &Each) const {
    Locks.transfer(S.Locks, Each);
    if (Each.K == Fact::Publish)
      S.Published.insert(Each.P);
    // The next round of a loop has a new one. And an object's own threads have
    // ended: see freshAtEntry().
    if (Each.K == Fact::Expire ||
        (Each.K == Fact::Join && Places.get(Each.P).Kind == Place::This))
      for (auto It = S.Published.begin(); It != S.Published.end();)
        It = Places.rootOf(*It) == Places.rootOf(Each.P)
                 ? S.Published.erase(It)
                 : std::next(It);
  }

private:
  const PlaceTable &Places;
  const LockSets Locks;
};

class Judge {
public:
  Judge(const FunctionFacts &F, const PlaceTable &Places)
      : F(F), Places(Places) {}
  std::optional<UnmetNeed> judge(const Need &N, const Analysis::State &S) const;

private:
  bool isSame(PlaceId Held, PlaceId Wanted) const;
  bool isOf(PlaceId Lock, const void *Declaration) const;

  const FunctionFacts &F;
  const PlaceTable &Places;
};

} // namespace

/// A lock that wraps another is held when the one inside is.
bool Judge::isSame(PlaceId Held, PlaceId Wanted) const {
  return Held == Wanted ||
         (Wanted && Places.isWithin(Held, Wanted) &&
          Places.overlap(Held, Wanted) == Overlap::Must);
}

/// Whether the last step to \p Lock is the declaration.
bool Judge::isOf(PlaceId Lock, const void *Declaration) const {
  const Place &L = Places.get(Lock);
  for (size_t I = L.Path.size(); I-- != 0;)
    if (L.Path[I].K == Projection::Field)
      return L.Path[I].Key == reinterpret_cast<uint64_t>(Declaration);
  return L.Root == Declaration;
}

std::optional<UnmetNeed> Judge::judge(const Need &N,
                                      const Analysis::State &S) const {
  // Nobody else knows the object yet. (Who knows a part knows no more.)
  if (N.Owner)
    for (PlaceId New : F.Fresh)
      if (!S.Published.count(New) && Places.isWithin(N.Owner, New) &&
          Places.overlap(N.Owner, New) == Overlap::Must)
        return std::nullopt;
  UnmetNeed Out;
  Out.N = N;
  llvm::SmallVector<HeldLock, 1> Held(S.Locks.locks());
  Held.append(N.Locks.begin(), N.Locks.end());
  auto SinceOf = [&](PlaceId Lock) -> Location {
    for (const auto &[Key, How] : S.Locks.Held)
      if (Key.first == Lock)
        return How.Since;
    return 0;
  };
  if (N.K == Need::Callback) {
    Out.N.Locks = std::move(Held);
    return Out;
  }
  if (N.K == Need::Absence) {
    for (const HeldLock &Each : Held)
      if (isSame(Each, N.Lock)) {
        Out.Why = UnmetNeed::Held;
        Out.Since = SinceOf(Each);
        return Out;
      }
    return std::nullopt;
  }
  if (!N.Lock)
    Out.Why = UnmetNeed::NotUnderstood;
  for (const HeldLock &Each : Held) {
    if (isSame(Each, N.Lock)) {
      if (!Each.Shared || !N.Exclusive)
        return std::nullopt;
      Out.Why = UnmetNeed::OnlyShared;
      Out.Since = SinceOf(Each);
      continue;
    }
    const bool IsUnclear =
        F.AnyLock.count(Each) || Places.get(Each).Kind == Place::Opaque;
    if (IsUnclear && (!Each.Shared || !N.Exclusive))
      Out.MaybeHeld = true;
    if (Out.Why == UnmetNeed::NotHeld && isOf(Each, N.LockDeclaration)) {
      // One of two objects has no name that is understood: may be the same.
      if (Places.get(Each).Kind == Place::Opaque ||
          Places.get(N.Lock).Kind == Place::Opaque)
        Out.MaybeHeld = true;
      Out.Why = UnmetNeed::OtherObject;
      Out.Instead = Each;
      Out.Since = SinceOf(Each);
    }
  }
  if (auto Released = S.Locks.Released.find(N.Lock);
      Out.Why == UnmetNeed::NotHeld && Released != S.Locks.Released.end())
    Out.Released = Released->second;
  Out.N.Locks = std::move(Held);
  return Out;
}

std::vector<UnmetNeed> fearless::flow::unmetNeeds(const FunctionFacts &F,
                                                  const PlaceTable &Places) {
  std::vector<UnmetNeed> Out;
  if (F.Needs.empty())
    return Out;
  Analysis A(Places);
  const auto In = solveForward(F, A);
  const Judge J(F, Places);
  for (size_t I = 0; I != F.Blocks.size(); ++I) {
    if (!In[I])
      continue;
    Analysis::State S = *In[I];
    for (const Fact &Each : F.Blocks[I].Facts) {
      if (Each.K == Fact::Require)
        if (std::optional<UnmetNeed> Unmet = J.judge(F.Needs[Each.Need], S))
          Out.push_back(std::move(*Unmet));
      A.transfer(S, Each);
    }
  }
  return Out;
}
