// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Link/SummaryReader.h"

#include "Link/SummaryWriter.h"

#include "llvm/ADT/STLExtras.h"

#include <limits>
#include <numeric>

using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;
using llvm::StringRef;
namespace json = llvm::json;

static const json::Array Empty;
/// Of threads, calls and blocks in a function, and everything else that is
/// numbered: what is larger is no number of ours.
static constexpr int64_t Many = 1 << 28;

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

Row::Row(const json::Value &V, const Failure &Fail)
    : List(V.getAsArray()), Fail(Fail) {
  if (!List) {
    Fail("a list is expected");
    List = &Empty;
  }
}

int64_t Row::anyNumber(size_t I) const {
  if (I >= List->size())
    return 0;
  if (auto Number = (*List)[I].getAsInteger())
    return *Number;
  Fail("element " + llvm::Twine(I) + " is no number");
  return 0;
}

int64_t Row::number(size_t I, int64_t Limit) const {
  const int64_t Number = anyNumber(I);
  if (Number >= 0 && Number < Limit)
    return Number;
  Fail("element " + llvm::Twine(I) + " is out of range");
  return 0;
}

std::string Row::text(size_t I) const {
  if (I >= List->size())
    return {};
  if (auto Text = (*List)[I].getAsString())
    return Text->str();
  Fail("element " + llvm::Twine(I) + " is no text");
  return {};
}

