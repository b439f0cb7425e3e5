// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/WriteFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using llvm::StringRef;
namespace fs = llvm::sys::fs;

/// Writes and closes. Both can fail: a full disk may show only at the end.
static std::error_code writeTo(int Descriptor, StringRef Text) {
  llvm::raw_fd_ostream OS(Descriptor, /*shouldClose=*/true);
  OS << Text;
  OS.close();
  const std::error_code EC = OS.error();
  OS.clear_error();
  return EC;
}

static std::error_code replace(StringRef Path, StringRef Text) {
  llvm::SmallString<256> Temporary;
  int Descriptor = -1;
  if (std::error_code EC = fs::createUniqueFile(Path + ".%%%%%%%%.tmp",
                                                Descriptor, Temporary))
    return EC;
  std::error_code EC = writeTo(Descriptor, Text);
  if (!EC)
    EC = fs::rename(Temporary, Path);
  if (EC)
    fs::remove(Temporary);
  return EC;
}

static std::error_code writeInto(StringRef Path, StringRef Text) {
  int Descriptor = -1;
  if (std::error_code EC = fs::openFileForWrite(Path, Descriptor))
    return EC;
  return writeTo(Descriptor, Text);
}

llvm::Error fearless::writeFile(StringRef Path, StringRef Text) {
  // Through a symbolic link: the link stays, its target is replaced.
  llvm::SmallString<256> Real;
  if (fs::real_path(Path, Real))
    Real = Path;
  fs::file_status Status;
  const bool Exists = !fs::status(Real, Status);
  const std::error_code EC = Exists && !fs::is_regular_file(Status)
                                 ? writeInto(Real, Text)
                                 : replace(Real, Text);
  if (!EC)
    return llvm::Error::success();
  return llvm::createStringError(EC, "cannot write '%s': %s",
                                 Path.str().c_str(), EC.message().c_str());
}
