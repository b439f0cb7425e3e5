// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-global: mutable state with static storage. Strict mode wants each to
// say how threads share it; default mode reports what a thread that is still
// running writes; both report functions that have such state inside.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Flow/GlobalState.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// The ways out, each a note with its own replacement.
static void waysOut(const SharedVariable &S, const ASTContext &Ctx,
                    Finding &F) {
  const VarDecl *Variable = S.Variable;
  const SourceLocation Begin = Variable->getOuterLocStart();
  const QualType Type = Variable->getType();
  auto Add = [&](const std::string &Text, SourceLocation At,
                 const std::string &Code, bool IsToken = false) {
    Note N{F.Loc, "help: " + Text, {}};
    if (At.isValid() && !At.isMacroID())
      N.Fixes.push_back(IsToken ? FixItHint::CreateInsertion(
                                      Lexer::getLocForEndOfToken(
                                          At, 0, Ctx.getSourceManager(),
                                          Ctx.getLangOpts()),
                                      Code)
                                : FixItHint::CreateInsertion(At, Code));
    F.Notes.push_back(std::move(N));
  };
  Add("give each thread its own: thread_local", Begin, "thread_local ");
  Add("guard it: FEARLESS_GUARDED_BY(mutex), or keep it in a fearless::mutex",
      Variable->getLocation(), " FEARLESS_GUARDED_BY(mutex)", /*IsToken=*/true);
  const TypeSourceInfo *Written = Variable->getTypeSourceInfo();
  if (!S.IsWritten && !Type->isReferenceType()) {
    Add("nothing here writes it: make it const", Begin, "const ");
  } else if (Type->isScalarType() && Written &&
             Written->getTypeLoc().getBeginLoc().isValid() &&
             !Written->getTypeLoc().getBeginLoc().isMacroID() &&
             !Type->isPointerType()) {
    Note N{F.Loc,
           "help: make it atomic: std::atomic<" + displayName(Type, Ctx) + ">",
           {}};
    N.Fixes.push_back(FixItHint::CreateReplacement(
        Written->getTypeLoc().getSourceRange(),
        "std::atomic<" + displayName(Type, Ctx) + ">"));
    F.Notes.push_back(std::move(N));
  } else {
    Add("say which thread it belongs to: FEARLESS_OWNED_BY(role)",
        Variable->getLocation(), " FEARLESS_OWNED_BY(main)", /*IsToken=*/true);
  }
}

static void declarations(llvm::StringRef Check, const AnalyzedUnit &U,
                         FindingList &Out) {
  for (const SharedVariable &S : sharedVariables(U.Unit, U.Flow.program())) {
    Finding F;
    F.Check = Check;
    F.Loc = S.Variable->getLocation();
    F.Culprit = S.Variable;
    F.Message = "'" + S.Variable->getNameAsString() + "' of type '" +
                displayName(S.Variable->getType(), U.Ctx) +
                "' can be reached by every thread, and nothing synchronizes it";
    waysOut(S, U.Ctx, F);
    Out.add(std::move(F));
  }
}

static void touched(llvm::StringRef Check, const AnalyzedUnit &U,
                    FindingList &Out) {
  for (const Touched &T : touchedBesideThreads(U.Unit, U.Flow)) {
    Finding F;
    F.Check = Check;
    F.Loc = F.HelpLoc = toLocation(T.Here.Loc);
    F.Culprit = T.Variable;
    F.Message = "'" + T.Variable->getNameAsString() +
                "' is read here while the thread started by '" +
                T.Thread->Name +
                "' may run and write it, and nothing orders them";
    F.Notes.push_back({toLocation(T.InThread.Loc), "the thread writes it here"});
    F.Notes.push_back({toLocation(T.Thread->Loc),
                       "the thread starts here, and '" +
                           T.Starter->getNameAsString() +
                           "' returns while it runs"});
    F.Help = "guard both with one mutex, or make the variable atomic";
    F.Instantiation = instantiationName(T.Toucher);
    Out.add(std::move(F));
  }
}

static void calls(llvm::StringRef Check, const AnalyzedUnit &U,
                  FindingList &Out) {
  for (const UnsafeCall &C : unsafeCalls(U.Unit, U.Solver.models())) {
    Finding F;
    F.Check = Check;
    F.Loc = F.HelpLoc = toLocation(C.Loc);
    F.Message = "'" + C.Callee->getNameAsString() +
                "' is called in a thread, and is not safe with threads: " +
                C.Model->Why;
    F.Notes.push_back({C.Thread->Call->getExprLoc(),
                       "the thread is started by '" + C.Thread->Name + "' here"});
    for (Location Through : C.Through)
      F.Notes.push_back({toLocation(Through), "reached through this call"});
    if (C.Model->Instead[0])
      F.Help = std::string("use ") + C.Model->Instead;
    Out.add(std::move(F));
  }
}

void GlobalCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  if (U.Opts.Mode == Mode::Strict)
    declarations(Name, U, Out);
  touched(Name, U, Out);
  calls(Name, U, Out);
}