const json::Array &Row::list(size_t I) const {
  if (I >= List->size())
    return Empty;
  if (const json::Array *Inner = (*List)[I].getAsArray())
    return *Inner;
  // Trimmed inside, an empty list is still a list.
  Fail("element " + llvm::Twine(I) + " is no list");
  return Empty;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

SummaryReader::SummaryReader(LinkedProgram &P, StringRef Path)
    : P(P), Path(Path.str()),
      Fail([this](const llvm::Twine &What) { fail(What); }) {}

void SummaryReader::fail(const llvm::Twine &What) {
  if (Problem.empty())
    Problem = (At.empty() ? "" : At + ": ") + What.str();
}

llvm::Error SummaryReader::takeError() {
  if (Problem.empty())
    return llvm::Error::success();
  return llvm::make_error<llvm::StringError>(
      "'" + Path + "' is no summary of a unit: " + Problem,
      llvm::inconvertibleErrorCode());
}

const json::Array &SummaryReader::list(StringRef Key) {
  At = Key.str();
  if (const json::Array *Out = Root->getArray(Key))
    return *Out;
  fail("the list is missing");
  return Empty;
}

void SummaryReader::header(UnitName &Name) {
  auto Text = [&](StringRef Key) {
    auto Value = Root->getString(Key);
    if (!Value)
      fail("\"" + Key + "\" is missing");
    return Value ? Value->str() : std::string();
  };
  Name.Source = Text("source");
  Name.Object = Text("object");
  Name.Directory = Text("directory");
  Name.Tool = Text("tool");
  Name.Analyzed = Root->getBoolean("analyzed").value_or(false);
}

/// "spots, entry 12"
static std::string entry(StringRef List, size_t I) {
  return (List + ", entry " + llvm::Twine(I + 1)).str();
}

void SummaryReader::spots(LinkedProgram::Unit &U) {
  std::vector<std::string> Files;
  for (const json::Value &File : list("files")) {
    At = entry("files", Files.size());
    if (auto Text = File.getAsString())
      Files.push_back(Text->str());
    else
      return fail("a text is expected");
  }
  std::vector<Spot> Spots;
  for (const json::Value &V : list("spots")) {
    At = entry("spots", Spots.size());
    const Row R(V, Fail);
    const int64_t File = R.number(0, static_cast<int64_t>(Files.size()));
    if (failed())
      return;
    Spot S;
    S.File = Files[static_cast<size_t>(File)];
    S.Line = static_cast<unsigned>(R.number(1, Many));
    S.Column = static_cast<unsigned>(R.number(2, Many));
    S.EndColumn = static_cast<unsigned>(R.number(3, Many));
    S.IsQuiet = R.number(4, 2) != 0;
    Spots.push_back(std::move(S));
  }
  std::vector<unsigned> Order(Spots.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::stable_sort(Order, [&](unsigned A, unsigned B) {
    return std::tie(Spots[A].File, Spots[A].Line, Spots[A].Column) <
           std::tie(Spots[B].File, Spots[B].Line, Spots[B].Column);
  });
  Rank.resize(Spots.size());
  for (unsigned I = 0; I != Order.size(); ++I) {
    Rank[Order[I]] = I;
    U.Spots.push_back(std::move(Spots[Order[I]]));
  }
  Current = &U;
}

Location SummaryReader::location(int64_t Number) {
  if (Number == 0)
    return 0;
  return Current->FirstLocation + Rank[static_cast<size_t>(Number - 1)] + 1;
}

void SummaryReader::entities(std::vector<Entity> &Out,
                             std::vector<int64_t> &Owners,
                             const LinkedProgram::Unit &U) {
  Current = &U;
  const json::Array &List = list("entities");
  const int64_t NumSpots = static_cast<int64_t>(Rank.size());
  for (const json::Value &V : List) {
    At = entry("entities", Out.size());
    const Row R(V, Fail);
    Entity E;
    E.K = static_cast<Entity::Kind>(R.number(0, Entity::NumKinds));
    E.Flags = static_cast<uint8_t>(R.number(1, 16));
    Owners.push_back(R.number(2, static_cast<int64_t>(List.size()) + 1));
    E.Index = static_cast<unsigned>(R.number(3, Many));
    E.Loc = location(R.number(4, NumSpots + 1));
    E.Name = R.text(5);
    E.Key = R.text(6);
    if (failed())
      return;
    Out.push_back(std::move(E));
  }
}

void SummaryReader::types(LinkedProgram::Unit &U) {
  for (const json::Value &V : list("types")) {
    At = entry("types", U.Types.size());
    const Row R(V, Fail);
    TypeMarks T;
    T.Name = R.text(0);
    T.Loc = location(R.number(1, static_cast<int64_t>(Rank.size()) + 1));
    T.Marks = R.text(2);
    U.Types.push_back(std::move(T));
  }
}

void SummaryReader::told(LinkedProgram::Unit &U) {
  for (const json::Value &V : list("told")) {
    At = entry("told", U.Told.size());
    const Row R(V, Fail);
    const int64_t Spots = static_cast<int64_t>(Rank.size()) + 1;
    U.Told.push_back({location(R.number(0, Spots)), location(R.number(1, Spots))});
  }
}

const Entity *SummaryReader::entity(int64_t Number) {
  if (Number > 0 && Number <= static_cast<int64_t>(Known.size()))
    return Known[static_cast<size_t>(Number - 1)];
  fail("there is no entity " + llvm::Twine(Number));
  return nullptr;
}

const Entity *SummaryReader::function(int64_t Number) {
  const Entity *E = entity(Number);
  if (E && E->K != Entity::Function) {
    fail("entity " + llvm::Twine(Number) + " is no function");
    return nullptr;
  }
  return E;
}

static Place::RootKind rootKind(const Entity &E) {
  switch (E.K) {
  case Entity::Variable:
    return Place::Global;
  case Entity::Parameter:
  case Entity::Local:
    return Place::Local;
  case Entity::Object:
    return Place::This;
  case Entity::Result:
    return Place::Result;
  case Entity::Function:
  case Entity::Field:
  case Entity::Expression:
    return Place::Opaque;
  case Entity::Temporary:
    break;
  }
  return Place::Temporary;
}

void SummaryReader::places(llvm::ArrayRef<const Entity *> Entities) {
  Known = Entities;
  for (const json::Value &V : list("places")) {
    At = entry("places", PlaceIds.size());
    const Row R(V, Fail);
    const Entity *Root = entity(R.anyNumber(0));
    if (!Root)
      return;
    PlaceId Out = P.Places.root(rootKind(*Root), Root, Root->Name);
    const Entity *Last = nullptr;
    for (size_t I = 1; I + 1 < R.size(); I += 2) {
      Projection Step{static_cast<Projection::Kind>(
                          R.number(I, Projection::Decision + 1)),
                      static_cast<uint64_t>(R.anyNumber(I + 1))};
      StringRef Name;
      if (Step.K == Projection::Field || (Step.K == Projection::AnyElement && Step.Key != 0)) {
        const Entity *Of = entity(R.anyNumber(I + 1));
        if (!Of)
          return;
        Step.Key = reinterpret_cast<uint64_t>(Of);
        if (Step.K == Projection::Field) {
          Name = Of->Name;
          Last = Of;
        }
      } else if (Step.K == Projection::Deref && Last &&
                 Last->is(Entity::IsReference)) {
        Name = "&";
      }
      if (Step.K != Projection::Field)
        Last = nullptr;
      Out = P.Places.project(Out, Step, Name);
    }
    PlaceIds.push_back(Out);
  }
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

PlaceId SummaryReader::place(int64_t Number) {
  if (Number == 0)
    return {};
  if (Number > 0 && Number <= static_cast<int64_t>(PlaceIds.size()))
    return PlaceIds[static_cast<size_t>(Number - 1)];
  fail("there is no place " + llvm::Twine(Number));
  return {};
}

template <typename Out>
void SummaryReader::readPlaces(const json::Array &From, Out &Into) {
  for (const json::Value &V : From)
    if (PlaceId Each = place(V.getAsInteger().value_or(-1)))
      Into.push_back(Each);
}

template <typename Out>
void SummaryReader::readLocks(const json::Array &From, Out &Into) {
  for (const json::Value &V : From) {
    const int64_t Number = V.getAsInteger().value_or(-2);
    if (PlaceId Each = place(Number / 2))
      Into.push_back({Each, (Number & 1) != 0});
  }
}

Fact SummaryReader::readFact(const json::Value &From) {
  const Row R(From, Fail);
  const int64_t Spots = static_cast<int64_t>(Rank.size()) + 1;
  Fact Out{static_cast<Fact::Kind>(R.number(0, Fact::Unknown + 1))};
  Out.P = place(R.anyNumber(1));
  Out.Q = place(R.anyNumber(2));
  Out.S.Value = Out.Need = static_cast<unsigned>(R.number(3, Many));
  Out.Loc = location(R.number(4, Spots));
  Out.Certain = R.number(5, 2) == 0;
  Out.Through = location(R.number(6, Spots));
  Out.Depth = static_cast<uint8_t>(R.number(7, 256));
  readLocks(R.list(8), Out.Locks);
  readPlaces(R.list(9), Out.Acquired);
  readPlaces(R.list(10), Out.Released);
  readPlaces(R.list(11), Out.Ended);
  if (Out.K != Fact::Call && Out.K != Fact::Spawn && Out.K != Fact::Unknown &&
      Out.K != Fact::Unwind && !Out.P)
    fail("a fact names no place");
  return Out;
}

std::vector<Fact> SummaryReader::readFacts(const json::Array &From) {
  std::vector<Fact> Out;
  for (const json::Value &V : From)
    Out.push_back(readFact(V));
  return Out;
}

Access SummaryReader::readAccess(const json::Value &From) {
  const Row R(From, Fail);
  const int64_t Spots = static_cast<int64_t>(Rank.size()) + 1;
  Access Out;
  Out.P = place(R.anyNumber(0));
  if (!Out.P)
    fail("an access names no place");
  const int64_t How = R.number(1, 8);
  Out.IsWrite = How & 1;
  Out.IsUse = How & 2;
  Out.Certain = !(How & 4);
  Out.Loc = location(R.number(2, Spots));
  Out.Through = location(R.number(3, Spots));
  Out.Depth = static_cast<uint8_t>(R.number(4, 256));
  readLocks(R.list(5), Out.Locks);
  readPlaces(R.list(6), Out.Acquired);
  readPlaces(R.list(7), Out.Released);
  readPlaces(R.list(8), Out.Ended);
  return Out;
}

void SummaryReader::readEffects(const json::Array &From, Effects &Into) {
  const json::Value Whole = json::Array(From);
  const Row R(Whole, Fail);
  for (const json::Value &V : R.list(0))
    Into.Accesses.push_back(readAccess(V));
  readPlaces(R.list(1), Into.Acquires);
  readPlaces(R.list(2), Into.Releases);
  Into.NumUnknown = static_cast<unsigned>(R.number(3, Many));
}

SpawnInfo SummaryReader::readThread(const json::Value &From) {
  const Row R(From, Fail);
  const int64_t Spots = static_cast<int64_t>(Rank.size()) + 1;
  SpawnInfo Out;
  Out.Name = R.text(0);
  Out.Loc = location(R.number(1, Spots));
  const int64_t How = R.number(2, 8);
  Out.EndsInCall = How & 1;
  Out.EndsWithScope = How & 2;
  Out.IsMany = How & 4;
  readEffects(R.list(3), Out.Body);
  readPlaces(R.list(4), Out.RoundLocal);
  Out.Through = location(R.number(5, Spots));
  Out.RunAt = location(R.number(7, Spots));
  for (const json::Value &Call : R.list(6))
    Out.Calls.push_back(static_cast<unsigned>(Call.getAsInteger().value_or(Many)));
  return Out;
}

CallSite SummaryReader::readCall(const json::Value &From) {
  const Row R(From, Fail);
  CallSite Out;
  Out.Callee = function(R.anyNumber(0));
  Out.NumFacts = static_cast<unsigned>(R.number(1, Many));
  const int64_t How = R.number(2, 8);
  Out.ObjectIsCopy = How & 1;
  Out.IsBody = How & 2;
  Out.OrdersItself = How & 4;
  Out.Object = place(R.anyNumber(3));
  for (const json::Value &V : R.list(4)) {
    const Row Each(V, Fail);
    CallSite::Argument A;
    const int64_t Kind = Each.number(0, 8);
    A.ByReference = Kind & 1;
    A.IsRecord = Kind & 2;
    A.IsView = Kind & 4;
    A.Itself.K = static_cast<CallSite::Target::Kind>(
        Each.number(1, CallSite::Target::Unknown + 1));
    A.Itself.P = place(Each.anyNumber(2));
    A.Pointee.K = static_cast<CallSite::Target::Kind>(
        Each.number(3, CallSite::Target::Unknown + 1));
    A.Pointee.P = place(Each.anyNumber(4));
    Out.Arguments.push_back(A);
  }
  Out.Result = place(R.anyNumber(5));
  if (const int64_t Destructor = R.anyNumber(6))
    Out.Destructor = function(Destructor);
  readPlaces(R.list(7), Out.RoundLocal);
  std::vector<PlaceId> Captured;
  readPlaces(R.list(8), Captured);
  if (Captured.size() % 2 != 0)
    fail("a captured pointer has no target");
  for (size_t I = 0; I + 1 < Captured.size(); I += 2)
    Out.Captured.push_back({Captured[I], Captured[I + 1]});
  Out.Task = place(R.anyNumber(9));
  return Out;
}

/// What the analyses index without a question.
static bool isSound(const FunctionFacts &F) {
  auto Fits = [&](llvm::ArrayRef<Fact> Facts) {
    for (size_t I = 0; I != Facts.size(); ++I) {
      if (Facts[I].K == Fact::Spawn && Facts[I].S.Value >= F.Spawns.size())
        return false;
      if (Facts[I].K == Fact::Call &&
          (Facts[I].Need >= F.Calls.size() ||
           F.Calls[Facts[I].Need].NumFacts >= Facts.size() - I))
        return false;
    }
    return true;
  };
  for (const Block &B : F.Blocks) {
    if (!Fits(B.Facts))
      return false;
    for (const Edge &To : B.Successors)
      if (To.Target >= F.Blocks.size() || !Fits(To.Facts))
        return false;
  }
  for (const SpawnInfo &S : F.Spawns)
    for (unsigned Call : S.Calls)
      if (Call >= F.Calls.size())
        return false;
  return F.Exit < F.Blocks.size();
}

void SummaryReader::readFunction(const json::Object &From,
                                 LinkedFunction &Into) {
  auto List = [&](StringRef Key) -> const json::Array & {
    const json::Array *Out = From.getArray(Key);
    return Out ? *Out : Empty;
  };
  const json::Array *Blocks = From.getArray("blocks");
  if (!Blocks) {
    Into.Sum.HasBody = true;
    readEffects(List("does"), Into.Sum.E);
    Into.Sum.Operations = readFacts(List("operations"));
    const int64_t Before = From.getInteger("before").value_or(0);
    if (Before < 0 || size_t(Before) > Into.Sum.Operations.size())
      return fail("there are not that many operations");
    Into.Sum.NumBefore = static_cast<unsigned>(Before);
    for (const json::Value &V : List("leaves")) {
      const Row R(V, Fail);
      if (R.size() == 0)
        return fail("a thread is missing");
      Summary::Left Left;
      Left.Thread = readThread(V.getAsArray()->front());
      Left.Thread.Calls.clear();
      Left.Owner = place(R.anyNumber(1));
      Left.IsDetached = R.number(2, 2) != 0;
      readPlaces(R.list(3), Left.Ended);
      Into.Sum.Leaves.push_back(std::move(Left));
    }
    for (const Fact &Each : Into.Sum.Operations)
      if (Each.K == Fact::Spawn || Each.K == Fact::Call)
        fail("a summary has no operation '" + name(Each.K) + "'");
    Into.Done = true;
    return;
  }
  Into.HasFacts = true;
  FunctionFacts &F = Into.Facts;
  F.Name = Into.Self->Name;
  for (const json::Value &V : *Blocks) {
    const Row R(V, Fail);
    Block B;
    B.Facts = readFacts(R.list(0));
    for (const json::Value &Next : R.list(1)) {
      if (auto Target = Next.getAsInteger()) {
        B.Successors.push_back({static_cast<unsigned>(*Target), {}});
        continue;
      }
      const Row To(Next, Fail);
      Edge E{static_cast<unsigned>(To.number(0, Many)), {}};
      for (Fact &Each : readFacts(To.list(1)))
        E.Facts.push_back(std::move(Each));
      B.Successors.push_back(std::move(E));
    }
    F.Blocks.push_back(std::move(B));
  }
  F.Exit = static_cast<unsigned>(From.getInteger("exit").value_or(Many));
  for (const json::Value &V : List("threads"))
    F.Spawns.push_back(readThread(V));
  for (const json::Value &V : List("calls"))
    F.Calls.push_back(readCall(V));
  readPlaces(List("required"), F.Required);
  if (!failed() && !isSound(F))
    fail("a block, thread or call that is named is not there");
}

void SummaryReader::functions(llvm::ArrayRef<const Entity *> Entities,
                              size_t Unit) {
  Known = Entities;
  Current = &P.Units[Unit];
  size_t Number = 0;
  for (const json::Value &V : list("functions")) {
    At = entry("functions", Number++);
    const json::Object *From = V.getAsObject();
    if (!From)
      return fail("an object is expected");
    const Entity *Self = function(From->getInteger("function").value_or(0));
    if (failed())
      return;
    // Inline functions are in several units; one will do.
    auto [It, New] = P.ByEntity.try_emplace(Self, nullptr);
    if (!New)
      continue;
    LinkedFunction &F = P.Functions.emplace_back();
    It->second = &F;
    P.InOrder.push_back(&F);
    F.Self = Self;
    F.Unit = Unit;
    readFunction(*From, F);
    if (failed())
      return;
  }
}
