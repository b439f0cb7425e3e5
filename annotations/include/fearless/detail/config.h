// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the runtime needs to know of the compiler and of the language settings:
// exceptions on or off, attributes that only some compilers have, the size of a
// cache line, and the one way in which the runtime ends a program (panic).
// Macros are prefixed FEARLESS_DETAIL_ and are no part of the public interface.

#ifndef FEARLESS_DETAIL_CONFIG_H
#define FEARLESS_DETAIL_CONFIG_H

#include <cstddef>
#include <cstdio>
#include <cstdlib>

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define FEARLESS_DETAIL_EXCEPTIONS 1
#else
#define FEARLESS_DETAIL_EXCEPTIONS 0
#endif

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define FEARLESS_DETAIL_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#if !defined(FEARLESS_DETAIL_LIFETIMEBOUND)
#define FEARLESS_DETAIL_LIFETIMEBOUND
#endif

// Clang's thread-safety attributes. They are always on: without -Wthread-safety
// they cost nothing, with it they must help and not annoy (see mutex.h).
#if defined(__clang__)
#define FEARLESS_DETAIL_TSA(x) __attribute__((x))
#else
#define FEARLESS_DETAIL_TSA(x)
#endif

// One object for the whole process, also in a program whose libraries are built
// with -fvisibility=hidden: two counters of thread identities would be no identities.
#if defined(__GNUC__)
#define FEARLESS_DETAIL_SHARED __attribute__((visibility("default")))
#else
#define FEARLESS_DETAIL_SHARED
#endif

namespace fearless::detail {

/// Distance that keeps two objects out of each other's cache line. A constant of
/// our own, because std::hardware_destructive_interference_size is missing in
/// some of the supported libraries and changes with -mtune, which would break
/// the layout between translation units. 128 and not 64 on x86-64 because the
/// adjacent-line prefetcher works on pairs of lines.
#if defined(__x86_64__) || defined(__aarch64__) || defined(__powerpc64__)
inline constexpr std::size_t cache_line = 128;
#else
inline constexpr std::size_t cache_line = 64;
#endif

/// Ends the program after one line on stderr. Used where a contract of the
/// runtime is broken and there is no caller who could handle an error:
/// reference counts that overflow, and, where exceptions are off, every place
/// whose documentation says "throws".
[[noreturn]] inline void panic(const char* what) noexcept {
  std::fputs("fearless: ", stderr);
  std::fputs(what, stderr);
  std::fputc('\n', stderr);
  std::fflush(stderr);
  std::abort();
}

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_CONFIG_H
