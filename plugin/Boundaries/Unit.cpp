// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Boundaries/Unit.h"

#include "Annotations/LockPath.h"
#include "Annotations/Marks.h"
#include "Boundaries/BoundaryFinder.h"
#include "Support/LLVMCompat.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace fearless;

namespace {

class Scanner : public RecursiveASTVisitor<Scanner> {
  using Base = RecursiveASTVisitor<Scanner>;

public:
  Scanner(const ModelTable &Models, Unit &Out) : Models(Models), Out(Out) {}

  // Send and Sync of a dependent type are known only in its instantiations.
  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseDecl(Decl *D) {
    if (!D)
      return true;
    const auto *Function = dyn_cast<FunctionDecl>(D);
    const FunctionDecl *Outer = Caller;
    if (Function) {
      Caller = Function;
      defined(Function);
    }
    const FieldDecl *OuterMember = Member;
    if (const auto *Field = dyn_cast<FieldDecl>(D))
      Member = Field;
    const bool Result = Base::TraverseDecl(D);
    Caller = Outer;
    Member = OuterMember;
    return Result;
  }

  // A lambda's body is a function of its own.
  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    const FunctionDecl *Outer = Caller;
    Caller = Lambda->getCallOperator();
    defined(Caller);
    const bool Result = Base::TraverseLambdaExpr(Lambda);
    Caller = Outer;
    return Result;
  }

  bool VisitDecl(Decl *D) {
    if (!D->hasAttrs())
      return true;
    bool Marked = false;
    for (const Attr *A : D->attrs()) {
      if (const auto *Annotate = dyn_cast<AnnotateAttr>(A)) {
        if (Annotate->getAnnotation().substr(0, 10) != "fearless::")
          continue;
        if (Annotate->getAnnotation() == "fearless::allow") {
          std::optional<Mark> M = markOf(D, MarkKind::Allow);
          allow(M->Text, "", A->getLocation(), D->getSourceRange(), D);
          continue;
        }
        Marked = true;
      } else if (isa<GuardedByAttr, PtGuardedByAttr>(A)) {
        Marked = true;
      } else if (const auto *Suppress = dyn_cast<SuppressAttr>(A)) {
        suppress(Suppress, D->getSourceRange(), D);
      }
    }
    if (Marked)
      Out.Marked.push_back(D);
    return true;
  }

  bool VisitAttributedStmt(AttributedStmt *S) {
    for (const Attr *A : S->getAttrs())
      if (const auto *Suppress = dyn_cast<SuppressAttr>(A))
        suppress(Suppress, S->getSourceRange(), nullptr);
    return true;
  }

  bool VisitCXXRecordDecl(CXXRecordDecl *Class) {
    if (Class->isThisDeclarationADefinition() && !Class->isLambda() &&
        Class->getIdentifier() && Class->isExternallyVisible() &&
        !isTemplateInstantiation(Class->getTemplateSpecializationKind()))
      Out.Classes.push_back(Class);
    if (Class->isThisDeclarationADefinition() && Class->getNumBases() != 0 &&
        !Class->isDependentContext())
      Out.Derived.push_back(Class);
    return true;
  }

  // The call operator of a generic lambda is a template, but no part of the
  // lambda's tree.
  bool VisitLambdaExpr(LambdaExpr *Lambda) {
    if (FunctionTemplateDecl *Generic = Lambda->getDependentCallOperator())
      for (FunctionDecl *Instance : Generic->specializations())
        if (!Instance->isDependentContext() && !TraverseDecl(Instance))
          return false;
    return true;
  }

  bool VisitStaticAssertDecl(StaticAssertDecl *D) {
    const auto *Ref =
        dyn_cast<DeclRefExpr>(D->getAssertExpr()->IgnoreParenImpCasts());
    if (!Ref)
      return true;
    const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(
        Ref->getDecl()->getDeclContext());
    if (!Spec || Spec->getTemplateArgs().size() != 1 ||
        Spec->getTemplateArgs()[0].getKind() != TemplateArgument::Type ||
        Spec->getName().substr(0, 7) != "assert_")
      return true;
    const llvm::SmallString<64> Name = qualifiedName(Spec);
    llvm::StringRef Which(Name);
    if (!Which.consume_front("fearless::detail::assert_"))
      return true;
    const bool Negative = Which.consume_front("not_");
    QualType Type = Spec->getTemplateArgs()[0].getAsType();
    if (!Type->isDependentType())
      Out.Assertions.push_back(
          {Which == "send" ? Trait::Send : Trait::Sync, Negative, Type, D});
    return true;
  }

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || Call->isTypeDependent())
      return true;
    CalledThrough = Call->getCallee()->IgnoreParenImpCasts();
    llvm::ArrayRef<const Expr *> Arguments(Call->getArgs(),
                                           Call->getNumArgs());
    // The object of an operator call is its first argument.
    if (isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(Callee) &&
        !compat::hasExplicitObject(Callee) && !Arguments.empty())
      Arguments = Arguments.drop_front();
    boundary(Call, Callee, Arguments);
    return true;
  }

  // A guard, however it is made, has a variable or is a temporary.
  bool VisitVarDecl(VarDecl *Variable) {
    locks(Variable->getType());
    if (Variable->hasGlobalStorage() && !Variable->getType()->isDependentType() &&
        !Variable->getDeclContext()->isDependentContext() &&
        Variable->isThisDeclarationADefinition() != VarDecl::DeclarationOnly)
      Out.Globals.push_back(Variable);
    return true;
  }
  bool VisitMaterializeTemporaryExpr(MaterializeTemporaryExpr *E) {
    locks(E->getType());
    return true;
  }

  bool VisitMemberExpr(MemberExpr *E) {
    named(E->getMemberDecl());
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *E) {
    named(E->getDecl());
    if (const auto *Function = dyn_cast<FunctionDecl>(E->getDecl());
        Function && E != CalledThrough)
      Out.AddressTaken.insert(Function->getCanonicalDecl());
    return true;
  }

  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    locks(Construct->getType());
    if (!Construct->isTypeDependent())
      boundary(Construct, Construct->getConstructor(),
               llvm::ArrayRef<const Expr *>(Construct->getArgs(),
                                            Construct->getNumArgs()));
    return true;
  }

  bool VisitCoawaitExpr(CoawaitExpr *E) { return suspends(E); }
  bool VisitCoyieldExpr(CoyieldExpr *E) { return suspends(E); }

