// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Diagnostics/Suppressions.h"

#include "Support/LLVMCompat.h"

#include "clang/AST/DeclBase.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"

using namespace clang;
using namespace fearless;
using llvm::StringRef;

bool Suppressions::Comment::names(StringRef Check) const {
  if (Checks.empty())
    return true;
  return llvm::any_of(Checks, [&](StringRef Name) {
    auto Pattern = llvm::GlobPattern::create(Name);
    if (!Pattern) {
      llvm::consumeError(Pattern.takeError());
      return false;
    }
    return Pattern->match(Check);
  });
}

/// Every "NOLINT…" of a file, in order. Linear in its size.
std::vector<Suppressions::Comment> &Suppressions::commentsOf(FileID File) {
  auto [It, New] = Comments.try_emplace(File);
  if (!New)
    return It->second;
  std::vector<Comment> Found;
  const StringRef Text = SM.getBufferData(File);
  for (size_t At = Text.find("NOLINT"); At != StringRef::npos;
       At = Text.find("NOLINT", At + 1)) {
    StringRef Rest = Text.substr(At + 6);
    Comment C{SM.getLineNumber(File, At), CommentKind::Line, {},
              SM.getLocForStartOfFile(File).getLocWithOffset(At)};
    if (Rest.consume_front("NEXTLINE"))
      C.Kind = CommentKind::NextLine;
    else if (Rest.consume_front("BEGIN"))
      C.Kind = CommentKind::Begin;
    else if (Rest.consume_front("END"))
      C.Kind = CommentKind::End;
    else if (!Rest.empty() && (llvm::isAlnum(Rest.front()) || Rest[0] == '_'))
      continue; // another word
    if (Rest.consume_front("(")) {
      size_t Close = Rest.find_first_of(")\n");
      if (Close == StringRef::npos || Rest[Close] != ')')
        continue;
      llvm::SmallVector<StringRef, 2> Names;
      Rest.substr(0, Close).split(Names, ',');
      for (StringRef Name : Names)
        C.Checks.push_back(Name.trim().str());
    }
    Found.push_back(std::move(C));
  }
  return Comments[File] = std::move(Found);
}

bool Suppressions::commented(const Finding &F) {
  auto [File, Offset] = SM.getDecomposedLoc(SM.getExpansionLoc(F.Loc));
  if (File.isInvalid())
    return false;
  const unsigned Line = SM.getLineNumber(File, Offset);
  std::vector<Comment> &Found = commentsOf(File);
  std::vector<Comment *> Open;
  for (Comment &C : Found) {
    if (C.Kind == CommentKind::Begin && C.Line <= Line) {
      Open.push_back(&C);
    } else if (C.Kind == CommentKind::End && C.Line < Line) {
      // An END closes the last BEGIN with the same names.
      for (size_t I = Open.size(); I-- != 0;)
        if (Open[I]->Checks == C.Checks) {
          Open.erase(Open.begin() + I);
          break;
        }
    } else if (((C.Kind == CommentKind::Line && C.Line == Line) ||
                (C.Kind == CommentKind::NextLine && C.Line + 1 == Line)) &&
               C.names(F.Check)) {
      C.Used = true;
      return true;
    }
  }
  for (Comment *C : Open)
    if (C->names(F.Check)) {
      C->Used = true;
      return true;
    }
  return false;
}

bool Suppressions::allowed(const Finding &F) {
  const SourceLocation Loc = SM.getExpansionLoc(F.Loc);
  bool Found = false;
  for (size_t I = 0; I != Allowances.size(); ++I) {
    const Allowance &A = Allowances[I];
    if (A.Check != F.Check)
      continue;
    const SourceLocation Begin = SM.getExpansionLoc(A.Range.getBegin());
    const SourceLocation End = SM.getExpansionRange(A.Range.getEnd()).getEnd();
    const bool Inside = Begin.isValid() && End.isValid() &&
                        !SM.isBeforeInTranslationUnit(Loc, Begin) &&
                        !SM.isBeforeInTranslationUnit(End, Loc);
    const bool OnCulprit =
        A.On && F.Culprit &&
        A.On->getCanonicalDecl() == F.Culprit->getCanonicalDecl();
    if (Inside || OnCulprit) {
      Used[I] = true;
      Found = true;
    }
  }
  return Found;
}

bool Suppressions::covers(const Finding &F) {
  // Both are asked, so that both count as used.
  const bool Allowed = allowed(F);
  const bool Commented = commented(F);
  return Allowed || Commented;
}

std::vector<Finding> Suppressions::unused() {
  std::vector<Finding> Out;
  auto Report = [&](SourceLocation Loc, std::string Message) {
    Finding F;
    F.Check = "fearless-annotation";
    F.Loc = Loc;
    F.Message = std::move(Message);
    F.Help = "remove it";
    Out.push_back(std::move(F));
  };
  // In templates every instantiation repeats the attribute: used in one of
  // them is used.
  llvm::DenseMap<SourceLocation, bool> UsedAt;
  for (size_t I = 0; I != Allowances.size(); ++I)
    UsedAt[Allowances[I].Loc] |= Used[I];
  llvm::DenseMap<SourceLocation, bool> Reported;
  for (const Allowance &A : Allowances)
    if (!UsedAt[A.Loc] && !std::exchange(Reported[A.Loc], true))
      Report(A.Loc,
             "FEARLESS_ALLOW(\"" + A.Check + "\", ...) covers no finding");

  for (unsigned I = 0, N = SM.local_sloc_entry_size(); I != N; ++I) {
    const SrcMgr::SLocEntry &Entry = SM.getLocalSLocEntry(I);
    if (!Entry.isFile() ||
        SrcMgr::isSystem(Entry.getFile().getFileCharacteristic()))
      continue;
    SourceLocation Start =
        SourceLocation::getFromRawEncoding(Entry.getOffset());
    const FileID File = SM.getFileID(Start);
    if (!SM.getFileEntryForID(File))
      continue;
    for (const Comment &C : commentsOf(File)) {
      const bool Ours = llvm::any_of(C.Checks, [](StringRef Name) {
        return Name.substr(0, 9) == "fearless-";
      });
      if (Ours && !C.Used && C.Kind != CommentKind::End)
        Report(C.Loc, "this NOLINT covers no finding");
    }
  }
  return Out;
}
