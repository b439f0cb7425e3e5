// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Crossing.h"

#include "Boundaries/BoundaryFinder.h"
#include "Annotations/Marks.h"
#include "Captures/Contents.h"
#include "Captures/Written.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace fearless;

namespace {

class Collector {
public:
  Collector(const Boundary &B, const TraitSolver &Solver)
      : B(B), Solver(Solver), Ctx(Solver.context()) {}

  llvm::SmallVector<Crossing, 4> run() {
    for (const Handed &H : B.Items) {
      Item = &H;
      // All threads use the one object; the caller may use it meanwhile, but
      // not while it waits for the call to end.
      Shared = H.Kind == BoundaryKind::Many ||
               (H.ByReference && H.Kind != BoundaryKind::Scoped);
      HandedOver = nullptr;
      item(H.Value, H.IsCallable);
    }
    for (Crossing &C : resultsOf(B, Ctx))
      Out.push_back(std::move(C));
    return std::move(Out);
  }

private:
  void item(const Expr *Value, bool IsCallable);
  void closure(const CXXRecordDecl *Closure, const Expr *Value);
  void capture(const CXXRecordDecl *Closure, const LambdaCapture &Capture,
               const FieldDecl *Field);
  bool heldByCapture(const LambdaCapture &Capture, const VarDecl *Variable);
  void argument(const Expr *Value, bool IsCallable);
  bool isChecked(const ParmVarDecl *Parameter) const {
    std::optional<BoundaryKind> Kind =
        Parameter ? boundaryOf(Parameter) : std::nullopt;
    return Kind && coversKind(*Kind, Item->Kind);
  }
  Crossing &add(CrossingKind Kind, Trait Asks, QualType Type,
                std::string Name, SourceRange Range) {
    Crossing C(Kind, Goal::make(Asks, Type, Ctx), std::move(Name), Range);
    C.Item = Item;
    return Out.emplace_back(std::move(C));
  }
  /// What every thread uses, and may have a copy of.
  Crossing &addShared(CrossingKind Kind, QualType Type, std::string Name,
                      SourceRange Range) {
    Crossing &C = add(Kind, Trait::Sync, Type, std::move(Name), Range);
    if (Item->Kind == BoundaryKind::Many)
      C.NeedsToo = Goal::make(Trait::Send, Type, Ctx);
    return C;
  }

  const Boundary &B;
  const TraitSolver &Solver;
  const ASTContext &Ctx;
  llvm::SmallVector<Crossing, 4> Out;
  const Handed *Item = nullptr;
  bool Shared = false;
  /// The variable that is handed over, when its content was made elsewhere:
  /// findings stand there.
  const Expr *HandedOver = nullptr;
};

bool isThreadLocal(const VarDecl *Variable) {
  return Variable && Variable->getTLSKind() != VarDecl::TLS_None;
}

} // namespace

void Collector::item(const Expr *Value, bool IsCallable) {
  if (isChecked(checkedParameter(Value)))
    return;
  const Expr *E = passedOn(Value);
  if (const CXXRecordDecl *Class =
          E->getType().getNonReferenceType()->getAsCXXRecordDecl();
      Class && Class->isLambda())
    return closure(Class, E);
  auto Held = contentsOf(E, B.Caller, Solver.models());
  if (!Held)
    return argument(Value, IsCallable);
  const Expr *Outer = HandedOver;
  if (!HandedOver && isa<DeclRefExpr>(E))
    HandedOver = E;
  for (const Content &C : *Held)
    item(C.Value, C.IsCallable && IsCallable);
  HandedOver = Outer;
}

/// Every capture is a crossing of its own, so that each finding names one.
void Collector::closure(const CXXRecordDecl *Closure, const Expr *Value) {
  const size_t First = Out.size();
  auto Field = Closure->field_begin();
  for (const LambdaCapture &C : Closure->captures()) {
    if (Field == Closure->field_end())
      break;
    capture(Closure, C, *Field++);
  }
  // A lambda held in a variable is reported where it is handed over.
  const Expr *At = HandedOver ? HandedOver : Value;
  if (!HandedOver && isa<LambdaExpr>(Value))
    return;
  for (Crossing &C : llvm::drop_begin(Out, First)) {
    C.CapturedAt = C.Loc;
    C.Loc = At->getExprLoc();
    C.Range = At->getSourceRange();
  }
}

/// A wrapper in a capture whose content is in sight.
bool Collector::heldByCapture(const LambdaCapture &Capture,
                              const VarDecl *Variable) {
  if (!Variable || Capture.getCaptureKind() != LCK_ByCopy)
    return false;
  auto Held = Variable->isInitCapture() && Variable->getInit()
                  ? contentsOf(Variable->getInit(), B.Caller, Solver.models())
                  : contentsOf(Variable, B.Caller, Solver.models());
  if (!Held)
    return false;
  for (const Content &C : *Held)
    item(C.Value, C.IsCallable);
  return true;
}

