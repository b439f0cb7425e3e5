// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Refuses a host of another version. Clang's C++ interface is not stable: a
// module built for 19 and loaded by 22 can run and report nothing, which for a
// checker is the worst answer.

#ifndef FEARLESS_SUPPORT_VERSIONGUARD_H
#define FEARLESS_SUPPORT_VERSIONGUARD_H

#include "llvm/ADT/StringRef.h"

namespace fearless {

/// Compares the Clang that this file was compiled against with the one that
/// runs it; when they differ, prints both to standard error and ends the
/// process with code 2. \p Module names the library in the message.
/// Uses C strings and one Clang function only, so that it works in a host with
/// a different ABI.
void requireMatchingHost(const char *Module);

/// "22.1.8": the version this library was built for.
llvm::StringRef builtForVersion();

} // namespace fearless

#endif // FEARLESS_SUPPORT_VERSIONGUARD_H
