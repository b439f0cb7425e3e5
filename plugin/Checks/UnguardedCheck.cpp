// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unguarded: data that a mark guards is accessed without its lock, or
// a function is called without the locks that it requires.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Flow/InferredGuards.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"

#include <set>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

namespace {

/// One unmet need as text.
class Report {
public:
  Report(const Program::Unguarded &U, const PlaceTable &Places)
      : F(U.Function), Unmet(U.Unmet), N(U.Unmet.N), Places(Places) {}

  Finding finding(llvm::StringRef Check) const;

private:
  std::string lock() const;
  std::string subject() const;
  void explain(Finding &Out) const;
  void help(Finding &Out) const;

  const FunctionDecl *F;
  const UnmetNeed &Unmet;
  const Need &N;
  const PlaceTable &Places;
};

} // namespace

/// The lock as one would write it here, else as the mark does.
std::string Report::lock() const {
  return quoted(N.Lock ? Places.name(N.Lock) : N.LockText);
}

std::string Report::subject() const {
  if (N.K == Need::Access)
    return quoted(Places.name(N.Object));
  const auto *Callee = static_cast<const FunctionDecl *>(N.Subject);
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method && Method->getParent()->isLambda())
    return "this lambda";
  return quoted(Callee->getNameAsString());
}

void Report::explain(Finding &Out) const {
  switch (Unmet.Why) {
  case UnmetNeed::NotHeld:
    if (Unmet.Released)
      Out.Notes.push_back(
          {toLocation(Unmet.Released), lock() + " is released here"});
    break;
  case UnmetNeed::OnlyShared:
    if (Unmet.Since)
      Out.Notes.push_back({toLocation(Unmet.Since),
                           lock() + " is held shared from here: others may "
                                    "read at the same time"});
    break;
  case UnmetNeed::OtherObject:
    Out.Notes.push_back(
        {Unmet.Since ? toLocation(Unmet.Since) : Out.Loc,
         quoted(Places.name(Unmet.Instead)) +
             " is held, which guards another object"});
    break;
  case UnmetNeed::Held:
    if (Unmet.Since)
      Out.Notes.push_back({toLocation(Unmet.Since), lock() + " is taken here"});
    break;
  case UnmetNeed::NotUnderstood:
    break;
  }
  if (N.Inside)
    Out.Notes.push_back({toLocation(N.Inside), "the callee accesses it here"});
  for (Location Call : N.Through)
    Out.Notes.push_back({toLocation(Call), "reached through this call"});
  const auto *Subject = static_cast<const ValueDecl *>(N.Subject);
  std::string Mark;
  if (N.K == Need::Access)
    Mark = quoted(Subject->getNameAsString()) + " is guarded by " +
           quoted(N.LockText);
  else
    Mark = subject() +
           (N.K == Need::Absence ? " takes "
            : N.Exclusive        ? " requires "
                                 : " requires, at least shared, ") +
           quoted(N.LockText) + (N.K == Need::Absence ? " itself" : "");
  Out.Notes.push_back({toLocation(N.Mark), Mark});
}

void Report::help(Finding &Out) const {
  const std::string Lock = N.Lock ? Places.name(N.Lock) : N.LockText;
  if (N.K == Need::Absence)
    Out.Help = "call it after the lock is released, or split it into a part "
               "that requires the lock";
  else if (Unmet.Why == UnmetNeed::OnlyShared)
    Out.Help = "hold it alone to write: std::unique_lock lock(" + Lock + ");";
  else if (Unmet.Why == UnmetNeed::NotUnderstood)
    Out.Help = "name the lock by a variable or a path of members";
  else
    Out.Help = "hold it: std::lock_guard lock(" + Lock + ");" +
               (isa<CXXMethodDecl>(F) && N.K == Need::Access
                    ? " or let the callers hold it and mark the function "
                      "FEARLESS_REQUIRES(" +
                          N.LockText + ")"
                    : "");
  Out.HelpLoc = Out.Loc;
}

