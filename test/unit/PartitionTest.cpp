// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Regions over facts that are written by hand: the lattice, and what is used
// after it was sent on which path.

#include "Flow/Partition.h"

#include <gtest/gtest.h>

using namespace fearless::flow;

namespace {

class Regions : public ::testing::Test {
public:
  PlaceId variable(const char *Name) {
    return Places.root(Place::Local, Name, Name);
  }
  PlaceId member(PlaceId Of, unsigned Key) {
    return Places.project(Of, {Projection::Field, Key}, "m");
  }
  Regions &block() {
    F.Blocks.emplace_back();
    return *this;
  }
  RegionFact &add(RegionFact::Kind K, PlaceId P, PlaceId Q = {}) {
    RegionFact Fact;
    Fact.K = K;
    Fact.P = P;
    Fact.Q = Q;
    Fact.Loc = ++LastLoc;
    F.Blocks.back().Facts.push_back(Fact);
    return F.Blocks.back().Facts.back();
  }
  void send(PlaceId P, bool Move = false, bool Exclusive = true) {
    SendInfo Info;
    Info.P = P;
    Info.IsMove = Move;
    Info.IsExclusive = Exclusive;
    F.Sends.push_back(Info);
    const auto Which = static_cast<unsigned>(F.Sends.size() - 1);
    add(RegionFact::Send, P).Which = Which;
    if (Move)
      add(RegionFact::MoveOut, P).Which = Which;
  }
  void to(std::initializer_list<unsigned> Targets) {
    for (unsigned Target : Targets)
      F.Blocks.back().Successors.push_back({Target});
  }
  std::vector<UseAfterSend> uses(bool EvidenceOnly = true) {
    F.Exit = static_cast<unsigned>(F.Blocks.size()) - 1;
    return findUsesAfterSend(F, Places, EvidenceOnly);
  }

  PlaceTable Places;
  RegionFunction F;
  Location LastLoc = 0;
  PlaceId A = variable("a"), B = variable("b"), C = variable("c"),
          D = variable("d");
};

TEST_F(Regions, LatticeJoinsRegionsOfBothPaths) {
  Partition One(Places), Two(Places);
  One.merge(A, B);
  Two.merge(B, C);
  EXPECT_TRUE(One.join(Two));
  EXPECT_TRUE(One.sameRegion(A, C));
  EXPECT_FALSE(One.join(Two)) << "a second time changes nothing";
  EXPECT_TRUE(Two.join(One));
  EXPECT_TRUE(Two.sameRegion(A, C));
}

TEST_F(Regions, LatticeJoinIsCommutativeOnSends) {
  Partition One(Places), Two(Places);
  One.merge(A, B);
  One.send(A, 0);
  Two.merge(B, C);
  Two.send(C, 1);
  Partition Left = One, Right = Two;
  Left.join(Two);
  Right.join(One);
  for (PlaceId P : {A, B, C}) {
    EXPECT_EQ(Left.sentBy(P), Right.sentBy(P));
    EXPECT_EQ(Left.sentBy(P).size(), 2u);
  }
}

TEST_F(Regions, AssignLeavesTheOldRegion) {
  Partition P(Places);
  P.merge(A, B);
  P.assign(A, C);
  EXPECT_FALSE(P.sameRegion(A, B));
  EXPECT_TRUE(P.sameRegion(A, C));
  P.fresh(A);
  EXPECT_FALSE(P.sameRegion(A, C));
}

TEST_F(Regions, PartsGoWithTheWholeUntilTheyAreRenewed) {
  const PlaceId M = member(A, 1), N = member(A, 2);
  Partition P(Places);
  P.merge(M, B);
  P.send(A, 0);
  EXPECT_EQ(P.sentBy(M).size(), 1u);
  EXPECT_EQ(P.sentBy(N).size(), 1u);
  EXPECT_EQ(P.sentBy(B).size(), 1u);
  P.fresh(N);
  EXPECT_TRUE(P.sentBy(N).empty());
  EXPECT_EQ(P.sentBy(A).size(), 1u);
}

TEST_F(Regions, SendingAPartLeavesTheWhole) {
  const PlaceId M = member(A, 1), N = member(A, 2);
  Partition P(Places);
  P.send(M, 0);
  EXPECT_EQ(P.sentBy(M).size(), 1u);
  EXPECT_TRUE(P.sentBy(N).empty());
  EXPECT_TRUE(P.sentBy(A).empty());
}

TEST_F(Regions, MovedOutIsNoLongerPartOfTheRegion) {
  Partition P(Places);
  P.merge(A, B);
  P.send(A, 0);
  P.moveOut(A, 0);
  EXPECT_TRUE(P.sentBy(A).empty());
  EXPECT_EQ(P.movedBy(A).size(), 1u);
  EXPECT_EQ(P.sentBy(B).size(), 1u);
  P.ask(A);
  EXPECT_TRUE(P.movedBy(A).empty());
}

TEST_F(Regions, AliasIsUsed) {
  block();
  add(RegionFact::Assign, B, A);
  send(A);
  add(RegionFact::Touch, B);
  const auto Found = uses();
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Use.P, B);
  EXPECT_FALSE(Found[0].IsMovedFrom);
  EXPECT_EQ(Found[0].AliasMade, 1u);
}

