// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Summary.h"

#include "Flow/LiveThreads.h"
#include "Flow/LockSets.h"

#include "llvm/ADT/STLExtras.h"

using namespace fearless::flow;

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

bool fearless::flow::outlives(PlaceId P, const PlaceTable &Places,
                              Variables Of) {
  const Place &Where = Places.get(P);
  if (Where.Kind == Place::Opaque || Where.Kind == Place::Temporary)
    return false;
  if (Where.Kind != Place::Local)
    return true;
  const VariableOf Root = Of(Where.Root);
  return Root == VariableOf::Outer || Root == VariableOf::ReferenceParameter ||
         (Root == VariableOf::ValueParameter && Places.hasDeref(P));
}

bool fearless::flow::isHandleOfCaller(PlaceId P, const PlaceTable &Places,
                                      Variables Of) {
  const Place &Where = Places.get(P);
  return Where.Kind == Place::Result ||
         (Where.Kind == Place::Local &&
          Of(Where.Root) == VariableOf::ValueParameter) ||
         outlives(P, Places, Of);
}

static bool isLike(const Access &A, const Access &B) {
  return A.P == B.P && A.IsWrite == B.IsWrite && A.IsUse == B.IsUse &&
         A.IsCall == B.IsCall && A.Certain == B.Certain && A.Loc == B.Loc &&
         A.Locks == B.Locks && A.Acquired == B.Acquired &&
         A.Released == B.Released && A.Ended == B.Ended;
}

/// Whether two threads differ only in the way of calls that leads to them.
static bool doTheSame(const SpawnInfo &A, const SpawnInfo &B) {
  auto SameBorrow = [](const SpawnInfo::Borrow &X, const SpawnInfo::Borrow &Y) {
    return X.P == Y.P;
  };
  auto SameLock = [](const TakenLock &X, const TakenLock &Y) {
    return X.Lock == Y.Lock && X.Shared == Y.Shared && X.Loc == Y.Loc &&
           X.Certain == Y.Certain && X.Again == Y.Again;
  };
  auto Same = [](const auto &X, const auto &Y, auto IsSame) {
    return std::equal(X.begin(), X.end(), Y.begin(), Y.end(), IsSame);
  };
  return A.Loc == B.Loc && A.Name == B.Name && A.EndsInCall == B.EndsInCall &&
         A.EndsWithScope == B.EndsWithScope && A.IsMany == B.IsMany &&
         A.Calls == B.Calls && A.Body.Acquires == B.Body.Acquires &&
         A.Body.Releases == B.Body.Releases &&
         A.Body.NumUnknown == B.Body.NumUnknown &&
         Same(A.Body.Accesses, B.Body.Accesses, isLike) &&
         Same(A.Borrows, B.Borrows, SameBorrow) &&
         Same(A.Shares, B.Shares, SameBorrow) && Same(A.Takes, B.Takes, SameLock);
}

Summary fearless::flow::summarize(const FunctionFacts &F, PlaceTable &Places,
                                  const Conflicts &Found, Variables Of) {
  Summary S;
  S.HasBody = true;
  auto Outlives = [&](PlaceId P) { return outlives(P, Places, Of); };
  auto IsCallers = [&](PlaceId P) { return isHandleOfCaller(P, Places, Of); };
  const std::vector<PlaceId> Handles = handlesOf(F, Places, IsCallers);
  S.E = effectsOf(F, Places, Found, Handles);
  llvm::erase_if(S.E.Accesses, [&](const Access &A) {
    // A callable that was passed by value was made by the caller.
    return A.IsCall ? !IsCallers(A.P) : !Outlives(A.P);
  });
  llvm::SmallVector<SpawnId, 4> Left;
  for (const StillRunning &Each : Found.RunningAtExit)
    Left.push_back(Each.Thread);
  HandleEffects OnHandles =
      handleOperations(F, Places, Handles, IsCallers, Left);
  S.Operations = std::move(OnHandles.Operations);
  S.NumBefore = OnHandles.NumBefore;
  for (Fact &Each : escapingOperations(F, Places, Outlives))
    S.Operations.push_back(std::move(Each));
  // Whether it waited until the thread was done with something.
  auto IsHandedBack = [&](const SpawnInfo &Thread) {
    return llvm::any_of(Thread.Body.Accesses, [&](const Access &A) {
      return llvm::any_of(A.Released, [&](PlaceId Released) {
        return llvm::any_of(S.E.Acquires, [&](PlaceId Acquired) {
          return Places.overlap(Released, Acquired) != Overlap::None;
        });
      });
    });
  };
  llvm::DenseMap<Location, llvm::SmallVector<size_t, 2>> ByPlace;
  for (size_t I = 0; I != Left.size(); ++I) {
    const StillRunning &Each = Found.RunningAtExit[I];
    Summary::Left Leaves{F.Spawns[Each.Thread.Value], PlaceId(), false, {}};
    if (!IsHandedBack(Leaves.Thread))
      Leaves = {std::move(Leaves.Thread), Each.Owner, Each.IsDetached,
                std::move(OnHandles.Ended[I])};
    // Of threads that do the same, and that nobody can tell apart, two show what
    // any number would: a chain of calls that each start one leaves no more.
    if (!Leaves.Owner) {
      auto &Earlier = ByPlace[Leaves.Thread.Loc];
      if (llvm::count_if(Earlier, [&](size_t Known) {
            return S.Leaves[Known].IsDetached == Leaves.IsDetached &&
                   S.Leaves[Known].Ended == Leaves.Ended &&
                   doTheSame(S.Leaves[Known].Thread, Leaves.Thread);
          }) >= 2)
        continue;
      Earlier.push_back(S.Leaves.size());
    }
    S.Leaves.push_back(std::move(Leaves));
  }
  // What belongs to one call orders nothing outside it.
  auto IsLocal = [&](PlaceId P) { return !Outlives(P); };
  for (Access &A : S.E.Accesses) {
    // But a lock that a pointer leads to may be anybody's, and so may one that
    // was not understood.
    if (llvm::any_of(A.Locks, [&](const HeldLock &Lock) {
          return IsLocal(Lock.P) &&
                 (Places.hasDeref(Lock.P) ||
                  Places.get(Lock.P).Kind == Place::Opaque);
        }))
      A.Certain = false;
    llvm::erase_if(A.Locks,
                   [&](const HeldLock &Lock) { return IsLocal(Lock.P); });
    llvm::erase_if(A.Acquired, IsLocal);
    llvm::erase_if(A.Released, IsLocal);
  }
  llvm::erase_if(S.E.Acquires, IsLocal);
  llvm::erase_if(S.E.Releases, IsLocal);
  for (const CalledAtOnce &Call : Found.Calls)
    if (IsCallers(Call.Call.P)) {
      SpawnInfo Thread = F.Spawns[Call.Thread.Value];
      Thread.Body = {};
      Thread.Body.Accesses.push_back(Call.Call);
      Thread.Borrows.clear();
      Thread.Takes.clear();
      Thread.IsMany = Thread.EndsInCall = true;
      Thread.EndsWithScope = false;
      Thread.Boundary = nullptr;
      S.Leaves.push_back({std::move(Thread), PlaceId(), false});
    }
  if (F.Returns && Outlives(F.Returns))
    S.Returns = F.Returns;
  S.IsOpen = !F.Calls.empty();
  return S;
}
