// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Ordering.h"

using namespace fearless::flow;

Ordering::Ordering(const FunctionFacts &F, const PlaceTable &Places)
    : F(F), Analysis(Places), AcquiredIn(F.Blocks.size()), ReleasedOut(F.Blocks.size()) {
  LocksIn = solveForward(F, Analysis);
  forward();
  backward();
}

Ordering::Locked Ordering::lockedAt(const Fact &Each,
                                    const LockSets::State &Locks) const {
  Locked How{!Locks.Held.empty() || !Each.Locks.empty()};
  for (const auto &[Key, Hold] : Locks.Held)
    How.Exclusively |= Hold.Exclusive;
  for (const HeldLock &Lock : Each.Locks)
    How.Exclusively |= !Lock.Shared;
  return How;
}

void Ordering::acquire(Set &S, const Fact &Each, Locked How) const {
  if (Each.K == Fact::Acquire || (Each.K == Fact::Read && How.Any))
    S.insert(Each.P);
}

void Ordering::release(Set &S, const Fact &Each, Locked How) const {
  if (Each.K == Fact::Release || (Each.K == Fact::Write && How.Exclusively))
    S.insert(Each.P);
}

static bool include(std::set<PlaceId> &Into, const std::set<PlaceId> &From) {
  const size_t Before = Into.size();
  Into.insert(From.begin(), From.end());
  return Into.size() != Before;
}

void Ordering::forward() {
  std::set<unsigned> Worklist;
  for (unsigned I = 0; I != F.Blocks.size(); ++I)
    if (LocksIn[I])
      Worklist.insert(I);
  while (!Worklist.empty()) {
    const unsigned At = *Worklist.begin();
    Worklist.erase(Worklist.begin());
    Set S = AcquiredIn[At];
    LockSets::State Locks = *LocksIn[At];
    for (const Fact &Each : F.Blocks[At].Facts) {
      acquire(S, Each, lockedAt(Each, Locks));
      Analysis.transfer(Locks, Each);
    }
    for (const Edge &E : F.Blocks[At].Successors) {
      Set Along = S;
      for (const Fact &Each : E.Facts)
        acquire(Along, Each, {});
      if (include(AcquiredIn[E.Target], Along))
        Worklist.insert(E.Target);
    }
  }
}

void Ordering::backward() {
  // Does not depend on the rest of the path: what each block releases itself.
  std::vector<Set> Own(F.Blocks.size());
  std::vector<std::vector<unsigned>> Predecessors(F.Blocks.size());
  std::set<unsigned> Worklist;
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (!LocksIn[I])
      continue;
    Worklist.insert(I);
    LockSets::State Locks = *LocksIn[I];
    for (const Fact &Each : F.Blocks[I].Facts) {
      release(Own[I], Each, lockedAt(Each, Locks));
      Analysis.transfer(Locks, Each);
    }
    for (const Edge &E : F.Blocks[I].Successors)
      Predecessors[E.Target].push_back(I);
  }
  while (!Worklist.empty()) {
    const unsigned At = *Worklist.rbegin();
    Worklist.erase(At);
    Set In = ReleasedOut[At];
    include(In, Own[At]);
    for (unsigned From : Predecessors[At])
      if (LocksIn[From] && include(ReleasedOut[From], In))
        Worklist.insert(From);
  }
}

void Ordering::visit(unsigned I,
                     llvm::function_ref<void(const Fact &, Access)> Do,
                     llvm::function_ref<void(const Fact &)> Pass) const {
  const std::vector<Fact> &Facts = F.Blocks[I].Facts;
  LockSets::State Locks = *LocksIn[I];
  Set Acquired = AcquiredIn[I];
  // What is released from each fact on, newest last.
  std::vector<unsigned> Releases;
  std::vector<Locked> How;
  for (unsigned N = 0; N != Facts.size(); ++N) {
    How.push_back(lockedAt(Facts[N], Locks));
    Set One;
    release(One, Facts[N], How.back());
    if (!One.empty())
      Releases.push_back(N);
    Analysis.transfer(Locks, Facts[N]);
  }
  Locks = *LocksIn[I];
  size_t Next = 0;
  for (unsigned N = 0; N != Facts.size(); ++N) {
    const Fact &Each = Facts[N];
    while (Next != Releases.size() && Releases[Next] <= N)
      ++Next;
    if (Each.K == Fact::Read || Each.K == Fact::Write || Each.K == Fact::Use ||
        Each.K == Fact::Expire) {
      Access A;
      A.P = Each.P;
      A.IsWrite = Each.K == Fact::Write;
      A.IsUse = Each.K == Fact::Use;
      A.IsCall = Each.IsCall;
      A.Certain = Each.Certain;
      A.Loc = Each.Loc;
      A.Through = Each.Through;
      A.Depth = Each.Depth;
      A.Locks = Locks.locks();
      A.Locks.append(Each.Locks.begin(), Each.Locks.end());
      Set Before = Acquired, After = ReleasedOut[I];
      Before.insert(Each.Acquired.begin(), Each.Acquired.end());
      After.insert(Each.Released.begin(), Each.Released.end());
      for (size_t R = Next; R != Releases.size(); ++R)
        After.insert(Facts[Releases[R]].P);
      A.Acquired.append(Before.begin(), Before.end());
      A.Released.append(After.begin(), After.end());
      A.Ended = Each.Ended;
      Do(Each, std::move(A));
    }
    Pass(Each);
    acquire(Acquired, Each, How[N]);
    Analysis.transfer(Locks, Each);
  }
}
