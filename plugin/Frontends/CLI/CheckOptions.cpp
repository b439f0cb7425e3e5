// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/CheckOptions.h"

#include "Frontends/CLI/Cache.h"
#include "Frontends/CLI/Commands.h"

#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <thread>

using namespace fearless::cli;
using llvm::StringRef;
namespace cl = llvm::cl;

cl::SubCommand fearless::cli::Check(
    "check", "Check source files: those of a compile_commands.json (-p), or "
             "single ones with the compiler's flags after '--'");

cl::SubCommand fearless::cli::Link(
    "link", "Join the summaries that builds with the plugin wrote, and report "
            "what only several units together show");

namespace {

/// Of both commands.
template <class T> struct CommonOption : cl::opt<T> {
  template <class... Ms>
  explicit CommonOption(Ms &&...Modifiers)
      : cl::opt<T>(std::forward<Ms>(Modifiers)..., cl::sub(Check), cl::sub(Link),
                   cl::cat(Category)) {}
};
using CommonText = CommonOption<std::string>;

template <class T> struct Option : cl::opt<T> {
  template <class... Ms>
  explicit Option(Ms &&...Modifiers)
      : cl::opt<T>(std::forward<Ms>(Modifiers)..., cl::sub(Check), cl::cat(Category)) {}
};
using Text = Option<std::string>;

Text DatabasePath("p", cl::value_desc("dir"),
                  cl::desc("The folder of compile_commands.json, or the file itself"));
cl::list<std::string> Files(cl::Positional, cl::desc("[files or folders...]"),
                            cl::sub(Check), cl::cat(Category));
Option<unsigned> Jobs("j", cl::Prefix, cl::value_desc("N"),
                      cl::desc("Units analysed at a time (default: one a processor, "
                               "fewer when memory is short)"));
CommonOption<Format> OutputFormat(
    "format", cl::desc("The form of the report"), cl::init(Format::Text),
    formats());
CommonText Output("output", cl::value_desc("file"),
            cl::desc("Where the report goes instead of standard output; the file is "
                     "replaced as a whole or not at all"));
Text Mode("mode", cl::value_desc("default|strict"),
          cl::desc("strict rejects whatever is not proven; default only what is wrong"));
CommonText Severity("severity", cl::value_desc("error|warning"),
              cl::desc("The level of findings in the report"));
CommonText Checks("checks", cl::value_desc("globs"),
            cl::desc("The checks that run; -glob leaves some out"));
Text Config("config", cl::value_desc("file"),
            cl::desc("The settings file instead of the nearest .fearless.yaml"));
Text HeaderFilter("header-filter", cl::value_desc("regex"),
                  cl::desc("The headers whose findings are shown"));
CommonText Baseline("baseline", cl::value_desc("file"),
              cl::desc("Findings listed there are known and not reported"));
CommonText NewBaseline("write-baseline", cl::value_desc("file"),
                 cl::desc("List all findings there and succeed"));
Text ChangedSince("changed-since", cl::value_desc("revision"),
                  cl::desc("Only units and findings that involve a file changed since "
                           "this git revision"));
Option<bool> Fix("fix", cl::desc("Apply the fixes that findings suggest"));
CommonOption<bool> Quiet("quiet", cl::desc("No progress and no summary"));
Option<bool> NoLink("no-link", cl::desc("Report only what each unit shows by itself"));
Option<bool> NoCache("no-cache", cl::desc("Analyse every unit, and keep no results"));
Text CacheFolder("cache-dir", cl::value_desc("dir"),
                 cl::desc("Where results are kept (default: the user's cache folder)"));
Text Clang("clang", cl::value_desc("path"),
           cl::desc("The Clang to run; must be of the version this tool was built for"));
Option<unsigned> MemoryLimit("memory-limit", cl::value_desc("MB"),
                             cl::desc("Memory that one unit may take; one that needs "
                                      "more counts as not analysed"));

} // namespace

/// Megabytes that can be used without swapping, or 0 when that is not known.
static unsigned availableMemory() {
  // A file of /proc has no size to read at once.
  auto Buffer = llvm::MemoryBuffer::getFileAsStream("/proc/meminfo");
  if (!Buffer)
    return 0;
  StringRef Text = (*Buffer)->getBuffer();
  Text = Text.substr(Text.find("MemAvailable:")).split(':').second.ltrim();
  unsigned long long Kilobytes = 0;
  return Text.consumeInteger(10, Kilobytes) ? 0 : Kilobytes >> 10;
}

/// A unit of heavy templates takes about one gigabyte.
static unsigned defaultJobs() {
  unsigned Out = std::max(1u, std::thread::hardware_concurrency());
  if (const unsigned Memory = availableMemory())
    Out = std::min(Out, std::max(1u, Memory / 1024));
  return Out;
}

CheckOptions fearless::cli::checkOptions() {
  CheckOptions Out;
  Out.DatabasePath = DatabasePath;
  Out.Files.assign(Files.begin(), Files.end());
  Out.Jobs = Jobs != 0 ? Jobs.getValue() : defaultJobs();
  Out.MemoryLimit = MemoryLimit;
  Out.Format = OutputFormat;
  Out.Output = Output;
  Out.Baseline = Baseline;
  Out.NewBaseline = NewBaseline;
  Out.ChangedSince = ChangedSince;
  Out.Fix = Fix;
  Out.Quiet = Quiet;
  Out.Link = !NoLink;
  if (!NoCache)
    Out.CacheFolder = CacheFolder.empty() ? defaultCacheFolder() : CacheFolder;
  Out.Clang = Clang;
  const std::pair<const char *, const cl::opt<std::string> *> Passed[] = {
      {"mode", &Mode},
      {"severity", &Severity},
      {"checks", &Checks},
      {"header-filter", &HeaderFilter}};
  for (const auto &[Key, Value] : Passed)
    if (Value->getNumOccurrences() != 0)
      Out.Settings.push_back({Key, *Value});
  // The compiler runs in another folder.
  if (Config.getNumOccurrences() != 0)
    Out.Settings.push_back({"config", Config.empty() ? "" : absolute(Config)});
  return Out;
}
