// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The finding for a violation: headline, chain, requirement, help. Shared by
// fearless-send and fearless-sync, which differ in what they select.

#ifndef FEARLESS_CHECKS_CROSSINGFINDING_H
#define FEARLESS_CHECKS_CROSSINGFINDING_H

#include "Checks/Check.h"

namespace fearless {

Finding crossingFinding(llvm::StringRef Check, const Violation &V,
                        TraitSolver &Solver);

/// "run<Config>" when \p Scope is in the instantiation of a function or class
/// template, else empty.
std::string instantiationName(const clang::DeclContext *Scope);

} // namespace fearless

#endif // FEARLESS_CHECKS_CROSSINGFINDING_H
