// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The summary of a unit: what other units can reach of it, as text. The last
// place that knows the AST.

#ifndef FEARLESS_LINK_EXPORT_H
#define FEARLESS_LINK_EXPORT_H

#include "Checks/Check.h"
#include "Diagnostics/Suppressions.h"
#include "Link/Entity.h"

#include <string>

namespace fearless::linking {

/// The summary of an analysed unit, whose flow analysis was made for it.
/// \p Exits are asked for every place that a finding may name. Linear in the
/// size of the user's code.
std::string summaryOf(const AnalyzedUnit &U, Suppressions &Exits,
                      const UnitName &Name);

/// The summary of a unit that could not be analysed.
std::string emptySummary(UnitName Name);

} // namespace fearless::linking

#endif // FEARLESS_LINK_EXPORT_H
