// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/FlowAnalysis.h"

#include "Flow/Aliases.h"
#include "Flow/FactsGenerator.h"
#include "Flow/PlaceBuilder.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

FlowAnalysis::FlowAnalysis(const Unit &U, TraitSolver &Solver, bool ForLink)
    : P(U, Solver, ForLink), R(U, P) {
  if (U.Boundaries.empty())
    return;
  const std::vector<const FunctionDecl *> Roots = P.roots();
  for (const FunctionDecl *Function : Roots)
    if (const FunctionFacts *Facts = P.facts(Function))
      Results.push_back({Function, Facts, &P.conflicts(Function)});
  Active = findActiveObjects(U, P, Roots);
}

/// The type of what \p Where is a part of: the variable, or what it owns.
static QualType wholeType(const VarDecl *Variable, bool IsOwned) {
  if (!IsOwned)
    return Variable->getType();
  const auto *Owner = dyn_cast<ClassTemplateSpecializationDecl>(
      Variable->getType()->getAsCXXRecordDecl());
  return Owner->getTemplateArgs()[0].getAsType();
}

/// What is read of an object that is read only: through a unique_ptr that, too,
/// and nobody was found to write what it leads to.
static QualType readThrough(QualType Type) {
  const auto *Owner = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  if (Owner && Owner->isInStdNamespace() && Owner->getIdentifier() &&
      Owner->getName() == "unique_ptr" &&
      Owner->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    return readThrough(Owner->getTemplateArgs()[0].getAsType());
  return Type.withConst();
}

namespace {
/// Calls that may throw, from a place in the text on.
class ThrowFinder : public RecursiveASTVisitor<ThrowFinder> {
public:
  ThrowFinder(const Program &P, const ModelTable &Models, SourceLocation From)
      : SM(P.context().getSourceManager()), Models(Models), From(From) {}
  bool Found = false;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const OperationModel *Model = Callee ? Models.operation(Callee) : nullptr;
    if (!Model || Model->Does != OperationKind::Join)
      note(Call, Callee);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    note(Construct, Construct->getConstructor());
    return true;
  }
  bool VisitStmt(Stmt *S) {
    if (isa<CXXNewExpr, CXXThrowExpr>(S))
      note(cast<Expr>(S), nullptr);
    return true;
  }

private:
  void note(const Expr *E, const FunctionDecl *Callee) {
    Found |= mayThrow(Callee) &&
             (From.isInvalid() ||
              SM.isBeforeInTranslationUnit(From, E->getBeginLoc()));
  }
  const SourceManager &SM;
  const ModelTable &Models;
  const SourceLocation From;
};
} // namespace

/// std::thread, or a container of them: when one that runs is destroyed, the
/// process ends.
static bool endsProcess(QualType Handle) {
  const CXXRecordDecl *Class = Handle->getAsCXXRecordDecl();
  if (!Class || !Class->isInStdNamespace() || !Class->getIdentifier())
    return false;
  const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Class);
  return Class->getName() == "thread" ||
         (Spec && Spec->getTemplateArgs().size() != 0 &&
          Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
          endsProcess(Spec->getTemplateArgs()[0].getAsType()));
}

/// Whether block \p At of \p F may come after itself.
static bool isInLoop(const FunctionFacts &F, unsigned At) {
  std::vector<bool> Seen(F.Blocks.size());
  llvm::SmallVector<unsigned, 16> Worklist{At};
  while (!Worklist.empty())
    for (const Edge &E : F.Blocks[Worklist.pop_back_val()].Successors) {
      if (E.Target == At)
        return true;
      if (!Seen[E.Target]) {
        Seen[E.Target] = true;
        Worklist.push_back(E.Target);
      }
    }
  return false;
}

