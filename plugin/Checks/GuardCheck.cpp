// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-guard: what a guard protects is used after the guard is gone, or the
// guard itself is gone too early or stays too long.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Flow/GuardFaults.h"
#include "Support/Names.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// "'m'", or "the lock" where it has no name.
static std::string lockName(const GuardFault &F) {
  return F.Lock.empty() ? "the lock" : quoted(F.Lock);
}

static std::string message(const GuardFault &F) {
  switch (F.K) {
  case GuardFault::Discarded:
    return "this guard has no name and is destroyed at once: " + lockName(F) +
           " is not held afterwards";
  case GuardFault::Declares:
    return "this declares a guard named " + quoted(F.Lock) +
           " that holds nothing, and does not lock " + quoted(F.Lock);
  case GuardFault::Temporary:
    return F.Value + " refers to guarded data, and the guard is destroyed at "
                     "the end of this statement";
  case GuardFault::Range:
    return "the loop runs over guarded data, and the guard is destroyed before "
           "its first round";
  case GuardFault::Returned:
    return F.Value + " to " + F.Data + " is returned, where it can be used without " +
           lockName(F);
  case GuardFault::Used:
    return F.Value + " is used after " + lockName(F) +
           " was released, and refers to " + F.Data;
  case GuardFault::Stored:
    return "a pointer to " + F.Data + " is stored in " +
           quoted(F.Value) + ", where it can be used without " + lockName(F);
  case GuardFault::Kept:
    return F.Value + " keeps a pointer to " + F.Data +
           ", which can then be used without " + lockName(F);
  case GuardFault::Suspended:
    return lockName(F) + " is held while the coroutine is suspended; it may go "
                         "on in another thread, or never";
  case GuardFault::HandedOver:
    return F.Value + " requires " + lockName(F) + " and is handed to " +
           F.Data + ", where nobody holds it";
  }
  return "";
}

static std::string help(const GuardFault &F) {
  const std::string Lock = F.Lock.empty() ? "m" : F.Lock;
  switch (F.K) {
  case GuardFault::Discarded:
    return F.Guard == "auto" ? "give it a name: auto guard = " + Lock + ".lock();"
                             : "give it a name: " + F.Guard + " guard(" + Lock +
                                   ");";
  case GuardFault::Declares:
    return "give the guard a name of its own: " + F.Guard + " guard(" + Lock +
           ");";
  case GuardFault::Temporary:
  case GuardFault::Range:
    return "keep the guard as long as the data is used: auto guard = " + Lock +
           ".lock();";
  case GuardFault::Returned:
    return "return a copy, or take a function and call it under the lock";
  case GuardFault::Used:
    return "use it before the lock is released, or copy the data";
  case GuardFault::Stored:
  case GuardFault::Kept:
    return "copy the data, or mark where it is kept FEARLESS_PT_GUARDED_BY(" +
           Lock + ")";
  case GuardFault::Suspended:
    return "unlock it before, and lock it again afterwards";
  case GuardFault::HandedOver:
    return "hand over a function that locks " + Lock + " itself";
  }
  return "";
}

void GuardCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  const bool Strict = U.Opts.Mode == Mode::Strict;
  for (const GuardFault &Fault :
       guardFaults(U.Unit, U.Flow.program(), Strict)) {
    Finding F;
    F.Check = Name;
    F.Loc = toLocation(Fault.Loc);
    F.Culprit = static_cast<const Decl *>(Fault.Subject);
    F.Message = message(Fault);
    for (const GuardFault::Link &Each : Fault.Links)
      F.Notes.push_back({toLocation(Each.Loc), Each.Text});
    F.Help = help(Fault);
    F.HelpLoc = F.Loc;
    if (Fault.Function)
      F.Instantiation =
          instantiationName(static_cast<const FunctionDecl *>(Fault.Function));
    Out.add(std::move(F));
  }
}
