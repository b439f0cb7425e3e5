// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Traits/Reason.h"

#include "Annotations/Marks.h"
#include "Support/LLVMCompat.h"
#include "Support/Names.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace clang;
using namespace fearless;

static std::string quote(QualType T, const ASTContext &Ctx) {
  return "'" + displayName(T, Ctx) + "'";
}

std::string fearless::verdictText(const Answer &A, const ASTContext &Ctx) {
  return quote(A.Asked.Type, Ctx) +
         (A.V == Verdict::Unknown ? " is not known to be " : " is not ") +
         name(A.Asked.Asks).str();
}

/// Why the last type of a chain fails.
static std::string culpritText(const Answer &A, const ASTContext &Ctx) {
  const std::string Type = quote(A.Asked.Type, Ctx);
  switch (A.By) {
  case Rule::Scalar:
    return "nothing synchronizes " + quote(A.Asked.Type, Ctx) +
           ": one thread may write it while another uses it";
  case Rule::Incomplete:
    if (A.Asked.Type->isVoidType())
      return "'void' hides the type of what is pointed to";
    if (isa_and_nonnull<ClassTemplateSpecializationDecl>(A.Record) &&
        cast<ClassTemplateSpecializationDecl>(A.Record)
            ->getSpecializedTemplate()
            ->getTemplatedDecl()
            ->hasDefinition())
      return Type + " is only named in this file, never used so that its "
                    "members become known";
    return Type + " is only declared here, so what it holds is not known";
  case Rule::Polymorphic:
    return "the object may be of any class derived from '" +
           A.Record->getNameAsString() + "', which is not marked " + A.Why;
  case Rule::Mark:
    return Type + " is marked FEARLESS_NOT_" +
           llvm::StringRef(name(A.Asked.Asks)).upper() +
           (A.Why.empty() ? "" : ": " + A.Why);
  case Rule::Model:
    if (!A.Why.empty())
      return Type + ": " + A.Why;
    return A.V == Verdict::Unknown
               ? "what " + Type + " holds is not known"
               : "nothing synchronizes " + Type;
  case Rule::Unsupported:
    return "Fearless does not understand types like " + Type;
  case Rule::Dependent:
    return Type + " depends on a template parameter";
  case Rule::Function:
  case Rule::Pointer:
  case Rule::Element:
  case Rule::Structure:
  case Rule::Closure:
    break;
  }
  return verdictText(A, Ctx);
}

/// The sentence of one link, or empty when it is folded into the next.
static std::string linkText(const Part &P, const Answer &Whole,
                            const ASTContext &Ctx) {
  const std::string Type = quote(P.Sub.Type, Ctx);
  switch (P.Kind) {
  case PartKind::Field:
  case PartKind::GuardedField: {
    const auto *Field = cast<FieldDecl>(P.Decl);
    std::string Owner = Field->getParent()->getNameAsString();
    std::string Name = Field->getIdentifier()
                           ? "field '" + (Owner.empty() ? "" : Owner + "::") +
                                 Field->getNameAsString() + "'"
                           : std::string("an unnamed member");
    if (P.Kind == PartKind::GuardedField)
      return Name + " is guarded by a lock, but a value of type " + Type +
             " must not move between threads at all";
    return "because " + Name + " has type " +
           quote(Field->getType(), Ctx) +
           (Field->isMutable() && P.Sub.Asks == Trait::Sync
                ? " and is mutable, so that const does not protect it"
                : "");
  }
  case PartKind::Base:
    return "because " + Type + " is a base class of " +
           quote(Whole.Asked.Type.getUnqualifiedType(), Ctx);
  case PartKind::Capture: {
    const bool ByReference =
        P.Capture && P.Capture->getCaptureKind() == LCK_ByRef;
    if (!P.Decl)
      return "because the lambda captures 'this'";
    return "because the lambda captures '" + P.Decl->getNameAsString() +
           (ByReference ? "' by reference, of type " : "' of type ") + Type;
  }
  case PartKind::Argument:
    // "shared_ptr<T> is Send only if T is Sync"
    return quote(Whole.Asked.Type, Ctx) + " is " +
           name(Whole.Asked.Asks).str() + " only if " + Type + " is " +
           name(P.Sub.Asks).str();
  case PartKind::Pointee:
  case PartKind::Element:
    return {};
  }
  return {};
}

