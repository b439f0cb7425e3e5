// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as JSON: our own form, GitLab's code quality, and SARIF 2.1.0.

#include "Frontends/CLI/Report.h"
#include "Frontends/SarifLog.h"

#include "llvm/Support/MD5.h"

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace json = llvm::json;

static std::string valid(StringRef Text) { return json::fixUTF8(Text); }

// --- 1. Our own form ----------------------------------------------------------

static json::Object ownPlace(const Place &At, const Report &R) {
  return json::Object{{"file", valid(shown(At.File, R.Root))},
                      {"line", At.Line},
                      {"column", At.Column},
                      {"endLine", At.EndLine},
                      {"endColumn", At.EndColumn}};
}

static json::Object ownRemark(const Remark &Note, const Report &R) {
  json::Object Out = ownPlace(Note.At, R);
  Out["message"] = valid(Note.Text);
  return Out;
}

json::Value fearless::cli::jsonReport(const Report &R) {
  json::Array Results;
  for (const Result &Found : R.Results) {
    json::Array Notes, Fixes;
    for (const Remark &Note : Found.Notes)
      Notes.push_back(ownRemark(Note, R));
    for (const Replacement &Fix : Found.Fixes) {
      json::Object Out = ownPlace(Fix.Range, R);
      Out["text"] = valid(Fix.Text);
      Fixes.push_back(std::move(Out));
    }
    json::Object Out = ownPlace(Found.At, R);
    Out["check"] = Found.Check;
    Out["level"] = Found.Level;
    Out["message"] = valid(Found.Message);
    Out["fingerprint"] = Found.Fingerprint;
    Out["inBaseline"] = Found.Known;
    Out["notes"] = std::move(Notes);
    Out["fixes"] = std::move(Fixes);
    Results.push_back(std::move(Out));
  }
  json::Array Failed, Incomplete, Stale;
  for (const FailedUnit &Unit : R.Failed)
    Failed.push_back(json::Object{{"file", valid(shown(Unit.File, R.Root))},
                                  {"why", valid(Unit.Why)}});
  for (const Remark &Skipped : R.Incomplete)
    Incomplete.push_back(ownRemark(Skipped, R));
  for (const std::string &Entry : R.Stale)
    Stale.push_back(valid(Entry));
  json::Object Unknown;
  for (const auto &[Flag, Units] : R.UnknownFlags)
    Unknown[valid(Flag)] = Units;
  return json::Object{
      {"version", 1},
      {"tool", json::Object{{"name", "Fearless"},
                            {"version", toolVersion()},
                            {"llvm", llvmVersion()}}},
      {"exitCode", int(R.exitCode())},
      {"units", R.Units},
      {"analyzedUnits", R.Analyzed},
      {"unchangedUnits", R.FromCache},
      {"interrupted", R.Interrupted},
      {"findings", std::move(Results)},
      {"failedUnits", std::move(Failed)},
      {"notAnalyzed", std::move(Incomplete)},
      {"unknownFlags", std::move(Unknown)},
      {"staleBaselineEntries", std::move(Stale)}};
}

// --- 2. GitLab ----------------------------------------------------------------

json::Value fearless::cli::gitLabReport(const Report &R) {
  json::Array Out;
  std::map<std::string, unsigned> Seen;
  for (const Result &Found : R.Results) {
    if (Found.Known)
      continue;
    const std::string File = shown(Found.At.File, R.Root);
    // Must be unique in the report: one line can have the same fault twice.
    const std::string Key = Found.Fingerprint + File;
    llvm::MD5 Hash;
    Hash.update(Key);
    Hash.update(std::to_string(Seen[Key]++));
    llvm::MD5::MD5Result Print;
    Hash.final(Print);
    Out.push_back(json::Object{
        {"description", valid(Found.Message)},
        {"check_name", Found.Check},
        {"fingerprint", Print.digest().str().str()},
        {"severity", Found.Level == "warning" ? "minor" : "major"},
        {"location",
         json::Object{{"path", valid(File)},
                      {"lines", json::Object{{"begin", Found.At.Line},
                                             {"end", Found.At.EndLine}}}}}});
  }
  return Out;
}

// --- 3. SARIF -----------------------------------------------------------------

static json::Object artifact(StringRef Path, const Report &R) {
  const std::string Short = shown(Path, R.Root);
  if (Short == Path)
    return json::Object{{"uri", fileUri(Path)}};
  return json::Object{{"uri", uriPath(Short)}, {"uriBaseId", "SRCROOT"}};
}

static json::Object region(const Place &At) {
  json::Object Out{{"startLine", At.Line}, {"startColumn", At.Column}};
  if (At.EndLine > At.Line ||
      (At.EndLine == At.Line && At.EndColumn >= At.Column)) {
    Out["endLine"] = At.EndLine;
    Out["endColumn"] = At.EndColumn;
  }
  return Out;
}

