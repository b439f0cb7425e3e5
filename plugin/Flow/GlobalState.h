// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// State with static storage that all threads share: what of it nothing
// synchronises, where it is touched beside a thread that writes it, and calls of
// functions that have such state inside.

#ifndef FEARLESS_FLOW_GLOBALSTATE_H
#define FEARLESS_FLOW_GLOBALSTATE_H

#include "Flow/FlowAnalysis.h"

namespace fearless::flow {

/// A variable that every thread can reach and nothing synchronises.
struct SharedVariable {
  const clang::VarDecl *Variable;
  /// Whether the unit writes it, or lets its address out, after its
  /// initialisation.
  bool IsWritten = false;
};

/// The variables of the unit with static storage that are neither Sync nor
/// thread_local, guarded, owned, constant, or private to the unit and never
/// written. Linear in the size of the unit.
std::vector<SharedVariable> sharedVariables(const Unit &U, Program &P);

/// A thread that outlives the function that started it writes a variable, and a
/// function that nobody has run before or after it reads it.
struct Touched {
  const clang::VarDecl *Variable;
  Access Here, InThread;
  const SpawnInfo *Thread;
  /// The function that starts the thread, and the one that touches it.
  const clang::FunctionDecl *Starter, *Toucher;
};
std::vector<Touched> touchedBesideThreads(const Unit &U, FlowAnalysis &Flow);

/// A call, in a thread, of a function that is not safe with threads.
struct UnsafeCall {
  const clang::FunctionDecl *Callee;
  const OperationModel *Model;
  Location Loc = 0;
  const Boundary *Thread;
  /// The calls that lead from the thread's body to it, outermost first.
  llvm::SmallVector<Location, 2> Through;
};
std::vector<UnsafeCall> unsafeCalls(const Unit &U, const ModelTable &Models);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_GLOBALSTATE_H
