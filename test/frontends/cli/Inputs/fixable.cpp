// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Another one.

#include "fixable.h"

struct FEARLESS_UNSAFE_SEND("it is only a number") in_source {
  int number;
};
