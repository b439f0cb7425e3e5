// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The analysis from end to end.

#ifndef FEARLESS_PIPELINE_H
#define FEARLESS_PIPELINE_H

#include "Diagnostics/Reporter.h"
#include "Link/Entity.h"
#include "Models/Settings.h"

namespace clang {
class ASTContext;
}

namespace fearless {

/// Settings::load, and the checks that it selects must exist.
llvm::Expected<std::unique_ptr<Settings>>
loadSettings(llvm::ArrayRef<OptionArgument> Given, llvm::StringRef MainFile);

/// The unit's summary, for whoever links several.
struct SummaryRequest {
  linking::UnitName Unit;
  /// Filled by run().
  std::string Text;
};

/// Analyses one translation unit that was parsed without errors and reports
/// what it finds, in source order. Linear in the size of the user's code. With
/// \p Summary all functions are analysed, not only those that threads reach.
void run(clang::ASTContext &Ctx, const Settings &S, Reporter &Out,
         SummaryRequest *Summary = nullptr);

} // namespace fearless

#endif // FEARLESS_PIPELINE_H
