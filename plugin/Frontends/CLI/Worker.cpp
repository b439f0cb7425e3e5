// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Worker.h"

#include "Frontends/CLI/Process.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cstring>

using namespace fearless::cli;
using llvm::StringRef;

/// The rules of a dependency file as Clang writes them: blanks and '#' behind a
/// backslash, '$' doubled, lines continued.
static std::vector<std::string> readDependencies(StringRef Text,
                                                 StringRef Directory) {
  Text = Text.substr(Text.find(": ") + 1);
  std::vector<std::string> Out;
  std::string Word;
  auto End = [&] {
    if (Word.empty())
      return;
    llvm::SmallString<256> Path(Word);
    if (!llvm::sys::path::is_absolute(Path)) {
      Path = Directory;
      llvm::sys::path::append(Path, Word);
    }
    Out.push_back(Path.str().str());
    Word.clear();
  };
  for (size_t I = 0; I < Text.size(); ++I) {
    const char C = Text[I];
    const char Next = I + 1 < Text.size() ? Text[I + 1] : '\0';
    if (C == '\\' && (Next == ' ' || Next == '#')) {
      Word += Next;
      ++I;
    } else if (C == '\\' && Next == '\n') {
      End();
      ++I;
    } else if (C == '$' && Next == '$') {
      Word += C;
      ++I;
    } else if (C == ' ' || C == '\n') {
      End();
    } else {
      Word += C;
    }
  }
  End();
  return Out;
}

