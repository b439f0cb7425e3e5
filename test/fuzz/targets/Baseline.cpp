// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The baseline, and the log of a unit, which the tool reads in the same format
// from its cache.

#include "Frontends/CLI/Baseline.h"
#include "Target.h"

using namespace fearless;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const llvm::StringRef Text = fuzz::text(Data, Size);
  cli::Report Report;
  if (auto Log = cli::readLog(Text))
    Report.Results = std::move(Log->Results);
  else
    llvm::consumeError(Log.takeError());
  const fuzz::MemoryFile File(Text);
  auto Known = cli::Baseline::read(File.path());
  if (!Known)
    return llvm::toString(Known.takeError()).empty() ? std::abort(), 0 : 0;
  cli::Result Found;
  Found.At.File = "/proc/self/fd/a.cpp";
  Found.Fingerprint = "f";
  Report.Results.push_back(Found);
  Report.Results.push_back(Found);
  Known->apply(Report);
  return 0;
}
