// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Answers Send(T) and Sync(T), three-valued and with the proof. Coinductive: a
// question that is still being answered counts as Yes, as with Rust's auto
// traits, so recursive types terminate. The answer of a group of mutually
// dependent questions is the least of all of them, found with Tarjan's
// algorithm; it does not depend on which was asked first.

#ifndef FEARLESS_TRAITS_TRAITSOLVER_H
#define FEARLESS_TRAITS_TRAITSOLVER_H

#include "Traits/ConstituentTypes.h"

#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <optional>

namespace fearless {

struct Answer {
  Goal Asked;
  Verdict V = Verdict::Yes;
  Strength Weight = Strength::Structural;
  Rule By = Rule::Structure;
  const clang::TagDecl *Record = nullptr;
  std::string Why;
  std::string Instead;
  /// The part that made the verdict what it is; nothing when the rule itself
  /// did. Following it leads to the culprit and always ends.
  std::optional<Part> Because;
};

/// One solver serves one translation unit, at its end: answers for incomplete
/// types are kept. Not thread-safe.
class TraitSolver {
public:
  TraitSolver(const clang::ASTContext &Ctx, const ModelTable &Models);
  ~TraitSolver();

  /// Linear in the size of the types not yet asked of; constant when known.
  /// The reference stays valid as long as the solver.
  const Answer &solve(Trait Asks, clang::QualType Type);
  const Answer &solve(const Goal &G);

  /// Judges a class by its structure, whatever its marks say: the proof that a
  /// mark needs. The class's own marks do count for its members, so that a
  /// recursive class may rely on what it promises.
  Answer solveIgnoringMarks(const Goal &G);

  /// The answer at the end of the chain that starts at \p A.
  const Answer &culprit(const Answer &A);

  const clang::ASTContext &context() const { return Ctx; }
  const ModelTable &models() const { return Models; }
  /// How many questions were answered; for the linearity tests.
  size_t numAnswers() const { return Answers.size(); }

private:
  struct Node;
  using Key = std::pair<const void *, unsigned>;
  static Key key(const Goal &G) {
    return {G.Type.getAsOpaquePtr(), static_cast<unsigned>(G.Asks)};
  }
  void complete(llvm::ArrayRef<Node *> Component);

  const clang::ASTContext &Ctx;
  const ModelTable &Models;
  llvm::DenseMap<Key, std::unique_ptr<Answer>> Answers;
};

} // namespace fearless

#endif // FEARLESS_TRAITS_TRAITSOLVER_H
