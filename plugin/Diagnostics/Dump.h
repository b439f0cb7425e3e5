// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// dump=traits and dump=boundaries: what the analysis saw, for users who ask
// why, and for tests. (Packaged Clang has no debug output.)

#ifndef FEARLESS_DIAGNOSTICS_DUMP_H
#define FEARLESS_DIAGNOSTICS_DUMP_H

#include "Boundaries/Unit.h"
#include "Support/Options.h"
#include "Traits/TraitSolver.h"

#include "llvm/Support/raw_ostream.h"

namespace fearless {

/// Prints what the dump options ask for, and nothing without one.
void dump(llvm::raw_ostream &OS, const Unit &U, TraitSolver &Solver,
          const Options &Opts);

} // namespace fearless

#endif // FEARLESS_DIAGNOSTICS_DUMP_H
