// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The event language that functions are compiled to. Everything after the
// generator reads only this: no AST, so that it is tested in milliseconds.

#ifndef FEARLESS_FLOW_FACTS_H
#define FEARLESS_FLOW_FACTS_H

#include "Flow/Place.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <set>
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
    /// P is used in a way that synchronises itself: no race, but it must be
    /// alive.
    Use,
    /// Thread S starts; P is the handle that owns it. Without one it is
    /// detached or, where that is not certain, owned by somebody unknown.
    Spawn,
    /// The threads owned by P have ended. Where it is not certain, this is
    /// what the code means to do, but no proof (a loop over some elements).
    Join,
    /// The threads owned by P may have ended: it was given to code that is
    /// not understood.
    JoinMaybe,
    /// The threads owned by P go on without an owner.
    Detach,
    /// Q owns what P owned; without Q, somebody unknown does.
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
    /// A mark asks for a lock here: see Need.
    Require,
    /// From here on other threads may know object P, which was new.
    Publish,
    /// A callee takes lock P and releases it again: see TakenLock.
    Taken,
    /// The coroutine is suspended, and may go on in another thread.
    Suspend,
    /// An exception leads from here to a handler: what the code means to do
    /// next is not done.
    Unwind,
    /// A function is called whose body other units know: see CallSite. What is
    /// known without them follows.
    Call,
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
  /// For Use: see Access::IsCall.
  bool IsCall = false;
  Location Loc = 0;
  /// For accesses inside callees: the call, and locks held inside.
  Location Through = 0;
  /// How many calls deep the access is.
  uint8_t Depth = 0;
  llvm::SmallVector<HeldLock, 1> Locks{};
  /// What the callee has acquired before it, and releases after it.
  llvm::SmallVector<PlaceId, 1> Acquired{};
  llvm::SmallVector<PlaceId, 1> Released{};
  /// The handles whose threads the callee has joined before it; also before a
  /// thread that the callee starts.
  llvm::SmallVector<PlaceId, 1> Ended{};
  /// For Require: its number in FunctionFacts::Needs; for Taken: in Taken; for
  /// Call: in Calls.
  unsigned Need = 0;
};

/// What a mark asks of the place where it is found: GUARDED_BY of an access,
/// REQUIRES and EXCLUDES of a call. Declarations are opaque keys.
struct Need {
  enum Kind : uint8_t {
    /// A guarded object is accessed.
    Access,
    /// A function is called that wants the lock held.
    Call,
    /// A function is called that takes the lock itself.
    Absence,
    /// Parameter Subject is run: what it needs is up to who gave it.
    Callback,
  };
  Kind K = Access;
  /// The lock; none when what the mark names was not understood.
  PlaceId Lock{};
  /// Holding it shared is not enough.
  bool Exclusive = false;
  /// False for what a declaration merely allows.
  bool Certain = true;
  /// What is accessed; the object of the call.
  PlaceId Object{};
  /// The object whose member the lock guards; none for one that stands alone.
  PlaceId Owner{};
  /// The guarded variable or the function, and the lock.
  const void *Subject = nullptr;
  const void *LockDeclaration = nullptr;
  /// The lock as the mark spells it.
  std::string LockText;
  Location Mark = 0;
  Location Loc = 0;
  /// Where a callee accesses it, for what it was given by reference; else 0.
  Location Inside = 0;
  /// The function that holds the access, around all lambdas.
  const void *Home = nullptr;
  /// It stands in a lambda of Home, and not Home was found to run that.
  bool InLambda = false;
  /// The calls that lead to it, innermost first.
  llvm::SmallVector<Location, 1> Through{};
  /// Locks held on the way, inside the callees.
  llvm::SmallVector<HeldLock, 1> Locks{};
};

/// A lock that code waits for, and those that it holds meanwhile.
struct TakenLock {
  PlaceId Lock{};
  bool Shared = false;
  /// It is taken whenever the function is called, or no parameter says when.
  bool Certain = true;
  /// It was held before, and released: whose caller holds it does not wait.
  bool Again = false;
  Location Loc = 0;
  struct Holding {
    PlaceId P;
    bool Shared = false;
    Location Since = 0;
  };
  llvm::SmallVector<Holding, 1> Held{};
  /// The calls that lead to it, innermost first.
  llvm::SmallVector<Location, 1> Through{};
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
  /// It synchronises itself: it races with nothing, but needs P alive.
  bool IsUse = false;
  /// A use that runs P, a callable which the function was given. What that
  /// does is known to who gave it.
  bool IsCall = false;
  bool Certain = true;
  Location Loc = 0;
  /// The outermost call it happens through, or 0.
  Location Through = 0;
  /// How many calls deep it is.
  uint8_t Depth = 0;
  /// Locks held, in source order of places.
  llvm::SmallVector<HeldLock, 2> Locks;
  /// What was acquired on some path to it, and is released on some path from
  /// it: see Fact::Acquire.
  llvm::SmallVector<PlaceId, 1> Acquired;
  llvm::SmallVector<PlaceId, 1> Released;
  /// The caller's handles whose threads have ended before it.
  llvm::SmallVector<PlaceId, 1> Ended;
};

