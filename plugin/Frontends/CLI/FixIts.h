// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Applies the fixes of findings to the files.

#ifndef FEARLESS_FRONTENDS_CLI_FIXITS_H
#define FEARLESS_FRONTENDS_CLI_FIXITS_H

#include "Frontends/CLI/Report.h"

namespace fearless::cli {

struct FixResult {
  unsigned Applied = 0;
  /// Findings whose fix overlaps one that was applied.
  unsigned Conflicts = 0;
  /// What could not be written.
  std::vector<std::string> Problems;
};

/// A finding's fix is applied whole or not at all; each file is replaced in one
/// step.
FixResult applyFixes(const Report &R);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_FIXITS_H
