// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LiveThreads, Ordering and findConflicts over facts that are written by hand:
// which accesses may happen beside a thread, and what is evidence.

#include "Flow/Conflicts.h"

#include <gtest/gtest.h>

using namespace fearless::flow;

namespace {

/// A function of a few blocks, built in order.
class ConflictsTest : public ::testing::Test {
public:
  PlaceId variable(const char *Name) {
    return Places.root(Place::Local, Name, Name);
  }
  ConflictsTest &block() {
    F.Blocks.emplace_back();
    return *this;
  }
  ConflictsTest &add(Fact::Kind K, PlaceId P, PlaceId Q = {}) {
    Fact Each{K, P, Q};
    Each.Loc = ++LastLoc;
    F.Blocks.back().Facts.push_back(Each);
    return *this;
  }
  /// A thread that does \p A, owned by \p Owner.
  ConflictsTest &spawn(PlaceId Owner, Access A) {
    SpawnInfo S;
    S.Body.Accesses.push_back(A);
    S.Borrows.push_back({A.P, "x", 0});
    add(Fact::Spawn, Owner);
    F.Blocks.back().Facts.back().S = {static_cast<unsigned>(F.Spawns.size())};
    F.Spawns.push_back(std::move(S));
    return *this;
  }
  Access write(PlaceId P) {
    Access A;
    A.P = P;
    A.IsWrite = true;
    A.Loc = 1000 + ++LastLoc;
    return A;
  }
  Access read(PlaceId P) {
    Access A = write(P);
    A.IsWrite = false;
    return A;
  }
  void to(std::initializer_list<unsigned> Targets) {
    for (unsigned Target : Targets)
      F.Blocks.back().Successors.push_back({Target, {}});
  }
  Conflicts find() {
    F.Exit = static_cast<unsigned>(F.Blocks.size()) - 1;
    return findConflicts(F, Places);
  }
  /// The races that are evidence, and all.
  std::pair<int, int> races() {
    const Conflicts C = find();
    int Certain = 0;
    for (const Race &R : C.Races)
      Certain += R.Certain;
    return {Certain, static_cast<int>(C.Races.size())};
  }

  PlaceTable Places;
  FunctionFacts F;
  Location LastLoc = 0;
  PlaceId X = variable("x"), Y = variable("y"), T = variable("t"),
          U = variable("u"), M = variable("m"), Flag = variable("flag");
};

using Counts = std::pair<int, int>;

TEST_F(ConflictsTest, AWriteBesideAThreadRaces) {
  block().spawn(T, write(X)).add(Fact::Write, X).add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(1, 1));
}

TEST_F(ConflictsTest, BeforeTheSpawnAndAfterTheJoinNothingRaces) {
  block().add(Fact::Write, X).spawn(T, write(X)).add(Fact::Join, T);
  add(Fact::Write, X);
  EXPECT_EQ(races(), Counts(0, 0));
}

TEST_F(ConflictsTest, TwoReadsDoNotRace) {
  block().spawn(T, read(X)).add(Fact::Read, X).add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(0, 0));
}

TEST_F(ConflictsTest, OtherObjectsDoNotRace) {
  block().spawn(T, write(X)).add(Fact::Write, Y).add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(0, 0));
}

TEST_F(ConflictsTest, AThreadEndsWhereItsOwnerJoinsIt) {
  block().spawn(T, write(X)).add(Fact::Move, T, U).add(Fact::Join, U);
  add(Fact::Write, X);
  EXPECT_EQ(races(), Counts(0, 0));
}

TEST_F(ConflictsTest, TheHandleItWasMovedFromJoinsNothing) {
  block().spawn(T, write(X)).add(Fact::Move, T, U).add(Fact::Join, T);
  add(Fact::Write, X).add(Fact::Join, U);
  EXPECT_EQ(races(), Counts(1, 1));
}

TEST_F(ConflictsTest, JoinedOnOnePathIsNotJoined) {
  block().spawn(T, write(X)).to({1, 2});
  block().add(Fact::Join, T).to({2});
  block().add(Fact::Write, X);
  EXPECT_EQ(races(), Counts(1, 1));
}

TEST_F(ConflictsTest, StartedAndJoinedOnConditionIsNoEvidence) {
  block().to({1, 2});
  block().spawn(T, write(X)).to({2});
  block().to({3, 4});
  block().add(Fact::Join, T).to({4});
  block().add(Fact::Write, X);
  EXPECT_EQ(races(), Counts(0, 1));
}

TEST_F(ConflictsTest, ACommonLockOrders) {
  Access A = write(X);
  A.Locks.push_back({M});
  block().spawn(T, A).add(Fact::Lock, M).add(Fact::Write, X);
  add(Fact::Unlock, M).add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(0, 0));
}

TEST_F(ConflictsTest, ALockThatBothHoldSharedDoesNot) {
  Access A = write(X);
  A.Locks.push_back({M, /*Shared=*/true});
  block().spawn(T, A).add(Fact::LockShared, M).add(Fact::Write, X);
  add(Fact::Unlock, M).add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(1, 1));
}

TEST_F(ConflictsTest, WhatIsAcquiredAfterTheThreadReleasedItIsNoEvidence) {
  Access A = write(X);
  A.Released.push_back(Flag);
  block().spawn(T, A).add(Fact::Acquire, Flag).add(Fact::Write, X);
  add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(0, 1));
}

TEST_F(ConflictsTest, ReleasedBeforeTheAccessOrdersNothing) {
  block().spawn(T, write(X)).add(Fact::Acquire, Flag).add(Fact::Write, X);
  add(Fact::Join, T);
  EXPECT_EQ(races(), Counts(1, 1));
}

TEST_F(ConflictsTest, AThreadOfALoopRunsBesideItself) {
  block().to({1});
  block().spawn(T, write(X)).to({1, 2});
  block();
  EXPECT_EQ(races(), Counts(1, 1));
}

TEST_F(ConflictsTest, WhatEachRoundHasOfItsOwnIsNotShared) {
  block().to({1});
  block().spawn(T, write(X)).to({1, 2});
  F.Spawns[0].RoundLocal.push_back(X);
  block();
  EXPECT_EQ(races(), Counts(0, 0));
}

TEST_F(ConflictsTest, StorageThatEndsBesideAThreadExpires) {
  block().spawn(T, write(X)).add(Fact::Expire, X).add(Fact::Join, T);
  const Conflicts C = find();
  ASSERT_EQ(C.Expiries.size(), 1u);
  EXPECT_TRUE(C.Expiries[0].Certain);
  EXPECT_FALSE(C.Expiries[0].Detached);
}

TEST_F(ConflictsTest, NobodyJoinsWhatWasDetached) {
  block().spawn(T, write(X)).add(Fact::Detach, T).add(Fact::Join, T);
  add(Fact::Expire, X);
  const Conflicts C = find();
  ASSERT_EQ(C.Expiries.size(), 1u);
  EXPECT_TRUE(C.Expiries[0].Detached);
  ASSERT_EQ(C.RunningAtExit.size(), 1u);
  EXPECT_TRUE(C.RunningAtExit[0].IsDetached);
}

TEST_F(ConflictsTest, TheOwnerOfWhatStillRunsIsTold) {
  block().spawn(T, write(X)).add(Fact::Move, T, U);
  const Conflicts C = find();
  ASSERT_EQ(C.RunningAtExit.size(), 1u);
  EXPECT_EQ(C.RunningAtExit[0].Owner, U);
}

} // namespace
