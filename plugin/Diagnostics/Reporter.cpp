// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Diagnostics/Reporter.h"

using namespace clang;
using namespace fearless;

void fearless::emit(DiagnosticsEngine &Diags, const Finding &F,
                    DiagnosticIDs::Level Level) {
  // The text is passed as an argument: a '%' in it is no placeholder.
  auto Emit = [&](SourceLocation Loc, DiagnosticIDs::Level L,
                  llvm::StringRef Text) {
    unsigned Id = Diags.getDiagnosticIDs()->getCustomDiagID(L, "%0");
    return Diags.Report(Loc, Id) << Text;
  };
  Emit(F.Loc, Level, F.Message + " [" + F.Check.str() + "]") << F.Range;
  for (const Note &N : F.Notes)
    Emit(N.Loc.isValid() ? N.Loc : F.Loc, DiagnosticIDs::Note, N.Text);
  if (!F.Instantiation.empty())
    Emit(F.Loc, DiagnosticIDs::Note,
         "in the instantiation '" + F.Instantiation + "'");
  if (!F.Help.empty()) {
    auto Builder = Emit(F.HelpLoc.isValid() ? F.HelpLoc : F.Loc,
                        DiagnosticIDs::Note, "help: " + F.Help);
    for (const FixItHint &Fix : F.Fixes)
      Builder << Fix;
  }
}
