// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/SourceText.h"

using namespace fearless::cli;
using llvm::StringRef;

size_t fearless::cli::byteOffset(StringRef Line, unsigned Column) {
  size_t Offset = 0;
  // The bytes of a character after its first begin with 10.
  for (unsigned Characters = 1; Offset != Line.size(); ++Offset)
    if ((static_cast<unsigned char>(Line[Offset]) & 0xC0) != 0x80 &&
        Characters++ == Column)
      break;
  return Offset;
}

StringRef SourceText::line(StringRef Path, unsigned Number) {
  auto [It, New] = Files.try_emplace(Path);
  File &F = It->second;
  if (New)
    if (auto Buffer = llvm::MemoryBuffer::getFile(Path)) {
      F.Buffer = std::move(*Buffer);
      for (StringRef Rest = F.Buffer->getBuffer(); !Rest.empty();) {
        auto [Line, After] = Rest.split('\n');
        F.Lines.push_back(Line.rtrim('\r'));
        Rest = After;
      }
    }
  return Number != 0 && Number <= F.Lines.size() ? F.Lines[Number - 1]
                                                 : StringRef();
}
