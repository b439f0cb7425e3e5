// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Partition.h"

#include "Flow/Dataflow.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace fearless::flow;

//===----------------------------------------------------------------------===//
// The lattice
//===----------------------------------------------------------------------===//

PlaceId Partition::tracked(PlaceId P) const {
  const Place &Where = Places->get(P);
  for (size_t Length = Where.Path.size() + 1; Length-- != 0;) {
    const PlaceId Prefix = Places->prefix(P, Length);
    if (Regions.count(Prefix) || Moved.count(Prefix))
      return Prefix;
  }
  return {};
}

unsigned Partition::region(PlaceId P) {
  if (const PlaceId Known = tracked(P))
    if (auto It = Regions.find(Known); It != Regions.end())
      return It->second;
  const unsigned New = static_cast<unsigned>(Sent.size());
  Sent.emplace_back();
  Regions[P] = New;
  return New;
}

void Partition::unite(unsigned A, unsigned B) {
  if (A == B)
    return;
  for (auto &[P, Region] : Regions)
    if (Region == B)
      Region = A;
  Sent[A].insert(Sent[B].begin(), Sent[B].end());
  Sent[B].clear();
}

void Partition::forget(PlaceId P) {
  auto IsPart = [&](PlaceId Each) { return Places->isWithin(Each, P); };
  for (auto It = Regions.begin(); It != Regions.end();)
    It = IsPart(It->first) ? Regions.erase(It) : std::next(It);
  for (auto It = Moved.begin(); It != Moved.end();)
    It = IsPart(It->first) ? Moved.erase(It) : std::next(It);
}

void Partition::fresh(PlaceId P) {
  forget(P);
  // Part of something that is known: it has a region of its own from here on.
  if (tracked(P)) {
    Regions[P] = static_cast<unsigned>(Sent.size());
    Sent.emplace_back();
  }
}

void Partition::assign(PlaceId P, PlaceId Q) {
  if (P == Q)
    return;
  const unsigned To = region(Q);
  forget(P);
  Regions[P] = To;
}

void Partition::merge(PlaceId P, PlaceId Q) {
  const unsigned A = region(P);
  unite(A, region(Q));
}

void Partition::send(PlaceId P, unsigned Send) {
  const unsigned Whole = region(P);
  Sent[Whole].insert(Send);
  // The parts go along.
  for (const auto &[Each, Region] : Regions)
    if (Each != P && Places->isWithin(Each, P))
      Sent[Region].insert(Send);
}

void Partition::moveOut(PlaceId P, unsigned Send) {
  forget(P);
  Moved[P].insert(Send);
}

static const Partition::SendSet NoSends;

const Partition::SendSet &Partition::sentBy(PlaceId P) const {
  const PlaceId Known = tracked(P);
  auto It = Known ? Regions.find(Known) : Regions.end();
  return It == Regions.end() ? NoSends : Sent[It->second];
}

const Partition::SendSet &Partition::movedBy(PlaceId P) const {
  const PlaceId Known = tracked(P);
  auto It = Known ? Moved.find(Known) : Moved.end();
  return It == Moved.end() ? NoSends : It->second;
}

bool Partition::sameRegion(PlaceId P, PlaceId Q) const {
  auto A = Regions.find(tracked(P)), B = Regions.find(tracked(Q));
  return A != Regions.end() && B != Regions.end() && A->second == B->second;
}

std::vector<PlaceId> Partition::regionOf(PlaceId P) const {
  std::vector<PlaceId> Out;
  const PlaceId Known = tracked(P);
  auto It = Known ? Regions.find(Known) : Regions.end();
  if (It != Regions.end())
    for (const auto &[Each, Region] : Regions)
      if (Region == It->second)
        Out.push_back(Each);
  return Out;
}

bool Partition::join(const Partition &Other) {
  bool Changed = false;
  // The first place of each of Other's regions stands for the region.
  std::map<unsigned, PlaceId> First;
  for (const auto &[P, Theirs] : Other.Regions) {
    const bool IsNew = !Regions.count(P);
    if (IsNew) {
      // Part of something known here: it was in that region.
      if (const PlaceId Whole = tracked(P); Whole && Regions.count(Whole))
        Regions[P] = Regions[Whole];
      else
        region(P);
      Changed = true;
    }
    const auto [It, IsFirst] = First.try_emplace(Theirs, P);
    const unsigned Mine = Regions[P];
    if (IsFirst) {
      for (unsigned Send : Other.Sent[Theirs])
        Changed |= Sent[Mine].insert(Send).second;
    } else if (const unsigned Same = Regions[It->second]; Same != Mine) {
      unite(Same, Mine);
      Changed = true;
    }
  }
  for (const auto &[P, Sends] : Other.Moved)
    for (unsigned Send : Sends)
      Changed |= Moved[P].insert(Send).second;
  return Changed;
}

//===----------------------------------------------------------------------===//
// The analysis
//===----------------------------------------------------------------------===//

namespace {
struct Regions {
  using State = Partition;
  const PlaceTable &Places;
  bool EvidenceOnly;

  State entry() const { return Partition(Places); }

