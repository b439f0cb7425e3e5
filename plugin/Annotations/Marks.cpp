// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Annotations/Marks.h"

#include "Support/Names.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace fearless;
using llvm::StringRef;

namespace {
struct MarkInfo {
  StringRef Spelling;
  StringRef Kind;
  MarkPlace Place;
  bool HasText;
};
} // namespace

static const MarkInfo &info(MarkKind Kind) {
  static const MarkInfo Table[] = {
#define MARK(Kind, Spelling, Place, HasText)                                   \
  {Spelling, #Kind, MarkPlace::Place, HasText},
#include "Annotations/Marks.def"
  };
  return Table[static_cast<unsigned>(Kind)];
}

static std::optional<MarkKind> kindOf(StringRef Annotation) {
  if (!Annotation.consume_front("fearless::"))
    return std::nullopt;
  return llvm::StringSwitch<std::optional<MarkKind>>(Annotation)
#define MARK(Kind, Spelling, Place, HasText) .Case(Spelling, MarkKind::Kind)
#include "Annotations/Marks.def"
      .Default(std::nullopt);
}

MarkPlace fearless::placeOf(MarkKind Kind) { return info(Kind).Place; }

std::string fearless::macroName(MarkKind Kind) {
  return "FEARLESS_" + info(Kind).Spelling.upper();
}

std::optional<std::string> fearless::stringArgument(const Expr *E) {
  if (const auto *Literal =
          dyn_cast<clang::StringLiteral>(E->IgnoreParenImpCasts());
      Literal && Literal->getCharByteWidth() == 1)
    return Literal->getString().str();
  return std::nullopt;
}

/// Adds the conditions of one argument; false when it is none.
static bool readConditions(const Expr *E,
                           llvm::SmallVectorImpl<MarkCondition> &Out) {
  E = E->IgnoreParenImpCasts();
  if (const auto *And = dyn_cast<BinaryOperator>(E))
    return And->getOpcode() == BO_LAnd && readConditions(And->getLHS(), Out) &&
           readConditions(And->getRHS(), Out);
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  if (!Ref)
    // In a template: fearless::send<T> is not looked up yet.
    return E->isInstantiationDependent();
  const auto *Spec = dyn_cast<VarTemplateSpecializationDecl>(Ref->getDecl());
  if (!Spec || Spec->getTemplateArgs().size() != 1 ||
      Spec->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return E->isInstantiationDependent();
  const llvm::SmallString<64> Name = qualifiedName(Spec);
  if (Name != "fearless::send" && Name != "fearless::sync")
    return false;
  Out.push_back({Name == "fearless::send" ? Trait::Send : Trait::Sync,
                 Spec->getTemplateArgs()[0].getAsType()});
  return true;
}

static Mark readMark(MarkKind Kind, const AnnotateAttr *Attribute) {
  Mark M{Kind, Attribute, {}, {}};
  auto Arguments = llvm::ArrayRef(Attribute->args_begin(),
                                  Attribute->args_end());
  if (info(Kind).HasText) {
    std::optional<std::string> Text;
    if (!Arguments.empty())
      Text = stringArgument(Arguments.front());
    if (!Text)
      M.Malformed = "a string literal";
    else
      M.Text = StringRef(*Text).trim().str();
    Arguments = Arguments.drop_front(Arguments.empty() ? 0 : 1);
  }
  std::optional<TypeClaim> Claim = claimOf(Kind);
  if (Claim && Claim->Conditional) {
    // An instantiation with an empty pack has none.
    for (const Expr *E : Arguments)
      if (!readConditions(E, M.Conditions))
        M.Malformed = "fearless::send<T> or fearless::sync<T>";
    M.HasConditions = !Arguments.empty();
  }
  // FEARLESS_OWNED_BY(ui) and FEARLESS_OWNED_BY("ui") name the same role.
  if (Kind == MarkKind::OwnedBy || Kind == MarkKind::RunsOn)
    M.Text = StringRef(M.Text).trim('"').str();
  return M;
}

MarkList fearless::marksOf(const Decl *D) {
  MarkList Marks;
  if (!D->hasAttrs())
    return Marks;
  for (const Attr *Attribute : D->attrs()) {
    if (const auto *Annotate = dyn_cast<AnnotateAttr>(Attribute)) {
      if (std::optional<MarkKind> Kind = kindOf(Annotate->getAnnotation()))
        Marks.push_back(readMark(*Kind, Annotate));
    } else if (const auto *Guarded = dyn_cast<GuardedByAttr>(Attribute)) {
      Marks.push_back({MarkKind::GuardedBy, Attribute, {}, {}, Guarded->getArg()});
    } else if (const auto *Guarded = dyn_cast<PtGuardedByAttr>(Attribute)) {
      Marks.push_back(
          {MarkKind::PtGuardedBy, Attribute, {}, {}, Guarded->getArg()});
    } else if (const auto *Requires =
                   dyn_cast<RequiresCapabilityAttr>(Attribute)) {
      for (const Expr *Lock : Requires->args())
        Marks.push_back({Requires->isShared() ? MarkKind::RequiresShared
                                              : MarkKind::Requires,
                         Attribute, {}, {}, Lock});
    } else if (const auto *Excludes = dyn_cast<LocksExcludedAttr>(Attribute)) {
      for (const Expr *Lock : Excludes->args())
        Marks.push_back({MarkKind::Excludes, Attribute, {}, {}, Lock});
    }
  }
  return Marks;
}

std::optional<Mark> fearless::markOf(const Decl *D, MarkKind Kind) {
  for (Mark &M : marksOf(D))
    if (M.Kind == Kind)
      return std::move(M);
  return std::nullopt;
}

StringRef fearless::unknownSpelling(const Attr *Attribute) {
  const auto *Annotate = dyn_cast<AnnotateAttr>(Attribute);
  if (!Annotate)
    return {};
  StringRef Annotation = Annotate->getAnnotation();
  return Annotation.substr(0, 10) == "fearless::" && !kindOf(Annotation)
             ? Annotation
             : StringRef();
}

std::optional<TypeClaim> fearless::claimOf(MarkKind Kind) {
  auto Claim = [](Trait About, bool ConstOnly, bool Unsafe, bool Conditional) {
    return TypeClaim{Unsafe, /*Negative=*/false, Conditional, About, ConstOnly};
  };
  switch (Kind) {
  case MarkKind::Send:
    return Claim(Trait::Send, false, false, false);
  case MarkKind::SendIf:
    return Claim(Trait::Send, false, false, true);
  case MarkKind::UnsafeSend:
    return Claim(Trait::Send, false, true, false);
  case MarkKind::UnsafeSendIf:
    return Claim(Trait::Send, false, true, true);
  case MarkKind::Sync:
    return Claim(Trait::Sync, false, false, false);
  case MarkKind::SyncIf:
    return Claim(Trait::Sync, false, false, true);
  case MarkKind::UnsafeSync:
    return Claim(Trait::Sync, false, true, false);
  case MarkKind::UnsafeSyncIf:
    return Claim(Trait::Sync, false, true, true);
  case MarkKind::SyncConst:
    return Claim(Trait::Sync, true, false, false);
  case MarkKind::SyncConstIf:
    return Claim(Trait::Sync, true, false, true);
  case MarkKind::UnsafeSyncConst:
    return Claim(Trait::Sync, true, true, false);
  case MarkKind::UnsafeSyncConstIf:
    return Claim(Trait::Sync, true, true, true);
  case MarkKind::NotSend:
    return TypeClaim{false, true, false, Trait::Send, false};
  case MarkKind::NotSync:
    return TypeClaim{false, true, false, Trait::Sync, false};
  case MarkKind::GuardedBy:
  case MarkKind::PtGuardedBy:
  case MarkKind::Requires:
  case MarkKind::RequiresShared:
  case MarkKind::Excludes:
  case MarkKind::OwnedBy:
  case MarkKind::RunsOn:
  case MarkKind::Sending:
  case MarkKind::Spawns:
  case MarkKind::SpawnsScoped:
  case MarkKind::SpawnsMany:
  case MarkKind::Allow:
    return std::nullopt;
  }
  return std::nullopt;
}

static std::optional<BoundaryKind> ownBoundary(const ParmVarDecl *Parameter) {
  if (!Parameter->hasAttrs())
    return std::nullopt;
  for (const AnnotateAttr *Attribute :
       Parameter->specific_attrs<AnnotateAttr>()) {
    std::optional<MarkKind> Kind = kindOf(Attribute->getAnnotation());
    if (Kind == MarkKind::Spawns)
      return BoundaryKind::Spawns;
    if (Kind == MarkKind::SpawnsScoped)
      return BoundaryKind::Scoped;
    if (Kind == MarkKind::SpawnsMany)
      return BoundaryKind::Many;
    if (Kind == MarkKind::Sending)
      return BoundaryKind::Sending;
  }
  return std::nullopt;
}

std::optional<BoundaryKind>
fearless::boundaryOf(const ParmVarDecl *Parameter, const ParmVarDecl **Where) {
  if (std::optional<BoundaryKind> Own = ownBoundary(Parameter)) {
    if (Where)
      *Where = Parameter;
    return Own;
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Parameter->getDeclContext());
  if (!Method || !Method->isVirtual())
    return std::nullopt;
  const unsigned Index = Parameter->getFunctionScopeIndex();
  for (const CXXMethodDecl *Overridden : Method->overridden_methods())
    if (Index < Overridden->getNumParams())
      if (std::optional<BoundaryKind> Inherited =
              boundaryOf(Overridden->getParamDecl(Index), Where))
        return Inherited;
  return std::nullopt;
}
