// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which threads of a function may be running at each point, and who owns them.

#ifndef FEARLESS_FLOW_LIVETHREADS_H
#define FEARLESS_FLOW_LIVETHREADS_H

#include "Flow/Dataflow.h"

#include <vector>

namespace fearless::flow {

/// What may have become of one thread, over all paths to a point.
struct ThreadState {
  /// A set of these.
  enum Phase : uint8_t { NotStarted = 1, Running = 2, Ended = 4, GivenAway = 8 };
  uint8_t Phases = NotStarted;
  /// The handle that owns it; none after detach.
  PlaceId Owner{};
  /// Different handles own it on different paths.
  bool OwnerUnknown = false;

  bool mayRun() const { return Phases & (Running | GivenAway); }
  /// It runs here on a path that a reader would agree can be taken. When some
  /// paths never started it and others ended it, starting and joining depend
  /// on a condition that paths alone do not show ("if (parallel) t.join()").
  bool surelyMayRun() const {
    return (Phases & Running) &&
           !((Phases & NotStarted) && (Phases & (Ended | GivenAway)));
  }
};

/// Forward analysis over FunctionFacts.
class LiveThreads {
public:
  struct State {
    std::vector<ThreadState> Threads;
    bool join(const State &Other);
  };

  LiveThreads(const FunctionFacts &F, const PlaceTable &Places)
      : F(F), Places(Places) {}

  State entry() const { return {std::vector<ThreadState>(F.Spawns.size())}; }
  void transfer(State &S, const Fact &Each) const;

private:
  bool owns(PlaceId Handle, const ThreadState &T) const;

  const FunctionFacts &F;
  const PlaceTable &Places;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_LIVETHREADS_H
