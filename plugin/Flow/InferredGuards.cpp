// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/InferredGuards.h"

#include "Flow/CallGraph.h"
#include "Flow/LockSets.h"
#include "Traits/Locks.h"

#include "clang/AST/ASTContext.h"

#include <map>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Fewer places are no habit.
static constexpr unsigned MinLocked = 3;
/// So many are, where nothing else says that the odd place runs beside others.
static constexpr unsigned MinLockedForPublic = 4;

namespace {

/// One place in the text where a member is used.
struct Spot {
  const FunctionDecl *Function = nullptr;
  bool IsWrite = false;
  /// The locks that are held there for certain: what all who come there hold.
  std::optional<std::set<const FieldDecl *>> Locks;
};

class Collector {
public:
  Collector(const Unit &U, Program &P)
      : U(U), P(P), Graph(U, P.solver().models()) {}
  /// In the order of the members' declarations.
  std::vector<GuardHabit> habits();
  /// Whether the code of \p F can run while others use the object.
  bool runsBeside(const FunctionDecl *F, const FieldDecl *Lock);

private:
  void collect(const FunctionDecl *F);
  void used(const FunctionDecl *F, const FieldDecl *Member, const Fact &Each,
            const std::set<const FieldDecl *> &Held);
  const FieldDecl *candidate(PlaceId Accessed);
  std::set<const FieldDecl *> locksOf(llvm::ArrayRef<HeldLock> Locks) const;
  bool isExempt(const FunctionDecl *F) const;
  bool isCandidate(const FieldDecl *Member);
  bool isOrWrapsLock(QualType Type) const;

  const Unit &U;
  Program &P;
  const CallGraph Graph;
  using SpotMap = std::map<const FieldDecl *, std::map<Location, Spot>>;
  SpotMap Spots;
  /// The same places as callers see them: they count where the function that
  /// they are in leaves the lock to its callers.
  SpotMap InCallers;
  std::map<const FieldDecl *, bool> Candidates;
  /// The locks that each function takes somewhere.
  std::map<const FunctionDecl *, std::set<const FieldDecl *>> Taken;
  CallGraph::Reached InThreads;
  std::set<const CXXRecordDecl *> StartsThreads;
};

} // namespace

static const CXXMethodDecl *methodAround(const FunctionDecl *F) {
  while (const FunctionDecl *Outer = CallGraph::around(F))
    F = Outer;
  return dyn_cast<CXXMethodDecl>(F);
}

/// The object is not yet, or no longer, known to others.
bool Collector::isExempt(const FunctionDecl *F) const {
  if (CallGraph::around(F))
    return false;
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  return isa<CXXConstructorDecl, CXXDestructorDecl>(F) ||
         (Method && (Method->isMoveAssignmentOperator() ||
                     Method->isCopyAssignmentOperator()));
}

/// A class of one's own around a lock: Lock() { mutex_.lock(); }.
bool Collector::isOrWrapsLock(QualType Type) const {
  const ModelTable &Models = P.solver().models();
  if (isLock(Type, Models))
    return true;
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition() || P.isLibrary(Class))
    return false;
  // Little else is in it.
  unsigned NumLocks = 0, NumFields = 0;
  for (const FieldDecl *Field : Class->fields()) {
    NumLocks += isLock(Field->getType(), Models);
    ++NumFields;
  }
  return NumLocks == 1 && NumFields <= 3;
}

bool Collector::isCandidate(const FieldDecl *Member) {
  auto [It, New] = Candidates.try_emplace(Member, false);
  if (!New)
    return It->second;
  const auto *Class = dyn_cast<CXXRecordDecl>(Member->getParent());
  const bool HasLock =
      Class && llvm::any_of(Class->fields(), [&](const FieldDecl *Field) {
        return isOrWrapsLock(Field->getType());
      });
  const bool Is =
      HasLock && P.guardsOf(Member).empty() && !markOf(Member, MarkKind::OwnedBy) &&
      !Member->getType().isConstQualified() &&
      !isOrWrapsLock(Member->getType()) &&
      P.solver().solve(Trait::Sync, Member->getType()).V != Verdict::Yes;
  return Candidates[Member] = Is;
}

/// Where \p F calls unlock() on a lock that it takes again.
static std::set<Location>
unlocksForAWhile(const FunctionFacts &F,
                 const std::vector<std::optional<LockSets::State>> &In,
                 const LockSets &Analysis) {
  std::set<Location> Unlocks, Out;
  for (const Block &B : F.Blocks)
    for (const Fact &Each : B.Facts)
      if (Each.K == Fact::Unlock)
        Unlocks.insert(Each.Loc);
  for (size_t I = 0; I != F.Blocks.size() && !Unlocks.empty(); ++I) {
    if (!In[I])
      continue;
    LockSets::State S = *In[I];
    for (const Fact &Each : F.Blocks[I].Facts) {
      if (Each.K == Fact::Lock || Each.K == Fact::LockShared)
        if (auto It = S.Released.find(Each.P);
            It != S.Released.end() && Unlocks.count(It->second))
          Out.insert(It->second);
      Analysis.transfer(S, Each);
    }
  }
  return Out;
}

