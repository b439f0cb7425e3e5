// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unsafe: an UNSAFE mark is believed, so it must say why, must be
// needed, and on a template must ask of the parameters what its interface
// lets through.

#include "Annotations/Marks.h"
#include "Checks/Check.h"
#include "Checks/MarkVerification.h"
#include "Checks/Variance.h"
#include "Support/Names.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;

void UnsafeCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  auto Report = [&](const Mark &M, const Decl *D, std::string Message,
                    std::string Help) -> Finding {
    Finding F;
    F.Check = Name;
    F.Loc = M.Attribute->getLocation();
    F.Message = macroName(M.Kind) + Message;
    F.Help = std::move(Help);
    F.Culprit = D;
    return F;
  };

  for (const Decl *D : U.Unit.Marked) {
    const auto *Class = dyn_cast<CXXRecordDecl>(D);
    if (!Class || !Class->isThisDeclarationADefinition())
      continue;
    const bool IsInstantiation = isa<ClassTemplateSpecializationDecl>(Class);
    for (const Mark &M : marksOf(Class)) {
      std::optional<TypeClaim> Claim = claimOf(M.Kind);
      if (!Claim || !Claim->Unsafe || M.Malformed)
        continue;
      if (M.Text.empty() && !IsInstantiation)
        Out.add(Report(M, D, " needs a reason: nothing but its text can be "
                             "reviewed",
                       "say why no race is possible"));

      if (const ClassTemplateDecl *Template =
              Class->getDescribedClassTemplate()) {
        for (const MissingDemand &Missing : missingDemands(*Template, M)) {
          Finding F = Report(
              M, D,
              " on '" + Class->getNameAsString() + "' is false for some '" +
                  Missing.Parameter->getNameAsString() + "': it must ask " +
                  Missing.wanted(),
              "write " + macroName(M.Kind) +
                  (Claim->Conditional ? "" : "_IF") + "(\"...\", " +
                  Missing.wanted() + ")");
          F.Notes.push_back({Missing.Because->getLocation(), Missing.Why});
          Out.add(std::move(F));
        }
        continue;
      }
      if (IsInstantiation || Class->isDependentContext())
        continue;
      std::optional<Answer> Structural = structuralAnswer(*Class, M, U.Solver);
      if (Structural && Structural->V == Verdict::Yes)
        Out.add(Report(M, D,
                       " on '" + Class->getNameAsString() +
                           "' is not needed: its members prove it",
                       "write FEARLESS_" +
                           llvm::StringRef(macroName(M.Kind))
                               .drop_front(sizeof("FEARLESS_UNSAFE_") - 1)
                               .str() +
                           ", which the compiler keeps true"));
    }
  }
}
