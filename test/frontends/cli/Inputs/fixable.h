// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mark that is not needed, behind characters of several bytes.

#include <fearless/annotations.h>

/* äöü */ struct FEARLESS_UNSAFE_SEND("it is only a number") in_header {
  int number;
};
