// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What "fearless check", or "fearless link", was asked to do, as given and
// checked.

#ifndef FEARLESS_FRONTENDS_CLI_CHECKOPTIONS_H
#define FEARLESS_FRONTENDS_CLI_CHECKOPTIONS_H

#include "Frontends/CLI/Report.h"

#include "llvm/Support/CommandLine.h"

#include <string>
#include <vector>

namespace fearless::cli {

extern llvm::cl::SubCommand Check, Link;

struct CheckOptions {
  std::string DatabasePath;
  std::vector<std::string> Files;
  unsigned Jobs = 1;
  unsigned MemoryLimit = 0;
  cli::Format Format = cli::Format::Text;
  /// Empty = standard output.
  std::string Output;
  std::string Baseline, NewBaseline;
  std::string ChangedSince;
  bool Fix = false, Quiet = false;
  /// Joins the units: see Linking.h.
  bool Link = true;
  std::string CacheFolder;
  std::string Clang;
  /// For the plugin: key and value.
  std::vector<std::pair<std::string, std::string>> Settings;
};

/// The options as parsed.
CheckOptions checkOptions();

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_CHECKOPTIONS_H
