// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Link/SummaryWriter.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Numbers in files count from 1; 0 is none.
int64_t SummaryWriter::spot(Location Loc) {
  if (Loc == 0)
    return 0;
  auto [It, New] = SpotIds.try_emplace(Loc, SpotIds.size() + 1);
  if (!New)
    return It->second;
  const int64_t Id = It->second;
  const Spot S = Names.spot(Loc);
  auto [File, NewFile] = FileIds.try_emplace(S.File, FileIds.size());
  if (NewFile)
    Files.push_back(json::fixUTF8(S.File));
  Spots.push_back(json::Array{File->second, S.Line, S.Column, S.EndColumn,
                              int64_t(S.IsQuiet)});
  return Id;
}

int64_t SummaryWriter::entity(
    const void *Key, As What,
    llvm::function_ref<Describer::Description()> Describe) {
  auto [It, New] = EntityIds.try_emplace({Key, What}, EntityIds.size() + 1);
  if (!New)
    return It->second;
  const int64_t Id = It->second;
  Entities.push_back(nullptr); // the owner comes behind it
  const Describer::Description D = Describe();
  const int64_t Owner = D.Owner ? function(D.Owner) : 0;
  const int64_t At = spot(D.E.Loc);
  Entities[static_cast<size_t>(Id - 1)] =
      json::Array{int64_t(D.E.K),          int64_t(D.E.Flags), Owner,
                  int64_t(D.E.Index),      At,
                  json::fixUTF8(D.E.Name), json::fixUTF8(D.E.Key)};
  return Id;
}

int64_t SummaryWriter::function(const void *Key) {
  return entity(Key, As::Itself, [&] { return Names.function(Key); });
}

/// [root, step, key, step, key...]
int64_t SummaryWriter::place(PlaceId P) {
  if (!P)
    return 0;
  auto Found = PlaceIds.find(P.Value);
  if (Found != PlaceIds.end())
    return Found->second;
  const Place &Where = Places.get(P);
  const As What = Where.Kind == Place::This     ? As::Object
                  : Where.Kind == Place::Result ? As::Result
                                                : As::Itself;
  json::Array Out{entity(Where.Root, What, [&] {
    Describer::Description D = Names.root(Where);
    if (D.E.Name.empty())
      D.E.Name = Places.name(Places.rootOf(P));
    return D;
  })};
  for (const Projection &Step : Where.Path) {
    int64_t StepKey = 0;
    switch (Step.K) {
    case Projection::Field:
      StepKey = entity(reinterpret_cast<const void *>(Step.Key), As::Itself,
                       [&] { return Names.field(Step.Key); });
      break;
    case Projection::AnyElement:
      if (Step.Key != 0)
        StepKey = entity(reinterpret_cast<const void *>(Step.Key), As::Index,
                         [] {
                           Describer::Description Index;
                           Index.E.K = Entity::Expression;
                           return Index;
                         });
      break;
    default:
      StepKey = static_cast<int64_t>(Step.Key);
      break;
    }
    Out.push_back(int64_t(Step.K));
    Out.push_back(StepKey);
  }
  PlaceList.push_back(std::move(Out));
  PlaceIds[P.Value] = static_cast<int64_t>(PlaceList.size());
  return static_cast<int64_t>(PlaceList.size());
}

json::Value SummaryWriter::places(llvm::ArrayRef<PlaceId> List) {
  json::Array Out;
  for (PlaceId P : List)
    Out.push_back(place(P));
  return Out;
}

json::Value SummaryWriter::locks(llvm::ArrayRef<HeldLock> List) {
  json::Array Out;
  for (const HeldLock &Lock : List)
    Out.push_back(place(Lock.P) * 2 + Lock.Shared);
  return Out;
}

/// What is not there at the end needs no room.
static json::Value trimmed(json::Array List) {
  auto IsEmpty = [](const json::Value &V) {
    if (const json::Array *Inner = V.getAsArray())
      return Inner->empty();
    return V.getAsInteger() == 0;
  };
  while (!List.empty() && IsEmpty(List.back()))
    List.pop_back();
  return List;
}

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

json::Value SummaryWriter::fact(const Fact &F) {
  const bool HasNumber = F.K == Fact::Call;
  return trimmed(json::Array{
      int64_t(F.K), place(F.P), place(F.Q),
      int64_t(F.K == Fact::Spawn ? F.S.Value : HasNumber ? F.Need : 0),
      spot(F.Loc), int64_t(!F.Certain), spot(F.Through), int64_t(F.Depth),
      locks(F.Locks), places(F.Acquired), places(F.Released), places(F.Ended)});
}

json::Value SummaryWriter::facts(llvm::ArrayRef<Fact> List) {
  json::Array Out;
  for (const Fact &F : List)
    Out.push_back(fact(F));
  return Out;
}

