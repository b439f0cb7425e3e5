// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lines of source files, for showing findings and applying fixes: read
// when the first line is asked for.

#ifndef FEARLESS_FRONTENDS_CLI_SOURCETEXT_H
#define FEARLESS_FRONTENDS_CLI_SOURCETEXT_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <vector>

namespace fearless::cli {

/// \p Column, which counts characters from 1, as an offset of bytes in \p Line.
size_t byteOffset(llvm::StringRef Line, unsigned Column);

class SourceText {
public:
  /// Line \p Number (from 1) of \p Path, without its end; empty when there is
  /// none.
  llvm::StringRef line(llvm::StringRef Path, unsigned Number);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> Buffer;
    std::vector<llvm::StringRef> Lines;
  };
  llvm::StringMap<File> Files;
};

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_SOURCETEXT_H
