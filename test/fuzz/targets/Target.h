// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the fuzz targets share. A target defines LLVMFuzzerTestOneInput; libFuzzer
// or Loop.cpp calls it. Readers that take a path get one of a file in memory.

#ifndef FEARLESS_TEST_FUZZ_TARGET_H
#define FEARLESS_TEST_FUZZ_TARGET_H

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size);

namespace fearless::fuzz {

/// A file that holds \p Text as long as this lives, and is on no disk.
class MemoryFile {
public:
  explicit MemoryFile(llvm::StringRef Text) : Number(memfd_create("input", 0)) {
    if (Number < 0 ||
        write(Number, Text.data(), Text.size()) != ssize_t(Text.size()))
      std::abort();
  }
  ~MemoryFile() { close(Number); }
  MemoryFile(const MemoryFile &) = delete;
  MemoryFile &operator=(const MemoryFile &) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(Number); }

private:
  const int Number;
};

inline llvm::StringRef text(const uint8_t *Data, size_t Size) {
  return {reinterpret_cast<const char *>(Data), Size};
}

} // namespace fearless::fuzz

#endif // FEARLESS_TEST_FUZZ_TARGET_H
