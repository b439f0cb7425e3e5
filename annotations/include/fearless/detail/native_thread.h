// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread of the operating system: create, join, detach, name. POSIX threads,
// because std::thread knows neither stack size nor name; or std::thread, when
// FEARLESS_PORTABLE_THREAD is 1 (the default where there are no POSIX threads),
// without these two. The macro must have one value in a whole program.

#ifndef FEARLESS_DETAIL_NATIVE_THREAD_H
#define FEARLESS_DETAIL_NATIVE_THREAD_H

#include "fearless/annotations.h"
#include "fearless/detail/config.h"

#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#if !defined(FEARLESS_PORTABLE_THREAD)
#if defined(__unix__) || defined(__APPLE__)
#define FEARLESS_PORTABLE_THREAD 0
#else
#define FEARLESS_PORTABLE_THREAD 1
#endif
#endif

#if !FEARLESS_PORTABLE_THREAD
#include <limits.h>
#include <pthread.h>
#include <unistd.h>
#endif
#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace fearless::detail {

#if !FEARLESS_PORTABLE_THREAD

/// A thread handle with the life of a plain value: whoever starts a thread joins
/// or detaches it once.
class native_thread {
public:
  using handle_type = ::pthread_t;
  static constexpr bool has_stack_size = true;

  /// Starts a thread that calls `Entry(argument)`. A `stack_size` of 0 means the
  /// system's default; others are rounded up to whole pages and to the system's
  /// minimum. Returns 0 or the error number.
  template <void (*Entry)(void*)>
  [[nodiscard]] int start(void* argument, std::size_t stack_size) noexcept {
    if (stack_size == 0)
      return create(nullptr, &call<Entry>, argument);
    ::pthread_attr_t attributes;
    if (const int error = ::pthread_attr_init(&attributes); error != 0)
      return error;
    int error = EINVAL;
    if (const std::size_t rounded = round_stack_size(stack_size); rounded != 0)
      error = ::pthread_attr_setstacksize(&attributes, rounded);
    if (error == 0)
      error = create(&attributes, &call<Entry>, argument);
    ::pthread_attr_destroy(&attributes);
    return error;
  }

  /// Waits for the end of the thread, destructors of its thread_locals included.
  void join() noexcept {
    if (::pthread_join(handle_, nullptr) != 0)
      panic("pthread_join failed: the thread was joined or detached behind our back");
  }
  void detach() noexcept { ::pthread_detach(handle_); }

  [[nodiscard]] handle_type handle() const noexcept { return handle_; }

private:
  template <void (*Entry)(void*)>
  static void* call(void* argument) {
    Entry(argument);
    return nullptr;
  }

  int create(const ::pthread_attr_t* attributes, void* (*entry)(void*), void* argument) noexcept {
    // What is behind `argument` was checked where it came in, at spawn().
    FEARLESS_ALLOW("fearless-*", "the closure behind the pointer is checked at the marked parameters of spawn()")
    return ::pthread_create(&handle_, attributes, entry, argument);
  }

  /// 0 if it does not fit.
  static std::size_t round_stack_size(std::size_t wanted) noexcept {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::size_t least = 16384;
#if defined(_SC_THREAD_STACK_MIN)
    if (const long told = ::sysconf(_SC_THREAD_STACK_MIN); told > 0)
      least = static_cast<std::size_t>(told);
#endif
    if (wanted < least)
      wanted = least;
    if (wanted > static_cast<std::size_t>(-1) - page)
      return 0;
    return (wanted + page - 1) / page * page;
  }

  handle_type handle_{};
};

/// Gives the calling thread its name in the system, cut to what the system takes
/// (15 bytes on Linux). A failure is no error: the name is for people.
inline void set_native_name(const std::string& name) noexcept {
#if defined(__linux__)
  char cut[16];
  cut[name.copy(cut, sizeof cut - 1)] = '\0';
  ::pthread_setname_np(::pthread_self(), cut);
#elif defined(__APPLE__)
  ::pthread_setname_np(name.c_str());
#else
  static_cast<void>(name);
#endif
}

#else // portable

class native_thread {
public:
  using handle_type = std::thread::native_handle_type;
  static constexpr bool has_stack_size = false;

  template <void (*Entry)(void*)>
  [[nodiscard]] int start(void* argument, std::size_t stack_size) noexcept {
    if (stack_size != 0)
      return ENOTSUP; // better than a stack overflow later
#if FEARLESS_DETAIL_EXCEPTIONS
    try {
#endif
      FEARLESS_ALLOW("fearless-*", "the closure behind the pointer is checked at the marked parameters of spawn()")
      thread_ = std::thread(Entry, argument);
      return 0;
#if FEARLESS_DETAIL_EXCEPTIONS
    } catch (const std::system_error& error) {
      return error.code().value();
    } catch (...) {
      return ENOMEM;
    }
#endif
  }
  void join() noexcept { thread_.join(); }
  void detach() noexcept { thread_.detach(); }
  [[nodiscard]] handle_type handle() const noexcept {
    return const_cast<std::thread&>(thread_).native_handle();
  }

private:
  std::thread thread_;
};

inline void set_native_name(const std::string&) noexcept {}

#endif // FEARLESS_PORTABLE_THREAD

/// Whether the caller is the thread that entered main().
inline bool is_main_thread() noexcept {
#if defined(__linux__) && defined(SYS_gettid)
  return ::syscall(SYS_gettid) == ::getpid();
#elif defined(__APPLE__)
  return ::pthread_main_np() != 0;
#else
  return false;
#endif
}

/// Number of CPUs that the calling thread may run on; at least 1.
inline unsigned usable_cpus() noexcept {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  const int saved = errno;
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    if (const int count = CPU_COUNT(&set); count > 0)
      return static_cast<unsigned>(count);
  errno = saved; // more than 1024 CPUs do not fit into the set
#endif
  const unsigned count = std::thread::hardware_concurrency();
  return count != 0 ? count : 1;
}

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_NATIVE_THREAD_H
