// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-data-race: two accesses of one object by threads that may run at
// the same time, one of them a write, and nothing that orders them.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Flow/InferredGuards.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"

#include <set>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static std::string action(const Access &A) {
  return A.IsWrite ? "written" : "read";
}

static std::string threadName(const SpawnInfo &S) {
  return "the thread started by '" + S.Name + "'";
}

/// Where fearless-unguarded says that a declared lock is missing: with it there
/// would be no race.
static std::set<Location> unguardedPlaces(const AnalyzedUnit &U) {
  std::set<Location> Out;
  if (U.Opts.isEnabled("fearless-unguarded"))
    for (const Program::Unguarded &Each :
         U.Flow.program().unguarded(U.Opts.Mode == Mode::Strict))
      if (Each.Unmet.isCertain() && Each.Unmet.N.K == Need::Access) {
        Out.insert(Each.Unmet.N.Loc);
        Out.insert(Each.Unmet.N.Inside);
      }
  Out.erase(0);
  return Out;
}

/// What was moved into a thread is its own: fearless-use-after-send says so.
static std::set<Location> usesAfterSend(const AnalyzedUnit &U) {
  std::set<Location> Out;
  if (U.Opts.isEnabled("fearless-use-after-send"))
    for (const RegionResult &R : U.Flow.regions())
      for (const UseAfterSend &Each : R.Evident)
        Out.insert(Each.Use.Loc);
  return Out;
}

/// The declaration at fault: a variable, or the member of *this.
static const Decl *culprit(const Place &P) {
  if (P.Kind != Place::This)
    return static_cast<const Decl *>(P.Root);
  return !P.Path.empty() && P.Path.front().K == Projection::Field
             ? reinterpret_cast<const FieldDecl *>(P.Path.front().Key)
             : nullptr;
}

/// What counts as one object: a variable (a container with all that is in it),
/// or a member of one.
static PlaceId objectOf(PlaceId P, const PlaceTable &Places) {
  const auto &Path = Places.get(P).Path;
  const auto *Member = llvm::find_if(
      Path, [](Projection Step) { return Step.K != Projection::Deref; });
  if (Member == Path.end() || Member->K != Projection::Field)
    return Places.rootOf(P);
  return Places.prefix(P, static_cast<size_t>(Member - Path.begin()) + 1);
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
    const std::string Does = There.IsWrite ? "write" : "read";
    Finding F;
    F.Check = Check;
    F.Culprit = Member;
    F.Loc = F.HelpLoc = toLocation(Here.Loc);
    const std::string Method = "'" + Each.Method->getNameAsString() + "'";
    F.Message = Object + " is " + action(Here) + " here" +
                (Each.Other ? ", by the thread that " + Method + " starts," : "") +
                " while " +
                threadName(*Each.Thread) + " may still run and " + Does +
                " it, and nothing orders them";
    F.Notes.push_back(
        {toLocation(There.Loc), "the thread " + Does + "s it here"});
    F.Notes.push_back(
        {toLocation(Each.Thread->Loc),
         Each.WaitsAfterwards
             ? "the thread starts here; " + Method +
                   " waits for it only after the access"
             : "the thread starts here and runs until the object is "
               "destroyed; " +
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
  const std::set<Location> Unguarded = unguardedPlaces(U);
  const std::set<Location> Sent = usesAfterSend(U);
  for (const FunctionResult &R : U.Flow.results()) {
    // One finding for each object and pair of threads: the first pair of
    // accesses in source order.
    std::set<std::tuple<unsigned, unsigned, unsigned>> Seen;
    std::vector<const Race *> Races;
    // What crosses by capture or argument must be proven in strict mode, by
    // the type rules; nothing else watches globals.
    for (const Race &Each : R.Found->Races)
      if ((Each.Certain ||
           (U.Opts.Mode == Mode::Strict &&
            Places.get(Each.InThread.P).Kind == Place::Global)) &&
          !Unguarded.count(Each.Outside.Loc) && !Sent.count(Each.Outside.Loc) &&
          !Unguarded.count(Each.InThread.Loc)) {
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
      const SpawnInfo &Thread = R.Facts->Spawns[Each->Thread.Value];
      const unsigned Other = Each->BetweenThreads ? Each->Other.Value + 1 : 0;
      if (!Seen.insert({objectOf(Each->InThread.P, Places).Value,
                        Each->Thread.Value, Other})
               .second)
        continue;
      const std::string Object = "'" + Places.name(Each->InThread.P) + "'";
      const bool Itself =
          Each->BetweenThreads && Each->Other == Each->Thread;
      Finding F;
      F.Check = Name;
      F.Culprit = culprit(Places.get(Each->InThread.P));
      // The access that makes it wrong: the one outside the thread, or the
      // later of two threads'.
      const Access &Primary = Each->Outside, &Second = Each->InThread;
      F.Loc = toLocation(Primary.Loc);
      if (Itself) {
        F.Loc = toLocation(Second.Loc);
        F.Message = Object + " is " + action(Second) +
                    " by several threads of '" + Thread.Name +
                    "' at the same time, and nothing orders them";
        if (Primary.Loc != Second.Loc)
          F.Notes.push_back({toLocation(Primary.Loc),
                             "it is also " + action(Primary) +
                                 " here, in another of these threads"});
        F.Notes.push_back(
            {toLocation(Thread.Loc),
             Thread.IsMany
                 ? "the callable runs on several threads at once"
                 : "this runs again while earlier threads may still run"});
      } else if (Each->BetweenThreads) {
        const SpawnInfo &OtherThread = R.Facts->Spawns[Each->Other.Value];
        F.Message = Object + " is " + action(Primary) + " by " +
                    threadName(OtherThread) + " and " + action(Second) +
                    " by another thread at the same time, and nothing orders "
                    "them";
        F.Notes.push_back({toLocation(Second.Loc),
                           "it is " + action(Second) + " here by " +
                               threadName(Thread)});
        F.Notes.push_back({toLocation(Thread.Loc), "one thread starts here"});
        F.Notes.push_back(
            {toLocation(OtherThread.Loc),
             "the other starts here; neither is joined before both run"});
      } else {
        F.Message = Object + " is " + action(Primary) + " here while " +
                    threadName(Thread) + " may still run and " +
                    (Second.IsWrite ? "write" : "read") +
                    " it, and nothing orders them";
        F.Notes.push_back({toLocation(Second.Loc),
                           "the thread " +
                               std::string(Second.IsWrite ? "writes" : "reads") +
                               " it here"});
        F.Notes.push_back({toLocation(Thread.Loc),
                           "the thread starts here and is not joined before "
                           "the access"});
      }
      for (const Access *A : {&Primary, &Second})
        if (A->Through)
          F.Notes.push_back({toLocation(A->Through), "reached through this call"});
      F.Help = "order them: guard both with one mutex, make the object atomic, "
               "or join the thread first";
      F.HelpLoc = F.Loc;
      F.Instantiation = instantiationName(R.Function);
      Out.add(std::move(F));
    }
  }
  activeObjects(Name, U, Unguarded, Reported, Out);
}
