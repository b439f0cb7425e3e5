// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/MarkVerification.h"

#include "Support/LLVMCompat.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;

static bool isJudgeable(const TagDecl &Tag) {
  return Tag.isCompleteDefinition() && !Tag.isDependentType() &&
         !Tag.isInvalidDecl();
}

static Goal claimedGoal(const TagDecl &Tag, const TypeClaim &Claim,
                        const ASTContext &Ctx) {
  QualType Type = compat::tagType(Ctx, &Tag);
  if (Claim.ConstOnly)
    Type.addConst();
  return Goal::make(Claim.About, Type, Ctx);
}

bool fearless::isInstantiation(const TagDecl &Tag) {
  auto Made = [](TemplateSpecializationKind Kind) {
    return Kind != TSK_Undeclared && Kind != TSK_ExplicitSpecialization;
  };
  if (const auto *Class = dyn_cast<CXXRecordDecl>(&Tag)) {
    if (isa<ClassTemplatePartialSpecializationDecl>(Class))
      return false;
    if (Made(Class->getTemplateSpecializationKind()))
      return true;
  }
  if (const auto *Enum = dyn_cast<EnumDecl>(&Tag);
      Enum && Made(Enum->getTemplateSpecializationKind()))
    return true;
  // A local class of a function template's instantiation.
  const auto *Function = dyn_cast<FunctionDecl>(Tag.getDeclContext());
  return Function && Function->isTemplateInstantiation();
}

bool fearless::verifyConst(const TagDecl &Tag, TraitSolver &Solver) {
  const TagDecl *Definition = Tag.getDefinition();
  if (!Definition || !isJudgeable(*Definition))
    return false;
  QualType Type = compat::tagType(Solver.context(), Definition);
  return Solver
             .solveIgnoringMarks(
                 Goal::make(Trait::Sync, Type.withConst(), Solver.context()))
             .V == Verdict::Yes;
}

static bool holds(const Mark &M, TraitSolver &Solver) {
  return llvm::all_of(M.Conditions, [&](const MarkCondition &C) {
    return Solver.solve(C.Asks, C.Type).V == Verdict::Yes;
  });
}

std::optional<Answer> fearless::structuralAnswer(const TagDecl &Tag,
                                                 const Mark &M,
                                                 TraitSolver &Solver) {
  std::optional<TypeClaim> Claim = claimOf(M.Kind);
  // The mark may stand on another declaration than the definition.
  const TagDecl *Definition = Tag.getDefinition();
  if (!Claim || Claim->Negative || !Definition || !isJudgeable(*Definition))
    return std::nullopt;
  return Solver.solveIgnoringMarks(
      claimedGoal(*Definition, *Claim, Solver.context()));
}

std::optional<BrokenClaim> fearless::verify(const TagDecl &Tag, const Mark &M,
                                            TraitSolver &Solver) {
  std::optional<TypeClaim> Claim = claimOf(M.Kind);
  if (!Claim || Claim->Unsafe || !holds(M, Solver))
    return std::nullopt;
  std::optional<Answer> Judged = structuralAnswer(Tag, M, Solver);
  if (!Judged || Judged->V == Verdict::Yes)
    return std::nullopt;
  return BrokenClaim{std::move(*Judged)};
}

std::vector<InheritedBreach>
fearless::inheritedBreaches(const CXXRecordDecl &Class, TraitSolver &Solver) {
  std::vector<InheritedBreach> Out;
  if (!isJudgeable(Class))
    return Out;
  llvm::SmallVector<const CXXRecordDecl *, 4> Bases;
  auto Push = [&](const CXXRecordDecl &C) {
    for (const CXXBaseSpecifier &Base : C.bases())
      if (const CXXRecordDecl *B = Base.getType()->getAsCXXRecordDecl();
          B && B->hasDefinition())
        Bases.push_back(B->getDefinition());
  };
  Push(Class);
  while (!Bases.empty()) {
    const CXXRecordDecl *Base = Bases.pop_back_val();
    Push(*Base);
    if (!Base->isPolymorphic())
      continue;
    for (const Mark &M : marksOf(Base)) {
      std::optional<TypeClaim> Claim = claimOf(M.Kind);
      if (!Claim || Claim->Negative || !holds(M, Solver))
        continue;
      const Goal G = claimedGoal(Class, *Claim, Solver.context());
      const Answer &Judged = Solver.solve(G);
      if (Judged.V != Verdict::Yes)
        Out.push_back({Base, M.Kind, Judged});
    }
  }
  return Out;
}
