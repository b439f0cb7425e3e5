// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Program.h"

#include "Flow/FactsGenerator.h"
#include "Flow/LockOrder.h"
#include "Flow/LockSpans.h"
#include "Support/LLVMCompat.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/Support/SaveAndRestore.h"
#include "llvm/Support/TimeProfiler.h"

#include <set>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

struct Program::Entry {
  std::optional<FunctionFacts> Facts;
  Conflicts Found;
  Summary Sum;
  bool Done = false;
  bool InProgress = false;
  /// It was asked for while it was being made.
  bool IsRecursive = false;
};

Program::Program(const Unit &U, TraitSolver &Solver, bool ForLink)
    : U(U), Solver(Solver), ForLink(ForLink) {
  for (const Boundary &B : U.Boundaries)
    Boundaries[B.Call] = &B;
  HasLockMarks = !U.LockUsers.empty();
  UsesFences = isReferenced("atomic_thread_fence");
}
Program::~Program() = default;

/// Whether the unit names the function std::\p Name, or the global one.
bool Program::isReferenced(llvm::StringRef Name) const {
  auto &Ctx = const_cast<ASTContext &>(context());
  const DeclarationName Id(&Ctx.Idents.get(Name));
  auto AnyIn = [&](const DeclContext *Scope) {
    return Scope && llvm::any_of(Scope->lookup(Id), [](const NamedDecl *D) {
             return D->isReferenced();
           });
  };
  const TranslationUnitDecl *All = Ctx.getTranslationUnitDecl();
  return AnyIn(All) ||
         llvm::any_of(All->lookup(&Ctx.Idents.get("std")),
                      [&](const NamedDecl *D) {
                        return AnyIn(dyn_cast<NamespaceDecl>(D));
                      });
}

const FieldDecl *fearless::flow::memberOf(const Place &P) {
  return P.Kind == Place::This && !P.Path.empty() &&
                 P.Path.front().K == Projection::Field
             ? reinterpret_cast<const FieldDecl *>(P.Path.front().Key)
             : nullptr;
}

PlaceId Program::ofSelf(PlaceId Each, const FunctionDecl *From, PlaceId To) {
  const Place Where = Places.get(Each);
  const auto *Method = dyn_cast<CXXMethodDecl>(From);
  if (Where.Kind != Place::This ||
      (Where.Root != From->getCanonicalDecl() &&
       !(Method && Where.Root == Method->getParent()->getCanonicalDecl())))
    return Each;
  return Places.rebase(Each, Places.root(Place::This, Where.Root, "this"), To);
}

const Boundary *Program::boundaryAt(const Expr *Call) const {
  return Boundaries.lookup(Call);
}

static VariableOf variableOf(const void *Root, const FunctionDecl *Function) {
  const auto *Variable = static_cast<const VarDecl *>(Root);
  if (const auto *Parameter = dyn_cast<ParmVarDecl>(Variable);
      Parameter && Parameter->getDeclContext() == Function)
    return Parameter->getType()->isReferenceType()
               ? VariableOf::ReferenceParameter
               : VariableOf::ValueParameter;
  for (const DeclContext *Scope = Variable->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (Scope == Function)
      return VariableOf::Own;
  return VariableOf::Outer;
}

/// What a function leaves to its callers.
static void leaveNeeds(const FunctionFacts &F, Variables Of, Summary &S,
                       const PlaceTable &Places, bool Defers) {
  for (UnmetNeed &Unmet : unmetNeeds(F, Places))
    if (Defers || Unmet.N.InLambda || Unmet.N.K == Need::Callback)
      S.Needs.push_back(std::move(Unmet.N));
  for (const Block &B : F.Blocks)
    for (const Fact &Each : B.Facts)
      if (Each.K == Fact::Publish && outlives(Each.P, Places, Of) &&
          !llvm::is_contained(S.Publishes, Each.P))
        S.Publishes.push_back(Each.P);
}

/// Whether a flag or a guard that is passed in may say that the caller has
/// locked already.
static bool decidesByParameter(const FunctionDecl *Function,
                               const ModelTable &Models) {
  return llvm::any_of(Function->parameters(), [&](const ParmVarDecl *P) {
    const QualType Type = P->getType().getNonReferenceType();
    return Type->isBooleanType() || Type->isEnumeralType() ||
           isGuardClass(Type, Models);
  });
}

namespace {
class CalleeFinder : public RecursiveASTVisitor<CalleeFinder> {
public:
  llvm::SmallVector<const FunctionDecl *, 8> Found;

  bool VisitCallExpr(CallExpr *E) { return add(E->getDirectCallee()); }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    return add(E->getConstructor());
  }
  bool VisitLambdaExpr(LambdaExpr *E) { return add(E->getCallOperator()); }

private:
  bool add(const FunctionDecl *Function) {
    const FunctionDecl *Definition = nullptr;
    if (Function && Function->hasBody(Definition) &&
        !Definition->isDependentContext() && !Program::isLibrary(Definition))
      Found.push_back(Definition);
    return true;
  }
};
} // namespace

/// Makes what \p Function calls, directly or not, callees first: a chain of
/// thousands of calls must not exhaust the compiler's stack.
void Program::makeCallees(const FunctionDecl *Function) {
  struct Open {
    const FunctionDecl *Function;
    llvm::SmallVector<const FunctionDecl *, 8> Callees;
  };
  std::vector<Open> Path;
  llvm::DenseSet<const FunctionDecl *> Seen;
  auto Enter = [&](const FunctionDecl *Next) {
    if (!Seen.insert(Next).second)
      return;
    if (auto Known = Entries.find(Next);
        Known != Entries.end() && Known->second &&
        (Known->second->Done || (Known->second->InProgress && Next != Function)))
      return;
    CalleeFinder Finder;
    Finder.TraverseStmt(Next->getBody());
    std::reverse(Finder.Found.begin(), Finder.Found.end());
    Path.push_back({Next, std::move(Finder.Found)});
  };
  Enter(Function);
  while (!Path.empty()) {
    if (!Path.back().Callees.empty()) {
      Enter(Path.back().Callees.pop_back_val());
      continue;
    }
    const FunctionDecl *Next = Path.back().Function;
    Path.pop_back();
    if (Next != Function)
      entry(Next);
  }
}

