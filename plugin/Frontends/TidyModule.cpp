// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The clang-tidy module: clang-tidy --load=fearless-tidy.so. The pipeline runs
// once for a translation unit; each check publishes the findings of its name.

#include "Checks/Check.h"
#include "Frontends/TidyHost.h"
#include "Pipeline.h"
#include "Support/VersionGuard.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"

using namespace clang;
using namespace clang::tidy;
using namespace fearless;

namespace {

/// Keeps what the pipeline found; the checks take their part.
class Collector : public Reporter {
public:
  void report(const Finding &F) override { Findings.push_back(F); }
  void incomplete(SourceLocation, llvm::StringRef) override {}
  std::vector<Finding> Findings;
};

/// The findings of one translation unit, shared by the checks of one
/// clang-tidy context: whichever runs first makes them.
struct SharedRun {
  const ASTContext *For = nullptr;
  std::vector<Finding> Findings;
};

class ForwardingCheck : public ClangTidyCheck {
public:
  ForwardingCheck(llvm::StringRef Name, ClangTidyContext *Context,
                  llvm::StringRef Published, std::shared_ptr<SharedRun> Shared)
      : ClangTidyCheck(Name, Context), Published(Published),
        Shared(std::move(Shared)), Context(Context) {
    // One run serves all checks, so an option set for one of them, or for
    // "fearless" as a whole, is set for all.
    for (const auto &Entry : Context->getOptions().CheckOptions) {
      auto [Check, Key] = Entry.getKey().rsplit('.');
      if (Check == "fearless" || Check.substr(0, 9) == "fearless-")
        if (!Entry.getValue().Value.empty())
          Given.push_back({Key.str(), Entry.getValue().Value});
    }
    // A hash map holds them: give errors and precedence a fixed order.
    llvm::sort(Given);
  }

  void storeOptions(ClangTidyOptions::OptionMap &Map) override {
    for (const OptionHelp &Row : optionTable()) {
      llvm::StringRef Value;
      for (const auto &[Key, Set] : Given)
        if (Key == Row.Key)
          Value = Set;
      Options.store(Map, Row.Key, Value);
    }
  }

  void registerMatchers(ast_matchers::MatchFinder *Finder) override {
    Finder->addMatcher(ast_matchers::translationUnitDecl().bind("unit"), this);
  }

  void check(const ast_matchers::MatchFinder::MatchResult &Result) override {
    ASTContext &Ctx = *Result.Context;
    if (Ctx.getDiagnostics().hasUncompilableErrorOccurred())
      return;
    if (Shared->For != &Ctx && !analyze(Ctx))
      return;
    for (const Finding &F : Shared->Findings)
      if (F.Check == Published)
        publish(F);
  }

private:
  bool analyze(ASTContext &Ctx) {
    // Whatever comes of it holds for all checks, so it is said once.
    Shared->For = &Ctx;
    Shared->Findings.clear();
    auto Loaded = loadSettings(Given, Context->getCurrentFile());
    if (!Loaded) {
      refuse(llvm::toString(Loaded.takeError()));
      return false;
    }
    if (!(*Loaded)->Opts.Sarif.empty()) {
      refuse("sarif is for the plugin; clang-tidy has its own exports");
      return false;
    }
    if (!(*Loaded)->Opts.Summary.empty()) {
      refuse("summary is for the plugin");
      return false;
    }
    Collector Out;
    fearless::run(Ctx, **Loaded, Out);
    Shared->Findings = std::move(Out.Findings);
    return true;
  }

  /// An error, because clang-tidy ends with success after a warning, and a
  /// file that was not checked must not look like a clean one.
  void refuse(const std::string &Why) {
    configurationDiag("fearless: %0", DiagnosticIDs::Error) << Why;
  }

  void publish(const Finding &F) {
    {
      auto Headline = diag(F.Loc, "%0");
      Headline << F.Message << F.Range;
      // clang-tidy applies the fixes of the headline.
      for (const FixItHint &Fix : F.Fixes)
        Headline << Fix;
    }
    for (const Note &N : F.explanation()) {
      auto Line = diag(N.Loc, "%0", DiagnosticIDs::Note);
      Line << N.Text;
      for (const FixItHint &Fix : N.Fixes)
        Line << Fix;
    }
  }

  const llvm::StringRef Published;
  std::shared_ptr<SharedRun> Shared;
  ClangTidyContext *Context;
  std::vector<OptionArgument> Given;
};

class FearlessModule : public ClangTidyModule {
public:
  void addCheckFactories(ClangTidyCheckFactories &Factories) override {
    requireMatchingHost("fearless-tidy.so");
    auto Shared = std::make_shared<SharedRun>();
    for (const CheckInfo &Info : allChecks())
      Factories.registerCheckFactory(
          Info.Name,
          [Shared, Published = Info.Name](
              llvm::StringRef Name,
              ClangTidyContext *Context) -> std::unique_ptr<ClangTidyCheck> {
            // The checks are made anew for each unit, before any of them runs.
            Shared->For = nullptr;
            return std::make_unique<ForwardingCheck>(Name, Context, Published,
                                                     Shared);
          });
  }
};

const ClangTidyModuleRegistry::Add<FearlessModule>
    Registration("fearless-module",
                 "Rejects data races and unguarded sharing.");

} // namespace
