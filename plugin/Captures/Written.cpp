// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Captures/Written.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fearless;

const Expr *fearless::written(const Expr *E) {
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
    else if (const auto *List = dyn_cast<InitListExpr>(Inner);
             List && List->getNumInits() == 1 && !List->getType()->isArrayType() &&
             List->getType().getCanonicalType().getUnqualifiedType() ==
                 List->getInit(0)->getType().getCanonicalType().getUnqualifiedType())
      Inner = List->getInit(0);
    if (Inner == E)
      return E;
    E = Inner;
  }
}

const Expr *fearless::passedOn(const Expr *E) {
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

const ValueDecl *fearless::denoted(const Expr *E) {
  E = passedOn(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl();
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return Member->getMemberDecl();
  return nullptr;
}

const VarDecl *fearless::rootVariable(const Expr *E) {
  while (true) {
    E = passedOn(E);
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl());
      if (Static)
        return Static;
      if (Member->isArrow() ||
          Member->getMemberDecl()->getType()->isReferenceType())
        return nullptr;
      E = Member->getBase();
    } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      if (!Subscript->getBase()->IgnoreParenImpCasts()->getType()->isArrayType())
        return nullptr;
      E = Subscript->getBase();
    } else {
      const auto *Ref = dyn_cast<DeclRefExpr>(E);
      const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
      return Variable && !Variable->getType()->isReferenceType() ? Variable
                                                                 : nullptr;
    }
  }
}

/// The source text of an expression when it is short.
static std::string sourceText(const Expr *E, const ASTContext &Ctx) {
  if (E->getBeginLoc().isMacroID() || E->getEndLoc().isMacroID())
    return {};
  llvm::StringRef Text = Lexer::getSourceText(
      CharSourceRange::getTokenRange(E->getSourceRange()),
      Ctx.getSourceManager(), Ctx.getLangOpts());
  if (Text.empty() || Text.size() > 40 || Text.contains('\n'))
    return {};
  return "'" + Text.str() + "'";
}

std::string fearless::nameOf(const Expr *E, const ASTContext &Ctx) {
  if (isa<CXXThisExpr>(written(E)))
    return "'this'";
  E = passedOn(E);
  if (const auto *Member = dyn_cast<MemberExpr>(E);
      Member && !Member->isImplicitAccess())
    if (std::string Text = sourceText(E, Ctx); !Text.empty())
      return Text;
  if (const ValueDecl *D = denoted(E); D && D->getIdentifier())
    return "'" + D->getNameAsString() + "'";
  return sourceText(E, Ctx);
}
