// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-data-race: two accesses of one object by threads that may run at
// the same time, one of them a write, and nothing that orders them.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Checks/RaceText.h"
#include "Checks/ReportedElsewhere.h"
#include "Flow/InferredGuards.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"

#include <set>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

ReportedElsewhere::ReportedElsewhere(const AnalyzedUnit &U) {
  if (U.Opts.isEnabled("fearless-unguarded"))
    for (const Program::Unguarded &Each :
         U.Flow.program().unguarded(U.Opts.Mode == Mode::Strict))
      if (Each.Unmet.isCertain() && Each.Unmet.N.K == Need::Access) {
        Unguarded.insert(Each.Unmet.N.Loc);
        Unguarded.insert(Each.Unmet.N.Inside);
      }
  Unguarded.erase(0);
  if (U.Opts.isEnabled("fearless-use-after-send"))
    for (const RegionResult &R : U.Flow.regions())
      for (const UseAfterSend &Each : R.Evident)
        Sent.insert(Each.Use.Loc);
}

/// The declaration at fault: a variable, or the member of *this.
static const Decl *culprit(const Place &P) {
  if (P.Kind != Place::This)
    return static_cast<const Decl *>(P.Root);
  return memberOf(P);
}

/// What the methods of a class do beside the threads of its objects. Where a
/// function was seen that runs both, \p Known, the finding is told there.
static void
activeObjects(llvm::StringRef Check, const AnalyzedUnit &U,
              std::set<Location> Unguarded,
              const std::set<std::pair<Location, Location>> &Known,
              FindingList &Out) {
  if (U.Flow.activeObjects().Races.empty())
    return;
  const PlaceTable &Places = U.Flow.places();
  // That all other places hold a lock says more.
  if (U.Opts.isEnabled("fearless-unguarded"))
    for (const GuardHabit &G : inferredGuards(U.Unit, U.Flow.program()))
      Unguarded.insert(G.Odd);
  std::set<std::tuple<const Decl *, const SpawnInfo *, const Decl *>> Seen;
  for (const ActiveRace &Each : U.Flow.activeObjects().Races) {
    const Access &Here = Each.Outside, &There = Each.InThread;
    const Decl *Member = culprit(Places.get(There.P));
    if (Known.count({There.Loc, Here.Loc}) || Unguarded.count(Here.Loc) ||
        Unguarded.count(There.Loc) ||
        !Seen.insert({Member, Each.Thread, Each.Method}).second)
      continue;
    const std::string Object = "'" + Places.name(There.P) + "'";
    const std::string Method = "'" + Each.Method->getNameAsString() + "'";
    Finding F;
    F.Check = Check;
    F.Culprit = Member;
    F.Loc = F.HelpLoc = toLocation(Here.Loc);
    F.Message = besideThread(
        Object, Here,
        Each.Other ? ", by the thread that " + Method + " starts," : "",
        *Each.Thread, There);
    F.Notes.push_back({toLocation(There.Loc), inThread(*Each.Thread, There)});
    F.Notes.push_back(
        {toLocation(Each.Thread->Loc),
         Each.WaitsAfterwards
             ? "the thread starts here; " + Method +
                   " waits for it only after the access"
             : (Each.Thread->RunAt
                    ? "the task is handed over here; "
                    : "the thread starts here and runs until the object is "
                      "destroyed; ") +
                   Method + " is public and can be called meanwhile"});
    for (const Access *A : {&Here, &There})
      if (A->Through)
        F.Notes.push_back({toLocation(A->Through), "reached through this call"});
    F.Help = "guard both with one mutex";
    if (const auto *Value = dyn_cast_or_null<ValueDecl>(Member);
        Value && Value->getType()->isScalarType())
      F.Help += ", or make " + Object + " a std::atomic<" +
                displayName(Value->getType().getUnqualifiedType(), U.Ctx) + ">";
    F.Instantiation = instantiationName(Each.Method);
    Out.add(std::move(F));
  }
}

void DataRaceCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  std::set<std::pair<Location, Location>> Reported;
  const PlaceTable &Places = U.Flow.places();
  const ReportedElsewhere Others(U);
  for (const FunctionResult &R : U.Flow.results()) {
    // One finding for each object and pair of threads: the first pair of
    // accesses in source order.
    std::set<RaceKey> Seen;
    std::vector<const Race *> Races;
    // What crosses by capture or argument must be proven in strict mode, by
    // the type rules; nothing else watches globals.
    for (const Race &Each : R.Found->Races)
      if ((Each.Certain ||
           (U.Opts.Mode == Mode::Strict &&
            Places.get(Each.InThread.P).Kind == Place::Global)) &&
          !Others.Unguarded.count(Each.Outside.Loc) &&
          !Others.Sent.count(Each.Outside.Loc) &&
          !Others.Unguarded.count(Each.InThread.Loc)) {
        Races.push_back(&Each);
        Reported.insert({Each.InThread.Loc, Each.Outside.Loc});
      }
    const SourceManager &SM = U.Ctx.getSourceManager();
    llvm::sort(Races, [&](const Race *A, const Race *B) {
      const SourceLocation LA = toLocation(A->Outside.Loc),
                           LB = toLocation(B->Outside.Loc);
      if (LA != LB)
        return SM.isBeforeInTranslationUnit(LA, LB);
      return SM.isBeforeInTranslationUnit(toLocation(A->InThread.Loc),
                                          toLocation(B->InThread.Loc));
    });
    for (const Race *Each : Races) {
      if (!Seen.insert(keyOf(*Each, Places)).second)
        continue;
      RaceText Text = textOf(*Each, *R.Facts, Places);
      Finding F;
      F.Check = Name;
      F.Culprit = culprit(Places.get(Each->InThread.P));
      F.Loc = F.HelpLoc = toLocation(Text.Loc);
      F.Message = std::move(Text.Message);
      for (auto &[Loc, Note] : Text.Notes)
        F.Notes.push_back({toLocation(Loc), std::move(Note)});
      F.Help = std::move(Text.Help);
      F.Instantiation = instantiationName(R.Function);
      Out.add(std::move(F));
    }
  }
  activeObjects(Name, U, Others.Unguarded, Reported, Out);
}
