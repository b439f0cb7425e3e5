// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/PrettyPrinter.h"

using namespace clang;
using namespace fearless;

static void appendScope(const DeclContext *Context,
                        llvm::SmallString<64> &Out) {
  for (; Context && !Context->isTranslationUnit();
       Context = Context->getParent()) {
    if (const auto *Namespace = dyn_cast<NamespaceDecl>(Context)) {
      if (Namespace->isInline() || Namespace->isAnonymousNamespace())
        continue;
    } else if (!isa<RecordDecl>(Context)) {
      continue; // extern "C" blocks, functions: a local class has its own name
    }
    appendScope(Context->getParent(), Out);
    Out += cast<NamedDecl>(Context)->getName();
    Out += "::";
    return;
  }
}

llvm::SmallString<64> fearless::qualifiedName(const NamedDecl *D) {
  llvm::SmallString<64> Out;
  appendScope(D->getDeclContext(), Out);
  if (const IdentifierInfo *Id = D->getIdentifier())
    Out += Id->getName();
  else if (isa<CXXConstructorDecl>(D))
    Out += cast<CXXRecordDecl>(D->getDeclContext())->getName();
  else if (const auto *Tag = dyn_cast<TagDecl>(D);
           Tag && Tag->getTypedefNameForAnonDecl())
    Out += Tag->getTypedefNameForAnonDecl()->getName();
  else
    Out += D->getDeclName().getAsString();
  return Out;
}

std::string fearless::displayName(QualType T, const ASTContext &Ctx) {
  PrintingPolicy Policy(Ctx.getLangOpts());
  Policy.SuppressTagKeyword = true;
  Policy.SuppressInlineNamespace = true;
  Policy.SuppressDefaultTemplateArgs = true;
  Policy.AnonymousTagLocations = false;
  Policy.Bool = true;
  if (const auto *Record = T->getAsCXXRecordDecl(); Record && Record->isLambda())
    return "lambda";
  std::string Text = T.getAsString(Policy);
  return Text;
}
