// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Link/LinkedProgram.h"

#include "Link/SummaryReader.h"
#include "Link/SummaryWriter.h"

#include "llvm/ADT/STLExtras.h"

using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;
using llvm::StringRef;
namespace json = llvm::json;

struct LinkedProgram::Pending {
  Pending(LinkedProgram &P, StringRef Path) : Reader(P, Path) {}
  SummaryReader Reader;
  std::vector<Entity> Entities;
  std::vector<int64_t> Owners;
};

LinkedProgram::LinkedProgram(std::string ToolVersion)
    : ToolVersion(std::move(ToolVersion)) {}
LinkedProgram::~LinkedProgram() = default;

static llvm::Error bad(StringRef Path, const llvm::Twine &Why) {
  return llvm::make_error<llvm::StringError>("'" + Path + "' " + Why,
                                             llvm::inconvertibleErrorCode());
}

static llvm::Expected<json::Value> parse(StringRef Path, StringRef Text) {
  llvm::Expected<json::Value> Parsed = json::parse(Text);
  if (!Parsed)
    return bad(Path, "is no summary of a unit: " +
                         llvm::toString(Parsed.takeError()));
  return Parsed;
}

llvm::Error LinkedProgram::add(StringRef Path, StringRef Text) {
  llvm::Expected<json::Value> Parsed = parse(Path, Text);
  if (!Parsed)
    return Parsed.takeError();
  const json::Object *Root = Parsed->getAsObject();
  auto Version = Root ? Root->getInteger("fearless-summary")
                      : decltype(Root->getInteger(""))();
  if (!Version)
    return bad(Path, "is no summary of a unit: it has no \"fearless-summary\"");
  if (*Version != FormatVersion)
    return bad(Path, "has format " + llvm::Twine(*Version) +
                         "; this tool reads format " +
                         llvm::Twine(FormatVersion));
  Unit &U = Units.emplace_back();
  U.Path = Path.str();
  U.FirstLocation = NumLocations;
  Read.push_back(std::make_unique<Pending>(*this, Path));
  Pending &Mine = *Read.back();
  SummaryReader &Reader = Mine.Reader;
  Reader.setRoot(*Root);
  Reader.header(U.Name);
  if (!Reader.failed() && U.Name.Tool != ToolVersion)
    return bad(Path, "was written by Fearless " + U.Name.Tool +
                         "; this is Fearless " + ToolVersion);
  if (!Reader.failed())
    Reader.spots(U);
  if (!Reader.failed())
    Reader.entities(Mine.Entities, Mine.Owners, U);
  if (!Reader.failed())
    Reader.types(U);
  if (!Reader.failed())
    Reader.told(U);
  NumLocations += static_cast<Location>(U.Spots.size());
  return Reader.takeError();
}

const LinkedProgram::Unit *LinkedProgram::unitOf(Location Loc) const {
  if (Loc == 0)
    return nullptr;
  auto After = llvm::upper_bound(Units, Loc - 1, [](Location L, const Unit &U) {
    return L < U.FirstLocation;
  });
  // Units without a place of their own share a number with the next one.
  return After == Units.begin() ? nullptr : &*std::prev(After);
}

const Spot *LinkedProgram::spot(Location Loc) const {
  const Unit *U = unitOf(Loc);
  const size_t Index = U ? Loc - 1 - U->FirstLocation : 0;
  return U && Index < U->Spots.size() ? &U->Spots[Index] : nullptr;
}

/// Whether a name may stand for one declaration in all units.
static bool hasCommonName(const Entity &E) {
  return !E.Key.empty() && (E.K == Entity::Function || E.K == Entity::Variable ||
                            E.K == Entity::Field);
}

