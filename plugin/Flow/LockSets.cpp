// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LockSets.h"

using namespace fearless::flow;

/// Both sides hold the lock, each by another guard: what remains is one of
/// those, preferably one that will release it.
static PlaceId anyOwner(PlaceId Lock, const LockSets::State &A,
                        const LockSets::State &B) {
  PlaceId Best{};
  for (const LockSets::State *S : {&A, &B})
    for (const auto &[Key, How] : S->Held)
      if (Key.first == Lock && Key.second && (!Best || Key.second < Best))
        Best = Key.second;
  return Best;
}

bool LockSets::State::join(const State &Other) {
  std::map<std::pair<PlaceId, PlaceId>, Hold> Kept;
  for (const HeldLock &Lock : locks()) {
    bool IsShared = true;
    for (const HeldLock &Theirs : Other.locks())
      if (Theirs.P == Lock.P)
        IsShared = Lock.Shared || Theirs.Shared;
    if (!Other.holds(Lock.P))
      continue;
    bool HaveCommon = false;
    for (const auto &[Key, How] : Held) {
      auto Same = Other.Held.find(Key);
      if (Key.first != Lock.P || Same == Other.Held.end())
        continue;
      HaveCommon = true;
      Kept[Key] = {How.Exclusive && Same->second.Exclusive,
                   How.Since == Same->second.Since ? How.Since : 0};
    }
    if (!HaveCommon)
      Kept[{Lock.P, anyOwner(Lock.P, *this, Other)}] = {!IsShared, 0};
  }
  bool Changed = Kept != Held;
  Held = std::move(Kept);
  for (auto It = Suspended.begin(); It != Suspended.end();) {
    auto Same = Other.Suspended.find(It->first);
    if (Same != Other.Suspended.end() && Same->second == It->second) {
      ++It;
    } else {
      It = Suspended.erase(It);
      Changed = true;
    }
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

void LockSets::lock(State &S, const Fact &Each) const {
  PlaceId Owner = Each.Q;
  // An assertion holds nothing by itself.
  if (Owner == Each.P && S.holds(Each.P))
    return;
  if (auto Of = S.Suspended.find(Each.P); !Owner && Of != S.Suspended.end()) {
    Owner = Of->second;
    S.Suspended.erase(Of);
  }
  if (Each.Q)
    S.Suspended.erase(Each.P);
  S.Held[{Each.P, Owner}] = {Each.K == Fact::Lock, Each.Loc};
  S.Released.erase(Each.P);
}

void LockSets::unlock(State &S, const Fact &Each) const {
  const bool WasAsserted = !Each.Q && S.Held.erase({Each.P, Each.P});
  if (S.Held.erase({Each.P, Each.Q}) == 0 && !Each.Q && !WasAsserted) {
    // unlock() on a lock that a guard had taken.
    for (auto It = S.Held.begin(); It != S.Held.end();)
      if (It->first.first == Each.P) {
        S.Suspended[Each.P] = It->first.second;
        It = S.Held.erase(It);
      } else {
        ++It;
      }
  }
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
    lock(S, Each);
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
    for (auto It = S.Suspended.begin(); It != S.Suspended.end();)
      It = Places.isWithin(It->second, Each.P) ? S.Suspended.erase(It)
                                               : std::next(It);
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
  case Fact::Write:
    if (!S.Held.empty())
      forget(S, Each.P);
    break;
  case Fact::Acquire:
  case Fact::Read:
  case Fact::Use:
  case Fact::Spawn:
  case Fact::Join:
  case Fact::JoinMaybe:
  case Fact::Detach:
  case Fact::Release:
  case Fact::Require:
  case Fact::Publish:
  case Fact::Taken:
  case Fact::Suspend:
  case Fact::Unwind:
  case Fact::Call:
  case Fact::Unknown:
    break;
  }
}
