// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/MarkVerification.h"

#include "Support/LLVMCompat.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;

static bool isJudgeable(const CXXRecordDecl &Class) {
  return Class.isCompleteDefinition() && !Class.isDependentContext() &&
         !Class.isInvalidDecl();
}

static Goal claimedGoal(const CXXRecordDecl &Class, const TypeClaim &Claim,
                        const ASTContext &Ctx) {
  QualType Type = compat::tagType(Ctx, &Class);
  if (Claim.ConstOnly)
    Type.addConst();
  return Goal::make(Claim.About, Type, Ctx);
}

std::optional<Answer> fearless::structuralAnswer(const CXXRecordDecl &Class,
                                                 const Mark &M,
                                                 TraitSolver &Solver) {
  std::optional<TypeClaim> Claim = claimOf(M.Kind);
  if (!Claim || Claim->Negative || !isJudgeable(Class))
    return std::nullopt;
  return Solver.solveIgnoringMarks(
      claimedGoal(Class, *Claim, Solver.context()));
}

std::optional<BrokenClaim> fearless::verify(const CXXRecordDecl &Class,
                                            const Mark &M,
                                            TraitSolver &Solver) {
  std::optional<TypeClaim> Claim = claimOf(M.Kind);
  if (!Claim || Claim->Unsafe)
    return std::nullopt;
  for (const MarkCondition &C : M.Conditions)
    if (Solver.solve(C.Asks, C.Type).V != Verdict::Yes)
      return std::nullopt;
  std::optional<Answer> Judged = structuralAnswer(Class, M, Solver);
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
      if (!Claim || Claim->Negative)
        continue;
      // The class's own positive mark is judged as its own claim.
      bool HasOwn = false;
      for (const Mark &Own : marksOf(&Class))
        if (std::optional<TypeClaim> OwnClaim = claimOf(Own.Kind))
          HasOwn |= OwnClaim->About == Claim->About && !OwnClaim->Negative &&
                    (!OwnClaim->ConstOnly || Claim->ConstOnly);
      if (HasOwn)
        continue;
      const Goal G = claimedGoal(Class, *Claim, Solver.context());
      const Answer &Judged = Solver.solve(G);
      if (Judged.V != Verdict::Yes)
        Out.push_back({Base, M.Kind, Judged});
    }
  }
  return Out;
}
