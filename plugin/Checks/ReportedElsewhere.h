// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses that another check reports for a better reason: one fault, one
// finding.

#ifndef FEARLESS_CHECKS_REPORTEDELSEWHERE_H
#define FEARLESS_CHECKS_REPORTEDELSEWHERE_H

#include "Checks/Check.h"

#include <set>

namespace fearless {

struct ReportedElsewhere {
  explicit ReportedElsewhere(const AnalyzedUnit &U);

  /// Where a declared lock is missing: with it there would be no race.
  std::set<flow::Location> Unguarded;
  /// What was moved into a thread is its own: fearless-use-after-send says so.
  std::set<flow::Location> Sent;
};

} // namespace fearless

#endif // FEARLESS_CHECKS_REPORTEDELSEWHERE_H
