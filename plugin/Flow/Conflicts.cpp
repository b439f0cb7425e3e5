// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Conflicts.h"

#include "Flow/LiveThreads.h"
#include "Flow/LockSets.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <set>
#include <tuple>

using namespace fearless::flow;

namespace {

class Finder {
public:
  Finder(const FunctionFacts &F, const PlaceTable &Places)
      : F(F), Places(Places), Live(F, Places), LockAnalysis(Places) {
    for (const SpawnInfo &S : F.Spawns) {
      auto &ByRoot = BodyAccesses.emplace_back();
      for (const Access &A : S.Body.Accesses)
        ByRoot[Places.get(A.P).Root].push_back(&A);
    }
  }

  Conflicts run();

private:
  void fact(const Fact &Each, LiveThreads::State &Threads,
            const LockSets::State &Locks);
  void access(const Fact &Each, const LiveThreads::State &Threads,
              const LockSets::State &Locks);
  void spawn(const Fact &Each, const LiveThreads::State &Threads);
  void expire(const Fact &Each, const LiveThreads::State &Threads);
  void betweenThreads(SpawnId A, SpawnId B, bool SameRound, bool Certain);
  bool shareLock(const Access &A, const Access &B) const;
  bool mayBeOrdered(const Access &A, const Effects &OfA, const Access &B,
                    const Effects &OfB) const;
  void add(Race R);

  const FunctionFacts &F;
  const PlaceTable &Places;
  const LiveThreads Live;
  const LockSets LockAnalysis;
  /// The accesses of each body by root.
  std::vector<llvm::DenseMap<const void *,
                             llvm::SmallVector<const Access *, 4>>>
      BodyAccesses;
  /// What the function itself acquires and releases.
  Effects Own;
  Conflicts Out;
  std::set<std::tuple<unsigned, unsigned, unsigned, unsigned, unsigned>> Seen;
};

} // namespace

/// A common lock orders them, unless both hold it shared. Two places that may
/// be the same lock (an element of an array of mutexes) do not.
bool Finder::shareLock(const Access &A, const Access &B) const {
  for (const HeldLock &X : A.Locks)
    for (const HeldLock &Y : B.Locks)
      if (!(X.Shared && Y.Shared) && Places.overlap(X, Y) == Overlap::Must)
        return true;
  return false;
}

/// Hand-over through a synchronising object that both sides use: one side
/// acquires it before its access and the other releases it. Whether it is the
/// right release is not proven, so this only makes a race uncertain.
bool Finder::mayBeOrdered(const Access &A, const Effects &OfA, const Access &B,
                          const Effects &OfB) const {
  auto Meets = [&](llvm::ArrayRef<PlaceId> Acquired,
                   llvm::ArrayRef<PlaceId> Released) {
    for (PlaceId X : Acquired)
      for (PlaceId Y : Released)
        if (Places.overlap(X, Y) != Overlap::None)
          return true;
    return false;
  };
  return Meets(A.Acquired, OfB.Releases) || Meets(B.Acquired, OfA.Releases);
}

void Finder::add(Race R) {
  auto Key = std::make_tuple(R.Thread.Value, R.InThread.Loc, R.Outside.Loc,
                             R.BetweenThreads ? R.Other.Value + 1 : 0,
                             unsigned(R.Certain));
  if (Seen.insert(Key).second)
    Out.Races.push_back(std::move(R));
}

void Finder::access(const Fact &Each, const LiveThreads::State &Threads,
                    const LockSets::State &Locks) {
  const bool IsWrite = Each.K == Fact::Write;
  for (unsigned I = 0; I != F.Spawns.size(); ++I) {
    const ThreadState &T = Threads.Threads[I];
    if (!T.mayRun())
      continue;
    auto Same = BodyAccesses[I].find(Places.get(Each.P).Root);
    if (Same == BodyAccesses[I].end())
      continue;
    for (const Access *B : Same->second) {
      if (!IsWrite && !B->IsWrite)
        continue;
      const Overlap O = Places.overlap(Each.P, B->P);
      if (O == Overlap::None)
        continue;
      Access A;
      A.P = Each.P;
      A.IsWrite = IsWrite;
      A.Certain = Each.Certain;
      A.Loc = Each.Loc;
      A.Through = Each.Through;
      A.Depth = Each.Depth;
      A.Locks = Locks.locks();
      A.Locks.append(Each.Locks.begin(), Each.Locks.end());
      A.Acquired.append(Locks.Acquired.begin(), Locks.Acquired.end());
      if (shareLock(A, *B))
        continue;
      const bool Certain = O == Overlap::Must && A.Certain && B->Certain &&
                           T.surelyMayRun() &&
                           !mayBeOrdered(A, Own, *B, F.Spawns[I].Body);
      add({SpawnId{I}, *B, std::move(A), false, {}, Certain});
    }
  }
}

