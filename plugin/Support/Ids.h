// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The small vocabulary that every stage shares: the two traits, the three
// verdicts, and how much a "No" weighs.

#ifndef FEARLESS_SUPPORT_IDS_H
#define FEARLESS_SUPPORT_IDS_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace fearless {

/// The two properties of design section 2. Sync is asked of a qualified type.
enum class Trait : uint8_t {
  /// A value may be given to another thread, used and destroyed there.
  Send,
  /// One object may be used through an lvalue of the type by several threads.
  Sync,
};

/// Ordered: the verdict of a conjunction is the least of its parts.
enum class Verdict : uint8_t { No, Unknown, Yes };

/// How much a No weighs. Default mode reports an explicit one at any boundary,
/// a structural one only where proof was asked for.
enum class Strength : uint8_t {
  /// Nothing in the type synchronises it.
  Structural,
  /// A mark or a model says so.
  Explicit,
};

/// What a boundary does with what it is given.
enum class BoundaryKind : uint8_t {
  /// Runs on another thread and may outlive the call.
  Spawns,
  /// Runs on another thread and ends before the call returns.
  Scoped,
  /// Several threads run it at once, before the call returns.
  Many,
  /// A value is handed to another thread; nothing is run.
  Sending,
};

inline llvm::StringRef name(Trait T) {
  return T == Trait::Send ? "Send" : "Sync";
}

inline llvm::StringRef name(Verdict V) {
  switch (V) {
  case Verdict::No:
    return "No";
  case Verdict::Unknown:
    return "Unknown";
  case Verdict::Yes:
    return "Yes";
  }
  return "";
}

} // namespace fearless

#endif // FEARLESS_SUPPORT_IDS_H