/// Whether an exception between the start of thread \p I and its join would end
/// \p Variable first: its handle is older, or not of this function. (A thread
/// that is not joined ends the process then; but a destructor runs before.)
bool FlowAnalysis::mayEndFirst(const FunctionResult &R, unsigned I,
                               const VarDecl *Variable) {
  const SourceManager &SM = P.context().getSourceManager();
  for (unsigned N = 0; N != R.Facts->Blocks.size(); ++N)
    for (const Fact &Each : R.Facts->Blocks[N].Facts) {
      if (Each.K != Fact::Spawn || !(Each.S == SpawnId{I}) || !Each.P)
        continue;
      const Place &Of = P.places().get(Each.P);
      const auto *Handle = Of.Kind == Place::Local
                               ? static_cast<const VarDecl *>(Of.Root)
                               : nullptr;
      if (Of.Kind == Place::Temporary)
        continue; // ends with the statement
      if (Handle && !isa<ParmVarDecl>(Handle) &&
          SM.isBeforeInTranslationUnit(Variable->getLocation(),
                                       Handle->getLocation()))
        continue;
      // Nothing happens to an int that ends, if the process does at once.
      if (Handle && endsProcess(Handle->getType()) &&
          !Variable->getType().isDestructedType())
        continue;
      if (!R.Function->hasBody())
        return true;
      ThrowFinder Finder(P, P.solver().models(),
                         isInLoop(*R.Facts, N)
                             ? SourceLocation()
                             : SourceLocation::getFromRawEncoding(Each.Loc));
      Finder.TraverseStmt(R.Function->getBody());
      if (Finder.Found)
        return true;
    }
  return false;
}

/// Whether thread \p I of \p R leaves \p B alone when others use it: the
/// conditions of design section 7. The thread ends before the object does and
/// before the function returns (what is shared needs neither); nothing else
/// conflicts; the body was understood; and the type allows the kind of use.
bool FlowAnalysis::isOrdered(const FunctionResult &R, unsigned I,
                             const SpawnInfo::Borrow &B, bool IsShared,
                             Aliases &Names) {
  const SpawnInfo &S = R.Facts->Spawns[I];
  const Place Of = P.places().get(B.P);
  if (Of.Kind != Place::Local || !R.Found->Understood[I] ||
      R.Facts->NumUnknown)
    return false;
  const auto *Variable = static_cast<const VarDecl *>(Of.Root);
  const bool IsOwned = P.places().hasDeref(B.P);
  auto IsPart = [&](PlaceId Where) {
    return P.places().get(Where).Kind == Place::Local &&
           P.places().get(Where).Root == Of.Root;
  };
  // Whoever shares it keeps it. But a function inside another shows only a part
  // of what its owner does, and a marked boundary does not say whether the
  // callable runs only once.
  const auto *At = static_cast<const Boundary *>(S.Boundary);
  if (!IsShared || At->IsMarked || Variable->getDeclContext() != R.Function)
    for (const StillRunning &Left : R.Found->RunningAtExit)
      if (Left.Thread == SpawnId{I} && !S.EndsWithScope)
        return false;
  if (!IsShared && mayEndFirst(R, I, Variable))
    return false;
  for (const Expiry &E : R.Found->Expiries)
    if (E.Thread == SpawnId{I} && IsPart(E.Borrow.P))
      return false;
  for (const Race &Race : R.Found->Races)
    if ((Race.Thread == SpawnId{I} ||
         (Race.BetweenThreads && Race.Other == SpawnId{I})) &&
        IsPart(Race.InThread.P))
      return false;
  // Exclusive use needs Send; shared reading needs Sync of the const type.
  const QualType Object = wholeType(Variable, IsOwned);
  const bool Writes = llvm::any_of(S.Body.Accesses, [&](const Access &A) {
    return A.IsWrite && IsPart(A.P);
  });
  if (P.solver().solve(Trait::Send, Object).V != Verdict::Yes ||
      (!Writes &&
       P.solver().solve(Trait::Sync, readThrough(Object)).V != Verdict::Yes))
    return false;
  return IsOwned ? Names.areFollowedThrough(Variable)
                 : Names.areFollowed(Variable);
}

/// Whether what crosses by reference, pointer, view or shared owner is proven
/// to be used in order, through every name that it has (see Aliases).
bool FlowAnalysis::isProven(const Violation &V, Aliases &Names) {
  const Crossing &C = V.Crossing;
  // Who resumes a coroutine, and when, is not followed.
  if (C.Coroutine || C.IsThreadLocal)
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
      bool Found = false;
      auto All = [&](llvm::ArrayRef<SpawnInfo::Borrow> List, bool IsShared) {
        return llvm::all_of(List, [&](const SpawnInfo::Borrow &B) {
          if (B.Crossing != crossingKey(C))
            return true;
          Found = true;
          return isOrdered(R, I, B, IsShared, Names);
        });
      };
      if (!All(S.Borrows, false) || !All(S.Shares, true) || !Found)
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
    return isProven(V, Names) || isGivenUp(V);
  });
}

void FlowAnalysis::dump(llvm::raw_ostream &OS) {
  for (const FunctionResult &R : Results)
    fearless::flow::dump(OS, *R.Facts, P.places());
  R.dump(OS);
}
