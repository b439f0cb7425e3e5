// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Crossing.h"

#include "Boundaries/BoundaryFinder.h"
#include "Support/Names.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fearless;

/// Looks through what the compiler adds, and through conversions to void*.
static const Expr *written(const Expr *E) {
  while (true) {
    const Expr *Inner = E->IgnoreParenImpCasts();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<ExplicitCastExpr>(Inner);
             Cast && Cast->getType()->isVoidPointerType())
      Inner = Cast->getSubExpr();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Inner);
             Construct && Construct->getNumArgs() == 1 &&
             Construct->getConstructor()->isCopyOrMoveConstructor())
      Inner = Construct->getArg(0);
    if (Inner == E)
      return E;
    E = Inner;
  }
}

/// std::move(x), std::forward<T>(x): the same object, named by its argument.
static const Expr *passedOn(const Expr *E) {
  E = written(E);
  const auto *Call = dyn_cast<CallExpr>(E);
  if (Call && !isa<CXXMemberCallExpr>(Call) && !isa<CXXOperatorCallExpr>(Call) &&
      Call->getNumArgs() == 1 && Call->isGLValue()) {
    QualType Result = Call->getType(), Given = Call->getArg(0)->getType();
    if (Result.getCanonicalType().getUnqualifiedType() ==
        Given.getCanonicalType().getUnqualifiedType())
      return passedOn(Call->getArg(0));
  }
  return E;
}

namespace {

class Collector {
public:
  Collector(const Boundary &B, const TraitSolver &Solver)
      : B(B), Solver(Solver), Ctx(Solver.context()) {}

  llvm::SmallVector<Crossing, 4> run() {
    for (const Handed &H : B.Items)
      item(H, H.Value);
    if (B.ReturnsResult)
      for (const Handed &H : B.Items)
        if (H.IsCallable)
          comesBack(H);
    return std::move(Out);
  }

private:
  void item(const Handed &H, const Expr *Value);
  void closure(const Handed &H, const CXXRecordDecl *Closure, const Expr *Value);
  void argument(const Handed &H, const Expr *Value);
  void comesBack(const Handed &H);
  const Expr *unwrapped(const Expr *E) const;
  Crossing &add(CrossingKind Kind, Trait Asks, QualType Type,
                const Handed &H, std::string Name, SourceRange Range) {
    Crossing C{Kind, Goal::make(Asks, Type, Ctx), std::move(Name),
               Range.getBegin(), Range};
    C.Item = &H;
    return Out.emplace_back(std::move(C));
  }

  const Boundary &B;
  const TraitSolver &Solver;
  const ASTContext &Ctx;
  llvm::SmallVector<Crossing, 4> Out;
};

/// The variable an expression denotes: x, a.b (the member), this->b.
const ValueDecl *denoted(const Expr *E) {
  E = passedOn(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl();
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return Member->getMemberDecl();
  return nullptr;
}

bool isThreadLocal(const ValueDecl *D) {
  const auto *Variable = dyn_cast_or_null<VarDecl>(D);
  return Variable && Variable->getTLSKind() != VarDecl::TLS_None;
}

/// The source text of an expression when it is short, for its name.
std::string sourceText(const Expr *E, const ASTContext &Ctx) {
  llvm::StringRef Text = Lexer::getSourceText(
      CharSourceRange::getTokenRange(E->getSourceRange()),
      Ctx.getSourceManager(), Ctx.getLangOpts());
  if (Text.empty() || Text.size() > 40 || Text.contains('\n'))
    return {};
  return "'" + Text.str() + "'";
}

std::string nameOf(const Expr *E, const ASTContext &Ctx) {
  if (isa<CXXThisExpr>(written(E)))
    return "'this'";
  if (const ValueDecl *D = denoted(E); D && D->getIdentifier())
    return "'" + D->getNameAsString() + "'";
  return sourceText(E, Ctx);
}

} // namespace

/// What went into a type-erasing wrapper made on the spot: a
/// std::function<void()>([&x]{...}) holds what the lambda holds.
const Expr *Collector::unwrapped(const Expr *E) const {
  const Expr *At = written(E);
  while (true) {
    if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(At)) {
      At = written(Cast->getSubExpr());
      continue;
    }
    const auto *Construct = dyn_cast<CXXConstructExpr>(At);
    if (!Construct || Construct->getNumArgs() == 0)
      return At;
    const TypeModel *Model =
        Solver.models().type(Construct->getConstructor()->getParent());
    if (!Model || Model->Kind != TypeKind::Erased)
      return At;
    At = passedOn(Construct->getArg(0));
  }
}

void Collector::item(const Handed &H, const Expr *Value) {
  if (checkedParameter(Value))
    return;
  const Expr *Inner = unwrapped(Value);
  QualType Type = Inner->getType().getNonReferenceType();
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (Class && Class->isLambda())
    return closure(H, Class, Value);
  argument(H, Inner);
}

