// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless check: all units in parallel, each in a process of its own, then
// one report. Reads from top to bottom as the run goes.

#include "Frontends/CLI/Baseline.h"
#include "Frontends/CLI/Cache.h"
#include "Frontends/CLI/Changes.h"
#include "Frontends/CLI/CheckOptions.h"
#include "Frontends/CLI/Commands.h"
#include "Frontends/CLI/FixIts.h"
#include "Frontends/CLI/Linking.h"
#include "Frontends/CLI/Process.h"
#include "Frontends/CLI/Progress.h"
#include "Frontends/SarifLog.h"
#include "Frontends/WriteFile.h"
#include "Pipeline.h"
#include "Support/LLVMCompat.h"
#include "Support/Text.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/ThreadPool.h"

#include <atomic>
#include <optional>

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::string contents(StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

namespace {

/// A folder for the files of this run, deleted with all that is in it.
class ScratchFolder {
public:
  ScratchFolder() { Problem = fs::createUniqueDirectory("fearless", Path); }
  ~ScratchFolder() {
    if (!Problem)
      fs::remove_directories(Path);
  }
  llvm::SmallString<128> Path;
  std::error_code Problem;
};

/// What the run needs to know of a unit beside its command.
struct UnitSettings {
  std::string Level;
  /// Part of the cache's key.
  std::string Key;
};

} // namespace

// --- 1. What is needed to begin -------------------------------------------------

static llvm::Expected<std::string> findPlugin(StringRef Folder) {
  // Installed, and in a build directory.
  for (StringRef Relative : {StringRef("."), StringRef("../lib")}) {
    llvm::SmallString<256> Path(Folder);
    path::append(Path, Relative, "fearless-plugin.so");
    path::remove_dots(Path, /*remove_dot_dot=*/true);
    if (fs::exists(Path))
      return Path.str().str();
  }
  return error("fearless-plugin.so is missing; it belongs in '" + Folder + "'");
}

/// The Clang this tool was configured with, or one of that version from PATH.
static llvm::Expected<std::string> findClang(const std::string &Given,
                                             StringRef Scratch) {
  std::string Path = Given.empty() ? FEARLESS_CLANG : Given;
  if (Given.empty() && fs::can_execute(Path))
    return Path;
  auto Found = llvm::sys::findProgramByName(
      Given.empty() ? StringRef("clang-" FEARLESS_LLVM_MAJOR) : StringRef(Given));
  if (!Found)
    return error(Given.empty()
                     ? "there is neither '" FEARLESS_CLANG
                       "' nor clang-" FEARLESS_LLVM_MAJOR " in PATH; name one with --clang"
                     : "--clang: cannot run '" + Given + "'");
  // The plugin refuses another version, but then for every unit.
  const std::string Version = absolute(*Found), Out = (Scratch + "/version").str();
  ProcessOptions Options;
  Options.Stdout = Out;
  if (runProcess({Version, "--version"}, Options).Code != 0)
    return error("--clang: cannot run '" + Version + "'");
  const std::string Printed = contents(Out);
  StringRef Number = StringRef(Printed).split("clang version ").second;
  Number = Number.take_while([](char C) { return llvm::isDigit(C) || C == '.'; });
  if (Number != llvmVersion())
    return error("'" + Version + "' is Clang '" + Number +
                 "'; this tool was built for Clang " + llvmVersion());
  return Version;
}

static llvm::Expected<std::vector<Unit>> findUnits(const CheckOptions &O,
                                                   Environment &Env) {
  if (Env.Fixed) {
    if (!O.DatabasePath.empty())
      return error("-p and flags after '--' exclude each other");
    if (O.Files.empty())
      return error("name the files to check before '--'");
    return fixedUnits(*Env.Fixed, O.Files);
  }
  std::string Path = O.DatabasePath;
  if (Path.empty()) {
    if (!fs::exists("compile_commands.json"))
      return error("there is no compile_commands.json here; give its folder "
                   "with -p, or files with the compiler's flags after '--'");
    Path = ".";
  }
  auto Database = openDatabase(Path);
  if (!Database)
    return Database.takeError();
  return selectUnits(**Database, O.Files);
}

/// The settings of every unit, by the folder of its file: a mistake in a
/// .fearless.yaml is wrong use, and is told once, before anything runs.
static llvm::Expected<std::map<std::string, UnitSettings>>
findSettings(const CheckOptions &O, llvm::ArrayRef<Unit> Units) {
  std::map<std::string, UnitSettings> Out;
  for (const Unit &U : Units) {
    auto [It, New] = Out.try_emplace(path::parent_path(U.File).str());
    if (!New)
      continue;
    auto Loaded = loadSettings(O.Settings, U.File);
    if (!Loaded)
      return Loaded.takeError();
    It->second.Level =
        (*Loaded)->Opts.Severity == Severity::Warning ? "warning" : "error";
    if (!(*Loaded)->Path.empty())
      It->second.Key = (*Loaded)->Path + "\n" + contents((*Loaded)->Path);
    // With a summary, and without, are two results.
    if (O.Link)
      It->second.Key += "\nlink";
  }
  return Out;
}

llvm::Error fearless::cli::requireFolder(StringRef Option, StringRef Path) {
  if (Path.empty())
    return llvm::Error::success();
  const StringRef Folder = path::parent_path(Path);
  if (!Folder.empty() && !fs::is_directory(Folder))
    return error(Option + ": there is no folder '" + Folder + "'");
  if (fs::is_directory(Path))
    return error(Option + ": '" + Path + "' is a directory");
  return llvm::Error::success();
}

/// What every result depends on.
static std::string runKey(const CheckOptions &O, const Tools &T) {
  FileHashes Hashes;
  std::string Key = toolVersion().str() + " " + llvmVersion().str() + "\n" +
                    std::to_string(Hashes.of(T.Plugin).value_or(0)) + "\n" +
                    T.Clang + "\n";
  for (const auto &[Name, Value] : O.Settings)
    Key += Name + "=" + Value + "\n";
  for (const char *Name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"})
    if (auto Value = llvm::sys::Process::GetEnv(Name))
      Key += std::string(Name) + "=" + *Value + "\n";
  return Key;
}

// --- 2. The units ----------------------------------------------------------------

/// Leaves the units that may see a change. One whose files are not known yet
/// may see any. The summaries of the others, which the rest is linked with.
static std::vector<std::string>
selectChanged(std::vector<Unit> &Units, const Changes &Changed,
              const std::map<std::string, UnitSettings> &Settings, Cache &Kept) {
  std::vector<std::string> Summaries;
  llvm::erase_if(Units, [&](const Unit &U) {
    if (Changed.contains(U.File))
      return false;
    const std::string Key =
        Kept.key(U, Settings.at(path::parent_path(U.File).str()).Key);
    const std::vector<std::string> Files = Kept.filesOf(Key);
    if (Files.empty() || llvm::any_of(Files, [&](const std::string &File) {
          return Changed.contains(File);
        }))
      return false;
    if (std::optional<Outcome> Before = Kept.find(Key, /*WithSummary=*/true))
      Summaries.push_back(Before->SummaryPath);
    return true;
  });
  return Summaries;
}

static std::vector<Outcome>
analyze(llvm::ArrayRef<Unit> Units, const CheckOptions &O, Worker &W, Cache &Kept,
        const std::map<std::string, UnitSettings> &Settings, Report &R) {
  std::vector<Outcome> Outcomes(Units.size());
  std::atomic<unsigned> FromCache{0};
  Progress Shown(Units.size(), O.Quiet);
  auto One = [&](size_t I) {
    if (stopRequested())
      return;
    const Unit &U = Units[I];
    const UnitSettings &S = Settings.at(path::parent_path(U.File).str());
    const std::string Key = Kept.key(U, S.Key);
    const auto Begin = std::chrono::system_clock::now();
    if (std::optional<Outcome> Before = Kept.find(Key, O.Link)) {
      Outcomes[I] = std::move(*Before);
      ++FromCache;
    } else {
      Outcomes[I] = W.run(U, I);
      if (Outcomes[I].State == Outcome::Analyzed)
        Kept.store(Key, Outcomes[I], Begin);
    }
    Outcome &Mine = Outcomes[I];
    for (Result &Found : Mine.Log.Results)
      Found.Level = S.Level;
    // A thousand units need a thousand of these at once otherwise.
    Mine.LogText = {};
    Mine.Files = {};
    if (Mine.State != Outcome::Interrupted)
      Shown.done(shown(U.File, R.Root), Mine.Log.Results.size(),
                 Mine.State == Outcome::Failed);
  };
  {
    FEARLESS_THREAD_POOL Pool(llvm::hardware_concurrency(O.Jobs));
    for (size_t I = 0; I != Units.size(); ++I)
      Pool.async([&One, I] { One(I); });
    Pool.wait();
  }
  Shown.finish();
  R.FromCache = FromCache;
  return Outcomes;
}

static void collect(llvm::ArrayRef<Unit> Units,
                    llvm::MutableArrayRef<Outcome> Outcomes, Report &R) {
  R.Units = Units.size();
  for (size_t I = 0; I != Units.size(); ++I) {
    Outcome &O = Outcomes[I];
    switch (O.State) {
    case Outcome::Interrupted:
      R.Interrupted = true;
      break;
    case Outcome::Failed:
      R.Failed.push_back({Units[I].File, O.Why});
      break;
    case Outcome::Analyzed:
      ++R.Analyzed;
      llvm::move(O.Log.Results, std::back_inserter(R.Results));
      llvm::move(O.Log.Incomplete, std::back_inserter(R.Incomplete));
      break;
    }
  }
  mergeResults(R.Results);
}

/// What all units together show. A summary that is gone (another run pruned the
/// cache) leaves the run incomplete.
static void link(llvm::ArrayRef<Unit> Units, llvm::ArrayRef<Outcome> Outcomes,
                 std::vector<std::string> Summaries,
                 const std::map<std::string, UnitSettings> &Settings,
                 Cache &Kept, Report &R) {
  std::vector<StringRef> Levels(Summaries.size(), "error");
  for (size_t I = 0; I != Units.size(); ++I)
    if (Outcomes[I].State == Outcome::Analyzed) {
      Summaries.push_back(Outcomes[I].SummaryPath);
      Levels.push_back(Settings.at(path::parent_path(Units[I].File).str()).Level);
    }
  if (Summaries.size() < 2)
    return;
  std::string More;
  for (StringRef Level : Levels)
    More += Level.str() + " ";
  const std::string Key = Kept.key(Summaries, More);
  std::vector<Result> Results;
  auto Before = Kept.text(Key);
  llvm::Expected<UnitLog> Log =
      Before ? readLog(*Before) : error("nothing is kept");
  if (Log) {
    Results = std::move(Log->Results);
  } else {
    llvm::consumeError(Log.takeError());
    auto Found = linkSummaries(Summaries, /*Once=*/false, [&](size_t I) {
      return Levels[I].str();
    });
    if (!Found) {
      R.Failed.push_back({R.Root, "the units could not be linked: " +
                                      llvm::toString(Found.takeError())});
      return;
    }
    Report All;
    All.Root = R.Root;
    All.Results = Found->Results;
    std::string Text;
    llvm::raw_string_ostream OS(Text);
    writeReport(All, Format::Sarif, /*Colors=*/false, OS);
    Kept.store(Key, OS.str());
    Results = std::move(Found->Results);
  }
  llvm::move(Results, std::back_inserter(R.Results));
  mergeResults(R.Results);
}

// --- 3. The report ---------------------------------------------------------------

static void dropUnchanged(Report &R, const Changes &Changed) {
  const size_t Before = R.Results.size();
  llvm::erase_if(R.Results, [&](const Result &Found) {
    return !Changed.contains(Found.At.File) &&
           llvm::none_of(Found.Notes, [&](const Remark &Note) {
             return Changed.contains(Note.At.File);
           });
  });
  R.Unchanged = Before - R.Results.size();
}

int fearless::cli::conclude(Report &R, Format F, StringRef Output,
                            StringRef NewBaseline) {
  int Code = R.exitCode();
  auto Fail = [&](llvm::Error E) {
    Code = complain(llvm::toString(std::move(E)), ExitCode::Incomplete);
  };
  if (!NewBaseline.empty()) {
    if (llvm::Error E = writeBaseline(R, NewBaseline)) {
      Fail(std::move(E));
    } else {
      for (Result &Found : R.Results)
        Found.Known = true;
      Code = R.exitCode();
    }
  }
  if (llvm::Error E = deliver(R, F, Output))
    Fail(std::move(E));
  return Code;
}

static int run(const CheckOptions &O, Environment &Env, llvm::Error &Wrong) {
  llvm::ErrorAsOutParameter Out(&Wrong);
  auto Refuse = [&](llvm::Error E) {
    Wrong = std::move(E);
    return ExitCode::WrongUse;
  };
  if (llvm::Error E = requireFolder("--output", O.Output))
    return Refuse(std::move(E));
  if (llvm::Error E = requireFolder("--write-baseline", O.NewBaseline))
    return Refuse(std::move(E));
  if (!O.NewBaseline.empty() && (!O.ChangedSince.empty() || !(O.Files.empty() || Env.Fixed)))
    return Refuse(error("--write-baseline lists the findings of all units; leave out "
                        "--changed-since and the files"));
  auto Units = findUnits(O, Env);
  if (!Units)
    return Refuse(Units.takeError());
  auto Settings = findSettings(O, *Units);
  if (!Settings)
    return Refuse(Settings.takeError());
  std::optional<Baseline> Known;
  if (!O.Baseline.empty()) {
    auto Read = Baseline::read(O.Baseline);
    if (!Read)
      return Refuse(Read.takeError());
    Known = std::move(*Read);
  }
  const ScratchFolder Scratch;
  if (Scratch.Problem)
    return complain("cannot make a folder for temporary files: " +
                        Scratch.Problem.message(),
                    ExitCode::Incomplete);
  auto Plugin = findPlugin(Env.Folder);
  if (!Plugin)
    return Refuse(Plugin.takeError());
  auto Clang = findClang(O.Clang, Scratch.Path);
  if (!Clang)
    return Refuse(Clang.takeError());
  const Tools T{*Clang, *Plugin};
  Cache Kept(O.CacheFolder, O.CacheFolder.empty() ? std::string() : runKey(O, T));
  std::optional<Changes> Changed;
  std::vector<std::string> Unchanged;
  const size_t AllUnits = Units->size();
  if (!O.ChangedSince.empty()) {
    auto Asked = Changes::since(O.ChangedSince, Scratch.Path);
    if (!Asked)
      return Refuse(Asked.takeError());
    Changed = std::move(*Asked);
    Unchanged = selectChanged(*Units, *Changed, *Settings, Kept);
  }

  catchStop();
  Report R;
  R.Root = currentDirectory();
  R.Pages = checkPagesFrom(Env.Folder);
  Worker W(T, Scratch.Path.str().str(), O.Settings, O.MemoryLimit, O.Link);
  std::vector<Outcome> Outcomes = analyze(*Units, O, W, Kept, *Settings, R);
  collect(*Units, Outcomes, R);
  if (O.Link && !stopRequested())
    link(*Units, Outcomes, std::move(Unchanged), *Settings, Kept, R);
  R.UnknownFlags = W.unknownFlags();
  Kept.prune();

  if (Changed)
    dropUnchanged(R, *Changed);
  if (Known) {
    Known->apply(R);
    // What was not looked at is not gone.
    if (!O.Files.empty() || Units->size() != AllUnits || Changed ||
        R.exitCode() == ExitCode::Incomplete)
      R.Stale.clear();
  }
  int Code = conclude(R, O.Format, O.Output, O.NewBaseline);
  if (O.Fix) {
    const FixResult Fixed = applyFixes(R);
    for (const std::string &Problem : Fixed.Problems)
      Code = complain(Problem, ExitCode::Incomplete);
    if (!O.Quiet)
      llvm::errs() << "fearless: applied the fixes of " << Fixed.Applied
                   << " findings"
                   << (Fixed.Conflicts ? "; others overlap them: run it again" : "")
                   << "\n";
  }
  if (!O.Quiet)
    writeSummary(R, llvm::errs());
  return Code;
}

static int check(Environment &Env) {
  llvm::Error Wrong = llvm::Error::success();
  const int Code = run(checkOptions(), Env, Wrong);
  if (Wrong)
    return complain(llvm::toString(std::move(Wrong)));
  return Code;
}

const Command fearless::cli::CheckCommand = {cli::Check, check};
