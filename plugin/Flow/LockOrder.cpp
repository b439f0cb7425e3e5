// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LockOrder.h"

#include "Flow/LiveThreads.h"
#include "Flow/LockSets.h"
#include "Flow/PlaceBuilder.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"

#include <algorithm>
#include <map>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Longer circles are no evidence a reader could follow.
static constexpr unsigned MaxCircle = 4;

namespace {

/// A lock across functions: a variable itself, or one member of whatever
/// object of a class.
struct LockKey {
  PlaceId Exact{};
  const void *Member = nullptr;
  explicit operator bool() const { return Exact || Member; }
  friend bool operator<(LockKey A, LockKey B) {
    return std::tie(A.Exact, A.Member) < std::tie(B.Exact, B.Member);
  }
  friend bool operator==(LockKey A, LockKey B) {
    return A.Exact == B.Exact && A.Member == B.Member;
  }
};

struct OrderEdge {
  LockKey From, To;
  std::string FromName, ToName;
  /// Everything held then, for a common lock that keeps two apart.
  std::set<LockKey> Held;
  /// The call or thread it comes from: one does not wait for itself.
  Location Origin = 0;
  TakenLock Taken;
  Location Since = 0;
  const FunctionDecl *Function = nullptr;
};

class Finder {
public:
  Finder(const Unit &U, Program &P) : U(U), P(P), Places(P.places()) {}
  std::vector<Deadlock> run();

private:
  void function(const FunctionDecl *Function);
  void taken(const TakenLock &T, const FunctionDecl *Function, Location Origin);
  void twice(const TakenLock &T, const FunctionDecl *Function);
  void joins(const FunctionDecl *Function, const FunctionFacts &F);
  void joined(const SpawnInfo &Thread, Location Loc, const LockSets::State &S,
              const FunctionDecl *Function);
  void memberThreads(const FunctionFacts &F);
  void circles();
  bool circle(llvm::SmallVectorImpl<const OrderEdge *> &Path);
  void report(llvm::ArrayRef<const OrderEdge *> Path);

  LockKey keyOf(PlaceId P) const;
  const ValueDecl *declarationOf(PlaceId P) const;
  /// Whether one thread may hold it twice; nothing when that is not known.
  std::optional<bool> nests(PlaceId Lock) const;
  bool isAmbiguous(PlaceId P) const;
  bool isSameMember(PlaceId A, PlaceId B) const;

  const Unit &U;
  Program &P;
  PlaceTable &Places;
  std::vector<Deadlock> Out;
  std::vector<OrderEdge> Edges;
  std::set<std::set<LockKey>> Reported;
  std::set<std::pair<Location, PlaceId>> SeenTwice;
  /// Threads that members own: what one method starts another may join.
  struct Member {
    PlaceId Handle;
    SpawnInfo Thread;
  };
  std::vector<Member> Members;
};

} // namespace

//===----------------------------------------------------------------------===//
// Locks
//===----------------------------------------------------------------------===//

const ValueDecl *Finder::declarationOf(PlaceId Lock) const {
  const Place &Where = Places.get(Lock);
  for (size_t I = Where.Path.size(); I-- != 0;)
    if (Where.Path[I].K == Projection::Field)
      return reinterpret_cast<const FieldDecl *>(Where.Path[I].Key);
  return Where.Kind == Place::Local || Where.Kind == Place::Global
             ? static_cast<const VarDecl *>(Where.Root)
             : nullptr;
}

bool Finder::isAmbiguous(PlaceId Lock) const {
  const Place &Where = Places.get(Lock);
  return Where.Kind == Place::Opaque ||
         llvm::any_of(Where.Path, [](Projection Step) {
           return Step.K == Projection::AnyElement && Step.Key == 0;
         });
}

LockKey Finder::keyOf(PlaceId Lock) const {
  const Place &Where = Places.get(Lock);
  const bool HasIndex = llvm::any_of(Where.Path, [](Projection Step) {
    return Step.K == Projection::AnyElement;
  });
  if (!HasIndex && !Places.hasDeref(Lock) &&
      (Where.Kind == Place::Global ||
       (Where.Kind == Place::Local &&
        !isa<ParmVarDecl>(static_cast<const Decl *>(Where.Root)))))
    return {Lock, nullptr};
  for (size_t I = Where.Path.size(); I-- != 0;)
    if (Where.Path[I].K == Projection::Field)
      return {{}, reinterpret_cast<const void *>(Where.Path[I].Key)};
  return {};
}