llvm::SmallVector<ReasonStep, 4> fearless::explain(TraitSolver &Solver,
                                                   const Answer &A,
                                                   SourceLocation Fallback) {
  const ASTContext &Ctx = Solver.context();
  const SourceManager &SM = Ctx.getSourceManager();
  auto IsUsers = [&](SourceLocation Loc) {
    return Loc.isValid() && !compat::isInSystemHeader(SM, Loc);
  };
  llvm::SmallVector<ReasonStep, 4> Steps;
  SourceLocation Last = Fallback;
  const Answer *At = &A;
  // Inside the library only the first type, the one the user wrote, is named.
  bool InLibrary = false;
  while (At->Because) {
    const Part &P = *At->Because;
    const bool Users = IsUsers(P.Loc);
    if (Users)
      Last = P.Loc;
    const bool LibraryPart = !Users && P.Kind != PartKind::Argument;
    if (!LibraryPart && !InLibrary)
      if (std::string Text = linkText(P, *At, Ctx); !Text.empty())
        Steps.push_back({Last, std::move(Text)});
    InLibrary = P.Kind == PartKind::Argument ? false : LibraryPart && P.Decl;
    At = &Solver.solve(P.Sub);
  }
  SourceLocation Loc = At->Record ? At->Record->getLocation() : SourceLocation();
  Steps.push_back({IsUsers(Loc) ? Loc : Last, culpritText(*At, Ctx)});
  return Steps;
}

//===----------------------------------------------------------------------===//
// dump=traits
//===----------------------------------------------------------------------===//

static llvm::StringRef ruleName(Rule R) {
  switch (R) {
  case Rule::Scalar:
    return "plain value";
  case Rule::Function:
    return "function";
  case Rule::Pointer:
    return "pointer or reference";
  case Rule::Polymorphic:
    return "polymorphic pointee without mark";
  case Rule::Element:
    return "element";
  case Rule::Structure:
    return "members";
  case Rule::Closure:
    return "captures";
  case Rule::Mark:
    return "mark";
  case Rule::Model:
    return "model";
  case Rule::Incomplete:
    return "incomplete";
  case Rule::Dependent:
    return "dependent";
  case Rule::Unsupported:
    return "not understood";
  }
  return "";
}

static void dumpGoal(llvm::raw_ostream &OS, TraitSolver &Solver, const Goal &G,
                     unsigned Depth,
                     std::set<std::pair<const void *, unsigned>> &Seen) {
  const Answer &A = Solver.solve(G);
  OS.indent(Depth * 2) << name(G.Asks) << "("
                       << displayName(G.Type, Solver.context())
                       << ") = " << name(A.V);
  if (A.V == Verdict::No && A.Weight == Strength::Explicit)
    OS << " (explicit)";
  OS << ", by " << ruleName(A.By);
  const bool First =
      Seen.insert({G.Type.getAsOpaquePtr(), static_cast<unsigned>(G.Asks)})
          .second;
  Constituents Needs = constituentsOf(G, Solver.context(), Solver.models());
  if (!First && !Needs.Parts.empty()) {
    OS << " (see above)\n";
    return;
  }
  OS << "\n";
  for (const Part &P : Needs.Parts) {
    if (P.Decl && P.Kind != PartKind::Argument && P.Decl->getIdentifier())
      OS.indent(Depth * 2 + 1) << "." << P.Decl->getName() << ":\n";
    dumpGoal(OS, Solver, P.Sub, Depth + 1, Seen);
  }
}

void fearless::dump(llvm::raw_ostream &OS, TraitSolver &Solver,
                    const Goal &G) {
  std::set<std::pair<const void *, unsigned>> Seen;
  dumpGoal(OS, Solver, G, 0, Seen);
}
