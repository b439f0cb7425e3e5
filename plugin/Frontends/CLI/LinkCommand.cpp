// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless link: summaries of units that a build with the plugin wrote, joined;
// what only all of them together show is reported.

#include "Frontends/CLI/Baseline.h"
#include "Frontends/CLI/CheckOptions.h"
#include "Frontends/CLI/Commands.h"
#include "Frontends/CLI/Linking.h"
#include "Frontends/SarifLog.h"
#include "Support/Options.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <optional>
#include <set>

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace cl = llvm::cl;
namespace fs = llvm::sys::fs;

static cl::list<std::string> Summaries(
    cl::Positional, cl::OneOrMore,
    cl::desc("<summaries, or folders of *.fearless...>"), cl::sub(cli::Link),
    cl::cat(Category));

/// The files that the arguments mean, each once and in an order that does not
/// depend on the file system.
static llvm::Expected<std::vector<std::string>> findSummaries() {
  std::set<std::string> Out;
  for (const std::string &Path : Summaries) {
    if (!fs::is_directory(Path)) {
      Out.insert(Path);
      continue;
    }
    std::error_code EC;
    for (fs::recursive_directory_iterator It(Path, EC), End; It != End && !EC;
         It.increment(EC))
      if (llvm::sys::path::extension(It->path()) == ".fearless")
        Out.insert(It->path());
    if (EC)
      return llvm::createStringError(EC, "cannot read '%s': %s", Path.c_str(),
                                     EC.message().c_str());
  }
  if (Out.empty())
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "there is no *.fearless in what was named");
  return std::vector<std::string>(Out.begin(), Out.end());
}

static llvm::Expected<int> run(Environment &Env) {
  const CheckOptions O = checkOptions();
  // The settings that the plugin would be given, for their errors, too.
  Options Settings;
  for (const auto &[Key, Value] : O.Settings)
    if (llvm::Error E = Settings.set(Key, Value))
      return std::move(E);
  for (const auto &[Option, Path] :
       {std::pair(StringRef("--output"), StringRef(O.Output)),
        std::pair(StringRef("--write-baseline"), StringRef(O.NewBaseline))})
    if (llvm::Error E = requireFolder(Option, Path))
      return std::move(E);
  std::optional<Baseline> Known;
  if (!O.Baseline.empty()) {
    auto Read = Baseline::read(O.Baseline);
    if (!Read)
      return Read.takeError();
    Known = std::move(*Read);
  }
  auto Paths = findSummaries();
  if (!Paths)
    return Paths.takeError();
  const std::string Level =
      Settings.Severity == Severity::Warning ? "warning" : "error";
  auto Found = linkSummaries(*Paths, /*Once=*/true, [&](size_t) { return Level; });
  if (!Found)
    return Found.takeError();

  Report R;
  R.Root = currentDirectory();
  R.Pages = checkPagesFrom(Env.Folder);
  R.Units = Found->Sources.size();
  R.Analyzed = R.Units - Found->Failed.size();
  R.Failed = std::move(Found->Failed);
  for (Result &Each : Found->Results)
    if (Settings.isEnabled(Each.Check))
      R.Results.push_back(std::move(Each));
  mergeResults(R.Results);
  if (Known)
    Known->apply(R);
  // A baseline may list what the units show by themselves.
  R.Stale.clear();
  const int Code = conclude(R, O.Format, O.Output, O.NewBaseline);
  if (!O.Quiet)
    writeSummary(R, llvm::errs());
  return Code;
}

static int linkUnits(Environment &Env) {
  auto Code = run(Env);
  return Code ? *Code : complain(llvm::toString(Code.takeError()));
}

const Command fearless::cli::LinkCommand = {cli::Link, linkUnits};
