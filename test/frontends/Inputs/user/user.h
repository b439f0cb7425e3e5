// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A header of the user's with one finding, on line 10.

#pragma once
#include <library.h>

struct in_header {
  void run(library_handle h) {
    library_spawn([h] { (void)h; });
  }
};
