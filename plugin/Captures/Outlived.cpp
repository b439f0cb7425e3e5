// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Outlived.h"

#include "Captures/Frame.h"
#include "Captures/Task.h"
#include "Captures/Written.h"
#include "Support/LLVMCompat.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;
using namespace fearless;

namespace {

class Finder : public RecursiveASTVisitor<Finder> {
public:
  Finder(const ModelTable &Models, std::vector<Outlived> &Out)
      : Models(Models), Out(Out) {}

  void function(const FunctionDecl *Function) {
    Caller = Function;
    TraverseStmt(Function->getBody());
  }
  void boundary(const Boundary &B);

  // Its body is a function of its own.
  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    for (const LambdaCapture &C : Lambda->captures())
      if (C.capturesVariable())
        if (auto *Variable = dyn_cast<VarDecl>(C.getCapturedVar());
            Variable && Variable->isInitCapture())
          VisitVarDecl(Variable);
    return true;
  }
  bool VisitVarDecl(VarDecl *Variable) {
    if (Variable->getInit()) {
      kept(Variable->getInit(), Outlived::Stored);
      Initialisers.insert(passedOn(Variable->getInit()));
    }
    return true;
  }
  // The range is a variable. From C++23 on, temporaries live as long as it.
  bool VisitCXXForRangeStmt(CXXForRangeStmt *For) {
    if (For->getRangeInit())
      kept(For->getRangeInit(), Outlived::Stored);
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *Return) {
    if (Return->getRetValue())
      kept(Return->getRetValue(), Outlived::Returned);
    return true;
  }
  bool VisitCompoundStmt(CompoundStmt *Block) {
    for (const Stmt *Each : Block->body())
      if (const auto *E = dyn_cast<Expr>(Each))
        statement(E);
    return true;
  }

private:
  void statement(const Expr *E);
  void kept(const Expr *Task, Outlived::Keeping How);
  void closure(const CoroutineCall &Made);
  void object(const CoroutineCall &Made);
  void argument(const CoroutineCall &Made, const ParmVarDecl *Parameter,
                const Expr *Value);
  /// Whether what \p E denotes ends while the task is kept; \p Variable is set
  /// when it is one.
  bool ends(const Expr *E, const VarDecl *&Variable) const;
  const Expr *viewed(const Expr *E) const;
  void add(const CoroutineCall &Made, Outlived::Referent What,
           const VarDecl *Variable, const ParmVarDecl *Parameter,
           const Expr *At, const Expr *Use) {
    Outlived O{What, How, Variable, Parameter, Made.Call, At, Use,
               Made.Coroutine, Caller, Through};
    Out.push_back(std::move(O));
  }

  const ModelTable &Models;
  std::vector<Outlived> &Out;
  const FunctionDecl *Caller = nullptr;
  Outlived::Keeping How = Outlived::Stored;
  std::string Through;
  /// What variables are made by.
  llvm::SmallPtrSet<const Expr *, 16> Initialisers;
};

} // namespace

static const Expr *bare(const Expr *E) {
  while (true) {
    if (const auto *Paren = dyn_cast<ParenExpr>(E))
      E = Paren->getSubExpr();
    else if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E))
      E = Cast->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bind->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
      E = Default->getExpr();
    else if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
      E = Cleanups->getSubExpr();
    else
      return E;
  }
}

bool Finder::ends(const Expr *E, const VarDecl *&Variable) const {
  E = bare(E);
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
    return !Temporary->getExtendingDecl();
  if (How != Outlived::Returned)
    return false;
  const VarDecl *Root = rootVariable(E);
  if (!Root || !Root->hasLocalStorage() || Root->getDeclContext() != Caller ||
      Root->isInitCapture())
    return false;
  Variable = Root;
  return true;
}

static bool isOwner(const Expr *E) {
  const CXXRecordDecl *Class = E->getType()->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && !Class->hasTrivialDestructor();
}

/// The owner that a view or pointer refers into, if it is made on the spot:
/// std::string_view(text), text.c_str(), &object.
const Expr *Finder::viewed(const Expr *E) const {
  E = bare(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    for (const Expr *Argument : Construct->arguments()) {
      const Expr *Inner = bare(Argument);
      if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner);
          Temporary && !isOwner(Temporary))
        Inner = bare(Temporary->getSubExpr());
      if (isa<CXXMemberCallExpr>(Inner) || isa<CXXConstructExpr>(Inner))
        if (const Expr *Owner = viewed(Inner))
          return Owner;
      if (isOwner(Inner))
        return Inner;
    }
    return nullptr;
  }
  if (const auto *Address = dyn_cast<UnaryOperator>(E);
      Address && Address->getOpcode() == UO_AddrOf)
    return Address->getSubExpr();
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (!Method || !Method->getParent()->isInStdNamespace())
    return nullptr;
  const bool Refers =
      isa<CXXConversionDecl>(Method) ||
      (Method->getIdentifier() &&
       (Method->getName() == "c_str" || Method->getName() == "data" ||
        Method->getName() == "get"));
  const Expr *Object = Call->getImplicitObjectArgument();
  return Refers && isOwner(Object) ? Object : nullptr;
}