json::Value SummaryWriter::access(const Access &A) {
  return trimmed(json::Array{place(A.P),
                             int64_t(A.IsWrite + 2 * A.IsUse + 4 * !A.Certain),
                             spot(A.Loc), spot(A.Through), int64_t(A.Depth),
                             locks(A.Locks), places(A.Acquired),
                             places(A.Released), places(A.Ended)});
}

json::Value SummaryWriter::effects(const Effects &E) {
  json::Array Accesses;
  for (const Access &A : E.Accesses)
    if (!A.IsUse)
      Accesses.push_back(access(A));
  return trimmed(json::Array{std::move(Accesses), places(E.Acquires),
                             places(E.Releases), int64_t(E.NumUnknown)});
}

json::Value SummaryWriter::thread(const SpawnInfo &S) {
  json::Array Calls;
  for (unsigned Call : S.Calls)
    Calls.push_back(int64_t(Call));
  return trimmed(json::Array{
      json::fixUTF8(S.Name), spot(S.Loc),
      int64_t(S.EndsInCall + 2 * S.EndsWithScope + 4 * S.IsMany),
      effects(S.Body), places(S.RoundLocal), spot(S.Through), std::move(Calls),
      spot(S.RunAt)});
}

json::Value SummaryWriter::call(const CallSite &C) {
  if (!llvm::is_contained(Called, C.Callee))
    Called.push_back(C.Callee);
  json::Array Arguments, Captured;
  for (const CallSite::Argument &A : C.Arguments)
    Arguments.push_back(trimmed(
        json::Array{int64_t(A.ByReference + 2 * A.IsRecord + 4 * A.IsView),
                    int64_t(A.Itself.K), place(A.Itself.P),
                    int64_t(A.Pointee.K), place(A.Pointee.P)}));
  for (const auto &[From, To] : C.Captured) {
    Captured.push_back(place(From));
    Captured.push_back(place(To));
  }
  return trimmed(json::Array{
      function(C.Callee), int64_t(C.NumFacts),
      int64_t(C.ObjectIsCopy + 2 * C.IsBody + 4 * C.OrdersItself), place(C.Object),
      std::move(Arguments), place(C.Result),
      C.Destructor ? function(C.Destructor) : 0, places(C.RoundLocal),
      std::move(Captured), place(C.Task)});
}

//===----------------------------------------------------------------------===//
// Reduction
//===----------------------------------------------------------------------===//

/// Which facts of a function matter to somebody else: not those on its own
/// variables, unless a thread, a call or a lock knows them.
class SummaryWriter::Reduction {
public:
  Reduction(const void *Function, const FunctionFacts &F,
            const PlaceTable &Places, Describer &Names)
      : Function(Function), Places(Places), Names(Names) {
    for (const CallSite &C : F.Calls) {
      know(C.Object);
      know(C.Result);
      know(C.Task);
      for (const CallSite::Argument &A : C.Arguments) {
        know(A.Itself.P);
        know(A.Pointee.P);
      }
      for (const auto &[From, To] : C.Captured) {
        know(From);
        know(To);
      }
    }
    for (const SpawnInfo &S : F.Spawns) {
      for (const Access &A : S.Body.Accesses) {
        know(A.P);
        for (const HeldLock &Lock : A.Locks)
          know(Lock.P);
        for (const auto *List : {&A.Acquired, &A.Released, &A.Ended})
          for (PlaceId P : *List)
            know(P);
      }
      for (const auto *List : {&S.Body.Acquires, &S.Body.Releases})
        for (PlaceId P : *List)
          know(P);
    }
    auto Each = [&](const Fact &F) {
      for (const HeldLock &Lock : F.Locks)
        know(Lock.P);
      if (F.K == Fact::Read || F.K == Fact::Write || F.K == Fact::Use ||
          F.K == Fact::Expire)
        return;
      know(F.P);
      know(F.Q);
    };
    for (const Block &B : F.Blocks) {
      llvm::for_each(B.Facts, Each);
      for (const Edge &To : B.Successors)
        llvm::for_each(To.Facts, Each);
    }
  }

  bool keeps(const Fact &F) {
    switch (F.K) {
    case Fact::Require:
    case Fact::Publish:
    case Fact::Taken:
    case Fact::Suspend:
    case Fact::Unknown:
    case Fact::Use:
      return false;
    case Fact::Read:
    case Fact::Write:
    case Fact::Expire:
      return !isOwn(F.P) || Known.count(Places.get(F.P).Root);
    default:
      return true;
    }
  }

private:
  void know(PlaceId P) {
    if (!P)
      return;
    Known.insert(Places.get(P).Root);
    // The index of an element.
    for (const Projection &Step : Places.get(P).Path)
      if (Step.K == Projection::AnyElement && Step.Key != 0)
        Known.insert(reinterpret_cast<const void *>(Step.Key));
  }

