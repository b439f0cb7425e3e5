// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Support/Options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace fearless;
using llvm::StringRef;

static llvm::Error bad(const llvm::Twine &Text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Text.str().c_str());
}

namespace fearless {
struct OptionTable {
  using Setter = llvm::Error (*)(Options &, StringRef);
  struct Row {
    OptionHelp Help;
    Setter Set;
  };

  static llvm::Error mode(Options &O, StringRef V) {
    if (V == "strict")
      O.Mode = Mode::Strict;
    else if (V == "default")
      O.Mode = Mode::Default;
    else
      return bad("mode must be default or strict, not '" + V + "'");
    return llvm::Error::success();
  }
  static llvm::Error severity(Options &O, StringRef V) {
    if (V == "error")
      O.Severity = Severity::Error;
    else if (V == "warning")
      O.Severity = Severity::Warning;
    else
      return bad("severity must be error or warning, not '" + V + "'");
    return llvm::Error::success();
  }
  static llvm::Error checks(Options &O, StringRef V) {
    std::vector<Options::CheckGlob> Globs;
    llvm::SmallVector<StringRef, 4> Parts;
    V.split(Parts, ',', -1, /*KeepEmpty=*/false);
    if (Parts.empty())
      return bad("checks must be a list of globs, such as "
                 "fearless-*,-fearless-global");
    for (StringRef Part : Parts) {
      Part = Part.trim();
      const bool Enable = !Part.consume_front("-");
      auto Text = std::make_shared<const std::string>(Part);
      auto Pattern = llvm::GlobPattern::create(*Text);
      if (!Pattern) {
        llvm::consumeError(Pattern.takeError());
        return bad("checks: '" + Part + "' is no glob");
      }
      Globs.push_back({Enable, std::move(Text), std::move(*Pattern)});
    }
    O.Checks = std::move(Globs);
    return llvm::Error::success();
  }
  static llvm::Error config(Options &O, StringRef V) {
    if (V.empty())
      return bad("config must be the path of a file");
    O.Config = V.str();
    return llvm::Error::success();
  }
  static llvm::Error headerFilter(Options &O, StringRef V) {
    auto Filter = std::make_shared<llvm::Regex>(V);
    std::string Why;
    if (!Filter->isValid(Why))
      return bad("header-filter: '" + V + "' is no regular expression: " + Why);
    O.HeaderFilter = std::move(Filter);
    return llvm::Error::success();
  }
  static llvm::Error sarif(Options &O, StringRef V) {
    if (V.empty())
      return bad("sarif must be the path of a file");
    O.Sarif = V.str();
    return llvm::Error::success();
  }
  static llvm::Error summary(Options &O, StringRef V) {
    if (V.empty())
      return bad("summary must be the path of a file");
    O.Summary = V.str();
    return llvm::Error::success();
  }
  static llvm::Error dump(Options &O, StringRef V) {
    if (V == "traits")
      O.DumpTraits = true;
    else if (V == "boundaries")
      O.DumpBoundaries = true;
    else if (V == "facts")
      O.DumpFacts = true;
    else if (V == "guards")
      O.DumpGuards = true;
    else
      return bad("dump must be traits, boundaries, facts or guards, not '" + V +
                 "'");
    return llvm::Error::success();
  }

  static constexpr Row Rows[] = {
      {{"mode", "default|strict",
        "strict rejects whatever is not proven; default only what is wrong"},
       mode},
      {{"severity", "error|warning", "whether a finding fails the build"},
       severity},
      {{"checks", "<globs>", "the checks that run, -glob leaves some out"},
       checks},
      {{"config", "<file>",
        "the settings file instead of the nearest .fearless.yaml"},
       config},
      {{"header-filter", "<regex>", "the headers whose findings are shown"},
       headerFilter},
      {{"sarif", "<file>", "also writes the findings as SARIF 2.1.0"}, sarif},
      {{"summary", "<file>", "also writes what 'fearless link' needs of the unit"},
       summary},
      {{"dump", "traits|boundaries|facts|guards", "prints what the analysis saw"},
       dump},
  };
};
} // namespace fearless

llvm::Error Options::set(StringRef Key, StringRef Value) {
  std::string Known;
  for (const OptionTable::Row &Row : OptionTable::Rows) {
    if (Row.Help.Key == Key)
      return Row.Set(*this, Value);
    Known += (Known.empty() ? "" : ", ") + Row.Help.Key.str();
  }
  return bad("unknown option '" + Key + "'; the options are " + Known);
}

bool Options::isEnabled(StringRef Check) const {
  bool Enabled = Checks.empty() || !Checks.front().Enable;
  for (const CheckGlob &Glob : Checks)
    if (Glob.Pattern.match(Check))
      Enabled = Glob.Enable;
  return Enabled;
}

StringRef Options::uselessGlob(llvm::ArrayRef<StringRef> Known) const {
  for (const CheckGlob &Glob : Checks)
    if (llvm::none_of(Known, [&](StringRef Check) {
          return Glob.Pattern.match(Check);
        }))
      return *Glob.Text;
  return {};
}

bool Options::showsHeader(StringRef File) const {
  return !HeaderFilter || HeaderFilter->match(File);
}

llvm::ArrayRef<OptionHelp> fearless::optionTable() {
  static const auto Table = [] {
    llvm::SmallVector<OptionHelp, 8> Out;
    for (const OptionTable::Row &Row : OptionTable::Rows)
      Out.push_back(Row.Help);
    return Out;
  }();
  return Table;
}
