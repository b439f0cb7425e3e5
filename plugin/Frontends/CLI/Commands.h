// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The subcommands of the tool. Each is defined, with its options, in a file of
// its own.

#ifndef FEARLESS_FRONTENDS_CLI_COMMANDS_H
#define FEARLESS_FRONTENDS_CLI_COMMANDS_H

#include "Frontends/CLI/Report.h"
#include "Frontends/CLI/Worker.h"

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/CommandLine.h"

#include <memory>

namespace fearless::cli {

extern llvm::cl::OptionCategory Category;

/// What main() knows.
struct Environment {
  /// The folder of this program, links followed.
  std::string Folder;
  /// Made of the arguments after "--", or null without.
  std::unique_ptr<clang::tooling::CompilationDatabase> Fixed;
};

struct Command {
  llvm::cl::SubCommand &Sub;
  int (*Run)(Environment &);
};

extern const Command CheckCommand, ExplainCommand, LinkCommand,
    ListChecksCommand, ListModelsCommand, ReportCommand;

/// The values of --format.
inline llvm::cl::ValuesClass formats() {
  return llvm::cl::values(
      clEnumValN(Format::Text, "text", "as a compiler prints errors (default)"),
      clEnumValN(Format::Json, "json", "JSON"),
      clEnumValN(Format::Sarif, "sarif", "SARIF 2.1.0"),
      clEnumValN(Format::GitHub, "github", "GitHub workflow annotations"),
      clEnumValN(Format::GitLab, "gitlab", "GitLab code quality"),
      clEnumValN(Format::Html, "html", "one page for a browser"));
}

/// "fearless: error: ..." on standard error.
int complain(const llvm::Twine &Text, ExitCode Code = ExitCode::WrongUse);

/// A path that cannot be written is told before the work, not after it.
llvm::Error requireFolder(llvm::StringRef Option, llvm::StringRef Path);

/// Writes the new baseline, if one is asked for, and the report; complains of
/// what cannot be written. The exit code.
int conclude(Report &R, Format F, llvm::StringRef Output,
             llvm::StringRef NewBaseline);

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_COMMANDS_H
