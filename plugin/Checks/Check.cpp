// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/Check.h"

using namespace fearless;

llvm::ArrayRef<CheckInfo> fearless::allChecks() {
  static const CheckInfo Infos[] = {
#define CHECK(Class, Name, Summary)                                            \
  {Name, Summary, []() -> std::unique_ptr<Check> {                             \
     return std::make_unique<Class>(Name);                                     \
   }},
#include "Checks/Checks.def"
  };
  return Infos;
}
