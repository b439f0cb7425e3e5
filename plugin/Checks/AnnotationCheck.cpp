// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-annotation: a mark that contradicts the structure, another mark, or
// stands where it means nothing; and assertions that do not hold.

#include "Annotations/LockPath.h"
#include "Annotations/Marks.h"
#include "Checks/Check.h"
#include "Checks/MarkVerification.h"
#include "Diagnostics/Suppressions.h"
#include "Support/Names.h"
#include "Traits/Locks.h"
#include "Traits/Reason.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;

namespace {

class Run {
public:
  Run(llvm::StringRef Name, const AnalyzedUnit &U, FindingList &Out)
      : Name(Name), U(U), Out(Out) {}

  void marks(const Decl *D);
  void assertion(const Assertion &A);
  void allowance(const Allowance &A);

private:
  void place(const Decl *D, const Mark &M);
  void contradictions(const Decl *D, llvm::ArrayRef<Mark> Marks);
  void lock(const Decl *D, const Mark &M);
  Finding &finding(SourceLocation Loc, std::string Message,
                   const Decl *Culprit = nullptr) {
    Current = Finding();
    Current.Check = Name;
    Current.Loc = Loc;
    Current.Message = std::move(Message);
    Current.Culprit = Culprit;
    return Current;
  }
  void add(Finding &F) { Out.add(std::move(F)); }

  const llvm::StringRef Name;
  const AnalyzedUnit &U;
  FindingList &Out;
  Finding Current;
};

llvm::StringRef placeName(MarkPlace Place) {
  switch (Place) {
  case MarkPlace::Type:
    return "a class, union or enumeration";
  case MarkPlace::Field:
    return "a data member or variable";
  case MarkPlace::Function:
    return "a function";
  case MarkPlace::Parameter:
    return "a parameter";
  case MarkPlace::Any:
    break;
  }
  return "a declaration";
}

} // namespace

void Run::place(const Decl *D, const Mark &M) {
  bool Fits = true;
  switch (placeOf(M.Kind)) {
  case MarkPlace::Type:
    Fits = isa<TagDecl>(D);
    break;
  case MarkPlace::Field:
    Fits = isa<FieldDecl>(D) || (isa<VarDecl>(D) && !isa<ParmVarDecl>(D));
    break;
  case MarkPlace::Function:
    Fits = isa<FunctionDecl>(D) || isa<FunctionTemplateDecl>(D);
    break;
  case MarkPlace::Parameter:
    Fits = isa<ParmVarDecl>(D) ||
           (M.Kind == MarkKind::Sending && isa<FunctionDecl>(D));
    break;
  case MarkPlace::Any:
    break;
  }
  if (Fits)
    return;
  const std::string Macro = macroName(M.Kind);
  const auto *Alias = dyn_cast<TypedefNameDecl>(D);
  Finding &F = finding(
      M.Attribute->getLocation(),
      Alias ? Macro + " on the alias '" + Alias->getNameAsString() +
                  "' says nothing: an alias is no type of its own"
            : Macro + " stands where it means nothing: it belongs on " +
                  placeName(placeOf(M.Kind)).str(),
      D);
  F.Help = Alias ? "mark the class itself, or an own class that holds it"
                 : "move it there, or remove it";
  add(F);
}

void Run::contradictions(const Decl *D, llvm::ArrayRef<Mark> Marks) {
  for (size_t I = 0; I != Marks.size(); ++I) {
    std::optional<TypeClaim> A = claimOf(Marks[I].Kind);
    if (!A)
      continue;
    for (size_t J = 0; J != I; ++J) {
      std::optional<TypeClaim> B = claimOf(Marks[J].Kind);
      if (!B || A->About != B->About)
        continue;
      const std::string MA = macroName(Marks[I].Kind),
                        MB = macroName(Marks[J].Kind);
      std::string Message;
      if (A->Negative != B->Negative)
        Message = MA + " contradicts " + MB + " on the same type";
      else if (A->ConstOnly == B->ConstOnly)
        Message = MA + " and " + MB + " say the same twice";
      else
        continue;
      Finding &F = finding(Marks[I].Attribute->getLocation(),
                           std::move(Message), D);
      F.Notes.push_back({Marks[J].Attribute->getLocation(), MB + " is here"});
      F.Help = "keep the one that is true";
      add(F);
    }
  }
}

/// GUARDED_BY must name a lock: what it names orders the accesses.
void Run::lock(const Decl *D, const Mark &M) {
  const auto *Field = dyn_cast<FieldDecl>(D);
  if (!Field || Field->getParent()->isDependentContext() ||
      (M.Kind != MarkKind::GuardedBy && M.Kind != MarkKind::PtGuardedBy))
    return;
  const std::string Macro = macroName(M.Kind);
  const ValueDecl *Lock = lockNamedBy(M, Field);
  if (!Lock) {
    Finding &F = finding(M.Attribute->getLocation(),
                         Macro + "(" + M.Text +
                             ") names no member or variable that is in scope",
                         D);
    F.Help = "name a mutex of the same object, or a variable";
    return add(F);
  }
  QualType Type = Lock->getType().getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  if (isLock(Lock, U.Solver.models()))
    return;
  Finding &F = finding(M.Attribute->getLocation(),
                       Macro + " names '" + Lock->getNameAsString() +
                           "' of type '" + displayName(Type, U.Ctx) +
                           "', which is no lock",
                       D);
  F.Notes.push_back({Lock->getLocation(),
                     "'" + Lock->getNameAsString() + "' is declared here"});
  add(F);
}

