// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far the run is, on standard error: a bar with the time that is left on a
// terminal, one line a unit elsewhere.

#ifndef FEARLESS_FRONTENDS_CLI_PROGRESS_H
#define FEARLESS_FRONTENDS_CLI_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <mutex>

namespace fearless::cli {

/// Thread-safe.
class Progress {
public:
  Progress(unsigned Total, bool Quiet);

  /// One more unit is done, with \p Findings found in it.
  void done(llvm::StringRef File, unsigned Findings, bool Failed);

  /// Takes the bar away.
  void finish();

private:
  void draw();

  const unsigned Total;
  const bool Quiet, Bar;
  const std::chrono::steady_clock::time_point Begin;
  std::chrono::steady_clock::time_point Drawn;
  std::mutex Mutex;
  unsigned Done = 0, Found = 0, Broken = 0;
};

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_PROGRESS_H
