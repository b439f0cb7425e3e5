// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/CrossingFinding.h"

#include "Annotations/Marks.h"
#include "Support/LLVMCompat.h"
#include "Support/Names.h"
#include "Traits/Reason.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace fearless;

std::string fearless::instantiationName(const DeclContext *Innermost) {
  // A lambda or member of a local class belongs to the function around it.
  const FunctionDecl *Function = nullptr;
  const ClassTemplateSpecializationDecl *Class = nullptr;
  for (const DeclContext *Scope = Innermost; Scope; Scope = Scope->getParent()) {
    if (const auto *F = dyn_cast<FunctionDecl>(Scope);
        F && F->isTemplateInstantiation())
      Function = F;
    if (const auto *C = dyn_cast<ClassTemplateSpecializationDecl>(Scope);
        C && !C->isExplicitSpecialization())
      Class = C;
  }
  if (!Function)
    return Class ? displayName(compat::tagType(Class->getASTContext(), Class),
                               Class->getASTContext())
                 : std::string();
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  PrintingPolicy Policy(Function->getASTContext().getLangOpts());
  Policy.SuppressTagKeyword = true;
  Policy.AnonymousTagLocations = false;
  Function->getNameForDiagnostic(OS, Policy, /*Qualified=*/true);
  return OS.str();
}

static std::string quote(QualType T, const ASTContext &Ctx) {
  return "'" + displayName(T, Ctx) + "'";
}

/// "the coroutine 'work'"
static std::string frame(const Crossing &C) {
  return C.Coroutine->getIdentifier()
             ? "the coroutine '" + C.Coroutine->getNameAsString() + "'"
             : std::string("the lambda coroutine");
}

static llvm::StringRef keyword(const Crossing &C) {
  return isa<CoyieldExpr>(C.Across) ? "co_yield" : "co_await";
}

/// It goes on in another thread at this place, rather than as a task that is
/// handed over.
static bool isResumption(const Crossing &C) {
  return C.Coroutine && C.Task.isNull();
}

/// "'counter' of type 'int', captured by reference,"
static std::string subject(const Crossing &C, const ASTContext &Ctx) {
  const std::string Type = quote(C.Needs.Type, Ctx);
  switch (C.Kind) {
  case CrossingKind::CaptureByCopy:
    return C.Name + " of type " + Type + ", captured by the lambda,";
  case CrossingKind::CaptureByReference:
    return C.Name + " of type " + quote(C.Needs.Type.getNonReferenceType(), Ctx) +
           ", captured by reference,";
  case CrossingKind::CaptureThis:
    return "'this' of type " + Type + ", captured by the lambda,";
  case CrossingKind::CaptureStarThis:
    return "'*this' of type " + Type + ", captured by copy,";
  case CrossingKind::ArgumentByReference:
    return C.Name + " of type " + quote(C.Needs.Type.getNonReferenceType(), Ctx) +
           ", passed by reference,";
  case CrossingKind::FunctionObject:
    return "the function object " + (C.Name.empty() ? "" : C.Name + " ") +
           "of type " + Type;
  case CrossingKind::Argument:
    return "the argument " + (C.Name.empty() ? "" : C.Name + " ") + "of type " +
           Type;
  case CrossingKind::FrameParameter:
    return C.Name + " of type " + Type + ", which " + frame(C) + " holds,";
  case CrossingKind::FrameReference:
    return C.Name + " of type " + quote(C.Needs.Type.getNonReferenceType(), Ctx) +
           ", to which " + frame(C) + " refers,";
  case CrossingKind::FrameThis:
    return C.Name + " of type " + Type + ", which " + frame(C) + " holds,";
  case CrossingKind::FrameLocal:
    return C.Name + " of type " + Type + ", which " + frame(C) +
           " holds across " +
           (isResumption(C) ? "this '" : "'") + keyword(C).str() + "',";
  case CrossingKind::Result:
    return "the result of type " + Type;
  case CrossingKind::Exception:
    return "the exception of type " + Type + " that the callable throws";
  }
  return C.Name;
}

