// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of several units as one program: calls that were left open are
// followed into the units that have the bodies, and the analyses of Flow run on
// the result. Knows no AST.

#ifndef FEARLESS_LINK_LINKEDPROGRAM_H
#define FEARLESS_LINK_LINKEDPROGRAM_H

#include "Flow/Summary.h"
#include "Link/Entity.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"

#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace fearless::linking {

/// A function that some unit has described.
struct LinkedFunction {
  const Entity *Self = nullptr;
  /// Its number among the units.
  size_t Unit = 0;
  /// As its unit sees it; without blocks when only its summary is known.
  flow::FunctionFacts Facts;
  bool HasFacts = false;
  /// With what the other units know.
  flow::FunctionFacts Linked;
  flow::Conflicts Found;
  flow::Summary Sum;
  bool Done = false, InProgress = false, IsRecursive = false;
};

class LinkedProgram {
public:
  /// \p ToolVersion: summaries of another one are refused.
  explicit LinkedProgram(std::string ToolVersion);

  /// Adds what a summary names. \p Path is for messages. Fails with a text that
  /// names it, and the place in it, when \p Text is no summary of this version:
  /// cut off, malformed, of another tool.
  llvm::Error add(llvm::StringRef Path, llvm::StringRef Text);

  /// After all units are added: makes one declaration of what has one name, and
  /// reads the functions. \p Text gives the text of a unit again: all at once
  /// they would not fit into memory. Fails like add(). Linear in the size of
  /// the summaries.
  llvm::Error
  join(llvm::function_ref<llvm::Expected<std::string>(size_t Unit)> Text);

  struct Unit {
    std::string Path;
    UnitName Name;
    std::vector<Spot> Spots;
    /// Numbers of locations of this unit begin after it.
    flow::Location FirstLocation = 0;
    std::vector<TypeMarks> Types;
    /// The ends of races that it reports by itself.
    std::vector<std::pair<flow::Location, flow::Location>> Told;
  };
  const std::deque<Unit> &units() const { return Units; }

  /// In the order of units.
  llvm::ArrayRef<LinkedFunction *> functions() const { return InOrder; }
  /// Follows the calls of \p F. Recursion is iterated to a fixpoint.
  const flow::Summary &analyze(LinkedFunction &F);
  /// The function that \p Key, from a call site, is; null when no unit has it.
  LinkedFunction *find(const void *Key);

  flow::PlaceTable &places() { return Places; }
  const Spot *spot(flow::Location Loc) const;
  const Unit *unitOf(flow::Location Loc) const;

  ~LinkedProgram();
  LinkedProgram(const LinkedProgram &) = delete;
  LinkedProgram &operator=(const LinkedProgram &) = delete;

private:
  friend class SummaryReader;

  const std::string ToolVersion;
  std::deque<Unit> Units;
  /// What join() reads after all names are known.
  struct Pending;
  std::vector<std::unique_ptr<Pending>> Read;
  std::deque<Entity> Entities;
  flow::PlaceTable Places;
  std::deque<LinkedFunction> Functions;
  std::vector<LinkedFunction *> InOrder;
  llvm::DenseMap<const Entity *, LinkedFunction *> ByEntity;
  flow::Location NumLocations = 0;
};

/// Whether a variable belongs to \p Function or to a lambda in it.
bool isVariableOf(const Entity *Variable, const Entity *Function);

/// The facts of \p F with the summaries of what it calls put in.
flow::FunctionFacts splice(LinkedFunction &F, LinkedProgram &P);

} // namespace fearless::linking

#endif // FEARLESS_LINK_LINKEDPROGRAM_H
