// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/FactsGenerator.h"

#include "Flow/BodyGenerator.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Clang's own analyses give up at this size, too.
static constexpr unsigned MaxBlocks = 20000;

std::unique_ptr<CFG> fearless::flow::buildGraph(const FunctionDecl *Function,
                                                Program &P, bool &TooLarge) {
  CFG::BuildOptions Options;
  Options.AddInitializers = true;
  Options.AddLifetime = true;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  // Beside destructors, clang-16 has the end of a variable without one only so.
  Options.AddScopes = true;
  Options.AddCXXDefaultInitExprInCtors = true;
  Options.AddCXXDefaultInitExprInAggregates = true;
  Options.setAllAlwaysAdd();
  std::unique_ptr<CFG> Graph = CFG::buildCFG(
      Function, Function->getBody(),
      const_cast<ASTContext *>(&P.context()), Options);
  if (Graph && Graph->getNumBlockIDs() > MaxBlocks) {
    TooLarge = true;
    return nullptr;
  }
  return Graph;
}

std::optional<FunctionFacts>
fearless::flow::generateFacts(const FunctionDecl *Function, Program &P,
                              bool &TooLarge) {
  const std::unique_ptr<CFG> Graph = buildGraph(Function, P, TooLarge);
  if (!Graph)
    return std::nullopt;
  return BodyGenerator(Function, *Graph, P).run();
}
