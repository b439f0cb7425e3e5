// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ways to silence a finding: FEARLESS_ALLOW, and the NOLINT family of
// comments that clang-tidy made known, alike in every front end. Remembers
// which were used, so that stale ones can be reported.

#ifndef FEARLESS_DIAGNOSTICS_SUPPRESSIONS_H
#define FEARLESS_DIAGNOSTICS_SUPPRESSIONS_H

#include "Boundaries/Unit.h"
#include "Diagnostics/Finding.h"
#include "Support/Options.h"

#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace fearless {

/// Whether \p Name, a check's name or a glob over names, means \p Check.
bool matchesCheck(llvm::StringRef Name, llvm::StringRef Check);

class Suppressions {
public:
  Suppressions(const clang::SourceManager &SM,
               llvm::ArrayRef<Allowance> Allowances)
      : SM(SM), Allowances(Allowances), Used(Allowances.size(), false) {}

  /// Whether a mark or comment covers \p F; marks it as used. A file's
  /// comments are read once, at its first finding.
  bool covers(const Finding &F);

  /// One finding (fearless-annotation) for each FEARLESS_ALLOW and each
  /// NOLINT with a `fearless-` name that covered nothing, unless its check did
  /// not run. Reads all user files.
  std::vector<Finding> unused(const Options &Opts);

private:
  enum class CommentKind { Line, NextLine, Begin, End };
  struct Comment {
    CommentKind Kind;
    unsigned Line;
    unsigned Offset;
    /// Names were given in parentheses: "NOLINT()" covers nothing.
    bool HasNames;
    llvm::StringRef Names;
    /// Where the block ends that this begins; 0 when nothing ends it.
    unsigned BlockEnd = 0;
    bool Used = false;

    bool covers(llvm::StringRef Check) const;
    bool covers(unsigned AtLine, unsigned AtOffset) const;
  };
  std::vector<Comment> &commentsOf(clang::FileID File);
  bool allowed(const Finding &F);
  bool commented(const Finding &F);

  const clang::SourceManager &SM;
  llvm::ArrayRef<Allowance> Allowances;
  std::vector<bool> Used;
  llvm::DenseMap<clang::FileID, std::vector<Comment>> Comments;
};

} // namespace fearless

#endif // FEARLESS_DIAGNOSTICS_SUPPRESSIONS_H
