// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The settings of one run: the options given, over those of the nearest
// .fearless.yaml, and the models that file adds to the shipped ones.

#ifndef FEARLESS_MODELS_SETTINGS_H
#define FEARLESS_MODELS_SETTINGS_H

#include "Models/ModelReader.h"
#include "Models/ModelTable.h"
#include "Support/Options.h"

#include <memory>

namespace fearless {

/// An option as given: key and value.
using OptionArgument = std::pair<std::string, std::string>;

struct Settings {
  Options Opts;
  ModelTable Models;
  /// The settings file that was read, or empty.
  std::string Path;

  /// Reads the settings for the source file \p MainFile. Fails, with a text
  /// that holds file, line and column where there is one, on an unknown or
  /// malformed option and on a file that cannot be read or understood.
  static llvm::Expected<std::unique_ptr<Settings>>
  load(llvm::ArrayRef<OptionArgument> Given, llvm::StringRef MainFile);

private:
  OwnedModels UserModels;
};

} // namespace fearless

#endif // FEARLESS_MODELS_SETTINGS_H
