// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// .fearless.yaml with the models in it: whatever it holds, it is read or
// refused with a message.

#include "Pipeline.h"
#include "Target.h"

using namespace fearless;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const fuzz::MemoryFile File(fuzz::text(Data, Size));
  auto Loaded = loadSettings({{"config", File.path()}}, "/source/unit.cpp");
  if (!Loaded && llvm::toString(Loaded.takeError()).empty())
    std::abort();
  return 0;
}