void Run::marks(const Decl *D) {
  for (const Attr *A : D->attrs())
    if (llvm::StringRef Spelling = unknownSpelling(A); !Spelling.empty())
      add(finding(A->getLocation(),
                  "unknown mark \"" + Spelling.str() + "\"", D));
  const MarkList Marks = marksOf(D);
  for (const Mark &M : Marks) {
    place(D, M);
    if (M.Malformed)
      add(finding(M.Attribute->getLocation(),
                  macroName(M.Kind) + " expects " + M.Malformed, D));
    std::optional<TypeClaim> Claim = claimOf(M.Kind);
    if (Claim && Claim->Negative && M.Text.empty() && !M.Malformed)
      add(finding(M.Attribute->getLocation(),
                  macroName(M.Kind) + " needs a reason", D));
    lock(D, M);
  }
  contradictions(D, Marks);
  if (const auto *Class = dyn_cast<CXXRecordDecl>(D))
    for (const Mark &M : Marks)
      if (std::optional<BrokenClaim> Broken = verify(*Class, M, U.Solver)) {
        Finding &F = finding(M.Attribute->getLocation(),
                             macroName(M.Kind) + " on '" +
                                 displayName(Broken->Judged.Asked.Type, U.Ctx) +
                                 "' is not true: " +
                                 verdictText(U.Solver.culprit(Broken->Judged),
                                             U.Ctx),
                             D);
        for (ReasonStep &Step :
             explain(U.Solver, Broken->Judged, Class->getLocation()))
          F.Notes.push_back({Step.Loc, std::move(Step.Text)});
        F.Help = "remove the mark, or change the member so that it holds";
        if (isa<ClassTemplateSpecializationDecl>(Class)) {
          F.Instantiation = displayName(Broken->Judged.Asked.Type, U.Ctx);
          F.Help = "make the mark conditional with " + macroName(M.Kind) +
                   "_IF, or change the member so that it holds";
          if (claimOf(M.Kind)->Conditional)
            F.Help = "add the condition that is missing";
        }
        add(F);
      }
}

void Run::assertion(const Assertion &A) {
  const Answer &Answer = U.Solver.solve(A.Asks, A.Type);
  const bool Holds = (Answer.V == Verdict::Yes) != A.Negative;
  if (Holds || Answer.By == Rule::Dependent)
    return;
  const std::string Type = "'" + displayName(A.Type, U.Ctx) + "'";
  if (A.Negative)
    return add(finding(A.Decl->getLocation(), "assertion failed: " + Type +
                                                  " is " + name(A.Asks).str()));
  Finding &F = finding(A.Decl->getLocation(),
                       "assertion failed: " + Type +
                           (Answer.V == Verdict::Unknown
                                ? " is not known to be "
                                : " is not ") +
                           name(A.Asks).str());
  for (ReasonStep &Step : explain(U.Solver, Answer, F.Loc))
    F.Notes.push_back({Step.Loc, std::move(Step.Text)});
  F.Help = U.Solver.culprit(Answer).Instead;
  add(F);
}

void Run::allowance(const Allowance &A) {
  if (llvm::none_of(allChecks(), [&](const CheckInfo &Info) {
        return matchesCheck(A.Check, Info.Name);
      }))
    add(finding(A.Loc, "FEARLESS_ALLOW names no check: \"" + A.Check + "\"",
                A.On));
  else if (llvm::StringRef(A.Why).trim().empty())
    add(finding(A.Loc, "FEARLESS_ALLOW needs a reason", A.On));
}

void AnnotationCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  Run R(Name, U, Out);
  for (const Decl *D : U.Unit.Marked)
    R.marks(D);
  for (const Assertion &A : U.Unit.Assertions)
    R.assertion(A);
  for (const Allowance &A : U.Unit.Allowances)
    R.allowance(A);

  // The mark of a polymorphic base is a promise about every derived class.
  for (const CXXRecordDecl *Class : U.Unit.Derived)
    for (const InheritedBreach &Breach : inheritedBreaches(*Class, U.Solver)) {
      Finding F;
      F.Check = Name;
      F.Loc = Class->getLocation();
      F.Culprit = Class;
      F.Message = "'" + Class->getNameAsString() + "' must be " +
                  name(Breach.Judged.Asked.Asks).str() +
                  ", because its base class '" +
                  Breach.Base->getNameAsString() + "' is marked " +
                  macroName(Breach.Kind) + ": " +
                  verdictText(U.Solver.culprit(Breach.Judged), U.Ctx);
      for (ReasonStep &Step :
           explain(U.Solver, Breach.Judged, Class->getLocation()))
        F.Notes.push_back({Step.Loc, std::move(Step.Text)});
      F.Notes.push_back({Breach.Base->getLocation(),
                         "a pointer to '" + Breach.Base->getNameAsString() +
                             "' may point to this class"});
      Out.add(std::move(F));
    }
}
