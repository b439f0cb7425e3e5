// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who calls whom in the user's code of a unit, and what the bodies of threads
// reach. Direct calls only; a lambda runs where it is written, unless it is
// handed to somebody else.

#ifndef FEARLESS_FLOW_CALLGRAPH_H
#define FEARLESS_FLOW_CALLGRAPH_H

#include "Boundaries/Unit.h"

#include <map>
#include <set>
#include <vector>

namespace fearless::flow {

class CallGraph {
public:
  CallGraph(const Unit &U, const ModelTable &Models);

  using Functions = std::set<const clang::FunctionDecl *>;
  /// What is reached, each with the function that leads there (null for a
  /// start). Does not go into \p Stops.
  using Reached =
      std::map<const clang::FunctionDecl *, const clang::FunctionDecl *>;
  Reached reach(llvm::ArrayRef<const clang::FunctionDecl *> Starts,
                const Functions &Stops = {}) const;

  /// The definition in the unit, or null.
  const clang::FunctionDecl *
  definition(const clang::FunctionDecl *Function) const;
  /// Definitions that call \p Function.
  std::vector<const clang::FunctionDecl *>
  callers(const clang::FunctionDecl *Function) const;

  /// The first call of \p Callee in the body of \p Caller.
  static clang::SourceLocation callSite(const clang::FunctionDecl *Caller,
                                        const clang::FunctionDecl *Callee);
  /// The function around a lambda, or null.
  static const clang::FunctionDecl *around(const clang::FunctionDecl *Lambda);

  /// The bodies that boundaries run, with the first boundary of each.
  const std::map<const clang::FunctionDecl *, const Boundary *> &
  threadBodies() const {
    return Bodies;
  }

  /// A callable that is run on the thread with a role: by a parameter with
  /// FEARLESS_RUNS_ON, or by a model.
  struct Posted {
    std::string Role;
    clang::SourceLocation Loc;
  };
  const std::map<const clang::FunctionDecl *, Posted> &posted() const {
    return Posts;
  }

private:
  void handedTo(const clang::FunctionDecl *Caller, const ModelTable &Models);

  std::map<const clang::FunctionDecl *, Posted> Posts;
  const Unit &U;
  std::map<const clang::FunctionDecl *, const clang::FunctionDecl *> Definitions;
  std::map<const clang::FunctionDecl *,
           std::vector<const clang::FunctionDecl *>>
      Callees;
  std::map<const clang::FunctionDecl *, const Boundary *> Bodies;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_CALLGRAPH_H
