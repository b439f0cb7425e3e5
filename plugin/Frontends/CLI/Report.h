// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a run of "fearless check" found out, and the formats it is written in.

#ifndef FEARLESS_FRONTENDS_CLI_REPORT_H
#define FEARLESS_FRONTENDS_CLI_REPORT_H

#include "Frontends/CLI/Result.h"

#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>

namespace fearless::cli {

enum class Format { Text, Json, Sarif, GitHub, GitLab, Html };

/// The tool's exit codes. The worst one that holds is returned: findings of a
/// run that is incomplete are not all findings.
enum ExitCode : int { Clean = 0, Findings = 1, WrongUse = 2, Incomplete = 3 };

struct Report {
  /// Each finding once, ordered by place.
  std::vector<Result> Results;
  std::vector<FailedUnit> Failed;
  /// What was not analysed inside units that were.
  std::vector<Remark> Incomplete;
  std::map<std::string, unsigned> UnknownFlags;
  unsigned Units = 0, Analyzed = 0, FromCache = 0;
  bool Interrupted = false;
  /// Entries of the baseline that no finding matches any more.
  std::vector<std::string> Stale;
  /// Findings outside what was changed.
  unsigned Unchanged = 0;
  /// Paths are shown relative to it.
  std::string Root;
  /// The folder of the checks' pages, or empty.
  std::string Pages;

  unsigned newFindings() const;
  unsigned knownFindings() const;
  ExitCode exitCode() const;
};

/// Puts results in order and leaves each finding once.
void mergeResults(std::vector<Result> &Results);

/// The text format shows the source when \p Colors or not; the others are for
/// programs.
void writeReport(const Report &R, Format F, bool Colors, llvm::raw_ostream &OS);

void writeText(const Report &R, bool Colors, llvm::raw_ostream &OS);
llvm::json::Value jsonReport(const Report &R);
llvm::json::Value sarifReport(const Report &R);
void writeGitHub(const Report &R, llvm::raw_ostream &OS);
llvm::json::Value gitLabReport(const Report &R);
void writeHtml(const Report &R, llvm::raw_ostream &OS);

/// Writes the report to \p Path, or to standard output when that is empty; a
/// file is replaced as a whole or not at all.
llvm::Error deliver(const Report &R, Format F, llvm::StringRef Path);

/// "3 findings (...) in 12 units", and what went wrong, for people.
void writeSummary(const Report &R, llvm::raw_ostream &OS);

/// The text of the page of \p Check, or empty (generated from docs/checks).
llvm::StringRef checkPage(llvm::StringRef Check);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_REPORT_H
