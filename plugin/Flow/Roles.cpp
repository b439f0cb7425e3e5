// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Roles.h"

#include "Flow/CallGraph.h"
#include "Flow/Uses.h"

#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

namespace {

struct Role {
  std::string Name;
  SourceLocation Mark;
};

class Judge {
public:
  Judge(const Unit &U, Program &P) : U(U), P(P), Graph(U, P.solver().models()) {}
  std::vector<RoleFault> run();

private:
  /// Code that starts on some thread.
  struct Start {
    const FunctionDecl *Function;
    /// Empty for a thread of no role.
    std::string Role;
    bool IsMain = false, IsUnknown = false;
    std::vector<RoleFault::Link> Links;
  };
  std::optional<Role> declared(const FunctionDecl *F);
  std::optional<Role> owner(const ValueDecl *D);
  void from(const Start &S);
  void function(const Start &S, const FunctionDecl *F,
                const CallGraph::Reached &Reached);
  void add(RoleFault Fault, const Start &S, const FunctionDecl *F,
           const CallGraph::Reached &Reached);
  void threads();

  const Unit &U;
  Program &P;
  const CallGraph Graph;
  /// Not entered: they say themselves where they run.
  CallGraph::Functions Stops;
  /// Roles that a new thread takes on.
  std::set<std::string> OfThreads;
  std::map<const FunctionDecl *, std::vector<const FunctionDecl *>> Called;
  std::set<std::pair<Location, const void *>> Seen;
  std::vector<RoleFault> Out;
};

} // namespace

/// RUNS_ON of a function, of one it overrides, or OWNED_BY of its class.
std::optional<Role> Judge::declared(const FunctionDecl *F) {
  auto Of = [](const Decl *D, MarkKind Kind) -> std::optional<Role> {
    if (std::optional<Mark> M = markOf(D, Kind))
      return Role{M->Text, M->Attribute->getLocation()};
    return std::nullopt;
  };
  if (std::optional<Role> R = Of(F, MarkKind::RunsOn))
    return R;
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || Method->getParent()->isLambda())
    return std::nullopt;
  for (const CXXMethodDecl *Base : Method->overridden_methods())
    if (std::optional<Role> R = declared(Base))
      return R;
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(F) || Method->isStatic())
    return std::nullopt;
  return Of(Method->getParent(), MarkKind::OwnedBy);
}

/// OWNED_BY of a variable or member, or of its class.
std::optional<Role> Judge::owner(const ValueDecl *D) {
  if (std::optional<Mark> M = markOf(D, MarkKind::OwnedBy))
    return Role{M->Text, M->Attribute->getLocation()};
  if (const auto *Field = dyn_cast<FieldDecl>(D))
    if (std::optional<Mark> M = markOf(Field->getParent(), MarkKind::OwnedBy))
      return Role{M->Text, M->Attribute->getLocation()};
  return std::nullopt;
}

void Judge::add(RoleFault Fault, const Start &S, const FunctionDecl *F,
                const CallGraph::Reached &Reached) {
  Fault.Actual = S.Role;
  Fault.IsUnknown = S.IsUnknown;
  Fault.Function = F;
  // The first thread may well be the one that is meant, unless that is another.
  if (S.IsUnknown || (S.IsMain && !OfThreads.count(Fault.Role)))
    Fault.Certain = false;
  if (!Seen.insert({Fault.Loc, Fault.Subject}).second)
    return;
  for (const RoleFault::Link &L : S.Links)
    Fault.Links.push_back(L);
  llvm::SmallVector<RoleFault::Link, 3> Calls;
  for (auto At = Reached.find(F); At != Reached.end() && At->second;
       At = Reached.find(At->second)) {
    const SourceLocation Site = CallGraph::callSite(At->second, At->first);
    if (Site.isValid())
      Calls.push_back({Site.getRawEncoding(), "reached through this call"});
  }
  Fault.Links.append(Calls.rbegin(), Calls.rend());
  Out.push_back(std::move(Fault));
}

