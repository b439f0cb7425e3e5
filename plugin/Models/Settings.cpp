// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Models/Settings.h"

#include "Models/YamlText.h"
#include "Support/Text.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace fearless;
using llvm::StringRef;

namespace {

/// .fearless.yaml as written. Scalars stay text: the option table reads them,
/// so a value is checked by the same code wherever it comes from.
struct SettingsText {
  std::string Mode, Severity, HeaderFilter;
  Names Checks, Strict;
  ModelText Models;
};

} // namespace

template <> struct llvm::yaml::MappingTraits<SettingsText> {
  static void mapping(IO &IO, SettingsText &Text) {
    IO.mapOptional("mode", Text.Mode);
    IO.mapOptional("severity", Text.Severity);
    IO.mapOptional("checks", Text.Checks);
    IO.mapOptional("header-filter", Text.HeaderFilter);
    IO.mapOptional("strict", Text.Strict);
    IO.mapOptional("models", Text.Models);
  }
};

/// The nearest .fearless.yaml at or above the directory of \p File, or empty.
static std::string findSettingsFile(StringRef File) {
  llvm::SmallString<128> Directory(File);
  if (llvm::sys::fs::make_absolute(Directory))
    return {};
  llvm::sys::path::remove_dots(Directory, /*remove_dot_dot=*/true);
  while (llvm::sys::path::has_relative_path(Directory)) {
    llvm::sys::path::remove_filename(Directory);
    llvm::SmallString<128> Candidate(Directory);
    llvm::sys::path::append(Candidate, ".fearless.yaml");
    if (llvm::sys::fs::exists(Candidate))
      return Candidate.str().str();
  }
  return {};
}

static llvm::Expected<SettingsText> read(StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return error("cannot read '" + Path +
                 "': " + Buffer.getError().message());
  SettingsText Text;
  const YamlText Yaml((*Buffer)->getBuffer());
  // Only the first problem is kept: those after it are its consequences.
  struct {
    const YamlText &Yaml;
    std::string Text;
  } Problem{Yaml, {}};
  auto Handle = [](const llvm::SMDiagnostic &D, void *Context) {
    auto &P = *static_cast<decltype(Problem) *>(Context);
    if (!P.Text.empty())
      return;
    // Some of the parser's complaints are about no place.
    const unsigned Line = std::max(D.getLineNo(), 1);
    const unsigned Column = std::max(D.getColumnNo(), 0);
    llvm::raw_string_ostream OS(P.Text);
    OS << D.getFilename() << ":" << Line << ":"
       << P.Yaml.writtenColumn(Line, Column) + 1 << ": " << D.getMessage();
  };
  llvm::yaml::Input In(llvm::MemoryBufferRef(Yaml.text(), Path), nullptr, Handle,
               &Problem);
  In >> Text;
  if (In.error())
    return error(Problem.Text.empty() ? "cannot understand '" + Path.str() + "'"
                                      : Problem.Text);
  return Text;
}

llvm::Expected<std::unique_ptr<Settings>>
Settings::load(llvm::ArrayRef<OptionArgument> Given, StringRef MainFile) {
  auto Out = std::make_unique<Settings>();
  // Once to check them and to learn the path of the file, once more at the end
  // because what is given wins over the file.
  for (const auto &[Key, Value] : Given)
    if (llvm::Error E = Out->Opts.set(Key, Value))
      return std::move(E);

  const std::string Path = Out->Opts.Config.empty() ? findSettingsFile(MainFile)
                                                    : Out->Opts.Config;
  if (Path.empty())
    return std::move(Out);
  llvm::Expected<SettingsText> Text = read(Path);
  if (!Text)
    return Text.takeError();

  Out->Opts = Options();
  std::string Checks;
  for (const std::string &Glob : Text->Checks.Items)
    Checks += (Checks.empty() ? "" : ",") + Glob;
  const std::pair<StringRef, StringRef> FromFile[] = {
      {"mode", Text->Mode},
      {"severity", Text->Severity},
      {"checks", Checks},
      {"header-filter", Text->HeaderFilter}};
  for (const auto &[Key, Value] : FromFile)
    if (!Value.empty())
      if (llvm::Error E = Out->Opts.set(Key, Value))
        return error(Path + ": " + llvm::toString(std::move(E)));

  // Files that are strict already, relative to the settings file.
  llvm::SmallString<128> Relative(MainFile), Root(Path);
  llvm::sys::fs::make_absolute(Relative);
  llvm::sys::fs::make_absolute(Root);
  llvm::sys::path::remove_dots(Relative, true);
  llvm::sys::path::remove_dots(Root, true);
  llvm::sys::path::remove_filename(Root);
  StringRef Inside(Relative);
  const bool IsBelow = Inside.consume_front(Root);
  Inside = Inside.ltrim('/');
  for (const std::string &Glob : Text->Strict.Items) {
    auto Pattern = llvm::GlobPattern::create(Glob);
    if (!Pattern)
      return error(Path + ": strict: '" + Glob + "' is no glob: " +
                   llvm::toString(Pattern.takeError()));
    if (IsBelow && Pattern->match(Inside))
      Out->Opts.Mode = Mode::Strict;
  }

  for (const auto &[Key, Value] : Given)
    llvm::cantFail(Out->Opts.set(Key, Value));
  Out->Path = Path;
  Out->UserModels.add(Text->Models);
  Out->Models.add(Out->UserModels.models());
  return std::move(Out);
}
