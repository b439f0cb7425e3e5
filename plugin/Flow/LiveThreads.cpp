// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LiveThreads.h"

#include "llvm/ADT/STLExtras.h"

using namespace fearless::flow;

/// More owners than this are nobody in particular.
static constexpr size_t MaxOwners = 6;

static bool addOwner(ThreadState &T, PlaceId Owner) {
  auto At = llvm::lower_bound(T.Owners, Owner);
  if (At != T.Owners.end() && *At == Owner)
    return false;
  if (T.Owners.size() == MaxOwners) {
    const bool Changed = !T.OwnerUnknown;
    T.OwnerUnknown = true;
    return Changed;
  }
  T.Owners.insert(At, Owner);
  return true;
}

static void replacePhase(ThreadState &T, unsigned Old, unsigned New) {
  if (T.Phases & Old)
    T.Phases = static_cast<uint8_t>((T.Phases & ~Old) | New);
}

bool LiveThreads::State::join(const State &Other) {
  bool Changed = false;
  for (size_t I = 0; I != Threads.size(); ++I) {
    ThreadState &A = Threads[I];
    const ThreadState &B = Other.Threads[I];
    const ThreadState Before = A;
    A.Phases |= B.Phases;
    A.IsSeveral |= B.IsSeveral;
    A.OwnerUnknown |= B.OwnerUnknown;
    Changed |= A.Phases != Before.Phases || A.IsSeveral != Before.IsSeveral ||
               A.OwnerUnknown != Before.OwnerUnknown;
    for (PlaceId Owner : B.Owners)
      Changed |= addOwner(A, Owner);
  }
  return Changed;
}

LiveThreads::State LiveThreads::entry() const {
  State S{std::vector<ThreadState>(F.Spawns.size() + Given.size())};
  for (size_t I = 0; I != Given.size(); ++I) {
    ThreadState &T = S.Threads[F.Spawns.size() + I];
    T.Phases = ThreadState::Running;
    T.IsSeveral = !Places.isStable(Given[I]);
    T.Owners.push_back(Given[I]);
  }
  return S;
}

/// Whether an operation on \p Handle is one on the thread that \p Owner owns:
/// the handle itself, or a container of it. An element of many may be another
/// thread's.
Overlap LiveThreads::owns(PlaceId Handle, PlaceId Owner) const {
  if (!Handle || !Owner)
    return Overlap::None;
  const Place &H = Places.get(Handle), &O = Places.get(Owner);
  if (H.Kind != O.Kind || H.Root != O.Root)
    return Overlap::None;
  Overlap Result = Overlap::Must;
  for (size_t I = 0; I != H.Path.size(); ++I) {
    if (I == O.Path.size())
      return Overlap::May;
    const Projection X = H.Path[I], Y = O.Path[I];
    if (X.isElement() && Y.isElement()) {
      if (X.K == Projection::AllElements)
        continue;
      if (X.K == Projection::AnyElement || Y.K != Projection::Element)
        Result = Overlap::May;
      else if (X.Key != Y.Key)
        return Overlap::None;
    } else if (X.K == Projection::Deref && Y.K == Projection::Deref) {
      if (X.Key || Y.Key)
        Result = Overlap::May;
    } else if (!(X == Y)) {
      return X.K == Projection::Field && Y.K == Projection::Field
                 ? Overlap::None
                 : Overlap::May;
    }
  }
  return Result;
}

/// The threads that \p Handle owns have ended.
void LiveThreads::end(ThreadState &T, PlaceId Handle, bool Surely) const {
  if (!T.mayRun())
    return;
  bool Touched = false;
  llvm::SmallVector<PlaceId, 2> Owners;
  for (PlaceId Owner : T.Owners) {
    const Overlap O = owns(Handle, Owner);
    Touched |= O != Overlap::None;
    if (O == Overlap::Must && Surely)
      continue;
    Owners.push_back(Owner);
  }
  if (!Touched && !T.OwnerUnknown)
    return;
  if (Owners.empty() && !T.OwnerUnknown) {
    // All owners on all paths.
    T.Owners.clear();
    T.IsSeveral = false;
    replacePhase(T, ThreadState::Running | ThreadState::GivenAway,
                 ThreadState::Ended);
  } else if (Touched && Owners.size() < T.Owners.size()) {
    // Some paths' owner: on the others it goes on.
    T.Owners = std::move(Owners);
    T.Phases |= ThreadState::Ended;
  } else if (Touched && T.IsSeveral && Surely) {
    // One of several: the others go on.
    T.Phases |= ThreadState::Ended;
  } else {
    replacePhase(T, ThreadState::Running, ThreadState::GivenAway);
  }
}

