// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a race is told: the same words for one that a unit shows and for one that
// only several units show. Knows no AST.

#ifndef FEARLESS_CHECKS_RACETEXT_H
#define FEARLESS_CHECKS_RACETEXT_H

#include "Flow/Conflicts.h"

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace fearless {

struct RaceText {
  /// The access that makes it wrong: the one outside the thread, or the later
  /// of two threads'.
  flow::Location Loc = 0;
  std::string Message;
  /// The other access first.
  std::vector<std::pair<flow::Location, std::string>> Notes;
  std::string Help;
};

/// "'x' is read here while the thread started by 's' may still run and write it,
/// and nothing orders them". \p By says more of who does it, or nothing.
std::string besideThread(const std::string &Object, const flow::Access &Here,
                         llvm::StringRef By, const flow::SpawnInfo &Thread,
                         const flow::Access &There);
/// "the thread writes it here".
std::string inThread(const flow::SpawnInfo &Thread, const flow::Access &There);

/// "thread", or "task" for what a thread takes up that runs already.
llvm::StringRef nounOf(const flow::SpawnInfo &S);
/// "the thread started by 's'", or "the task given to 's'".
std::string nameOf(const flow::SpawnInfo &S);
/// "join the thread", or "wait for the task".
std::string waitFor(const flow::SpawnInfo &S);

RaceText textOf(const flow::Race &R, const flow::FunctionFacts &F,
                const flow::PlaceTable &Places);

/// Races with equal keys are one fault: the same object between the same
/// threads of a function.
using RaceKey = std::tuple<unsigned, unsigned, unsigned>;
RaceKey keyOf(const flow::Race &R, const flow::PlaceTable &Places);

} // namespace fearless

#endif // FEARLESS_CHECKS_RACETEXT_H
