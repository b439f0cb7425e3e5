// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Clang plugin: clang++ -fplugin=fearless-plugin.so. Runs after the
// compiler's own work on the unit; a finding is an error unless severity says
// otherwise, so the build fails and no object file is left.

#include "Frontends/SarifLog.h"
#include "Frontends/SarifWriter.h"
#include "Frontends/WriteFile.h"
#include "Link/Export.h"
#include "Pipeline.h"
#include "Support/VersionGuard.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace fearless;

namespace {

/// One clear error; the compilation fails.
void refuse(DiagnosticsEngine &Diags, llvm::Error Why) {
  const unsigned Id = Diags.getDiagnosticIDs()->getCustomDiagID(
      DiagnosticIDs::Error, "fearless: %0");
  Diags.Report(Id) << llvm::toString(std::move(Why));
}

/// Where the log or summary of this unit goes: the file that was named, or a
/// file of its own in a folder, the same one at each build. A source can be
/// compiled twice; its object files then differ.
std::string outputPath(const std::string &Given, llvm::StringRef Main,
                       llvm::StringRef Object, llvm::StringRef Extension) {
  if (!llvm::sys::fs::is_directory(Given))
    return Given;
  llvm::SmallString<256> Absolute(Main);
  llvm::sys::fs::make_absolute(Absolute);
  llvm::MD5 Hash;
  Hash.update(Absolute);
  Hash.update(Object);
  llvm::MD5::MD5Result Result;
  Hash.final(Result);
  llvm::SmallString<256> Path(Given);
  llvm::sys::path::append(Path, llvm::sys::path::filename(Main) + "-" +
                                    Result.digest().substr(0, 12) + Extension);
  return Path.str().str();
}

class PluginReporter : public Reporter {
public:
  PluginReporter(ASTContext &Ctx, const Options &Opts)
      : Diags(Ctx.getDiagnostics()),
        Level(Opts.Severity == Severity::Error ? DiagnosticIDs::Error
                                               : DiagnosticIDs::Warning),
        Log(Ctx.getSourceManager(), Ctx.getLangOpts(),
            Level == DiagnosticIDs::Error ? "error" : "warning"),
        LogPath(Opts.Sarif) {}

  void report(const Finding &F) override {
    emit(Diags, F, Level);
    if (!LogPath.empty())
      Log.add(F);
  }

  void incomplete(SourceLocation Loc, llvm::StringRef Why) override {
    unsigned Id = Diags.getDiagnosticIDs()->getCustomDiagID(
        DiagnosticIDs::Remark, "not analysed: %0");
    Diags.Report(Loc, Id) << Why;
    if (!LogPath.empty())
      Log.incomplete(Loc, Why);
  }

  /// The log is written in any case: an old one must not stand for this unit.
  void finish(bool Analyzed) {
    if (LogPath.empty())
      return;
    if (llvm::Error E = Log.write(LogPath, Analyzed))
      refuse(Diags, std::move(E));
  }

private:
  DiagnosticsEngine &Diags;
  const DiagnosticIDs::Level Level;
  SarifWriter Log;
  const std::string LogPath;
};

class Consumer : public ASTConsumer {
public:
  Consumer(std::unique_ptr<Settings> S, linking::UnitName Unit)
      : S(std::move(S)), Unit(std::move(Unit)) {}

  void HandleTranslationUnit(ASTContext &Ctx) override {
    PluginReporter Out(Ctx, S->Opts);
    // After a real error the tree is not to be trusted; a warning that
    // -Werror promoted leaves it sound.
    bool Sound = !Ctx.getDiagnostics().hasUncompilableErrorOccurred();
    // Messages, blocks and reference counts would be taken for unknown C++.
    if (Sound && Ctx.getLangOpts().ObjC) {
      refuseLanguage(Ctx, Out);
      Sound = false;
    }
    const bool Summarizes = !S->Opts.Summary.empty();
    SummaryRequest Summary{Unit, {}};
    if (Sound)
      run(Ctx, *S, Out, Summarizes ? &Summary : nullptr);
    Out.finish(Sound);
    if (!Summarizes)
      return;
    // An old one must not stand for this unit, either.
    if (!Sound)
      Summary.Text = linking::emptySummary(Unit);
    if (llvm::Error E = writeFile(S->Opts.Summary, Summary.Text))
      refuse(Ctx.getDiagnostics(), std::move(E));
  }

private:
  /// Default mode goes on with a build that has such units; strict mode cannot
  /// promise anything for them.
  void refuseLanguage(ASTContext &Ctx, PluginReporter &Out) {
    constexpr llvm::StringLiteral Why =
        "Objective-C and Objective-C++ are not understood";
    if (S->Opts.Mode == Mode::Strict) {
      refuse(Ctx.getDiagnostics(),
             llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "%s; leave this unit out of strict mode",
                                     Why.data()));
      return;
    }
    SourceManager &SM = Ctx.getSourceManager();
    Out.incomplete(SM.getLocForStartOfFile(SM.getMainFileID()), Why);
  }

  std::unique_ptr<Settings> S;
  const linking::UnitName Unit;
};

class PluginAction : public PluginASTAction {
public:
  bool ParseArgs(const CompilerInstance &CI,
                 const std::vector<std::string> &Arguments) override {
    std::vector<OptionArgument> Given;
    for (const std::string &Argument : Arguments) {
      auto [Key, Value] = llvm::StringRef(Argument).split('=');
      Given.push_back({Key.str(), Value.str()});
    }
    llvm::StringRef Main;
    if (!CI.getFrontendOpts().Inputs.empty() &&
        CI.getFrontendOpts().Inputs.front().isFile())
      Main = CI.getFrontendOpts().Inputs.front().getFile();
    auto Loaded = loadSettings(Given, Main);
    if (Loaded) {
      const std::string &Object = CI.getFrontendOpts().OutputFile;
      S = std::move(*Loaded);
      S->Opts.Sarif =
          outputPath(S->Opts.Sarif, Main, Object, ".sarif");
      S->Opts.Summary =
          outputPath(S->Opts.Summary, Main, Object, ".fearless");
      Unit.Source = Main.str();
      Unit.Object = Object;
      // What the build says it is, where machines differ in it.
      Unit.Directory = CI.getCodeGenOpts().DebugCompilationDir;
      if (Unit.Directory.empty()) {
        llvm::SmallString<256> Current;
        llvm::sys::fs::current_path(Current);
        Unit.Directory = Current.str().str();
      }
      Unit.Tool = toolVersion().str();
      return true;
    }
    refuse(CI.getDiagnostics(), Loaded.takeError());
    return false;
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &,
                                                 llvm::StringRef) override {
    return std::make_unique<Consumer>(std::move(S), std::move(Unit));
  }

  // With this, -fplugin= alone is enough.
  ActionType getActionType() override { return AddAfterMainAction; }

private:
  std::unique_ptr<Settings> S;
  linking::UnitName Unit;
};

/// Before anything of Clang's C++ interface is used.
[[maybe_unused]] const bool HostChecked =
    (requireMatchingHost("fearless-plugin.so"), true);

const FrontendPluginRegistry::Add<PluginAction>
    Registration("fearless", "rejects data races and unguarded sharing");

} // namespace
