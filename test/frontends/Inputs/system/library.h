// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A library's header: its own findings are nobody's business here, and its
// macros expand to code of the user's.

#pragma once
#include <fearless/annotations.h>

template <class F> void library_spawn(FEARLESS_SPAWNS F) {}
struct FEARLESS_NOT_SEND("it is the library's") library_handle {
  int id;
};
inline void library_function(library_handle h) {
  library_spawn([h] { (void)h; });
}
#define LIBRARY_SPAWN_ARGUMENT(h) library_spawn([h] { (void)h; })
#define LIBRARY_SPAWN_ITS_OWN()                                                \
  do {                                                                         \
    library_handle h{};                                                        \
    library_spawn([h] { (void)h; });                                           \
  } while (false)
