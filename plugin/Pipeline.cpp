// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Pipeline.h"

#include "Boundaries/Unit.h"
#include "Captures/Violation.h"
#include "Checks/Check.h"
#include "Diagnostics/Dump.h"
#include "Diagnostics/FindingList.h"
#include "Diagnostics/Suppressions.h"
#include "Flow/FlowAnalysis.h"
#include "Flow/InferredGuards.h"
#include "Link/Export.h"
#include "Traits/TraitSolver.h"

#include "llvm/Support/TimeProfiler.h"

#include <optional>

using namespace fearless;

llvm::Expected<std::unique_ptr<Settings>>
fearless::loadSettings(llvm::ArrayRef<OptionArgument> Given,
                       llvm::StringRef MainFile) {
  auto Loaded = Settings::load(Given, MainFile);
  if (!Loaded)
    return Loaded;
  llvm::SmallVector<llvm::StringRef, 16> Known;
  for (const CheckInfo &Info : allChecks())
    Known.push_back(Info.Name);
  const llvm::StringRef Useless = (*Loaded)->Opts.uselessGlob(Known);
  if (!Useless.empty())
    return llvm::make_error<llvm::StringError>(
        "checks: no check matches '" + Useless + "'",
        llvm::inconvertibleErrorCode());
  return Loaded;
}

void fearless::run(clang::ASTContext &Ctx, const Settings &S, Reporter &Out,
                   SummaryRequest *Summary) {
  llvm::TimeTraceScope Whole("Fearless");
  // Each stage has a scope of the same name in the output of -ftime-trace.
  std::optional<llvm::TimeTraceScope> Stage;
  Stage.emplace("FearlessBoundaries");
  const Unit U = scan(Ctx, S.Models);
  TraitSolver Solver(Ctx, S.Models);
  Stage.emplace("FearlessCaptures");
  const std::vector<Resumption> Resumptions = findResumptions(U, S.Models);
  std::vector<Violation> Violations =
      findViolations(U, Resumptions, Solver, S.Opts);
  Stage.emplace("FearlessFlow");
  flow::FlowAnalysis Flow(U, Solver, /*ForLink=*/Summary != nullptr);
  Flow.dropProven(Violations);
  Stage.reset();
  dump(llvm::errs(), U, Solver, S.Opts);
  if (S.Opts.DumpFacts)
    Flow.dump(llvm::errs());
  if (S.Opts.DumpGuards)
    flow::dumpGuards(llvm::errs(), U, Flow.program());

  const AnalyzedUnit Analyzed{Ctx, S.Opts, U, Solver, Violations, Flow};
  FindingList Findings;
  for (const CheckInfo &Info : allChecks())
    if (S.Opts.isEnabled(Info.Name)) {
      Stage.emplace("FearlessCheck", Info.Name);
      Info.Make()->run(Analyzed, Findings);
    }
  Stage.reset();

  Suppressions Exits(Ctx.getSourceManager(), U.Allowances);
  // Before the findings: an exit that only they need counts as used.
  if (Summary) {
    Stage.emplace("FearlessSummary");
    Summary->Text = linking::summaryOf(Analyzed, Exits, Summary->Unit);
  }
  Stage.emplace("FearlessFindings");
  for (const Finding &F : Findings.take(Ctx.getSourceManager(), S.Opts, Exits))
    Out.report(F);
}
