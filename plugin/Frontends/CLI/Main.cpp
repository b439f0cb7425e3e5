// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless, the command line tool: chooses the subcommand.

#include "Frontends/CLI/Commands.h"
#include "Frontends/SarifLog.h"
#include "Support/VersionGuard.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

#include <csignal>
#include <cstring>

using namespace fearless;
using namespace fearless::cli;
namespace cl = llvm::cl;

cl::OptionCategory fearless::cli::Category("Options");

int fearless::cli::complain(const llvm::Twine &Text, ExitCode Code) {
  llvm::WithColor::error(llvm::errs(), "fearless") << Text << "\n";
  return Code;
}

static void printVersion(llvm::raw_ostream &OS) {
  OS << "fearless " << toolVersion() << " (LLVM " << llvmVersion() << ")\n";
}

/// LLVM says "prog: text"; a second prefix would be one too many. Of a wrong
/// value it has told by itself.
static int complainOf(llvm::StringRef Text) {
  Text.consume_front("fearless: ");
  Text = Text.trim();
  return Text.empty() ? int(ExitCode::WrongUse) : complain(Text);
}

int main(int Argc, const char **Argv) {
  // A pipe that is closed early is a failed write, not a death.
  std::signal(SIGPIPE, SIG_IGN);
  requireMatchingHost("fearless");

  Environment Env;
  static const char Here = 0;
  const std::string Program = llvm::sys::fs::getMainExecutable(
      Argv[0], const_cast<char *>(&Here));
  llvm::SmallString<256> Real;
  if (llvm::sys::fs::real_path(Program, Real))
    Real = Program;
  Env.Folder = llvm::sys::path::parent_path(Real).str();

  // All after "--" is for the compiler.
  std::string Problem;
  Env.Fixed = clang::tooling::FixedCompilationDatabase::loadFromCommandLine(
      Argc, Argv, Problem);

  const Command All[] = {CheckCommand,      LinkCommand,       ExplainCommand,
                         ListChecksCommand, ListModelsCommand, ReportCommand};
  cl::HideUnrelatedOptions(Category);
  for (const Command &C : All)
    cl::HideUnrelatedOptions(Category, C.Sub);
  cl::SetVersionPrinter(printVersion);

  std::vector<const char *> Arguments(Argv, Argv + Argc);
  // Messages and the usage speak of the tool, wherever it was called from.
  Arguments[0] = "fearless";
  std::string Text;
  llvm::raw_string_ostream Errors(Text);
  if (!cl::ParseCommandLineOptions(
          Arguments.size(), Arguments.data(),
          "Fearless: finds data races and unguarded sharing in C++\n\n"
          "  Exit codes: 0 nothing found, 1 findings, 2 wrong use, 3 analysis "
          "incomplete.\n",
          &Errors))
    return complainOf(Errors.str());
  for (const Command &C : All)
    if (C.Sub)
      return C.Run(Env);
  if (Argc > 1)
    return complain("unknown command '" + llvm::Twine(Argv[1]) +
                    "'; see 'fearless --help'");
  cl::PrintHelpMessage();
  return ExitCode::WrongUse;
}
