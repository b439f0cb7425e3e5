// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-annotation: a mark that contradicts the structure, another mark, or
// stands where it means nothing; and assertions that do not hold.

#include "Annotations/LockPath.h"
#include "Annotations/Marks.h"
#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"
#include "Checks/MarkText.h"
#include "Checks/MarkVerification.h"
#include "Checks/Variance.h"
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
  void notALock(const Decl *D, const Mark &M, llvm::StringRef Text,
                const ValueDecl *Lock);
  void broken(const TagDecl *Tag, const Mark &M, const BrokenClaim &Broken);
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
    // A callable parameter may say where it is run.
    Fits = isa<FunctionDecl>(D) || isa<FunctionTemplateDecl>(D) ||
           (M.Kind == MarkKind::RunsOn && isa<ParmVarDecl>(D));
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
      markLocation(M, U.Ctx),
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
      Finding &F = finding(markLocation(Marks[I], U.Ctx), std::move(Message), D);
      F.Notes.push_back({markLocation(Marks[J], U.Ctx), MB + " is here"});
      const bool Twice = A->Negative == B->Negative;
      F.Help = Twice ? "remove one of them" : "keep the one that is true";
      if (Twice && Marks[I].Kind == Marks[J].Kind)
        removeMark(Marks[I], U.Ctx, F.Fixes);
      add(F);
    }
  }
}

void Run::notALock(const Decl *D, const Mark &M, llvm::StringRef Text,
                   const ValueDecl *Lock) {
  const std::string Macro = macroName(M.Kind);
  if (!Lock) {
    Finding &F = finding(markLocation(M, U.Ctx),
                         Macro + "(" + Text.str() +
                             ") names no member or variable that is in scope",
                         D);
    F.Help = "name a mutex of the same object, or a variable";
    return add(F);
  }
  Finding &F = finding(markLocation(M, U.Ctx),
                       Macro + " names '" + Lock->getNameAsString() +
                           "' of type '" + displayName(Lock->getType(), U.Ctx) +
                           "', which is no lock",
                       D);
  F.Notes.push_back({Lock->getLocation(),
                     "'" + Lock->getNameAsString() + "' is declared here"});
  F.Help = "name a mutex, or a class with lock() and unlock()";
  add(F);
}

/// What guards must be a lock: what it names orders the accesses.
void Run::lock(const Decl *D, const Mark &M) {
  const auto *Value = dyn_cast<ValueDecl>(D);
  if ((placeOf(M.Kind) != MarkPlace::Field &&
       placeOf(M.Kind) != MarkPlace::Function) ||
      M.Kind == MarkKind::RunsOn || M.Malformed || !Value ||
      D->getDeclContext()->isDependentContext() ||
      (isa<FunctionDecl>(D) && cast<FunctionDecl>(D)->isDependentContext()))
    return; // a template is judged in its instantiations
  for (const std::optional<LockPath> &Path : lockPathsOf(M, Value)) {
    const ValueDecl *Lock = Path ? Path->last() : nullptr;
    if (!Lock || Lock == D || !isLock(Lock, U.Solver.models()))
      notALock(D, M, Path ? Path->Text : M.Text, Lock);
  }
  // Only a pointer has something behind it.
  QualType Type = Value->getType();
  if (M.Kind != MarkKind::PtGuardedBy || Type->isAnyPointerType() ||
      Type->isReferenceType() || Type->isDependentType() || Type->isRecordType())
    return;
  Finding &F = finding(markLocation(M, U.Ctx),
                       macroName(M.Kind) + " on '" + Value->getNameAsString() +
                           "' of type '" + displayName(Type, U.Ctx) +
                           "', which points to nothing",
                       D);
  F.Help = "write FEARLESS_GUARDED_BY(" + M.Text + ")";
  replaceMark(M, U.Ctx, "FEARLESS_GUARDED_BY(" + M.Text + ")", F.Fixes);
  add(F);
}

