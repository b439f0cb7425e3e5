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

namespace {

/// The results of one run. Paths may be relative to the run's root.
class Reader {
public:
  explicit Reader(const json::Object &Run) {
    const json::Object *Bases = Run.getObject("originalUriBaseIds");
    if (const json::Object *Root = Bases ? Bases->getObject("SRCROOT") : nullptr)
      Base = string(*Root, "uri");
  }
  bool result(const json::Object &R, Result &Out) const;
  bool place(const json::Object *Location, Place &Out) const;

private:
  bool artifact(const json::Object &Holder, Place &Out) const;
  bool fix(const json::Object &Fix, Result &Out) const;
  bool remark(const json::Object &Location, Remark &Out) const;

  std::string Base;
};

} // namespace

bool Reader::artifact(const json::Object &Holder, Place &Out) const {
  const json::Object *Artifact = Holder.getObject("artifactLocation");
  if (!Artifact)
    return false;
  const std::string Uri = string(*Artifact, "uri");
  if (Uri.empty())
    return false;
  Out.File = pathOfUri(Artifact->get("uriBaseId") ? Base + Uri : Uri);
  return !Out.File.empty();
}

bool Reader::place(const json::Object *Location, Place &Out) const {
  const json::Object *Physical =
      Location ? Location->getObject("physicalLocation") : nullptr;
  return Physical && artifact(*Physical, Out) &&
         readRegion(Physical->getObject("region"), Out);
}

bool Reader::fix(const json::Object &Fix, Result &Out) const {
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
      if (!P || !artifact(*C, R.Range) ||
          !readRegion(P->getObject("deletedRegion"), R.Range))
        return false;
      R.Text = text(*P, "insertedContent");
      Out.Fixes.push_back(std::move(R));
    }
  }
  return true;
}

bool Reader::remark(const json::Object &Location, Remark &Out) const {
  Out.Text = text(Location, "message");
  return place(&Location, Out.At);
}

bool Reader::result(const json::Object &R, Result &Out) const {
  Out.Check = string(R, "ruleId");
  Out.Level = string(R, "level");
  Out.Message = text(R, "message");
  if (const json::Object *Prints = R.getObject("partialFingerprints"))
    Out.Fingerprint = string(*Prints, "fearless/v1");
  const json::Array *Locations = R.getArray("locations");
  if (Out.Check.empty() || !Locations || Locations->empty() ||
      !place(Locations->front().getAsObject(), Out.At))
    return false;
  Out.Known = string(R, "baselineState") == "unchanged";
  if (const json::Array *Related = R.getArray("relatedLocations"))
    for (const json::Value &Location : *Related) {
      Remark Note;
      if (!Location.getAsObject() || !remark(*Location.getAsObject(), Note))
        return false;
      Out.Notes.push_back(std::move(Note));
    }
  if (const json::Array *Fixes = R.getArray("fixes"))
    for (const json::Value &Fix : *Fixes)
      if (!Fix.getAsObject() || !fix(*Fix.getAsObject(), Out))
        return false;
  return true;
}

/// What this tool puts before the reason in its own logs.
static const std::string NotAnalysed = "not analysed: ";

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
  const Reader Read(*Run);
  const json::Object *Invocation = Invocations->front().getAsObject();
  if (!Invocation)
    return Bad();
  Out.Analyzed = Invocation->getBoolean("executionSuccessful").value_or(false);
  if (const json::Array *Notices =
          Invocation->getArray("toolExecutionNotifications"))
    for (const json::Value &Notice : *Notices) {
      const json::Object *N = Notice.getAsObject();
      const json::Array *Where = N ? N->getArray("locations") : nullptr;
      // One without a place is about the run: an unknown flag, an interruption.
      if (!Where || Where->empty())
        continue;
      Remark R;
      Read.place(Where->front().getAsObject(), R.At);
      R.Text = text(*N, "message");
      if (R.Text.compare(0, NotAnalysed.size(), NotAnalysed) == 0)
        R.Text.erase(0, NotAnalysed.size());
      if (string(*N, "level") == "error")
        Out.Failed.push_back({R.At.File, R.Text});
      else
        Out.Incomplete.push_back(std::move(R));
    }
  Out.AnalyzedUnits = Out.Analyzed;
  if (const json::Object *Counts = Run->getObject("properties")) {
    Out.Units = Counts->getInteger("units").value_or(1);
    Out.AnalyzedUnits = Counts->getInteger("analyzedUnits").value_or(Out.Analyzed);
  }
  for (const json::Value &Entry : *Results) {
    Result R;
    if (!Entry.getAsObject() || !Read.result(*Entry.getAsObject(), R))
      return Bad();
    Out.Results.push_back(std::move(R));
  }
  return Out;
}
