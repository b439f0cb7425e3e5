// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of foreign code, as plain data: types (Send, Sync, why) and
// boundaries (which call hands what to which thread). The shipped tables are
// constants made from YAML at build time; a user's are read at run time.

#ifndef FEARLESS_MODELS_MODEL_H
#define FEARLESS_MODELS_MODEL_H

#include "Support/Ids.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace fearless {

/// What role a library type plays; used in messages and by the flow analysis.
enum class TypeKind : uint8_t {
  Value,
  Container,
  Owner,
  View,
  Guard,
  Lock,
  Atomic,
  Thread,
  Erased,
  Stream,
  Handle,
  Allocator,
  /// Threads that are spawned through it end when it does.
  Scope,
  /// A container whose operations several threads may call at once; what they
  /// give out is as safe as it is itself.
  Concurrent,
};

/// "Asks of template argument Argument": send(0), sync(const 1), send(0..).
struct Condition {
  Trait Asks;
  /// Asked of the const-qualified argument.
  bool Const;
  /// All type arguments from Argument on.
  bool Rest;
  uint8_t Argument;
};

/// The rule of one trait of a modelled type.
struct TraitRule {
  enum Kind : uint8_t {
    /// Nothing said: the structure decides.
    Absent,
    Yes,
    /// Nothing synchronises it (structural).
    No,
    /// Must not be done (explicit).
    Never,
    Unknown,
    /// Yes when every condition holds.
    All,
  };
  Kind K = Absent;
  const Condition *Conditions = nullptr;
  uint8_t NumConditions = 0;

  llvm::ArrayRef<Condition> conditions() const {
    return {Conditions, NumConditions};
  }
};

struct TypeModel {
  /// Qualified name; with "<args>" it is meant for that specialisation only.
  const char *Name;
  TypeKind Kind;
  TraitRule Send;
  TraitRule SyncConst;
  TraitRule Sync;
  /// The sentence shown when a rule fails, or empty.
  const char *Why;
  /// What to write instead, or empty.
  const char *Instead;
};

struct BoundaryModel {
  static constexpr int8_t NoCallable = -1;
  static constexpr int8_t Closures = -2;
  static constexpr int8_t NoHandle = -1;
  static constexpr int8_t ObjectHandle = -2;
  static constexpr int8_t UnknownHandle = -3;
  enum ConstructsFrom : uint8_t { Nothing, ClassArgument, FunctionArgument };

  /// Qualified name of the function; a constructor is Class::Class.
  const char *Function;
  BoundaryKind Kind = BoundaryKind::Spawns;
  /// Index of the argument that is run, NoCallable, or Closures (every one
  /// that can be called).
  int8_t Callable = NoCallable;
  /// Index of the first argument handed over; -1 for none.
  int8_t FirstArgument = -1;
  /// All arguments from FirstArgument on.
  bool ArgumentsToEnd = false;
  /// The callable's result and exceptions come back.
  bool ReturnsResult = false;
  /// The call makes an object of a template argument's type from its
  /// arguments; it is a boundary if that constructor is.
  ConstructsFrom Constructs = Nothing;
  uint8_t ConstructsIndex = 0;
  /// A leading argument of this type is not counted, or null.
  const char *Skip = nullptr;
  /// Only when argument WhenArgument has one of the types WhenTypes.
  int8_t WhenArgument = -1;
  const char *const *WhenTypes = nullptr;
  uint8_t NumWhenTypes = 0;
  /// Index of the argument that is, or points to, what the thread can be waited
  /// for through; ObjectHandle: the object of the call (a pool, a group of
  /// tasks); UnknownHandle: whoever runs it may also wait for it, or be the
  /// caller; or NoHandle.
  int8_t Handle = NoHandle;

  llvm::ArrayRef<const char *> whenTypes() const {
    return {WhenTypes, NumWhenTypes};
  }
};

/// What a function does to threads, locks and the order between threads.
enum class OperationKind : uint8_t {
  /// Waits until the thread has ended.
  Join,
  /// The thread goes on without an owner.
  Detach,
  Lock,
  LockShared,
  /// Holds the lock only when it returns true.
  TryLock,
  Unlock,
  /// What others did before they released the object is seen afterwards.
  Acquire,
  /// What was done so far is seen by who acquires the object.
  Release,
  Both,
  /// Waits for, or wakes, others, and orders nothing by itself.
  Wait,
  /// Makes a function object that calls argument 0 with the others.
  Bind,
  /// Makes one that calls argument 0 with what it is given.
  Adapt,
  /// Reads, or writes, what argument On and its successor (if that is of the
  /// same type: a range) refer to.
  Read,
  Write,
  /// Reads from what argument 0 (1, if On is 0) refers to, and writes to
  /// what argument On does.
  Copy,
  /// Uses state of its own that all threads share.
  Unsafe,
  /// Has its argument run on the thread with a role.
  Post,
  /// Makes a reference to what it is given, and looks at nothing.
  Refer,
};

struct OperationModel {
  static constexpr int8_t Object = -1;
  static constexpr int8_t AllArguments = -2;

  const char *Function;
  OperationKind Does;
  /// The argument it is done to, Object or AllArguments.
  int8_t On;
  /// Unsafe: the state and what to call instead; Post: the role. Or empty.
  const char *Why = "";
  const char *Instead = "";
  const char *Role = "";

  /// Whether it says all that a call does to threads and memory; what the other
  /// kinds do besides, the call's declaration says.
  bool saysAll() const {
    return Does != OperationKind::Bind && Does != OperationKind::Adapt &&
           Does != OperationKind::Unsafe && Does != OperationKind::Post &&
           Does != OperationKind::Refer;
  }
};

/// A variable of which more is known than its type says (std::cout).
struct ObjectModel {
  const char *Name;
  TraitRule Sync;
};

/// One set of models.
struct ModelSet {
  llvm::ArrayRef<TypeModel> Types;
  llvm::ArrayRef<BoundaryModel> Boundaries;
  llvm::ArrayRef<ObjectModel> Objects;
  llvm::ArrayRef<OperationModel> Operations;
};

/// The shipped models (generated from plugin/Models/*.yaml).
const ModelSet &builtinModels();

llvm::StringRef name(TypeKind K);

} // namespace fearless

#endif // FEARLESS_MODELS_MODEL_H
