// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which translation units are checked, with which command: read from a
// compile_commands.json or from the arguments after "--", made fit for our
// Clang (GCC's own flags, outputs and plugins taken out), and selected.

#ifndef FEARLESS_FRONTENDS_CLI_UNITS_H
#define FEARLESS_FRONTENDS_CLI_UNITS_H

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace fearless::cli {

struct Unit {
  /// Absolute.
  std::string File;
  std::string Directory;
  /// Without the program's name.
  std::vector<std::string> Arguments;
};

/// The database in \p Directory (or the file itself), response files expanded.
llvm::Expected<std::unique_ptr<clang::tooling::CompilationDatabase>>
openDatabase(llvm::StringRef Path);

/// The units of \p Database in the order they stand there, each command once.
/// \p Wanted, when not empty, are files, and folders of which all units are
/// taken; one that selects nothing is an error.
llvm::Expected<std::vector<Unit>>
selectUnits(const clang::tooling::CompilationDatabase &Database,
            llvm::ArrayRef<std::string> Wanted);

/// The units of a database that has no list of files: exactly \p Files.
llvm::Expected<std::vector<Unit>>
fixedUnits(const clang::tooling::CompilationDatabase &Database,
           llvm::ArrayRef<std::string> Files);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_UNITS_H
