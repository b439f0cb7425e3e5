// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which threads of a function may be running at each point, and who owns them.

#ifndef FEARLESS_FLOW_LIVETHREADS_H
#define FEARLESS_FLOW_LIVETHREADS_H

#include "Flow/Dataflow.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace fearless::flow {

/// What may have become of one thread, over all paths to a point. A spawn in a
/// loop stands for the threads of all rounds.
struct ThreadState {
  /// A set of these.
  enum Phase : uint8_t { NotStarted = 1, Running = 2, Ended = 4, GivenAway = 8 };
  uint8_t Phases = NotStarted;
  /// More than one of them may run.
  bool IsSeveral = false;
  /// Somebody who is not among Owners may own it.
  bool OwnerUnknown = false;
  /// The handles that own it, one on each path; none (a place without value)
  /// after detach. Sorted.
  llvm::SmallVector<PlaceId, 2> Owners;

  friend bool operator==(const ThreadState &A, const ThreadState &B) {
    return A.Phases == B.Phases && A.IsSeveral == B.IsSeveral &&
           A.OwnerUnknown == B.OwnerUnknown && A.Owners == B.Owners;
  }
  bool mayRun() const { return Phases & (Running | GivenAway); }
  /// It runs here on a path that a reader would agree can be taken. When some
  /// paths never started it and others ended it, starting and joining depend
  /// on a condition that paths alone do not show ("if (parallel) t.join()").
  bool surelyMayRun() const {
    return (Phases & Running) &&
           !((Phases & NotStarted) && (Phases & (Ended | GivenAway)));
  }
  /// Nobody can wait for it.
  bool isDetached() const {
    return !OwnerUnknown && Owners.size() == 1 && !Owners.front();
  }
};

/// Forward analysis over FunctionFacts. \p Places must outlive it; moves of
/// handles add to it.
class LiveThreads {
public:
  struct State {
    std::vector<ThreadState> Threads;
    bool join(const State &Other);
  };

  /// \p Given are handles of the caller, each with threads that run from the
  /// start; they follow those of the function.
  LiveThreads(const FunctionFacts &F, PlaceTable &Places,
              llvm::ArrayRef<PlaceId> Given = {})
      : F(F), Places(Places), Given(Given) {}

  State entry() const;
  void transfer(State &S, const Fact &Each) const;

  /// Whether an operation on \p Handle is one on what \p Owner owns.
  Overlap owns(PlaceId Handle, PlaceId Owner) const;

private:
  void end(ThreadState &T, PlaceId Handle, bool Surely) const;
  void move(ThreadState &T, PlaceId From, PlaceId To) const;

  const FunctionFacts &F;
  PlaceTable &Places;
  llvm::ArrayRef<PlaceId> Given;
};

/// The handles of the caller (those for which \p Escapes holds) to which the
/// function does something; of a container, any element.
std::vector<PlaceId> handlesOf(const FunctionFacts &F, PlaceTable &Places,
                               llvm::function_ref<bool(PlaceId)> Escapes);

/// What a function does to the caller's handles.
struct HandleEffects {
  /// Join, JoinMaybe, Detach and Move. A join counts when every path has it, or
  /// has no thread to join.
  std::vector<Fact> Operations;
  /// So many of them are done before any thread starts that is left running: in
  /// "t_.join(); t_ = std::thread(f);" the join is none of what f runs on.
  unsigned NumBefore = 0;
  /// For each thread that is left running, the handles whose threads have ended
  /// when it starts.
  std::vector<llvm::SmallVector<PlaceId, 1>> Ended;
};
HandleEffects handleOperations(const FunctionFacts &F, PlaceTable &Places,
                               llvm::ArrayRef<PlaceId> Handles,
                               llvm::function_ref<bool(PlaceId)> Escapes,
                               llvm::ArrayRef<SpawnId> Left);

/// A handle that stands for all elements where \p Handle stands for any.
PlaceId allOf(PlaceId Handle, PlaceTable &Places);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_LIVETHREADS_H