namespace {
/// What a function does before it starts its thread, and after it has waited
/// for one: taken to run beside nothing, by the order of the text.
class RunsAlone {
public:
  explicit RunsAlone(const FunctionFacts &F) {
    for (const Block &B : F.Blocks)
      for (const Fact &Each : B.Facts) {
        if (Each.K == Fact::Spawn)
          FirstSpawn = FirstSpawn ? std::min(FirstSpawn, Each.Loc) : Each.Loc;
        if (Each.K == Fact::Join && F.Spawns.empty())
          FirstJoin = FirstJoin ? std::min(FirstJoin, Each.Loc) : Each.Loc;
      }
  }
  bool contains(const Fact &Each) const {
    const Location Here = Each.Through ? Each.Through : Each.Loc;
    return Here < FirstSpawn || (FirstJoin && Here > FirstJoin);
  }

private:
  Location FirstSpawn = 0;
  Location FirstJoin = 0;
};
} // namespace

void Collector::collect(const FunctionDecl *F) {
  const FunctionFacts *Facts = P.facts(F);
  if (!Facts)
    return;
  // A lambda that is no thread's body is judged by who runs it.
  if (CallGraph::around(F) && !Graph.threadBodies().count(F))
    return;
  // A private function with callers is judged by what they hold.
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  const bool ByCallers = Method && !Graph.callers(F).empty() &&
                         (Method->getAccess() == AS_private ||
                          Method->getAccess() == AS_protected);
  LockSets Analysis(P.places());
  const auto In = solveForward(*Facts, Analysis);
  const RunsAlone Alone(*Facts);
  const std::set<Location> Deliberate = unlocksForAWhile(*Facts, In, Analysis);
  for (size_t I = 0; I != Facts->Blocks.size(); ++I) {
    if (!In[I])
      continue;
    LockSets::State S = *In[I];
    for (const Fact &Each : Facts->Blocks[I].Facts) {
      if (Each.K == Fact::Lock || Each.K == Fact::LockShared)
        if (const FieldDecl *Lock = memberOf(P.places().get(Each.P)))
          Taken[F].insert(Lock);
      if ((Each.K == Fact::Read || Each.K == Fact::Write) && !ByCallers)
        if (const FieldDecl *Member = candidate(Each.P)) {
          // Who calls unlock(), and lock() again, means what is in between to
          // run without the lock: another rule orders that.
          std::set<const FieldDecl *> Held = locksOf(S.locks());
          for (const auto &[Lock, Loc] : S.Released)
            if (Deliberate.count(Loc))
              Held.merge(locksOf(HeldLock{Lock}));
          Held.merge(locksOf(Each.Locks));
          if (!Held.empty() || !Alone.contains(Each))
            used(F, Member, Each, Held);
        }
      Analysis.transfer(S, Each);
    }
  }
}

/// The member that an access is counted for, or null.
const FieldDecl *Collector::candidate(PlaceId Accessed) {
  const Place &Where = P.places().get(Accessed);
  const FieldDecl *Member = memberOf(Where);
  // What a pointer leads to has its own rules.
  return Member && !P.places().hasDeref(Accessed) && isCandidate(Member)
             ? Member
             : nullptr;
}

std::set<const FieldDecl *>
Collector::locksOf(llvm::ArrayRef<HeldLock> Locks) const {
  std::set<const FieldDecl *> Out;
  for (const HeldLock &Each : Locks)
    if (const FieldDecl *Lock = memberOf(P.places().get(Each.P));
        Lock && isOrWrapsLock(Lock->getType()))
      Out.insert(Lock);
  return Out;
}

void Collector::used(const FunctionDecl *F, const FieldDecl *Member,
                     const Fact &Each,
                     const std::set<const FieldDecl *> &Held) {
  Spot &At = (Each.Through ? InCallers : Spots)[Member][Each.Loc];
  if (!At.Locks)
    At.Locks = Held;
  for (auto It = At.Locks->begin(); It != At.Locks->end();)
    It = Held.count(*It) ? std::next(It) : At.Locks->erase(It);
  if (!At.Function)
    At.Function = F;
  At.IsWrite |= Each.K == Fact::Write;
}

bool Collector::runsBeside(const FunctionDecl *F, const FieldDecl *Lock) {
  if (Taken[F].count(Lock) || InThreads.count(F))
    return true;
  const CXXMethodDecl *Method = methodAround(F);
  return Method && (Method->isConst() ||
                    StartsThreads.count(Method->getParent()->getCanonicalDecl()));
}

