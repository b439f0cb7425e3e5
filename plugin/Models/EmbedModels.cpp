// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Build tool: turns the YAML models into a C++ source of constants, so that
// the plugin starts without parsing anything and a mistake in the data stops
// the build with its line and column.
//
// Usage: fearless-embed-models <out.cpp> <in.yaml>...

#include "Models/ModelReader.h"
#include "Models/YamlText.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace fearless;

static void emit(llvm::raw_ostream &OS, const TraitRule &Rule,
                 std::map<std::string, std::string> &Lists) {
  if (Rule.K != TraitRule::All) {
    OS << "{TraitRule::Kind(" << unsigned(Rule.K) << ")}";
    return;
  }
  std::string List;
  for (const Condition &C : Rule.conditions())
    List += "{Trait::" + name(C.Asks).str() + ", " + (C.Const ? "true" : "false") +
            ", " + (C.Rest ? "true" : "false") + ", " +
            std::to_string(C.Argument) + "}, ";
  std::string &Name = Lists[List];
  if (Name.empty())
    Name = "Conditions" + std::to_string(Lists.size());
  OS << "{TraitRule::All, " << Name << ", " << unsigned(Rule.NumConditions)
     << "}";
}

static std::string quoted(const char *Text) {
  std::string Out = "\"";
  Out += llvm::StringRef(Text).empty() ? "" : [&] {
    std::string Escaped;
    llvm::raw_string_ostream OS(Escaped);
    OS.write_escaped(Text);
    return OS.str();
  }();
  return Out + "\"";
}

int main(int Argc, char **Argv) {
  if (Argc < 3) {
    llvm::errs() << "usage: fearless-embed-models <out.cpp> <in.yaml>...\n";
    return 2;
  }
  OwnedModels All;
  for (int I = 2; I != Argc; ++I) {
    auto Buffer = llvm::MemoryBuffer::getFile(Argv[I]);
    if (!Buffer) {
      llvm::errs() << Argv[I] << ": " << Buffer.getError().message() << "\n";
      return 2;
    }
    ModelText Text;
    const YamlText Yaml((*Buffer)->getBuffer());
    llvm::yaml::Input In(llvm::MemoryBufferRef(Yaml.text(), Argv[I]));
    In >> Text;
    if (In.error())
      return 2;
    All.add(Text);
  }

  std::string Body;
  std::map<std::string, std::string> Lists;
  llvm::raw_string_ostream OS(Body);
  OS << "constexpr TypeModel Types[] = {\n";
  for (const TypeModel &T : All.models().Types) {
    OS << "  {" << quoted(T.Name) << ", TypeKind(" << unsigned(T.Kind) << "), ";
    for (const TraitRule *Rule : {&T.Send, &T.SyncConst, &T.Sync}) {
      emit(OS, *Rule, Lists);
      OS << ", ";
    }
    OS << quoted(T.Why) << ", " << quoted(T.Instead) << "},\n";
  }
  OS << "};\n";
  unsigned N = 0;
  for (const BoundaryModel &B : All.models().Boundaries) {
    if (B.NumWhenTypes == 0)
      continue;
    OS << "constexpr const char *When" << N++ << "[] = {";
    for (const char *Type : B.whenTypes())
      OS << quoted(Type) << ", ";
    OS << "};\n";
  }
  N = 0;
  OS << "constexpr BoundaryModel Boundaries[] = {\n";
  for (const BoundaryModel &B : All.models().Boundaries) {
    OS << "  {" << quoted(B.Function) << ", BoundaryKind(" << unsigned(B.Kind)
       << "), " << int(B.Callable) << ", " << int(B.FirstArgument) << ", "
       << B.ArgumentsToEnd << ", " << B.ReturnsResult
       << ", BoundaryModel::ConstructsFrom(" << unsigned(B.Constructs) << "), "
       << unsigned(B.ConstructsIndex) << ", "
       << (B.Skip ? quoted(B.Skip) : "nullptr") << ", " << int(B.WhenArgument)
       << ", ";
    if (B.NumWhenTypes)
      OS << "When" << N++ << ", " << unsigned(B.NumWhenTypes);
    else
      OS << "nullptr, 0";
    OS << ", " << int(B.Handle) << "},\n";
  }
  OS << "};\nconstexpr ObjectModel Objects[] = {\n";
  for (const ObjectModel &O : All.models().Objects) {
    OS << "  {" << quoted(O.Name) << ", ";
    emit(OS, O.Sync, Lists);
    OS << "},\n";
  }
  OS << "};\nconstexpr OperationModel Operations[] = {\n";
  for (const OperationModel &O : All.models().Operations)
    OS << "  {" << quoted(O.Function) << ", OperationKind(" << unsigned(O.Does)
       << "), " << int(O.On) << ", " << quoted(O.Why) << ", "
       << quoted(O.Instead) << ", " << quoted(O.Role) << "},\n";
  OS << "};\n";

  std::error_code EC;
  llvm::raw_fd_ostream Out(Argv[1], EC);
  if (EC) {
    llvm::errs() << Argv[1] << ": " << EC.message() << "\n";
    return 2;
  }
  Out << "// Made by fearless-embed-models from plugin/Models/*.yaml.\n"
         "#include \"Models/Model.h\"\n"
         "namespace fearless {\nnamespace {\n";
  for (const auto &[List, Name] : Lists)
    Out << "constexpr Condition " << Name << "[] = {" << List << "};\n";
  Out << OS.str()
      << "} // namespace\n"
         "const ModelSet &builtinModels() {\n"
         "  static const ModelSet Set{Types, Boundaries, Objects, Operations};\n"
         "  return Set;\n}\n} // namespace fearless\n";
  return 0;
}
