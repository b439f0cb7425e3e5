// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LiveThreads.h"

using namespace fearless::flow;

bool LiveThreads::State::join(const State &Other) {
  bool Changed = false;
  for (size_t I = 0; I != Threads.size(); ++I) {
    ThreadState &A = Threads[I];
    const ThreadState &B = Other.Threads[I];
    const uint8_t Before = A.Phases;
    const bool Mine = A.mayRun(), Theirs = B.mayRun();
    A.Phases |= B.Phases;
    Changed |= A.Phases != Before;
    if (!Theirs)
      continue;
    if (!Mine) {
      Changed |= A.Owner != B.Owner || A.OwnerUnknown != B.OwnerUnknown;
      A.Owner = B.Owner;
      A.OwnerUnknown = B.OwnerUnknown;
    } else if (!A.OwnerUnknown && (B.OwnerUnknown || A.Owner != B.Owner)) {
      A.OwnerUnknown = true;
      Changed = true;
    }
  }
  return Changed;
}

/// Whether an operation on \p Handle is one on the thread: the handle itself,
/// a container of it, or a pointer to it.
bool LiveThreads::owns(PlaceId Handle, const ThreadState &T) const {
  return T.Owner && Handle &&
         (Places.isWithin(T.Owner, Handle) || Places.isWithin(Handle, T.Owner));
}

void LiveThreads::transfer(State &S, const Fact &Each) const {
  auto ForOwned = [&](PlaceId Handle, auto Do) {
    for (ThreadState &T : S.Threads)
      if (T.mayRun() && (owns(Handle, T) || T.OwnerUnknown))
        Do(T);
  };
  auto End = [](ThreadState &T) {
    T.Phases = static_cast<uint8_t>(
        (T.Phases & ~(ThreadState::Running | ThreadState::GivenAway)) |
        ThreadState::Ended);
  };
  auto Give = [](ThreadState &T) {
    if (T.Phases & ThreadState::Running)
      T.Phases = static_cast<uint8_t>(
          (T.Phases & ~ThreadState::Running) | ThreadState::GivenAway);
  };
  switch (Each.K) {
  case Fact::Spawn: {
    ThreadState &T = S.Threads[Each.S.Value];
    // A second round of a loop: the first thread may still run.
    const bool Again = T.mayRun();
    T.Phases = static_cast<uint8_t>(
        (Again ? T.Phases & ~ThreadState::NotStarted : 0) |
        (F.Spawns[Each.S.Value].EndsInCall ? ThreadState::Ended
                                           : ThreadState::Running));
    T.Owner = Each.P;
    T.OwnerUnknown = false;
    break;
  }
  case Fact::Join:
    // With an unknown owner the join may be another thread's.
    ForOwned(Each.P, [&](ThreadState &T) { T.OwnerUnknown ? Give(T) : End(T); });
    break;
  case Fact::JoinMaybe:
    ForOwned(Each.P, Give);
    break;
  case Fact::Detach:
    ForOwned(Each.P, [](ThreadState &T) {
      if (!T.OwnerUnknown)
        T.Owner = PlaceId();
    });
    break;
  case Fact::Move:
    ForOwned(Each.P, [&](ThreadState &T) {
      if (!T.OwnerUnknown)
        T.Owner = Each.Q;
    });
    break;
  case Fact::Read:
  case Fact::Write:
  case Fact::Lock:
  case Fact::LockShared:
  case Fact::Unlock:
  case Fact::Acquire:
  case Fact::Release:
  case Fact::Expire:
  case Fact::Require:
  case Fact::Publish:
  case Fact::Suspend:
  case Fact::Unknown:
    break;
  }
}
