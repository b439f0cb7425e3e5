// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Support/Text.h"

#include "clang/Basic/SourceManager.h"
#include "llvm/Support/MD5.h"

using namespace clang;
using llvm::StringRef;

unsigned fearless::columnOf(const SourceManager &SM, FileID File,
                            unsigned Offset) {
  const StringRef Text = SM.getBufferData(File);
  unsigned Start = Offset;
  while (Start != 0 && Text[Start - 1] != '\n')
    --Start;
  unsigned Characters = 1;
  for (const char C : Text.slice(Start, Offset))
    Characters += (static_cast<unsigned char>(C) & 0xC0) != 0x80;
  return Characters;
}

std::string fearless::digestOf(llvm::ArrayRef<StringRef> Parts) {
  llvm::MD5 Hash;
  for (StringRef Part : Parts) {
    Hash.update(Part);
    Hash.update(StringRef("\0", 1));
  }
  llvm::MD5::MD5Result Result;
  Hash.final(Result);
  return Result.digest().str().str();
}