void Judge::function(const Start &S, const FunctionDecl *F,
                     const CallGraph::Reached &Reached) {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  const bool Makes = isa<CXXConstructorDecl, CXXDestructorDecl>(F);
  forEachUse(F, [&](const ValueDecl *D, const Expr *E, Use) {
    std::optional<Role> R = owner(D);
    if (!R || R->Name == S.Role)
      return;
    // An object that is being made belongs to its maker.
    const auto *Field = dyn_cast<FieldDecl>(D);
    if (Makes && Field &&
        Field->getParent()->getCanonicalDecl() ==
            Method->getParent()->getCanonicalDecl())
      return;
    RoleFault Fault{RoleFault::Access, E->getExprLoc().getRawEncoding(), D,
                    R->Name};
    Fault.Mark = R->Mark.getRawEncoding();
    add(std::move(Fault), S, F, Reached);
  });
  auto Found = Called.find(F);
  if (Found == Called.end())
    return;
  for (const FunctionDecl *Callee : Found->second) {
    std::optional<Role> R = declared(Callee);
    if (!R || R->Name == S.Role)
      continue;
    const SourceLocation Site = CallGraph::callSite(F, Callee);
    if (Site.isInvalid())
      continue;
    RoleFault Fault{RoleFault::Call, Site.getRawEncoding(), Callee, R->Name};
    Fault.Mark = R->Mark.getRawEncoding();
    add(std::move(Fault), S, F, Reached);
  }
}

void Judge::from(const Start &S) {
  const CallGraph::Reached Reached = Graph.reach({S.Function}, Stops);
  for (const FunctionDecl *F : U.Functions)
    if (Reached.count(F) && !P.isLibrary(F))
      function(S, F, Reached);
}

/// A function of a role is run by a new thread, while main, or several threads
/// at once, have that role.
void Judge::threads() {
  std::set<std::string> OfMain;
  for (const FunctionDecl *F : U.Functions)
    if (F->isMain())
      if (std::optional<Role> R = declared(F))
        OfMain.insert(R->Name);
  for (const auto &[Body, B] : Graph.threadBodies()) {
    std::optional<Role> R = declared(Body);
    if (!R || Graph.posted().count(Body))
      continue;
    OfThreads.insert(R->Name);
    if (!OfMain.count(R->Name) && B->Kind != BoundaryKind::Many)
      continue;
    RoleFault Fault{RoleFault::Thread, B->Call->getExprLoc().getRawEncoding(),
                    Body, R->Name};
    Fault.Mark = R->Mark.getRawEncoding();
    Fault.Function = B->Caller;
    Out.push_back(std::move(Fault));
  }
}

std::vector<RoleFault> Judge::run() {
  bool Any = false;
  for (const Decl *D : U.Marked)
    for (const Mark &M : marksOf(D))
      Any |= M.Kind == MarkKind::OwnedBy || M.Kind == MarkKind::RunsOn;
  if (!Any)
    return {};
  for (const auto &[Callee, Callers] : U.Callers)
    for (const FunctionDecl *Caller : Callers)
      if (const FunctionDecl *Seen = Graph.definition(Caller))
        Called[Seen].push_back(Callee);
  threads();
  std::vector<Start> Starts;
  for (const FunctionDecl *F : U.Functions) {
    const Location Loc = F->getLocation().getRawEncoding();
    auto Posted = Graph.posted().find(F);
    auto Thread = Graph.threadBodies().find(F);
    if (std::optional<Role> R = declared(F)) {
      Starts.push_back({F, R->Name, false, false, {{R->Mark.getRawEncoding(),
                        "this says that it runs on '" + R->Name + "'"}}});
    } else if (Posted != Graph.posted().end()) {
      Starts.push_back({F, Posted->second.Role, false, false,
                        {{Posted->second.Loc.getRawEncoding(),
                          "it is handed to '" + Posted->second.Role + "' here"}}});
    } else if (Thread != Graph.threadBodies().end()) {
      const Boundary &B = *Thread->second;
      Starts.push_back({F, "", false, false,
                        {{B.Call->getExprLoc().getRawEncoding(),
                          "it runs on a thread that '" + B.Name + "' starts here"}}});
    } else if (F->isMain()) {
      Starts.push_back({F, "main", true, false, {{Loc, "'main' runs on 'main'"}}});
    } else {
      continue;
    }
    Stops.insert(F);
  }
  // Certain starts first: one place is one finding.
  CallGraph::Functions Reached;
  for (const Start &S : Starts) {
    from(S);
    for (const auto &Each : Graph.reach({S.Function}, Stops))
      Reached.insert(Each.first);
  }
  for (const FunctionDecl *F : U.Functions)
    if (!Reached.count(F) && Graph.callers(F).empty())
      from({F, "", false, /*IsUnknown=*/true, {}});
  return std::move(Out);
}

std::vector<RoleFault> fearless::flow::roleFaults(const Unit &U, Program &P) {
  return Judge(U, P).run();
}
