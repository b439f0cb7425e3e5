// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Support/VersionGuard.h"

#include "clang/Basic/Version.h"
#include "clang/Basic/Version.inc"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

using namespace fearless;

llvm::StringRef fearless::builtForVersion() { return CLANG_VERSION_STRING; }

void fearless::requireMatchingHost(const char *Module) {
  // The full version reads "Debian clang version 22.1.8 (...)". The number is
  // cut out and compared whole: "19.1.7" is part of "119.1.70".
  const std::string Full = clang::getClangFullVersion();
  const char *Host = std::strstr(Full.c_str(), "version ");
  Host = Host ? Host + std::strlen("version ") : "";
  const std::string HostVersion(Host, std::strspn(Host, "0123456789."));
  if (HostVersion == CLANG_VERSION_STRING)
    return;
  std::fprintf(stderr,
               "fearless: error: %s was built for Clang %s and cannot run in "
               "'%s'; use the build for that version\n",
               Module, CLANG_VERSION_STRING, Full.c_str());
  std::fflush(stderr);
  std::_Exit(2);
}
