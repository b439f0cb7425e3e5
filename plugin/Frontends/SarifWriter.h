// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings as SARIF 2.1.0, for code scanning and editors. Written with
// llvm::json, because Clang's own writer knows no related locations before 22
// and takes its rule ids from numbers that change with the version.

#ifndef FEARLESS_FRONTENDS_SARIFWRITER_H
#define FEARLESS_FRONTENDS_SARIFWRITER_H

#include "Diagnostics/Finding.h"

#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace fearless {

class SarifWriter {
public:
  /// \p Level is "error" or "warning".
  SarifWriter(const clang::SourceManager &SM, const clang::LangOptions &LangOpts,
              llvm::StringRef Level)
      : SM(SM), LangOpts(LangOpts), Level(Level) {}

  void add(const Finding &F);

  /// Something was not analysed: a notification of the run.
  void incomplete(clang::SourceLocation Loc, llvm::StringRef Why);

  /// The log of one run, with every rule of Checks.def. \p Analyzed says
  /// whether the unit could be analysed: without that, no result means nothing.
  llvm::json::Value log(bool Analyzed) const;

  /// Writes the log to \p Path, whole or not at all: a file that others read
  /// is replaced in one step. Fails with a text that names the path.
  llvm::Error write(llvm::StringRef Path, bool Analyzed) const;

private:
  llvm::json::Object location(clang::SourceRange Range) const;
  llvm::json::Object artifact(clang::FileID File) const;
  llvm::json::Object region(clang::SourceRange Range) const;
  llvm::json::Value change(const clang::FixItHint &Hint) const;
  std::string fingerprint(const Finding &F) const;

  const clang::SourceManager &SM;
  const clang::LangOptions &LangOpts;
  llvm::StringRef Level;
  llvm::json::Array Results, Notices;
};

} // namespace fearless

#endif // FEARLESS_FRONTENDS_SARIFWRITER_H
