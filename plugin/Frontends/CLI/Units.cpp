// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Units.h"

#include "Frontends/CLI/Result.h"
#include "Support/Text.h"

#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <set>

using namespace fearless::cli;
using namespace clang::tooling;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Flags that GCC writes into commands and Clang stops at. They change nothing
/// that the analysis sees. A flag that is missing here costs one vain start of
/// the compiler and a remark; see Worker.
static bool isKnownGccFlag(StringRef Flag) {
  static constexpr StringRef Prefixes[] = {
      "-fanalyzer",        "-fno-analyzer",
      "-fconcepts",        "-fcondition-coverage",
      "-fconserve-stack",  "-fdeps-",
      "-fdiagnostics-urls", "-fgcse",
      "-fimplicit-constexpr", "-fipa-",
      "-fira-",            "-fmodule-mapper=",
      "-fmodules-ts",      "-fno-allow-store-data-races",
      "-fno-canonical-system-headers", "-fno-fat-lto-objects",
      "-fno-gcse",         "-fno-ipa-",
      "-fno-printf-return-value", "-fno-tree-",
      "-fno-var-tracking", "-fno-weak-tables",
      "-ftree-",           "-fvar-tracking",
      "-fuse-linker-plugin", "-fno-use-linker-plugin",
      "-mindirect-branch", "-mno-direct-extern-access",
      "-specs=",           "--specs=",
  };
  for (StringRef Prefix : Prefixes) {
    StringRef Rest = Flag;
    if (Rest.consume_front(Prefix))
      return true;
  }
  return false;
}

/// "-include-pch FILE", alone or behind -Xclang: a precompiled header is made
/// by another compiler, and the same text is included beside it.
static size_t lengthOfPch(llvm::ArrayRef<std::string> Arguments) {
  size_t I = 0;
  if (Arguments[0] == "-Xclang")
    I = 1;
  if (I >= Arguments.size() || Arguments[I] != "-include-pch")
    return 0;
  I += I == 1 ? 3 : 2; // -Xclang -include-pch -Xclang FILE
  return std::min(I, Arguments.size());
}

/// Plugins are for the build: GCC's cannot be loaded, and ours is loaded
/// anyway. What a build tells ours about the unit (fearless_check(t STRICT))
/// stays; where results go does not.
static bool isPluginFlag(StringRef Flag) {
  if (Flag.consume_front("-fplugin-arg-fearless-")) {
    const StringRef Key = Flag.split('=').first;
    return Key == "sarif" || Key == "summary" || Key == "dump" || Key == "severity";
  }
  return Flag.consume_front("-fplugin") || Flag.consume_front("-fpass-plugin=");
}

/// What writes files of its own beside the output, or makes messages that are
/// not for reading.
static bool isOutputFlag(StringRef Flag) {
  return Flag.consume_front("-ftime-trace") || Flag.consume_front("-fdiagnostics-format=") ||
         Flag.consume_front("-fmodule-output") || Flag.consume_front("-fproc-stat-report") ||
         Flag.consume_front("-fcrash-diagnostics");
}

/// "--serialize-diagnostics FILE".
static size_t lengthOfLog(StringRef Flag) {
  return Flag == "--serialize-diagnostics" || Flag == "-serialize-diagnostics" ? 2 : 0;
}

static std::vector<std::string> clean(std::vector<std::string> Command,
                                      StringRef File) {
  // clang-cl's or arm-none-eabi-g++'s meaning is in the name of the program,
  // which ours replaces.
  if (!Command.empty())
    addTargetAndModeForProgramName(Command, Command.front());
  static const ArgumentsAdjuster Adjust = combineAdjusters(
      combineAdjusters(getClangStripOutputAdjuster(),
                       getClangSyntaxOnlyAdjuster()),
      combineAdjusters(getClangStripDependencyFileAdjuster(),
                       getStripPluginsAdjuster()));
  Command = Adjust(Command, File);
  std::vector<std::string> Out;
  for (size_t I = 1; I < Command.size();) {
    if (size_t Pch = lengthOfPch(llvm::ArrayRef(Command).drop_front(I))) {
      I += Pch;
      continue;
    }
    if (size_t Log = lengthOfLog(Command[I])) {
      I += Log;
      continue;
    }
    if (!isKnownGccFlag(Command[I]) && !isPluginFlag(Command[I]) &&
        !isOutputFlag(Command[I]))
      Out.push_back(std::move(Command[I]));
    ++I;
  }
  return Out;
}

