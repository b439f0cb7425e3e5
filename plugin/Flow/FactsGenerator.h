// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function to facts, over Clang's CFG: the only flow-sensitive
// visitor of the AST. What it does not understand becomes an Unknown fact, and
// is counted.

#ifndef FEARLESS_FLOW_FACTSGENERATOR_H
#define FEARLESS_FLOW_FACTSGENERATOR_H

#include "Flow/Facts.h"

#include "clang/Analysis/CFG.h"

#include "clang/AST/Decl.h"

#include <optional>

namespace fearless::flow {

class Program;

/// The control flow of \p Function, or null when Clang can build none;
/// \p TooLarge is set when it has more blocks than are analysed.
std::unique_ptr<clang::CFG> buildGraph(const clang::FunctionDecl *Function,
                                       Program &P, bool &TooLarge);

/// The facts of \p Function, which must be a definition that depends on no
/// template parameter. Nothing when Clang can build no CFG; \p TooLarge is set
/// when it has more blocks than are analysed. Linear in the size of the body
/// and of the summaries of what it calls.
std::optional<FunctionFacts> generateFacts(const clang::FunctionDecl *Function,
                                           Program &P, bool &TooLarge);

/// Whether a call may end with an exception, as far as its declaration says;
/// null is a callee that is not known.
bool mayThrow(const clang::FunctionDecl *Callee);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_FACTSGENERATOR_H
