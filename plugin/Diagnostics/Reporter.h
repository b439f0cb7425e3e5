// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the core asks of a front end: print a finding, say what was not
// analysed. The core knows nothing else of where its results go.

#ifndef FEARLESS_DIAGNOSTICS_REPORTER_H
#define FEARLESS_DIAGNOSTICS_REPORTER_H

#include "Diagnostics/Finding.h"

namespace fearless {

class Reporter {
public:
  virtual ~Reporter() = default;

  /// A finding that is to be shown. Called in source order.
  virtual void report(const Finding &F) = 0;

  /// Something could not be analysed. In strict mode the core also makes it a
  /// finding; this is for the front end's count.
  virtual void incomplete(clang::SourceLocation Loc, llvm::StringRef Why) = 0;
};

/// Prints \p F through Clang's diagnostics as the best of rustc's errors read:
/// the headline, the chain, the requirement, the help. Used by the plugin; the
/// tidy module has its own engine.
void emit(clang::DiagnosticsEngine &Diags, const Finding &F,
          clang::DiagnosticIDs::Level Level);

} // namespace fearless

#endif // FEARLESS_DIAGNOSTICS_REPORTER_H
