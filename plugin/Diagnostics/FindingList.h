// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects what the checks find, then decides what is shown: each fault once
// (template instantiations and macros repeat them), filtered, in source order.

#ifndef FEARLESS_DIAGNOSTICS_FINDINGLIST_H
#define FEARLESS_DIAGNOSTICS_FINDINGLIST_H

#include "Diagnostics/Finding.h"
#include "Diagnostics/Suppressions.h"
#include "Support/Options.h"

#include <vector>

namespace fearless {

/// Whether \p F is of an enabled check, and of code whose findings are shown.
bool isShown(const Finding &F, const clang::SourceManager &SM,
             const Options &Opts);

class FindingList {
public:
  void add(Finding F) { Findings.push_back(std::move(F)); }

  /// The findings to show, in source order: those of enabled checks, outside
  /// system headers and filtered headers, not suppressed, one for each check,
  /// place and culprit. O(n log n).
  std::vector<Finding> take(const clang::SourceManager &SM, const Options &Opts,
                            Suppressions &Exits);

private:
  std::vector<Finding> Findings;
};

} // namespace fearless

#endif // FEARLESS_DIAGNOSTICS_FINDINGLIST_H
