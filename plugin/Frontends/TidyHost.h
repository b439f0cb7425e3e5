// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The headers of the clang-tidy host, in the one place that includes them.

#ifndef FEARLESS_FRONTENDS_TIDYHOST_H
#define FEARLESS_FRONTENDS_TIDYHOST_H

#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "Support/LLVMCompat.h"
#if FEARLESS_HAS_TIDY_REGISTRY_HEADER
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif

#endif // FEARLESS_FRONTENDS_TIDYHOST_H
