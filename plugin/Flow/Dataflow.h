// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A forward fixpoint over the blocks of a function. An analysis gives a state
// with join() and a transfer function over facts; joins only grow, so the
// worklist ends.

#ifndef FEARLESS_FLOW_DATAFLOW_H
#define FEARLESS_FLOW_DATAFLOW_H

#include "Flow/Facts.h"

#include <optional>
#include <set>
#include <vector>

namespace fearless::flow {

/// The state at the start of each block; nothing where it cannot be reached.
/// \p Analysis has: State entry(); void transfer(State &, const Fact &);
/// and State has: bool join(const State &), true when it changed. \p Function
/// has Blocks of Facts and Successors.
template <typename Function, typename Analysis>
std::vector<std::optional<typename Analysis::State>>
solveForward(const Function &F, Analysis &A) {
  std::vector<std::optional<typename Analysis::State>> In(F.Blocks.size());
  if (F.Blocks.empty())
    return In;
  // Block numbers are in reverse post-order, so the smallest first visits a
  // loop's body before what follows the loop.
  std::set<unsigned> Worklist{0};
  In[0] = A.entry();
  while (!Worklist.empty()) {
    const unsigned At = *Worklist.begin();
    Worklist.erase(Worklist.begin());
    typename Analysis::State Out = *In[At];
    for (const auto &Each : F.Blocks[At].Facts)
      A.transfer(Out, Each);
    for (const auto &E : F.Blocks[At].Successors) {
      typename Analysis::State Along = Out;
      for (const auto &Each : E.Facts)
        A.transfer(Along, Each);
      if (!In[E.Target]) {
        In[E.Target] = std::move(Along);
        Worklist.insert(E.Target);
      } else if (In[E.Target]->join(Along)) {
        Worklist.insert(E.Target);
      }
    }
  }
  return In;
}

} // namespace fearless::flow

#endif // FEARLESS_FLOW_DATAFLOW_H
