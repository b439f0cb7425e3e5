// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Summaries of units that are written by hand: written, read and joined, without
// a compiler.

#include "Link/LinkFindings.h"
#include "Link/SummaryWriter.h"

#include <gtest/gtest.h>

using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;

namespace {

/// One unit. Its keys are the addresses of entities.
class UnitBuilder : public Describer {
public:
  explicit UnitBuilder(std::string Source) { Name.Source = std::move(Source); }

  Entity *entity(Entity::Kind K, std::string Name, std::string Key = "",
                 Entity *Owner = nullptr) {
    Entity &E = Entities.emplace_back();
    E.K = K;
    E.Name = std::move(Name);
    E.Key = std::move(Key);
    E.Owner = Owner;
    return &E;
  }
  Entity *defined(std::string Name, bool IsShared = false) {
    Entity *F = entity(Entity::Function, Name, "_Z" + Name);
    F->Flags = Entity::IsDefined | (IsShared ? Entity::IsShared : 0);
    F->Loc = ++LastLoc;
    return F;
  }
  PlaceId global(std::string Name, std::string Key) {
    return Places.root(Place::Global, entity(Entity::Variable, Name, Key), Name);
  }
  PlaceId local(std::string Name, Entity *Owner,
                Entity::Kind K = Entity::Local) {
    return Places.root(Place::Local, entity(K, Name, "", Owner), Name);
  }
  Access access(PlaceId P, bool IsWrite = true) {
    Access A;
    A.P = P;
    A.IsWrite = IsWrite;
    A.Loc = ++LastLoc;
    return A;
  }
  Fact fact(Fact::Kind K, PlaceId P = {}) {
    Fact F{K, P};
    F.Loc = ++LastLoc;
    return F;
  }
  /// The text of a unit with an open function and some that are known.
  std::string text(Entity *Open, const FunctionFacts &F,
                   std::vector<std::pair<Entity *, Summary>> Known = {}) {
    SummaryWriter W(Places, *this);
    if (Open)
      W.add(Open, F);
    for (auto &[Function, S] : Known)
      W.add(Function, S);
    for (const TypeMarks &T : Types)
      W.add(T);
    Name.Tool = "1";
    return W.finish(Name);
  }

  Description root(const Place &Where) override { return of(Where.Root); }
  Description field(uint64_t Key) override {
    return of(reinterpret_cast<const void *>(Key));
  }
  Description function(const void *Key) override { return of(Key); }
  Spot spot(Location Loc) override {
    Spot S;
    S.File = Name.Source;
    S.Line = Loc;
    S.Column = S.EndColumn = 1;
    return S;
  }

  UnitName Name;
  PlaceTable Places;
  std::deque<Entity> Entities;
  std::vector<TypeMarks> Types;
  Location LastLoc = 0;

private:
  static Description of(const void *Key) {
    Description D{*static_cast<const Entity *>(Key), nullptr};
    D.Owner = D.E.Owner;
    D.E.Owner = nullptr;
    return D;
  }
};

/// void start() { std::thread t(worker); count = 1; t.join(); }, where worker
/// and count are of another unit.
class Starter : public UnitBuilder {
public:
  Starter() : UnitBuilder("a.cpp") {
    Worker = entity(Entity::Function, "worker", "_Zworker");
    Count = global("count", "count");
    const PlaceId T = local("t", Start);
    SpawnInfo S;
    S.Name = "std::thread";
    S.Loc = ++LastLoc;
    S.Calls.push_back(0);
    CallSite Body;
    Body.Callee = Worker;
    Body.IsBody = true;
    Facts.Calls.push_back(Body);
    Facts.Spawns.push_back(S);
    Facts.Blocks.emplace_back();
    Facts.Blocks[0].Facts = {fact(Fact::Spawn, T), fact(Fact::Write, Count),
                             fact(Fact::Join, T)};
  }
  std::string text() { return UnitBuilder::text(Start, Facts); }

  Entity *Start = defined("start"), *Worker = nullptr;
  PlaceId Count;
  FunctionFacts Facts;
};

/// void worker() { ++count; }
class WorkerUnit : public UnitBuilder {
public:
  explicit WorkerUnit(std::string Source = "b.cpp", std::string Key = "count")
      : UnitBuilder(std::move(Source)), Count(global("count", Key)) {
    S.HasBody = true;
    S.E.Accesses.push_back(access(Count));
  }
  std::string text() {
    return UnitBuilder::text(nullptr, {}, {{Worker, S}});
  }
  Entity *Worker = defined("worker");
  PlaceId Count;
  Summary S;
};

std::vector<LinkFinding> link(std::vector<std::string> Texts,
                              std::string *Problem = nullptr) {
  LinkedProgram P("1");
  auto Fail = [&](llvm::Error E) {
    const std::string Text = llvm::toString(std::move(E));
    if (Problem)
      *Problem = Text;
    else
      ADD_FAILURE() << Text;
    return std::vector<LinkFinding>();
  };
  for (size_t I = 0; I != Texts.size(); ++I)
    if (llvm::Error E = P.add("unit" + std::to_string(I), Texts[I]))
      return Fail(std::move(E));
  if (llvm::Error E = P.join([&](size_t I) -> llvm::Expected<std::string> {
        return Texts[I];
      }))
    return Fail(std::move(E));
  return findingsOf(P);
}

TEST(LinkTest, ABodyOfAnotherUnitRaces) {
  const auto Found = link({Starter().text(), WorkerUnit().text()});
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Check, "fearless-data-race");
  EXPECT_NE(Found[0].Message.find("'count' is written here"), std::string::npos);
}

TEST(LinkTest, TheOrderOfUnitsDoesNotMatter) {
  const auto Found = link({WorkerUnit().text(), Starter().text()});
  ASSERT_EQ(Found.size(), 1u);
}

