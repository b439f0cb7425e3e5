// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/MarkText.h"

#include "Support/LLVMCompat.h"

#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fearless;

SourceLocation fearless::markLocation(const Mark &M, const ASTContext &Ctx) {
  return Ctx.getSourceManager().getExpansionLoc(M.Attribute->getLocation());
}

static std::optional<CharSourceRange> markRange(const Mark &M,
                                                const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  const SourceLocation Loc = M.Attribute->getLocation();
  if (!Loc.isMacroID())
    return std::nullopt;
  const CharSourceRange Range = SM.getExpansionRange(Loc);
  const llvm::StringRef Text =
      Lexer::getSourceText(Range, SM, Ctx.getLangOpts());
  const std::string Macro = macroName(M.Kind);
  if (Text != Macro && Text.substr(0, Macro.size() + 1) != Macro + "(")
    return std::nullopt;
  return Range;
}

std::optional<std::string> fearless::markText(const Mark &M,
                                              const ASTContext &Ctx) {
  if (auto Range = markRange(M, Ctx))
    return Lexer::getSourceText(*Range, Ctx.getSourceManager(),
                                Ctx.getLangOpts())
        .str();
  return std::nullopt;
}

void fearless::replaceMark(const Mark &M, const ASTContext &Ctx,
                           llvm::StringRef Text,
                           llvm::SmallVectorImpl<FixItHint> &Fixes) {
  if (auto Range = markRange(M, Ctx))
    Fixes.push_back(FixItHint::CreateReplacement(*Range, Text));
}

void fearless::removeMark(const Mark &M, const ASTContext &Ctx,
                          llvm::SmallVectorImpl<FixItHint> &Fixes) {
  auto Range = markRange(M, Ctx);
  if (!Range)
    return;
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation End =
      Lexer::getLocForEndOfToken(Range->getEnd(), 0, SM, Ctx.getLangOpts());
  if (End.isInvalid())
    return;
  bool Invalid = false;
  if (*SM.getCharacterData(End, &Invalid) == ' ' && !Invalid)
    End = End.getLocWithOffset(1);
  Fixes.push_back(FixItHint::CreateRemoval(
      CharSourceRange::getCharRange(Range->getBegin(), End)));
}

std::string fearless::withConditions(const Mark &M, const ASTContext &Ctx,
                                     llvm::StringRef Conditions) {
  const TypeClaim Claim = *claimOf(M.Kind);
  const std::string Macro = macroName(M.Kind);
  llvm::StringRef Arguments;
  std::optional<std::string> Text = markText(M, Ctx);
  if (Text)
    Arguments = llvm::StringRef(*Text).drop_front(Macro.size());
  else if (Claim.Unsafe || Claim.Conditional)
    Arguments = "(...)";
  std::string Inside;
  if (Arguments.size() >= 2)
    Inside = Arguments.drop_front().drop_back().str() + ", ";
  return Macro + (Claim.Conditional ? "" : "_IF") + "(" + Inside +
         Conditions.str() + ")";
}

void fearless::insertMark(const TagDecl *Tag, llvm::StringRef Macro,
                          llvm::SmallVectorImpl<FixItHint> &Fixes) {
  const ASTContext &Ctx = Tag->getASTContext();
  const SourceManager &SM = Ctx.getSourceManager();
  const SourceLocation Loc = Tag->getLocation();
  if (Loc.isInvalid() || Loc.isMacroID() || compat::isInSystemHeader(SM, Loc))
    return;
  auto &Ids = Ctx.Idents;
  auto Known = Ids.find("fearless");
  if (Known == Ids.end() ||
      Ctx.getTranslationUnitDecl()->lookup(Known->second).empty())
    return;
  Fixes.push_back(FixItHint::CreateInsertion(Loc, (Macro + " ").str()));
}
