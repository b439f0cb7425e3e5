// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Facts.h"

#include "llvm/Support/raw_ostream.h"

using namespace fearless::flow;

llvm::StringRef fearless::flow::name(Fact::Kind K) {
  switch (K) {
  case Fact::Read:
    return "read";
  case Fact::Write:
    return "write";
  case Fact::Use:
    return "use";
  case Fact::Spawn:
    return "spawn";
  case Fact::Join:
    return "join";
  case Fact::JoinMaybe:
    return "join?";
  case Fact::Detach:
    return "detach";
  case Fact::Move:
    return "move";
  case Fact::Lock:
    return "lock";
  case Fact::LockShared:
    return "lock-shared";
  case Fact::Unlock:
    return "unlock";
  case Fact::Acquire:
    return "acquire";
  case Fact::Release:
    return "release";
  case Fact::Expire:
    return "expire";
  case Fact::Require:
    return "require";
  case Fact::Publish:
    return "publish";
  case Fact::Taken:
    return "taken";
  case Fact::Suspend:
    return "suspend";
  case Fact::Unwind:
    return "unwind";
  case Fact::Call:
    return "call";
  case Fact::Unknown:
    return "unknown";
  }
  return "";
}

void fearless::flow::applyLocks(Access &A,
                                llvm::function_ref<PlaceId(PlaceId)> Apply,
                                llvm::function_ref<bool(PlaceId)> IsOwn) {
  llvm::SmallVector<HeldLock, 2> Locks;
  for (const HeldLock &Lock : A.Locks)
    if (PlaceId Here = Apply(Lock.P))
      Locks.push_back({Here, Lock.Shared});
    else if (!IsOwn(Lock.P))
      A.Certain = false; // under some lock
  A.Locks = std::move(Locks);
}

static void dump(llvm::raw_ostream &OS, const Fact &F, const PlaceTable &Places) {
  OS << name(F.K);
  if (F.K == Fact::Spawn)
    OS << " #" << F.S.Value;
  if (F.P)
    OS << " " << Places.name(F.P);
  if (F.Q)
    OS << " -> " << Places.name(F.Q);
  if (!F.Certain)
    OS << " (maybe)";
  for (PlaceId Lock : F.Locks)
    OS << " with " << Places.name(Lock);
  OS << "\n";
}

void fearless::flow::dump(llvm::raw_ostream &OS, const FunctionFacts &F,
                          const PlaceTable &Places) {
  OS << "facts of " << F.Name;
  if (F.NumUnknown)
    OS << " (" << F.NumUnknown << " constructs not understood)";
  OS << "\n";
  for (size_t I = 0; I != F.Blocks.size(); ++I) {
    const Block &B = F.Blocks[I];
    if (B.Facts.empty() && B.Successors.empty())
      continue;
    OS << "  block " << I << "\n";
    for (const Fact &Each : B.Facts)
      ::dump(OS.indent(4), Each, Places);
    for (const Edge &E : B.Successors) {
      OS.indent(4) << "to " << E.Target << "\n";
      for (const Fact &Each : E.Facts)
        ::dump(OS.indent(6), Each, Places);
    }
  }
  for (size_t I = 0; I != F.Spawns.size(); ++I) {
    const SpawnInfo &S = F.Spawns[I];
    OS << "  thread #" << I << " by " << S.Name;
    if (S.EndsInCall)
      OS << ", ends in the call";
    if (S.IsMany)
      OS << ", many";
    OS << "\n";
    for (const SpawnInfo::Borrow &B : S.Borrows)
      OS.indent(4) << "borrows " << Places.name(B.P) << "\n";
    for (const Access &A : S.Body.Accesses) {
      OS.indent(4) << (A.IsCall    ? "run "
                       : A.IsUse   ? "use "
                       : A.IsWrite ? "write "
                                   : "read ")
                   << Places.name(A.P)
                   << (A.Certain ? "" : " (maybe)");
      for (const HeldLock &Lock : A.Locks)
        OS << " with " << Places.name(Lock) << (Lock.Shared ? " shared" : "");
      for (PlaceId Acquired : A.Acquired)
        OS << " after " << Places.name(Acquired);
      for (PlaceId Released : A.Released)
        OS << " before " << Places.name(Released);
      OS << "\n";
    }
    for (PlaceId P : S.Body.Acquires)
      OS.indent(4) << "acquire " << Places.name(P) << "\n";
    for (PlaceId P : S.Body.Releases)
      OS.indent(4) << "release " << Places.name(P) << "\n";
    if (S.Body.NumUnknown)
      OS.indent(4) << S.Body.NumUnknown << " constructs not understood\n";
  }
}
