// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Changes.h"

#include "Frontends/CLI/Process.h"
#include "Support/Text.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

static std::string contents(const std::string &Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

static llvm::Expected<std::string> git(std::vector<std::string> Arguments,
                                       StringRef Directory, StringRef Scratch) {
  auto Program = llvm::sys::findProgramByName("git");
  if (!Program)
    return error("--changed-since needs git, which is not in PATH");
  Arguments.insert(Arguments.begin(), *Program);
  const std::string Out = (Scratch + "/git.out").str();
  const std::string Err = (Scratch + "/git.err").str();
  ProcessOptions Options;
  Options.Directory = Directory;
  Options.Stdout = Out;
  Options.Stderr = Err;
  const ProcessResult Ended = runProcess(Arguments, Options);
  if (Ended.Code != 0)
    return error("--changed-since: git says: " +
                 (Ended.Problem.empty() ? StringRef(contents(Err)).split('\n').first.str()
                                        : Ended.Problem));
  return contents(Out);
}

llvm::Expected<Changes> Changes::since(StringRef Revision, StringRef Scratch) {
  // Git would take it for one of its options.
  if (Revision.empty() || Revision.front() == '-')
    return error("--changed-since: '" + Revision + "' is no revision");
  auto Top = git({"rev-parse", "--show-toplevel"}, ".", Scratch);
  if (!Top)
    return Top.takeError();
  const std::string Root = StringRef(*Top).trim('\n').str();
  Changes Out;
  const std::vector<std::string> Questions[] = {
      {"diff", "--name-only", "-z", "--no-renames", Revision.str(), "--"},
      {"ls-files", "-z", "--others", "--exclude-standard"}};
  for (const std::vector<std::string> &Question : Questions) {
    auto Names = git(Question, Root, Scratch);
    if (!Names)
      return Names.takeError();
    for (StringRef Rest = *Names; !Rest.empty();) {
      auto [Name, After] = Rest.split('\0');
      Rest = After;
      llvm::SmallString<256> Path(Root), Real;
      llvm::sys::path::append(Path, Name);
      // A deleted file is in no unit.
      if (!fs::real_path(Path, Real))
        Out.Files.insert(Real);
    }
  }
  return Out;
}

bool Changes::contains(StringRef Path) const {
  if (Files.empty())
    return false;
  llvm::SmallString<256> Real;
  return !fs::real_path(Path, Real) && Files.contains(Real);
}
