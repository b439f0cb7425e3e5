// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Diagnostics/Suppressions.h"

#include "Support/LLVMCompat.h"

#include "clang/AST/DeclBase.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"

using namespace clang;
using namespace fearless;
using llvm::StringRef;

bool fearless::matchesCheck(StringRef Name, StringRef Check) {
  auto Pattern = llvm::GlobPattern::create(Name);
  if (!Pattern) {
    llvm::consumeError(Pattern.takeError());
    return false;
  }
  return Pattern->match(Check);
}

/// Calls \p Use with each name of a comma-separated list.
static bool anyName(StringRef Names, llvm::function_ref<bool(StringRef)> Use) {
  llvm::SmallVector<StringRef, 2> Parts;
  Names.split(Parts, ',');
  return llvm::any_of(Parts, [&](StringRef Name) { return Use(Name.trim()); });
}

bool Suppressions::Comment::covers(StringRef Check) const {
  return !HasNames || anyName(Names, [&](StringRef Name) {
    return matchesCheck(Name, Check);
  });
}

bool Suppressions::Comment::covers(unsigned AtLine, unsigned AtOffset) const {
  switch (Kind) {
  case CommentKind::Line:
    return AtLine == Line;
  case CommentKind::NextLine:
    return AtLine == Line + 1;
  case CommentKind::Begin:
    return Offset <= AtOffset && AtOffset <= BlockEnd;
  case CommentKind::End:
    return false;
  }
  return false;
}

/// Every "NOLINT..." of a file, in order, read to the letter as clang-tidy
/// reads it: it drops findings too, and both front ends must show the same.
/// Linear in the size of the file.
std::vector<Suppressions::Comment> &Suppressions::commentsOf(FileID File) {
  auto [It, New] = Comments.try_emplace(File);
  if (!New)
    return It->second;
  std::vector<Comment> Found;
  // The blocks that are open, innermost last, as indices into Found.
  llvm::SmallVector<size_t, 4> Open;
  const StringRef Text = SM.getBufferData(File);
  size_t Next = 0;
  for (size_t At; (At = Text.find("NOLINT", Next)) != StringRef::npos;) {
    Next = At + 6;
    while (Next != Text.size() && llvm::isAlpha(Text[Next]))
      ++Next;
    const StringRef Word = Text.slice(At + 6, Next);
    Comment C{CommentKind::Line, SM.getLineNumber(File, At),
              static_cast<unsigned>(At), false, StringRef()};
    if (Word == "NEXTLINE")
      C.Kind = CommentKind::NextLine;
    else if (Word == "BEGIN")
      C.Kind = CommentKind::Begin;
    else if (Word == "END")
      C.Kind = CommentKind::End;
    else if (!Word.empty())
      continue; // another word
    if (Next != Text.size() && Text[Next] == '(') {
      const size_t Close = Text.find_first_of(")\n", ++Next);
      if (Close != StringRef::npos && Text[Close] == ')') {
        C.HasNames = true;
        C.Names = Text.slice(Next, Close);
        Next = Close + 1;
      }
    }
    if (C.Kind == CommentKind::End) {
      // Ends the innermost block, which must have the same names. A block that
      // nothing ends covers nothing.
      if (Open.empty() || Found[Open.back()].HasNames != C.HasNames ||
          Found[Open.back()].Names != C.Names)
        continue;
      Found[Open.pop_back_val()].BlockEnd = C.Offset;
      continue;
    }
    if (C.Kind == CommentKind::Begin)
      Open.push_back(Found.size());
    Found.push_back(C);
  }
  return Comments[File] = std::move(Found);
}

bool Suppressions::commented(const Finding &F) {
  // In a macro the comment may stand in its definition or at its use.
  for (SourceLocation Loc = F.Loc;;
       Loc = SM.getImmediateExpansionRange(Loc).getBegin()) {
    auto [File, Offset] = SM.getDecomposedSpellingLoc(Loc);
    if (File.isInvalid())
      return false;
    const unsigned Line = SM.getLineNumber(File, Offset);
    for (Comment &C : commentsOf(File))
      if (C.covers(Line, Offset) && C.covers(F.Check)) {
        C.Used = true;
        return true;
      }
    if (!Loc.isMacroID())
      return false;
  }
}

bool Suppressions::allowed(const Finding &F) {
  const SourceLocation Loc = SM.getExpansionLoc(F.Loc);
  bool Found = false;
  for (size_t I = 0; I != Allowances.size(); ++I) {
    const Allowance &A = Allowances[I];
    if (!matchesCheck(A.Check, F.Check))
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

std::vector<Finding> Suppressions::unused(const Options &Opts) {
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
    if (!UsedAt[A.Loc] && Opts.isEnabled(A.Check) &&
        !std::exchange(Reported[A.Loc], true))
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
      if (C.Used || !C.HasNames)
        continue;
      const bool Ours = anyName(C.Names, [](StringRef Name) {
        return Name.substr(0, 9) == "fearless-";
      });
      const bool AllRan = !anyName(C.Names, [&](StringRef Name) {
        return Name.substr(0, 9) == "fearless-" && !Opts.isEnabled(Name);
      });
      if (Ours && AllRan)
        Report(SM.getLocForStartOfFile(File).getLocWithOffset(C.Offset),
               C.Kind == CommentKind::Begin && C.BlockEnd == 0
                   ? "no NOLINTEND with the same names ends this NOLINTBEGIN"
                   : "this NOLINT covers no finding");
    }
  }
  return Out;
}
