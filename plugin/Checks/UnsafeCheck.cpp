// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unsafe: an UNSAFE mark is believed, so it must say why, must be
// needed, and on a template must ask of the parameters what its interface
// lets through.

#include "Annotations/Marks.h"
#include "Checks/Check.h"
#include "Checks/MarkText.h"
#include "Checks/MarkVerification.h"
#include "Checks/Variance.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace fearless;

namespace {

class Run {
public:
  Run(llvm::StringRef Name, const AnalyzedUnit &U, FindingList &Out)
      : Name(Name), U(U), Out(Out) {}

  void mark(const TagDecl *Tag, const Mark &M);

private:
  Finding finding(const TagDecl *Tag, const Mark &M, std::string Message) const {
    Finding F;
    F.Check = Name;
    F.Loc = markLocation(M, U.Ctx);
    F.Message = macroName(M.Kind) + std::move(Message);
    F.Culprit = Tag;
    return F;
  }
  void variance(const CXXRecordDecl *Class, const Mark &M);
  void need(const TagDecl *Tag, const Mark &M);

  const llvm::StringRef Name;
  const AnalyzedUnit &U;
  FindingList &Out;
};

} // namespace

/// A mark on a template must ask what the template lets through.
void Run::variance(const CXXRecordDecl *Class, const Mark &M) {
  const std::vector<MissingDemand> Missing =
      missingDemands(*Class, M, U.Solver.models());
  if (Missing.empty())
    return;
  std::string Wanted, Parameters;
  for (const MissingDemand &Each : Missing) {
    Wanted += (Wanted.empty() ? "" : ", ") + Each.wanted();
    const std::string P = "'" + Each.Parameter->getNameAsString() + "'";
    if (!llvm::StringRef(Parameters).contains(P))
      Parameters += (Parameters.empty() ? "" : " and ") + P;
  }
  Finding F = finding(Class, M,
                      " on '" + Class->getNameAsString() +
                          "' is false for some " + Parameters +
                          ": it must ask " + Wanted);
  for (const MissingDemand &Each : Missing)
    F.Notes.push_back({Each.Because, Each.Why});
  const std::string Better = withConditions(M, U.Ctx, Wanted);
  F.Help = "write " + Better;
  replaceMark(M, U.Ctx, Better, F.Fixes);
  Out.add(std::move(F));
}

/// What the structure proves need not be believed.
void Run::need(const TagDecl *Tag, const Mark &M) {
  std::optional<Answer> Structural = structuralAnswer(*Tag, M, U.Solver);
  if (!Structural || Structural->V != Verdict::Yes)
    return;
  const std::string Checked =
      "FEARLESS_" +
      macroName(M.Kind).substr(llvm::StringRef("FEARLESS_UNSAFE_").size());
  Finding F = finding(Tag, M,
                      " on '" + Tag->getNameAsString() +
                          "' is not needed: its members prove it");
  F.Help = "write " + Checked + ", which the compiler keeps true";
  replaceMark(M, U.Ctx, Checked, F.Fixes);
  Out.add(std::move(F));
}

void Run::mark(const TagDecl *Tag, const Mark &M) {
  // The template speaks for its instantiations, and the first declaration for
  // those that inherit the mark.
  const auto *Class = dyn_cast<CXXRecordDecl>(Tag);
  if (isInstantiation(*Tag))
    return;
  if (M.Text.empty()) {
    Finding F = finding(Tag, M,
                        " needs a reason: nothing but its text can be reviewed");
    F.Help = "say why no race is possible";
    Out.add(std::move(F));
  }
  if (!Tag->isCompleteDefinition())
    return;
  if (Class && Class->isDependentContext())
    variance(Class, M);
  else
    need(Tag, M);
}

void UnsafeCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  Run R(Name, U, Out);
  for (const Decl *D : U.Unit.Marked)
    if (const auto *Tag = dyn_cast<TagDecl>(D))
      for (const Mark &M : marksOf(Tag))
        if (std::optional<TypeClaim> Claim = claimOf(M.Kind);
            Claim && Claim->Unsafe && !M.Malformed)
          R.mark(Tag, M);
}
