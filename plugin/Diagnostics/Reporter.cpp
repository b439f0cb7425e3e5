// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Diagnostics/Reporter.h"

using namespace clang;
using namespace fearless;

std::vector<Note> Finding::explanation() const {
  std::vector<Note> Out;
  for (const Note &N : Notes)
    Out.push_back({N.Loc.isValid() ? N.Loc : Loc, N.Text, N.Fixes});
  if (!Instantiation.empty())
    Out.push_back({Loc, "in the instantiation '" + Instantiation + "'"});
  if (!Help.empty())
    Out.push_back({HelpLoc.isValid() ? HelpLoc : Loc, "help: " + Help});
  return Out;
}

void fearless::emit(DiagnosticsEngine &Diags, const Finding &F,
                    DiagnosticIDs::Level Level) {
  // The text is passed as an argument: a '%' in it is no placeholder.
  auto Emit = [&](SourceLocation Loc, DiagnosticIDs::Level L,
                  llvm::StringRef Text) {
    unsigned Id = Diags.getDiagnosticIDs()->getCustomDiagID(L, "%0");
    return Diags.Report(Loc, Id) << Text;
  };
  Emit(F.Loc, Level, F.Message + " [" + F.Check.str() + "]") << F.Range;
  const std::vector<Note> Explanation = F.explanation();
  for (const Note &N : Explanation) {
    auto Builder = Emit(N.Loc, DiagnosticIDs::Note, N.Text);
    for (const FixItHint &Fix : N.Fixes)
      Builder << Fix;
    // The fixes belong to the help, which is last.
    if (!F.Help.empty() && &N == &Explanation.back())
      for (const FixItHint &Fix : F.Fixes)
        Builder << Fix;
  }
}
