// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which crossings are wrong, given who must prove what: marked boundaries
// demand proof in both modes; at stock boundaries default mode reports an
// explicit No only, strict mode whatever is unproven.

#ifndef FEARLESS_CAPTURES_VIOLATION_H
#define FEARLESS_CAPTURES_VIOLATION_H

#include "Boundaries/Unit.h"
#include "Captures/Crossing.h"
#include "Captures/Resumption.h"
#include "Support/Options.h"

#include <vector>

namespace fearless {

struct Violation {
  const fearless::Boundary *Boundary;
  fearless::Crossing Crossing;
  const fearless::Answer *Answer;
  /// The end of the chain: its trait decides which check reports.
  const fearless::Answer *Culprit;
};

/// The violations of all boundaries of \p U, in the order of the traversal,
/// then those of \p Resumptions, which must outlive the result.
std::vector<Violation> findViolations(const Unit &U,
                                      llvm::ArrayRef<Resumption> Resumptions,
                                      TraitSolver &Solver, const Options &Opts);

} // namespace fearless

#endif // FEARLESS_CAPTURES_VIOLATION_H
