// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Conflicts.h"

#include "Flow/LiveThreads.h"
#include "Flow/Ordering.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <set>
#include <tuple>

using namespace fearless::flow;

namespace {

class Finder {
public:
  Finder(const FunctionFacts &F, PlaceTable &Places)
      : F(F), Places(Places), Live(F, Places) {
    for (const SpawnInfo &S : F.Spawns) {
      auto &ByRoot = BodyAccesses.emplace_back();
      for (const Access &A : S.Body.Accesses)
        ByRoot[Places.get(A.P).Root].push_back(&A);
    }
  }

  Conflicts run();

private:
  const LiveThreads::State &
  without(llvm::ArrayRef<PlaceId> Ended, const LiveThreads::State &Now,
          std::optional<LiveThreads::State> &Into) const;
  void access(const Access &A, const LiveThreads::State &Now);
  void spawn(const Fact &Each, const LiveThreads::State &Now);
  void expire(const Access &End, const LiveThreads::State &Threads);
  bool isHandedBack(const Access &End, const Access &Use) const;
  void betweenThreads(SpawnId A, SpawnId B, bool SameRound, bool Certain);
  bool isOfNextRound(const Access &A, const SpawnInfo &Thread) const;
  void calls(SpawnId Thread, const Access &A, const Access &B);
  void add(Race R);

  const FunctionFacts &F;
  const PlaceTable &Places;
  LiveThreads Live;
  /// The accesses of each body by root.
  std::vector<llvm::DenseMap<const void *,
                             llvm::SmallVector<const Access *, 4>>>
      BodyAccesses;
  Conflicts Out;
  std::set<std::tuple<unsigned, unsigned, unsigned, unsigned, unsigned>> Seen;
};

} // namespace

bool fearless::flow::shareLock(const Access &A, const Access &B,
                               const PlaceTable &Places) {
  for (const HeldLock &X : A.Locks)
    for (const HeldLock &Y : B.Locks)
      if (!(X.Shared && Y.Shared) && Places.overlap(X, Y) == Overlap::Must)
        return true;
  return false;
}

bool fearless::flow::mayBeOrdered(const Access &A, const Access &B,
                                  const PlaceTable &Places) {
  auto Meets = [&](const Access &Later, const Access &Earlier) {
    for (PlaceId X : Later.Acquired)
      for (PlaceId Y : Earlier.Released)
        if (Places.overlap(X, Y) != Overlap::None &&
            Places.overlap(X, A.P) == Overlap::None &&
            Places.overlap(Y, B.P) == Overlap::None)
          return true;
    return false;
  };
  if (Meets(A, B) || Meets(B, A))
    return true;
  // Both are behind a decision that an atomic makes for one thread only.
  return llvm::any_of(A.Acquired, [&](PlaceId X) {
    const Place &P = Places.get(X);
    return !P.Path.empty() && P.Path.back().K == Projection::Decision &&
           llvm::is_contained(B.Acquired, X);
  });
}

/// In front of the spawn, in the loop around it: the thread that runs there is
/// one of an earlier round, which had variables of its own.
bool Finder::isOfNextRound(const Access &A, const SpawnInfo &Thread) const {
  const Location Here = A.Through ? A.Through : A.Loc;
  const Location Start = Thread.Through ? Thread.Through : Thread.Loc;
  return Here < Start &&
         llvm::is_contained(Thread.RoundLocal, Places.rootOf(A.P));
}

void Finder::add(Race R) {
  auto Key = std::make_tuple(R.Thread.Value, R.InThread.Loc, R.Outside.Loc,
                             R.BetweenThreads ? R.Other.Value + 1 : 0,
                             unsigned(R.Certain));
  if (Seen.insert(Key).second)
    Out.Races.push_back(std::move(R));
}

/// Two threads run what the caller gave: whether that is a race is seen there.
void Finder::calls(SpawnId Thread, const Access &A, const Access &B) {
  if (A.IsCall && B.IsCall && A.Certain && B.Certain &&
      Places.get(A.P).Kind == Place::Local &&
      Places.overlap(A.P, B.P) == Overlap::Must && !shareLock(A, B, Places) &&
      !mayBeOrdered(A, B, Places) &&
      llvm::none_of(Out.Calls, [&](const CalledAtOnce &Known) {
        return Known.Call.P == A.P;
      }))
    Out.Calls.push_back({Thread, A});
}

/// \p Now, when the threads of \p Ended have ended; \p Into holds it.
const LiveThreads::State &
Finder::without(llvm::ArrayRef<PlaceId> Ended, const LiveThreads::State &Now,
                std::optional<LiveThreads::State> &Into) const {
  if (Ended.empty())
    return Now;
  Into = Now;
  for (PlaceId Handle : Ended)
    Live.transfer(*Into, Fact{Fact::Join, Handle});
  return *Into;
}