std::vector<GuardHabit> Collector::habits() {
  std::vector<GuardHabit> Out;
  std::set<const CXXRecordDecl *> Locking;
  for (const FunctionDecl *F : U.Lockers)
    if (const CXXMethodDecl *Method = methodAround(F))
      Locking.insert(Method->getParent()->getCanonicalDecl());
  std::set<const CXXRecordDecl *> Looked;
  for (const FunctionDecl *F : U.Functions) {
    const auto *Method = dyn_cast<CXXMethodDecl>(F);
    const CXXRecordDecl *Class = Method ? Method->getParent() : nullptr;
    if (Class && Looked.insert(Class->getCanonicalDecl()).second &&
        !P.isLibrary(Class) &&
        llvm::any_of(Class->fields(), [&](const FieldDecl *Field) {
          return !isLock(Field->getType(), P.solver().models()) &&
                 isOrWrapsLock(Field->getType());
        }))
      Locking.insert(Class->getCanonicalDecl());
  }
  if (Locking.empty())
    return Out;
  std::vector<const FunctionDecl *> Starts;
  for (const auto &[Body, B] : Graph.threadBodies())
    Starts.push_back(Body);
  InThreads = Graph.reach(Starts);
  for (const Boundary &B : U.Boundaries)
    if (const CXXMethodDecl *Method = B.Caller ? methodAround(B.Caller) : nullptr)
      StartsThreads.insert(Method->getParent()->getCanonicalDecl());
  for (const FunctionDecl *F : U.Functions) {
    const CXXMethodDecl *Method = methodAround(F);
    if (Method && Locking.count(Method->getParent()->getCanonicalDecl()) &&
        !isExempt(F) && !P.isLibrary(F))
      collect(F);
  }
  for (auto &[Member, Places] : InCallers)
    Spots[Member].insert(Places.begin(), Places.end()); // not those it has
  for (const auto &[Member, Places] : Spots) {
    std::map<const FieldDecl *, unsigned> Count;
    for (const auto &[Loc, At] : Places)
      for (const FieldDecl *Lock : *At.Locks)
        ++Count[Lock];
    GuardHabit G{Member, nullptr};
    for (const auto &[Lock, NumLocked] : Count)
      if (NumLocked > G.NumLocked ||
          (NumLocked == G.NumLocked &&
           Lock->getFieldIndex() < G.Lock->getFieldIndex())) {
        G.Lock = Lock;
        G.NumLocked = NumLocked;
      }
    if (!G.Lock)
      continue;
    G.NumPlaces = static_cast<unsigned>(Places.size());
    for (const auto &[Loc, At] : Places) {
      if (At.Locks->count(G.Lock)) {
        if (At.IsWrite && !G.Written)
          G.Written = Loc;
        continue;
      }
      G.Odd = Loc;
      G.OddIsWrite = At.IsWrite;
      G.OddFunction = At.Function;
    }
    Out.push_back(G);
  }
  llvm::sort(Out, [](const GuardHabit &A, const GuardHabit &B) {
    return std::pair(A.Member->getLocation(), A.Odd) <
           std::pair(B.Member->getLocation(), B.Odd);
  });
  return Out;
}

static bool isPublicMethod(const FunctionDecl *F) {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  return Method && Method->getAccess() == AS_public &&
         !CallGraph::around(F);
}

std::vector<GuardHabit> fearless::flow::inferredGuards(const Unit &U,
                                                       Program &P) {
  Collector All(U, P);
  std::vector<GuardHabit> Out = All.habits();
  llvm::erase_if(Out, [&](const GuardHabit &G) {
    return G.NumLocked < MinLocked || G.NumLocked + 1 != G.NumPlaces ||
           !G.Written;
  });
  std::map<const FunctionDecl *, unsigned> NumOdd;
  for (const GuardHabit &G : Out)
    ++NumOdd[G.OddFunction];
  llvm::erase_if(Out, [&](const GuardHabit &G) {
    // A public method that changes the member is for all threads, as its class
    // is, unless it is for another phase: then it locks for none of several.
    const bool IsForAll = G.OddIsWrite && G.NumLocked >= MinLockedForPublic &&
                          NumOdd[G.OddFunction] == 1 &&
                          isPublicMethod(G.OddFunction);
    return !IsForAll && !All.runsBeside(G.OddFunction, G.Lock);
  });
  llvm::sort(Out, [](const GuardHabit &A, const GuardHabit &B) {
    return A.Odd < B.Odd;
  });
  return Out;
}

void fearless::flow::dumpGuards(llvm::raw_ostream &OS, const Unit &U,
                                Program &P) {
  const RecordDecl *Class = nullptr;
  for (const GuardHabit &G : Collector(U, P).habits()) {
    if (G.Member->getParent() != Class) {
      Class = G.Member->getParent();
      OS << "guards of " << Class->getQualifiedNameAsString() << '\n';
    }
    OS << "  " << G.Member->getName() << ": " << G.Lock->getName() << " in "
       << G.NumLocked << " of " << G.NumPlaces << " places"
       << (G.Written ? "" : ", never written") << '\n';
  }
}
