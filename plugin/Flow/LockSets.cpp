// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LockSets.h"

using namespace fearless::flow;

static bool intersect(std::set<PlaceId> &Mine, const std::set<PlaceId> &Theirs) {
  bool Changed = false;
  for (auto It = Mine.begin(); It != Mine.end();)
    if (Theirs.count(*It)) {
      ++It;
    } else {
      It = Mine.erase(It);
      Changed = true;
    }
  return Changed;
}

bool LockSets::State::join(const State &Other) {
  const bool A = intersect(Held, Other.Held);
  const bool B = intersect(Acquired, Other.Acquired);
  return A || B;
}

void LockSets::transfer(State &S, const Fact &Each) const {
  switch (Each.K) {
  case Fact::Lock:
  case Fact::LockShared:
    S.Held.insert(Each.P);
    break;
  case Fact::Unlock:
    S.Held.erase(Each.P);
    break;
  case Fact::Acquire:
    S.Acquired.insert(Each.P);
    break;
  case Fact::Read:
  case Fact::Write:
  case Fact::Spawn:
  case Fact::Join:
  case Fact::JoinMaybe:
  case Fact::Detach:
  case Fact::Move:
  case Fact::Release:
  case Fact::Expire:
  case Fact::Unknown:
    break;
  }
}
