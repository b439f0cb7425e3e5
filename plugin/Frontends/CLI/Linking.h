// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From summaries of units to results: what "fearless link" does, and "fearless
// check" after its units.

#ifndef FEARLESS_FRONTENDS_CLI_LINKING_H
#define FEARLESS_FRONTENDS_CLI_LINKING_H

#include "Frontends/CLI/Result.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace fearless::cli {

struct Linked {
  std::vector<Result> Results;
  /// The sources of all units, in the order of the summaries.
  std::vector<std::string> Sources;
  /// Those that their compiler found errors in.
  std::vector<FailedUnit> Failed;
};

/// Links the summaries in the files \p Paths. Fails on the first that cannot be
/// read or is no summary; and, with \p Once, on two of one compilation. \p Level
/// gives the level of findings in the unit with this number.
llvm::Expected<Linked>
linkSummaries(llvm::ArrayRef<std::string> Paths, bool Once,
              llvm::function_ref<std::string(size_t Unit)> Level);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_LINKING_H
