// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LockSets and unmetNeeds over facts that are written by hand: what is held on
// every path, by whom, and what that means for a need.

#include "Flow/LockSets.h"
#include "Flow/Unguarded.h"

#include <gtest/gtest.h>

using namespace fearless::flow;

namespace {

/// A function of a few blocks, built in order.
class Facts : public ::testing::Test {
public:
  PlaceId variable(const char *Name) {
    return Places.root(Place::Local, Name, Name);
  }
  PlaceId member(PlaceId Of, unsigned Key, const char *Name) {
    return Places.project(Of, {Projection::Field, Key}, Name);
  }
  Facts &block() {
    F.Blocks.emplace_back();
    return *this;
  }
  Facts &add(Fact::Kind K, PlaceId P, PlaceId Q = {}) {
    Fact Each{K, P, Q};
    Each.Loc = ++LastLoc;
    F.Blocks.back().Facts.push_back(Each);
    return *this;
  }
  Facts &need(PlaceId Lock, bool Exclusive = true, PlaceId Owner = {}) {
    Need N;
    N.Lock = Lock;
    N.Exclusive = Exclusive;
    N.Owner = Owner;
    N.LockDeclaration = reinterpret_cast<const void *>(uintptr_t(MutexKey));
    Fact Each{Fact::Require, Lock};
    Each.Need = static_cast<unsigned>(F.Needs.size());
    F.Needs.push_back(N);
    F.Blocks.back().Facts.push_back(Each);
    return *this;
  }
  void to(std::initializer_list<unsigned> Targets) {
    for (unsigned Target : Targets)
      F.Blocks.back().Successors.push_back({Target, {}});
  }
  std::vector<UnmetNeed> unmet() {
    F.Exit = static_cast<unsigned>(F.Blocks.size()) - 1;
    return unmetNeeds(F, Places);
  }

  static constexpr unsigned MutexKey = 7;
  PlaceTable Places;
  FunctionFacts F;
  Location LastLoc = 0;
  PlaceId A = variable("a"), B = variable("b"), G = variable("g"),
          H = variable("h");
  PlaceId AM = member(A, MutexKey, "m"), BM = member(B, MutexKey, "m");
};

TEST_F(Facts, HeldFromLockToUnlock) {
  block().need(AM).add(Fact::Lock, AM, G).need(AM).add(Fact::Unlock, AM, G).need(AM);
  auto Unmet = unmet();
  ASSERT_EQ(Unmet.size(), 2u);
  EXPECT_EQ(Unmet[0].Why, UnmetNeed::NotHeld);
  EXPECT_EQ(Unmet[0].Released, 0u);
  EXPECT_EQ(Unmet[1].Released, 2u) << "where it was released";
}

TEST_F(Facts, AGuardReleasesAtItsEnd) {
  block().add(Fact::Lock, AM, G).add(Fact::Expire, G).need(AM);
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, RecursiveLocksAreHeldUntilTheLastGuard) {
  block().add(Fact::Lock, AM, G).add(Fact::Lock, AM, H).add(Fact::Expire, H).need(AM);
  EXPECT_TRUE(unmet().empty());
}

TEST_F(Facts, AMovedGuardTakesTheLockAlong) {
  block().add(Fact::Lock, AM, G).add(Fact::Move, G, H).add(Fact::Expire, G).need(AM)
      .add(Fact::Expire, H).need(AM);
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, UnlockedByHandAndLockedAgainItIsTheGuardsAgain) {
  block().add(Fact::Lock, AM, G).add(Fact::Unlock, AM).need(AM).add(Fact::Lock, AM)
      .need(AM).add(Fact::Expire, G).need(AM);
  EXPECT_EQ(unmet().size(), 2u);
}

TEST_F(Facts, BothBranchesMustHoldIt) {
  block().to({1, 2});
  block().add(Fact::Lock, AM, G).to({3});
  block().to({3});
  block().need(AM);
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, BothBranchesMayHoldItByOtherGuards) {
  block().to({1, 2});
  block().add(Fact::Lock, AM, G).to({3});
  block().add(Fact::Lock, AM).to({3});
  block().need(AM);
  EXPECT_TRUE(unmet().empty());
}

TEST_F(Facts, ALoopThatUnlocksDoesNotHoldItAtItsHead) {
  block().add(Fact::Lock, AM).to({1});
  block().need(AM).to({2, 3});
  block().add(Fact::Unlock, AM).to({1});
  block();
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, SharedIsEnoughToRead) {
  block().add(Fact::LockShared, AM, G).need(AM, /*Exclusive=*/false).need(AM);
  auto Unmet = unmet();
  ASSERT_EQ(Unmet.size(), 1u);
  EXPECT_EQ(Unmet[0].Why, UnmetNeed::OnlyShared);
  EXPECT_EQ(Unmet[0].Since, 1u);
}

TEST_F(Facts, OneBranchSharedIsShared) {
  block().to({1, 2});
  block().add(Fact::Lock, AM, G).to({3});
  block().add(Fact::LockShared, AM, G).to({3});
  block().need(AM);
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, AnotherObjectsLock) {
  block().add(Fact::Lock, AM, G).need(BM);
  auto Unmet = unmet();
  ASSERT_EQ(Unmet.size(), 1u);
  EXPECT_EQ(Unmet[0].Why, UnmetNeed::OtherObject);
  EXPECT_EQ(Unmet[0].Instead, AM);
  EXPECT_TRUE(Unmet[0].isCertain());
}

TEST_F(Facts, ALockThatMayBeAnySpeaksForTheCode) {
  const PlaceId Passed = Places.project(variable("p"), {Projection::Deref});
  F.AnyLock.insert(Passed);
  block().add(Fact::Lock, Passed, G).need(AM);
  auto Unmet = unmet();
  ASSERT_EQ(Unmet.size(), 1u);
  EXPECT_FALSE(Unmet[0].isCertain());
}

TEST_F(Facts, APointerThatChangesNamesAnotherLock) {
  const PlaceId P = variable("p");
  const PlaceId PM =
      member(Places.project(P, {Projection::Deref}), MutexKey, "m");
  block().add(Fact::Lock, PM, G).need(PM).add(Fact::Write, P).need(PM);
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, ANewObjectNeedsNoLockUntilItIsPublished) {
  F.Fresh.insert(A);
  block().need(AM, true, A).add(Fact::Publish, A).need(AM, true, A)
      .add(Fact::Expire, A).need(AM, true, A);
  EXPECT_EQ(unmet().size(), 1u);
}

TEST_F(Facts, WhatANewObjectPointsToIsNotNew) {
  F.Fresh.insert(A);
  block().need(AM, true, Places.project(A, {Projection::Deref}));
  EXPECT_EQ(unmet().size(), 1u);
}

} // namespace
