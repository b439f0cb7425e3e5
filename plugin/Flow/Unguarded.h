// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which needs of a function are not met: a guarded object accessed, or a
// function called, without the lock that a mark asks for. Reads facts only.

#ifndef FEARLESS_FLOW_UNGUARDED_H
#define FEARLESS_FLOW_UNGUARDED_H

#include "Flow/Facts.h"

#include <vector>

namespace fearless::flow {

struct UnmetNeed {
  Need N;
  enum Reason : uint8_t {
    NotHeld,
    /// Held shared, where it must be held alone.
    OnlyShared,
    /// The lock that is held guards another object of the class.
    OtherObject,
    /// Held, where it must not be.
    Held,
    /// What the mark names was not understood.
    NotUnderstood,
  };
  Reason Why = NotHeld;
  /// OtherObject: the lock that is held instead.
  PlaceId Instead{};
  /// Where the lock, or the other one, was taken; 0 when paths differ.
  Location Since = 0;
  /// NotHeld: where it was released before, or 0.
  Location Released = 0;
  /// A lock is held that may be the right one under another name.
  bool MaybeHeld = false;

  /// Nothing that was not understood may speak for the code.
  bool isCertain() const {
    return !MaybeHeld && N.Certain && Why != NotUnderstood;
  }
};

/// The unmet needs of \p F in the order of its blocks. Linear in facts times
/// held locks.
std::vector<UnmetNeed> unmetNeeds(const FunctionFacts &F,
                                  const PlaceTable &Places);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_UNGUARDED_H
