// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Report.h"

#include "Frontends/WriteFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Process.h"

#include <numeric>

using namespace fearless::cli;
using llvm::StringRef;

unsigned Report::newFindings() const {
  return llvm::count_if(Results, [](const Result &R) { return !R.Known; });
}

unsigned Report::knownFindings() const {
  return Results.size() - newFindings();
}

ExitCode Report::exitCode() const {
  if (!Failed.empty() || Interrupted)
    return ExitCode::Incomplete;
  return newFindings() != 0 ? ExitCode::Findings : ExitCode::Clean;
}

void fearless::cli::mergeResults(std::vector<Result> &Results) {
  // Of like ones the first stays, so that the report does not depend on chance.
  std::vector<size_t> Order(Results.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::sort(Order, [&](size_t A, size_t B) {
    return std::make_pair(Results[A].key(), A) < std::make_pair(Results[B].key(), B);
  });
  std::vector<Result> Out;
  for (const size_t I : Order)
    if (Out.empty() || Out.back().key() != Results[I].key())
      Out.push_back(std::move(Results[I]));
  Results = std::move(Out);
}

void fearless::cli::writeReport(const Report &R, Format F, bool Colors,
                                llvm::raw_ostream &OS) {
  auto Json = [&](llvm::json::Value V) {
    llvm::json::OStream(OS, /*IndentSize=*/2).value(V);
    OS << "\n";
  };
  switch (F) {
  case Format::Text:
    return writeText(R, Colors, OS);
  case Format::Json:
    return Json(jsonReport(R));
  case Format::Sarif:
    return Json(sarifReport(R));
  case Format::GitHub:
    return writeGitHub(R, OS);
  case Format::GitLab:
    return Json(gitLabReport(R));
  case Format::Html:
    return writeHtml(R, OS);
  }
}

llvm::Error fearless::cli::deliver(const Report &R, Format F, StringRef Path) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  const bool Colors = Path.empty() && F == Format::Text &&
                      llvm::sys::Process::StandardOutHasColors();
  writeReport(R, F, Colors, OS);
  if (!Path.empty())
    return writeFile(Path, OS.str());
  llvm::outs() << OS.str();
  llvm::outs().flush();
  if (!llvm::outs().has_error())
    return llvm::Error::success();
  const std::error_code EC = llvm::outs().error();
  llvm::outs().clear_error();
  return llvm::createStringError(EC, "cannot write to standard output: %s",
                                 EC.message().c_str());
}

static std::string counted(unsigned Count, StringRef What) {
  return std::to_string(Count) + " " + What.str() + (Count == 1 ? "" : "s");
}

void fearless::cli::writeSummary(const Report &R, llvm::raw_ostream &OS) {
  for (const FailedUnit &Unit : R.Failed)
    OS << "fearless: not analysed: " << shown(Unit.File, R.Root) << ": "
       << Unit.Why << "\n";
  for (const auto &[Flag, Units] : R.UnknownFlags)
    OS << "fearless: left out a flag that this Clang does not know: " << Flag
       << " (" << counted(Units, "unit") << ")\n";
  for (const Remark &Skipped : R.Incomplete)
    OS << "fearless: not analysed: " << shown(Skipped.At.File, R.Root) << ":"
       << Skipped.At.Line << ": " << Skipped.Text << "\n";
  for (const std::string &Entry : R.Stale)
    OS << "fearless: the baseline lists what is gone: " << Entry << "\n";

  std::map<std::string, unsigned> ByCheck;
  for (const Result &Found : R.Results)
    if (!Found.Known)
      ++ByCheck[Found.Check];
  OS << "fearless: " << counted(R.newFindings(), "finding");
  if (!ByCheck.empty()) {
    StringRef Separator = " (";
    for (const auto &[Check, Count] : ByCheck) {
      OS << Separator << Count << " " << Check;
      Separator = ", ";
    }
    OS << ")";
  }
  OS << " in " << counted(R.Analyzed, "unit");
  if (R.FromCache != 0)
    OS << ", " << R.FromCache << " of them unchanged";
  if (R.knownFindings() != 0)
    OS << "; " << R.knownFindings() << " in the baseline";
  if (R.Unchanged != 0)
    OS << "; " << R.Unchanged << " in files that were not changed";
  if (R.Interrupted)
    OS << "; interrupted, " << R.Units - R.Analyzed - R.Failed.size()
       << " of " << counted(R.Units, "unit") << " not analysed";
  if (!R.Failed.empty())
    OS << "; " << counted(R.Failed.size(), "unit") << " could not be analysed";
  OS << "\n";
}