void Finder::access(const Access &A, const LiveThreads::State &Now) {
  if (A.IsUse && !A.IsCall)
    return;
  std::optional<LiveThreads::State> After;
  const LiveThreads::State &Threads = without(A.Ended, Now, After);
  for (unsigned I = 0; I != F.Spawns.size(); ++I) {
    const ThreadState &T = Threads.Threads[I];
    if (!T.mayRun())
      continue;
    auto Same = BodyAccesses[I].find(Places.get(A.P).Root);
    if (Same == BodyAccesses[I].end())
      continue;
    for (const Access *B : Same->second) {
      if (T.surelyMayRun())
        calls(SpawnId{I}, A, *B);
      if ((!A.IsWrite && !B->IsWrite) || A.IsUse || B->IsUse)
        continue;
      const Overlap O = Places.overlap(A.P, B->P);
      if (O == Overlap::None || shareLock(A, *B, Places))
        continue;
      bool Certain = O == Overlap::Must && A.Certain && B->Certain &&
                     T.surelyMayRun() && !mayBeOrdered(A, *B, Places);
      if (isOfNextRound(A, F.Spawns[I])) {
        // Its own object, but what its pointers reach may be shared.
        if (!Places.hasDeref(A.P))
          continue;
        Certain = false;
      }
      add({SpawnId{I}, *B, A, false, {}, Certain});
    }
  }
}

void Finder::betweenThreads(SpawnId A, SpawnId B, bool SameRound,
                            bool Certain) {
  const SpawnInfo &SA = F.Spawns[A.Value];
  for (const auto &[Root, List] : BodyAccesses[A.Value]) {
    auto Same = BodyAccesses[B.Value].find(Root);
    if (Same == BodyAccesses[B.Value].end())
      continue;
    for (const Access *X : List)
      for (const Access *Y : Same->second) {
        if (Certain)
          calls(A, *X, *Y);
        if ((!X->IsWrite && !Y->IsWrite) || X->IsUse || Y->IsUse)
          continue;
        // One body beside itself: each pair once, the write first.
        if (A == B && (!X->IsWrite || (Y->IsWrite && Y->Loc < X->Loc)))
          continue;
        const Overlap O = Places.overlap(X->P, Y->P);
        if (O == Overlap::None || shareLock(*X, *Y, Places))
          continue;
        const PlaceId XRoot = Places.rootOf(X->P);
        if (!SameRound && (llvm::is_contained(SA.RoundLocal, XRoot) ||
                           Places.get(XRoot).Kind == Place::Temporary)) {
          // Each round has its own, but what its pointers reach may be shared.
          if (Places.hasDeref(X->P))
            add({A, *X, *Y, true, B, false});
          continue;
        }
        add({A, *X, *Y, true, B,
             Certain && O == Overlap::Must && X->Certain && Y->Certain &&
                 !mayBeOrdered(*X, *Y, Places)});
      }
  }
}

void Finder::spawn(const Fact &Each, const LiveThreads::State &Now) {
  std::optional<LiveThreads::State> After;
  const LiveThreads::State &Threads = without(Each.Ended, Now, After);
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

/// Whether the function may have waited until the thread was done with the
/// object: for what the thread says afterwards, or on the object itself.
bool Finder::isHandedBack(const Access &End, const Access &Use) const {
  return llvm::any_of(End.Acquired, [&](PlaceId X) {
    return ((Use.IsUse || !Use.Locks.empty()) &&
            Places.overlap(X, Use.P) != Overlap::None) ||
           llvm::any_of(Use.Released, [&](PlaceId Y) {
             return Places.overlap(X, Y) != Overlap::None;
           });
  });
}

void Finder::expire(const Access &End, const LiveThreads::State &Threads) {
  for (unsigned I = 0; I != F.Spawns.size(); ++I) {
    const ThreadState &T = Threads.Threads[I];
    if (!T.mayRun())
      continue;
    for (const SpawnInfo::Borrow &B : F.Spawns[I].Borrows) {
      if (!Places.isWithin(B.P, End.P) ||
          Places.hasDeref(B.P, Places.get(End.P).Path.size()))
        continue;
      Expiry E;
      E.Thread = SpawnId{I};
      E.Borrow = B;
      E.Loc = End.Loc;
      E.Detached = T.isDetached();
      bool IsHandedBack = true;
      for (const Access &A : F.Spawns[I].Body.Accesses) {
        if (Places.overlap(A.P, B.P) == Overlap::None)
          continue;
        IsHandedBack = IsHandedBack && isHandedBack(End, A);
        if (!E.HasUse || (A.Certain && !E.Use.Certain)) {
          E.Use = A;
          E.HasUse = true;
        }
      }
      E.Certain = T.surelyMayRun() && E.HasUse && !IsHandedBack;
      if (llvm::none_of(Out.Expiries, [&](const Expiry &Known) {
            return Known.Thread == E.Thread && Known.Borrow.P == E.Borrow.P &&
                   Known.Certain >= E.Certain;
          }))
        Out.Expiries.push_back(std::move(E));
    }
  }
}

static StillRunning stillRunning(SpawnId Thread, const ThreadState &T) {
  StillRunning Out{Thread};
  Out.IsDetached = T.isDetached();
  if (!T.OwnerUnknown && T.Owners.size() == 1)
    Out.Owner = T.Owners.front();
  return Out;
}

Conflicts Finder::run() {
  for (const SpawnInfo &S : F.Spawns)
    Out.Understood.push_back(S.Body.NumUnknown == 0);
  if (F.Spawns.empty())
    return std::move(Out);

  const auto LiveIn = solveForward(F, Live);
  const Ordering Order(F, Places);
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (!LiveIn[I])
      continue;
    LiveThreads::State Threads = *LiveIn[I];
    Order.visit(
        I,
        [&](const Fact &Each, Access A) {
          if (Each.K == Fact::Expire)
            expire(A, Threads);
          else
            access(A, Threads);
        },
        [&](const Fact &Each) {
          if (Each.K == Fact::Spawn)
            spawn(Each, Threads);
          Live.transfer(Threads, Each);
        });
    if (I == F.Exit)
      for (unsigned T = 0; T != F.Spawns.size(); ++T)
        if (Threads.Threads[T].mayRun())
          Out.RunningAtExit.push_back(
              stillRunning(SpawnId{T}, Threads.Threads[T]));
  }
  return std::move(Out);
}

