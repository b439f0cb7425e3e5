// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The region analysis of a unit: every function that gives something to another
// thread, and those that call one that does.

#ifndef FEARLESS_FLOW_REGIONS_H
#define FEARLESS_FLOW_REGIONS_H

#include "Boundaries/Unit.h"
#include "Flow/Program.h"
#include "Flow/RegionGenerator.h"

#include "llvm/ADT/DenseSet.h"

#include <memory>
#include <vector>

namespace fearless::flow {

struct RegionResult {
  const clang::FunctionDecl *Function;
  const RegionFunction *Facts;
  /// What is certain: a reader agrees.
  std::vector<UseAfterSend> Evident;
  /// What cannot be excluded besides, for strict mode.
  std::vector<UseAfterSend> Possible;
};

class Regions {
public:
  /// Analyses the functions of \p U that send, bottom-up by their callers.
  /// Linear in their size.
  Regions(const Unit &U, Program &P);
  ~Regions();

  llvm::ArrayRef<RegionResult> results() const { return Results; }

  /// What can be said of \p Value, which crosses at \p B: a variable or, when
  /// \p Variable is null, a temporary.
  enum class Sharing : uint8_t {
    Unknown,
    /// Nothing else reaches it when it is sent, and nothing uses it later.
    Disconnected,
    /// It is used later: there is a finding with both ends.
    UsedLater,
  };
  Sharing sharing(const Boundary *B, const clang::Expr *Value,
                  const clang::ValueDecl *Variable);

  void dump(llvm::raw_ostream &OS);

private:
  struct Entry;
  Entry &entry(const clang::FunctionDecl *Function);

  Program &P;
  /// Functions that send, and their direct and indirect callers.
  llvm::DenseSet<const clang::FunctionDecl *> Leading;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Entry>> Entries;
  std::vector<RegionResult> Results;
  RegionSummary Nothing;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_REGIONS_H