void LiveThreads::move(ThreadState &T, PlaceId From, PlaceId To) const {
  llvm::SmallVector<PlaceId, 2> Owners;
  std::swap(Owners, T.Owners);
  for (PlaceId Owner : Owners) {
    const Overlap O = owns(From, Owner);
    if (O == Overlap::None) {
      addOwner(T, Owner);
    } else if (O == Overlap::Must && To) {
      addOwner(T, Places.rebase(Owner, From, To));
    } else if (O == Overlap::Must) {
      T.OwnerUnknown = true;
      replacePhase(T, ThreadState::Running, ThreadState::GivenAway);
    } else {
      // One element of several: it, or another.
      addOwner(T, Owner);
      if (To)
        addOwner(T, To);
      else
        T.OwnerUnknown = true;
    }
  }
}

void LiveThreads::transfer(State &S, const Fact &Each) const {
  switch (Each.K) {
  case Fact::Spawn: {
    ThreadState &T = S.Threads[Each.S.Value];
    // A second round of a loop: the first thread may still run.
    const bool Again = T.mayRun();
    if (!Again)
      T = ThreadState();
    T.IsSeveral |= Again;
    T.Phases = static_cast<uint8_t>(T.Phases & ~ThreadState::NotStarted);
    if (F.Spawns[Each.S.Value].EndsInCall) {
      T.Phases |= ThreadState::Ended;
      break;
    }
    if (Each.P || Each.Certain) {
      T.Phases |= ThreadState::Running;
      addOwner(T, Each.P);
    } else {
      T.Phases |= ThreadState::GivenAway;
      T.OwnerUnknown = true;
    }
    break;
  }
  case Fact::Join:
    for (ThreadState &T : S.Threads)
      end(T, Each.P, Each.Certain);
    break;
  case Fact::JoinMaybe:
    for (ThreadState &T : S.Threads)
      if (T.mayRun() && (T.OwnerUnknown || llvm::any_of(T.Owners, [&](PlaceId O) {
                           return owns(Each.P, O) != Overlap::None;
                         })))
        replacePhase(T, ThreadState::Running, ThreadState::GivenAway);
    break;
  case Fact::Detach:
    for (ThreadState &T : S.Threads) {
      llvm::SmallVector<PlaceId, 2> Owners;
      std::swap(Owners, T.Owners);
      for (PlaceId Owner : Owners) {
        const Overlap O = owns(Each.P, Owner);
        if (O != Overlap::Must)
          addOwner(T, Owner);
        if (O != Overlap::None)
          addOwner(T, PlaceId());
      }
    }
    break;
  case Fact::Move:
    for (ThreadState &T : S.Threads)
      move(T, Each.P, Each.Q);
    break;
  case Fact::Unwind:
    // Whether it is ever thrown nobody knows: no evidence for default mode.
    for (ThreadState &T : S.Threads)
      replacePhase(T, ThreadState::Running, ThreadState::GivenAway);
    break;
  case Fact::Read:
  case Fact::Write:
  case Fact::Use:
  case Fact::Lock:
  case Fact::LockShared:
  case Fact::Unlock:
  case Fact::Acquire:
  case Fact::Release:
  case Fact::Expire:
  case Fact::Require:
  case Fact::Publish:
  case Fact::Taken:
  case Fact::Suspend:
  case Fact::Call:
  case Fact::Unknown:
    break;
  }
}

static PlaceId withElements(PlaceId P, Projection::Kind From,
                            Projection::Kind To, PlaceTable &Places) {
  const Place Of = Places.get(P);
  PlaceId Out = Places.rootOf(P);
  for (Projection Step : Of.Path)
    Out = Places.project(Out, Step.K == From ? Projection{To} : Step);
  return Out;
}

