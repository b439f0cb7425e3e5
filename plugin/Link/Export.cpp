// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Link/Export.h"

#include "Annotations/Marks.h"
#include "Checks/ReportedElsewhere.h"
#include "Flow/InferredGuards.h"
#include "Link/SummaryWriter.h"
#include "Support/LLVMCompat.h"
#include "Support/Names.h"
#include "Support/Text.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Mangle.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fearless;
using namespace fearless::linking;
using namespace fearless::flow;

static constexpr llvm::StringRef RaceCheck = "fearless-data-race";

//===----------------------------------------------------------------------===//
// Names that are the same in all units
//===----------------------------------------------------------------------===//

namespace {

class AstDescriber : public Describer {
public:
  AstDescriber(const AnalyzedUnit &U, Suppressions &Exits)
      : U(U), SM(U.Ctx.getSourceManager()), Exits(Exits), Others(U),
        Mangler(U.Ctx) {
    if (U.Opts.isEnabled("fearless-unguarded"))
      for (const GuardHabit &G : inferredGuards(U.Unit, U.Flow.program()))
        WithoutHabit.insert(G.Odd);
  }

  Description root(const Place &Where) override;
  Description field(uint64_t Key) override;
  Description function(const void *Key) override;
  Spot spot(Location Loc) override;

private:
  std::string mangled(const NamedDecl *D) {
    return D->isExternallyVisible() ? Mangler.getName(D) : std::string();
  }
  Description variable(const VarDecl *Variable);
  bool isAllowed(const ValueDecl *D);

  const AnalyzedUnit &U;
  const SourceManager &SM;
  Suppressions &Exits;
  const ReportedElsewhere Others;
  /// Where a lock is missing that all other places hold.
  std::set<Location> WithoutHabit;
  ASTNameGenerator Mangler;
};

} // namespace

