// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams are for one thread; a directory stream too. Paths are values.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %fearless_check %s -- -std=c++2b
// RUN: %fearless_check_libcxx %s -- -std=c++20
// expected-no-diagnostics

#include "shapes.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#if __has_include(<spanstream>) && __cplusplus > 202002L
#include <spanstream>
#endif
#if __has_include(<syncstream>)
#include <syncstream>
#endif

EXPECT_SEND_ONLY(std::ofstream);
EXPECT_SEND_ONLY(std::ifstream);
EXPECT_SEND_ONLY(std::fstream);
EXPECT_SEND_ONLY(std::stringstream);
EXPECT_SEND_ONLY(std::istringstream);
EXPECT_SEND_ONLY(std::wostringstream);
EXPECT_SEND_ONLY(std::filebuf);
EXPECT_SEND_ONLY(std::stringbuf);
#ifdef __cpp_lib_syncbuf
EXPECT_SEND_ONLY(std::osyncstream);
EXPECT_SEND_ONLY(std::syncbuf);
#endif

#ifdef __cpp_lib_spanstream
EXPECT_SEND_ONLY(std::spanstream);
EXPECT_SEND_ONLY(std::ispanstream);
EXPECT_SEND_ONLY(std::ospanstream);
EXPECT_SEND_ONLY(std::spanbuf);
#endif

// The base classes write to a buffer that may be anybody's.
EXPECT_NEITHER(std::ostream);
EXPECT_NEITHER(std::istream);
EXPECT_NEITHER(std::streambuf);
EXPECT_NEITHER(std::iostream);
EXPECT_NEITHER(std::ios);
EXPECT_NEITHER(std::ios_base);
EXPECT_NEITHER(std::ostream &);
EXPECT_NEITHER(std::ofstream *);

EXPECT_VALUE(std::filesystem::path);
EXPECT_VALUE(std::filesystem::directory_entry);
EXPECT_VALUE(std::filesystem::file_status);
EXPECT_VALUE(std::filesystem::space_info);
EXPECT_VALUE(std::filesystem::file_time_type);
EXPECT_VALUE(std::filesystem::filesystem_error);
EXPECT_NEITHER(std::filesystem::directory_iterator);
EXPECT_NEITHER(std::filesystem::recursive_directory_iterator);
