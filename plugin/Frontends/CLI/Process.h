// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Child processes, and the wish to stop. LLVM's own ExecuteAndWait knows no
// working directory, and a compile command means nothing without its own.

#ifndef FEARLESS_FRONTENDS_CLI_PROCESS_H
#define FEARLESS_FRONTENDS_CLI_PROCESS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace fearless::cli {

struct ProcessResult {
  /// The exit code; -1 when it did not run or was ended by a signal.
  int Code = -1;
  /// The signal that ended it, or 0.
  int Signal = 0;
  /// Why it could not be started, or empty.
  std::string Problem;
};

struct ProcessOptions {
  llvm::StringRef Directory;
  /// Where its output goes; empty = nowhere.
  llvm::StringRef Stdout, Stderr;
  /// Of address space, in megabytes; 0 = none.
  unsigned MemoryLimit = 0;
};

/// Runs \p Arguments, the first of which is the path of the program, and waits
/// for its end. May be called from several threads.
ProcessResult runProcess(llvm::ArrayRef<std::string> Arguments,
                         const ProcessOptions &Options);

/// From now on Ctrl-C and SIGTERM end the children and are remembered; the
/// second one ends this process too.
void catchStop();
bool stopRequested();

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_PROCESS_H
