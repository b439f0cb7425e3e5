// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The analysis of one unit in a process of its own: the Clang that our plugin
// is built for, with the plugin. Whatever happens to that process, a crash, a
// kill, a full disk, becomes the outcome of this one unit.

#ifndef FEARLESS_FRONTENDS_CLI_WORKER_H
#define FEARLESS_FRONTENDS_CLI_WORKER_H

#include "Frontends/CLI/Result.h"
#include "Frontends/CLI/Units.h"

#include <map>
#include <mutex>

namespace fearless::cli {

struct Outcome {
  enum Kind {
    Analyzed,
    Failed,
    /// Stopped, or never begun.
    Interrupted,
  };
  Kind State = Interrupted;
  /// Why it failed.
  std::string Why;
  UnitLog Log;
  /// The log as the plugin wrote it, for the cache.
  std::string LogText;
  /// The file with its summary, if one was asked for.
  std::string SummaryPath;
  /// All files that the unit was made of, absolute.
  std::vector<std::string> Files;
};

struct Tools {
  std::string Clang;
  std::string Plugin;
};

/// Thread-safe.
class Worker {
public:
  /// \p Scratch is a folder for files of this run; summaries stay there.
  /// \p Settings go to the plugin.
  Worker(Tools T, std::string Scratch,
         std::vector<std::pair<std::string, std::string>> Settings,
         unsigned MemoryLimit, bool Summarize)
      : T(std::move(T)), Scratch(std::move(Scratch)),
        Settings(std::move(Settings)), MemoryLimit(MemoryLimit),
        Summarize(Summarize) {}

  /// \p Number is different for each unit of the run.
  Outcome run(const Unit &U, unsigned Number);

  /// The flags that Clang did not know and that were left out, with the number
  /// of units that had them.
  std::map<std::string, unsigned> unknownFlags() const;

private:
  std::vector<std::string> command(const Unit &U, llvm::StringRef Log,
                                   llvm::StringRef Dependencies,
                                   llvm::StringRef Summary);
  bool learnFlags(llvm::StringRef Errors, const Unit &U);

  const Tools T;
  const std::string Scratch;
  const std::vector<std::pair<std::string, std::string>> Settings;
  const unsigned MemoryLimit;
  const bool Summarize;
  mutable std::mutex Mutex;
  /// Flag to number of units.
  std::map<std::string, unsigned> Unknown;
};

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_WORKER_H
