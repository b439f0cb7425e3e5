// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/ActiveObjects.h"

#include "Flow/CallGraph.h"
#include "Flow/Uses.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

#include <optional>

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

namespace {
class Finder {
public:
  Finder(const Unit &U, Program &P) : U(U), P(P), Places(P.places()) {}

  void add(const CXXMethodDecl *Starter);
  void addGlobal(const FunctionDecl *Starter);
  ActiveObjects Out;

private:
  void pair(const FunctionDecl *Starter, const Summary::Left &Left,
            const FunctionDecl *Method, bool WaitsAfterwards);
  void access(const Summary::Left &Left, llvm::ArrayRef<PlaceId> Waited,
              Access Outside, ActiveRace As);
  void order(const CXXMethodDecl *Starter, const Summary::Left &Left);
  bool runsForLife(const CXXMethodDecl *Starter, PlaceId Owner);
  CallGraph::Reached reachedBy(const SpawnInfo &Thread);
  PlaceId rebase(PlaceId Each, const FunctionDecl *From, PlaceId To);
  Access rebase(Access A, const FunctionDecl *From, PlaceId To);
  PlaceId self(const FunctionDecl *Method) {
    return Places.root(Place::This, Method->getCanonicalDecl(), "this");
  }

  const Unit &U;
  Program &P;
  PlaceTable &Places;
  std::optional<CallGraph> Graph;
};
} // namespace

PlaceId Finder::rebase(PlaceId Each, const FunctionDecl *From, PlaceId To) {
  return P.ofSelf(Each, From, To);
}

Access Finder::rebase(Access A, const FunctionDecl *From, PlaceId To) {
  A.P = rebase(A.P, From, To);
  for (HeldLock &Lock : A.Locks)
    Lock.P = rebase(Lock.P, From, To);
  for (auto *List : {&A.Acquired, &A.Released, &A.Ended})
    for (PlaceId &Each : *List)
      Each = rebase(Each, From, To);
  return A;
}

/// Whether \p S has the threads of \p Handle end, or lets others do so.
static bool handles(const Summary &S, PlaceId Handle,
                    const PlaceTable &Places) {
  return Places.overlap(S.Returns, Handle) != Overlap::None ||
         llvm::any_of(S.Operations, [&](const Fact &Each) {
           return (Each.K == Fact::Join || Each.K == Fact::JoinMaybe ||
                   Each.K == Fact::Detach || Each.K == Fact::Move) &&
                  (Places.overlap(Each.P, Handle) != Overlap::None ||
                   Places.overlap(Each.Q, Handle) != Overlap::None);
         });
}

/// Whether \p S waits for the threads of \p Handle.
static bool waits(const Summary &S, PlaceId Handle, const PlaceTable &Places) {
  return llvm::any_of(S.Operations, [&](const Fact &Each) {
    return Each.K == Fact::Join &&
           Places.overlap(Each.P, Handle) != Overlap::None;
  });
}

/// Whether nobody but the destructor can wait for the thread.
bool Finder::runsForLife(const CXXMethodDecl *Starter, PlaceId Owner) {
  const CXXRecordDecl *Class = Starter->getParent();
  const FieldDecl *Member = memberOf(Places.get(Owner));
  if (!Member || Member->getAccess() != AS_private ||
      Class->friend_begin() != Class->friend_end())
    return false;
  for (const Decl *Each : Class->decls())
    // A template's instantiations need not all be in the unit.
    if (isa<FunctionTemplateDecl>(Each))
      return false;
  for (const CXXMethodDecl *Method : Class->methods()) {
    if (Method->isImplicit() || Method->isDefaulted() || Method->isDeleted() ||
        isa<CXXConstructorDecl>(Method))
      continue;
    if (!Method->hasBody())
      return false;
    if (!isa<CXXDestructorDecl>(Method) &&
        handles(P.summary(Method), rebase(Owner, Starter, self(Method)),
                Places))
      return false;
  }
  return true;
}

/// The functions that the thread itself calls.
CallGraph::Reached Finder::reachedBy(const SpawnInfo &Thread) {
  if (!Graph)
    Graph.emplace(U, P.solver().models());
  std::vector<const FunctionDecl *> Bodies;
  for (const auto &[Body, Starts] : Graph->threadBodies())
    if (Starts == Thread.Boundary || !Thread.Boundary)
      Bodies.push_back(Body);
  return Graph->reach(Bodies);
}

