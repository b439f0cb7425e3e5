// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The settings of a run, and the one table that says how each is spelled. The
// plugin's arguments, the tidy module's options and .fearless.yaml all go
// through it, so they cannot drift apart.

#ifndef FEARLESS_SUPPORT_OPTIONS_H
#define FEARLESS_SUPPORT_OPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Regex.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fearless {

enum class Mode : uint8_t {
  /// Innocent until proven guilty.
  Default,
  /// Guilty until proven innocent.
  Strict,
};

enum class Severity : uint8_t { Error, Warning };

struct Options {
  fearless::Mode Mode = Mode::Default;
  fearless::Severity Severity = Severity::Error;
  /// Path of the settings file; empty = search upwards from the source.
  std::string Config;
  std::string Sarif;
  /// Where the unit's summary goes.
  std::string Summary;
  bool DumpTraits = false;
  bool DumpBoundaries = false;
  bool DumpFacts = false;
  bool DumpGuards = false;

  /// Sets one option. Fails with a text that names the key and what is
  /// accepted, without changing anything.
  llvm::Error set(llvm::StringRef Key, llvm::StringRef Value);

  /// Whether `checks` selects the check. Later globs win, as in clang-tidy.
  bool isEnabled(llvm::StringRef Check) const;
  /// The first glob of `checks` that matches none of \p Known, or empty: a
  /// misspelled name would leave code unchecked without a word.
  llvm::StringRef uselessGlob(llvm::ArrayRef<llvm::StringRef> Known) const;
  /// Whether findings in this header are shown.
  bool showsHeader(llvm::StringRef File) const;

private:
  friend struct OptionTable;
  struct CheckGlob {
    bool Enable;
    /// Patterns point into their text.
    std::shared_ptr<const std::string> Text;
    llvm::GlobPattern Pattern;
  };
  std::vector<CheckGlob> Checks;
  std::shared_ptr<llvm::Regex> HeaderFilter;
};

/// One row of the table: key, the values it takes, and what it does.
struct OptionHelp {
  llvm::StringRef Key;
  llvm::StringRef Values;
  llvm::StringRef Text;
};
llvm::ArrayRef<OptionHelp> optionTable();

} // namespace fearless

#endif // FEARLESS_SUPPORT_OPTIONS_H
