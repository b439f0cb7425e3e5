// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The event language that functions are compiled to. Everything after the
// generator reads only this: no AST, so that it is tested in milliseconds.

#ifndef FEARLESS_FLOW_FACTS_H
#define FEARLESS_FLOW_FACTS_H

#include "Flow/Place.h"

#include "llvm/ADT/SmallVector.h"

#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace fearless::flow {

/// A spawn's number within its function.
struct SpawnId {
  unsigned Value = 0;
  friend bool operator==(SpawnId A, SpawnId B) { return A.Value == B.Value; }
};

/// A source location as an opaque number.
using Location = unsigned;

/// A lock that is held, and how.
struct HeldLock {
  PlaceId P;
  /// Others may hold it shared at the same time.
  bool Shared = false;
  operator PlaceId() const { return P; }
  friend bool operator==(HeldLock A, HeldLock B) {
    return A.P == B.P && A.Shared == B.Shared;
  }
  friend bool operator<(HeldLock A, HeldLock B) {
    return A.P != B.P ? A.P < B.P : A.Shared < B.Shared;
  }
};

struct Fact {
  enum Kind : uint8_t {
    /// The memory of P is read.
    Read,
    /// The memory of P is written.
    Write,
    /// Thread S starts; P is the handle that owns it, or none.
    Spawn,
    /// The threads owned by P have ended.
    Join,
    /// The threads owned by P may have ended: it was given to code that is
    /// not understood.
    JoinMaybe,
    /// The threads owned by P go on without an owner.
    Detach,
    /// Q owns what P owned.
    Move,
    /// Lock P is held from here; Q is the guard that will release it, or none.
    Lock,
    LockShared,
    /// Guard Q (or a bare call) releases lock P.
    Unlock,
    /// What other threads did before they released P is seen from here.
    Acquire,
    /// What was done so far is seen by who acquires P.
    Release,
    /// The storage of P ends.
    Expire,
    /// A construct that is not understood.
    Unknown,
  };
  Kind K;
  PlaceId P{};
  PlaceId Q{};
  SpawnId S{};
  /// Whether the access surely happens when the point is reached; false for
  /// what a declaration merely allows.
  bool Certain = true;
  Location Loc = 0;
  /// For accesses inside callees: the call, and locks held inside.
  Location Through = 0;
  /// How many calls deep the access is.
  uint8_t Depth = 0;
  llvm::SmallVector<HeldLock, 1> Locks{};
};

/// An access further away than this is no evidence for default mode: each call
/// on the way is decided by conditions that the analysis does not follow, and
/// a reader could not check it.
constexpr unsigned MaxEvidenceDepth = 3;

llvm::StringRef name(Fact::Kind K);

/// One access of a body or callee, as its summary lists it.
struct Access {
  PlaceId P;
  bool IsWrite = false;
  bool Certain = true;
  Location Loc = 0;
  /// The outermost call it happens through, or 0.
  Location Through = 0;
  /// How many calls deep it is.
  uint8_t Depth = 0;
  /// Locks held, in source order of places.
  llvm::SmallVector<HeldLock, 2> Locks;
  /// What was acquired on every path to it.
  llvm::SmallVector<PlaceId, 1> Acquired;
};

/// What running a body (or calling a function) does to places outside it.
struct Effects {
  std::vector<Access> Accesses;
  llvm::SmallVector<PlaceId, 2> Acquires;
  llvm::SmallVector<PlaceId, 2> Releases;
  /// Constructs that were not understood; strict mode proves nothing then.
  unsigned NumUnknown = 0;
};

/// A thread that a function starts.
struct SpawnInfo {
  Effects Body;
  Location Loc = 0;
  /// "the thread started by 'std::thread'"
  std::string Name;
  /// What crosses by reference: the threads must end before it does.
  struct Borrow {
    PlaceId P;
    std::string Name;
    Location Loc = 0;
  };
  llvm::SmallVector<Borrow, 4> Borrows;
  /// Ends before the call returns.
  bool EndsInCall = false;
  /// Ends when a scope does that is not this function's.
  bool EndsWithScope = false;
  /// Several threads run the body at once.
  bool IsMany = false;
  /// Roots declared inside the loop that spawns: each round has its own.
  llvm::SmallVector<PlaceId, 4> RoundLocal;
  /// The boundary, as an opaque key; null when a callee spawned it.
  const void *Boundary = nullptr;
  /// The call through which it was spawned, or 0.
  Location Through = 0;
};

struct Edge {
  unsigned Target;
  /// Happens only when this edge is taken (a loop that joined everything).
  llvm::SmallVector<Fact, 1> Facts;
};

struct Block {
  std::vector<Fact> Facts;
  llvm::SmallVector<Edge, 2> Successors;
};

/// A function as facts. Block 0 is the entry.
struct FunctionFacts {
  std::string Name;
  std::vector<Block> Blocks;
  std::vector<SpawnInfo> Spawns;
  unsigned NumUnknown = 0;
  unsigned Exit = 0;
  /// Locks that the caller must hold (REQUIRES).
  llvm::SmallVector<PlaceId, 1> Required;
};

void dump(llvm::raw_ostream &OS, const FunctionFacts &F, const PlaceTable &Places);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_FACTS_H
