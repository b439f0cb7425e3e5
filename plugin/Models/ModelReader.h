// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads models from YAML. The one reader serves the shipped tables at build
// time and the users' files at run time.

#ifndef FEARLESS_MODELS_MODELREADER_H
#define FEARLESS_MODELS_MODELREADER_H

#include "Models/Model.h"

#include "llvm/Support/Allocator.h"
#include "llvm/Support/YAMLTraits.h"

#include <string>
#include <vector>

namespace fearless {

/// A scalar or a list of scalars.
struct Names {
  std::vector<std::string> Items;
};

/// One condition in a list, "send(0)".
struct ConditionText {
  Condition Value{Trait::Send, false, false, 0};
};

/// A keyword or a list of conditions.
struct RuleText {
  TraitRule::Kind K = TraitRule::Absent;
  std::vector<ConditionText> Conditions;
};

/// "N" or "N..".
struct ArgumentRange {
  int8_t First = -1;
  bool ToEnd = false;
};

/// A number, "none" or "closures".
struct CallableText {
  int8_t Index = BoundaryModel::NoCallable;
};

/// "N" (of the class) or "function N".
struct ConstructsText {
  BoundaryModel::ConstructsFrom From = BoundaryModel::Nothing;
  uint8_t Index = 0;
};

/// A number, "object" or "unknown".
struct HandleText {
  int8_t Index = BoundaryModel::NoHandle;
};

struct TypeEntry {
  Names Name;
  TypeKind Kind = TypeKind::Value;
  RuleText Send, SyncConst, Sync;
  std::string Why, Instead;
};

struct WhenEntry {
  int Argument = -1;
  Names Type;
};

struct BoundaryEntry {
  Names Function;
  BoundaryKind Kind = BoundaryKind::Spawns;
  CallableText Callable;
  ArgumentRange Arguments;
  std::string Skip;
  WhenEntry When;
  std::string Returns;
  ConstructsText Constructs;
  HandleText Handle;
};

struct ObjectEntry {
  Names Name;
  RuleText Sync;
};

struct OnText {
  int8_t Index = OperationModel::Object;
};

struct OperationEntry {
  Names Function;
  OperationKind Does = OperationKind::Join;
  std::string Why, Instead, Role;
  OnText On;
};

/// The `types`, `boundaries`, `objects` and `operations` of one file, as
/// written.
struct ModelText {
  std::vector<TypeEntry> Types;
  std::vector<BoundaryEntry> Boundaries;
  std::vector<ObjectEntry> Objects;
  std::vector<OperationEntry> Operations;
};

/// Models with the memory they stand in. Not copyable; the ModelSet points
/// into it.
class OwnedModels {
public:
  OwnedModels() = default;
  OwnedModels(const OwnedModels &) = delete;
  OwnedModels &operator=(const OwnedModels &) = delete;

  /// Appends the entries of \p Text, one per name. Linear.
  void add(const ModelText &Text);
  ModelSet models() const { return {Types, Boundaries, Objects, Operations}; }

private:
  const char *copy(llvm::StringRef Text);
  TraitRule copy(const RuleText &Rule);

  llvm::BumpPtrAllocator Memory;
  std::vector<TypeModel> Types;
  std::vector<BoundaryModel> Boundaries;
  std::vector<ObjectModel> Objects;
  std::vector<OperationModel> Operations;
};

} // namespace fearless

LLVM_YAML_IS_SEQUENCE_VECTOR(fearless::TypeEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(fearless::BoundaryEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(fearless::ObjectEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(fearless::OperationEntry)
LLVM_YAML_IS_FLOW_SEQUENCE_VECTOR(fearless::ConditionText)

namespace llvm::yaml {
/// A name or a list of names. Not by PolymorphicTraits: of a key without a value
/// llvm::yaml::Input knows no kind, and ends in llvm_unreachable. (A class of
/// ours in its place would have a table of its functions, and a module with that
/// does not load into another version, where it has to say that it cannot run.)
void yamlize(IO &In, fearless::Names &Out, bool Required, EmptyContext &Context);

template <> struct MappingTraits<fearless::ModelText> {
  static void mapping(IO &IO, fearless::ModelText &Text);
};
} // namespace llvm::yaml

#endif // FEARLESS_MODELS_MODELREADER_H
