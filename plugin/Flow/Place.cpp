// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Place.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace fearless::flow;

PlaceId PlaceTable::intern(Place P, std::string Name) {
  auto [It, New] = Ids.try_emplace(P);
  if (New) {
    It->second = PlaceId{static_cast<unsigned>(Places.size())};
    Places.push_back(std::move(P));
    Names.push_back(std::move(Name));
  }
  return It->second;
}

PlaceId PlaceTable::root(Place::RootKind Kind, const void *Root,
                         llvm::StringRef Name) {
  Place P;
  P.Kind = Kind;
  P.Root = Root;
  return intern(std::move(P), Name.str());
}

static std::string projectedName(const std::string &Base, Projection P,
                                 llvm::StringRef Field) {
  switch (P.K) {
  case Projection::Field:
    if (Base == "this" || Base.empty())
      return Field.str();
    if (Base[0] == '*')
      return Base.substr(1) + "->" + Field.str();
    return Base + "." + Field.str();
  case Projection::Deref:
    // A reference is spelled like what it refers to.
    return Base == "this" || Field == "&" ? Base : "*" + Base;
  case Projection::Element:
    return Base + "[" + std::to_string(P.Key) + "]";
  case Projection::AnyElement:
    return Base + "[...]";
  case Projection::Structure:
    return Base;
  }
  return Base;
}

PlaceId PlaceTable::project(PlaceId Base, Projection P, llvm::StringRef Name) {
  Place Below = get(Base);
  if (Below.Path.size() >= MaxLength)
    return Base;
  Below.Path.push_back(P);
  return intern(std::move(Below), projectedName(name(Base), P, Name));
}

PlaceId PlaceTable::rebase(PlaceId Target, PlaceId OldBase, PlaceId NewBase) {
  const size_t Skip = get(OldBase).Path.size();
  // The names of the steps are taken from the target's own name, which is how
  // the callee spells them: "n.next" below "n" is ".next" below anything.
  llvm::SmallVector<Projection, 4> Steps(get(Target).Path.begin() + Skip,
                                         get(Target).Path.end());
  std::vector<std::string> FieldNames;
  {
    llvm::StringRef Text = name(Target);
    bool ByArrow = false;
    for (size_t I = Steps.size(); I-- != 0;) {
      std::string Field;
      if (Steps[I].K == Projection::Field) {
        size_t At = Text.find_last_of(".>");
        Field = At == llvm::StringRef::npos ? Text.str()
                                            : Text.substr(At + 1).str();
        Text = At == llvm::StringRef::npos ? Text : Text.substr(0, At);
        ByArrow = !Text.empty() && Text.back() == '-';
        if (ByArrow)
          Text = Text.drop_back();
      } else if (Steps[I].K == Projection::Element ||
                 Steps[I].K == Projection::AnyElement) {
        Text = Text.substr(0, Text.rfind('['));
      } else if (Steps[I].K == Projection::Deref) {
        if (!Text.consume_front("*") && !ByArrow)
          Field = "&";
        ByArrow = false;
      }
      FieldNames.push_back(std::move(Field));
    }
  }
  PlaceId Out = NewBase;
  for (size_t I = 0; I != Steps.size(); ++I)
    Out = project(Out, Steps[I], FieldNames[Steps.size() - 1 - I]);
  return Out;
}

static bool mentionsDeref(llvm::ArrayRef<Projection> Path) {
  return llvm::any_of(
      Path, [](Projection P) { return P.K == Projection::Deref; });
}

bool PlaceTable::hasDeref(PlaceId Id) const {
  return mentionsDeref(get(Id).Path);
}

Overlap PlaceTable::overlap(PlaceId A, PlaceId B) const {
  const Place &PA = get(A), &PB = get(B);
  if (PA.Kind != PB.Kind || PA.Root != PB.Root)
    return Overlap::None;
  Overlap Result = Overlap::Must;
  const size_t Common = std::min(PA.Path.size(), PB.Path.size());
  for (size_t I = 0; I != Common; ++I) {
    const Projection X = PA.Path[I], Y = PB.Path[I];
    const bool XElement =
        X.K == Projection::Element || X.K == Projection::AnyElement;
    const bool YElement =
        Y.K == Projection::Element || Y.K == Projection::AnyElement;
    if (XElement && YElement) {
      if (X.K == Projection::Element && Y.K == Projection::Element) {
        if (X.Key != Y.Key)
          return Overlap::None;
      } else {
        Result = Overlap::May;
      }
      continue;
    }
    if ((X.K == Projection::Structure && YElement) ||
        (Y.K == Projection::Structure && XElement))
      return Overlap::None;
    if (!(X == Y))
      // Two fields are apart; a field against an element or pointee is a
      // mixture of views of one object that is not understood.
      return X.K == Projection::Field && Y.K == Projection::Field
                 ? Overlap::None
                 : Overlap::May;
  }
  // One contains the other, unless a pointer lies between: the pointer is
  // apart from what it points to.
  const auto &Longer = PA.Path.size() > Common ? PA.Path : PB.Path;
  if (mentionsDeref(llvm::ArrayRef(Longer).drop_front(Common)))
    return Overlap::None;
  return Result;
}

bool PlaceTable::isWithin(PlaceId Id, PlaceId Base) const {
  const Place &P = get(Id), &B = get(Base);
  return P.Kind == B.Kind && P.Root == B.Root &&
         P.Path.size() >= B.Path.size() &&
         std::equal(B.Path.begin(), B.Path.end(), P.Path.begin());
}

PlaceId PlaceTable::prefix(PlaceId Id, size_t Length) const {
  Place P = get(Id);
  if (Length >= P.Path.size())
    return Id;
  P.Path.truncate(Length);
  auto Found = Ids.find(P);
  return Found == Ids.end() ? PlaceId() : Found->second;
}

PlaceId PlaceTable::rootOf(PlaceId Id) const {
  const PlaceId Root = prefix(Id, 0);
  return Root ? Root : Id;
}
