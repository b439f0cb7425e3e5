// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Classes whose objects start threads on themselves and keep the handles: what
// their other methods do beside those threads, and which members end too early.
// No caller needs to be seen, for the class itself says when a thread runs.

#ifndef FEARLESS_FLOW_ACTIVEOBJECTS_H
#define FEARLESS_FLOW_ACTIVEOBJECTS_H

#include "Boundaries/Unit.h"
#include "Flow/Conflicts.h"
#include "Flow/Program.h"

#include <vector>

namespace fearless::flow {

/// A member that a thread of the object and one of its methods use.
struct ActiveRace {
  /// The method (or constructor) that starts the thread and leaves it to a
  /// member, and the one that runs beside it. Or functions, and a variable with
  /// static storage.
  const clang::FunctionDecl *Starter = nullptr, *Method = nullptr;
  const SpawnInfo *Thread = nullptr;
  /// The thread that Method starts, when not Method itself uses the member.
  const SpawnInfo *Other = nullptr;
  /// Both as accesses of Method.
  Access InThread, Outside;
  /// How it is known that the thread runs: Method waits for it afterwards; or
  /// only the destructor does, and Method is public.
  bool WaitsAfterwards = false;
};

/// A member that a thread of the object uses, and that is destroyed before the
/// member that waits for the thread: that one is declared first.
struct MemberOrder {
  const clang::CXXMethodDecl *Starter = nullptr;
  const SpawnInfo *Thread = nullptr;
  const clang::FieldDecl *Handle = nullptr, *Used = nullptr;
  Access InThread;
  /// The use is certain, and destroying the member does something.
  bool Certain = false;
};

struct ActiveObjects {
  /// Those that are evident.
  std::vector<ActiveRace> Races;
  /// One for each thread.
  std::vector<MemberOrder> Orders;
};

/// In source order of the starters. \p Starters are functions that start
/// threads. Linear in the accesses of the methods of classes that keep threads,
/// times those of the threads.
ActiveObjects
findActiveObjects(const Unit &U, Program &P,
                  llvm::ArrayRef<const clang::FunctionDecl *> Starters);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_ACTIVEOBJECTS_H
