// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless report: logs that were written before, by builds with the plugin or
// by the tool, merged and written in another form.

#include "Frontends/CLI/Commands.h"
#include "Frontends/SarifLog.h"
#include "Frontends/WriteFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace cl = llvm::cl;
namespace fs = llvm::sys::fs;

static cl::SubCommand Sub(
    "report", "Merge SARIF logs that the plugin or this tool wrote, and write one report");
static cl::list<std::string> Logs(cl::Positional, cl::OneOrMore,
                                  cl::desc("<logs, or folders of *.sarif...>"),
                                  cl::sub(Sub), cl::cat(Category));
static cl::opt<Format> OutputFormat("format", cl::desc("The form of the report"),
                                    cl::init(Format::Text), formats(), cl::sub(Sub),
                                    cl::cat(Category));
static cl::opt<bool> Html("html", cl::desc("The same as --format=html"), cl::sub(Sub),
                          cl::cat(Category));
static cl::opt<std::string> Output("output", cl::value_desc("file"),
                                   cl::desc("Where the report goes instead of standard output"),
                                   cl::sub(Sub), cl::cat(Category));

/// The logs that the arguments mean, in an order that does not depend on the
/// file system.
static llvm::Expected<std::set<std::string>> findLogs() {
  std::set<std::string> Out;
  for (const std::string &Path : Logs) {
    if (!fs::is_directory(Path)) {
      Out.insert(Path);
      continue;
    }
    std::error_code EC;
    for (fs::recursive_directory_iterator It(Path, EC), End; It != End && !EC; It.increment(EC))
      if (llvm::sys::path::extension(It->path()) == ".sarif")
        Out.insert(It->path());
    if (EC)
      return llvm::createStringError(EC, "cannot read '%s': %s", Path.c_str(),
                                     EC.message().c_str());
  }
  return Out;
}

static int report(Environment &Env) {
  Report R;
  R.Root = currentDirectory();
  R.Pages = checkPagesFrom(Env.Folder);
  auto Paths = findLogs();
  if (!Paths)
    return complain(llvm::toString(Paths.takeError()));
  if (Paths->empty())
    return complain("there is no *.sarif in what was named");
  for (const std::string &Path : *Paths) {
    auto Buffer = llvm::MemoryBuffer::getFile(Path);
    if (!Buffer)
      return complain("cannot read '" + Path + "': " + Buffer.getError().message());
    auto Log = readLog((*Buffer)->getBuffer());
    if (!Log)
      return complain("'" + Path + "': " + llvm::toString(Log.takeError()));
    R.Units += Log->Units;
    R.Analyzed += Log->AnalyzedUnits;
    llvm::move(Log->Results, std::back_inserter(R.Results));
    llvm::move(Log->Incomplete, std::back_inserter(R.Incomplete));
    llvm::move(Log->Failed, std::back_inserter(R.Failed));
    if (!Log->Analyzed && Log->Failed.empty())
      R.Failed.push_back({absolute(Path), "its log says that the analysis is incomplete"});
  }
  mergeResults(R.Results);
  if (llvm::Error E = deliver(R, Html ? Format::Html : OutputFormat, Output))
    return complain(llvm::toString(std::move(E)), ExitCode::Incomplete);
  writeSummary(R, llvm::errs());
  return R.exitCode();
}

const Command fearless::cli::ReportCommand = {Sub, report};
