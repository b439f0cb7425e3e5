// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Result.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace fearless::cli;
using llvm::StringRef;
namespace json = llvm::json;

std::string fearless::cli::pathOfUri(StringRef Uri) {
  Uri.consume_front("file://");
  std::string Path;
  while (!Uri.empty()) {
    unsigned Code;
    if (Uri.front() == '%' && !Uri.substr(1, 2).getAsInteger(16, Code)) {
      Path += static_cast<char>(Code);
      Uri = Uri.drop_front(std::min<size_t>(3, Uri.size()));
    } else {
      Path += Uri.front();
      Uri = Uri.drop_front();
    }
  }
  llvm::SmallString<256> Clean(Path);
  llvm::sys::path::remove_dots(Clean, /*remove_dot_dot=*/true);
  return Clean.str().str();
}

std::string fearless::cli::shown(StringRef Path, StringRef Root) {
  StringRef Rest = Path;
  if (Rest.consume_front(Root) && Rest.consume_front("/") && !Rest.empty())
    return Rest.str();
  return Path.str();
}

std::string fearless::cli::currentDirectory() {
  llvm::SmallString<256> Path;
  llvm::sys::fs::current_path(Path);
  return Path.str().str();
}

std::string fearless::cli::absolute(StringRef Path) {
  llvm::SmallString<256> Out(Path);
  llvm::sys::fs::make_absolute(Out);
  llvm::sys::path::remove_dots(Out, /*remove_dot_dot=*/true);
  return Out.str().str();
}

static std::string text(const json::Object &Holder, StringRef Key) {
  if (const json::Object *Message = Holder.getObject(Key))
    if (auto Text = Message->getString("text"))
      return Text->str();
  return {};
}

static std::string string(const json::Object &Holder, StringRef Key) {
  auto Text = Holder.getString(Key);
  return Text ? Text->str() : std::string();
}

static bool readRegion(const json::Object *Region, Place &Out) {
  if (!Region)
    return false;
  auto Number = [&](StringRef Key, unsigned Absent) {
    auto Value = Region->getInteger(Key);
    return Value ? static_cast<unsigned>(*Value) : Absent;
  };
  Out.Line = Number("startLine", 0);
  Out.Column = Number("startColumn", 1);
  Out.EndLine = Number("endLine", Out.Line);
  Out.EndColumn = Number("endColumn", Out.Column);
  return Out.Line != 0;
}

static bool readArtifact(const json::Object &Holder, Place &Out) {
  const json::Object *Artifact = Holder.getObject("artifactLocation");
  if (!Artifact)
    return false;
  Out.File = pathOfUri(string(*Artifact, "uri"));
  return !Out.File.empty();
}

static bool readPlace(const json::Object *Location, Place &Out) {
  const json::Object *Physical =
      Location ? Location->getObject("physicalLocation") : nullptr;
  return Physical && readArtifact(*Physical, Out) &&
         readRegion(Physical->getObject("region"), Out);
}

static bool readFix(const json::Object &Fix, Result &Out) {
  Out.FixDescription = text(Fix, "description");
  const json::Array *Changes = Fix.getArray("artifactChanges");
  if (!Changes)
    return false;
  for (const json::Value &Change : *Changes) {
    const json::Object *C = Change.getAsObject();
    const json::Array *Parts = C ? C->getArray("replacements") : nullptr;
    if (!Parts)
      return false;
    for (const json::Value &Part : *Parts) {
      const json::Object *P = Part.getAsObject();
      Replacement R;
      if (!P || !readArtifact(*C, R.Range) ||
          !readRegion(P->getObject("deletedRegion"), R.Range))
        return false;
      R.Text = text(*P, "insertedContent");
      Out.Fixes.push_back(std::move(R));
    }
  }
  return true;
}

static bool readRemark(const json::Object &Location, Remark &Out) {
  Out.Text = text(Location, "message");
  return readPlace(&Location, Out.At);
}

static bool readResult(const json::Object &R, Result &Out) {
  Out.Check = string(R, "ruleId");
  Out.Level = string(R, "level");
  Out.Message = text(R, "message");
  if (const json::Object *Prints = R.getObject("partialFingerprints"))
    Out.Fingerprint = string(*Prints, "fearless/v1");
  const json::Array *Locations = R.getArray("locations");
  if (Out.Check.empty() || !Locations || Locations->empty() ||
      !readPlace(Locations->front().getAsObject(), Out.At))
    return false;
  if (const json::Array *Related = R.getArray("relatedLocations"))
    for (const json::Value &Location : *Related) {
      Remark Note;
      if (!Location.getAsObject() || !readRemark(*Location.getAsObject(), Note))
        return false;
      Out.Notes.push_back(std::move(Note));
    }
  if (const json::Array *Fixes = R.getArray("fixes"))
    for (const json::Value &Fix : *Fixes)
      if (!Fix.getAsObject() || !readFix(*Fix.getAsObject(), Out))
        return false;
  return true;
}

llvm::Expected<UnitLog> fearless::cli::readLog(StringRef Text) {
  auto Bad = [] {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "not a log of the plugin");
  };
  llvm::Expected<json::Value> Parsed = json::parse(Text);
  if (!Parsed)
    return Parsed.takeError();
  const json::Object *Log = Parsed->getAsObject();
  const json::Array *Runs = Log ? Log->getArray("runs") : nullptr;
  const json::Object *Run =
      Runs && !Runs->empty() ? Runs->front().getAsObject() : nullptr;
  const json::Array *Invocations = Run ? Run->getArray("invocations") : nullptr;
  const json::Array *Results = Run ? Run->getArray("results") : nullptr;
  if (!Invocations || Invocations->empty() || !Results)
    return Bad();
  UnitLog Out;
  const json::Object *Invocation = Invocations->front().getAsObject();
  if (!Invocation)
    return Bad();
  Out.Analyzed = Invocation->getBoolean("executionSuccessful").value_or(false);
  if (const json::Array *Notices =
          Invocation->getArray("toolExecutionNotifications"))
    for (const json::Value &Notice : *Notices) {
      const json::Object *N = Notice.getAsObject();
      const json::Array *Where = N ? N->getArray("locations") : nullptr;
      if (!Where || Where->empty())
        return Bad();
      Remark R;
      readPlace(Where->front().getAsObject(), R.At);
      R.Text = text(*N, "message");
      Out.Incomplete.push_back(std::move(R));
    }
  for (const json::Value &Entry : *Results) {
    Result R;
    if (!Entry.getAsObject() || !readResult(*Entry.getAsObject(), R))
      return Bad();
    Out.Results.push_back(std::move(R));
  }
  return Out;
}