  bool isOwn(PlaceId P) {
    const Place &Where = Places.get(P);
    if (Where.Kind == Place::Temporary || Where.Kind == Place::Opaque)
      return true;
    if (Where.Kind != Place::Local)
      return false;
    auto [It, New] = Own.try_emplace(Where.Root);
    if (New) {
      const Describer::Description D = Names.root(Where);
      It->second = {D.Owner == Function,
                    D.E.K == Entity::Parameter,
                    D.E.is(Entity::IsReference)};
    }
    const Variable &V = It->second;
    return V.IsOwn &&
           (!V.IsParameter || (!V.IsReference && !Places.hasDeref(P)));
  }

  struct Variable {
    bool IsOwn = false, IsParameter = false, IsReference = false;
  };
  const void *Function;
  const PlaceTable &Places;
  Describer &Names;
  llvm::DenseSet<const void *> Known;
  llvm::DenseMap<const void *, Variable> Own;
};

void SummaryWriter::add(const void *Function, const FunctionFacts &F) {
  Reduction Kept(Function, F, Places, Names);
  std::vector<CallSite> Calls = F.Calls;
  json::Array Blocks;
  for (const Block &B : F.Blocks) {
    std::vector<Fact> Facts;
    for (size_t I = 0; I != B.Facts.size(); ++I) {
      const Fact &Each = B.Facts[I];
      if (!Kept.keeps(Each))
        continue;
      if (Each.K == Fact::Call) {
        // Of what is known without the body fewer facts remain.
        CallSite &C = Calls[Each.Need];
        unsigned Left = 0;
        for (unsigned N = 1; N <= C.NumFacts; ++N)
          Left += Kept.keeps(B.Facts[I + N]);
        C.NumFacts = Left;
      }
      Facts.push_back(Each);
    }
    json::Array Next;
    for (const Edge &To : B.Successors) {
      std::vector<Fact> Along;
      llvm::copy_if(To.Facts, std::back_inserter(Along),
                    [&](const Fact &Each) { return Kept.keeps(Each); });
      if (Along.empty())
        Next.push_back(int64_t(To.Target));
      else
        Next.push_back(json::Array{int64_t(To.Target), facts(Along)});
    }
    Blocks.push_back(trimmed(json::Array{facts(Facts), std::move(Next)}));
  }
  json::Array Threads, Sites;
  for (const SpawnInfo &S : F.Spawns)
    Threads.push_back(thread(S));
  for (const CallSite &C : Calls)
    Sites.push_back(call(C));
  json::Object Out{{"function", function(Function)},
                   {"blocks", std::move(Blocks)},
                   {"exit", int64_t(F.Exit)}};
  if (!Threads.empty())
    Out["threads"] = std::move(Threads);
  if (!Sites.empty())
    Out["calls"] = std::move(Sites);
  if (!F.Required.empty())
    Out["required"] = places(F.Required);
  Functions.push_back(std::move(Out));
}

void SummaryWriter::add(const void *Function, const Summary &S) {
  json::Object Out{{"function", function(Function)}};
  json::Value Does = effects(S.E);
  if (!Does.getAsArray()->empty())
    Out["does"] = std::move(Does);
  if (!S.Operations.empty())
    Out["operations"] = facts(S.Operations);
  if (S.NumBefore)
    Out["before"] = int64_t(S.NumBefore);
  json::Array Leaves;
  for (const Summary::Left &L : S.Leaves)
    Leaves.push_back(trimmed(json::Array{thread(L.Thread), place(L.Owner),
                                         int64_t(L.IsDetached),
                                         places(L.Ended)}));
  if (!Leaves.empty())
    Out["leaves"] = std::move(Leaves);
  Functions.push_back(std::move(Out));
}

void SummaryWriter::add(const TypeMarks &Type) {
  json::Array Out{json::fixUTF8(Type.Name), spot(Type.Loc)};
  if (!Type.Marks.empty())
    Out.push_back(json::fixUTF8(Type.Marks));
  Types.push_back(std::move(Out));
}

void SummaryWriter::addTold(Location A, Location B) {
  Told.push_back(json::Array{spot(A), spot(B)});
}

std::string SummaryWriter::finish(const UnitName &Unit) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << "{\"fearless-summary\":" << FormatVersion << ",\n"
     << "\"tool\":" << json::Value(Unit.Tool) << ",\n"
     << "\"source\":" << json::Value(json::fixUTF8(Unit.Source)) << ",\n"
     << "\"object\":" << json::Value(json::fixUTF8(Unit.Object)) << ",\n"
     << "\"directory\":" << json::Value(json::fixUTF8(Unit.Directory)) << ",\n"
     << "\"analyzed\":" << json::Value(Unit.Analyzed);
  auto List = [&](llvm::StringRef Key, const json::Array &Items) {
    OS << ",\n\"" << Key << "\":[";
    llvm::StringRef Separator = "\n";
    for (const json::Value &Item : Items) {
      OS << Separator << Item;
      Separator = ",\n";
    }
    OS << "]";
  };
  List("files", Files);
  List("spots", Spots);
  List("entities", Entities);
  List("places", PlaceList);
  List("functions", Functions);
  List("types", Types);
  List("told", Told);
  OS << "}\n";
  return OS.str();
}