/// The locks around an access, seen from a caller: as \p Apply has them. One that
/// has no name there, and is not the callee's own, makes the access uncertain.
void applyLocks(Access &A, llvm::function_ref<PlaceId(PlaceId)> Apply,
                llvm::function_ref<bool(PlaceId)> IsOwn);

/// What running a body (or calling a function) does to places outside it.
struct Effects {
  std::vector<Access> Accesses;
  llvm::SmallVector<PlaceId, 2> Acquires;
  llvm::SmallVector<PlaceId, 2> Releases;
  /// Constructs that were not understood; strict mode proves nothing then.
  unsigned NumUnknown = 0;
};

/// A call of a function that is not, or not completely, known in this unit, as
/// it is needed to put its summary in later: what its parameters are here.
struct CallSite {
  /// What an argument denotes, or refers to.
  struct Target {
    enum Kind : uint8_t { Known, Private, Unknown };
    Kind K = Unknown;
    /// For Private the original of the copy.
    PlaceId P{};
  };
  struct Argument {
    Target Itself, Pointee;
    /// The parameter is a reference; an object by value.
    bool ByReference = false, IsRecord = false;
    /// A view or owner: what a copy of it leads to is the same.
    bool IsView = false;
  };
  /// The function, as an opaque key.
  const void *Callee = nullptr;
  std::vector<Argument> Arguments;
  /// The object of a method, and where the result goes.
  PlaceId Object{}, Result{};
  /// Only what the object's pointers lead to is the same.
  bool ObjectIsCopy = false;
  /// A thread's body: it gets copies of the arguments.
  bool IsBody = false;
  /// The object synchronises itself: what is done to it is of no interest, only
  /// what is locked, and what is done besides.
  bool OrdersItself = false;
  /// The task whose future shows that the body has ended.
  PlaceId Task{};
  /// Of a constructor: the destructor of the class, as an opaque key.
  const void *Destructor = nullptr;
  /// What each round of a loop around the call has of its own.
  llvm::SmallVector<PlaceId, 4> RoundLocal;
  /// What the pointers that a lambda captures lead to.
  std::vector<std::pair<PlaceId, PlaceId>> Captured;
  /// How many of the facts that follow say what is known without the body.
  unsigned NumFacts = 0;
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
    /// The capture or argument that it crosses by, as an opaque key; null when
    /// it is only implied.
    const void *Crossing = nullptr;
  };
  llvm::SmallVector<Borrow, 4> Borrows;
  /// What crosses by a shared_ptr: it lives as long as anybody has one.
  llvm::SmallVector<Borrow, 1> Shares;
  /// Ends before the call returns.
  bool EndsInCall = false;
  /// Ends when a scope does that is not this function's.
  bool EndsWithScope = false;
  /// The locks it takes.
  std::vector<TakenLock> Takes;
  /// Several threads run the body at once.
  bool IsMany = false;
  /// Roots declared inside the loop that spawns: each round has its own.
  llvm::SmallVector<PlaceId, 4> RoundLocal;
  /// The boundary, as an opaque key; null when a callee spawned it.
  const void *Boundary = nullptr;
  /// The call through which it was spawned, or 0.
  Location Through = 0;
  /// A thread that runs already takes it up, here; 0 when the thread is new.
  Location RunAt = 0;
  /// The functions that it runs, in FunctionFacts::Calls, when other units know
  /// more of them.
  llvm::SmallVector<unsigned, 1> Calls;
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
  /// What a returned reference or pointer refers to, when it is one place.
  PlaceId Returns{};
  /// Locks that the caller must hold (REQUIRES).
  llvm::SmallVector<PlaceId, 1> Required;
  std::vector<fearless::flow::Need> Needs;
  /// What callees lock.
  std::vector<TakenLock> Taken;
  /// Locks that are held and may be any: a parameter's, a guard's from outside.
  std::set<PlaceId> AnyLock;
  /// Objects that nobody else knows until they are published.
  std::set<PlaceId> Fresh;
  /// The functions that are called, whose needs are among Needs; those that
  /// are given away, and so run elsewhere; and those that are given to code
  /// that is not seen, and may run there at once. Opaque keys.
  std::set<const void *> Applied, GivenAway, GivenToUnseen;
  /// What other units know more of. Only noted for a unit's summary.
  std::vector<CallSite> Calls;
};

void dump(llvm::raw_ostream &OS, const FunctionFacts &F, const PlaceTable &Places);

} // namespace fearless::flow

#endif // FEARLESS_FLOW_FACTS_H
