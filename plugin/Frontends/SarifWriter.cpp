// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/SarifWriter.h"

#include "Checks/Check.h"
#include "Frontends/WriteFile.h"
#include "Support/LLVMCompat.h"

#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace clang;
using namespace fearless;
using llvm::StringRef;
namespace json = llvm::json;

static std::string fileUri(StringRef Path) {
  llvm::SmallString<256> Absolute(Path);
  llvm::sys::fs::make_absolute(Absolute);
  llvm::sys::path::remove_dots(Absolute, /*remove_dot_dot=*/false);
  std::string Uri = "file://";
  for (const char C : Absolute) {
    // RFC 3986: unreserved characters and the separator stand for themselves.
    if (llvm::isAlnum(C) || StringRef("-._~/").contains(C)) {
      Uri += C;
    } else {
      Uri += '%';
      Uri += llvm::hexdigit(static_cast<unsigned char>(C) >> 4);
      Uri += llvm::hexdigit(static_cast<unsigned char>(C) & 15);
    }
  }
  return Uri;
}

/// The folder of the checks' pages, which stands in a fixed relation to this
/// library, installed or in its build directory. Empty when it is missing.
static std::string checkPages() {
  static const char Here = 0;
  Dl_info Info;
  if (!dladdr(&Here, &Info) || !Info.dli_fname)
    return {};
  llvm::SmallString<256> Library(Info.dli_fname);
  llvm::sys::fs::make_absolute(Library);
  for (const char *Relative : {FEARLESS_DOCS_FROM_INSTALLED, FEARLESS_DOCS_FROM_BUILD}) {
    llvm::SmallString<256> Folder(llvm::sys::path::parent_path(Library));
    llvm::sys::path::append(Folder, Relative, "checks");
    llvm::sys::path::remove_dots(Folder, /*remove_dot_dot=*/true);
    if (llvm::sys::fs::is_directory(Folder))
      return Folder.str().str();
  }
  return {};
}

static json::Object message(std::string Text) {
  return json::Object{{"text", json::fixUTF8(Text)}};
}

/// SARIF counts characters, Clang counts bytes.
unsigned SarifWriter::column(FileID File, unsigned Offset) const {
  const StringRef Text = SM.getBufferData(File);
  unsigned Start = Offset;
  while (Start != 0 && Text[Start - 1] != '\n')
    --Start;
  unsigned Characters = 1;
  for (const char C : Text.slice(Start, Offset))
    Characters += (static_cast<unsigned char>(C) & 0xC0) != 0x80;
  return Characters;
}

json::Object SarifWriter::region(SourceRange Range) const {
  const auto [File, Offset] = SM.getDecomposedLoc(Range.getBegin());
  json::Object Out{{"startLine", SM.getLineNumber(File, Offset)},
                   {"startColumn", column(File, Offset)}};
  const unsigned Token =
      Lexer::MeasureTokenLength(Range.getEnd(), SM, LangOpts);
  const auto [EndFile, EndOffset] = SM.getDecomposedLoc(Range.getEnd());
  if (EndFile == File && EndOffset >= Offset && Token != 0) {
    Out["endLine"] = SM.getLineNumber(File, EndOffset);
    Out["endColumn"] = column(File, EndOffset + Token);
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

/// One place in the text that a fix replaces. Null for a fix inside a macro.
json::Value SarifWriter::fix(const FixItHint &Hint, StringRef Description) const {
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
                       {"startColumn", column(File, Begin)},
                       {"endLine", SM.getLineNumber(File, End)},
                       {"endColumn", column(File, End)}};
  return json::Object{
      {"description", message(Description.str())},
      {"artifactChanges",
       json::Array{json::Object{
           {"artifactLocation", artifact(File)},
           {"replacements",
            json::Array{json::Object{
                {"deletedRegion", std::move(Deleted)},
                {"insertedContent", message(Hint.CodeToInsert)}}}}}}}};
}

/// Names a finding across edits elsewhere in the file: no line number in it.
std::string SarifWriter::fingerprint(const Finding &F) const {
  const auto [File, Offset] = SM.getDecomposedLoc(SM.getFileLoc(F.Loc));
  const StringRef Text = SM.getBufferData(File);
  const size_t Start = Text.rfind('\n', Offset) + 1; // npos + 1 = 0
  const StringRef Line = Text.slice(Start, Text.find('\n', Offset)).trim();
  llvm::MD5 Hash;
  for (StringRef Part : {F.Check, StringRef(F.Message), Line}) {
    Hash.update(Part);
    Hash.update(StringRef("\0", 1));
  }
  llvm::MD5::MD5Result Result;
  Hash.final(Result);
  return Result.digest().str().str();
}

void SarifWriter::add(const Finding &F) {
  int64_t Index = 0;
  for (const CheckInfo &Info : allChecks()) {
    if (Info.Name == F.Check)
      break;
    ++Index;
  }
  // The place stays the one that the other front ends print; the range only
  // says how far it reaches.
  SourceRange Range(F.Loc, F.Range.isValid() && F.Range.getBegin() == F.Loc
                               ? F.Range.getEnd()
                               : F.Loc);
  json::Array Related;
  for (const Note &N : F.explanation()) {
    json::Object Place = location(N.Loc);
    Place["id"] = static_cast<int64_t>(Related.size());
    Place["message"] = message(N.Text);
    Related.push_back(std::move(Place));
  }
  json::Object Result{
      {"ruleId", F.Check},
      {"ruleIndex", Index},
      {"level", Level},
      {"message", message(F.Message)},
      {"locations", json::Array{location(Range)}},
      {"relatedLocations", std::move(Related)},
      {"partialFingerprints", json::Object{{"fearless/v1", fingerprint(F)}}}};
  json::Array Fixes;
  for (const FixItHint &Hint : F.Fixes)
    if (json::Value Fix = fix(Hint, F.Help); !Fix.getAsNull())
      Fixes.push_back(std::move(Fix));
  if (!Fixes.empty())
    Result["fixes"] = std::move(Fixes);
  Results.push_back(std::move(Result));
}

json::Value SarifWriter::log(bool Analyzed) const {
  const std::string Pages = checkPages();
  json::Array Rules;
  for (const CheckInfo &Info : allChecks()) {
    json::Object Rule{
        {"id", Info.Name},
        {"shortDescription", message(Info.Summary.str())},
        {"defaultConfiguration", json::Object{{"level", Level}}}};
    if (!Pages.empty())
      Rule["helpUri"] = fileUri(Pages + "/" + Info.Name.str() + ".md");
    Rules.push_back(std::move(Rule));
  }
  return json::Object{
      {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
                  "schemas/sarif-schema-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       json::Array{json::Object{
           {"tool",
            json::Object{{"driver", json::Object{{"name", "Fearless"},
                                                 {"version", FEARLESS_VERSION},
                                                 {"rules", std::move(Rules)}}}}},
           {"invocations",
            json::Array{json::Object{{"executionSuccessful", Analyzed}}}},
           {"columnKind", "unicodeCodePoints"},
           {"results", json::Array(Results)}}}}};
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