static json::Object location(const Place &At, const Report &R) {
  return json::Object{
      {"physicalLocation", json::Object{{"artifactLocation", artifact(At.File, R)},
                                        {"region", region(At)}}}};
}

static json::Object location(const Remark &Note, const Report &R) {
  json::Object Out = location(Note.At, R);
  Out["message"] = sarifMessage(Note.Text);
  return Out;
}

static json::Object step(json::Object Location) {
  return json::Object{{"location", std::move(Location)}};
}

/// The chain of notes as one flow that ends at the finding; of a race, whose
/// first note is its other end, the two threads each.
static json::Array codeFlows(const Result &Found, const Report &R) {
  json::Array Here, There;
  const bool TwoEnded = Found.Check == "fearless-data-race";
  for (const Remark &Note : Found.Notes) {
    if (Note.Text.compare(0, 6, "help: ") == 0)
      continue;
    const bool Other = TwoEnded && There.empty();
    (Other ? There : Here).push_back(step(location(Note, R)));
  }
  Here.push_back(step(location(Remark{Found.At, Found.Message}, R)));
  json::Array Flows;
  Flows.push_back(json::Object{{"id", "this thread"}, {"locations", std::move(Here)}});
  if (!There.empty())
    Flows.push_back(json::Object{{"id", "the other thread"},
                                 {"locations", std::move(There)}});
  return json::Array{json::Object{{"threadFlows", std::move(Flows)}}};
}

static json::Value sarifFix(const Result &Found, const Report &R) {
  json::Array Changes;
  for (const Replacement &Fix : Found.Fixes)
    Changes.push_back(json::Object{
        {"artifactLocation", artifact(Fix.Range.File, R)},
        {"replacements",
         json::Array{json::Object{{"deletedRegion", region(Fix.Range)},
                                  {"insertedContent", sarifMessage(Fix.Text)}}}}});
  return json::Object{{"description", sarifMessage(Found.FixDescription)},
                      {"artifactChanges", std::move(Changes)}};
}

static json::Object sarifResult(const Result &Found, const Report &R) {
  json::Array Related;
  for (const Remark &Note : Found.Notes) {
    json::Object Place = location(Note, R);
    Place["id"] = static_cast<int64_t>(Related.size());
    Related.push_back(std::move(Place));
  }
  json::Object Out{
      {"ruleId", Found.Check},
      {"ruleIndex", ruleIndex(Found.Check)},
      {"level", Found.Level},
      {"message", sarifMessage(Found.Message)},
      {"locations", json::Array{location(Found.At, R)}},
      {"relatedLocations", std::move(Related)},
      {"codeFlows", codeFlows(Found, R)},
      {"partialFingerprints", json::Object{{"fearless/v1", Found.Fingerprint}}}};
  if (!Found.Fixes.empty())
    Out["fixes"] = json::Array{sarifFix(Found, R)};
  if (Found.Known) {
    Out["baselineState"] = "unchanged";
    Out["suppressions"] = json::Array{json::Object{
        {"kind", "external"}, {"justification", "listed in the baseline"}}};
  }
  return Out;
}

json::Value fearless::cli::sarifReport(const Report &R) {
  json::Array Results, Notices;
  for (const Result &Found : R.Results)
    Results.push_back(sarifResult(Found, R));
  auto Notice = [&](StringRef Level, std::string Text) {
    return json::Object{{"level", Level}, {"message", sarifMessage(std::move(Text))}};
  };
  for (const FailedUnit &Unit : R.Failed) {
    json::Object Out = Notice("error", "not analysed: " + Unit.Why);
    Out["locations"] = json::Array{json::Object{
        {"physicalLocation",
         json::Object{{"artifactLocation", artifact(Unit.File, R)}}}}};
    Notices.push_back(std::move(Out));
  }
  for (const Remark &Skipped : R.Incomplete) {
    json::Object Out = Notice("note", "not analysed: " + Skipped.Text);
    Out["locations"] = json::Array{location(Skipped.At, R)};
    Notices.push_back(std::move(Out));
  }
  for (const auto &[Flag, Units] : R.UnknownFlags)
    Notices.push_back(Notice("note", "left out an unknown flag: " + Flag));
  if (R.Interrupted)
    Notices.push_back(Notice("error", "interrupted"));
  json::Object Invocation{
      {"executionSuccessful", R.exitCode() != ExitCode::Incomplete},
      {"exitCode", int(R.exitCode())},
      {"toolExecutionNotifications", std::move(Notices)}};
  json::Value Log = sarifLog(std::move(Results), sarifRules("error", R.Pages, checkPage),
                             std::move(Invocation));
  json::Object *Run =
      Log.getAsObject()->getArray("runs")->front().getAsObject();
  (*Run)["properties"] =
      json::Object{{"units", R.Units}, {"analyzedUnits", R.Analyzed}};
  (*Run)["originalUriBaseIds"] = json::Object{
      {"SRCROOT", json::Object{{"uri", fileUri(R.Root) + "/"}}}};
  return Log;
}
