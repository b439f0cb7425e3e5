// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts what other units know of a callee into the facts of its caller. Follows
// Flow/Substitution.cpp and BodyGenerator::applyEffects step by step, with the
// record of a call site in the place of expressions. Where those can follow a
// pointer through an expression and this cannot, what is found is no evidence.

#include "Link/LinkedProgram.h"

#include "llvm/ADT/STLExtras.h"

using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;

namespace {

/// The callee's places seen from the caller.
class CallSubstitution {
public:
  CallSubstitution(const CallSite &Site, const Entity *Callee,
                   PlaceTable &Places)
      : Site(Site), Callee(Callee), Places(Places) {}

  /// The same place is asked for with each access that it orders.
  PlaceId apply(PlaceId Callees) {
    auto [It, New] = Known.try_emplace(Callees.Value);
    if (New)
      It->second = substitute(Callees);
    return It->second;
  }
  PlaceId applySynchronizer(PlaceId Callees);
  PlaceId applyHandle(PlaceId Callees);
  bool apply(Access &A);
  void apply(Effects &E);
  void apply(SpawnInfo &Thread);
  /// Whether it is a part of one of the callee's own variables.
  bool isOwn(PlaceId Callees) const;

private:
  const Entity *variable(PlaceId Callees) const {
    const Place &Where = Places.get(Callees);
    return Where.Kind == Place::Local
               ? static_cast<const Entity *>(Where.Root)
               : nullptr;
  }
  /// The argument of a parameter of the callee's, or null.
  const CallSite::Argument *argument(PlaceId Callees) const;
  PlaceId substitute(PlaceId Callees);
  PlaceId rebase(PlaceId Callees, PlaceId From, CallSite::Target To);
  PlaceId resolve(PlaceId P);
  template <typename List> bool synchronizers(List &Of);

  const CallSite &Site;
  const Entity *Callee;
  PlaceTable &Places;
  llvm::DenseMap<unsigned, PlaceId> Known;
};

} // namespace

const CallSite::Argument *CallSubstitution::argument(PlaceId Callees) const {
  const Entity *V = variable(Callees);
  return V && V->K == Entity::Parameter && V->Owner == Callee &&
                 V->Index < Site.Arguments.size()
             ? &Site.Arguments[V->Index]
             : nullptr;
}

bool CallSubstitution::isOwn(PlaceId Callees) const {
  const Entity *V = variable(Callees);
  return V && !Places.hasDeref(Callees) && isVariableOf(V, Callee);
}

PlaceId CallSubstitution::rebase(PlaceId Callees, PlaceId From,
                                 CallSite::Target To) {
  if (!To.P || !(To.K == CallSite::Target::Known ||
                 (To.K == CallSite::Target::Private && Places.hasDeref(Callees))))
    return {};
  const Place &Of = Places.get(Callees);
  const size_t Last = Places.get(From).Path.size();
  if (Last != 0 && Of.Path[Last - 1].K == Projection::Deref &&
      Of.Path[Last - 1].Key != 0)
    To.P = Places.offset(To.P, std::nullopt);
  return Places.rebase(Callees, From, To.P);
}

/// What a captured pointer leads to.
PlaceId CallSubstitution::resolve(PlaceId P) {
  for (const auto &[From, To] : Site.Captured)
    if (Places.isWithin(P, From))
      return Places.rebase(P, From, To);
  return P;
}

