// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/GlobalState.h"

#include "Flow/CallGraph.h"
#include "Flow/PlaceBuilder.h"
#include "Flow/Uses.h"

#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

static bool isMarked(const Decl *D) {
  return llvm::any_of(marksOf(D), [](const Mark &M) {
    return M.Kind == MarkKind::GuardedBy || M.Kind == MarkKind::OwnedBy;
  });
}

/// Whether somebody has said, or the type shows, that threads may share it.
static bool isExcused(const VarDecl *Variable, Program &P) {
  if (Variable->getTLSKind() != VarDecl::TLS_None || Variable->isConstexpr() ||
      P.solver().models().object(Variable) || isMarked(Variable))
    return true;
  const QualType Type = Variable->getType().getNonReferenceType();
  // Another name for an object that is known: std::ostream &log = std::cout;
  if (const Expr *Init = Variable->getInit();
      Init && Variable->getType()->isReferenceType())
    if (const auto *Name = dyn_cast<DeclRefExpr>(strip(Init)))
      if (const auto *Named = dyn_cast<VarDecl>(Name->getDecl());
          Named && P.solver().models().object(Named))
        return true;
  if (const CXXRecordDecl *Class =
          P.context().getBaseElementType(Type)->getAsCXXRecordDecl();
      Class && isMarked(Class))
    return true;
  if (Type.isConstQualified() &&
      llvm::any_of(marksOf(Variable), [](const Mark &M) {
        return M.Kind == MarkKind::PtGuardedBy;
      }))
    return true;
  return P.solver().solve(Trait::Sync, Type).V == Verdict::Yes;
}

std::vector<SharedVariable> fearless::flow::sharedVariables(const Unit &U,
                                                            Program &P) {
  std::vector<SharedVariable> Out;
  std::map<const ValueDecl *, size_t> Index;
  for (const VarDecl *Variable : U.Globals)
    if (!P.isLibrary(Variable) && !isExcused(Variable, P) &&
        Index.try_emplace(Variable->getCanonicalDecl(), Out.size()).second)
      Out.push_back({Variable});
  if (Out.empty())
    return Out;
  auto Seen = [&](const ValueDecl *D, const Expr *, Use How) {
    auto Found = Index.find(D);
    if (Found != Index.end() && How != Use::Read)
      Out[Found->second].IsWritten = true;
  };
  for (const FunctionDecl *F : U.Functions)
    forEachUse(F, Seen);
  for (const VarDecl *Variable : U.Globals) {
    forEachUseIn(Variable->getInit(), Seen);
    // int &name = variable; and the like: the declaration is not in the tree.
    if (Variable->getInit() && Variable->getType()->isReferenceType())
      if (const auto *Name = dyn_cast<DeclRefExpr>(strip(Variable->getInit())))
        Seen(cast<ValueDecl>(Name->getDecl()->getCanonicalDecl()), Name,
             Use::Escape);
  }
  // Nobody else can name it, and nobody here changes it.
  llvm::erase_if(Out, [&](const SharedVariable &S) {
    return !S.IsWritten &&
           (S.Variable->isStaticLocal() || !S.Variable->isExternallyVisible()) &&
           !S.Variable->getType()->isReferenceType() &&
           P.solver()
                   .solve(Trait::Sync, S.Variable->getType().withConst())
                   .V == Verdict::Yes;
  });
  return Out;
}

//===----------------------------------------------------------------------===//
// Beside threads
//===----------------------------------------------------------------------===//

std::vector<Touched> fearless::flow::touchedBesideThreads(const Unit &U,
                                                          FlowAnalysis &Flow) {
  std::vector<Touched> Out;
  Program &P = Flow.program();
  const PlaceTable &Places = Flow.places();
  const CallGraph Graph(U, P.solver().models());
  // What a function that starts threads reaches is judged there, in order.
  std::vector<const FunctionDecl *> Judged;
  for (const FunctionResult &R : Flow.results())
    Judged.push_back(R.Function);
  const CallGraph::Reached Known = Graph.reach(Judged);
  std::vector<const FunctionDecl *> Others;
  for (const FunctionDecl *F : U.Functions)
    if (!Known.count(F) && !isa<CXXConstructorDecl, CXXDestructorDecl>(F) &&
        !CallGraph::around(F) && !P.isLibrary(F) && !F->isMain())
      Others.push_back(F);
  if (Others.empty())
    return Out;
  std::set<const VarDecl *> Seen;
  for (const FunctionResult &R : Flow.results()) {
    if (R.Function->isMain() || !Graph.callers(R.Function).empty())
      continue;
    for (const StillRunning &Running : R.Found->RunningAtExit) {
      const SpawnInfo &Thread = R.Facts->Spawns[Running.Thread.Value];
      for (const Access &A : Thread.Body.Accesses) {
        const Place &Where = Places.get(A.P);
        if (!A.IsWrite || !A.Certain || Where.Kind != Place::Global ||
            !A.Acquired.empty())
          continue;
        const auto *Variable = static_cast<const VarDecl *>(Where.Root);
        if (isExcused(Variable, P) || Seen.count(Variable))
          continue;
        for (const FunctionDecl *F : Others) {
          bool Names = false;
          forEachUse(F, [&](const ValueDecl *D, const Expr *, Use) {
            Names |= D == Variable->getCanonicalDecl();
          });
          if (!Names)
            continue;
          for (const Access &Here : P.summary(F).E.Accesses)
            // What is only set may be set up before the thread starts.
            if (!Here.IsWrite && Here.Certain && Here.Acquired.empty() &&
                Places.overlap(Here.P, A.P) == Overlap::Must &&
                !shareLock(Here, A, Places) && Seen.insert(Variable).second)
              Out.push_back({Variable, Here, A, &Thread, R.Function, F});
        }
      }
    }
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// Functions with state inside
//===----------------------------------------------------------------------===//

std::vector<UnsafeCall> fearless::flow::unsafeCalls(const Unit &U,
                                                    const ModelTable &Models) {
  std::vector<UnsafeCall> Out;
  llvm::SmallVector<std::pair<const FunctionDecl *, const OperationModel *>, 4>
      Unsafe;
  for (const auto &[Callee, Callers] : U.Callers)
    if (const OperationModel *Model = Models.operation(Callee);
        Model && Model->Does == OperationKind::Unsafe)
      Unsafe.push_back({Callee, Model});
  if (Unsafe.empty())
    return Out;
  const CallGraph Graph(U, Models);
  std::vector<const FunctionDecl *> Starts;
  for (const auto &[Body, B] : Graph.threadBodies())
    Starts.push_back(Body);
  const CallGraph::Reached InThreads = Graph.reach(Starts);
  for (const auto &[Callee, Model] : Unsafe)
    for (const FunctionDecl *Caller : Graph.callers(Callee)) {
      auto At = InThreads.find(Caller);
      if (At == InThreads.end())
        continue;
      const SourceLocation Loc = CallGraph::callSite(Caller, Callee);
      if (Loc.isInvalid())
        continue;
      UnsafeCall Call{Callee, Model, Loc.getRawEncoding(), nullptr, {}};
      const FunctionDecl *F = Caller;
      for (; At->second; At = InThreads.find(F)) {
        if (const SourceLocation Site = CallGraph::callSite(At->second, F);
            Site.isValid())
          Call.Through.insert(Call.Through.begin(), Site.getRawEncoding());
        F = At->second;
      }
      Call.Thread = Graph.threadBodies().at(F);
      Out.push_back(std::move(Call));
    }
  return Out;
}