static const FunctionDecl *functionAround(const Decl *D) {
  for (const DeclContext *Scope = D->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (const auto *F = dyn_cast<FunctionDecl>(Scope))
      return F->getCanonicalDecl();
  return nullptr;
}

bool AstDescriber::isAllowed(const ValueDecl *D) {
  Finding F;
  F.Check = RaceCheck;
  F.Loc = D->getLocation();
  F.Culprit = D;
  return F.Loc.isValid() && Exits.covers(F);
}

Describer::Description AstDescriber::variable(const VarDecl *Variable) {
  Description Out;
  if (Variable->getType()->isReferenceType())
    Out.E.Flags |= Entity::IsReference;
  if (const auto *Parameter = dyn_cast<ParmVarDecl>(Variable)) {
    Out.E.K = Entity::Parameter;
    Out.E.Index = Parameter->getFunctionScopeIndex();
    Out.Owner = functionAround(Parameter);
    return Out;
  }
  if (!Variable->hasGlobalStorage()) {
    Out.E.K = Entity::Local;
    Out.Owner = functionAround(Variable);
    return Out;
  }
  Out.E.K = Entity::Variable;
  Out.E.Key = mangled(Variable);
  if (const VarDecl *Definition = Variable->getDefinition()) {
    Out.E.Flags |= Entity::IsDefined;
    Out.E.Loc = Definition->getLocation().getRawEncoding();
    if (Definition->isInline() || Definition->isStaticLocal() ||
        isTemplateInstantiation(Definition->getTemplateSpecializationKind()))
      Out.E.Flags |= Entity::IsShared;
  }
  if (isAllowed(Variable))
    Out.E.Flags |= Entity::IsAllowed;
  return Out;
}

Describer::Description AstDescriber::root(const Place &Where) {
  Description Out;
  switch (Where.Kind) {
  case Place::Local:
  case Place::Global:
    return variable(static_cast<const VarDecl *>(Where.Root));
  case Place::This:
    Out.E.K = Entity::Object;
    if (Where.Root)
      if (const auto *Method =
              dyn_cast<FunctionDecl>(static_cast<const Decl *>(Where.Root)))
        Out.Owner = Method;
    break;
  case Place::Result:
    Out.E.K = Entity::Result;
    Out.Owner = Where.Root;
    break;
  case Place::Opaque:
    Out.E.K = Entity::Expression;
    break;
  case Place::Temporary:
    break;
  }
  return Out;
}

Describer::Description AstDescriber::field(uint64_t Key) {
  const auto *Field = reinterpret_cast<const FieldDecl *>(Key);
  Description Out;
  Out.E.K = Entity::Field;
  Out.E.Name = Field->getNameAsString();
  if (Field->getType()->isReferenceType())
    Out.E.Flags |= Entity::IsReference;
  if (isAllowed(Field))
    Out.E.Flags |= Entity::IsAllowed;
  const RecordDecl *Class = Field->getParent();
  if (Class->isExternallyVisible()) {
    PrintingPolicy Policy(U.Ctx.getLangOpts());
    Policy.SuppressTagKeyword = true;
    Policy.AnonymousTagLocations = false;
    Out.E.Key = compat::tagType(U.Ctx, Class).getAsString(Policy) + "::" +
                std::to_string(Field->getFieldIndex());
  }
  return Out;
}

Describer::Description AstDescriber::function(const void *Key) {
  const auto *F = static_cast<const FunctionDecl *>(Key);
  Description Out;
  Out.E.K = Entity::Function;
  Out.E.Name = qualifiedName(F).str().str();
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  const bool IsLambda = Method && Method->getParent()->isLambda();
  if (!IsLambda)
    Out.E.Key = mangled(F);
  Out.Owner = functionAround(F);
  if (const FunctionDecl *Definition = F->getDefinition()) {
    Out.E.Flags |= Entity::IsDefined;
    Out.E.Loc = Definition->getLocation().getRawEncoding();
    if (Definition->isInlined() ||
        isTemplateInstantiation(Definition->getTemplateSpecializationKind()))
      Out.E.Flags |= Entity::IsShared;
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// Places in files
//===----------------------------------------------------------------------===//

Spot AstDescriber::spot(Location Raw) {
  const SourceLocation Loc = toLocation(Raw), At = SM.getFileLoc(Loc);
  const auto [File, Offset] = SM.getDecomposedLoc(At);
  Spot Out;
  Out.File = SM.getFilename(At).str();
  Out.Line = SM.getLineNumber(File, Offset);
  Out.Column = columnOf(SM, File, Offset);
  Out.EndColumn = columnOf(
      SM, File, Offset + Lexer::MeasureTokenLength(At, SM, U.Ctx.getLangOpts()));
  Finding F;
  F.Check = RaceCheck;
  F.Loc = Loc;
  Out.IsQuiet = WithoutHabit.count(Raw) != 0 || Others.Unguarded.count(Raw) != 0 || Others.Sent.count(Raw) != 0 ||
                !isShown(F, SM, U.Opts) || Exits.covers(F);
  return Out;
}

//===----------------------------------------------------------------------===//
// What is written
//===----------------------------------------------------------------------===//

/// What is left when a class is marked alike: without the reasons.
static std::string marksText(const CXXRecordDecl *Class, const ASTContext &Ctx) {
  std::vector<std::string> Texts;
  for (const Mark &M : marksOf(Class)) {
    if (placeOf(M.Kind) != MarkPlace::Type)
      continue;
    std::string Text = macroName(M.Kind);
    for (const MarkCondition &C : M.Conditions)
      Text += " " + name(C.Asks).lower() + "<" + displayName(C.Type, Ctx) + ">";
    Texts.push_back(std::move(Text));
  }
  llvm::sort(Texts);
  std::string Out;
  for (const std::string &Text : Texts)
    Out += (Out.empty() ? "" : ", ") + Text;
  return Out;
}

static void addTypes(const AnalyzedUnit &U, Suppressions &Exits,
                     SummaryWriter &Out) {
  std::set<const Decl *> Seen;
  auto Add = [&](const CXXRecordDecl *Class) {
    if (!Seen.insert(Class->getCanonicalDecl()).second ||
        Program::isLibrary(Class))
      return;
    Finding F;
    F.Check = "fearless-annotation";
    F.Loc = Class->getLocation();
    F.Culprit = Class;
    if (!isShown(F, U.Ctx.getSourceManager(), U.Opts) || Exits.covers(F))
      return;
    Out.add(TypeMarks{qualifiedName(Class).str().str(),
                      marksText(Class, U.Ctx),
                      Class->getLocation().getRawEncoding()});
  };
  for (const CXXRecordDecl *Class : U.Unit.Classes)
    Add(Class);
  // Declared only, but marked.
  for (const Decl *D : U.Unit.Marked)
    if (const auto *Class = dyn_cast<CXXRecordDecl>(D);
        Class && Class->isExternallyVisible() && Class->getIdentifier() &&
        !isTemplateInstantiation(Class->getTemplateSpecializationKind()))
      Add(Class);
}

std::string fearless::linking::summaryOf(const AnalyzedUnit &U,
                                         Suppressions &Exits,
                                         const UnitName &Name) {
  Program &P = U.Flow.program();
  AstDescriber Names(U, Exits);
  SummaryWriter Out(P.places(), Names);
  std::set<const FunctionDecl *> Added;
  auto Add = [&](const FunctionDecl *F) {
    if (!Added.insert(F->getCanonicalDecl()).second)
      return;
    const Summary &S = P.summary(F);
    if (!S.HasBody)
      return;
    const FunctionFacts *Facts = S.IsOpen ? P.facts(F) : nullptr;
    if (Facts)
      Out.add(F->getCanonicalDecl(), *Facts);
    else
      Out.add(F->getCanonicalDecl(), S);
  };
  for (const FunctionDecl *F : U.Unit.Functions) {
    // The other units have those, too, where they are used.
    const bool IsShared =
        F->isExternallyVisible() &&
        (F->isInlined() ||
         isTemplateInstantiation(F->getTemplateSpecializationKind()));
    if (Program::isLibrary(F) || IsShared)
      continue;
    const Summary &S = P.summary(F);
    if (S.IsOpen || (S.HasBody && F->isExternallyVisible()))
      Add(F);
  }
  for (size_t I = 0; I != Out.called().size(); ++I) {
    const FunctionDecl *Definition = nullptr;
    if (static_cast<const FunctionDecl *>(Out.called()[I])->hasBody(Definition))
      Add(Definition);
  }
  addTypes(U, Exits, Out);
  if (U.Opts.isEnabled(RaceCheck))
    for (const ActiveRace &R : U.Flow.activeObjects().Races)
      Out.addTold(R.Outside.Loc, R.InThread.Loc);
  return Out.finish(Name);
}

std::string fearless::linking::emptySummary(UnitName Name) {
  class Nobody : public Describer {
    Description root(const Place &) override { return {}; }
    Description field(uint64_t) override { return {}; }
    Description function(const void *) override { return {}; }
    Spot spot(Location) override { return {}; }
  };
  Nobody Names;
  const PlaceTable Places;
  Name.Analyzed = false;
  return SummaryWriter(Places, Names).finish(Name);
}
