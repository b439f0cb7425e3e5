// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The baseline: findings that are known, so that only new ones are reported.
// An entry is a finding's fingerprint, which holds no line number, and its
// file, relative to the baseline.

#ifndef FEARLESS_FRONTENDS_CLI_BASELINE_H
#define FEARLESS_FRONTENDS_CLI_BASELINE_H

#include "Frontends/CLI/Report.h"

namespace fearless::cli {

class Baseline {
public:
  static llvm::Expected<Baseline> read(llvm::StringRef Path);

  /// Marks the known results of \p R; two like ones need two entries. What
  /// matches nothing goes into R.Stale.
  void apply(Report &R) const;

private:
  struct Entry {
    std::string Check, File, Message;
    unsigned Count = 0;
  };
  /// By file and fingerprint.
  std::map<std::pair<std::string, std::string>, Entry> Entries;
  std::string Folder;
};

llvm::Error writeBaseline(const Report &R, llvm::StringRef Path);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_BASELINE_H
