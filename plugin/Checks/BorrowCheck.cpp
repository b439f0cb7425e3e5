// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-borrow: a thread that may outlive what it was given by reference.

#include "Captures/Outlived.h"
#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Checks/RaceText.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static std::string coroutineName(const FunctionDecl *Coroutine) {
  return Coroutine->getIdentifier()
             ? "the coroutine '" + Coroutine->getNameAsString() + "'"
             : std::string("the lambda coroutine");
}

/// "which ends when 'f' returns"
static std::string end(const Outlived &O) {
  if (!O.Variable)
    return "which ends with this statement";
  return O.Caller->getIdentifier()
             ? "which ends when '" + O.Caller->getNameAsString() + "' returns"
             : std::string("which ends when the lambda returns");
}

static Finding outlivedFinding(const Outlived &O, llvm::StringRef Check) {
  Finding F;
  F.Check = Check;
  F.Loc = O.At->getExprLoc();
  F.Culprit = O.Variable ? O.Variable : static_cast<const Decl *>(O.Parm);
  const std::string Coroutine = coroutineName(O.Coroutine);
  const std::string Object =
      O.Variable ? "'" + O.Variable->getNameAsString() + "'" : "a temporary";
  std::string Used;
  switch (O.What) {
  case Outlived::Closure:
    F.Message = Coroutine + " uses its captures after it was suspended, but they are "
                "part of its closure, " + end(O);
    Used = "the capture";
    F.Help = "pass what the coroutine needs as parameters, which are copied into "
             "its frame";
    break;
  case Outlived::Object:
    F.Message = Coroutine + " uses 'this' after it was suspended, but 'this' is " +
                Object + ", " + end(O);
    Used = "'this'";
    F.Help = "keep the object alive until the coroutine has ended";
    break;
  case Outlived::Parameter: {
    const std::string Parameter = "'" + O.Parm->getNameAsString() + "'";
    F.Message = Coroutine + " uses " + Parameter +
                " after it was suspended, but it refers to " + Object + ", " + end(O);
    F.Notes.push_back({O.Parm->getLocation(),
                       "of " + Parameter + ", the frame of the coroutine keeps only "
                       "the reference"});
    Used = Parameter;
    F.Help = "take " + Parameter + " by value, as an owner: the frame then has its own";
    break;
  }
  }
  F.Notes.push_back({O.Use->getExprLoc(), Used + " is used here"});
  switch (O.How) {
  case Outlived::Stored:
    F.Notes.push_back({O.Call->getExprLoc(), "the task is stored, and goes on later"});
    break;
  case Outlived::Returned:
    F.Notes.push_back({O.Call->getExprLoc(), "the task is returned, and goes on later"});
    break;
  case Outlived::Discarded:
    F.Notes.push_back({O.Call->getExprLoc(), "nobody waits for the coroutine"});
    break;
  case Outlived::HandedOver:
    F.Notes.push_back({O.Call->getExprLoc(), "the task is given to the thread of '" +
                                                 O.Boundary + "'"});
    break;
  }
  F.HelpLoc = F.Loc;
  F.Instantiation = instantiationName(O.Caller);
  return F;
}

/// A member that its object's thread uses and that ends before the thread does.
static Finding memberFinding(const MemberOrder &M, llvm::StringRef Check) {
  const std::string Used = quoted(M.Used->getName()),
                    Handle = quoted(M.Handle->getName());
  Finding F;
  F.Check = Check;
  F.Loc = F.HelpLoc = M.Handle->getLocation();
  F.Culprit = M.Handle;
  F.Message = Used + " is destroyed while the thread of " + Handle +
              " may still use it: members end in the reverse order of their "
              "declarations";
  F.Notes.push_back({M.Used->getLocation(),
                     Used + " is declared after " + Handle +
                         ", and destroyed before it"});
  F.Notes.push_back({toLocation(M.InThread.Loc), "the thread uses it here"});
  F.Notes.push_back({toLocation(M.Thread->Loc), M.Thread->RunAt ? "the task is handed over here"
                                     : "the thread starts here"});
  F.Help = "declare " + Handle + " last, or wait for the thread in the destructor";
  F.Instantiation = instantiationName(M.Starter);
  return F;
}

void BorrowCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  for (const MemberOrder &M : U.Flow.activeObjects().Orders)
    if (M.Certain || U.Opts.Mode == Mode::Strict)
      Out.add(memberFinding(M, Name));
  for (const Outlived &O : findOutlived(U.Unit, U.Solver.models()))
    Out.add(outlivedFinding(O, Name));
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
      F.Message = Object + " is given by reference to " + nameOf(Thread) +
                  ", which may outlive it";
      if (E.HasUse)
        F.Notes.push_back({toLocation(E.Use.Loc),
                           "the " + nounOf(Thread).str() + " uses it here"});
      F.Notes.push_back({toLocation(E.Loc),
                         Object + " ends here" +
                             (E.Detached || Thread.RunAt
                                  ? ", and nothing waits for the " +
                                        nounOf(Thread).str()
                                  : ", before the thread is joined")});
      if (Thread.RunAt)
        F.Notes.push_back({toLocation(Thread.RunAt),
                           "a thread takes such tasks and runs them here"});
      F.Help = waitFor(Thread) + " before " + Object +
               " ends, or give it a copy, or share ownership";
      F.HelpLoc = F.Loc;
      F.Instantiation = instantiationName(R.Function);
      Out.add(std::move(F));
    }
}