static bool comesBack(CrossingKind Kind) {
  return Kind == CrossingKind::Result || Kind == CrossingKind::Exception;
}

static std::string headline(const Violation &V, TraitSolver &Solver) {
  const ASTContext &Ctx = Solver.context();
  const Crossing &C = V.Crossing;
  std::string Text = subject(C, Ctx);
  if (C.IsThreadLocal)
    return Text + " is thread_local and cannot be given to another thread "
                  "through '" + V.Boundary->Name + "'";
  if (comesBack(C.Kind))
    Text += " cannot come back from the thread of '" + V.Boundary->Name + "'";
  else if (V.Culprit->Asked.Asks == Trait::Sync)
    Text += " cannot be shared with another thread through '" +
            V.Boundary->Name + "'";
  else
    Text += " cannot be sent to another thread through '" + V.Boundary->Name +
            "'";
  return Text + ": " + verdictText(*V.Culprit, Ctx);
}

static std::string requirement(const Boundary &B) {
  const std::string Name = "'" + B.Name + "'";
  switch (B.Kind) {
  case BoundaryKind::Spawns:
    return Name + " runs its callable on another thread, which may outlive "
                  "this call: everything it is given must be Send";
  case BoundaryKind::Scoped:
    return Name + " runs its callable on another thread and waits for it: "
                  "everything it is given must be Send";
  case BoundaryKind::Many:
    return Name + " runs its callable on several threads at once: everything "
                  "it uses must be Sync";
  case BoundaryKind::Sending:
    return Name + " gives the value to another thread: it must be Send";
  }
  return {};
}

static Note resumed(const Boundary &B) {
  const ParmVarDecl *Parameter = B.Items.front().MarkedParameter;
  return {Parameter ? Parameter->getLocation() : B.Call->getExprLoc(),
          "'" + B.Name + "' is given the handle of the coroutine, which then goes "
          "on in another thread: everything in its frame must be Send"};
}

/// What to write instead. Each advice names a change that removes the finding;
/// where no mechanical one exists, it says what must become true.
static std::string help(const Violation &V, TraitSolver &Solver) {
  const ASTContext &Ctx = Solver.context();
  const Crossing &C = V.Crossing;
  const Answer &Culprit = *V.Culprit;
  if (C.Kind == CrossingKind::FrameLocal) {
    const std::string Point = "the '" + keyword(C).str() + "'";
    if (!C.Variable)
      return "make it in a statement of its own, whose scope ends before " + Point;
    return isa<ParmVarDecl>(C.Variable)
               ? "move " + C.Name + " out of the coroutine before " + Point
               : "end the scope of " + C.Name + " before " + Point +
                     ", or move it out of the coroutine before";
  }
  if (C.IsThreadLocal)
    return "copy the value before the call and give the thread the copy";
  if (Culprit.By == Rule::Mark)
    return "create the " + quote(Culprit.Asked.Type, Ctx) +
           " on the thread that uses it";
  if (Culprit.By == Rule::Polymorphic)
    return "mark '" + Culprit.Record->getNameAsString() + "' " + Culprit.Why +
           ", which every class derived from it must then be";
  if (!Culprit.Instead.empty())
    return Culprit.Instead;
  if (Culprit.By == Rule::Incomplete && !Culprit.Asked.Type->isVoidType())
    return isa_and_nonnull<ClassTemplateSpecializationDecl>(Culprit.Record)
               ? "instantiate it, with 'template class " +
                     displayName(Culprit.Asked.Type.getUnqualifiedType(), Ctx) + ";'"
               : "include the definition of " +
                     quote(Culprit.Asked.Type.getUnqualifiedType(), Ctx);

  QualType Object = C.Needs.Type.getNonReferenceType();
  if (C.Kind == CrossingKind::CaptureThis || Object->isPointerType()) {
    QualType Pointee = Object->isPointerType() ? Object->getPointeeType()
                                               : Object;
    if (Pointee->isRecordType())
      return "make each member of " + quote(Pointee, Ctx) +
             " const, atomic, or FEARLESS_GUARDED_BY a mutex member, or give "
             "the thread a copy" +
             (C.Kind == CrossingKind::CaptureThis ? " with [*this]" : "");
    return "give the thread its own copy of what " +
           (C.Name.empty() ? std::string("the pointer") : C.Name) +
           " points to";
  }
  const bool Shared = C.Kind == CrossingKind::CaptureByReference ||
                      C.Kind == CrossingKind::ArgumentByReference;
  if (Shared && Solver.solve(Trait::Send, Object).V == Verdict::Yes) {
    std::string Own = C.Kind == CrossingKind::CaptureByReference
                          ? "capture " + C.Name + " by copy or move if the "
                            "thread needs only its own"
                          : "pass " + C.Name + " by value if the thread needs "
                            "only its own copy";
    if (Object->isArithmeticType() && !Object->isFloatingType())
      return "make " + C.Name + " a 'std::atomic<" + displayName(
                 Object.getUnqualifiedType(), Ctx) + ">', or " + Own;
    return "keep it in a 'fearless::mutex<" +
           displayName(Object.getUnqualifiedType(), Ctx) + ">', or " + Own;
  }
  if (C.Kind == CrossingKind::FrameReference)
    return "take it by value, so that the coroutine has a copy of its own";
  if (C.Kind == CrossingKind::Result)
    return "return a value that the thread gives up, not something it shares";
  return {};
}

