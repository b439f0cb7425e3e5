// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Access paths: a variable (or *this*, or a global) and how one gets from it to
// the memory that is meant. Interned, so that everything after the generator
// compares numbers. Knows no AST; roots and fields are opaque keys.

#ifndef FEARLESS_FLOW_PLACE_H
#define FEARLESS_FLOW_PLACE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fearless::flow {

/// A place's number; 0 is none.
struct PlaceId {
  unsigned Value = 0;
  explicit operator bool() const { return Value != 0; }
  friend bool operator==(PlaceId A, PlaceId B) { return A.Value == B.Value; }
  friend bool operator!=(PlaceId A, PlaceId B) { return A.Value != B.Value; }
  friend bool operator<(PlaceId A, PlaceId B) { return A.Value < B.Value; }
};

struct Projection {
  enum Kind : uint8_t {
    Field,
    /// What a pointer, reference member, smart pointer or view refers to.
    Deref,
    /// An element at a constant index.
    Element,
    /// An element at an index that is not known. The key is 0, or identifies
    /// the index: equal keys are the same element until the index changes.
    AnyElement,
    /// What a container knows of itself (size, where its elements are), apart
    /// from the elements.
    Structure,
  };
  Kind K;
  /// The field's key or the constant index.
  uint64_t Key = 0;

  friend bool operator==(Projection A, Projection B) {
    return A.K == B.K && A.Key == B.Key;
  }
  friend bool operator<(Projection A, Projection B) {
    return A.K != B.K ? A.K < B.K : A.Key < B.Key;
  }
};

struct Place {
  enum RootKind : uint8_t {
    /// A local variable or parameter.
    Local,
    /// Static storage: visible to every thread.
    Global,
    /// The object of a method; Root is the method, so that the object of a
    /// lambda's surroundings and that of a function it is given to stay apart.
    This,
    /// What a function returns; Root is the function.
    Result,
    /// An expression that is not understood, by its spelling. Names locks and
    /// what they guard, never an access.
    Opaque,
  };
  RootKind Kind = Local;
  /// Identifies the declaration or expression.
  const void *Root = nullptr;
  llvm::SmallVector<Projection, 4> Path;

  friend bool operator<(const Place &A, const Place &B) {
    if (A.Kind != B.Kind)
      return A.Kind < B.Kind;
    if (A.Root != B.Root)
      return A.Root < B.Root;
    return A.Path < B.Path;
  }
};

/// How two places relate.
enum class Overlap : uint8_t {
  None,
  /// The same memory for some indices or pointers.
  May,
  /// The same memory, or one contains the other.
  Must,
};

/// Owns all places of a unit. Interning is logarithmic, comparing linear in
/// the length of the paths.
class PlaceTable {
public:
  /// Paths longer than this are cut: a place then stands for all below it.
  static constexpr size_t MaxLength = 8;

  PlaceId root(Place::RootKind Kind, const void *Root, llvm::StringRef Name);
  /// The place one step below \p Base. \p Name is the field's.
  PlaceId project(PlaceId Base, Projection P, llvm::StringRef Name = "");
  /// \p Target with its root replaced: the callee's view of its parameter
  /// becomes the caller's view of the argument.
  PlaceId rebase(PlaceId Target, PlaceId OldBase, PlaceId NewBase);

  const Place &get(PlaceId Id) const { return Places[Id.Value]; }
  /// "queue_.size", "*p", "out[3]" as a user would write it.
  const std::string &name(PlaceId Id) const { return Names[Id.Value]; }

  Overlap overlap(PlaceId A, PlaceId B) const;
  /// Whether \p Id is \p Base or lies below it.
  bool isWithin(PlaceId Id, PlaceId Base) const;
  /// The first \p Length steps of \p Id, or none when nobody has named that.
  PlaceId prefix(PlaceId Id, size_t Length) const;
  /// The variable a place starts from, as a place.
  PlaceId rootOf(PlaceId Id) const;
  bool hasDeref(PlaceId Id) const;

private:
  PlaceId intern(Place P, std::string Name);

  std::vector<Place> Places{Place()};
  std::vector<std::string> Names{""};
  std::map<Place, PlaceId> Ids;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PLACE_H