PlaceId fearless::flow::allOf(PlaceId Handle, PlaceTable &Places) {
  return withElements(Handle, Projection::AnyElement, Projection::AllElements,
                      Places);
}

std::vector<PlaceId>
fearless::flow::handlesOf(const FunctionFacts &F, PlaceTable &Places,
                          llvm::function_ref<bool(PlaceId)> Escapes) {
  std::vector<PlaceId> Out;
  auto Consider = [&](const Fact &Each) {
    if (Each.K != Fact::Join && Each.K != Fact::JoinMaybe &&
        Each.K != Fact::Detach && Each.K != Fact::Move)
      return;
    const PlaceId Handle = withElements(Each.P, Projection::AllElements,
                                        Projection::AnyElement, Places);
    if (Escapes(Handle) && !llvm::is_contained(Out, Handle))
      Out.push_back(Handle);
  };
  for (const Block &B : F.Blocks) {
    for (const Fact &Each : B.Facts)
      Consider(Each);
    for (const Edge &E : B.Successors)
      for (const Fact &Each : E.Facts)
        Consider(Each);
  }
  return Out;
}

HandleEffects fearless::flow::handleOperations(
    const FunctionFacts &F, PlaceTable &Places, llvm::ArrayRef<PlaceId> Handles,
    llvm::function_ref<bool(PlaceId)> Escapes, llvm::ArrayRef<SpawnId> Left) {
  HandleEffects Out;
  Out.Ended.resize(Left.size());
  if (Handles.empty())
    return Out;
  LiveThreads Analysis(F, Places, Handles);
  const auto In = solveForward(F, Analysis);
  if (!In[F.Exit])
    return Out;
  LiveThreads::State AtExit = *In[F.Exit];
  for (const Fact &Each : F.Blocks[F.Exit].Facts)
    Analysis.transfer(AtExit, Each);
  // By thread and handle: it was ended, or as it stays, when the thread started.
  std::vector<std::vector<bool>> Ended(
      Left.size(), std::vector<bool>(Handles.size(), true));
  std::vector<bool> IsBefore(Handles.size(), !Left.empty());
  for (size_t B = 0; B != F.Blocks.size(); ++B) {
    if (!In[B])
      continue;
    LiveThreads::State Now = *In[B];
    for (const Fact &Each : F.Blocks[B].Facts) {
      const auto Which =
          Each.K == Fact::Spawn ? llvm::find(Left, Each.S) : Left.end();
      for (size_t I = 0; Which != Left.end() && I != Handles.size(); ++I) {
        const ThreadState &T = Now.Threads[F.Spawns.size() + I];
        if (T.mayRun())
          Ended[Which - Left.begin()][I] = false;
        if (T.mayRun() && !(T == AtExit.Threads[F.Spawns.size() + I]))
          IsBefore[I] = false;
      }
      Analysis.transfer(Now, Each);
    }
  }
  for (size_t T = 0; T != Left.size(); ++T)
    for (size_t I = 0; I != Handles.size(); ++I)
      if (Ended[T][I])
        Out.Ended[T].push_back(allOf(Handles[I], Places));
  for (size_t I = 0; I != Handles.size(); ++I) {
    const ThreadState &T = AtExit.Threads[F.Spawns.size() + I];
    Fact Each{Fact::JoinMaybe, allOf(Handles[I], Places)};
    if (!T.mayRun()) {
      Each.K = Fact::Join;
    } else if (T.isDetached()) {
      Each.K = Fact::Detach;
    } else if (T.Phases == ThreadState::Running && !T.OwnerUnknown &&
               T.Owners.size() == 1) {
      if (T.Owners.front() == Handles[I])
        continue; // as it was
      Each.K = Fact::Move;
      if (Escapes(T.Owners.front()))
        Each.Q = T.Owners.front();
    }
    if (IsBefore[I])
      Out.Operations.insert(Out.Operations.begin() + Out.NumBefore++, Each);
    else
      Out.Operations.push_back(Each);
  }
  return Out;
}