/// Every capture is a crossing of its own, so that each finding names one.
void Collector::closure(const Handed &H, const CXXRecordDecl *Closure,
                        const Expr *Value) {
  const bool Shared = H.Kind == BoundaryKind::Many;
  const CXXMethodDecl *Call = Closure->getLambdaCallOperator();
  const bool ConstCall = Call && Call->isConst();
  auto Field = Closure->field_begin();
  for (const LambdaCapture &Capture : Closure->captures()) {
    if (Field == Closure->field_end())
      break;
    const FieldDecl *F = *Field++;
    QualType Type = F->getType();
    const ValueDecl *Variable =
        Capture.capturesVariable() ? Capture.getCapturedVar() : nullptr;
    std::string Name =
        Variable ? "'" + Variable->getNameAsString() + "'" : "'this'";
    SourceRange Range(Capture.getLocation());

    // [f = std::forward<F>(f)] or [&f] of a marked parameter.
    if (const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Variable);
        Parameter && Parameter->hasAttrs()) {
      // A ParmVarDecl without call expression: ask for its mark directly.
      bool Marked = false;
      for (const AnnotateAttr *A : Parameter->specific_attrs<AnnotateAttr>())
        Marked |= A->getAnnotation().substr(0, 16) == "fearless::spawns" ||
                  A->getAnnotation() == "fearless::sending";
      if (Marked)
        continue;
    }
    const Expr *Init = nullptr;
    if (const auto *V = dyn_cast_or_null<VarDecl>(Variable);
        V && V->isInitCapture()) {
      Init = V->getInit();
      if (Init && checkedParameter(Init))
        continue;
    }

    CrossingKind Kind = CrossingKind::CaptureByCopy;
    Trait Asks = Trait::Send;
    if (Capture.capturesThis()) {
      Kind = Capture.getCaptureKind() == LCK_StarThis
                 ? CrossingKind::CaptureStarThis
                 : CrossingKind::CaptureThis;
      if (Shared && Kind == CrossingKind::CaptureStarThis) {
        Asks = Trait::Sync;
        if (ConstCall)
          Type.addConst();
      }
    } else if (Capture.getCaptureKind() == LCK_ByRef) {
      Kind = CrossingKind::CaptureByReference;
      // A variable that is no reference is exactly of its type.
      if (!Variable->getType()->isReferenceType()) {
        Type = Type.getNonReferenceType();
        Asks = Trait::Sync;
      }
    } else if (Shared && !Type->isReferenceType()) {
      // All threads use the one closure.
      Asks = Trait::Sync;
      if (ConstCall)
        Type.addConst();
    }
    Crossing &C = add(Kind, Asks, Type, H, std::move(Name), Range);
    C.Variable = Variable;
    C.Capture = &Capture;
    C.Closure = Closure;
    const ValueDecl *Address = Variable;
    if (Init) {
      const auto *AddressOf = dyn_cast<UnaryOperator>(written(Init));
      Address = AddressOf && AddressOf->getOpcode() == UO_AddrOf
                    ? denoted(AddressOf->getSubExpr())
                : Kind == CrossingKind::CaptureByReference ? denoted(Init)
                                                           : nullptr;
      C.IsThreadLocal = isThreadLocal(Address);
    } else if (Kind == CrossingKind::CaptureByReference) {
      C.IsThreadLocal = isThreadLocal(Address);
    }
  }
  // A lambda held in a variable is reported where it is handed over.
  if (Closure->captures_begin() != Closure->captures_end() &&
      !isa<LambdaExpr>(unwrapped(Value)))
    for (Crossing &C : Out)
      if (C.Closure == Closure && C.Item == &H) {
        C.Loc = Value->getExprLoc();
        C.Range = Value->getSourceRange();
      }
}

