// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/SarifWriter.h"

#include "Frontends/SarifLog.h"
#include "Frontends/WriteFile.h"
#include "Support/LLVMCompat.h"
#include "Support/Text.h"

#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace clang;
using namespace fearless;
using llvm::StringRef;
namespace json = llvm::json;

/// The folder of the checks' pages, found from where this library is.
static std::string checkPages() {
  static const char Here = 0;
  Dl_info Info;
  if (!dladdr(&Here, &Info) || !Info.dli_fname)
    return {};
  return checkPagesFrom(llvm::sys::path::parent_path(Info.dli_fname));
}

json::Object SarifWriter::region(SourceRange Range) const {
  const auto [File, Offset] = SM.getDecomposedLoc(Range.getBegin());
  json::Object Out{{"startLine", SM.getLineNumber(File, Offset)},
                   {"startColumn", columnOf(SM, File, Offset)}};
  const unsigned Token =
      Lexer::MeasureTokenLength(Range.getEnd(), SM, LangOpts);
  const auto [EndFile, EndOffset] = SM.getDecomposedLoc(Range.getEnd());
  if (EndFile == File && EndOffset >= Offset && Token != 0) {
    Out["endLine"] = SM.getLineNumber(File, EndOffset);
    Out["endColumn"] = columnOf(SM, File, EndOffset + Token);
  }
  return Out;
}

json::Object SarifWriter::artifact(FileID File) const {
  return json::Object{
      {"uri", fileUri(SM.getFilename(SM.getLocForStartOfFile(File)))}};
}

/// The place where Clang prints a diagnostic for \p Range.
json::Object SarifWriter::location(SourceRange Range) const {
  const SourceLocation Begin = SM.getFileLoc(Range.getBegin());
  const SourceLocation End = SM.getFileLoc(Range.getEnd());
  return json::Object{
      {"physicalLocation",
       json::Object{{"artifactLocation", artifact(SM.getFileID(Begin))},
                    {"region", region({Begin, End})}}}};
}

/// One place in the text that a fix changes. Null for one inside a macro.
json::Value SarifWriter::change(const FixItHint &Hint) const {
  const CharSourceRange Range = Lexer::makeFileCharRange(
      Hint.RemoveRange.isValid() ? Hint.RemoveRange
                                 : CharSourceRange::getCharRange(
                                       Hint.RemoveRange.getBegin(),
                                       Hint.RemoveRange.getBegin()),
      SM, LangOpts);
  if (Range.isInvalid())
    return nullptr;
  const auto [File, Begin] = SM.getDecomposedLoc(Range.getBegin());
  const unsigned End = SM.getFileOffset(Range.getEnd());
  json::Object Deleted{{"startLine", SM.getLineNumber(File, Begin)},
                       {"startColumn", columnOf(SM, File, Begin)},
                       {"endLine", SM.getLineNumber(File, End)},
                       {"endColumn", columnOf(SM, File, End)}};
  return json::Object{
      {"artifactLocation", artifact(File)},
      {"replacements", json::Array{json::Object{
                           {"deletedRegion", std::move(Deleted)},
                           {"insertedContent", sarifMessage(Hint.CodeToInsert)}}}}};
}

/// Names a finding across edits elsewhere in the file: no line number in it.
std::string SarifWriter::fingerprint(const Finding &F) const {
  const auto [File, Offset] = SM.getDecomposedLoc(SM.getFileLoc(F.Loc));
  const StringRef Text = SM.getBufferData(File);
  const size_t Start = Text.rfind('\n', Offset) + 1; // npos + 1 = 0
  const StringRef Line = Text.slice(Start, Text.find('\n', Offset)).trim();
  return digestOf({F.Check, F.Message, Line});
}

void SarifWriter::add(const Finding &F) {
  // The place stays the one that the other front ends print; the range only
  // says how far it reaches.
  SourceRange Range(F.Loc, F.Range.isValid() && F.Range.getBegin() == F.Loc
                               ? F.Range.getEnd()
                               : F.Loc);
  json::Array Related;
  for (const Note &N : F.explanation()) {
    json::Object Place = location(N.Loc);
    Place["id"] = static_cast<int64_t>(Related.size());
    Place["message"] = sarifMessage(N.Text);
    Related.push_back(std::move(Place));
  }
  json::Object Result{
      {"ruleId", F.Check},
      {"ruleIndex", ruleIndex(F.Check)},
      {"level", Level},
      {"message", sarifMessage(F.Message)},
      {"locations", json::Array{location(Range)}},
      {"relatedLocations", std::move(Related)},
      {"partialFingerprints", json::Object{{"fearless/v1", fingerprint(F)}}}};
  // Several fixes in a log are alternatives; ours belong together.
  json::Array Changes;
  bool Whole = true;
  for (const FixItHint &Hint : F.Fixes) {
    Changes.push_back(change(Hint));
    Whole &= !Changes.back().getAsNull();
  }
  if (Whole && !Changes.empty())
    Result["fixes"] = json::Array{
        json::Object{{"description", sarifMessage(F.Help)},
                     {"artifactChanges", std::move(Changes)}}};
  Results.push_back(std::move(Result));
}

void SarifWriter::incomplete(SourceLocation Loc, StringRef Why) {
  json::Object Notice{{"level", "note"}, {"message", sarifMessage(Why.str())}};
  if (Loc.isValid())
    Notice["locations"] = json::Array{location(Loc)};
  Notices.push_back(std::move(Notice));
}

json::Value SarifWriter::log(bool Analyzed) const {
  json::Object Invocation{{"executionSuccessful", Analyzed}};
  if (!Notices.empty())
    Invocation["toolExecutionNotifications"] = json::Array(Notices);
  return sarifLog(json::Array(Results), sarifRules(Level, checkPages()),
                  std::move(Invocation));
}

llvm::Error SarifWriter::write(StringRef Path, bool Analyzed) const {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  // Not formatv: its symbols changed between versions, and a module with an
  // unknown symbol does not get as far as VersionGuard.
  json::OStream(OS, /*IndentSize=*/2).value(log(Analyzed));
  OS << "\n";
  return writeFile(Path, OS.str());
}
