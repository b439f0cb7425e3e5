// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LockSets.h"

using namespace fearless::flow;

bool LockSets::State::join(const State &Other) {
  bool Changed = false;
  for (auto It = Held.begin(); It != Held.end();) {
    auto Same = Other.Held.find(It->first);
    if (Same == Other.Held.end()) {
      It = Held.erase(It);
      Changed = true;
      continue;
    }
    Hold &Mine = It->second;
    if (Mine.Exclusive && !Same->second.Exclusive) {
      Mine.Exclusive = false;
      Changed = true;
    }
    if (Mine.Since && Mine.Since != Same->second.Since) {
      Mine.Since = 0;
      Changed = true;
    }
    ++It;
  }
  for (auto It = Acquired.begin(); It != Acquired.end();)
    if (Other.Acquired.count(*It)) {
      ++It;
    } else {
      It = Acquired.erase(It);
      Changed = true;
    }
  for (const auto &Each : Other.Released)
    Changed |= Released.insert(Each).second;
  return Changed;
}

llvm::SmallVector<HeldLock, 2> LockSets::State::locks() const {
  llvm::SmallVector<HeldLock, 2> Out;
  for (const auto &[Key, How] : Held) {
    if (Out.empty() || Out.back().P != Key.first)
      Out.push_back({Key.first, !How.Exclusive});
    else if (How.Exclusive)
      Out.back().Shared = false;
  }
  return Out;
}

bool LockSets::State::holds(PlaceId Lock) const {
  auto First = Held.lower_bound({Lock, PlaceId()});
  return First != Held.end() && First->first.first == Lock;
}

void LockSets::unlock(State &S, const Fact &Each) const {
  if (S.Held.erase({Each.P, Each.Q}) == 0 && !Each.Q)
    // unlock() on a lock that a guard had taken.
    for (auto It = S.Held.begin(); It != S.Held.end();)
      It = It->first.first == Each.P ? S.Held.erase(It) : std::next(It);
  if (!S.holds(Each.P))
    S.Released[Each.P] = Each.Loc;
}

/// After `p = q`, the lock `p->m` that was held is no longer the one that
/// `p->m` names; nor is `a[i].m` after `++i`.
void LockSets::forget(State &S, PlaceId Written) const {
  const Place &W = Places.get(Written);
  auto Names = [&](PlaceId Lock) {
    const Place &L = Places.get(Lock);
    if (W.Path.empty())
      for (const Projection &Step : L.Path)
        if (Step.K == Projection::AnyElement && Step.Key &&
            Step.Key == reinterpret_cast<uint64_t>(W.Root))
          return true;
    return L.Path.size() > W.Path.size() && Places.isWithin(Lock, Written) &&
           L.Path[W.Path.size()].K == Projection::Deref;
  };
  for (auto It = S.Held.begin(); It != S.Held.end();)
    It = Names(It->first.first) ? S.Held.erase(It) : std::next(It);
}

void LockSets::transfer(State &S, const Fact &Each) const {
  switch (Each.K) {
  case Fact::Lock:
  case Fact::LockShared:
    S.Held[{Each.P, Each.Q}] = {Each.K == Fact::Lock, Each.Loc};
    S.Released.erase(Each.P);
    break;
  case Fact::Unlock:
    unlock(S, Each);
    break;
  case Fact::Move: {
    // A guard that is moved takes its locks along.
    std::map<std::pair<PlaceId, PlaceId>, Hold> Moved;
    for (const auto &[Key, How] : S.Held)
      Moved[{Key.first, Key.second && Places.isWithin(Key.second, Each.P)
                            ? Each.Q
                            : Key.second}] = How;
    S.Held = std::move(Moved);
    break;
  }
  case Fact::Expire:
    for (auto It = S.Held.begin(); It != S.Held.end();)
      if (It->first.second && Places.isWithin(It->first.second, Each.P)) {
        const PlaceId Lock = It->first.first;
        It = S.Held.erase(It);
        if (!S.holds(Lock))
          S.Released[Lock] = Each.Loc;
      } else {
        ++It;
      }
    break;
  case Fact::Acquire:
    S.Acquired.insert(Each.P);
    break;
  case Fact::Write:
    if (!S.Held.empty())
      forget(S, Each.P);
    break;
  case Fact::Read:
  case Fact::Spawn:
  case Fact::Join:
  case Fact::JoinMaybe:
  case Fact::Detach:
  case Fact::Release:
  case Fact::Unknown:
    break;
  }
}
