// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Members that no mark guards and that are used under one mutex of their object
// everywhere but in one place.

#ifndef FEARLESS_FLOW_INFERREDGUARDS_H
#define FEARLESS_FLOW_INFERREDGUARDS_H

#include "Flow/Program.h"

namespace fearless::flow {

struct InferredGuard {
  const clang::FieldDecl *Member;
  const clang::FieldDecl *Lock;
  /// The place without the lock.
  Location Loc = 0;
  bool IsWrite = false;
  const clang::FunctionDecl *Function;
  /// A place where it is written with it, or 0.
  Location Written = 0;
  unsigned NumLocked = 0;
};

/// Linear in the facts of the methods that name members of classes with locks.
std::vector<InferredGuard> inferredGuards(const Unit &U, Program &P);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_INFERREDGUARDS_H