void Finder::pair(const FunctionDecl *Starter, const Summary::Left &Left,
                  const FunctionDecl *Method, bool WaitsAfterwards) {
  // What the starter waited for is known to who comes later.
  std::vector<PlaceId> Waited;
  const PlaceId Self = self(Method);
  const Effects &Starts = P.summary(Starter).E;
  for (PlaceId Each : Starts.Acquires)
    Waited.push_back(rebase(Each, Starter, Self));
  for (const Access &Each : Starts.Accesses)
    if (!Each.IsWrite && !Each.Locks.empty())
      Waited.push_back(rebase(Each.P, Starter, Self));
  ActiveRace As{Starter, Method, &Left.Thread, nullptr, {}, {}, WaitsAfterwards};
  const Summary &S = P.summary(Method);
  for (const Access &A : S.E.Accesses)
    access(Left, Waited, A, As);
  if (WaitsAfterwards)
    return;
  for (const Summary::Left &Other : S.Leaves) {
    As.Other = &Other.Thread;
    for (const Access &A : Other.Thread.Body.Accesses)
      access(Left, Waited, A, As);
  }
}

void Finder::access(const Summary::Left &Left, llvm::ArrayRef<PlaceId> Waited,
                    Access Outside, ActiveRace As) {
  // What is set may be set up before the thread is started.
  const bool MayComeFirst =
      !As.WaitsAfterwards && !isa<CXXConstructorDecl>(As.Starter);
  const PlaceId Self = self(As.Method);
  const PlaceId Owner = rebase(Left.Owner, As.Starter, Self);
  const Place::RootKind Kind = Places.get(Outside.P).Kind;
  if (Outside.IsUse || !Outside.Certain || Outside.Depth > MaxEvidenceDepth ||
      (MayComeFirst && Outside.IsWrite) ||
      (Kind != Place::This && Kind != Place::Global) ||
      llvm::any_of(Outside.Ended, [&](PlaceId Ended) {
        return Places.overlap(Ended, Owner) != Overlap::None;
      }))
    return;
  Outside.Acquired.append(Waited.begin(), Waited.end());
  for (const Access &Body : Left.Thread.Body.Accesses) {
    if (Body.IsUse || !Body.Certain || !(Body.IsWrite || Outside.IsWrite))
      continue;
    Access InThread = rebase(Body, As.Starter, Self);
    if (Places.overlap(InThread.P, Outside.P) != Overlap::Must ||
        shareLock(InThread, Outside, Places) ||
        mayBeOrdered(InThread, Outside, Places))
      continue;
    As.InThread = std::move(InThread);
    As.Outside = Outside;
    Out.Races.push_back(As);
  }
}

/// Whether to destroy an object of the type is to wait for the thread that it
/// owns. A std::thread ends the program instead.
static bool waitsAtEnd(QualType Type) {
  const CXXRecordDecl *Class =
      Type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (!Class || !Class->getIdentifier())
    return false;
  if (!Class->isInStdNamespace())
    return true; // a class of the user's, which owns it somehow
  const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Class);
  if (!Spec || Class->getName() == "future")
    return Class->getName() != "thread";
  const TemplateArgument &Held = Spec->getTemplateArgs()[0];
  return Class->getName() != "shared_ptr" &&
         Held.getKind() == TemplateArgument::Type && waitsAtEnd(Held.getAsType());
}