PlaceId CallSubstitution::substitute(PlaceId Callees) {
  if (!Callees)
    return {};
  const Place Where = Places.get(Callees);
  const auto *Root = static_cast<const Entity *>(Where.Root);
  switch (Where.Kind) {
  case Place::Global:
    return Callees;
  case Place::Temporary:
  case Place::Opaque:
    return {};
  case Place::Result:
    return Site.Result
               ? Places.rebase(Callees, Places.rootOf(Callees), Site.Result)
               : PlaceId();
  case Place::This:
    // A lambda's is that of the function around it.
    if (!Root || Root->Owner != Callee)
      return Callees;
    if (!Site.Object || (Site.ObjectIsCopy && !Places.hasDeref(Callees)))
      return {};
    return Places.rebase(Callees, Places.rootOf(Callees), Site.Object);
  case Place::Local:
    break;
  }
  if (Root->K != Entity::Parameter || Root->Owner != Callee)
    return isVariableOf(Root, Callee) ? PlaceId() : resolve(Callees);
  const CallSite::Argument *A = argument(Callees);
  if (!A)
    return {};
  const PlaceId Parameter = Places.rootOf(Callees);
  if (A->ByReference) {
    if (!Site.IsBody)
      return rebase(Callees, Parameter, A->Itself);
    return A->IsView ? rebase(Callees, Parameter, A->Pointee) : PlaceId();
  }
  // By value: only what it refers to is the caller's.
  if (Where.Path.empty() || Where.Path.front().K != Projection::Deref)
    return Places.hasDeref(Callees) ? rebase(Callees, Parameter, A->Itself)
                                    : PlaceId();
  const PlaceId Pointee = Places.project(Parameter, Where.Path.front());
  return rebase(Callees, Pointee, A->Pointee);
}

PlaceId CallSubstitution::applyHandle(PlaceId Callees) {
  if (!Callees)
    return {};
  const CallSite::Argument *A = argument(Callees);
  if (!A || A->ByReference || !A->IsRecord)
    return apply(Callees);
  return A->Itself.K == CallSite::Target::Known
             ? Places.rebase(Callees, Places.rootOf(Callees), A->Itself.P)
             : PlaceId();
}

PlaceId CallSubstitution::applySynchronizer(PlaceId Callees) {
  if (PlaceId Here = apply(Callees))
    return Here;
  const CallSite::Argument *A = argument(Callees);
  return A && A->Itself.K == CallSite::Target::Known
             ? rebase(Callees, Places.rootOf(Callees), A->Itself)
             : PlaceId();
}

/// False when one of them, which is not the callee's own, has no name here.
template <typename List> bool CallSubstitution::synchronizers(List &Of) {
  bool All = true;
  List Kept;
  for (PlaceId Each : Of)
    if (PlaceId Here = applySynchronizer(Each))
      Kept.push_back(Here);
    else
      All &= isOwn(Each);
  Of = std::move(Kept);
  return All;
}

/// False when the access is not the caller's business.
bool CallSubstitution::apply(Access &A) {
  A.P = apply(A.P);
  if (!A.P)
    return false;
  applyLocks(
      A, [&](PlaceId Lock) { return apply(Lock); },
      [&](PlaceId Lock) { return isOwn(Lock); });
  A.Certain &= synchronizers(A.Acquired);
  A.Certain &= synchronizers(A.Released);
  llvm::SmallVector<PlaceId, 1> Ended;
  for (PlaceId Handle : A.Ended)
    if (PlaceId Here = applyHandle(Handle))
      Ended.push_back(Here);
    else
      A.Certain = false; // some threads have ended
  A.Ended = std::move(Ended);
  return true;
}

void CallSubstitution::apply(Effects &E) {
  std::vector<Access> Kept;
  for (Access &A : E.Accesses)
    if (apply(A))
      Kept.push_back(std::move(A));
  E.Accesses = std::move(Kept);
  synchronizers(E.Acquires);
  synchronizers(E.Releases);
}

void CallSubstitution::apply(SpawnInfo &Thread) {
  apply(Thread.Body);
  Thread.Borrows.clear();
  Thread.Takes.clear();
  Thread.Calls.clear();
  Thread.RoundLocal.clear();
}

namespace {

/// Copies the facts of a function, with calls followed.
class Splicer {
public:
  Splicer(LinkedFunction &F, LinkedProgram &P)
      : F(F), P(P), Places(P.places()) {}
  FunctionFacts run();

private:
  /// What is known of the callee, or null.
  const Summary *summaryOf(const CallSite &Site);
  void body(SpawnInfo &Thread);
  void call(const CallSite &Site, const Summary &S, Location Loc);
  void operations(llvm::ArrayRef<Fact> Operations, CallSubstitution &Sub,
                  Location Loc);
  void locks(const CallSite &Site, const Summary &S, CallSubstitution &Sub,
             Location Loc);
  void joinSome(Location Loc);
  void add(Fact::Kind K, PlaceId At, Location Loc, bool Certain = true,
           PlaceId Q = {}) {
    Fact Each{K, At, Q};
    Each.Loc = Loc;
    Each.Certain = Certain;
    Current->push_back(std::move(Each));
  }

