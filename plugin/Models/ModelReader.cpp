// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Models/ModelReader.h"

#include "llvm/ADT/StringSwitch.h"

using namespace fearless;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// The words of the schema
//===----------------------------------------------------------------------===//

/// "N" or "N..", N < 100. Returns false on anything else.
static bool parseRange(StringRef Text, uint8_t &First, bool &ToEnd) {
  ToEnd = Text.consume_back("..");
  return !Text.empty() && !Text.getAsInteger(10, First) && First < 100;
}

static bool parseCondition(StringRef Text, Condition &Out) {
  Text = Text.trim();
  if (Text.consume_front("send("))
    Out.Asks = Trait::Send;
  else if (Text.consume_front("sync("))
    Out.Asks = Trait::Sync;
  else
    return false;
  if (!Text.consume_back(")"))
    return false;
  Text = Text.trim();
  Out.Const = Text.consume_front("const ");
  return parseRange(Text.trim(), Out.Argument, Out.Rest);
}

namespace llvm::yaml {

template <> struct ScalarTraits<ConditionText> {
  static StringRef input(StringRef Scalar, void *, ConditionText &Out) {
    return parseCondition(Scalar, Out.Value)
               ? StringRef()
               : "expected a condition such as send(0), sync(const 0) or "
                 "send(0..)";
  }
  static void output(const ConditionText &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarTraits<TraitRule::Kind> {
  static StringRef input(StringRef Scalar, void *, TraitRule::Kind &Out) {
    Out = StringSwitch<TraitRule::Kind>(Scalar)
              .Case("yes", TraitRule::Yes)
              .Case("no", TraitRule::No)
              .Case("never", TraitRule::Never)
              .Case("unknown", TraitRule::Unknown)
              .Default(TraitRule::Absent);
    return Out == TraitRule::Absent
               ? "expected yes, no, never, unknown or a list of conditions"
               : StringRef();
  }
  static void output(const TraitRule::Kind &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};
/// The node that is read: a scalar, a list, or neither.
static NodeKind kindOf(IO &In) {
  const Node *N = static_cast<Input &>(In).getCurrentNode();
  if (N && isa<ScalarNode, BlockScalarNode>(N))
    return NodeKind::Scalar;
  return N && isa<SequenceNode>(N) ? NodeKind::Sequence : NodeKind::Map;
}

void yamlize(IO &In, Names &Out, bool Required, EmptyContext &Context) {
  switch (kindOf(In)) {
  case NodeKind::Scalar:
    Out.Items.resize(1);
    return yamlize(In, Out.Items[0], Required, Context);
  case NodeKind::Sequence:
    return yamlize(In, Out.Items, Required, Context);
  case NodeKind::Map:
    In.setError("expected a name or a list of names");
  }
}

static void yamlize(IO &In, RuleText &Out, bool Required, EmptyContext &Context) {
  switch (kindOf(In)) {
  case NodeKind::Scalar:
    return yamlize(In, Out.K, Required, Context);
  case NodeKind::Sequence:
    Out.K = TraitRule::All;
    return yamlize(In, Out.Conditions, Required, Context);
  case NodeKind::Map:
    In.setError("expected yes, no, never, unknown or a list of conditions");
  }
}

template <> struct ScalarTraits<ArgumentRange> {
  static StringRef input(StringRef Scalar, void *, ArgumentRange &Out) {
    uint8_t First = 0;
    if (!parseRange(Scalar, First, Out.ToEnd))
      return "expected an argument number or a range such as 1..";
    Out.First = static_cast<int8_t>(First);
    return StringRef();
  }
  static void output(const ArgumentRange &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarTraits<CallableText> {
  static StringRef input(StringRef Scalar, void *, CallableText &Out) {
    if (Scalar == "none")
      Out.Index = BoundaryModel::NoCallable;
    else if (Scalar == "closures")
      Out.Index = BoundaryModel::Closures;
    else if (Scalar.getAsInteger(10, Out.Index) || Out.Index < 0)
      return "expected an argument number, none or closures";
    return StringRef();
  }
  static void output(const CallableText &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarTraits<HandleText> {
  static StringRef input(StringRef Scalar, void *, HandleText &Out) {
    if (Scalar == "object")
      Out.Index = BoundaryModel::ObjectHandle;
    else if (Scalar == "unknown")
      Out.Index = BoundaryModel::UnknownHandle;
    else if (Scalar.getAsInteger(10, Out.Index) || Out.Index < 0)
      return "expected object, unknown or an argument number";
    return StringRef();
  }
  static void output(const HandleText &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarTraits<ConstructsText> {
  static StringRef input(StringRef Scalar, void *, ConstructsText &Out) {
    Out.From = Scalar.consume_front("function ")
                   ? BoundaryModel::FunctionArgument
                   : BoundaryModel::ClassArgument;
    return Scalar.getAsInteger(10, Out.Index)
               ? "expected the number of a template argument, or function and "
                 "a number"
               : StringRef();
  }
  static void output(const ConstructsText &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarEnumerationTraits<TypeKind> {
  static void enumeration(IO &IO, TypeKind &K) {
    for (auto Each :
         {TypeKind::Value, TypeKind::Container, TypeKind::Owner, TypeKind::View,
          TypeKind::Guard, TypeKind::Lock, TypeKind::Atomic, TypeKind::Thread,
          TypeKind::Erased, TypeKind::Stream, TypeKind::Handle,
          TypeKind::Allocator, TypeKind::Scope, TypeKind::Concurrent})
      IO.enumCase(K, name(Each).data(), Each);
  }
};

template <> struct ScalarEnumerationTraits<BoundaryKind> {
  static void enumeration(IO &IO, BoundaryKind &K) {
    IO.enumCase(K, "spawns", BoundaryKind::Spawns);
    IO.enumCase(K, "scoped", BoundaryKind::Scoped);
    IO.enumCase(K, "many", BoundaryKind::Many);
    IO.enumCase(K, "sending", BoundaryKind::Sending);
  }
};

//===----------------------------------------------------------------------===//
// The entries
//===----------------------------------------------------------------------===//

template <> struct MappingTraits<TypeEntry> {
  static void mapping(IO &IO, TypeEntry &E) {
    IO.mapRequired("name", E.Name);
    IO.mapOptional("kind", E.Kind);
    IO.mapOptional("send", E.Send);
    IO.mapOptional("sync-const", E.SyncConst);
    IO.mapOptional("sync", E.Sync);
    IO.mapOptional("why", E.Why);
    IO.mapOptional("instead", E.Instead);
  }
};

template <> struct MappingTraits<WhenEntry> {
  static void mapping(IO &IO, WhenEntry &E) {
    IO.mapRequired("argument", E.Argument);
    IO.mapRequired("type", E.Type);
  }
};

template <> struct MappingTraits<BoundaryEntry> {
  static void mapping(IO &IO, BoundaryEntry &E) {
    IO.mapRequired("function", E.Function);
    IO.mapOptional("kind", E.Kind);
    IO.mapOptional("callable", E.Callable);
    IO.mapOptional("arguments", E.Arguments);
    IO.mapOptional("skip", E.Skip);
    IO.mapOptional("when", E.When);
    IO.mapOptional("returns", E.Returns);
    IO.mapOptional("constructs", E.Constructs);
    IO.mapOptional("handle", E.Handle);
  }
  static std::string validate(IO &, BoundaryEntry &E) {
    if (!E.Returns.empty() && E.Returns != "result" && E.Returns != "none")
      return "returns: expected result or none";
    if (E.Callable.Index == BoundaryModel::NoCallable && E.Arguments.First < 0)
      return "a boundary needs callable or arguments";
    return {};
  }
};

template <> struct MappingTraits<ObjectEntry> {
  static void mapping(IO &IO, ObjectEntry &E) {
    IO.mapRequired("name", E.Name);
    IO.mapRequired("sync", E.Sync);
  }
};

template <> struct ScalarEnumerationTraits<OperationKind> {
  static void enumeration(IO &IO, OperationKind &K) {
    IO.enumCase(K, "join", OperationKind::Join);
    IO.enumCase(K, "detach", OperationKind::Detach);
    IO.enumCase(K, "lock", OperationKind::Lock);
    IO.enumCase(K, "lock-shared", OperationKind::LockShared);
    IO.enumCase(K, "try-lock", OperationKind::TryLock);
    IO.enumCase(K, "unlock", OperationKind::Unlock);
    IO.enumCase(K, "acquire", OperationKind::Acquire);
    IO.enumCase(K, "release", OperationKind::Release);
    IO.enumCase(K, "acquire-release", OperationKind::Both);
    IO.enumCase(K, "wait", OperationKind::Wait);
    IO.enumCase(K, "bind", OperationKind::Bind);
    IO.enumCase(K, "adapt", OperationKind::Adapt);
    IO.enumCase(K, "read", OperationKind::Read);
    IO.enumCase(K, "write", OperationKind::Write);
    IO.enumCase(K, "copy", OperationKind::Copy);
    IO.enumCase(K, "thread-unsafe", OperationKind::Unsafe);
    IO.enumCase(K, "post", OperationKind::Post);
    IO.enumCase(K, "refer", OperationKind::Refer);
  }
};

template <> struct ScalarTraits<OnText> {
  static StringRef input(StringRef Scalar, void *, OnText &Out) {
    if (Scalar == "object")
      Out.Index = OperationModel::Object;
    else if (Scalar == "all")
      Out.Index = OperationModel::AllArguments;
    else if (Scalar.getAsInteger(10, Out.Index) || Out.Index < 0)
      return "expected object, all or an argument number";
    return StringRef();
  }
  static void output(const OnText &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct MappingTraits<OperationEntry> {
  static void mapping(IO &IO, OperationEntry &E) {
    IO.mapRequired("function", E.Function);
    IO.mapRequired("does", E.Does);
    IO.mapOptional("on", E.On);
    IO.mapOptional("why", E.Why);
    IO.mapOptional("instead", E.Instead);
    IO.mapOptional("role", E.Role);
  }
  static std::string validate(IO &, OperationEntry &E) {
    if (E.Does == OperationKind::Post && E.Role.empty())
      return "post needs a role";
    return {};
  }
};

void MappingTraits<ModelText>::mapping(IO &IO, ModelText &Text) {
  IO.mapOptional("types", Text.Types);
  IO.mapOptional("boundaries", Text.Boundaries);
  IO.mapOptional("objects", Text.Objects);
  IO.mapOptional("operations", Text.Operations);
}

} // namespace llvm::yaml

StringRef fearless::name(TypeKind K) {
  switch (K) {
  case TypeKind::Value:
    return "value";
  case TypeKind::Container:
    return "container";
  case TypeKind::Owner:
    return "owner";
  case TypeKind::View:
    return "view";
  case TypeKind::Guard:
    return "guard";
  case TypeKind::Lock:
    return "lock";
  case TypeKind::Atomic:
    return "atomic";
  case TypeKind::Thread:
    return "thread";
  case TypeKind::Erased:
    return "erased";
  case TypeKind::Stream:
    return "stream";
  case TypeKind::Handle:
    return "handle";
  case TypeKind::Allocator:
    return "allocator";
  case TypeKind::Scope:
    return "scope";
  case TypeKind::Concurrent:
    return "concurrent";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

const char *OwnedModels::copy(StringRef Text) {
  if (Text.empty())
    return "";
  char *Copy = Memory.Allocate<char>(Text.size() + 1);
  std::copy(Text.begin(), Text.end(), Copy);
  Copy[Text.size()] = '\0';
  return Copy;
}

TraitRule OwnedModels::copy(const RuleText &Rule) {
  TraitRule Out;
  Out.K = Rule.K;
  if (Rule.K != TraitRule::All)
    return Out;
  auto *Conditions = Memory.Allocate<Condition>(Rule.Conditions.size());
  for (size_t I = 0; I != Rule.Conditions.size(); ++I)
    new (Conditions + I) Condition(Rule.Conditions[I].Value);
  Out.Conditions = Conditions;
  Out.NumConditions = static_cast<uint8_t>(Rule.Conditions.size());
  return Out;
}

void OwnedModels::add(const ModelText &Text) {
  for (const TypeEntry &E : Text.Types) {
    TypeModel Model{nullptr,           E.Kind,        copy(E.Send),
                    copy(E.SyncConst), copy(E.Sync),  copy(E.Why),
                    copy(E.Instead)};
    for (const std::string &Name : E.Name.Items) {
      Model.Name = copy(Name);
      Types.push_back(Model);
    }
  }
  for (const BoundaryEntry &E : Text.Boundaries) {
    BoundaryModel Model;
    Model.Kind = E.Kind;
    Model.Callable = E.Callable.Index;
    Model.FirstArgument = E.Arguments.First;
    Model.ArgumentsToEnd = E.Arguments.ToEnd;
    Model.ReturnsResult = E.Returns == "result";
    Model.Constructs = E.Constructs.From;
    Model.ConstructsIndex = E.Constructs.Index;
    Model.Handle = E.Handle.Index;
    if (!E.Skip.empty())
      Model.Skip = copy(E.Skip);
    if (E.When.Argument >= 0) {
      Model.WhenArgument = static_cast<int8_t>(E.When.Argument);
      auto **Types = Memory.Allocate<const char *>(E.When.Type.Items.size());
      for (size_t I = 0; I != E.When.Type.Items.size(); ++I)
        Types[I] = copy(E.When.Type.Items[I]);
      Model.WhenTypes = Types;
      Model.NumWhenTypes = static_cast<uint8_t>(E.When.Type.Items.size());
    }
    for (const std::string &Name : E.Function.Items) {
      Model.Function = copy(Name);
      Boundaries.push_back(Model);
    }
  }
  for (const ObjectEntry &E : Text.Objects)
    for (const std::string &Name : E.Name.Items)
      Objects.push_back({copy(Name), copy(E.Sync)});
  for (const OperationEntry &E : Text.Operations)
    for (const std::string &Name : E.Function.Items)
      Operations.push_back({copy(Name), E.Does, E.On.Index, copy(E.Why),
                            copy(E.Instead), copy(E.Role)});
}