llvm::Expected<std::unique_ptr<CompilationDatabase>>
fearless::cli::openDatabase(StringRef Path) {
  llvm::SmallString<256> File(Path);
  if (!fs::exists(Path))
    return error("'" + Path + "': no such file or directory");
  if (fs::is_directory(Path))
    path::append(File, "compile_commands.json");
  if (!fs::exists(File))
    return error("there is no compile_commands.json in '" + Path +
                 "'; CMake writes one with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON");
  std::string Problem;
  auto Database = JSONCompilationDatabase::loadFromFile(
      File, Problem, JSONCommandLineSyntax::AutoDetect);
  if (!Database)
    return error("cannot read '" + File + "': " + StringRef(Problem).trim());
  return expandResponseFiles(std::move(Database),
                             llvm::vfs::getRealFileSystem());
}

static std::string fileOf(const CompileCommand &Command) {
  llvm::SmallString<256> File(Command.Filename);
  if (!path::is_absolute(File)) {
    File = Command.Directory;
    path::append(File, Command.Filename);
  }
  return absolute(File);
}

static void add(CompileCommand Command, std::vector<Unit> &Out,
                std::set<std::vector<std::string>> &Seen) {
  Unit U;
  U.File = fileOf(Command);
  U.Directory = absolute(Command.Directory);
  U.Arguments = clean(std::move(Command.CommandLine), Command.Filename);
  // Outputs are gone, so one source in two targets can be one command.
  std::vector<std::string> Key = U.Arguments;
  Key.push_back(U.Directory);
  if (Seen.insert(std::move(Key)).second)
    Out.push_back(std::move(U));
}

/// Whether \p File is \p Wanted or lies below it.
static bool selects(StringRef Wanted, StringRef File) {
  return File.consume_front(Wanted) &&
         (File.empty() || Wanted.back() == '/' || File.front() == '/');
}

llvm::Expected<std::vector<Unit>>
fearless::cli::selectUnits(const CompilationDatabase &Database,
                           llvm::ArrayRef<std::string> Wanted) {
  std::vector<std::string> Paths;
  for (const std::string &Path : Wanted) {
    if (!fs::exists(Path))
      return error("'" + Path + "': no such file or directory");
    Paths.push_back(absolute(Path));
  }
  std::vector<bool> Used(Paths.size(), false);
  std::vector<Unit> Out;
  std::set<std::vector<std::string>> Seen;
  for (CompileCommand &Command : Database.getAllCompileCommands()) {
    bool Selected = Paths.empty();
    const std::string File = fileOf(Command);
    for (size_t I = 0; I != Paths.size(); ++I)
      if (selects(Paths[I], File))
        Selected = Used[I] = true;
    if (Selected)
      add(std::move(Command), Out, Seen);
  }
  for (size_t I = 0; I != Paths.size(); ++I)
    if (!Used[I])
      return error("'" + Wanted[I] + "': compile_commands.json has no command for it");
  if (Out.empty())
    return error("compile_commands.json holds no command");
  return Out;
}

llvm::Expected<std::vector<Unit>>
fearless::cli::fixedUnits(const CompilationDatabase &Database,
                          llvm::ArrayRef<std::string> Files) {
  std::vector<Unit> Out;
  std::set<std::vector<std::string>> Seen;
  for (const std::string &File : Files) {
    if (!fs::exists(File))
      return error("'" + File + "': no such file or directory");
    if (fs::is_directory(File))
      return error("'" + File + "' is a directory; with flags after '--', name source files");
    for (CompileCommand &Command : Database.getCompileCommands(File))
      add(std::move(Command), Out, Seen);
  }
  return Out;
}