/// Members are destroyed in the reverse order of their declarations.
void Finder::order(const CXXMethodDecl *Starter, const Summary::Left &Left) {
  const FieldDecl *Handle = memberOf(Places.get(Left.Owner));
  const CXXRecordDecl *Class = Starter->getParent();
  if (Handle->getParent()->getCanonicalDecl() != Class->getCanonicalDecl() ||
      !waitsAtEnd(Handle->getType()))
    return;
  if (const CXXDestructorDecl *End = Class->getDestructor();
      End && !End->isImplicit() && !End->isDefaulted() &&
      (!End->hasBody() ||
       handles(P.summary(End), rebase(Left.Owner, Starter, self(End)), Places)))
    return;
  const bool MayHaveEnded =
      llvm::any_of(Class->methods(), [&](const CXXMethodDecl *Method) {
        return Method->isInstance() && Method->hasBody() &&
               !isa<CXXDestructorDecl>(Method) &&
               waits(P.summary(Method),
                     rebase(Left.Owner, Starter, self(Method)), Places);
      });
  MemberOrder Found{Starter, &Left.Thread, Handle, nullptr, {}};
  for (const Access &A : Left.Thread.Body.Accesses) {
    const FieldDecl *Used = memberOf(Places.get(A.P));
    if (!Used || Used->getParent() != Handle->getParent() ||
        Used->getFieldIndex() <= Handle->getFieldIndex() ||
        Used->getType()->isReferenceType())
      continue;
    const bool Certain =
        A.Certain && A.Depth <= MaxEvidenceDepth && !MayHaveEnded &&
        Used->getType().isDestructedType() != QualType::DK_none;
    if (Found.Used && (Found.Certain || !Certain))
      continue;
    Found.Used = Used;
    Found.InThread = A;
    Found.Certain = Certain;
  }
  // A body that is not understood may use all that it can reach.
  if (!Found.Used && Left.Thread.Body.NumUnknown)
    for (const FieldDecl *Later : Class->fields())
      if (!Found.Used && Later->getFieldIndex() > Handle->getFieldIndex() &&
          Later->getType().isDestructedType() != QualType::DK_none) {
        Found.Used = Later;
        Found.InThread.Loc = Left.Thread.Loc;
      }
  if (Found.Used)
    Out.Orders.push_back(std::move(Found));
}

/// Whether \p Method is one that others may call, of an object that is complete.
static bool isForOthers(const CXXMethodDecl *Method) {
  return Method->isInstance() && Method->hasBody() && !Method->isImplicit() &&
         !isa<CXXConstructorDecl>(Method);
}

void Finder::add(const CXXMethodDecl *Starter) {
  const CXXRecordDecl *Class = Starter->getParent();
  for (const Summary::Left &Left : P.summary(Starter).Leaves) {
    if (!memberOf(Places.get(Left.Owner)))
      continue;
    order(Starter, Left);
    for (const CXXMethodDecl *Method : Class->methods())
      if (Method != Starter->getCanonicalDecl() && isForOthers(Method) &&
          waits(P.summary(Method), rebase(Left.Owner, Starter, self(Method)),
                Places))
        pair(Starter, Left, Method, /*WaitsAfterwards=*/true);
    if (!runsForLife(Starter, Left.Owner))
      continue;
    // What the thread calls, or may be given, may be meant for it alone.
    const CallGraph::Reached InThread = reachedBy(Left.Thread);
    for (const CXXMethodDecl *Method : Class->methods()) {
      const FunctionDecl *Definition = Graph->definition(Method);
      if (Method != Starter->getCanonicalDecl() && isForOthers(Method) &&
          Method->getAccess() == AS_public && !Method->isVirtual() &&
          !isa<CXXDestructorDecl>(Method) &&
          !U.AddressTaken.count(Method->getCanonicalDecl()) && Definition &&
          !InThread.count(Definition))
        pair(Starter, Left, Method, /*WaitsAfterwards=*/false);
    }
  }
}

/// A handle with static storage is kept by the functions that name it.
void Finder::addGlobal(const FunctionDecl *Starter) {
  for (const Summary::Left &Left : P.summary(Starter).Leaves) {
    const Place Owner = Places.get(Left.Owner);
    if (!Left.Owner || Owner.Kind != Place::Global)
      continue;
    for (const FunctionDecl *F : U.Functions) {
      bool Names = false;
      if (F != Starter && !CallGraph::around(F) && !P.isLibrary(F))
        forEachUse(F, [&](const ValueDecl *D, const Expr *, Use) {
          Names |= D == Owner.Root;
        });
      if (Names && waits(P.summary(F), Left.Owner, Places))
        pair(Starter, Left, F, /*WaitsAfterwards=*/true);
    }
  }
}

ActiveObjects fearless::flow::findActiveObjects(
    const Unit &U, Program &P,
    llvm::ArrayRef<const FunctionDecl *> Starters) {
  Finder F(U, P);
  for (const FunctionDecl *Each : Starters) {
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Each);
        Method && Method->isInstance() && !Method->getParent()->isLambda())
      F.add(Method);
    if (!CallGraph::around(Each))
      F.addGlobal(Each);
  }
  return std::move(F.Out);
}
