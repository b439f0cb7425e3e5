// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What git says has changed.

#ifndef FEARLESS_FRONTENDS_CLI_CHANGES_H
#define FEARLESS_FRONTENDS_CLI_CHANGES_H

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <string>

namespace fearless::cli {

class Changes {
public:
  /// The files of the repository around the current directory that differ from
  /// \p Revision or are not tracked. \p Scratch is a folder for git's output.
  static llvm::Expected<Changes> since(llvm::StringRef Revision,
                                       llvm::StringRef Scratch);

  bool contains(llvm::StringRef Path) const;

private:
  /// Real paths.
  llvm::StringSet<> Files;
};

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_CHANGES_H
