// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A finding as the tool handles it: places are files and lines, because the
// compiler that had the source manager has ended. Read from, and written as,
// the result objects of the SARIF log that the plugin makes.

#ifndef FEARLESS_FRONTENDS_CLI_RESULT_H
#define FEARLESS_FRONTENDS_CLI_RESULT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <tuple>
#include <vector>

namespace fearless::cli {

/// Lines and columns count from 1; columns are characters, the end is the
/// column after the last one.
struct Place {
  std::string File;
  unsigned Line = 0, Column = 0, EndLine = 0, EndColumn = 0;

  auto key() const { return std::tie(File, Line, Column); }
};

struct Remark {
  Place At;
  std::string Text;
};

struct Replacement {
  Place Range;
  std::string Text;
};

struct Result {
  std::string Check, Level, Message, Fingerprint;
  Place At;
  std::vector<Remark> Notes;
  std::string FixDescription;
  std::vector<Replacement> Fixes;
  /// Listed in the baseline: known, and not reported as new.
  bool Known = false;

  /// What makes two results of different units the same finding.
  auto key() const {
    return std::tie(At.File, At.Line, At.Column, Check, Message);
  }
};

struct FailedUnit {
  std::string File;
  std::string Why;
};

/// What a log says: the plugin's of one unit, this tool's of a run.
struct UnitLog {
  bool Analyzed = false;
  unsigned Units = 1, AnalyzedUnits = 1;
  std::vector<FailedUnit> Failed;
  std::vector<Result> Results;
  /// What was not analysed, and why.
  std::vector<Remark> Incomplete;
};

/// Fails when \p Text is no such log (cut off, of another tool).
llvm::Expected<UnitLog> readLog(llvm::StringRef Text);

/// \p Path of a "file://" URI.
std::string pathOfUri(llvm::StringRef Uri);

/// \p Path as it is shown: relative to \p Root when it is below it.
std::string shown(llvm::StringRef Path, llvm::StringRef Root);

/// The current directory.
std::string currentDirectory();

/// \p Path made absolute, without "." and ".." parts.
std::string absolute(llvm::StringRef Path);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_RESULT_H
