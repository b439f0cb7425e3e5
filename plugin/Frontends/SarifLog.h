// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of a SARIF 2.1.0 log that do not depend on where findings come
// from: the rules, which are Checks.def, and the frame around the results. The
// plugin's writer and the command line tool share them.

#ifndef FEARLESS_FRONTENDS_SARIFLOG_H
#define FEARLESS_FRONTENDS_SARIFLOG_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace fearless {

/// "0.1.0", and "22.1.8": of Fearless, and of the LLVM it was built for.
llvm::StringRef toolVersion();
llvm::StringRef llvmVersion();

/// \p Path as the path of a URI; an absolute one as a whole URI.
std::string uriPath(llvm::StringRef Path);
std::string fileUri(llvm::StringRef Path);

llvm::json::Object sarifMessage(std::string Text);

/// The folder of the checks' pages, seen from the folder of one of our
/// binaries, installed or in its build directory. Empty when it is missing.
std::string checkPagesFrom(llvm::StringRef Folder);

/// Every rule of Checks.def, in its order. \p Pages as above, or empty. \p Text
/// gives the page of a check, for viewers that show it; may be null.
llvm::json::Array
sarifRules(llvm::StringRef Level, llvm::StringRef Pages,
           llvm::function_ref<llvm::StringRef(llvm::StringRef)> Text = nullptr);

/// The index of a check among the rules.
int64_t ruleIndex(llvm::StringRef Check);

/// The log of one run.
llvm::json::Value sarifLog(llvm::json::Array Results, llvm::json::Array Rules,
                           llvm::json::Object Invocation);

} // namespace fearless

#endif // FEARLESS_FRONTENDS_SARIFLOG_H
