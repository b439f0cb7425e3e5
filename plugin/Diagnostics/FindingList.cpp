// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Diagnostics/FindingList.h"

#include "Support/LLVMCompat.h"

#include <set>
#include <tuple>

using namespace clang;
using namespace fearless;

bool fearless::isShown(const Finding &F, const SourceManager &SM,
                       const Options &Opts) {
  if (!Opts.isEnabled(F.Check) || compat::isInSystemHeader(SM, F.Loc))
    return false;
  const SourceLocation Loc = SM.getExpansionLoc(F.Loc);
  return SM.isInMainFile(Loc) || Opts.showsHeader(SM.getFilename(Loc));
}

/// The place that the user wrote: out of the macros of system headers and of
/// annotations.h, whose bodies are the same place for all their uses.
static SourceLocation writtenLocation(const SourceManager &SM,
                                      SourceLocation Loc) {
  while (Loc.isMacroID()) {
    const SourceLocation Spelling = SM.getSpellingLoc(Loc);
    if (!SM.isInSystemHeader(Spelling) &&
        !SM.getFilename(Spelling).consume_back("fearless/annotations.h"))
      break;
    Loc = SM.getImmediateMacroCallerLoc(Loc);
  }
  return Loc;
}

std::vector<Finding> FindingList::take(const SourceManager &SM,
                                       const Options &Opts,
                                       Suppressions &Exits) {
  std::vector<Finding> Shown;
  auto Show = [&](Finding &F) {
    for (Note &N : F.Notes)
      N.Loc = writtenLocation(SM, N.Loc);
    F.HelpLoc = writtenLocation(SM, F.HelpLoc);
    Shown.push_back(std::move(F));
  };
  for (Finding &F : Findings) {
    F.Loc = writtenLocation(SM, F.Loc);
    if (isShown(F, SM, Opts) && !Exits.covers(F))
      Show(F);
  }
  Findings.clear();

  if (Opts.Mode == Mode::Strict)
    for (Finding &F : Exits.unused(Opts)) {
      F.Loc = writtenLocation(SM, F.Loc);
      if (isShown(F, SM, Opts))
        Show(F);
    }

  auto Order = [&](const Finding &A, const Finding &B) {
    const SourceLocation LA = SM.getExpansionLoc(A.Loc);
    const SourceLocation LB = SM.getExpansionLoc(B.Loc);
    if (LA != LB)
      return SM.isBeforeInTranslationUnit(LA, LB);
    return std::tie(A.Check, A.Message, A.Instantiation) <
           std::tie(B.Check, B.Message, B.Instantiation);
  };
  llvm::sort(Shown, Order);

  // One fault, one finding: the same rule at the same spelling is the same
  // fault, seen through another instantiation or another use of a macro. In
  // code that is no template, several captures of one lambda are several
  // faults at places of their own; two arguments can share one.
  std::set<std::tuple<llvm::StringRef, unsigned, std::string>> Seen;
  std::vector<Finding> Out;
  auto SpellingOf = [&](const Finding &F) {
    return SM.getSpellingLoc(F.Loc).getRawEncoding();
  };
  // What a function that is no template shows of one that it calls: there it
  // would be told once more, of an instantiation.
  for (const Finding &F : Shown)
    if (F.Instantiation.empty() && !F.Loc.isMacroID())
      Seen.insert({F.Check, SpellingOf(F), "plain: " + F.Message});
  for (Finding &F : Shown) {
    const unsigned Spelling = SpellingOf(F);
    if (!F.Instantiation.empty() &&
        Seen.count({F.Check, Spelling, "plain: " + F.Message}))
      continue;
    std::string Key = F.Instantiation.empty() ? F.Message : std::string();
    if (F.Loc.isMacroID())
      Key.clear();
    if (Seen.insert({F.Check, Spelling, Key}).second)
      Out.push_back(std::move(F));
  }
  return Out;
}
