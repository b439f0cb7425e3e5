// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Crossing.h"

#include "Boundaries/BoundaryFinder.h"
#include "Annotations/Marks.h"
#include "Captures/Contents.h"
#include "Captures/Frame.h"
#include "Captures/Task.h"
#include "Captures/Written.h"
#include "Support/LLVMCompat.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

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
  bool frame(const std::optional<CoroutineCall> &Made, const Expr *Task);
  void frameObject(const CoroutineCall &Made);
  void frameArgument(const ParmVarDecl *Parameter, const Expr *Value);
  void frameLocal(const HeldObject &Held, const FunctionDecl *Coroutine,
                  bool IsCertain);
  void calledThere(const FunctionDecl *Coroutine, const Expr *Value);
  SourceRange here(const Expr *Value) const {
    return HandedOver ? HandedOver->getSourceRange() : Value->getSourceRange();
  }
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
  /// The task whose frame is looked into.
  const Expr *Task = nullptr;
  llvm::SmallPtrSet<const FunctionDecl *, 4> Entered;
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
      Class && Class->isLambda()) {
    closure(Class, E);
    // co_spawn(pool, lambda): it is called over there, and may move on.
    const FunctionDecl *Call = IsCallable ? nullptr : calleeOf(E);
    if (coroutineBody(Call))
      calledThere(Call, E);
    return;
  }
  if (frame(coroutineCallOf(E, B.Caller), E))
    return;
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
  const bool HasInit = Variable->isInitCapture() && Variable->getInit();
  const size_t First = Out.size();
  if (HasInit ? frame(coroutineCallOf(Variable->getInit(), B.Caller),
                      Variable->getInit())
              : frame(coroutineCallOf(Variable, B.Caller), nullptr)) {
    for (Crossing &C : llvm::drop_begin(Out, First))
      C.Range = C.Loc = Capture.getLocation();
    return true;
  }
  auto Held = HasInit
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

/// What the frame of a coroutine holds is what its task carries. False when the
/// coroutine is not in sight: then the type of the task is judged.
bool Collector::frame(const std::optional<CoroutineCall> &Made,
                      const Expr *Value) {
  if (!Made)
    return false;
  const FunctionDecl *Coroutine = Made->Coroutine;
  if (!Entered.insert(Coroutine).second)
    return true; // a coroutine that awaits itself
  // A frame inside a frame is reported where the outer one is handed over.
  const Expr *OuterTask = Task;
  if (!Task)
    Task = Value ? Value : Made->Call;
  const size_t First = Out.size();
  const QualType TaskType = Made->Call->getType();
  Crossing &Whole =
      add(CrossingKind::Argument, Trait::Send, TaskType, nameOf(Task, Ctx), here(Task));
  Whole.IsTask = true;
  Whole.Variable = denoted(Task);

  frameObject(*Made);
  llvm::ArrayRef<const Expr *> Arguments(Made->Call->getArgs(),
                                         Made->Call->getNumArgs());
  if (isa<CXXOperatorCallExpr>(Made->Call) && isa<CXXMethodDecl>(Coroutine) &&
      !compat::hasExplicitObject(Coroutine) && !Arguments.empty())
    Arguments = Arguments.drop_front();
  const CoroutineStart Start = startOf(coroutineBody(Coroutine));
  const auto Held = heldAcross(Coroutine);
  for (unsigned I = 0; I != Coroutine->getNumParams(); ++I) {
    const ParmVarDecl *Parameter = Coroutine->getParamDecl(I);
    const bool Stays = llvm::any_of(
        Held, [&](const HeldObject &H) { return H.Object.Variable == Parameter; });
    if (I >= Arguments.size() || (Start == CoroutineStart::AtOnce && !Stays))
      continue;
    const size_t Before = Out.size();
    frameArgument(Parameter, Arguments[I]);
    for (Crossing &C : llvm::drop_begin(Out, Before))
      C.ForProofOnly |= Start == CoroutineStart::Unknown && !Stays;
  }
  for (const HeldObject &H : Held)
    if (!isa_and_nonnull<ParmVarDecl>(H.Object.Variable))
      frameLocal(H, Coroutine,
                 Made->WasTouched
                     ? H.InLoop
                     : Start == CoroutineStart::AtOnce && H.AtFirst);
  for (Crossing &C : llvm::drop_begin(Out, First)) {
    if (!C.Coroutine)
      C.Coroutine = Coroutine;
    if (C.Task.isNull())
      C.Task = TaskType;
  }
  Task = OuterTask;
  Entered.erase(Coroutine);
  return true;
}