  LinkedFunction &F;
  LinkedProgram &P;
  PlaceTable &Places;
  FunctionFacts Out;
  std::vector<Fact> *Current = nullptr;
};

} // namespace

const Summary *Splicer::summaryOf(const CallSite &Site) {
  LinkedFunction *Callee = P.find(Site.Callee);
  if (!Callee)
    return nullptr;
  const Summary &S = P.analyze(*Callee);
  return S.HasBody ? &S : nullptr;
}

/// What a thread runs, as BodyGenerator::bodyOf() has it.
void Splicer::body(SpawnInfo &Thread) {
  if (Thread.Calls.empty())
    return;
  std::vector<const Summary *> Known;
  for (unsigned Call : Thread.Calls)
    Known.push_back(summaryOf(F.Facts.Calls[Call]));
  if (llvm::is_contained(Known, nullptr))
    return;
  Thread.Body = {};
  for (size_t I = 0; I != Known.size(); ++I) {
    const CallSite &Site = F.Facts.Calls[Thread.Calls[I]];
    Effects E = Known[I]->E;
    for (const Summary::Left &Left : Known[I]->Leaves)
      E.Accesses.insert(E.Accesses.end(), Left.Thread.Body.Accesses.begin(),
                        Left.Thread.Body.Accesses.end());
    CallSubstitution(Site, static_cast<const Entity *>(Site.Callee), Places)
        .apply(E);
    if (Site.Task)
      for (Access &A : E.Accesses)
        A.Released.push_back(Site.Task);
    llvm::append_range(Thread.Body.Accesses, E.Accesses);
    Thread.Body.Acquires.append(E.Acquires.begin(), E.Acquires.end());
    Thread.Body.Releases.append(E.Releases.begin(), E.Releases.end());
    Thread.Body.NumUnknown += E.NumUnknown;
  }
  Thread.Calls.clear();
}

/// Some threads may have ended, it is not known which.
void Splicer::joinSome(Location Loc) {
  llvm::SmallVector<PlaceId, 4> Owners;
  auto Consider = [&](const std::vector<Fact> &Facts) {
    for (const Fact &Each : Facts)
      if (Each.K == Fact::Spawn && Each.P && !llvm::is_contained(Owners, Each.P))
        Owners.push_back(Each.P);
  };
  for (const Block &B : F.Facts.Blocks)
    Consider(B.Facts);
  for (const Block &B : Out.Blocks)
    Consider(B.Facts);
  for (PlaceId Owner : Owners)
    add(Fact::JoinMaybe, Owner, Loc);
}

void Splicer::locks(const CallSite &Site, const Summary &S,
                    CallSubstitution &Sub, Location Loc) {
  // A class whose destructor unlocks owns what its constructor has locked.
  PlaceId Owner{};
  if (LinkedFunction *Destructor =
          Site.Destructor ? P.find(Site.Destructor) : nullptr)
    for (const Fact &Each : P.analyze(*Destructor).Operations)
      if (Each.K == Fact::Unlock)
        Owner = Site.Object;
  for (const Fact &Each : S.Operations) {
    if (Each.K != Fact::Lock && Each.K != Fact::LockShared &&
        Each.K != Fact::Unlock)
      continue;
    PlaceId By = Owner;
    if (Each.Q) {
      if (Places.get(Each.Q).Kind == Place::Result)
        continue;
      By = Sub.apply(Each.Q);
    }
    PlaceId Lock = Sub.apply(Each.P);
    // Some lock: it is held all the same, though nobody knows which.
    if (!Lock && Each.K != Fact::Unlock)
      Lock = Places.root(Place::Opaque, &Site, "a lock");
    if (Lock)
      add(Each.K, Lock, Loc, true, By);
  }
}

void Splicer::operations(llvm::ArrayRef<Fact> Operations,
                         CallSubstitution &Sub, Location Loc) {
  for (const Fact &Each : Operations) {
    if (Each.K == Fact::Lock || Each.K == Fact::LockShared ||
        Each.K == Fact::Unlock)
      continue;
    const PlaceId Handle = Sub.applyHandle(Each.P);
    // Behind a pointer it may be any handle that has a name here.
    if (!Handle || Places.hasDeref(Handle))
      joinSome(Loc);
    if (Handle)
      add(Each.K, Handle, Loc, Each.Certain, Sub.applyHandle(Each.Q));
  }
}