  void transfer(State &S, const RegionFact &Each) const {
    // What is not certain neither proves nor disproves: evidence assumes that
    // a place is new and that nothing was merged, a proof the opposite.
    switch (Each.K) {
    case RegionFact::Fresh:
      if (Each.Certain || EvidenceOnly)
        S.fresh(Each.P);
      break;
    case RegionFact::Assign:
      if (Each.Certain || !EvidenceOnly)
        S.assign(Each.P, Each.Q);
      else
        S.fresh(Each.P);
      break;
    case RegionFact::Merge:
      if (Each.Certain || !EvidenceOnly)
        S.merge(Each.P, Each.Q);
      break;
    case RegionFact::Send:
      if (Each.Certain || !EvidenceOnly)
        S.send(Each.P, Each.Which);
      break;
    case RegionFact::MoveOut:
      if (Each.Certain || !EvidenceOnly)
        S.moveOut(Each.P, Each.Which);
      break;
    case RegionFact::Ask:
      S.ask(Each.P);
      break;
    case RegionFact::Touch:
      break;
    }
  }
};
} // namespace

/// Runs \p Do with the state before each fact of \p F and the fact.
template <typename Function>
static void forEachState(const RegionFunction &F, const PlaceTable &Places,
                         bool EvidenceOnly, Function Do) {
  Regions Analysis{Places, EvidenceOnly};
  const auto In = solveForward(F, Analysis);
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (!In[I])
      continue;
    Partition S = *In[I];
    for (const RegionFact &Each : F.Blocks[I].Facts) {
      Do(S, Each);
      Analysis.transfer(S, Each);
    }
  }
}

std::vector<UseAfterSend>
fearless::flow::findUsesAfterSend(const RegionFunction &F,
                                  const PlaceTable &Places, bool EvidenceOnly) {
  std::vector<UseAfterSend> Out;
  std::map<PlaceId, Location> MadeAt;
  for (const RegionBlock &Block : F.Blocks)
    for (const RegionFact &Each : Block.Facts)
      if (Each.K == RegionFact::Assign)
        MadeAt.try_emplace(Each.P, Each.Loc);
  std::set<std::pair<unsigned, PlaceId>> Seen;
  auto Report = [&](const RegionFact &Use, unsigned Send, bool IsMovedFrom) {
    if (!Seen.insert({Send, Places.rootOf(Use.P)}).second)
      return;
    UseAfterSend Found{Send, Use, IsMovedFrom, 0};
    if (!IsMovedFrom && Use.P != F.Sends[Send].P)
      if (auto Made = MadeAt.find(Places.rootOf(Use.P)); Made != MadeAt.end())
        Found.AliasMade = Made->second;
    Out.push_back(Found);
  };
  forEachState(F, Places, EvidenceOnly, [&](const Partition &S,
                                            const RegionFact &Each) {
    if (Each.K != RegionFact::Touch || (!Each.Certain && EvidenceOnly))
      return;
    if (!Each.IsMild)
      for (unsigned Send : S.movedBy(Each.P))
        Report(Each, Send, /*IsMovedFrom=*/true);
    for (unsigned Send : S.sentBy(Each.P))
      if (F.Sends[Send].IsExclusive || Each.IsWrite || !EvidenceOnly)
        Report(Each, Send, /*IsMovedFrom=*/false);
  });
  return Out;
}

Partition::SendSet fearless::flow::sentAtExit(const RegionFunction &F,
                                              const PlaceTable &Places,
                                              PlaceId P) {
  Regions Analysis{Places, /*EvidenceOnly=*/true};
  const auto In = solveForward(F, Analysis);
  Partition::SendSet Out;
  if (const auto &End = In[F.Exit]) {
    Out = End->movedBy(P);
    const Partition::SendSet &Sent = End->sentBy(P);
    Out.insert(Sent.begin(), Sent.end());
  }
  return Out;
}

bool fearless::flow::isDisconnected(const RegionFunction &F,
                                    const PlaceTable &Places, unsigned Send,
                                    llvm::function_ref<bool(PlaceId)> IsOwn) {
  bool Seen = false, Connected = false;
  forEachState(F, Places, /*EvidenceOnly=*/false,
               [&](const Partition &S, const RegionFact &Each) {
                 if (Each.K != RegionFact::Send || Each.Which != Send)
                   return;
                 Seen = true;
                 const std::vector<PlaceId> Region = S.regionOf(Each.P);
                 Connected |= !IsOwn(Places.rootOf(Each.P)) ||
                              llvm::any_of(Region, [&](PlaceId P) {
                                return !IsOwn(Places.rootOf(P));
                              });
               });
  return Seen && !Connected;
}

void fearless::flow::dump(llvm::raw_ostream &OS, const RegionFunction &F,
                          const PlaceTable &Places) {
  static const char *const Names[] = {"fresh",    "assign", "merge", "send",
                                      "move-out", "touch",  "ask"};
  for (unsigned I = 0; I != F.Blocks.size(); ++I) {
    if (F.Blocks[I].Facts.empty())
      continue;
    OS << "  region block " << I << '\n';
    for (const RegionFact &Each : F.Blocks[I].Facts) {
      OS << "    " << Names[Each.K] << ' ' << Places.name(Each.P);
      if (Each.Q)
        OS << " from " << Places.name(Each.Q);
      if (Each.K == RegionFact::Send || Each.K == RegionFact::MoveOut)
        OS << " #" << Each.Which;
      OS << (Each.IsWrite ? " write" : "") << (Each.IsMild ? " mild" : "")
         << (Each.Certain ? "" : " maybe") << '\n';
    }
  }
}
