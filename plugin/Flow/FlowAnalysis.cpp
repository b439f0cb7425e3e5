// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/FlowAnalysis.h"

#include "Flow/Aliases.h"
#include "Flow/PlaceBuilder.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

FlowAnalysis::FlowAnalysis(const Unit &U, TraitSolver &Solver)
    : P(U, Solver), R(U, P) {
  if (U.Boundaries.empty())
    return;
  const std::vector<const FunctionDecl *> Roots = P.roots();
  for (const FunctionDecl *Function : Roots)
    if (const FunctionFacts *Facts = P.facts(Function))
      Results.push_back({Function, Facts, &P.conflicts(Function)});
  Active = racesInActiveObjects(U, P, Roots);
}

/// The conditions of design section 7: the thread ends before the object does
/// and before the function returns; nothing else conflicts; the body was
/// understood; and the type allows the kind of use. (And that no other name
/// leads to the object: see Aliases.)
bool FlowAnalysis::isProven(const Violation &V) {
  const Crossing &C = V.Crossing;
  if (C.Kind != CrossingKind::CaptureByReference &&
      C.Kind != CrossingKind::ArgumentByReference)
    return false;
  // Who resumes a coroutine, and when, is not followed.
  if (C.Coroutine)
    return false;
  const auto *Variable = dyn_cast_or_null<VarDecl>(C.Variable);
  if (!Variable || Variable->hasGlobalStorage() ||
      Variable->getType()->isReferenceType() || C.IsThreadLocal)
    return false;
  bool Seen = false;
  for (const FunctionResult &R : Results) {
    for (unsigned I = 0; I != R.Facts->Spawns.size(); ++I) {
      const SpawnInfo &S = R.Facts->Spawns[I];
      if (S.Boundary != V.Boundary)
        continue;
      // Only the function that holds the boundary shows what happens beside
      // the thread; callers only add to it.
      Seen |= S.Through == 0;
      PlaceId Root{};
      for (const SpawnInfo::Borrow &B : S.Borrows)
        if (P.places().get(B.P).Root == Variable->getCanonicalDecl())
          Root = B.P;
      if (!Root || !R.Found->Understood[I] || R.Facts->NumUnknown)
        return false;
      for (const StillRunning &Left : R.Found->RunningAtExit)
        if (Left.Thread == SpawnId{I} && !S.EndsWithScope)
          return false;
      for (const Expiry &E : R.Found->Expiries)
        if (E.Thread == SpawnId{I} && E.Borrow.P == Root)
          return false;
      for (const Race &Race : R.Found->Races)
        if ((Race.Thread == SpawnId{I} ||
             (Race.BetweenThreads && Race.Other == SpawnId{I})) &&
            P.places().isWithin(Race.InThread.P, Root))
          return false;
      // Exclusive use needs Send; shared reading needs Sync of the const type.
      QualType Object = Variable->getType();
      const bool Writes = llvm::any_of(S.Body.Accesses, [&](const Access &A) {
        return A.IsWrite && P.places().isWithin(A.P, Root);
      });
      const bool Allowed =
          P.solver().solve(Trait::Send, Object).V == Verdict::Yes &&
          (Writes || P.solver()
                             .solve(Trait::Sync, Object.withConst())
                             .V == Verdict::Yes);
      if (!Allowed)
        return false;
    }
  }
  return Seen;
}

/// Design section 7, Sending: an owner by alias may be sent when nothing else
/// reaches what it owns. When something does, that use is the finding.
bool FlowAnalysis::isGivenUp(const Violation &V) {
  const Crossing &C = V.Crossing;
  if (!C.Item || C.Item->Kind != BoundaryKind::Sending ||
      C.Kind != CrossingKind::Argument || C.Coroutine)
    return false;
  const auto *Owner = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      C.Item->Value->getType().getNonReferenceType()->getAsCXXRecordDecl());
  const TypeModel *Model = Owner ? P.solver().models().type(Owner) : nullptr;
  if (!Model || Model->Kind != TypeKind::Owner ||
      Owner->getTemplateArgs()[0].getKind() != TemplateArgument::Type ||
      P.solver().solve(Trait::Send, Owner->getTemplateArgs()[0].getAsType()).V !=
          Verdict::Yes)
    return false;
  return R.sharing(V.Boundary, C.Item->Value, C.Variable) != Regions::Sharing::Unknown;
}

void FlowAnalysis::dropProven(std::vector<Violation> &Violations) {
  Aliases Names(P, P.solver().models());
  llvm::erase_if(Violations, [&](const Violation &V) {
    return (isProven(V) &&
            Names.areFollowed(cast<VarDecl>(V.Crossing.Variable))) ||
           isGivenUp(V);
  });
}

void FlowAnalysis::dump(llvm::raw_ostream &OS) {
  for (const FunctionResult &R : Results)
    fearless::flow::dump(OS, *R.Facts, P.places());
  R.dump(OS);
}
