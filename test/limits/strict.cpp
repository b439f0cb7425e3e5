// RUN: %fearless_check %s -mode=strict --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What strict mode believes: see docs/limitations.md.
// expected-no-diagnostics

#include <fearless/annotations.h>

#include <mutex>
#include <vector>

struct data {
  std::mutex m;
  int n FEARLESS_GUARDED_BY(m) = 0;
};

// An element is the same as long as its index is not written here; a callee
// that writes it through a reference is not seen.
void FN_index_changes_in_callee_bad(std::vector<data> &all, int &i, void (*next)(int &)) {
  std::lock_guard lock(all[i].m);
  next(i);
  all[i].n = 1;
}
