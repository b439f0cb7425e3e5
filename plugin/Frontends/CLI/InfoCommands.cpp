// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// explain, list-checks, list-models: what the tool knows, printed.

#include "Frontends/CLI/Commands.h"

#include "Checks/Check.h"
#include "Models/Settings.h"
#include "Pipeline.h"

#include <map>

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace cl = llvm::cl;

// --- 1. explain -----------------------------------------------------------------

static cl::SubCommand Explain("explain", "Print the page of a check");
static cl::opt<std::string> ExplainedCheck(cl::Positional, cl::desc("CHECK"),
                                           cl::Required, cl::sub(Explain),
                                           cl::cat(Category));

static std::string knownChecks() {
  std::string Known;
  for (const CheckInfo &Info : allChecks())
    Known += (Known.empty() ? "" : ", ") + Info.Name.str();
  return Known;
}

static int explain(Environment &) {
  // "send" will do.
  for (const std::string &Name :
       {ExplainedCheck.getValue(), "fearless-" + ExplainedCheck.getValue()})
    if (const StringRef Page = checkPage(Name); !Page.empty()) {
      llvm::outs() << Page;
      return ExitCode::Clean;
    }
  return complain("there is no check '" + ExplainedCheck + "'; the checks are " +
                  knownChecks());
}

const Command fearless::cli::ExplainCommand = {Explain, explain};

// --- 2. list-checks -------------------------------------------------------------

static cl::SubCommand ListChecks("list-checks", "List the checks");

static int listChecks(Environment &) {
  size_t Width = 0;
  for (const CheckInfo &Info : allChecks())
    Width = std::max(Width, Info.Name.size());
  for (const CheckInfo &Info : allChecks())
    llvm::outs() << Info.Name
                           << std::string(Width + 2 - Info.Name.size(), ' ')
                           << Info.Summary << "\n";
  return ExitCode::Clean;
}

const Command fearless::cli::ListChecksCommand = {ListChecks, listChecks};

// --- 3. list-models -------------------------------------------------------------

static cl::SubCommand ListModels("list-models",
                                 "List the types and functions of libraries that are known");
static cl::opt<std::string> ModelPattern(
    cl::Positional, cl::desc("[PREFIX]"), cl::init(""), cl::sub(ListModels), cl::cat(Category));

static std::string ruleText(const TraitRule &Rule) {
  switch (Rule.K) {
  case TraitRule::Absent:
    return "by structure";
  case TraitRule::Yes:
    return "yes";
  case TraitRule::No:
    return "no";
  case TraitRule::Never:
    return "never";
  case TraitRule::Unknown:
    return "unknown";
  case TraitRule::All:
    break;
  }
  std::string Out;
  for (const Condition &C : Rule.conditions()) {
    Out += (Out.empty() ? "" : " and ") + StringRef(name(C.Asks)).lower() + "(" +
           (C.Const ? "const " : "") + std::to_string(C.Argument) +
           (C.Rest ? ".." : "") + ")";
  }
  return Out;
}

static StringRef kindText(BoundaryKind Kind) {
  switch (Kind) {
  case BoundaryKind::Spawns:
    return "runs on another thread";
  case BoundaryKind::Scoped:
    return "runs on another thread until the call returns";
  case BoundaryKind::Many:
    return "runs on several threads until the call returns";
  case BoundaryKind::Sending:
    return "goes to another thread";
  }
  return "";
}

static int listModels(Environment &) {
  // Sorted, and with the prefix as the only filter: what else is wanted, grep does.
  std::multimap<std::string, std::string> Lines;
  const ModelSet &Models = builtinModels();
  for (const TypeModel &Type : Models.Types)
    Lines.insert({Type.Name, "type; send: " + ruleText(Type.Send) +
                                 "; sync const: " + ruleText(Type.SyncConst) +
                                 "; sync: " + ruleText(Type.Sync)});
  for (const BoundaryModel &Boundary : Models.Boundaries)
    Lines.insert({Boundary.Function, "boundary; its argument " + kindText(Boundary.Kind).str()});
  for (const ObjectModel &Object : Models.Objects)
    Lines.insert({Object.Name, "object; sync: " + ruleText(Object.Sync)});
  for (const OperationModel &Operation : Models.Operations)
    Lines.insert({Operation.Function, "operation on threads or locks"});
  bool Any = false;
  for (const auto &[Name, Text] : Lines)
    if (StringRef(Name).substr(0, ModelPattern.size()) == ModelPattern) {
      llvm::outs() << Name << ": " << Text << "\n";
      Any = true;
    }
  if (!Any)
    return complain("no model's name begins with '" + ModelPattern + "'");
  return ExitCode::Clean;
}

const Command fearless::cli::ListModelsCommand = {ListModels, listModels};
