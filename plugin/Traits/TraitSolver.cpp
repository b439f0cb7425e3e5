// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Traits/TraitSolver.h"

#include "llvm/Support/TimeProfiler.h"

#include <deque>
#include <vector>

using namespace clang;
using namespace fearless;

/// A question that is being answered.
struct TraitSolver::Node {
  Goal G;
  Constituents Needs;
  unsigned Index;
  unsigned Low;
  size_t NextPart = 0;
  /// The least of the rule itself and of all parts outside this component.
  Verdict Local;
  Strength Weight;
  std::optional<Part> Because;
  /// Parts inside the component that is still open.
  llvm::SmallVector<std::pair<Node *, Part>, 1> Open;
  bool Answered = false;
};

TraitSolver::TraitSolver(const ASTContext &Ctx, const ModelTable &Models)
    : Ctx(Ctx), Models(Models) {}
TraitSolver::~TraitSolver() = default;

/// Whether (V, W) makes a stronger case than (V0, W0): a lower verdict, or the
/// same No said explicitly.
static bool isWorse(Verdict V, Strength W, Verdict V0, Strength W0) {
  if (V != V0)
    return V < V0;
  return V == Verdict::No && W == Strength::Explicit &&
         W0 == Strength::Structural;
}

const Answer &TraitSolver::solve(Trait Asks, QualType Type) {
  return solve(Goal::make(Asks, Type, Ctx));
}

const Answer &TraitSolver::solve(const Goal &Root) {
  if (auto Known = Answers.find(key(Root)); Known != Answers.end())
    return *Known->second;
  llvm::TimeTraceScope Scope("FearlessTraits", [&] {
    return Root.Type.getAsString(Ctx.getPrintingPolicy());
  });

  // The recursion is kept on the heap: a chain of ten thousand classes must
  // not exhaust the compiler's stack.
  std::deque<Node> Nodes;
  llvm::DenseMap<Key, Node *> Unfinished;
  std::vector<Node *> Path;      // being answered, outermost first
  std::vector<Node *> Component; // Tarjan's stack

  auto Enter = [&](const Goal &G) {
    Node &N = Nodes.emplace_back();
    N.G = G;
    N.Needs = constituentsOf(G, Ctx, Models);
    N.Index = N.Low = static_cast<unsigned>(Nodes.size());
    N.Local = N.Needs.Own;
    N.Weight = N.Needs.Weight;
    Unfinished[key(G)] = &N;
    Path.push_back(&N);
    Component.push_back(&N);
  };

  Enter(Root);
  while (!Path.empty()) {
    Node &N = *Path.back();
    if (N.NextPart != N.Needs.Parts.size()) {
      const Part &P = N.Needs.Parts[N.NextPart];
      if (auto Known = Answers.find(key(P.Sub)); Known != Answers.end()) {
        const Answer &A = *Known->second;
        if (isWorse(A.V, A.Weight, N.Local, N.Weight)) {
          N.Local = A.V;
          N.Weight = A.Weight;
          N.Because = P;
        }
        ++N.NextPart;
      } else if (auto Open = Unfinished.find(key(P.Sub));
                 Open != Unfinished.end()) {
        N.Low = std::min(N.Low, Open->second->Low);
        N.Open.push_back({Open->second, P});
        ++N.NextPart;
      } else {
        Enter(P.Sub);
      }
      continue;
    }
    Path.pop_back();
    if (N.Low != N.Index)
      continue; // part of a component that an earlier question closes
    size_t Begin = Component.size();
    while (Component[--Begin] != &N) {
    }
    complete(llvm::ArrayRef(Component).drop_front(Begin));
    for (size_t I = Begin; I != Component.size(); ++I)
      Unfinished.erase(key(Component[I]->G));
    Component.resize(Begin);
  }
  return *Answers.find(key(Root))->second;
}

/// All questions of a component depend on each other, so all have the least
/// answer found in it. Those that did not find it themselves get the shortest
/// way to one that did.
void TraitSolver::complete(llvm::ArrayRef<Node *> Component) {
  Verdict V = Verdict::Yes;
  Strength W = Strength::Structural;
  for (const Node *N : Component)
    if (isWorse(N->Local, N->Weight, V, W)) {
      V = N->Local;
      W = N->Weight;
    }

  auto Record = [&](Node *N, std::optional<Part> Because) {
    auto A = std::make_unique<Answer>();
    A->Asked = N->G;
    A->V = V;
    A->Weight = W;
    A->By = N->Needs.By;
    A->Record = N->Needs.Record;
    A->Why = std::move(N->Needs.Why);
    A->Instead = std::move(N->Needs.Instead);
    A->Because = std::move(Because);
    N->Answered = true;
    Answers[key(N->G)] = std::move(A);
  };

  std::deque<Node *> Reached;
  for (Node *N : Component)
    if (N->Local == V && N->Weight == W) {
      Record(N, N->Because);
      Reached.push_back(N);
    }
  if (Reached.size() == Component.size())
    return;

  llvm::DenseMap<Node *, llvm::SmallVector<std::pair<Node *, const Part *>, 2>>
      Dependents;
  for (Node *N : Component)
    for (auto &[Target, P] : N->Open)
      Dependents[Target].push_back({N, &P});
  while (!Reached.empty()) {
    Node *N = Reached.front();
    Reached.pop_front();
    for (auto &[Dependent, P] : Dependents[N])
      if (!Dependent->Answered) {
        Record(Dependent, *P);
        Reached.push_back(Dependent);
      }
  }
}

Answer TraitSolver::solveIgnoringMarks(const Goal &G) {
  Constituents Needs = constituentsOf(G, Ctx, Models, /*IgnoreMarks=*/true);
  Answer A;
  A.Asked = G;
  A.V = Needs.Own;
  A.Weight = Needs.Weight;
  A.By = Needs.By;
  A.Record = Needs.Record;
  A.Why = Needs.Why;
  for (const Part &P : Needs.Parts) {
    const Answer &Sub = solve(P.Sub);
    if (isWorse(Sub.V, Sub.Weight, A.V, A.Weight)) {
      A.V = Sub.V;
      A.Weight = Sub.Weight;
      A.Because = P;
    }
  }
  return A;
}

const Answer &TraitSolver::culprit(const Answer &A) {
  const Answer *Last = &A;
  while (Last->Because)
    Last = &solve(Last->Because->Sub);
  return *Last;
}