Finding Report::finding(llvm::StringRef Check) const {
  Finding Out;
  Out.Check = Check;
  Out.Loc = toLocation(N.Loc);
  Out.Culprit = static_cast<const ValueDecl *>(N.Subject);
  std::string Action = " is called";
  if (N.K == Need::Access)
    Action = N.Exclusive ? " is written" : " is read";
  std::string Missing;
  switch (Unmet.Why) {
  case UnmetNeed::NotHeld:
  case UnmetNeed::OtherObject:
    Missing = " without holding " + lock();
    break;
  case UnmetNeed::OnlyShared:
    Missing = " while " + lock() + " is only held shared";
    break;
  case UnmetNeed::Held:
    Missing = " while " + lock() + " is held";
    break;
  case UnmetNeed::NotUnderstood:
    Missing = " and guarded by " + quoted(N.LockText) +
              ", which is not understood";
    break;
  }
  Out.Message = subject() + Action + Missing;
  explain(Out);
  help(Out);
  Out.Instantiation = instantiationName(F);
  return Out;
}

/// A member that is used under one mutex everywhere else. Where flow analysis
/// has found a race, that says more.
static void inferred(llvm::StringRef Check, const AnalyzedUnit &U,
                     FindingList &Out) {
  std::set<Location> Races;
  for (const FunctionResult &R : U.Flow.results())
    for (const Race &Each : R.Found->Races)
      if (Each.Certain) {
        Races.insert(Each.Outside.Loc);
        Races.insert(Each.InThread.Loc);
      }
  for (const GuardHabit &G : inferredGuards(U.Unit, U.Flow.program())) {
    if (Races.count(G.Odd))
      continue;
    const std::string Lock = quoted(G.Lock->getName());
    const std::string Member = quoted(G.Member->getName());
    Finding F;
    F.Check = Check;
    F.Loc = F.HelpLoc = toLocation(G.Odd);
    F.Culprit = G.Member;
    F.Message = Member + (G.OddIsWrite ? " is written" : " is read") +
                " without holding " + Lock + ", which is held in " +
                std::to_string(G.NumLocked) + " of " +
                std::to_string(G.NumPlaces) + " places";
    F.Notes.push_back({toLocation(G.Written),
                       Member + " is written here with " + Lock + " held"});
    F.Help = "hold it: std::lock_guard lock(" + G.Lock->getNameAsString() +
             "); and mark " + Member + " FEARLESS_GUARDED_BY(" +
             G.Lock->getNameAsString() + ")";
    F.Instantiation = instantiationName(G.OddFunction);
    Out.add(std::move(F));
  }
}

void UnguardedCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  const bool Strict = U.Opts.Mode == Mode::Strict;
  // Several accesses of one object in one line are one fault to the reader;
  // the first write tells most.
  const SourceManager &SM = U.Ctx.getSourceManager();
  std::set<std::tuple<SourceLocation, std::string, unsigned, unsigned>> Seen;
  std::vector<Program::Unguarded> All = U.Flow.program().unguarded(Strict);
  std::stable_sort(All.begin(), All.end(),
                   [](const Program::Unguarded &A, const Program::Unguarded &B) {
                     return A.Unmet.N.Exclusive > B.Unmet.N.Exclusive;
                   });
  for (const Program::Unguarded &Each : All) {
    const UnmetNeed &Unmet = Each.Unmet;
    // Default mode speaks where nothing may speak for the code.
    if (!Strict && !Unmet.isCertain())
      continue;
    const SourceLocation Loc = SM.getExpansionLoc(toLocation(Unmet.N.Loc));
    const auto *Subject = static_cast<const ValueDecl *>(Unmet.N.Subject);
    if (Seen.insert({Subject->getLocation(),
                     U.Flow.places().name(Unmet.N.Object),
                     SM.getFileID(Loc).getHashValue(),
                     SM.getExpansionLineNumber(Loc)})
            .second)
      Out.add(Report(Each, U.Flow.places()).finding(Name));
  }
  inferred(Name, U, Out);
}