private:
  bool suspends(const CoroutineSuspendExpr *E) {
    if (Caller && !Caller->isDependentContext())
      Out.Suspensions.push_back({E, Caller});
    return true;
  }

  void boundary(const Expr *Call, const FunctionDecl *Callee,
                llvm::ArrayRef<const Expr *> Arguments) {
    if (const OperationModel *Model = Models.operation(Callee);
        Model && (Model->Does == OperationKind::Lock ||
                  Model->Does == OperationKind::LockShared))
      locks();
    else if (const IdentifierInfo *Id = Callee->getIdentifier();
             Id && (Id->isStr("lock") || Id->isStr("lock_shared")))
      locks();
    else
      locks(Callee->getReturnType());
    // A lock that runs a callback on its data.
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee))
      if (const TypeModel *Model = Models.type(Method->getParent());
          Model && Model->Kind == TypeKind::Lock)
        locks();
    if (Caller) {
      auto &Callers = Out.Callers[Callee->getCanonicalDecl()];
      if (Callers.empty() || Callers.back() != Caller)
        Callers.push_back(Caller);
    }
    if (Callee->hasAttrs() || (isa<CXXMethodDecl>(Callee) &&
                               cast<CXXMethodDecl>(Callee)->isVirtual()))
      if (!lockMarksOf(Callee).empty())
        usesLock();
    // A template is judged in its instantiations: each has this call again.
    if (Caller && Caller->isDependentContext())
      return;
    for (const Expr *E : Arguments)
      if (E->isTypeDependent())
        return;
    std::optional<Boundary> B = findBoundary(Call, Callee, Arguments, Models);
    if (!B)
      return;
    B->Caller = Caller;
    if (!Caller)
      B->Member = Member;
    Out.Boundaries.push_back(std::move(*B));
  }

  void defined(const FunctionDecl *Function) {
    if (Function->doesThisDeclarationHaveABody() &&
        !Function->isDependentContext()) {
      Out.Functions.push_back(Function);
      Out.HasCoroutines |=
          isa_and_nonnull<CoroutineBodyStmt>(Function->getBody());
    }
  }

  void locks(QualType Type) {
    const CXXRecordDecl *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
    if (!Class)
      return;
    const TypeModel *Model = Models.type(Class);
    if ((Model && Model->Kind == TypeKind::Guard) ||
        Class->hasAttr<ScopedLockableAttr>())
      locks();
  }

  void locks() {
    if (Caller && !Caller->isDependentContext() &&
        (Out.Lockers.empty() || Out.Lockers.back() != Caller))
      Out.Lockers.push_back(Caller);
  }

  /// A variable or member that may be guarded.
  void named(const ValueDecl *D) {
    if (D->hasAttrs() && llvm::any_of(marksOf(D), [](const Mark &M) {
          return M.Kind == MarkKind::GuardedBy ||
                 M.Kind == MarkKind::PtGuardedBy;
        }))
      usesLock();
  }

  void usesLock() {
    if (Caller && !Caller->isDependentContext() &&
        (Out.LockUsers.empty() || Out.LockUsers.back() != Caller))
      Out.LockUsers.push_back(Caller);
  }

  void suppress(const SuppressAttr *A, SourceRange Range, const Decl *On) {
    llvm::ArrayRef<llvm::StringRef> Ids(A->diagnosticIdentifiers_begin(),
                                        A->diagnosticIdentifiers_size());
    if (!Ids.empty() && Ids[0].substr(0, 8) == "fearless")
      allow(Ids[0], Ids.size() > 1 ? Ids[1] : "", A->getLocation(), Range, On);
  }

  void allow(llvm::StringRef Check, llvm::StringRef Why, SourceLocation Loc,
             SourceRange Range, const Decl *On) {
    Out.Allowances.push_back({Check.str(), Why.str(), Loc, Range, On});
  }

  const ModelTable &Models;
  Unit &Out;
  const FunctionDecl *Caller = nullptr;
  const FieldDecl *Member = nullptr;
  /// The name in front of a call's arguments.
  const Expr *CalledThrough = nullptr;
};

} // namespace

Unit fearless::scan(ASTContext &Ctx, const ModelTable &Models) {
  Unit Out;
  Scanner Visitor(Models, Out);
  const SourceManager &SM = Ctx.getSourceManager();
  for (Decl *D : Ctx.getTranslationUnitDecl()->decls())
    if (!compat::isInSystemHeader(SM, D->getLocation()))
      Visitor.TraverseDecl(D);
  return Out;
}
