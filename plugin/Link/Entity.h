// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a unit's summary says of the declarations that its facts name. In the
// facts of one unit the keys of places are declarations of Clang; in those of
// several units they are entities.

#ifndef FEARLESS_LINK_ENTITY_H
#define FEARLESS_LINK_ENTITY_H

#include "Flow/Facts.h"

#include <string>

namespace fearless::linking {

struct Entity {
  enum Kind : uint8_t {
    Function,
    /// A variable with static storage.
    Variable,
    Field,
    Parameter,
    Local,
    /// *this of Owner.
    Object,
    /// What Owner returns.
    Result,
    Temporary,
    /// One that is not understood: it names a lock, or the index of an element.
    Expression,
  };
  static constexpr int64_t NumKinds = Expression + 1;

  Kind K = Temporary;
  /// Of functions, variables and fields: the same for the same declaration in
  /// all units. Empty for what is the unit's own (static, in an anonymous
  /// namespace, local).
  std::string Key;
  /// As messages show it.
  std::string Name;
  /// The function of a parameter, local, object or result; the function around
  /// a lambda.
  const Entity *Owner = nullptr;
  /// Of a parameter.
  unsigned Index = 0;

  enum Flag : uint8_t {
    /// A reference: it is spelled like what it refers to.
    IsReference = 1,
    /// The unit defines it.
    IsDefined = 2,
    /// Several units may: inline functions, templates.
    IsShared = 4,
    /// FEARLESS_ALLOW or NOLINT stands on it.
    IsAllowed = 8,
  };
  uint8_t Flags = 0;
  bool is(Flag F) const { return (Flags & F) != 0; }
  /// Where it is defined, or 0.
  flow::Location Loc = 0;
};

/// A place in a source file; columns are characters and count from 1.
struct Spot {
  /// As the compiler was given it: may be relative.
  std::string File;
  unsigned Line = 0, Column = 0, EndColumn = 0;
  /// No finding is wanted here: it is suppressed, filtered, or reported by the
  /// unit itself.
  bool IsQuiet = false;
};

/// What a mark of a class says, or that it has none.
struct TypeMarks {
  /// Qualified name.
  std::string Name;
  /// "FEARLESS_SYNC", sorted, or empty.
  std::string Marks;
  flow::Location Loc = 0;
};

/// Of which compilation a summary is.
struct UnitName {
  /// As given to the compiler.
  std::string Source, Object, Directory;
  /// The version of Fearless that wrote it.
  std::string Tool;
  /// False when the compiler found errors.
  bool Analyzed = true;
};

} // namespace fearless::linking

#endif // FEARLESS_LINK_ENTITY_H
