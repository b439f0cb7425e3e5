// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes facts and summaries of functions as the JSON of a unit's summary: see
// docs/design.md. Knows no AST: what the keys of places stand for it is told.

#ifndef FEARLESS_LINK_SUMMARYWRITER_H
#define FEARLESS_LINK_SUMMARYWRITER_H

#include "Flow/Summary.h"
#include "Link/Entity.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"

#include <map>

namespace fearless::linking {

/// The number of the format. Another one is not read.
constexpr int64_t FormatVersion = 1;

/// What an opaque key stands for.
class Describer {
public:
  virtual ~Describer() = default;
  /// An entity, with its owner as an opaque key of a function.
  struct Description {
    Entity E;
    const void *Owner = nullptr;
  };
  virtual Description root(const flow::Place &Where) = 0;
  virtual Description field(uint64_t Key) = 0;
  virtual Description function(const void *Key) = 0;
  virtual Spot spot(flow::Location Loc) = 0;
};

class SummaryWriter {
public:
  SummaryWriter(const flow::PlaceTable &Places, Describer &Names)
      : Places(Places), Names(Names) {}

  /// A function of which other units know more: its facts, without those on
  /// variables that nobody else can know.
  void add(const void *Function, const flow::FunctionFacts &F);
  /// A function that is known completely.
  void add(const void *Function, const flow::Summary &S);
  void add(const TypeMarks &Type);
  /// The two ends of a race that the unit reports by itself, without a function
  /// in which both happen.
  void addTold(flow::Location A, flow::Location B);

  /// The functions that the functions added so far call, in order.
  llvm::ArrayRef<const void *> called() const { return Called; }

  /// One line for each function; deterministic.
  std::string finish(const UnitName &Unit);

private:
  class Reduction;
  int64_t place(flow::PlaceId P);
  int64_t spot(flow::Location Loc);
  /// What a key is the key of: a method's *this is not the method.
  enum class As : unsigned { Itself, Object, Result, Index };
  int64_t entity(const void *Key, As What,
                 llvm::function_ref<Describer::Description()> Describe);
  int64_t function(const void *Key);
  llvm::json::Value facts(llvm::ArrayRef<flow::Fact> List);
  llvm::json::Value fact(const flow::Fact &F);
  llvm::json::Value access(const flow::Access &A);
  llvm::json::Value effects(const flow::Effects &E);
  llvm::json::Value thread(const flow::SpawnInfo &S);
  llvm::json::Value call(const flow::CallSite &C);
  llvm::json::Value places(llvm::ArrayRef<flow::PlaceId> List);
  llvm::json::Value locks(llvm::ArrayRef<flow::HeldLock> List);

  const flow::PlaceTable &Places;
  Describer &Names;
  llvm::json::Array Entities, PlaceList, Spots, Files, Functions, Types, Told;
  std::map<std::pair<const void *, As>, int64_t> EntityIds;
  llvm::DenseMap<unsigned, int64_t> PlaceIds, SpotIds;
  llvm::StringMap<int64_t> FileIds;
  std::vector<const void *> Called;
};

} // namespace fearless::linking

#endif // FEARLESS_LINK_SUMMARYWRITER_H
