// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Clang's thread safety attributes say that a function does to locks, read
// as declarations: code that was annotated for Clang is understood as it is.

#ifndef FEARLESS_ANNOTATIONS_CAPABILITIES_H
#define FEARLESS_ANNOTATIONS_CAPABILITIES_H

#include "Annotations/LockPath.h"

#include "clang/AST/Decl.h"

namespace fearless {

struct CapabilityEffect {
  enum Kind : uint8_t {
    Acquire,
    /// Acquires when it returns the value that means success.
    TryAcquire,
    Release,
    /// The caller holds it already.
    Assert,
  };
  Kind K;
  bool Shared = false;
  /// TryAcquire: whether true (or not 0) means success.
  bool OnTrue = true;
  /// The lock; nothing when it is the object itself.
  std::optional<LockPath> Lock;
};

/// The effects that \p Function declares. Constant time without attributes.
llvm::SmallVector<CapabilityEffect, 1>
capabilityEffectsOf(const clang::FunctionDecl *Function);

} // namespace fearless

#endif // FEARLESS_ANNOTATIONS_CAPABILITIES_H
