// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which thread runs what, where FEARLESS_RUNS_ON and FEARLESS_OWNED_BY name
// threads by their roles: a role comes from a mark, from main, from being posted
// to it, and goes on through calls.

#ifndef FEARLESS_FLOW_ROLES_H
#define FEARLESS_FLOW_ROLES_H

#include "Flow/Program.h"

namespace fearless::flow {

struct RoleFault {
  enum Kind : uint8_t {
    /// Data that is owned by a role is touched.
    Access,
    /// A function of a role is called.
    Call,
    /// A function of a role is handed to a new thread, which another has.
    Thread,
  };
  Kind K;
  Location Loc = 0;
  const clang::NamedDecl *Subject;
  /// The role that is asked for.
  std::string Role;
  /// The role that runs the code; empty for a thread of no role, or when it
  /// is not known who runs it.
  std::string Actual{};
  bool IsUnknown = false;
  /// The mark that asks.
  Location Mark = 0;
  struct Link {
    Location Loc;
    std::string Text;
  };
  llvm::SmallVector<Link, 3> Links{};
  /// Enough for default mode.
  bool Certain = true;
  const clang::FunctionDecl *Function = nullptr;
};

/// The faults of the unit, each place once. Nothing is done without marks.
std::vector<RoleFault> roleFaults(const Unit &U, Program &P);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_ROLES_H
