// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Linking.h"

#include "Frontends/SarifLog.h"
#include "Link/LinkFindings.h"
#include "Support/Text.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace fearless;
using namespace fearless::cli;
using namespace fearless::linking;
using llvm::StringRef;
namespace path = llvm::sys::path;

static llvm::Expected<std::string> contents(StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return error("cannot read '" + Path + "': " + Buffer.getError().message());
  return (*Buffer)->getBuffer().str();
}

/// \p File as it is here: relative ones are seen from where the compiler ran.
static std::string fileOf(StringRef File, const UnitName &Of) {
  if (path::is_absolute(File))
    return absolute(File);
  llvm::SmallString<256> Out(Of.Directory);
  path::append(Out, File);
  return absolute(Out);
}

static cli::Place placeOf(flow::Location Loc, const LinkedProgram &P) {
  cli::Place Out;
  const Spot *S = P.spot(Loc);
  const LinkedProgram::Unit *U = P.unitOf(Loc);
  if (!S || !U)
    return Out;
  Out.File = fileOf(S->File, U->Name);
  Out.Line = Out.EndLine = S->Line;
  Out.Column = S->Column;
  Out.EndColumn = std::max(S->EndColumn, S->Column);
  return Out;
}

/// Names a finding across edits elsewhere: no line number in it, and nothing of
/// where the sources are.
static std::string fingerprint(const Result &R) {
  llvm::SmallVector<StringRef, 8> Parts{R.Check, R.Message,
                                        path::filename(R.At.File)};
  for (const Remark &Note : R.Notes)
    Parts.push_back(path::filename(Note.At.File));
  return digestOf(Parts);
}

llvm::Expected<Linked> fearless::cli::linkSummaries(
    llvm::ArrayRef<std::string> Paths, bool Once,
    llvm::function_ref<std::string(size_t)> Level) {
  LinkedProgram P(toolVersion().str());
  Linked Out;
  std::map<std::tuple<std::string, std::string>, StringRef> Compilations;
  for (const std::string &Path : Paths) {
    auto Text = contents(Path);
    if (!Text)
      return Text.takeError();
    if (llvm::Error E = P.add(Path, *Text))
      return std::move(E);
    const UnitName &Name = P.units().back().Name;
    Out.Sources.push_back(fileOf(Name.Source, Name));
    if (!Name.Analyzed)
      Out.Failed.push_back(
          {Out.Sources.back(), "its summary says that it was not analysed"});
    auto [It, New] = Compilations.try_emplace(
        {Out.Sources.back(), fileOf(Name.Object, Name)}, Path);
    if (!New && Once)
      return error("'" + It->second + "' and '" + Path +
                   "' are two summaries of one compilation of '" + Name.Source +
                   "'");
  }
  if (llvm::Error E = P.join([&](size_t Unit) { return contents(Paths[Unit]); }))
    return std::move(E);
  for (LinkFinding &F : findingsOf(P)) {
    Result R;
    R.Check = F.Check.str();
    R.Message = std::move(F.Message);
    R.At = placeOf(F.Loc, P);
    const LinkedProgram::Unit *In = P.unitOf(F.Loc);
    size_t Number = 0;
    while (Number + 1 < P.units().size() && &P.units()[Number] != In)
      ++Number;
    R.Level = Level(Number);
    for (auto &[Loc, Text] : F.Notes)
      R.Notes.push_back({placeOf(Loc, P), std::move(Text)});
    if (!F.Help.empty())
      R.Notes.push_back({R.At, "help: " + F.Help});
    R.Fingerprint = fingerprint(R);
    Out.Results.push_back(std::move(R));
  }
  return Out;
}
