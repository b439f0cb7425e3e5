// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Members that no mark guards and that are used under one mutex of their object
// everywhere but in one place.

#ifndef FEARLESS_FLOW_INFERREDGUARDS_H
#define FEARLESS_FLOW_INFERREDGUARDS_H

#include "Flow/Program.h"

#include "llvm/Support/raw_ostream.h"

namespace fearless::flow {

/// How one member is used: the lock that is held in most places.
struct GuardHabit {
  const clang::FieldDecl *Member;
  const clang::FieldDecl *Lock;
  unsigned NumLocked = 0;
  unsigned NumPlaces = 0;
  /// A place where it is written with the lock, or 0.
  Location Written = 0;
  /// A place without the lock, or 0.
  Location Odd = 0;
  bool OddIsWrite = false;
  const clang::FunctionDecl *OddFunction = nullptr;
};

/// The members that are used under one lock everywhere but in one place, which
/// can run beside the others, in the order of those places. Linear in the facts
/// of the methods that name members of classes with locks.
std::vector<GuardHabit> inferredGuards(const Unit &U, Program &P);

/// Prints the habits, for dump=guards: what the marks of old code could be.
void dumpGuards(llvm::raw_ostream &OS, const Unit &U, Program &P);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_INFERREDGUARDS_H