TEST_F(Regions, UseBeforeAndOthersAreFine) {
  block();
  add(RegionFact::Assign, B, A);
  add(RegionFact::Touch, B);
  send(A);
  add(RegionFact::Touch, C);
  EXPECT_TRUE(uses().empty());
}

TEST_F(Regions, NewValueIsFine) {
  block();
  add(RegionFact::Assign, B, A);
  send(A, /*Move=*/true);
  add(RegionFact::Fresh, B);
  add(RegionFact::Touch, B);
  add(RegionFact::Fresh, A);
  add(RegionFact::Touch, A);
  EXPECT_TRUE(uses().empty());
}

TEST_F(Regions, MildUsesOfAMovedVariable) {
  block();
  send(A, /*Move=*/true);
  add(RegionFact::Touch, A).IsMild = true;
  EXPECT_TRUE(uses().empty());
  add(RegionFact::Touch, A);
  ASSERT_EQ(uses().size(), 1u);
  EXPECT_TRUE(uses()[0].IsMovedFrom);
}

TEST_F(Regions, SharedSendsMindWritesOnly) {
  block();
  send(A, /*Move=*/false, /*Exclusive=*/false);
  add(RegionFact::Touch, A);
  EXPECT_TRUE(uses().empty());
  EXPECT_EQ(uses(/*EvidenceOnly=*/false).size(), 1u);
  add(RegionFact::Touch, A).IsWrite = true;
  EXPECT_EQ(uses().size(), 1u);
}

TEST_F(Regions, SentOnOnePath) {
  block().to({1, 2});
  block();
  send(A);
  to({2});
  block();
  add(RegionFact::Touch, A);
  EXPECT_EQ(uses().size(), 1u);
}

TEST_F(Regions, SentAgainInALoop) {
  block().to({1});
  block();
  add(RegionFact::Touch, A);
  send(A, /*Move=*/true);
  to({1, 2});
  block();
  EXPECT_EQ(uses().size(), 1u);
  // A new value in each round.
  F.Blocks[1].Facts.insert(F.Blocks[1].Facts.begin(), RegionFact{RegionFact::Fresh, A});
  EXPECT_TRUE(uses().empty());
}

TEST_F(Regions, WhatMayBeIsNoEvidenceAndNoProof) {
  block();
  add(RegionFact::Assign, B, A).Certain = false;
  send(A);
  add(RegionFact::Touch, B);
  EXPECT_TRUE(uses().empty());
  EXPECT_EQ(uses(/*EvidenceOnly=*/false).size(), 1u);
  // A value that it may have got is evidence of nothing either.
  F.Blocks[0].Facts[0].Certain = true;
  EXPECT_EQ(uses().size(), 1u);
  RegionFact Renewed{RegionFact::Fresh, B};
  Renewed.Certain = false;
  F.Blocks[0].Facts.insert(F.Blocks[0].Facts.end() - 1, Renewed);
  EXPECT_TRUE(uses().empty());
  EXPECT_EQ(uses(/*EvidenceOnly=*/false).size(), 1u);
}

TEST_F(Regions, DisconnectedUnlessSomethingElseLeadsThere) {
  block();
  add(RegionFact::Assign, B, A);
  send(A);
  auto IsOwn = [&](PlaceId P) { return P != D; };
  EXPECT_TRUE(isDisconnected(F, Places, 0, IsOwn));
  RegionFact Merged{RegionFact::Merge, B, D};
  Merged.Certain = false;
  F.Blocks[0].Facts.insert(F.Blocks[0].Facts.begin() + 1, Merged);
  EXPECT_FALSE(isDisconnected(F, Places, 0, IsOwn));
}

TEST_F(Regions, SentAtExit) {
  block().to({1, 2});
  block();
  send(A, /*Move=*/true);
  to({2});
  block();
  F.Exit = 2;
  EXPECT_EQ(sentAtExit(F, Places, A).size(), 1u);
  EXPECT_TRUE(sentAtExit(F, Places, B).empty());
}

} // namespace
