// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes an output file whole or not at all.

#ifndef FEARLESS_FRONTENDS_WRITEFILE_H
#define FEARLESS_FRONTENDS_WRITEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace fearless {

/// Makes \p Text the content of \p Path. A regular file is replaced in one
/// step, so readers see the old content or the new one; anything else (a pipe,
/// a device) is written to. Fails with "cannot write '...': why", and then
/// leaves a regular file as it was. Safe against other processes that write the
/// same file: one of them wins.
llvm::Error writeFile(llvm::StringRef Path, llvm::StringRef Text);

} // namespace fearless

#endif // FEARLESS_FRONTENDS_WRITEFILE_H