void Collector::argument(const Handed &H, const Expr *Value) {
  const Expr *E = passedOn(Value);
  QualType Type = E->getType().getNonReferenceType();
  const SourceRange Range = Value->getSourceRange();
  const bool Shared = H.Kind == BoundaryKind::Many && H.IsCallable;

  // &x, std::ref(x), std::cref(x), an array that decays: the object stays
  // where it is and both sides use it. Its exact type is known.
  const Expr *Referred = nullptr;
  bool ReferredConst = false;
  if (const auto *AddressOf = dyn_cast<UnaryOperator>(E);
      AddressOf && AddressOf->getOpcode() == UO_AddrOf) {
    Referred = AddressOf->getSubExpr();
  } else if (const auto *Call = dyn_cast<CallExpr>(E);
             Call && Call->getNumArgs() == 1 && Call->getDirectCallee() &&
             !isa<CXXMemberCallExpr>(Call)) {
    const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
    const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Class);
    const TypeModel *Model = Class ? Solver.models().type(Class) : nullptr;
    if (Spec && Model && Model->Kind == TypeKind::View &&
        Spec->getTemplateArgs().size() > 0 &&
        Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
        Ctx.hasSameUnqualifiedType(
            Spec->getTemplateArgs()[0].getAsType(),
            Call->getArg(0)->getType().getNonReferenceType())) {
      Referred = Call->getArg(0);
      ReferredConst =
          Spec->getTemplateArgs()[0].getAsType().isConstQualified();
    }
  } else if (Type->isArrayType()) {
    Referred = E;
  }
  const ValueDecl *Variable = Referred ? denoted(Referred) : nullptr;
  if (Variable && !Variable->getType()->isReferenceType() &&
      !isa<FunctionDecl>(Variable) && !isa<CXXMethodDecl>(Variable) &&
      !Type->isMemberPointerType()) {
    QualType Object = Referred->getType();
    if (ReferredConst)
      Object.addConst();
    Crossing &C = add(CrossingKind::ArgumentByReference, Trait::Sync, Object, H,
                      nameOf(Referred, Ctx), Range);
    C.Variable = Variable;
    C.IsThreadLocal = isThreadLocal(Variable);
    return;
  }

  if (Type->isFunctionType() || Type->isArrayType())
    Type = Ctx.getDecayedType(Type);
  if (Shared)
    Type.addConst();
  const bool IsObject = H.IsCallable && Type->isRecordType();
  Crossing &C =
      add(IsObject ? CrossingKind::FunctionObject : CrossingKind::Argument,
          Shared && Type->isRecordType() ? Trait::Sync : Trait::Send, Type, H,
          nameOf(E, Ctx), Range);
  C.Variable = denoted(E);
}

const FunctionDecl *fearless::calleeOf(const Expr *Callable) {
  const Expr *E = passedOn(Callable);
  if (const auto *Address = dyn_cast<UnaryOperator>(E);
      Address && Address->getOpcode() == UO_AddrOf)
    E = written(Address->getSubExpr());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl()))
      return Function;
  const CXXRecordDecl *Class =
      E->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return nullptr;
  if (Class->isLambda()) {
    if (FunctionTemplateDecl *Generic =
            Class->getDependentLambdaCallOperator()) {
      // The instantiation that the boundary made, when there is just one.
      const FunctionDecl *Only = nullptr;
      for (const FunctionDecl *F : Generic->specializations()) {
        if (Only)
          return nullptr;
        Only = F;
      }
      return Only;
    }
    return Class->getLambdaCallOperator();
  }
  auto Name = Class->getASTContext().DeclarationNames.getCXXOperatorName(
      OO_Call);
  const FunctionDecl *Only = nullptr;
  for (const NamedDecl *D : Class->getDefinition()->lookup(Name)) {
    if (Only)
      return nullptr;
    Only = dyn_cast<FunctionDecl>(D);
  }
  return Only;
}

namespace {
/// The exceptions that leave a body directly: not those of a try block with
/// handlers, not those of nested lambdas.
class ThrowFinder : public RecursiveASTVisitor<ThrowFinder> {
public:
  llvm::SmallVector<const CXXThrowExpr *, 2> Throws;
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool TraverseCXXTryStmt(CXXTryStmt *Try) {
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I)
      TraverseStmt(Try->getHandler(I));
    return true;
  }
  bool VisitCXXThrowExpr(CXXThrowExpr *Throw) {
    if (Throw->getSubExpr())
      Throws.push_back(Throw);
    return true;
  }
};
} // namespace

void Collector::comesBack(const Handed &H) {
  const FunctionDecl *Function = calleeOf(H.Value);
  if (!Function || Function->isDependentContext())
    return;
  QualType Result = Function->getReturnType();
  // The result comes back only if the boundary's own result holds it.
  QualType Handle = B.Call->getType();
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Handle->getAsCXXRecordDecl());
  bool Holds = false, Catches = false;
  if (Spec)
    for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type) {
        Catches = true;
        Holds |= Ctx.hasSameUnqualifiedType(
            Argument.getAsType().getNonReferenceType(),
            Result.getNonReferenceType());
      }
  if (Holds && !Result->isVoidType() && !Result->isDependentType())
    add(CrossingKind::Result, Trait::Send, Result, H, "the result",
        H.Value->getSourceRange());
  if (!Catches || !Function->hasBody())
    return;
  ThrowFinder Finder;
  Finder.TraverseStmt(Function->getBody());
  for (const CXXThrowExpr *Throw : Finder.Throws) {
    QualType Type = Throw->getSubExpr()->getType();
    if (!Type->isDependentType())
      add(CrossingKind::Exception, Trait::Send, Type, H, "the exception",
          Throw->getSourceRange());
  }
}

llvm::SmallVector<Crossing, 4> fearless::crossingsOf(const Boundary &B,
                                                     const TraitSolver &Solver) {
  return Collector(B, Solver).run();
}