/// `this` of a member function, the closure of a lambda.
void Collector::frameObject(const CoroutineCall &Made) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Made.Coroutine);
  if (!Method || Method->isStatic() || compat::hasExplicitObject(Method))
    return;
  const Expr *Object = nullptr;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Made.Call))
    Object = Call->getImplicitObjectArgument();
  else if (isa<CXXOperatorCallExpr>(Made.Call))
    Object = Made.Call->getArg(0);
  if (!Object)
    return;
  if (Method->getParent()->isLambda()) {
    const bool Outer = Shared;
    const Expr *Value = passedOn(Object);
    Shared |= !isa<LambdaExpr>(Value);
    const size_t First = Out.size();
    closure(Method->getParent(), Value);
    for (Crossing &C : llvm::drop_begin(Out, First)) {
      C.CapturedAt = C.CapturedAt.isValid() ? C.CapturedAt : C.Loc;
      C.Range = here(Task);
      C.Loc = C.Range.getBegin();
    }
    Shared = Outer;
    return;
  }
  const Expr *E = passedOn(Object);
  QualType Type = E->getType();
  if (!Type->isPointerType())
    Type = Ctx.getPointerType(Type.getNonReferenceType());
  Crossing &C = add(CrossingKind::FrameThis, Trait::Send, Type, "'this'", here(Task));
  if (!E->getType()->isPointerType()) {
    C.Variable = denoted(E);
    C.IsThreadLocal = isThreadLocal(rootVariable(E));
  }
}

void Collector::frameArgument(const ParmVarDecl *Parameter, const Expr *Value) {
  const std::string Own = "'" + Parameter->getNameAsString() + "'";
  const Expr *E = passedOn(Value);
  const auto *AddressOf = dyn_cast<UnaryOperator>(E);
  const Expr *Referred = nullptr;
  QualType Object = Parameter->getType().getNonReferenceType();
  if (Parameter->getType()->isReferenceType()) {
    Referred = E;
  } else if (AddressOf && AddressOf->getOpcode() == UO_AddrOf &&
             Object->isObjectPointerType()) {
    Referred = AddressOf->getSubExpr();
    Object = Object->getPointeeType();
  }
  if (Referred) {
    // A variable that is no reference itself is exactly of its type.
    const ValueDecl *Variable = denoted(Referred);
    const bool Exact = Variable && !Variable->getType()->isReferenceType() &&
                       Ctx.hasSameUnqualifiedType(Referred->getType(), Object);
    std::string Name = Variable ? nameOf(Referred, Ctx) : std::string();
    Crossing &C = add(CrossingKind::FrameReference,
                      Exact ? Trait::Sync : Trait::Send,
                      Exact ? Object : Ctx.getLValueReferenceType(Object),
                      Name.empty() ? Own : std::move(Name), here(Task));
    C.CapturedAt = Parameter->getLocation();
    C.Variable = Variable;
    C.IsThreadLocal = isThreadLocal(rootVariable(Referred));
    if (const Expr *Use = usedAfterSuspension(
            cast<FunctionDecl>(Parameter->getDeclContext()), Parameter))
      C.UsedAt = Use->getExprLoc();
    return;
  }
  const CXXRecordDecl *Class = E->getType()->getAsCXXRecordDecl();
  if ((Class && Class->isLambda()) || coroutineCallOf(E, B.Caller) ||
      contentsOf(E, B.Caller, Solver.models())) {
    const size_t First = Out.size();
    const bool Outer = Shared;
    Shared = false; // the frame has its own
    item(E, false);
    Shared = Outer;
    for (Crossing &C : llvm::drop_begin(Out, First)) {
      C.Range = here(Task);
      C.Loc = C.Range.getBegin();
    }
    return;
  }
  Crossing &C = add(CrossingKind::FrameParameter, Trait::Send, Object, Own, here(Task));
  C.CapturedAt = Parameter->getLocation();
  C.Variable = Parameter;
}

