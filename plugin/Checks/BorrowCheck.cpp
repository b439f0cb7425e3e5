// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-borrow: a thread that may outlive what it was given by reference.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"

#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static SourceLocation toLocation(Location Loc) {
  return SourceLocation::getFromRawEncoding(Loc);
}

void BorrowCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  const PlaceTable &Places = U.Flow.places();
  for (const FunctionResult &R : U.Flow.results())
    for (const Expiry &E : R.Found->Expiries) {
      if (!E.Certain)
        continue;
      const SpawnInfo &Thread = R.Facts->Spawns[E.Thread.Value];
      const std::string Object = "'" + Places.name(E.Borrow.P) + "'";
      Finding F;
      F.Check = Name;
      F.Loc = toLocation(E.Borrow.Loc);
      F.Culprit = static_cast<const Decl *>(Places.get(E.Borrow.P).Root);
      F.Message = Object + " is given by reference to the thread started by '" +
                  Thread.Name + "', which may outlive it";
      if (E.HasUse)
        F.Notes.push_back({toLocation(E.Use.Loc),
                           "the thread uses it here"});
      F.Notes.push_back({toLocation(E.Loc),
                         Object + " ends here" +
                             (E.Detached
                                  ? ", and nothing waits for the thread"
                                  : ", before the thread is joined")});
      F.Help = "join the thread before " + Object +
               " ends, or give it a copy, or share ownership";
      F.HelpLoc = F.Loc;
      F.Instantiation = instantiationName(R.Function);
      Out.add(std::move(F));
    }
}
