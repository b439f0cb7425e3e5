// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Access paths: a variable (or *this*, or a global) and how one gets from it to
// the memory that is meant. Interned, so that everything after the generator
// compares numbers. Knows no AST; roots and fields are opaque keys.

#ifndef FEARLESS_FLOW_PLACE_H
#define FEARLESS_FLOW_PLACE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
    /// What a pointer, reference member, smart pointer or view refers to. Key
    /// is 1 for one that is changed on the way: two looks through it may see
    /// two objects.
    Deref,
    /// So many objects behind what a pointer points to (p[Key]); unknown is
    /// UnknownOffset. Never 0.
    Offset,
    /// An element at a constant index.
    Element,
    /// An element at an index that is not known. The key is 0, or identifies
    /// the index: equal keys are the same element until the index changes.
    AnyElement,
    /// Every element (a loop or an algorithm over all of them).
    AllElements,
    /// What a container knows of itself (size, where its elements are), apart
    /// from the elements.
    Structure,
    /// Of an atomic: a decision that it makes for one thread.
    Decision,
  };
  Kind K;
  static constexpr uint64_t UnknownOffset = ~uint64_t(0);
  /// The field's key, the constant index, or how stable a Deref is.
  uint64_t Key = 0;

  bool isElement() const {
    return K == Element || K == AnyElement || K == AllElements;
  }

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
    /// A temporary; Root is the expression that makes it.
    Temporary,
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

/// Owns all places of a unit, as a tree: interning takes constant time, comparing
/// is linear in the length of the paths.
class PlaceTable {
public:
  /// Paths longer than this are cut: a place then stands for all below it, and
  /// surely overlaps nothing.
  static constexpr size_t MaxLength = 12;

  PlaceId root(Place::RootKind Kind, const void *Root, llvm::StringRef Name);
  /// The place one step below \p Base. \p Name is the field's.
  PlaceId project(PlaceId Base, Projection P, llvm::StringRef Name = "");
  /// \p Target, which lies within \p OldBase, seen from \p NewBase: the
  /// callee's view of its parameter becomes the caller's of the argument.
  PlaceId rebase(PlaceId Target, PlaceId OldBase, PlaceId NewBase);

  /// \p Id without its last step.
  PlaceId parent(PlaceId Id);
  /// The object \p By behind \p Id; an unknown number without \p By.
  PlaceId offset(PlaceId Id, std::optional<int64_t> By);

  const Place &get(PlaceId Id) const { return Places[Id.Value]; }
  /// "queue_.size", "*p", "out[3]" as a user would write it.
  const std::string &name(PlaceId Id) const { return Names[Id.Value]; }

  Overlap overlap(PlaceId A, PlaceId B) const;
  /// Whether \p Id is \p Base or lies below it.
  bool isWithin(PlaceId Id, PlaceId Base) const;
  /// The first \p Length steps of \p Id.
  PlaceId prefix(PlaceId Id, size_t Length) const;
  /// The variable a place starts from, as a place.
  PlaceId rootOf(PlaceId Id) const;
  /// Whether a pointer is followed, after the first \p Skip steps.
  bool hasDeref(PlaceId Id, size_t Skip = 0) const;
  /// Whether the place stands for one of several objects.
  bool isAmbiguous(PlaceId Id) const;
  /// Whether the place names one object wherever it is used: no unknown index
  /// and no pointer that changes.
  bool isStable(PlaceId Id) const;

private:
  PlaceId add(Place P, PlaceId Parent, std::string Name);

  std::vector<Place> Places{Place()};
  std::vector<PlaceId> Parents{PlaceId()};
  std::vector<std::string> Names{""};
  std::map<uint64_t, std::string> FieldNames;
  /// Fields that are references: their Deref is not spelled.
  std::set<uint64_t> References;
  std::map<std::pair<Place::RootKind, const void *>, PlaceId> Roots;
  /// By the place above, the kind of the step and its key.
  llvm::DenseMap<std::pair<std::pair<unsigned, unsigned>, uint64_t>, PlaceId>
      Below;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_PLACE_H
