// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Clang plugin: clang++ -fplugin=fearless-plugin.so. Runs after the
// compiler's own work on the unit; a finding is an error unless severity says
// otherwise, so the build fails and no object file is left.

#include "Pipeline.h"
#include "Support/VersionGuard.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

using namespace clang;
using namespace fearless;

namespace {

class PluginReporter : public Reporter {
public:
  PluginReporter(DiagnosticsEngine &Diags, Severity Level)
      : Diags(Diags), Level(Level == Severity::Error
                                ? DiagnosticIDs::Error
                                : DiagnosticIDs::Warning) {}

  void report(const Finding &F) override { emit(Diags, F, Level); }

  void incomplete(SourceLocation Loc, llvm::StringRef Why) override {
    unsigned Id = Diags.getDiagnosticIDs()->getCustomDiagID(
        DiagnosticIDs::Remark, "not analysed: %0");
    Diags.Report(Loc, Id) << Why;
  }

private:
  DiagnosticsEngine &Diags;
  DiagnosticIDs::Level Level;
};

class Consumer : public ASTConsumer {
public:
  explicit Consumer(std::unique_ptr<Settings> S) : S(std::move(S)) {}

  void HandleTranslationUnit(ASTContext &Ctx) override {
    DiagnosticsEngine &Diags = Ctx.getDiagnostics();
    // After a real error the tree is not to be trusted; a warning that
    // -Werror promoted leaves it sound.
    if (Diags.hasUncompilableErrorOccurred())
      return;
    PluginReporter Out(Diags, S->Opts.Severity);
    run(Ctx, *S, Out);
  }

private:
  std::unique_ptr<Settings> S;
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
    auto Loaded = Settings::load(Given, Main);
    if (Loaded) {
      S = std::move(*Loaded);
      return true;
    }
    DiagnosticsEngine &Diags = CI.getDiagnostics();
    unsigned Id = Diags.getDiagnosticIDs()->getCustomDiagID(
        DiagnosticIDs::Error, "fearless: %0");
    Diags.Report(Id) << llvm::toString(Loaded.takeError());
    return false;
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &,
                                                 llvm::StringRef) override {
    return std::make_unique<Consumer>(std::move(S));
  }

  // With this, -fplugin= alone is enough.
  ActionType getActionType() override { return AddAfterMainAction; }

private:
  std::unique_ptr<Settings> S;
};

/// Before anything of Clang's C++ interface is used.
[[maybe_unused]] const bool HostChecked =
    (requireMatchingHost("fearless-plugin.so"), true);

const FrontendPluginRegistry::Add<PluginAction>
    Registration("fearless", "rejects data races and unguarded sharing");

} // namespace