Program::Entry &Program::entry(const FunctionDecl *Function) {
  auto &Slot = Entries[Function];
  if (!Slot)
    Slot = std::make_unique<Entry>();
  Entry &E = *Slot;
  if (E.Done)
    return E;
  if (E.InProgress) {
    E.IsRecursive = true;
    return E;
  }
  E.InProgress = true;
  llvm::TimeTraceScope Scope("FearlessFacts", [&] {
    return Function->getQualifiedNameAsString();
  });
  const llvm::SaveAndRestore<unsigned> Deeper(Depth, Depth + 1);
  // Seldom: the way through the bodies costs what it spares.
  if (Depth % 64 == 0)
    makeCallees(Function);
  // A recursive function is made again until its summary stops growing; what
  // it does through itself is what it does.
  for (unsigned Round = 0; Round != 4; ++Round) {
    const size_t Before = E.Sum.E.Accesses.size();
    bool TooLarge = false;
    E.Facts = generateFacts(Function, *this, TooLarge);
    if (TooLarge)
      Skipped.push_back(Function);
    if (!E.Facts)
      break;
    E.Found = findConflicts(*E.Facts, Places);
    auto Of = [&](const void *Root) { return variableOf(Root, Function); };
    Summary S = summarize(*E.Facts, Places, E.Found, Of);
    if (HasLockMarks)
      leaveNeeds(*E.Facts, Of, S, Places, defers(Function, false));
    S.Takes = takenLocks(*E.Facts, Places,
                         decidesByParameter(Function, Solver.models()));
    E.Sum = std::move(S);
    if (!E.IsRecursive || E.Sum.E.Accesses.size() == Before)
      break;
  }
  E.InProgress = false;
  E.Done = true;
  return E;
}

const FunctionFacts *Program::facts(const FunctionDecl *Function) {
  Entry &E = entry(Function);
  return E.Facts ? &*E.Facts : nullptr;
}

const Summary &Program::summary(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function->hasBody(Definition) || Definition->isDependentContext())
    return Nothing;
  if (isLibrary(Definition))
    return Nothing;
  return entry(Definition).Sum;
}

bool Program::isOpen(const FunctionDecl *Callee) {
  if (!ForLink || isLibrary(Callee))
    return false;
  const FunctionDecl *Definition = nullptr;
  if (Callee->hasBody(Definition))
    return !Definition->isDependentContext() && entry(Definition).Sum.IsOpen;
  return Callee->isExternallyVisible() && !Callee->isDependentContext() &&
         !Callee->isImplicit() && !Callee->isDefaulted() &&
         !Callee->isDeleted() && !compat::isPureVirtual(Callee) &&
         Callee->getBuiltinID() == 0;
}

bool Program::isLibrary(const Decl *D) {
  if (compat::isInSystemHeader(D->getASTContext().getSourceManager(),
                               D->getLocation()))
    return true;
  for (const DeclContext *Scope = D->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (const auto *Namespace = dyn_cast<NamespaceDecl>(Scope);
        Namespace && Namespace->getParent()->isTranslationUnit())
      return Namespace->getName() == "fearless";
  return false;
}

const Conflicts &Program::conflicts(const FunctionDecl *Function) {
  return entry(Function).Found;
}

std::vector<const FunctionDecl *> Program::roots() {
  std::vector<const FunctionDecl *> Out;
  std::set<const FunctionDecl *> Seen;
  std::set<const CXXRecordDecl *> Asked;
  auto Add = [&](const FunctionDecl *F) {
    if (F && F->doesThisDeclarationHaveABody() && !F->isDependentContext() &&
        !isLibrary(F) &&
        Seen.insert(F).second)
      Out.push_back(F);
  };
  for (const Boundary &B : U.Boundaries) {
    Add(B.Caller);
    // A default member initialiser belongs to every constructor.
    if (B.Member)
      if (const auto *Class = dyn_cast<CXXRecordDecl>(B.Member->getParent()))
        for (const CXXConstructorDecl *Constructor : Class->ctors())
          if (!Constructor->isCopyOrMoveConstructor())
            Add(Constructor);
  }
  // Who calls a function that leaves a thread running goes on beside it; and
  // so do its callers in turn.
  for (size_t I = 0; I != Out.size(); ++I) {
    // A lambda may be run by the function around it, through a callback.
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Out[I]);
        Method && Method->getParent()->isLambda())
      for (const DeclContext *Scope = Method->getParent()->getDeclContext();
           Scope; Scope = Scope->getParent())
        if (const auto *Around = dyn_cast<FunctionDecl>(Scope)) {
          Add(Around);
          break;
        }
    auto AddCallers = [&](const FunctionDecl *Callee) {
      auto Callers = U.Callers.find(Callee->getCanonicalDecl());
      if (Callers != U.Callers.end())
        for (const FunctionDecl *Caller : Callers->second)
          Add(Caller);
    };
    if (entry(Out[I]).Sum.Leaves.empty())
      continue;
    AddCallers(Out[I]);
    // Its class may run what others give it.
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Out[I]);
        Method && Asked.insert(Method->getParent()).second)
      for (const CXXMethodDecl *Keeper : Executing.keepers(Method->getParent()))
        AddCallers(Keeper);
  }
  return Out;
}