void Finder::betweenThreads(SpawnId A, SpawnId B, bool SameRound,
                            bool Certain) {
  const SpawnInfo &SA = F.Spawns[A.Value], &SB = F.Spawns[B.Value];
  for (const auto &[Root, List] : BodyAccesses[A.Value]) {
    auto Same = BodyAccesses[B.Value].find(Root);
    if (Same == BodyAccesses[B.Value].end())
      continue;
    for (const Access *X : List)
      for (const Access *Y : Same->second) {
        if (!X->IsWrite && !Y->IsWrite)
          continue;
        // One body beside itself: each pair once, the write first.
        if (A == B && (!X->IsWrite || (Y->IsWrite && Y->Loc < X->Loc)))
          continue;
        const Overlap O = Places.overlap(X->P, Y->P);
        if (O == Overlap::None || shareLock(*X, *Y))
          continue;
        const PlaceId XRoot = Places.rootOf(X->P);
        if (!SameRound && llvm::is_contained(SA.RoundLocal, XRoot)) {
          // Each round has its own, but what its pointers reach may be shared.
          if (Places.hasDeref(X->P))
            add({A, *X, *Y, true, B, false});
          continue;
        }
        add({A, *X, *Y, true, B,
             Certain && O == Overlap::Must && X->Certain && Y->Certain &&
                 !mayBeOrdered(*X, SA.Body, *Y, SB.Body)});
      }
  }
}

void Finder::spawn(const Fact &Each, const LiveThreads::State &Threads) {
  const unsigned New = Each.S.Value;
  for (unsigned I = 0; I != F.Spawns.size(); ++I) {
    const ThreadState &T = Threads.Threads[I];
    if (T.mayRun())
      betweenThreads(Each.S, SpawnId{I}, /*SameRound=*/I != New,
                     T.surelyMayRun());
  }
  if (F.Spawns[New].IsMany)
    betweenThreads(Each.S, Each.S, /*SameRound=*/true, /*Certain=*/true);
}

void Finder::expire(const Fact &Each, const LiveThreads::State &Threads) {
  for (unsigned I = 0; I != F.Spawns.size(); ++I) {
    const ThreadState &T = Threads.Threads[I];
    if (!T.mayRun())
      continue;
    for (const SpawnInfo::Borrow &B : F.Spawns[I].Borrows) {
      if (!Places.isWithin(B.P, Each.P) || Places.hasDeref(B.P))
        continue;
      Expiry E;
      E.Thread = SpawnId{I};
      E.Borrow = B;
      E.Loc = Each.Loc;
      E.Detached = !T.Owner && !T.OwnerUnknown;
      for (const Access &A : F.Spawns[I].Body.Accesses)
        if (Places.overlap(A.P, B.P) != Overlap::None &&
            (!E.HasUse || (A.Certain && !E.Use.Certain))) {
          E.Use = A;
          E.HasUse = true;
        }
      E.Certain = T.surelyMayRun() && E.HasUse;
      if (llvm::none_of(Out.Expiries, [&](const Expiry &Known) {
            return Known.Thread == E.Thread && Known.Borrow.P == E.Borrow.P &&
                   Known.Certain >= E.Certain;
          }))
        Out.Expiries.push_back(std::move(E));
    }
  }
}