/// The class of a lock, through pointers, arrays and smart pointers.
static const RecordDecl *lockClass(QualType Type, const ModelTable &Models) {
  Type = Type.getNonReferenceType();
  while (Type->isPointerType() || Type->isArrayType())
    Type = Type->isPointerType()
               ? Type->getPointeeType()
               : QualType(Type->getPointeeOrArrayElementType(), 0);
  const RecordDecl *Record = Type->getAsRecordDecl();
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  if (Spec && Spec->getTemplateArgs().size() != 0 &&
      Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    if (const TypeModel *Model = Models.type(Record);
        Model &&
        (Model->Kind == TypeKind::Owner || Model->Kind == TypeKind::Container))
      return lockClass(Spec->getTemplateArgs()[0].getAsType(), Models);
  return Record;
}

std::optional<bool> Finder::nests(PlaceId Lock) const {
  const ValueDecl *D = declarationOf(Lock);
  if (!D)
    return std::nullopt;
  const RecordDecl *Class = lockClass(D->getType(), P.solver().models());
  if (!Class) // pthread_spinlock_t is a number
    return std::nullopt;
  const llvm::StringRef Name = Class->getName();
  if (Name.find("ecursive") != llvm::StringRef::npos)
    return true;
  if (!Class->isInStdNamespace() && isa<CXXRecordDecl>(Class) &&
      !Class->hasAttr<CapabilityAttr>() && !P.solver().models().type(Class))
    return std::nullopt;
  if (!isa<CXXRecordDecl>(Class) || Name.empty() ||
      Class->getASTContext().getSourceManager().isInSystemHeader(
          Class->getLocation())) {
    // An attribute may make a pthread_mutex_t recursive.
    const auto *Typedef = D->getType()->getAs<TypedefType>();
    if (Typedef && Typedef->getDecl()->getName().substr(0, 8) == "pthread_")
      for (const auto &Call : U.Callers)
        if (const IdentifierInfo *Id = Call.first->getIdentifier();
            Id && Id->isStr("pthread_mutexattr_settype"))
          return std::nullopt;
  }
  return false;
}

/// The same member of the object, seen from two of its methods.
bool Finder::isSameMember(PlaceId A, PlaceId B) const {
  const Place &PA = Places.get(A), &PB = Places.get(B);
  if (PA.Kind != PB.Kind || PA.Path != PB.Path)
    return false;
  return PA.Kind == Place::This ? !PA.Path.empty() : PA.Root == PB.Root;
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

void Finder::twice(const TakenLock &T, const FunctionDecl *Function) {
  if (T.Again || isAmbiguous(T.Lock))
    return;
  for (const TakenLock::Holding &H : T.Held) {
    if (H.P != T.Lock)
      continue;
    const std::optional<bool> Nests = nests(T.Lock);
    if (Nests == true)
      return;
    Deadlock D;
    D.K = Deadlock::Twice;
    D.Loc = T.Through.empty() ? T.Loc : T.Through.back();
    if (!SeenTwice.insert({D.Loc, T.Lock}).second)
      return;
    D.Lock = Places.name(T.Lock);
    // Readers may nest until a writer waits in between.
    D.Certain = T.Certain && Nests == false && !(H.Shared && T.Shared) &&
                T.Through.size() <= MaxEvidenceDepth;
    if (H.Since)
      D.Links.push_back({H.Since, "'" + D.Lock + "' is locked here"});
    for (size_t I = T.Through.size(); I-- > 1;)
      D.Links.push_back({T.Through[I - 1], "reached through this call"});
    if (!T.Through.empty())
      D.Links.push_back({T.Loc, "it is locked again here"});
    D.Subject = declarationOf(T.Lock);
    D.Function = Function;
    Out.push_back(std::move(D));
    return;
  }
}

void Finder::taken(const TakenLock &T, const FunctionDecl *Function,
                   Location Origin) {
  const LockKey To = keyOf(T.Lock);
  if (!To || T.Again)
    return;
  std::set<LockKey> Held;
  for (const TakenLock::Holding &H : T.Held)
    if (LockKey Key = keyOf(H.P))
      Held.insert(Key);
  for (const TakenLock::Holding &H : T.Held) {
    const LockKey From = keyOf(H.P);
    if (!From || From == To)
      continue;
    OrderEdge E;
    E.From = From;
    E.To = To;
    E.FromName = Places.name(H.P);
    E.ToName = Places.name(T.Lock);
    E.Held = Held;
    E.Held.erase(From);
    E.Origin = Origin;
    E.Taken = T;
    E.Since = H.Since;
    E.Function = Function;
    Edges.push_back(std::move(E));
  }
}

void Finder::joined(const SpawnInfo &Thread, Location Loc,
                    const LockSets::State &S, const FunctionDecl *Function) {
  for (const TakenLock &T : Thread.Takes)
    for (const auto &[Key, How] : S.Held) {
      if (!isSameMember(Key.first, T.Lock) || T.Again ||
          (T.Shared && !How.Exclusive) || isAmbiguous(T.Lock))
        continue;
      Deadlock D;
      D.K = Deadlock::Join;
      D.Loc = Loc;
      D.Lock = Places.name(Key.first);
      D.Other = Thread.Name;
      D.Certain = T.Certain && T.Through.size() <= MaxEvidenceDepth;
      if (How.Since)
        D.Links.push_back({How.Since, "'" + D.Lock + "' is locked here"});
      if (Thread.Loc != Loc)
        D.Links.push_back({Thread.Loc, "the thread starts here"});
      D.Links.push_back({T.Loc, "it locks '" + Places.name(T.Lock) + "' here"});
      D.Subject = declarationOf(T.Lock);
      D.Function = Function;
      if (llvm::none_of(Out, [&](const Deadlock &Known) {
            return Known.K == D.K && Known.Loc == D.Loc;
          }))
        Out.push_back(std::move(D));
      return;
    }
}

/// A std::thread that is joined nowhere ends the process in its destructor.
static bool endsProcess(PlaceId Handle, const PlaceTable &Places) {
  const Place &Where = Places.get(Handle);
  if (Where.Kind != Place::Local || !Where.Path.empty())
    return false;
  const auto *Variable = static_cast<const VarDecl *>(Where.Root);
  const CXXRecordDecl *Class = Variable->getType()->getAsCXXRecordDecl();
  return Class && Class->getIdentifier() && Class->getName() == "thread";
}

void Finder::joins(const FunctionDecl *Function, const FunctionFacts &F) {
  LiveThreads Live(F, Places);
  LockSets Locks(Places);
  const auto LiveIn = solveForward(F, Live);
  const auto LocksIn = solveForward(F, Locks);
  for (size_t I = 0; I != F.Blocks.size(); ++I) {
    if (!LiveIn[I] || !LocksIn[I])
      continue;
    LiveThreads::State Threads = *LiveIn[I];
    LockSets::State Held = *LocksIn[I];
    auto Each = [&](const Fact &Fact, bool AtEnd) {
      if (Held.Held.empty())
        return;
      if (Fact.K == Fact::Spawn && F.Spawns[Fact.S.Value].EndsInCall)
        joined(F.Spawns[Fact.S.Value], Fact.Loc, Held, Function);
      if (Fact.K != Fact::Join || (AtEnd && endsProcess(Fact.P, Places)))
        return;
      LiveThreads::State After = Threads;
      Live.transfer(After, Fact);
      bool Known = false;
      for (unsigned T = 0; T != F.Spawns.size(); ++T)
        if (Threads.Threads[T].mayRun() && !After.Threads[T].mayRun()) {
          joined(F.Spawns[T], Fact.Loc, Held, Function);
          Known = true;
        }
      for (const Member &M : Members)
        if (!Known && isSameMember(M.Handle, Fact.P))
          joined(M.Thread, Fact.Loc, Held, Function);
    };
    const auto &Facts = F.Blocks[I].Facts;
    for (size_t N = 0; N != Facts.size(); ++N) {
      Each(Facts[N], N + 1 != Facts.size() && Facts[N + 1].K == Fact::Expire &&
                         Facts[N + 1].P == Facts[N].P);
      Live.transfer(Threads, Facts[N]);
      Locks.transfer(Held, Facts[N]);
    }
    for (const Edge &Out : F.Blocks[I].Successors)
      for (const Fact &Fact : Out.Facts)
        Each(Fact, false);
  }
}

/// Threads that a method leaves in a member of its object, or in a global.
void Finder::memberThreads(const FunctionFacts &F) {
  for (const Block &B : F.Blocks)
    for (const Fact &Each : B.Facts)
      if (Each.K == Fact::Spawn && Each.P && !F.Spawns[Each.S.Value].Takes.empty() &&
          Places.get(Each.P).Kind != Place::Local)
        Members.push_back({Each.P, F.Spawns[Each.S.Value]});
}

void Finder::function(const FunctionDecl *Function) {
  const FunctionFacts *F = P.facts(Function);
  if (!F)
    return;
  for (const TakenLock &T : P.summary(Function).Takes) {
    twice(T, Function);
    taken(T, Function, T.Through.empty() ? 0 : T.Through.back());
  }
  for (const SpawnInfo &S : F->Spawns)
    for (const TakenLock &T : S.Takes)
      taken(T, Function, S.Loc);
}

//===----------------------------------------------------------------------===//
// Circles
//===----------------------------------------------------------------------===//

/// Extends a path of edges until it ends where it began.
bool Finder::circle(llvm::SmallVectorImpl<const OrderEdge *> &Path) {
  const LockKey Start = Path.front()->From, At = Path.back()->To;
  for (const OrderEdge &Next : Edges) {
    if (!(Next.From == At))
      continue;
    const bool Apart = llvm::all_of(Path, [&](const OrderEdge *Each) {
      if (Each->Origin && Each->Origin == Next.Origin)
        return false;
      if (!(Next.To == Start) && (Each->From == Next.To))
        return false;
      for (LockKey Common : Each->Held)
        if (Next.Held.count(Common))
          return false;
      return true;
    });
    if (!Apart)
      continue;
    Path.push_back(&Next);
    if (Next.To == Start || (Path.size() < MaxCircle && circle(Path)))
      return true;
    Path.pop_back();
  }
  return false;
}

void Finder::report(llvm::ArrayRef<const OrderEdge *> Path) {
  // The last of the chains in source order is where it goes wrong.
  const SourceManager &SM = P.context().getSourceManager();
  auto At = [](const OrderEdge *E) {
    return E->Taken.Through.empty() ? E->Taken.Loc : E->Taken.Through.back();
  };
  const auto *Last = std::max_element(Path.begin(), Path.end(), [&](const OrderEdge *A, const OrderEdge *B) {
    return SM.isBeforeInTranslationUnit(
        SourceLocation::getFromRawEncoding(At(A)),
        SourceLocation::getFromRawEncoding(At(B)));
  });
  Deadlock D;
  D.K = Deadlock::Order;
  D.Loc = At(*Last);
  D.Lock = (*Last)->ToName;
  D.Other = (*Last)->FromName;
  D.Subject = declarationOf((*Last)->Taken.Lock);
  D.Function = (*Last)->Function;
  auto Chain = [&](const OrderEdge *E, bool First) {
    if (E->Since)
      D.Links.push_back({E->Since, (First ? "'" : "the other way round: '") +
                                       E->FromName + "' is locked here"});
    const auto &Through = E->Taken.Through;
    for (size_t I = Through.size(); I-- > (First ? 1 : 0);)
      D.Links.push_back({First ? Through[I - 1] : Through[I],
                         "reached through this call"});
    if (!First || !Through.empty())
      D.Links.push_back({E->Taken.Loc, "then '" + E->ToName + "' is locked here"});
    D.Certain &= E->Taken.Certain && Through.size() <= MaxEvidenceDepth;
  };
  Chain(*Last, true);
  for (const OrderEdge *E : Path)
    if (E != *Last)
      Chain(E, false);
  Out.push_back(std::move(D));
}

void Finder::circles() {
  for (const OrderEdge &First : Edges) {
    llvm::SmallVector<const OrderEdge *, 4> Path{&First};
    if (!circle(Path))
      continue;
    std::set<LockKey> Locks;
    for (const OrderEdge *E : Path)
      Locks.insert(E->From);
    if (Reported.insert(Locks).second)
      report(Path);
  }
}

std::vector<Deadlock> Finder::run() {
  std::set<const FunctionDecl *> Wanted;
  std::vector<const FunctionDecl *> Work;
  auto Add = [&](const FunctionDecl *F) {
    if (F && F->doesThisDeclarationHaveABody() && !F->isDependentContext() &&
        !P.isLibrary(F) && Wanted.insert(F).second)
      Work.push_back(F);
  };
  for (const FunctionDecl *F : U.Lockers)
    Add(F);
  for (const Boundary &B : U.Boundaries)
    Add(B.Caller);
  // Who calls a function that takes two locks says which objects are meant.
  for (size_t I = 0; I != Work.size(); ++I) {
    if (llvm::none_of(P.summary(Work[I]).Takes,
                      [](const TakenLock &T) { return !T.Held.empty(); }))
      continue;
    auto Callers = U.Callers.find(Work[I]->getCanonicalDecl());
    if (Callers != U.Callers.end())
      for (const FunctionDecl *Caller : Callers->second)
        Add(Caller);
  }
  for (const FunctionDecl *F : U.Functions)
    if (Wanted.count(F)) {
      function(F);
      if (const FunctionFacts *Facts = P.facts(F))
        memberThreads(*Facts);
    }
  for (const FunctionDecl *F : U.Functions)
    if (Wanted.count(F))
      if (const FunctionFacts *Facts = P.facts(F))
        joins(F, *Facts);
  circles();
  return std::move(Out);
}

std::vector<Deadlock> fearless::flow::deadlocks(const Unit &U, Program &P) {
  return Finder(U, P).run();
}