llvm::Error LinkedProgram::join(
    llvm::function_ref<llvm::Expected<std::string>(size_t)> Text) {
  // 1. A name that is defined at two places (two programs, or two versions of
  // one function) means to each unit its own.
  using Name = std::pair<Entity::Kind, StringRef>;
  std::map<Name, Location> Defined;
  std::set<std::pair<Entity::Kind, std::string>> Ambiguous;
  auto IsOtherPlace = [&](Location A, Location B) {
    const Spot *X = spot(A), *Y = spot(B);
    return X && Y &&
           std::tie(X->File, X->Line, X->Column) !=
               std::tie(Y->File, Y->Line, Y->Column);
  };
  for (const auto &Mine : Read)
    for (const Entity &E : Mine->Entities)
      if (hasCommonName(E) && E.is(Entity::IsDefined) &&
          !E.is(Entity::IsShared)) {
        auto [It, New] = Defined.try_emplace({E.K, E.Key}, E.Loc);
        if (!New && IsOtherPlace(It->second, E.Loc))
          Ambiguous.insert({E.K, E.Key});
      }
  Defined.clear(); // its names are those of what is deleted below

  // 2. One entity for each name, the first unit's.
  std::map<Name, Entity *> Common;
  for (size_t I = 0; I != Read.size(); ++I) {
    Pending &Mine = *Read[I];
    std::vector<Entity *> Here;
    for (Entity &E : Mine.Entities) {
      if (hasCommonName(E) && !Ambiguous.count({E.K, E.Key})) {
        auto It = Common.find({E.K, E.Key});
        if (It == Common.end()) {
          Entity &First = Entities.emplace_back(E);
          It = Common.emplace(Name(E.K, First.Key), &First).first;
        }
        It->second->Flags |= E.Flags & (Entity::IsDefined | Entity::IsAllowed);
        Here.push_back(It->second);
      } else {
        Here.push_back(&Entities.emplace_back(E));
      }
    }
    std::vector<const Entity *> Known(Here.begin(), Here.end());
    for (size_t E = 0; E != Here.size(); ++E)
      if (Mine.Owners[E] != 0 && !Here[E]->Owner)
        Here[E]->Owner = Known[static_cast<size_t>(Mine.Owners[E] - 1)];
    // A chain of owners must end.
    for (const Entity *E : Known) {
      unsigned Length = 0;
      for (const Entity *Up = E; Up; Up = Up->Owner)
        if (++Length > 1000)
          return bad(Units[I].Path, "is no summary of a unit: an entity owns itself");
    }
    llvm::Expected<std::string> Again = Text(I);
    if (!Again)
      return Again.takeError();
    llvm::Expected<json::Value> Parsed = parse(Units[I].Path, *Again);
    if (!Parsed)
      return Parsed.takeError();
    const json::Object *Root = Parsed->getAsObject();
    if (!Root)
      return bad(Units[I].Path, "has changed while it was read");
    SummaryReader &Reader = Mine.Reader;
    Reader.setRoot(*Root);
    Reader.places(Known);
    if (!Reader.failed())
      Reader.functions(Known, I);
    if (Reader.failed())
      return Reader.takeError();
    Read[I].reset();
  }
  Read.clear();
  return llvm::Error::success();
}

LinkedFunction *LinkedProgram::find(const void *Key) {
  auto It = ByEntity.find(static_cast<const Entity *>(Key));
  return It == ByEntity.end() ? nullptr : It->second;
}

bool fearless::linking::isVariableOf(const Entity *Variable,
                                     const Entity *Function) {
  for (const Entity *Up = Variable->Owner; Up; Up = Up->Owner)
    if (Up == Function)
      return true;
  return false;
}

static VariableOf variableOf(const void *Root, const Entity *Function) {
  const auto *Variable = static_cast<const Entity *>(Root);
  if (Variable->K == Entity::Parameter && Variable->Owner == Function)
    return Variable->is(Entity::IsReference) ? VariableOf::ReferenceParameter
                                             : VariableOf::ValueParameter;
  return isVariableOf(Variable, Function) ? VariableOf::Own : VariableOf::Outer;
}

const Summary &LinkedProgram::analyze(LinkedFunction &F) {
  if (F.Done)
    return F.Sum;
  if (F.InProgress) {
    F.IsRecursive = true;
    return F.Sum;
  }
  F.InProgress = true;
  auto Of = [&](const void *Root) { return variableOf(Root, F.Self); };
  // As in a unit: a recursive function is made again until it stops growing.
  for (unsigned Round = 0; Round != 4; ++Round) {
    const size_t Before = F.Sum.E.Accesses.size();
    F.Linked = splice(F, *this);
    F.Found = findConflicts(F.Linked, Places);
    F.Sum = summarize(F.Linked, Places, F.Found, Of);
    if (!F.IsRecursive || F.Sum.E.Accesses.size() == Before)
      break;
  }
  F.InProgress = false;
  F.Done = true;
  return F.Sum;
}
