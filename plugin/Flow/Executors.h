// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Classes of the user's whose own threads run what their methods are given: pools,
// active objects, event loops. No mark says so; their code does.

#ifndef FEARLESS_FLOW_EXECUTORS_H
#define FEARLESS_FLOW_EXECUTORS_H

#include "Flow/Handover.h"

#include "llvm/ADT/DenseMap.h"

#include <map>
#include <optional>

namespace clang {
class CXXMethodDecl;
class CXXRecordDecl;
class FunctionDecl;
} // namespace clang

namespace fearless::flow {

class Program;

/// A class that has threads which take callables out of a member and run them.
struct Executor {
  /// Starts the threads: a constructor, or a method that has to be called first.
  const clang::CXXMethodDecl *Starter = nullptr;
  /// The handles of the threads, and what holds the callables: of the starter's
  /// *this.
  PlaceId Workers{}, Queue{};
  /// Where a thread runs a callable.
  Location RunAt = 0;
  /// There is one thread: what it is given runs one after the other.
  bool IsSerial = false;
};

/// Answers are kept. Asking for a class makes the summaries of its methods:
/// not to be asked while one of them is being made.
class Executors {
public:
  explicit Executors(Program &P) : P(P) {}

  /// Null for a class that is none, as far as its code is in the unit.
  const Executor *of(const clang::CXXRecordDecl *Class);
  /// What \p Method, of such a class, hands to its threads.
  const std::vector<KeptParameter> &keptBy(const clang::CXXMethodDecl *Method);
  /// Those of its methods that hand something to its threads.
  std::vector<const clang::CXXMethodDecl *>
  keepers(const clang::CXXRecordDecl *Class);

private:
  bool isContainer(PlaceId Member) const;
  std::optional<Executor> find(const clang::CXXRecordDecl *Class);

  Program &P;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::optional<Executor>> Known;
  std::map<const clang::CXXMethodDecl *, std::vector<KeptParameter>> Kept;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_EXECUTORS_H