/// As BodyGenerator::applyEffects().
void Splicer::call(const CallSite &Site, const Summary &S, Location Loc) {
  CallSubstitution Sub(Site, static_cast<const Entity *>(Site.Callee), Places);
  for (PlaceId Released : S.E.Releases)
    if (PlaceId Here = Sub.applySynchronizer(Released))
      add(Fact::Release, Here, Loc);
  for (Access A : S.E.Accesses) {
    const bool IsNear = A.Depth < MaxEvidenceDepth;
    if (Site.OrdersItself && Places.get(A.P).Kind == Place::This)
      continue;
    if (!Sub.apply(A))
      continue;
    Fact Each{A.IsUse ? Fact::Use : A.IsWrite ? Fact::Write : Fact::Read, A.P};
    Each.Loc = A.Loc;
    Each.Certain = A.Certain && IsNear;
    Each.Through = Loc;
    Each.Depth = static_cast<uint8_t>(IsNear ? A.Depth + 1 : A.Depth);
    Each.Locks.append(A.Locks.begin(), A.Locks.end());
    Each.Acquired = A.Acquired;
    Each.Released = A.Released;
    Each.Ended = A.Ended;
    Current->push_back(std::move(Each));
  }
  for (PlaceId Acquired : S.E.Acquires)
    if (PlaceId Here = Sub.applySynchronizer(Acquired))
      add(Fact::Acquire, Here, Loc);
  const llvm::ArrayRef<Fact> Operations = S.Operations;
  operations(Operations.take_front(S.NumBefore), Sub, Loc);
  for (const Summary::Left &Left : S.Leaves) {
    SpawnInfo Thread = Left.Thread;
    Thread.Through = Loc;
    Sub.apply(Thread);
    Thread.RoundLocal.append(Site.RoundLocal.begin(), Site.RoundLocal.end());
    const PlaceId Owner = Sub.applyHandle(Left.Owner);
    Fact Each{Fact::Spawn, Owner};
    Each.Loc = Loc;
    Each.Certain = Owner || Left.IsDetached;
    Each.S = SpawnId{static_cast<unsigned>(Out.Spawns.size())};
    for (PlaceId Ended : Left.Ended)
      if (PlaceId Here = Sub.applyHandle(Ended))
        Each.Ended.push_back(Here);
    Out.Spawns.push_back(std::move(Thread));
    Current->push_back(std::move(Each));
  }
  operations(Operations.drop_front(S.NumBefore), Sub, Loc);
  locks(Site, S, Sub, Loc);
}

FunctionFacts Splicer::run() {
  Out.Name = F.Facts.Name;
  Out.Exit = F.Facts.Exit;
  Out.Required = F.Facts.Required;
  Out.Spawns = F.Facts.Spawns;
  for (SpawnInfo &Thread : Out.Spawns)
    body(Thread);
  Out.Blocks.resize(F.Facts.Blocks.size());
  for (size_t B = 0; B != Out.Blocks.size(); ++B) {
    const std::vector<Fact> &Facts = F.Facts.Blocks[B].Facts;
    Out.Blocks[B].Successors = F.Facts.Blocks[B].Successors;
    Current = &Out.Blocks[B].Facts;
    for (size_t I = 0; I != Facts.size(); ++I) {
      if (Facts[I].K != Fact::Call) {
        Current->push_back(Facts[I]);
        continue;
      }
      const CallSite &Site = F.Facts.Calls[Facts[I].Need];
      const Summary *S = summaryOf(Site);
      if (!S)
        continue; // what is known without it follows
      // Threads that only the guess had started.
      for (unsigned N = 1; N <= Site.NumFacts; ++N)
        if (Facts[I + N].K == Fact::Spawn)
          Out.Spawns[Facts[I + N].S.Value].Body = {};
      call(Site, *S, Facts[I].Loc);
      I += Site.NumFacts;
    }
  }
  return std::move(Out);
}

FunctionFacts fearless::linking::splice(LinkedFunction &F, LinkedProgram &P) {
  return Splicer(F, P).run();
}
