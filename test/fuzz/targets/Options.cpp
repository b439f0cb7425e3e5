// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options, as the plugin's arguments give them: a line is one.

#include "Pipeline.h"
#include "Target.h"

using namespace fearless;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::vector<OptionArgument> Given;
  llvm::SmallVector<llvm::StringRef, 8> Lines;
  fuzz::text(Data, Size).split(Lines, '\n');
  for (llvm::StringRef Line : Lines) {
    auto [Key, Value] = Line.split('=');
    // What another file holds is the target Settings.
    if (Key != "config")
      Given.push_back({Key.str(), Value.str()});
  }
  auto Loaded = loadSettings(Given, "");
  if (!Loaded)
    return llvm::toString(Loaded.takeError()).empty() ? std::abort(), 0 : 0;
  (void)(*Loaded)->Opts.isEnabled("fearless-send");
  (void)(*Loaded)->Opts.showsHeader("include/library.h");
  return 0;
}