Conflicts fearless::flow::findConflicts(const FunctionFacts &F,
                                        PlaceTable &Places) {
  return Finder(F, Places).run();
}

Effects fearless::flow::effectsOf(const FunctionFacts &F,
                                  PlaceTable &Places, const Conflicts &C,
                                  llvm::ArrayRef<PlaceId> Handles) {
  Effects Out;
  Out.NumUnknown = F.NumUnknown;
  using Key = std::tuple<PlaceId, unsigned, std::vector<unsigned>>;
  std::set<Key> Seen;
  auto Add = [&](Access A) {
    llvm::sort(A.Locks);
    std::vector<unsigned> How;
    for (const auto *List : {&A.Acquired, &A.Released, &A.Ended}) {
      for (PlaceId Each : *List)
        How.push_back(Each.Value);
      How.push_back(0);
    }
    for (const HeldLock &Lock : A.Locks)
      How.push_back(Lock.P.Value * 2 + Lock.Shared);
    const unsigned What =
        A.IsWrite + 2u * A.IsUse + 4u * A.Certain + 8u * A.IsCall;
    if (Seen.insert({A.P, What, std::move(How)}).second)
      Out.Accesses.push_back(std::move(A));
  };
  auto Once = [](llvm::SmallVectorImpl<PlaceId> &List, PlaceId P) {
    if (!llvm::is_contained(List, P))
      List.push_back(P);
  };
  const Ordering Order(F, Places);
  LiveThreads Live(F, Places, Handles);
  std::vector<std::optional<LiveThreads::State>> LiveIn(F.Blocks.size());
  if (!Handles.empty())
    LiveIn = solveForward(F, Live);
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (!Order.isReachable(I))
      continue;
    std::optional<LiveThreads::State> &Threads = LiveIn[I];
    Order.visit(
        I,
        [&](const Fact &Each, Access A) {
          if (Each.K == Fact::Expire)
            return;
          for (size_t H = 0; Threads && H != Handles.size(); ++H) {
            const ThreadState &T = Threads->Threads[F.Spawns.size() + H];
            if (!T.mayRun())
              A.Ended.push_back(allOf(Handles[H], Places));
            // "if (started_) t_.join();": whether it was is known to the object.
            else if (T.Phases & ThreadState::Ended)
              A.Certain = false;
          }
          Add(std::move(A));
        },
        [&](const Fact &Each) {
          if (Threads)
            Live.transfer(*Threads, Each);
          if (Each.K == Fact::Acquire)
            Once(Out.Acquires, Each.P);
          else if (Each.K == Fact::Release)
            Once(Out.Releases, Each.P);
        });
    for (const Edge &E : F.Blocks[I].Successors)
      for (const Fact &Each : E.Facts)
        if (Each.K == Fact::Acquire)
          Once(Out.Acquires, Each.P);
  }
  // What threads do that it waits for, it does.
  for (unsigned I = 0; I != F.Spawns.size(); ++I) {
    Out.NumUnknown += F.Spawns[I].Body.NumUnknown;
    if (llvm::none_of(C.RunningAtExit, [&](const StillRunning &Left) {
          return Left.Thread == SpawnId{I};
        }))
      for (const Access &A : F.Spawns[I].Body.Accesses)
        Add(A);
  }
  return Out;
}
