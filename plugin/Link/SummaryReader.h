// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads what SummaryWriter wrote. Nothing in a file is trusted: every number is
// checked, and the first that is wrong is told.

#ifndef FEARLESS_LINK_SUMMARYREADER_H
#define FEARLESS_LINK_SUMMARYREADER_H

#include "Link/LinkedProgram.h"

#include "llvm/Support/JSON.h"

#include <functional>

namespace fearless::linking {

/// A JSON array whose last elements may be left out.
class Row {
public:
  /// \p Fail is called for what is not what it should be.
  using Failure = std::function<void(const llvm::Twine &)>;
  Row(const llvm::json::Value &V, const Failure &Fail);

  int64_t number(size_t I, int64_t Limit) const;
  int64_t anyNumber(size_t I) const;
  std::string text(size_t I) const;
  /// The array at \p I, or an empty one.
  const llvm::json::Array &list(size_t I) const;
  size_t size() const { return List->size(); }

private:
  const llvm::json::Array *List;
  const Failure &Fail;
};

/// Reads the lists of one unit in the order of their dependence.
class SummaryReader {
public:
  /// \p Path is for messages.
  SummaryReader(LinkedProgram &P, llvm::StringRef Path);
  SummaryReader(const SummaryReader &) = delete;
  SummaryReader &operator=(const SummaryReader &) = delete;

  /// What is read from now on. The same file as before.
  void setRoot(const llvm::json::Object &Of) { Root = &Of; }

  void header(UnitName &Name);
  void spots(LinkedProgram::Unit &U);
  /// With owners as numbers, from 1.
  void entities(std::vector<Entity> &Out, std::vector<int64_t> &Owners,
                const LinkedProgram::Unit &U);
  void types(LinkedProgram::Unit &U);
  void told(LinkedProgram::Unit &U);
  void places(llvm::ArrayRef<const Entity *> Entities);
  void functions(llvm::ArrayRef<const Entity *> Entities, size_t Unit);

  /// Of the first fault.
  llvm::Error takeError();
  bool failed() const { return !Problem.empty(); }

private:
  const llvm::json::Array &list(llvm::StringRef Key);
  void fail(const llvm::Twine &What);

  flow::Location location(int64_t Number);
  flow::PlaceId place(int64_t Number);
  const Entity *entity(int64_t Number);
  const Entity *function(int64_t Number);
  template <typename Out> void readPlaces(const llvm::json::Array &From, Out &Into);
  template <typename Out> void readLocks(const llvm::json::Array &From, Out &Into);
  std::vector<flow::Fact> readFacts(const llvm::json::Array &From);
  flow::Fact readFact(const llvm::json::Value &From);
  flow::Access readAccess(const llvm::json::Value &From);
  void readEffects(const llvm::json::Array &From, flow::Effects &Into);
  flow::SpawnInfo readThread(const llvm::json::Value &From);
  flow::CallSite readCall(const llvm::json::Value &From);
  void readFunction(const llvm::json::Object &From, LinkedFunction &Into);

  LinkedProgram &P;
  const std::string Path;
  const llvm::json::Object *Root = nullptr;
  Row::Failure Fail;
  std::string Problem;
  /// For messages: the list and the entry that is being read.
  std::string At;
  const LinkedProgram::Unit *Current = nullptr;
  llvm::ArrayRef<const Entity *> Known;
  std::vector<flow::PlaceId> PlaceIds;
  /// Spots in the order of places; locations are numbers in that order.
  std::vector<unsigned> Rank;
};

} // namespace fearless::linking

#endif // FEARLESS_LINK_SUMMARYREADER_H
