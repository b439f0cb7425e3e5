// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What callers need to know of a function, made of its facts. Knows no AST: a
// unit's summaries and those that are made of several units are the same.

#ifndef FEARLESS_FLOW_SUMMARY_H
#define FEARLESS_FLOW_SUMMARY_H

#include "Flow/Conflicts.h"
#include "Flow/Facts.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace fearless::flow {

/// What a caller needs to know of a function, with places rooted at its
/// parameters, at *this, at globals and at captured variables.
struct Summary {
  Effects E;
  /// Threads it leaves running, and the handle that owns each, if it is known.
  struct Left {
    SpawnInfo Thread;
    PlaceId Owner{};
    bool IsDetached = false;
    /// The caller's handles whose threads have ended when it starts.
    llvm::SmallVector<PlaceId, 1> Ended{};
  };
  std::vector<Left> Leaves;
  /// What the returned reference or pointer refers to, when it is one place.
  PlaceId Returns{};
  /// Join, Detach, Lock and Unlock on places of the caller. The first
  /// NumBefore are done before any thread of Leaves starts.
  std::vector<Fact> Operations;
  unsigned NumBefore = 0;
  /// What callers must see to: of a lambda, of a private function that leaves
  /// the lock to its callers, of what is run for a caller.
  std::vector<Need> Needs;
  /// The locks it takes, released again or not.
  std::vector<TakenLock> Takes;
  /// The object or parameters that others may know afterwards.
  llvm::SmallVector<PlaceId, 1> Publishes;
  /// The body was seen.
  bool HasBody = false;
  /// It calls what other units know more of.
  bool IsOpen = false;

  /// What runs beside the call differs before and after it, or within.
  bool ordersThreads() const {
    return !Leaves.empty() || !Operations.empty() || !Takes.empty();
  }
};

/// What a local variable is to the function whose places are looked at: one of
/// its own, or of a function around it.
enum class VariableOf : uint8_t { ValueParameter, ReferenceParameter, Own, Outer };
/// Answers for the root of a place, as an opaque key.
using Variables = llvm::function_ref<VariableOf(const void *Root)>;

/// Whether a place of a function outlives the call: a captured variable, a
/// global, *this, or what a parameter refers to.
bool outlives(PlaceId P, const PlaceTable &Places, Variables Of);
/// Whether the caller knows a handle: it outlives the call, was passed by value,
/// or is returned.
bool isHandleOfCaller(PlaceId P, const PlaceTable &Places, Variables Of);

/// The summary of \p F, without needs, taken locks and what is published.
Summary summarize(const FunctionFacts &F, PlaceTable &Places,
                  const Conflicts &Found, Variables Of);

/// Locks and unlocks of a function on places for which \p Escapes holds.
std::vector<Fact>
escapingOperations(const FunctionFacts &F, const PlaceTable &Places,
                   llvm::function_ref<bool(PlaceId)> Escapes);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_SUMMARY_H