void Finder::argument(const CoroutineCall &Made, const ParmVarDecl *Parameter,
                      const Expr *Value) {
  QualType Type = Parameter->getType();
  const Expr *Referred = nullptr;
  if (Type->isReferenceType()) {
    Referred = Value;
  } else {
    const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
    const TypeModel *Model = Class ? Models.type(Class) : nullptr;
    if (Type->isObjectPointerType() || (Model && Model->Kind == TypeKind::View))
      Referred = viewed(Value);
  }
  const VarDecl *Variable = nullptr;
  if (!Referred || !ends(Referred, Variable))
    return;
  if (const Expr *Use = usedAfterSuspension(Made.Coroutine, Parameter))
    add(Made, Outlived::Parameter, Variable, Parameter, Value, Use);
}

void Finder::closure(const CoroutineCall &Made) {
  const auto *Method = cast<CXXMethodDecl>(Made.Coroutine);
  if (Method->getParent()->captures_begin() == Method->getParent()->captures_end())
    return;
  const Expr *Object = Made.Call->getArg(0);
  const VarDecl *Variable = nullptr;
  if (!ends(Object, Variable))
    return;
  const Expr *Use = usedAfterSuspension(Made.Coroutine, [](const Expr *Name) {
    const auto *Ref = dyn_cast<DeclRefExpr>(Name);
    return Ref ? Ref->refersToEnclosingVariableOrCapture()
               : isa<CXXThisExpr>(Name);
  });
  if (Use)
    add(Made, Outlived::Closure, Variable, nullptr, passedOn(Object), Use);
}

void Finder::object(const CoroutineCall &Made) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Made.Call);
  const Expr *Object = Call ? Call->getImplicitObjectArgument() : nullptr;
  const VarDecl *Variable = nullptr;
  if (!Object || Object->getType()->isPointerType() || !ends(Object, Variable))
    return;
  const Expr *Use = usedAfterSuspension(
      Made.Coroutine, [](const Expr *Name) { return isa<CXXThisExpr>(Name); });
  if (Use)
    add(Made, Outlived::Object, Variable, nullptr, Object, Use);
}

void Finder::kept(const Expr *Task, Outlived::Keeping Kept) {
  std::optional<CoroutineCall> Made = calledCoroutine(Task);
  if (!Made)
    return;
  // A lazy task that nobody has never runs.
  if (Kept == Outlived::Discarded &&
      startOf(coroutineBody(Made->Coroutine)) != CoroutineStart::AtOnce)
    return;
  How = Kept;
  llvm::ArrayRef<const Expr *> Arguments(Made->Call->getArgs(),
                                         Made->Call->getNumArgs());
  const auto *Method = dyn_cast<CXXMethodDecl>(Made->Coroutine);
  if (compat::hasExplicitObject(Made->Coroutine)) {
    // The object is a parameter like the others.
  } else if (Method && isa<CXXOperatorCallExpr>(Made->Call) &&
             !Arguments.empty()) {
    Arguments = Arguments.drop_front();
    if (Method->getParent()->isLambda())
      closure(*Made);
  } else {
    object(*Made);
  }
  for (unsigned I = 0;
       I != Made->Coroutine->getNumParams() && I != Arguments.size(); ++I)
    argument(*Made, Made->Coroutine->getParamDecl(I), Arguments[I]);
}

void Finder::statement(const Expr *E) {
  kept(E, Outlived::Discarded);
  E = E->IgnoreParenImpCasts();
  if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(E))
    E = Cleanups->getSubExpr()->IgnoreParenImpCasts();
  // task = f(x);
  if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(E)) {
    if (Assign->getOperator() == OO_Equal && Assign->getNumArgs() == 2)
      kept(Assign->getArg(1), Outlived::Stored);
    return;
  }
  // tasks.push_back(f(x));
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (!Method || !Method->getIdentifier() ||
      !Method->getParent()->isInStdNamespace())
    return;
  const llvm::StringRef Name = Method->getName();
  if (Name == "push_back" || Name == "emplace_back" || Name == "push" ||
      Name == "emplace" || Name == "push_front" || Name == "emplace_front")
    for (const Expr *Argument : Call->arguments())
      kept(Argument, Outlived::Stored);
}

void Finder::boundary(const Boundary &B) {
  if (!B.Caller || B.IsDeferred)
    return;
  // What comes back may be waited for in the same statement, and a thread
  // without a name may be joined in it.
  if (isa<CXXConstructExpr>(B.Call) ? !Initialisers.count(B.Call)
                                    : !B.Call->getType()->isVoidType())
    return;
  Caller = B.Caller;
  Through = B.Name;
  for (const Handed &H : B.Items)
    if (H.Kind == BoundaryKind::Spawns || H.Kind == BoundaryKind::Sending)
      kept(H.Value, Outlived::HandedOver);
  Through.clear();
}

std::vector<Outlived> fearless::findOutlived(const Unit &U,
                                             const ModelTable &Models) {
  std::vector<Outlived> Out;
  if (!U.HasCoroutines)
    return Out;
  Finder Each(Models, Out);
  for (const FunctionDecl *Function : U.Functions)
    Each.function(Function);
  for (const Boundary &B : U.Boundaries)
    Each.boundary(B);
  return Out;
}