/// A reference or pointer to what is in the frame too goes where that goes.
static bool staysInFrame(const VarDecl *Variable) {
  if (!Variable->getInit())
    return false;
  const Expr *E = written(Variable->getInit());
  if (Variable->getType()->isPointerType()) {
    const auto *AddressOf = dyn_cast<UnaryOperator>(E);
    if (!AddressOf || AddressOf->getOpcode() != UO_AddrOf)
      return false;
    E = AddressOf->getSubExpr();
  } else if (!Variable->getType()->isReferenceType()) {
    return false;
  }
  const VarDecl *Root = rootVariable(E);
  return Root && Root->hasLocalStorage();
}

static std::string frameName(const FrameObject &Object, const ASTContext &Ctx) {
  if (Object.Temporary) {
    const std::string Written = nameOf(Object.Temporary, Ctx);
    return Written.empty() ? "a temporary" : "the temporary " + Written;
  }
  if (Object.Variable->isImplicit())
    return "the range of the loop";
  const auto *Bindings = dyn_cast<DecompositionDecl>(Object.Variable);
  if (!Bindings)
    return "'" + Object.Variable->getNameAsString() + "'";
  std::string Names;
  for (const BindingDecl *Each : Bindings->bindings())
    Names += (Names.empty() ? "'[" : ", ") + Each->getNameAsString();
  return Names + "]'";
}

static Crossing localCrossing(const HeldObject &Held, SourceRange Range,
                              const FunctionDecl *Coroutine,
                              const TraitSolver &Solver) {
  const ASTContext &Ctx = Solver.context();
  Crossing C(CrossingKind::FrameLocal,
             Goal::make(Trait::Send, Held.Object.type(), Ctx),
             frameName(Held.Object, Ctx), Range);
  C.CapturedAt = Held.Object.location();
  C.Variable = Held.Object.Variable;
  C.Across = Held.Across;
  const CXXRecordDecl *Class = Held.Object.type()->getAsCXXRecordDecl();
  const TypeModel *Model = Class ? Solver.models().type(Class) : nullptr;
  C.ForProofOnly = Model && Model->Kind == TypeKind::Guard;
  C.Coroutine = Coroutine;
  return C;
}

void Collector::frameLocal(const HeldObject &Held, const FunctionDecl *Coroutine,
                           bool IsCertain) {
  const VarDecl *Variable = Held.Object.Variable;
  if (Variable && staysInFrame(Variable))
    return;
  // A task in the frame has a frame of its own.
  const size_t First = Out.size();
  if (frame(Variable ? coroutineCallOf(Variable, Coroutine)
                     : coroutineCallOf(Held.Object.Temporary, Coroutine),
            nullptr)) {
    for (Crossing &C : llvm::drop_begin(Out, First))
      C.ForProofOnly |= !IsCertain;
    return;
  }
  Crossing C = localCrossing(Held, here(Task), Coroutine, Solver);
  C.Item = Item;
  C.ForProofOnly |= !IsCertain;
  Out.push_back(std::move(C));
}

void Collector::calledThere(const FunctionDecl *Coroutine, const Expr *Value) {
  if (!Entered.insert(Coroutine).second)
    return;
  const Expr *OuterTask = Task;
  const size_t First = Out.size();
  Task = Value;
  for (const HeldObject &H : heldAcross(Coroutine))
    frameLocal(H, Coroutine, /*IsCertain=*/false);
  for (Crossing &C : llvm::drop_begin(Out, First))
    if (C.Task.isNull())
      C.Task = Coroutine->getReturnType();
  Task = OuterTask;
  Entered.erase(Coroutine);
}

llvm::SmallVector<Crossing, 4> fearless::crossingsOf(const Resumption &R,
                                                     const TraitSolver &Solver) {
  const ASTContext &Ctx = Solver.context();
  llvm::SmallVector<Crossing, 4> Out;
  const SourceRange Range(R.At->getKeywordLoc());
  const auto *Method = dyn_cast<CXXMethodDecl>(R.Coroutine);
  if (Method && Method->isInstance() && !compat::hasExplicitObject(Method)) {
    Crossing &C = Out.emplace_back(
        CrossingKind::FrameThis,
        Goal::make(Trait::Send, Method->getThisType(), Ctx),
        Method->getParent()->isLambda() ? "the closure" : "'this'", Range);
    C.Coroutine = R.Coroutine;
  }
  for (const HeldObject &Held : heldAcross(R.Coroutine, R.At))
    if (!Held.Object.Variable || !staysInFrame(Held.Object.Variable))
      Out.push_back(localCrossing(Held, Range, R.Coroutine, Solver));
  return Out;
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