void Collector::capture(const CXXRecordDecl *Closure,
                        const LambdaCapture &Capture, const FieldDecl *Field) {
  const CXXMethodDecl *Call = Closure->getLambdaCallOperator();
  const bool ConstCall = Call && Call->isConst();
  QualType Type = Field->getType();
  const ValueDecl *Variable =
      Capture.capturesVariable() ? Capture.getCapturedVar() : nullptr;
  const auto *Var = dyn_cast_or_null<VarDecl>(Variable);
  const Expr *Init = Var && Var->isInitCapture() ? Var->getInit() : nullptr;

  // [f = std::forward<F>(f)] or [&f] of a marked parameter: it was checked.
  if (isChecked(dyn_cast_or_null<ParmVarDecl>(Variable)) ||
      (Init && isChecked(checkedParameter(Init))))
    return;
  if (heldByCapture(Capture, Var))
    return;

  CrossingKind Kind = CrossingKind::CaptureByCopy;
  Trait Asks = Trait::Send;
  const bool ByReference = Capture.getCaptureKind() == LCK_ByRef;
  if (Capture.capturesThis())
    Kind = Capture.getCaptureKind() == LCK_StarThis
               ? CrossingKind::CaptureStarThis
               : CrossingKind::CaptureThis;
  else if (ByReference)
    Kind = CrossingKind::CaptureByReference;

  if (ByReference) {
    // A variable that is no reference is exactly of its type.
    if (!Variable->getType()->isReferenceType()) {
      Type = Type.getNonReferenceType();
      Asks = Trait::Sync;
    }
  } else if (Shared && Kind != CrossingKind::CaptureThis &&
             !Type->isReferenceType()) {
    Asks = Trait::Sync;
    if (ConstCall)
      Type.addConst();
  }
  std::string Name =
      Variable && Variable->getIdentifier()
          ? "'" + Variable->getNameAsString() + "'"
          : std::string("'this'");
  const SourceRange Range(Capture.getLocation());
  Crossing &C = Asks == Trait::Sync && !ByReference
                    ? addShared(Kind, Type, std::move(Name), Range)
                    : add(Kind, Asks, Type, std::move(Name), Range);
  C.Variable = Variable;
  C.Capture = &Capture;
  C.Closure = Closure;

  const VarDecl *Object = ByReference ? Var : nullptr;
  if (Init) {
    // [p = &x], [p = array], [&r = x]
    const Expr *E = written(Init);
    const auto *Address = dyn_cast<UnaryOperator>(E);
    Object = Address && Address->getOpcode() == UO_AddrOf
                 ? rootVariable(Address->getSubExpr())
             : ByReference || E->getType()->isArrayType() ? rootVariable(E)
                                                          : nullptr;
  }
  C.IsThreadLocal = isThreadLocal(Object);
}

/// The object that std::ref(x) and std::cref(x) refer to: a call of one
/// argument whose result is a view of exactly that argument.
static const Expr *viewedBy(const Expr *E, const TraitSolver &Solver,
                            bool &Const) {
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || Call->getNumArgs() != 1 || !Call->getDirectCallee() ||
      isa<CXXMemberCallExpr>(Call))
    return nullptr;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      E->getType()->getAsCXXRecordDecl());
  const TypeModel *Model = Spec ? Solver.models().type(Spec) : nullptr;
  // Not an iterator that holds its argument: its Send asks Sync of argument 0.
  if (!Model || Model->Kind != TypeKind::View ||
      llvm::none_of(Model->Send.conditions(), [](const Condition &C) {
        return C.Argument == 0 && C.Asks == Trait::Sync;
      }) ||
      Spec->getTemplateArgs().size() == 0 ||
      Spec->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return nullptr;
  QualType Viewed = Spec->getTemplateArgs()[0].getAsType();
  if (!Solver.context().hasSameUnqualifiedType(
          Viewed, Call->getArg(0)->getType().getNonReferenceType()))
    return nullptr;
  Const = Viewed.isConstQualified();
  return Call->getArg(0);
}

void Collector::argument(const Expr *Value, bool IsCallable) {
  const Expr *E = passedOn(Value);
  QualType Type = E->getType().getNonReferenceType();
  const SourceRange Range =
      HandedOver ? HandedOver->getSourceRange() : Value->getSourceRange();

  // &x, std::ref(x), an array that decays, a parameter of type T&: the object
  // stays where it is and both sides use it.
  const Expr *Referred = nullptr;
  bool ReferredConst = false;
  const auto *AddressOf = dyn_cast<UnaryOperator>(E);
  if (AddressOf && AddressOf->getOpcode() == UO_AddrOf)
    Referred = AddressOf->getSubExpr();
  else if (const Expr *Viewed = viewedBy(E, Solver, ReferredConst))
    Referred = Viewed;
  else if (Type->isArrayType() || (Item->ByReference && Shared))
    Referred = E;

  const ValueDecl *Variable = Referred ? denoted(Referred) : nullptr;
  if (Variable && !isa<FunctionDecl>(Variable) && !Type->isMemberPointerType()) {
    QualType Object = Referred->getType();
    if (ReferredConst)
      Object.addConst();
    // Only of a variable that is no reference itself the exact type is known.
    const bool Exact = !Variable->getType()->isReferenceType();
    Crossing &C =
        add(CrossingKind::ArgumentByReference,
            Exact ? Trait::Sync : Trait::Send,
            Exact ? Object : Ctx.getLValueReferenceType(Object),
            nameOf(Referred, Ctx), Range);
    C.Variable = Variable;
    C.IsThreadLocal = isThreadLocal(rootVariable(Referred));
    return;
  }

  if (Type->isFunctionType() || Type->isArrayType())
    Type = Ctx.getDecayedType(Type);
  const CrossingKind Kind = IsCallable && Type->isRecordType()
                                ? CrossingKind::FunctionObject
                                : CrossingKind::Argument;
  // Pointers are copied for each thread; objects are shared.
  const bool SharedObject = Shared && Type->isRecordType();
  if (SharedObject && IsCallable)
    if (const auto *Call = dyn_cast_or_null<CXXMethodDecl>(calleeOf(E));
        Call && Call->isConst())
      Type.addConst();
  Crossing &C = SharedObject ? addShared(Kind, Type, nameOf(E, Ctx), Range)
                             : add(Kind, Trait::Send, Type, nameOf(E, Ctx), Range);
  C.Variable = denoted(E);
}

llvm::SmallVector<Crossing, 4> fearless::crossingsOf(const Boundary &B,
                                                     const TraitSolver &Solver) {
  return Collector(B, Solver).run();
}
