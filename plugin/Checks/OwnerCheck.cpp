// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-owner: data and functions that belong to the thread of one role are
// used from another.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Flow/Roles.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static std::string nameOf(const NamedDecl *D) {
  const auto *Method = dyn_cast<CXXMethodDecl>(D);
  return Method && Method->getParent()->isLambda()
             ? "this lambda"
             : "'" + D->getNameAsString() + "'";
}

/// "on another thread", "on 'worker'".
static std::string where(const RoleFault &R) {
  if (R.IsUnknown)
    return "here, where nothing says which thread runs";
  return R.Actual.empty() ? "on another thread" : "on '" + R.Actual + "'";
}

static void describe(const RoleFault &R, Finding &F) {
  switch (R.K) {
  case RoleFault::Access:
    F.Message = nameOf(R.Subject) + " is owned by '" + R.Role +
                "' and used " + where(R);
    break;
  case RoleFault::Call:
    F.Message = nameOf(R.Subject) + " runs on '" + R.Role +
                "' and is called " + where(R);
    break;
  case RoleFault::Thread:
    F.Message = nameOf(R.Subject) + " runs on '" + R.Role +
                "' and is handed to a new thread";
    break;
  }
  F.Help = R.IsUnknown ? "mark the function FEARLESS_RUNS_ON(" + R.Role + ")"
                       : "hand a function to '" + R.Role +
                             "' that does it there (a parameter with "
                             "FEARLESS_RUNS_ON(" +
                             R.Role + "))";
}

void OwnerCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  for (const RoleFault &R : roleFaults(U.Unit, U.Flow.program())) {
    if (U.Opts.Mode != Mode::Strict && !R.Certain)
      continue;
    Finding F;
    F.Check = Name;
    F.Loc = F.HelpLoc = toLocation(R.Loc);
    F.Culprit = R.Subject;
    describe(R, F);
    for (const RoleFault::Link &Each : R.Links)
      F.Notes.push_back({toLocation(Each.Loc), Each.Text});
    F.Notes.push_back({toLocation(R.Mark), "the mark that says so"});
    F.Instantiation = instantiationName(R.Function);
    Out.add(std::move(F));
  }
}
