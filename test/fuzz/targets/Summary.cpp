// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The summary of a unit: joined with itself as a second one, and judged.

#include "Link/LinkFindings.h"
#include "Target.h"

using namespace fearless;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const llvm::StringRef Text = fuzz::text(Data, Size);
  linking::LinkedProgram Program("fuzz");
  for (llvm::StringRef Path : {"one", "two"})
    if (llvm::Error E = Program.add(Path, Text)) {
      llvm::consumeError(std::move(E));
      return 0;
    }
  if (llvm::Error E = Program.join(
          [&](size_t) -> llvm::Expected<std::string> { return Text.str(); })) {
    llvm::consumeError(std::move(E));
    return 0;
  }
  (void)linking::findingsOf(Program);
  return 0;
}
