// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What functions put into members of their object, and take out of them, on its way
// from one thread to another.

#ifndef FEARLESS_FLOW_HANDOVER_H
#define FEARLESS_FLOW_HANDOVER_H

#include "Flow/Facts.h"
#include "Flow/PlaceBuilder.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace fearless::flow {

class Program;

/// A parameter that a method puts into a member, itself or within something.
struct KeptParameter {
  const clang::ParmVarDecl *Parameter = nullptr;
  PlaceId Into{};
  Location At = 0;
};

/// What \p Function keeps, in the order of its parameters. \p Own answers for the
/// methods that it calls on its own object, in places of this object. Linear in
/// the body.
std::vector<KeptParameter> keptParameters(
    const clang::FunctionDecl *Function, PlaceBuilder &Builder,
    llvm::function_ref<
        const std::vector<KeptParameter> &(const clang::CXXMethodDecl *)>
        Own);

/// The member of *this that a local variable, of which \p Callable is a part, was
/// taken out of, or moved from with all others; in \p Function or in methods that
/// it calls. None for what is still held there, as a list of handlers is: it
/// need not run.
PlaceId takenFrom(const clang::Expr *Callable, Program &P, PlaceBuilder &Builder,
                  const clang::FunctionDecl *Function);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_HANDOVER_H