/// At the place where it becomes part of what crosses.
static const char *whatHappensHere(CrossingKind Kind) {
  switch (Kind) {
  case CrossingKind::FrameParameter:
    return " is a parameter, of which the coroutine keeps a copy";
  case CrossingKind::FrameReference:
    return " is given by reference here, and the coroutine keeps the reference";
  case CrossingKind::FrameLocal:
    return " is made here";
  default:
    return " is captured here";
  }
}

Finding fearless::crossingFinding(llvm::StringRef Check, const Violation &V,
                                  TraitSolver &Solver) {
  const Crossing &C = V.Crossing;
  const Boundary &B = *V.Boundary;
  Finding F;
  F.Check = Check;
  F.Loc = C.Loc.isValid() ? C.Loc : B.Call->getExprLoc();
  F.Range = C.Range;
  F.Message = headline(V, Solver);
  F.Culprit = C.Variable;
  if (C.CapturedAt.isValid() && !compat::isInSystemHeader(
                                    Solver.context().getSourceManager(),
                                    C.CapturedAt))
    F.Notes.push_back({C.CapturedAt, C.Name + whatHappensHere(C.Kind)});
  if (C.Across && !isResumption(C))
    F.Notes.push_back({C.Across->getKeywordLoc(),
                       frame(C) + " is suspended here while it is alive"});
  if (!C.IsThreadLocal)
    for (ReasonStep &Step : explain(Solver, *V.Answer, F.Loc))
      F.Notes.push_back({Step.Loc, std::move(Step.Text)});
  else
    F.Notes.push_back({C.Variable ? C.Variable->getLocation() : F.Loc,
                       "each thread has its own; this one ends with its "
                       "thread"});
  if (const ParmVarDecl *Parameter = C.Item ? C.Item->MarkedParameter : nullptr)
    F.Notes.push_back(
        {Parameter->getLocation(),
         requirement(B) + " (its parameter is marked FEARLESS_" +
             std::string(C.Item->Kind == BoundaryKind::Spawns   ? "SPAWNS"
                         : C.Item->Kind == BoundaryKind::Scoped ? "SPAWNS_SCOPED"
                         : C.Item->Kind == BoundaryKind::Many   ? "SPAWNS_MANY"
                                                                : "SENDING") +
             ")"});
  else
    F.Notes.push_back(isResumption(C)
                          ? resumed(B)
                          : Note{B.Call->getExprLoc(), requirement(B)});
  F.Help = help(V, Solver);
  F.HelpLoc = F.Loc;
  F.Instantiation = instantiationName(isResumption(C) ? C.Coroutine : B.Caller);
  return F;
}
