// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings for people, as a compiler prints them, and as lines that GitHub
// turns into annotations.

#include "Frontends/CLI/Report.h"
#include "Frontends/CLI/SourceText.h"

#include "llvm/Support/SourceMgr.h"

using namespace fearless::cli;
using llvm::SourceMgr;
using llvm::StringRef;

static void print(const Place &At, SourceMgr::DiagKind Kind, StringRef Text,
                  const Report &R, SourceText &Sources, bool Colors,
                  llvm::raw_ostream &OS) {
  const StringRef Line = Sources.line(At.File, At.Line);
  // The compiler counts bytes, and so do the editors that read its output.
  const unsigned Column = byteOffset(Line, At.Column);
  std::vector<std::pair<unsigned, unsigned>> Ranges;
  if (At.EndLine == At.Line && At.EndColumn > At.Column + 1)
    Ranges.push_back({Column, static_cast<unsigned>(byteOffset(Line, At.EndColumn))});
  const SourceMgr None;
  llvm::SMDiagnostic(None, llvm::SMLoc::getFromPointer(Line.data()),
                     shown(At.File, R.Root), At.Line, Column, Kind, Text, Line,
                     Ranges)
      .print(nullptr, OS, Colors);
}

void fearless::cli::writeText(const Report &R, bool Colors,
                              llvm::raw_ostream &OS) {
  SourceText Sources;
  for (const Result &Found : R.Results) {
    if (Found.Known)
      continue;
    print(Found.At,
          Found.Level == "warning" ? SourceMgr::DK_Warning : SourceMgr::DK_Error,
          Found.Message + " [" + Found.Check + "]", R, Sources, Colors, OS);
    for (const Remark &Note : Found.Notes)
      print(Note.At, SourceMgr::DK_Note, Note.Text, R, Sources, Colors, OS);
  }
}

/// \p InProperty: a property value also ends at ':' and ','.
static std::string escaped(StringRef Text, bool InProperty) {
  std::string Out;
  for (const char C : Text) {
    if (C == '%')
      Out += "%25";
    else if (C == '\r')
      Out += "%0D";
    else if (C == '\n')
      Out += "%0A";
    else if (InProperty && C == ':')
      Out += "%3A";
    else if (InProperty && C == ',')
      Out += "%2C";
    else
      Out += C;
  }
  return Out;
}

void fearless::cli::writeGitHub(const Report &R, llvm::raw_ostream &OS) {
  for (const Result &Found : R.Results) {
    if (Found.Known)
      continue;
    std::string Text = Found.Message;
    for (const Remark &Note : Found.Notes)
      Text += "\n" + shown(Note.At.File, R.Root) + ":" +
              std::to_string(Note.At.Line) + ": " + Note.Text;
    OS << "::" << (Found.Level == "warning" ? "warning" : "error")
       << " file=" << escaped(shown(Found.At.File, R.Root), true)
       << ",line=" << Found.At.Line << ",col=" << Found.At.Column;
    if (Found.At.EndLine == Found.At.Line)
      OS << ",endColumn=" << Found.At.EndColumn;
    OS << ",title=" << escaped(Found.Check, true)
       << "::" << escaped(Text, false) << "\n";
  }
  for (const FailedUnit &Unit : R.Failed)
    OS << "::error file=" << escaped(shown(Unit.File, R.Root), true)
       << ",title=fearless::" << escaped("not analysed: " + Unit.Why, false)
       << "\n";
}
