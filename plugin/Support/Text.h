// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What reports, summaries and errors are made of: columns as people count them,
// digests, errors with a text.

#ifndef FEARLESS_SUPPORT_TEXT_H
#define FEARLESS_SUPPORT_TEXT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <string>

namespace clang {
class FileID;
class SourceManager;
} // namespace clang

namespace fearless {

/// The column of \p Offset, from 1. SARIF counts characters, Clang counts bytes.
/// Linear in the length of the line.
unsigned columnOf(const clang::SourceManager &SM, clang::FileID File,
                  unsigned Offset);

/// A digest of \p Parts, in this order, as hexadecimal digits.
std::string digestOf(llvm::ArrayRef<llvm::StringRef> Parts);

inline llvm::Error error(const llvm::Twine &Text) {
  return llvm::make_error<llvm::StringError>(Text.str(),
                                             llvm::inconvertibleErrorCode());
}

} // namespace fearless

#endif // FEARLESS_SUPPORT_TEXT_H
