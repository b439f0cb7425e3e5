// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a check is: a function of the analysed unit that adds findings. The
// list of all is Checks.def.

#ifndef FEARLESS_CHECKS_CHECK_H
#define FEARLESS_CHECKS_CHECK_H

#include "Boundaries/Unit.h"
#include "Captures/Violation.h"
#include "Diagnostics/FindingList.h"
#include "Flow/FlowAnalysis.h"
#include "Support/Options.h"
#include "Traits/TraitSolver.h"

#include <memory>

namespace fearless {

/// What the stages before the checks made of the unit.
struct AnalyzedUnit {
  clang::ASTContext &Ctx;
  const Options &Opts;
  const fearless::Unit &Unit;
  TraitSolver &Solver;
  llvm::ArrayRef<Violation> Violations;
  flow::FlowAnalysis &Flow;
};

/// The facts keep locations as numbers, without an AST.
inline clang::SourceLocation toLocation(flow::Location Loc) {
  return clang::SourceLocation::getFromRawEncoding(Loc);
}

class Check {
public:
  explicit Check(llvm::StringRef Name) : Name(Name) {}
  virtual ~Check() = default;

  virtual void run(const AnalyzedUnit &U, FindingList &Out) const = 0;

  /// "fearless-send".
  const llvm::StringRef Name;
};

struct CheckInfo {
  llvm::StringRef Name;
  llvm::StringRef Summary;
  std::unique_ptr<Check> (*Make)();
};

/// All checks, in the order of Checks.def.
llvm::ArrayRef<CheckInfo> allChecks();

#define CHECK(Class, Name, Summary)                                            \
  class Class : public Check {                                                 \
  public:                                                                      \
    using Check::Check;                                                        \
    void run(const AnalyzedUnit &U, FindingList &Out) const override;          \
  };
#include "Checks/Checks.def"

} // namespace fearless

#endif // FEARLESS_CHECKS_CHECK_H
