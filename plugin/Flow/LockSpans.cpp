// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/LockSpans.h"

#include "Flow/PlaceBuilder.h"
#include "Traits/Locks.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

bool fearless::flow::isGuardClass(QualType Type, const ModelTable &Models) {
  const CXXRecordDecl *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Class)
    return false;
  const TypeModel *Model = Models.type(Class);
  return (Model && Model->Kind == TypeKind::Guard) ||
         Class->hasAttr<ScopedLockableAttr>();
}

const ValueDecl *fearless::flow::lastName(const Expr *E) {
  E = strip(E);
  while (const auto *Op = dyn_cast<UnaryOperator>(E))
    E = strip(Op->getSubExpr());
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E);
      Call && Call->getNumArgs() == 1)
    E = strip(Call->getArg(0)); // *p of a smart pointer
  if (const auto *Name = dyn_cast<DeclRefExpr>(E))
    return cast<ValueDecl>(Name->getDecl()->getCanonicalDecl());
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return cast<ValueDecl>(Member->getMemberDecl()->getCanonicalDecl());
  return nullptr;
}

std::string fearless::flow::spelling(const Expr *E, const ASTContext &Ctx) {
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  E->IgnoreImplicit()->printPretty(OS, nullptr,
                                   PrintingPolicy(Ctx.getLangOpts()));
  OS.flush();
  // "this->m_" and "&m_" are "m_" to the reader.
  for (size_t At; (At = Out.find("this->")) != std::string::npos;)
    Out.erase(At, 6);
  llvm::StringRef Text(Out);
  Text.consume_front("&");
  return Text.str();
}

namespace {

class SpanFinder : public RecursiveASTVisitor<SpanFinder> {
public:
  SpanFinder(const ModelTable &Models, ParentMap &Parents,
             const ASTContext &Ctx)
      : Models(Models), Parents(Parents), Ctx(Ctx) {}
  std::vector<LockSpan> Spans;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }

  bool VisitDeclStmt(DeclStmt *S) {
    for (const Decl *D : S->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D);
          Variable && Variable->getInit() && !Variable->hasGlobalStorage() &&
          !Variable->getType()->isReferenceType() &&
          isGuardClass(Variable->getType(), Models))
        guard(Variable, S, /*Declared=*/true);
    return true;
  }

  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const Expr *Object = Call->getImplicitObjectArgument();
    if (!Callee || !Callee->getIdentifier() || !Object)
      return true;
    const llvm::StringRef Name = Callee->getName();
    if (Name == "lock" && isGuardClass(Object->getType(), Models)) {
      // Deferred, or locked again.
      const auto *Ref = dyn_cast<DeclRefExpr>(strip(Object));
      const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      if (Variable && Variable->getInit())
        guard(Variable, Call, /*Declared=*/false);
    } else if ((Name == "lock" || Name == "lock_shared") &&
        Callee->getReturnType()->isVoidType() &&
        isLock(Object->getType(), Models))
      Spans.push_back({lastName(Object), spelling(Object, Ctx), nullptr,
                       Call->getExprLoc(), scopeOf(Call)->getEndLoc()});
    else if (Name == "unlock" || Name == "unlock_shared")
      unlock(Call, Object);
    return true;
  }

private:
  /// The statement whose end is the end of what \p S declares.
  const Stmt *scopeOf(const Stmt *S) const {
    const Stmt *Up = Parents.getParent(const_cast<Stmt *>(S));
    while (Up && !isa<CompoundStmt, IfStmt, ForStmt, WhileStmt, SwitchStmt,
                      CXXForRangeStmt>(Up))
      Up = Parents.getParent(const_cast<Stmt *>(Up));
    return Up ? Up : S;
  }

  void guard(const VarDecl *Variable, const Stmt *S, bool Declared) {
    LockSpan Span;
    Span.Guard = Variable;
    Span.Begin = Declared ? Variable->getLocation() : S->getBeginLoc();
    Span.End = scopeOf(S)->getEndLoc();
    const Expr *Init = strip(Variable->getInit());
    llvm::SmallVector<const Expr *, 2> Arguments;
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init)) {
      Arguments.append(Construct->arg_begin(), Construct->arg_end());
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Init)) {
      if (Call->getImplicitObjectArgument())
        Arguments.push_back(Call->getImplicitObjectArgument());
    }
    bool Any = false;
    for (const Expr *Argument : Arguments) {
      const CXXRecordDecl *Class =
          Argument->getType().getNonReferenceType()->getAsCXXRecordDecl();
      if (Class && Class->getIdentifier() && Class->getName() == "defer_lock_t" &&
          Declared)
        return; // the bare call that follows begins the span
    }
    for (const Expr *Argument : Arguments)
      if (isLock(Argument->getType(), Models)) {
        Span.Lock = lastName(Argument);
        Span.Name = spelling(Argument, Ctx);
        Spans.push_back(Span);
        Any = true;
      }
    if (!Any)
      Spans.push_back(Span);
  }

  /// Ends the spans that the object, a lock or a guard, began in this scope.
  void unlock(const CXXMemberCallExpr *Call, const Expr *Object) {
    const ValueDecl *Name = lastName(Object);
    for (LockSpan &Span : Spans)
      if ((Span.Guard ? Span.Guard->getCanonicalDecl() == Name || Span.Lock == Name
                      : Span.Lock == Name) &&
          Name && scopeOf(Call)->getEndLoc() == Span.End)
        Span.End = Call->getExprLoc();
  }

  const ModelTable &Models;
  ParentMap &Parents;
  const ASTContext &Ctx;
};

} // namespace

std::vector<LockSpan> fearless::flow::lockSpansOf(const FunctionDecl *Function,
                                                  const ModelTable &Models,
                                                  ParentMap &Parents) {
  SpanFinder Finder(Models, Parents, Function->getASTContext());
  Finder.TraverseStmt(Function->getBody());
  return std::move(Finder.Spans);
}