void Finder::fact(const Fact &Each, LiveThreads::State &Threads,
                  const LockSets::State &Locks) {
  switch (Each.K) {
  case Fact::Read:
  case Fact::Write:
    access(Each, Threads, Locks);
    break;
  case Fact::Spawn:
    spawn(Each, Threads);
    break;
  case Fact::Expire:
    expire(Each, Threads);
    break;
  case Fact::Join:
  case Fact::JoinMaybe:
  case Fact::Detach:
  case Fact::Move:
  case Fact::Lock:
  case Fact::LockShared:
  case Fact::Unlock:
  case Fact::Acquire:
  case Fact::Release:
  case Fact::Require:
  case Fact::Publish:
  case Fact::Suspend:
  case Fact::Unknown:
    break;
  }
}

Conflicts Finder::run() {
  for (const Block &B : F.Blocks)
    for (const Fact &Each : B.Facts) {
      if (Each.K == Fact::Acquire)
        Own.Acquires.push_back(Each.P);
      if (Each.K == Fact::Release)
        Own.Releases.push_back(Each.P);
    }
  for (const SpawnInfo &S : F.Spawns)
    Out.Understood.push_back(S.Body.NumUnknown == 0);
  if (F.Spawns.empty())
    return std::move(Out);

  LiveThreads LiveAnalysis(F, Places);
  LockSets Locks(Places);
  const auto LiveIn = solveForward(F, LiveAnalysis);
  const auto LocksIn = solveForward(F, Locks);
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (!LiveIn[I])
      continue;
    LiveThreads::State Threads = *LiveIn[I];
    LockSets::State Held = *LocksIn[I];
    for (const Fact &Each : F.Blocks[I].Facts) {
      fact(Each, Threads, Held);
      Live.transfer(Threads, Each);
      LockAnalysis.transfer(Held, Each);
    }
    if (I == F.Exit)
      for (unsigned T = 0; T != F.Spawns.size(); ++T)
        if (Threads.Threads[T].mayRun())
          Out.RunningAtExit.push_back(SpawnId{T});
  }
  return std::move(Out);
}

Conflicts fearless::flow::findConflicts(const FunctionFacts &F,
                                        const PlaceTable &Places) {
  return Finder(F, Places).run();
}

Effects fearless::flow::effectsOf(const FunctionFacts &F,
                                  const PlaceTable &Places,
                                  const Conflicts &) {
  Effects Out;
  Out.NumUnknown = F.NumUnknown;
  LockSets Analysis(Places);
  const auto In = solveForward(F, Analysis);
  std::set<std::tuple<PlaceId, bool, bool, std::vector<unsigned>>> Seen;
  auto Add = [&](Access A) {
    llvm::sort(A.Locks);
    std::vector<unsigned> Locks;
    for (const HeldLock &L : A.Locks)
      Locks.push_back(L.P.Value * 2 + L.Shared);
    if (Seen.insert({A.P, A.IsWrite, A.Certain, std::move(Locks)}).second)
      Out.Accesses.push_back(std::move(A));
  };
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (!In[I])
      continue;
    LockSets::State Held = *In[I];
    for (const Fact &Each : F.Blocks[I].Facts) {
      if (Each.K == Fact::Read || Each.K == Fact::Write) {
        Access A;
        A.P = Each.P;
        A.IsWrite = Each.K == Fact::Write;
        A.Certain = Each.Certain;
        A.Loc = Each.Loc;
        A.Through = Each.Through;
        A.Depth = Each.Depth;
        A.Locks = Held.locks();
        A.Locks.append(Each.Locks.begin(), Each.Locks.end());
        A.Acquired.append(Held.Acquired.begin(), Held.Acquired.end());
        Add(std::move(A));
      } else if (Each.K == Fact::Acquire) {
        if (!llvm::is_contained(Out.Acquires, Each.P))
          Out.Acquires.push_back(Each.P);
      } else if (Each.K == Fact::Release) {
        if (!llvm::is_contained(Out.Releases, Each.P))
          Out.Releases.push_back(Each.P);
      }
      Analysis.transfer(Held, Each);
    }
  }
  // What its own threads do, it does.
  for (const SpawnInfo &S : F.Spawns) {
    for (const Access &A : S.Body.Accesses)
      Add(A);
    Out.NumUnknown += S.Body.NumUnknown;
  }
  return Out;
}
