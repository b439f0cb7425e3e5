// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Link/LinkFindings.h"

#include "Checks/RaceText.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <set>

using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;

//===----------------------------------------------------------------------===//
// Races
//===----------------------------------------------------------------------===//

/// Whether a lock is one object whatever pointers hold: two that are not may be
/// the same one under two names.
static bool isIdentified(PlaceId Lock, const PlaceTable &Places) {
  const Place &Where = Places.get(Lock);
  return Where.Kind != Place::Opaque && Where.Kind != Place::Temporary &&
         !Places.hasDeref(Lock) && Places.isStable(Lock);
}

/// Both hold locks, and whether one is the same is not known.
static bool mayShareLock(const Access &A, const Access &B,
                         const PlaceTable &Places) {
  auto Unclear = [&](const Access &X) {
    return llvm::any_of(X.Locks, [&](const HeldLock &Lock) {
      return !isIdentified(Lock, Places);
    });
  };
  return !A.Locks.empty() && !B.Locks.empty() && (Unclear(A) || Unclear(B));
}

/// FEARLESS_ALLOW or NOLINT on the variable or member.
static bool isAllowed(PlaceId P, const PlaceTable &Places) {
  const Place &Where = Places.get(P);
  if (static_cast<const Entity *>(Where.Root)->is(Entity::IsAllowed))
    return true;
  return llvm::any_of(Where.Path, [](Projection Step) {
    return Step.K == Projection::Field &&
           reinterpret_cast<const Entity *>(Step.Key)->is(Entity::IsAllowed);
  });
}

namespace {

class Races {
public:
  Races(LinkedProgram &P, std::vector<LinkFinding> &Out) : P(P), Out(Out) {
    for (const LinkedProgram::Unit &U : P.units())
      for (const auto &[A, B] : U.Told) {
        Seen.insert({place(A), place(B)});
        Seen.insert({place(B), place(A)});
      }
  }
  void of(LinkedFunction &F);

private:
  using Place = std::tuple<std::string, unsigned, unsigned>;
  Place place(Location Loc) const {
    const Spot *S = P.spot(Loc);
    return S ? Place(S->File, S->Line, S->Column) : Place();
  }
  bool isQuiet(Location Loc) const {
    const Spot *S = P.spot(Loc);
    return !S || S->IsQuiet;
  }

  LinkedProgram &P;
  std::vector<LinkFinding> &Out;
  /// Both ends: one fault is found from many functions, and through a header
  /// in many units.
  std::set<std::pair<Place, Place>> Seen;
};

} // namespace

void Races::of(LinkedFunction &F) {
  P.analyze(F);
  if (!F.HasFacts)
    return;
  PlaceTable &Places = P.places();
  // What the unit shows by itself it has reported, or was told not to.
  std::set<std::pair<Place, Place>> Known;
  std::set<RaceKey> KnownKeys;
  if (!F.Facts.Spawns.empty())
    for (const Race &R : findConflicts(F.Facts, Places).Races)
      if (R.Certain) {
        Known.insert({place(R.Outside.Loc), place(R.InThread.Loc)});
        KnownKeys.insert(keyOf(R, Places));
      }
  std::vector<const Race *> Found;
  for (const Race &R : F.Found.Races)
    if (R.Certain && !mayShareLock(R.InThread, R.Outside, Places) &&
        !isAllowed(R.InThread.P, Places) && !isQuiet(R.Outside.Loc) &&
        !isQuiet(R.InThread.Loc))
      Found.push_back(&R);
  llvm::sort(Found, [](const Race *A, const Race *B) {
    return std::tie(A->Outside.Loc, A->InThread.Loc, A->Thread.Value) <
           std::tie(B->Outside.Loc, B->InThread.Loc, B->Thread.Value);
  });
  std::set<RaceKey> Told;
  for (const Race *R : Found) {
    const RaceKey Key = keyOf(*R, Places);
    const std::pair<Place, Place> Ends{place(R->Outside.Loc),
                                       place(R->InThread.Loc)};
    if (KnownKeys.count(Key) || Known.count(Ends) || !Told.insert(Key).second ||
        !Seen.insert(Ends).second)
      continue;
    RaceText Text = textOf(*R, F.Linked, Places);
    Out.push_back({"fearless-data-race", Text.Loc, std::move(Text.Message),
                   std::move(Text.Notes), std::move(Text.Help)});
  }
}

//===----------------------------------------------------------------------===//
// Marks
//===----------------------------------------------------------------------===//

static std::string says(const TypeMarks &T) {
  return T.Marks.empty() ? "without a mark" : "with " + T.Marks;
}

static void compareMarks(const LinkedProgram &P, std::vector<LinkFinding> &Out) {
  std::map<llvm::StringRef, std::vector<const TypeMarks *>> ByName;
  for (const LinkedProgram::Unit &U : P.units())
    for (const TypeMarks &T : U.Types)
      ByName[T.Name].push_back(&T);
  for (const auto &[Name, All] : ByName) {
    // The one that says more speaks first.
    const TypeMarks *First =
        *std::max_element(All.begin(), All.end(),
                          [](const TypeMarks *A, const TypeMarks *B) {
                            return A->Marks < B->Marks;
                          });
    for (const TypeMarks *Other : All) {
      if (Other->Marks == First->Marks)
        continue;
      const std::string Units[] = {P.unitOf(First->Loc)->Name.Source,
                                   P.unitOf(Other->Loc)->Name.Source};
      LinkFinding F;
      F.Check = "fearless-annotation";
      F.Loc = First->Loc;
      F.Message = "'" + Name.str() + "' is declared " + says(*First) + " in '" +
                  Units[0] + "' and " + says(*Other) + " in '" + Units[1] +
                  "'; each unit believes another thing of the same class";
      F.Notes.push_back({Other->Loc, "in '" + Units[1] + "' it is declared " +
                                         says(*Other)});
      F.Help = "declare it in one header, with the same marks for all";
      Out.push_back(std::move(F));
      break;
    }
  }
}

std::vector<LinkFinding> fearless::linking::findingsOf(LinkedProgram &P) {
  std::vector<LinkFinding> Out;
  Races Finder(P, Out);
  for (LinkedFunction *F : P.functions())
    Finder.of(*F);
  compareMarks(P, Out);
  return Out;
}
