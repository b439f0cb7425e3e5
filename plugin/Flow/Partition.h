// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Regions of memory after Swift's SE-0414: places that may reach the same
// objects share a region, and a region that was sent belongs to another thread.
// Knows no AST.

#ifndef FEARLESS_FLOW_PARTITION_H
#define FEARLESS_FLOW_PARTITION_H

#include "Flow/Facts.h"
#include "Flow/Place.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace fearless::flow {

/// One step of a function, as far as regions go.
struct RegionFact {
  enum Kind : uint8_t {
    /// P has a new value that nothing else reaches.
    Fresh,
    /// P has a new value, which belongs to Q's region.
    Assign,
    /// What P and Q reach may be reached from one another from here on.
    Merge,
    /// What P reaches is given to another thread, by send number Which.
    Send,
    /// The same, and P itself is moved from.
    MoveOut,
    /// What P reaches is used.
    Touch,
    /// Whether P still has a value is asked: what follows knows.
    Ask,
  };
  Kind K;
  PlaceId P{};
  PlaceId Q{};
  unsigned Which = 0;
  Location Loc = 0;
  /// False for what a call that is not visible may do: it is no evidence, and
  /// no proof.
  bool Certain = true;
  bool IsWrite = false;
  /// Harmless for a variable that was merely moved from (its size, a new
  /// value).
  bool IsMild = false;
};

struct RegionEdge {
  unsigned Target;
  llvm::SmallVector<RegionFact, 0> Facts{};
};

struct RegionBlock {
  std::vector<RegionFact> Facts;
  llvm::SmallVector<RegionEdge, 2> Successors;
};

/// Where something is given to another thread.
struct SendInfo {
  Location Loc = 0;
  /// "fearless::sender::send", as messages name it.
  std::string Boundary;
  /// "'p'"
  std::string What;
  PlaceId P{};
  /// The variable is moved from, not copied.
  bool IsMove = false;
  /// The boundary asks that the sender gives it up: reading afterwards is
  /// wrong too. Elsewhere it is only when somebody writes.
  bool IsExclusive = true;
  /// The call that leads to the send, or 0.
  Location Through = 0;
  /// The boundary, as an opaque key; null when a callee sends.
  const void *Key = nullptr;
};

/// A function as region facts. Block 0 is the entry.
struct RegionFunction {
  std::vector<RegionBlock> Blocks;
  std::vector<SendInfo> Sends;
  unsigned Exit = 0;
};

/// Which places share a region, and which regions and variables were sent.
class Partition {
public:
  explicit Partition(const PlaceTable &Places) : Places(&Places) {}

  using SendSet = std::set<unsigned>;

  /// Merges the knowledge of another path into this one; true when that
  /// changed it. Linear in the number of places, times a logarithm.
  bool join(const Partition &Other);
  void fresh(PlaceId P);
  void assign(PlaceId P, PlaceId Q);
  void merge(PlaceId P, PlaceId Q);
  void send(PlaceId P, unsigned Send);
  /// It is known whether \p P was moved from.
  void ask(PlaceId P) { Moved.erase(P); }
  /// \p P was moved from: its old value is not reached from it any more.
  void moveOut(PlaceId P, unsigned Send);

  /// The sends that took what \p P reaches.
  const SendSet &sentBy(PlaceId P) const;
  /// The sends that \p P was moved into.
  const SendSet &movedBy(PlaceId P) const;
  bool sameRegion(PlaceId P, PlaceId Q) const;
  /// Everything in \p P's region, in order.
  std::vector<PlaceId> regionOf(PlaceId P) const;

private:
  /// The tracked place that \p P is or is part of; none when nothing is known.
  PlaceId tracked(PlaceId P) const;
  /// The region of \p P, made if need be.
  unsigned region(PlaceId P);
  void unite(unsigned A, unsigned B);
  void forget(PlaceId P);

  const PlaceTable *Places;
  std::map<PlaceId, unsigned> Regions;
  /// By region.
  std::vector<SendSet> Sent;
  std::map<PlaceId, SendSet> Moved;
};

/// A use of what another thread has.
struct UseAfterSend {
  unsigned Send;
  RegionFact Use;
  /// The variable itself was moved from, rather than something that it
  /// reaches sent.
  bool IsMovedFrom = false;
  /// Where the place that is used got to the region, or 0.
  Location AliasMade = 0;
};

/// The uses after a send, the first of each variable and send in the order of
/// the blocks. With \p EvidenceOnly what merely may be is left out. Quadratic
/// at worst in the number of variables, linear in the size of the function for
/// a fixed number of them.
std::vector<UseAfterSend> findUsesAfterSend(const RegionFunction &F,
                                            const PlaceTable &Places,
                                            bool EvidenceOnly);

/// The sends of \p F that have taken \p P, or what it reaches, at its end.
Partition::SendSet sentAtExit(const RegionFunction &F, const PlaceTable &Places,
                              PlaceId P);

/// Whether what send number \p Send takes is reached from nothing but
/// variables of the function that \p IsOwn accepts.
bool isDisconnected(const RegionFunction &F, const PlaceTable &Places,
                    unsigned Send, llvm::function_ref<bool(PlaceId)> IsOwn);

void dump(llvm::raw_ostream &OS, const RegionFunction &F,
          const PlaceTable &Places);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PARTITION_H
