// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Place.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace fearless::flow;

PlaceId PlaceTable::add(Place P, PlaceId Parent, std::string Name) {
  const PlaceId Id{static_cast<unsigned>(Places.size())};
  Places.push_back(std::move(P));
  Parents.push_back(Parent);
  Names.push_back(std::move(Name));
  return Id;
}

PlaceId PlaceTable::root(Place::RootKind Kind, const void *Root,
                         llvm::StringRef Name) {
  auto [It, New] = Roots.try_emplace({Kind, Root});
  if (New) {
    Place P;
    P.Kind = Kind;
    P.Root = Root;
    It->second = add(std::move(P), {}, Name.str());
  }
  return It->second;
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
  case Projection::Offset:
    if (P.Key == Projection::UnknownOffset)
      return (Base[0] == '*' ? Base.substr(1) : Base) + "[...]";
    return (Base[0] == '*' ? Base.substr(1) : Base) + "[" +
           std::to_string(static_cast<int64_t>(P.Key)) + "]";
  case Projection::Element:
    return Base + "[" + std::to_string(P.Key) + "]";
  case Projection::AnyElement:
  case Projection::AllElements:
    return Base + "[...]";
  case Projection::Structure:
  case Projection::Decision:
    return Base;
  }
  return Base;
}

PlaceId PlaceTable::project(PlaceId Base, Projection P, llvm::StringRef Name) {
  const auto &Above = get(Base).Path;
  if (Above.size() >= MaxLength)
    return Base;
  if (P.K == Projection::Deref && !Above.empty() &&
      Above.back().K == Projection::Field) {
    if (Name == "&")
      References.insert(Above.back().Key);
    else if (References.count(Above.back().Key) != 0)
      Name = "&";
  }
  auto [It, New] =
      Below.try_emplace({{Base.Value, static_cast<unsigned>(P.K)}, P.Key});
  if (!New)
    return It->second;
  if (P.K == Projection::Field) {
    auto [Known, First] = FieldNames.try_emplace(P.Key, Name.str());
    if (!First && Name.empty())
      Name = Known->second;
  }
  Place Here = get(Base);
  Here.Path.push_back(P);
  return It->second =
             add(std::move(Here), Base, projectedName(name(Base), P, Name));
}

PlaceId PlaceTable::rebase(PlaceId Target, PlaceId OldBase, PlaceId NewBase) {
  const size_t Skip = get(OldBase).Path.size();
  const llvm::SmallVector<Projection, 4> Steps(
      get(Target).Path.begin() + Skip, get(Target).Path.end());
  PlaceId Out = NewBase;
  for (const Projection &Step : Steps)
    Out = project(Out, Step);
  return Out;
}

static bool mentionsDeref(llvm::ArrayRef<Projection> Path) {
  return llvm::any_of(
      Path, [](Projection P) { return P.K == Projection::Deref; });
}

bool PlaceTable::hasDeref(PlaceId Id, size_t Skip) const {
  const auto &Path = get(Id).Path;
  return mentionsDeref(
      llvm::ArrayRef(Path).drop_front(std::min(Skip, Path.size())));
}

PlaceId PlaceTable::parent(PlaceId Id) {
  return get(Id).Path.empty() ? Id : Parents[Id.Value];
}

PlaceId PlaceTable::offset(PlaceId Id, std::optional<int64_t> By) {
  if (By == 0)
    return Id;
  const Place &Of = get(Id);
  const Projection Last =
      Of.Path.empty() ? Projection{Projection::Field} : Of.Path.back();
  const uint64_t Key = By ? static_cast<uint64_t>(*By) : 0;
  switch (Last.K) {
  case Projection::Element:
    return project(parent(Id), By ? Projection{Projection::Element,
                                               Last.Key + Key}
                                  : Projection{Projection::AnyElement});
  case Projection::AnyElement:
  case Projection::AllElements:
    return Id;
  case Projection::Offset:
    if (!By || Last.Key == Projection::UnknownOffset)
      return project(parent(Id),
                     {Projection::Offset, Projection::UnknownOffset});
    return offset(parent(Id), static_cast<int64_t>(Last.Key + Key));
  default:
    return project(Id, {Projection::Offset,
                        By ? Key : Projection::UnknownOffset});
  }
}

Overlap PlaceTable::overlap(PlaceId A, PlaceId B) const {
  const Place &PA = get(A), &PB = get(B);
  if (PA.Kind != PB.Kind || PA.Root != PB.Root)
    return Overlap::None;
  Overlap Result = Overlap::Must;
  const size_t Common = std::min(PA.Path.size(), PB.Path.size());
  if (std::max(PA.Path.size(), PB.Path.size()) >= MaxLength)
    Result = Overlap::May;
  for (size_t I = 0; I != Common; ++I) {
    const Projection X = PA.Path[I], Y = PB.Path[I];
    if (X.isElement() && Y.isElement()) {
      if (X.K == Projection::Element && Y.K == Projection::Element) {
        if (X.Key != Y.Key)
          return Overlap::None;
      } else if (X.K != Projection::AllElements &&
                 Y.K != Projection::AllElements) {
        Result = Overlap::May;
      }
      continue;
    }
    auto IsApart = [](Projection Of, Projection Other) {
      return (Of.K == Projection::Structure || Of.K == Projection::Decision) &&
             Other.isElement();
    };
    if (IsApart(X, Y) || IsApart(Y, X))
      return Overlap::None;
    if (X.K == Projection::Deref && Y.K == Projection::Deref) {
      if (X.Key != 0 || Y.Key != 0)
        Result = Overlap::May;
      continue;
    }
    if (X.K == Projection::Offset && Y.K == Projection::Offset) {
      if (X.Key == Projection::UnknownOffset ||
          Y.Key == Projection::UnknownOffset)
        Result = Overlap::May;
      else if (X.Key != Y.Key)
        return Overlap::None;
      continue;
    }
    if (X.K == Projection::Offset || Y.K == Projection::Offset)
      // The other side is at offset 0.
      return (X.K == Projection::Offset ? X : Y).Key ==
                     Projection::UnknownOffset
                 ? Overlap::May
                 : Overlap::None;
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
  if (Longer.size() > Common && Longer[Common].K == Projection::Offset) {
    if (Longer[Common].Key != Projection::UnknownOffset)
      return Overlap::None;
    Result = Overlap::May;
  }
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

bool PlaceTable::isStable(PlaceId Id) const {
  const Place &P = get(Id);
  return P.Path.size() < MaxLength &&
         llvm::none_of(P.Path, [](Projection Step) {
           return Step.K == Projection::AnyElement ||
                  (Step.K == Projection::Offset &&
                   Step.Key == Projection::UnknownOffset) ||
                  (Step.K == Projection::Deref && Step.Key != 0);
         });
}

PlaceId PlaceTable::prefix(PlaceId Id, size_t Length) const {
  for (size_t Own = get(Id).Path.size(); Own > Length; --Own)
    Id = Parents[Id.Value];
  return Id;
}

PlaceId PlaceTable::rootOf(PlaceId Id) const { return prefix(Id, 0); }

bool PlaceTable::isAmbiguous(PlaceId Id) const {
  const Place &P = get(Id);
  return P.Kind == Place::Opaque ||
         llvm::any_of(P.Path, [](Projection Step) {
           return Step.K == Projection::AnyElement && Step.Key == 0;
         });
}