static std::string contents(StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

/// The first error in what Clang printed, with the number of those after it.
static std::string firstError(StringRef Printed) {
  std::string First;
  unsigned More = 0;
  llvm::SmallVector<StringRef, 32> Lines;
  Printed.split(Lines, '\n', -1, false);
  for (StringRef Line : Lines) {
    // "3 errors generated." and notes are not errors.
    if (!Line.contains("error: ") && !Line.contains("ERROR: "))
      continue;
    if (First.empty())
      First = Line.trim().str();
    else
      ++More;
  }
  if (More != 0)
    First += " (and " + std::to_string(More) + " more)";
  return First;
}

static std::string signalText(int Signal) {
  return "signal " + std::to_string(Signal) + ", " + strsignal(Signal);
}

std::vector<std::string> Worker::command(const Unit &U, StringRef Log,
                                         StringRef Dependencies,
                                         StringRef Summary) {
  std::vector<std::string> Out = {T.Clang};
  for (const char *Flag :
       {"-fsyntax-only", "-Qunused-arguments", "-fno-crash-diagnostics",
        "-fno-color-diagnostics", "-fno-caret-diagnostics", "-ferror-limit=0"})
    Out.push_back(Flag);
  Out.push_back("-fplugin=" + T.Plugin);
  for (StringRef Flag : {StringRef("-dependency-file"), Dependencies,
                         StringRef("-sys-header-deps"), StringRef("-MT"),
                         StringRef("unit")}) {
    Out.push_back("-Xclang");
    Out.push_back(Flag.str());
  }
  {
    const std::lock_guard<std::mutex> Lock(Mutex);
    for (const std::string &Argument : U.Arguments)
      if (!Unknown.count(Argument))
        Out.push_back(Argument);
  }
  // Warnings are not our business, and -Werror must not make errors of them.
  // What is given here wins over what is in the command, so it comes last; in
  // front of a "--", behind which all is files.
  std::vector<std::string> Last = {"-w", "-Wno-error"};
  for (const auto &[Key, Value] : Settings)
    Last.push_back("-fplugin-arg-fearless-" + Key + "=" + Value);
  // Findings are counted here, not by the compiler, whose verdict is about the
  // code alone.
  Last.push_back("-fplugin-arg-fearless-severity=warning");
  Last.push_back(("-fplugin-arg-fearless-sarif=" + Log).str());
  if (Summarize)
    Last.push_back(("-fplugin-arg-fearless-summary=" + Summary).str());
  Out.insert(llvm::find(Out, "--"), Last.begin(), Last.end());
  return Out;
}

/// Takes the flags that Clang does not know from its errors. Whether there was
/// a new one that \p U has.
bool Worker::learnFlags(StringRef Errors, const Unit &U) {
  bool Learnt = false;
  llvm::SmallVector<StringRef, 16> Lines;
  Errors.split(Lines, '\n', -1, false);
  for (StringRef Line : Lines) {
    if (!Line.contains("error: unknown argument") &&
        !Line.contains("error: unsupported option") &&
        !Line.contains("error: unsupported argument") &&
        !Line.contains("error: invalid argument"))
      continue;
    // The flag, or "'value' to option '-flag='", in quotes.
    llvm::SmallVector<StringRef, 8> Quoted;
    Line.split(Quoted, '\'');
    if (Quoted.size() < 3)
      continue;
    std::string Flag = Quoted[1].str();
    if (Line.contains("' to option '") && Quoted.size() >= 5)
      Flag = (Quoted[3] + Quoted[1]).str();
    if (!llvm::is_contained(U.Arguments, Flag))
      continue;
    const std::lock_guard<std::mutex> Lock(Mutex);
    Unknown.try_emplace(Flag, 0);
    // Another unit may have been faster; this one still has to start again.
    Learnt = true;
  }
  return Learnt;
}

Outcome Worker::run(const Unit &U, unsigned Number) {
  const std::string Base = Scratch + "/" + std::to_string(Number);
  const std::string LogPath = Base + ".sarif", DependencyPath = Base + ".d",
                    ErrorPath = Base + ".err", SummaryPath = Base + ".fearless";
  Outcome Out;
  ProcessOptions Options;
  Options.Directory = U.Directory;
  Options.Stderr = ErrorPath;
  Options.MemoryLimit = MemoryLimit;

  ProcessResult Ended;
  std::string Errors;
  // Clang names all unknown flags at once; the limit is against surprises.
  for (int Start = 0; Start != 4; ++Start) {
    Ended = runProcess(command(U, LogPath, DependencyPath, SummaryPath), Options);
    Errors = contents(ErrorPath);
    if (Ended.Code == 0 || Ended.Code == -1 || !learnFlags(Errors, U))
      break;
  }
  Out.LogText = contents(LogPath);
  const std::string Dependencies = contents(DependencyPath);
  for (const std::string &Path : {LogPath, DependencyPath, ErrorPath})
    llvm::sys::fs::remove(Path);

  {
    const std::lock_guard<std::mutex> Lock(Mutex);
    for (auto &[Flag, Units] : Unknown)
      if (llvm::is_contained(U.Arguments, Flag))
        ++Units;
  }
  if (stopRequested() && Ended.Code != 0)
    return Out;

  Out.State = Outcome::Failed;
  if (!Ended.Problem.empty()) {
    Out.Why = "cannot start '" + T.Clang + "' in '" + U.Directory +
              "': " + Ended.Problem;
    return Out;
  }
  if (Ended.Signal != 0) {
    Out.Why = "the compiler was ended by " + signalText(Ended.Signal);
    return Out;
  }
  // Clang's driver survives a crash of the compiler and tells by its code.
  if (Ended.Code > 128 || StringRef(Errors).contains("PLEASE submit a bug report")) {
    Out.Why = "the compiler crashed";
    if (Ended.Code > 128)
      Out.Why += " (" + signalText(Ended.Code - 128) + ")";
    if (std::string First = firstError(Errors); !First.empty())
      Out.Why += ": " + First;
    return Out;
  }
  if (Ended.Code != 0) {
    Out.Why = firstError(Errors);
    if (Out.Why.empty())
      Out.Why = "the compiler ended with code " + std::to_string(Ended.Code);
    return Out;
  }
  llvm::Expected<UnitLog> Log = readLog(Out.LogText);
  if (!Log) {
    Out.Why = "the compiler succeeded but left no findings file: " +
              llvm::toString(Log.takeError());
    return Out;
  }
  if (!Log->Analyzed) {
    Out.Why = "the plugin did not analyse it";
    return Out;
  }
  if (Summarize && !llvm::sys::fs::exists(SummaryPath)) {
    Out.Why = "the compiler succeeded but left no summary";
    return Out;
  }
  Out.State = Outcome::Analyzed;
  Out.Log = std::move(*Log);
  if (Summarize)
    Out.SummaryPath = SummaryPath;
  Out.Files = readDependencies(Dependencies, U.Directory);
  return Out;
}

std::map<std::string, unsigned> Worker::unknownFlags() const {
  const std::lock_guard<std::mutex> Lock(Mutex);
  return Unknown;
}
