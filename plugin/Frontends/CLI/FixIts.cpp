// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/FixIts.h"

#include "Frontends/CLI/SourceText.h"
#include "Frontends/WriteFile.h"

#include "clang/Tooling/Core/Replacement.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace fearless;
using namespace fearless::cli;
using clang::tooling::Replacements;
using llvm::StringRef;

/// The offset of a line and column, or npos when the text has no such place.
static size_t offsetOf(StringRef Text, unsigned Line, unsigned Column) {
  size_t Begin = 0;
  for (; Line > 1; --Line) {
    Begin = Text.find('\n', Begin);
    if (Begin == StringRef::npos)
      return Begin;
    ++Begin;
  }
  return Begin + byteOffset(Text.substr(Begin).split('\n').first, Column);
}

FixResult fearless::cli::applyFixes(const Report &R) {
  FixResult Out;
  std::map<std::string, std::string> Texts;
  std::map<std::string, Replacements> ByFile;
  for (const Result &Found : R.Results) {
    if (Found.Known || Found.Fixes.empty())
      continue;
    auto Attempt = ByFile;
    bool Fits = true;
    for (const Replacement &Fix : Found.Fixes) {
      const std::string &File = Fix.Range.File;
      if (!Texts.count(File)) {
        auto Buffer = llvm::MemoryBuffer::getFile(File);
        Texts[File] = Buffer ? (*Buffer)->getBuffer().str() : std::string();
      }
      const std::string &Text = Texts[File];
      const size_t Begin = offsetOf(Text, Fix.Range.Line, Fix.Range.Column);
      const size_t End = offsetOf(Text, Fix.Range.EndLine, Fix.Range.EndColumn);
      if (Begin == StringRef::npos || End == StringRef::npos || End < Begin) {
        Fits = false;
        break;
      }
      if (llvm::Error E = Attempt[File].add(clang::tooling::Replacement(
              File, Begin, End - Begin, Fix.Text))) {
        llvm::consumeError(std::move(E));
        Fits = false;
        break;
      }
    }
    if (!Fits) {
      ++Out.Conflicts;
      continue;
    }
    ByFile = std::move(Attempt);
    ++Out.Applied;
  }
  for (const auto &[File, Changes] : ByFile) {
    auto Text = clang::tooling::applyAllReplacements(Texts[File], Changes);
    llvm::Error E = Text ? writeFile(File, *Text) : Text.takeError();
    if (E)
      Out.Problems.push_back(llvm::toString(std::move(E)));
  }
  return Out;
}