/// A verified mark that the structure does not bear out.
void Run::broken(const TagDecl *Tag, const Mark &M, const BrokenClaim &Broken) {
  const Answer &Culprit = U.Solver.culprit(Broken.Judged);
  const std::string Type = displayName(Broken.Judged.Asked.Type, U.Ctx);
  Finding &F = finding(markLocation(M, U.Ctx),
                       macroName(M.Kind) + " on '" + Type +
                           "' is not true: " + verdictText(Culprit, U.Ctx),
                       Tag);
  for (ReasonStep &Step : explain(U.Solver, Broken.Judged, Tag->getLocation()))
    F.Notes.push_back({Step.Loc, std::move(Step.Text)});
  F.Help = "change the member so that the mark holds, or remove the mark";
  if (isInstantiation(*Tag)) {
    F.Instantiation = Type;
    const auto *Class = dyn_cast<CXXRecordDecl>(Tag);
    const auto *Pattern =
        Class ? dyn_cast_or_null<CXXRecordDecl>(
                    Class->getTemplateInstantiationPattern())
              : nullptr;
    std::string Wanted;
    std::optional<Mark> OfPattern =
        Pattern ? markOf(Pattern, M.Kind) : std::nullopt;
    if (OfPattern)
      for (const MissingDemand &Each :
           missingDemands(*Pattern, *OfPattern, U.Solver.models()))
        Wanted += (Wanted.empty() ? "" : ", ") + Each.wanted();
    if (!Wanted.empty()) {
      const std::string Better = withConditions(M, U.Ctx, Wanted);
      F.Help = "write " + Better;
      replaceMark(M, U.Ctx, Better, F.Fixes);
    } else {
      F.Help = "add the condition under which the mark holds, or remove it";
    }
  } else if (M.Kind == MarkKind::Sync &&
             verifyConst(*Tag, U.Solver)) {
    F.Help = "write FEARLESS_SYNC_CONST, which is true: several threads may "
             "read one object";
    replaceMark(M, U.Ctx, "FEARLESS_SYNC_CONST", F.Fixes);
  }
  add(F);
}

void Run::marks(const Decl *D) {
  for (const Attr *A : D->attrs())
    if (llvm::StringRef Spelling = unknownSpelling(A); !Spelling.empty())
      add(finding(U.Ctx.getSourceManager().getExpansionLoc(A->getLocation()),
                  "unknown mark \"" + Spelling.str() + "\"", D));
  const MarkList Marks = marksOf(D);
  for (const Mark &M : Marks) {
    place(D, M);
    if (M.Malformed)
      add(finding(markLocation(M, U.Ctx),
                  macroName(M.Kind) + " expects " + M.Malformed, D));
    std::optional<TypeClaim> Claim = claimOf(M.Kind);
    if (const auto *Tag = dyn_cast<TagDecl>(D);
        Claim && Claim->Conditional && !M.HasConditions && Tag &&
        !isInstantiation(*Tag))
      add(finding(markLocation(M, U.Ctx),
                  macroName(M.Kind) +
                      " expects fearless::send<T> or fearless::sync<T>",
                  D));
    if (Claim && Claim->Negative && M.Text.empty() && !M.Malformed) {
      Finding &F = finding(markLocation(M, U.Ctx),
                           macroName(M.Kind) + " needs a reason", D);
      F.Help = "say what ties it to one thread: the text is shown to whoever "
               "breaks the rule";
      add(F);
    }
    lock(D, M);
  }
  contradictions(D, Marks);
  if (const auto *Tag = dyn_cast<TagDecl>(D))
    for (const Mark &M : Marks)
      if (std::optional<BrokenClaim> Broken = verify(*Tag, M, U.Solver))
        broken(Tag, M, *Broken);
}

void Run::assertion(const Assertion &A) {
  const Answer &Answer = U.Solver.solve(A.Asks, A.Type);
  const bool Holds = (Answer.V == Verdict::Yes) != A.Negative;
  if (Holds || Answer.By == Rule::Dependent)
    return;
  // Where the macro is used: each assertion is a fault of its own.
  const SourceLocation Loc =
      U.Ctx.getSourceManager().getExpansionLoc(A.Decl->getLocation());
  const std::string Type = "'" + displayName(A.Type, U.Ctx) + "'";
  Finding &F = finding(Loc, "assertion failed: " + Type +
                                (A.Negative ? " is "
                                 : Answer.V == Verdict::Unknown
                                     ? " is not known to be "
                                     : " is not ") +
                                name(A.Asks).str());
  F.Instantiation = instantiationName(A.Decl->getDeclContext());
  if (!A.Negative) {
    for (ReasonStep &Step : explain(U.Solver, Answer, F.Loc))
      F.Notes.push_back({Step.Loc, std::move(Step.Text)});
    F.Help = U.Solver.culprit(Answer).Instead;
  }
  add(F);
}

void Run::allowance(const Allowance &A) {
  const bool Names = llvm::any_of(allChecks(), [&](const CheckInfo &Info) {
    return matchesCheck(A.Check, Info.Name);
  });
  const SourceLocation Loc = U.Ctx.getSourceManager().getExpansionLoc(A.Loc);
  if (!Names)
    add(finding(Loc, "FEARLESS_ALLOW names no check: \"" + A.Check + "\"",
                A.On));
  else if (llvm::StringRef(A.Why).trim().empty())
    add(finding(Loc, "FEARLESS_ALLOW needs a reason", A.On));
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
      F.Help = "change the member so that the promise holds";
      if (isInstantiation(*Class))
        F.Instantiation = displayName(Breach.Judged.Asked.Type, U.Ctx);
      Out.add(std::move(F));
    }
}