TEST(LinkTest, AloneNothingIsKnown) {
  EXPECT_TRUE(link({Starter().text()}).empty());
}

TEST(LinkTest, WhatHasNoCommonNameIsAnotherVariable) {
  EXPECT_TRUE(link({Starter().text(), WorkerUnit("b.cpp", "").text()}).empty());
}

TEST(LinkTest, TwoDefinitionsOfOneNameAreNobodys) {
  EXPECT_TRUE(link({Starter().text(), WorkerUnit("b.cpp").text(),
                    WorkerUnit("c.cpp").text()})
                  .empty());
  // The same one, in two libraries, is one.
  EXPECT_EQ(link({Starter().text(), WorkerUnit("b.cpp").text(),
                  WorkerUnit("b.cpp").text()})
                .size(),
            1u);
}

TEST(LinkTest, AUnitThatReportsItByItselfIsNotRepeated) {
  Starter S;
  S.Facts.Spawns[0].Body.Accesses.push_back(S.access(S.Count));
  EXPECT_TRUE(link({S.text(), WorkerUnit().text()}).empty());
}

TEST(LinkTest, ALockBehindAPointerMayBeTheOther) {
  Starter S;
  const PlaceId Mutex = S.global("mutex", "mutex");
  auto &Facts = S.Facts.Blocks[0].Facts;
  Facts.insert(Facts.begin() + 1, S.fact(Fact::Lock, Mutex));
  WorkerUnit W;
  const PlaceId Pointer = W.global("pointer", "pointer");
  W.S.E.Accesses[0].Locks.push_back(
      {W.Places.project(Pointer, {Projection::Deref}), false});
  EXPECT_TRUE(link({S.text(), W.text()}).empty());
  // Another one that has a name is another one.
  WorkerUnit Other;
  Other.S.E.Accesses[0].Locks.push_back({Other.global("own", "own"), false});
  EXPECT_EQ(link({S.text(), Other.text()}).size(), 1u);
  WorkerUnit Same;
  Same.S.E.Accesses[0].Locks.push_back({Same.global("mutex", "mutex"), false});
  EXPECT_TRUE(link({S.text(), Same.text()}).empty());
}

TEST(LinkTest, AHelperThatJoinsOrders) {
  // void start() { std::thread t(worker); helper(t); count = 1; }
  Starter S;
  auto &Facts = S.Facts.Blocks[0].Facts;
  const PlaceId T = Facts[0].P;
  CallSite Site;
  Site.Callee = S.entity(Entity::Function, "helper", "_Zhelper");
  Site.Arguments.push_back({{CallSite::Target::Known, T}, {}, true});
  Site.NumFacts = 1;
  Fact Call = S.fact(Fact::Call);
  Call.Need = 1;
  S.Facts.Calls.push_back(Site);
  Facts = {Facts[0], Call, S.fact(Fact::JoinMaybe, T), Facts[1]};
  const std::string Starts = S.text();
  EXPECT_TRUE(link({Starts, WorkerUnit().text()}).empty()); // it may join

  UnitBuilder H("c.cpp");
  Entity *Helper = H.defined("helper");
  const PlaceId Parameter = H.local("t", Helper, Entity::Parameter);
  Summary Joins, Looks;
  Joins.HasBody = Looks.HasBody = true;
  Joins.Operations.push_back(H.fact(Fact::Join, Parameter));
  EXPECT_TRUE(link({Starts, WorkerUnit().text(),
                    H.text(nullptr, {}, {{Helper, Joins}})})
                  .empty());
  EXPECT_EQ(link({Starts, WorkerUnit().text(),
                  H.text(nullptr, {}, {{Helper, Looks}})})
                .size(),
            1u);
}

TEST(LinkTest, MarksMustAgree) {
  auto Unit = [](const char *Source, const char *Marks) {
    UnitBuilder U(Source);
    U.Types.push_back({"C", Marks, ++U.LastLoc});
    return U.text(nullptr, {});
  };
  EXPECT_TRUE(link({Unit("a.cpp", "FEARLESS_SYNC"), Unit("b.cpp", "FEARLESS_SYNC")})
                  .empty());
  const auto Found = link({Unit("a.cpp", ""), Unit("b.cpp", "FEARLESS_SYNC")});
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Check, "fearless-annotation");
  EXPECT_NE(Found[0].Message.find("FEARLESS_SYNC in 'b.cpp' and without a mark in 'a.cpp'"),
            std::string::npos);
}

TEST(LinkTest, WhatIsNoSummaryIsRefused) {
  auto Problem = [](std::string Text) {
    std::string Out;
    link({std::move(Text)}, &Out);
    return Out;
  };
  const std::string Good = WorkerUnit().text();
  auto With = [&](llvm::StringRef From, llvm::StringRef To) {
    const size_t At = Good.find(From.str());
    return Problem(Good.substr(0, At) + To.str() + Good.substr(At + From.size()));
  };
  EXPECT_EQ(Problem(Good), "");
  EXPECT_NE(Problem(Good.substr(0, 100)).find("'unit0' is no summary of a unit: ["),
            std::string::npos);
  EXPECT_EQ(With("\"fearless-summary\":1", "\"fearless-summary\":7"),
            "'unit0' has format 7; this tool reads format 1");
  EXPECT_EQ(With("\"tool\":\"1\"", "\"tool\":\"0.9\""),
            "'unit0' was written by Fearless 0.9; this is Fearless 1");
  EXPECT_EQ(With("\"places\":[", "\"pieces\":["),
            "'unit0' is no summary of a unit: places: the list is missing");
  EXPECT_EQ(With("\"function\":1", "\"function\":99"),
            "'unit0' is no summary of a unit: functions, entry 1: there is no entity 99");
}

} // namespace
