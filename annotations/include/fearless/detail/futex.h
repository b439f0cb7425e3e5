// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocking on a 32-bit atomic word: the only file of the runtime that knows how
// the operating system puts a thread to sleep. On Linux it is the futex system
// call; elsewhere, or when FEARLESS_PORTABLE_FUTEX is defined to 1, a table of
// mutexes and condition variables in standard C++ with the same behaviour, which
// the tests run as well. The macro must have one value in a whole program.

#ifndef FEARLESS_DETAIL_FUTEX_H
#define FEARLESS_DETAIL_FUTEX_H

#include "fearless/detail/deadline.h"

#include <atomic>
#include <cstdint>
#include <type_traits>

#if !defined(FEARLESS_PORTABLE_FUTEX)
#if defined(__linux__)
#define FEARLESS_PORTABLE_FUTEX 0
#else
#define FEARLESS_PORTABLE_FUTEX 1
#endif
#endif

#if FEARLESS_PORTABLE_FUTEX
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#else
#include <cerrno>
#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace fearless::detail {

using futex_word = std::atomic<std::uint32_t>;

static_assert(sizeof(futex_word) == sizeof(std::uint32_t) &&
                  std::is_standard_layout_v<futex_word>,
              "a futex needs the plain 32-bit word");

// The contract of the four functions, whatever the implementation:
//
// * futex_wait(word, expected): blocks while `word == expected`; returns at a
//   wake-up, at once when the value differs, and possibly for no reason. The
//   caller loops. The comparison is atomic with respect to a wake-up: who
//   changes the word *before* waking cannot be missed.
// * futex_wait_until(word, expected, deadline): the same, and returns false if
//   (and only if) the deadline has passed. true says nothing about the word.
// * futex_wake_one / futex_wake_all(word): wake one waiter / all waiters of this
//   address. Only the address is used, so the word may already be destroyed
//   (its owner may have seen the new value and gone): at worst a new owner of
//   the address gets a spurious wake-up. futex_wake_one says whether a thread
//   was woken.
//
// None orders memory: acquire and release belong to the accesses of the word.
// None throws and none is a cancellation point.

#if !FEARLESS_PORTABLE_FUTEX

namespace futex_linux {

/// The kernel's own timespec of the system call SYS_futex: two longs, also where
/// the C library's timespec has become 64 bits wide on a 32-bit machine.
struct kernel_timespec {
  long seconds;
  long nanoseconds;
};

inline long call(const futex_word& word, int operation, std::uint32_t value,
                 const kernel_timespec* timeout) noexcept {
#if defined(SYS_futex)
  constexpr long number = SYS_futex;
#else
  // 32-bit machines younger than 2038's problem have only this call, and longs
  // of the structure below become 64 bits with it.
  constexpr long number = SYS_futex_time64;
  static_assert(sizeof(long) == 8, "SYS_futex_time64 takes 64-bit fields");
#endif
  return ::syscall(number, &word, operation, value, timeout, nullptr,
                   FUTEX_BITSET_MATCH_ANY);
}

} // namespace futex_linux

inline void futex_wait(const futex_word& word, std::uint32_t expected) noexcept {
  const int saved = errno; // a lock must not change errno under its user's feet
  futex_linux::call(word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, nullptr);
  errno = saved;
}

[[nodiscard]] inline bool futex_wait_until(const futex_word& word,
                                           std::uint32_t expected,
                                           deadline_t deadline) noexcept {
  if (deadline == no_deadline) {
    futex_wait(word, expected);
    return true;
  }
  // steady_clock is CLOCK_MONOTONIC in libstdc++ and libc++ on Linux, and
  // FUTEX_WAIT_BITSET takes absolute times of that clock: no drift in loops.
  const auto since_epoch = deadline.time_since_epoch();
  if (since_epoch <= std::chrono::steady_clock::duration::zero())
    return false; // before boot; the kernel refuses negative times
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since_epoch);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - whole);
  if (whole.count() > LONG_MAX - 1) {
    futex_wait(word, expected); // not representable on 32 bits: as good as never
    return true;
  }
  const futex_linux::kernel_timespec until{static_cast<long>(whole.count()),
                                           static_cast<long>(rest.count())};
  const int saved = errno;
  const long result = futex_linux::call(word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG,
                                        expected, &until);
  const bool timed_out = result != 0 && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

inline bool futex_wake_one(const futex_word& word) noexcept {
  const int saved = errno;
  const long woken = futex_linux::call(word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr);
  errno = saved;
  return woken > 0;
}

inline void futex_wake_all(const futex_word& word) noexcept {
  const int saved = errno;
  futex_linux::call(word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG,
                    static_cast<std::uint32_t>(INT_MAX), nullptr);
  errno = saved;
}

#else // portable

namespace futex_portable {

/// One sleeping thread, on its own stack, linked into the list of its bucket.
struct waiter {
  const void* address;
  waiter* next = nullptr;
  waiter* previous = nullptr;
  bool woken = false;
  std::condition_variable condition{};
};

/// A list of waiters in the order of their arrival.
struct bucket {
  std::mutex mutex{};
  waiter* first = nullptr;
  waiter* last = nullptr;

  void add(waiter& w) noexcept {
    w.previous = last;
    (last != nullptr ? last->next : first) = &w;
    last = &w;
  }
  void remove(waiter& w) noexcept {
    (w.previous != nullptr ? w.previous->next : first) = w.next;
    (w.next != nullptr ? w.next->previous : last) = w.previous;
    w.next = w.previous = nullptr;
  }
  /// Wakes up to `limit` waiters of `address`; the mutex is held.
  std::size_t wake(const void* address, std::size_t limit) noexcept {
    std::size_t count = 0;
    for (waiter* w = first; w != nullptr && count < limit;) {
      waiter* const next = w->next;
      if (w->address == address) {
        remove(*w);
        w->woken = true;
        // Under the mutex: the waiter's stack frame lives until we let go.
        w->condition.notify_one();
        ++count;
      }
      w = next;
    }
    return count;
  }
};

inline bucket& bucket_of(const void* address) noexcept {
  constexpr std::size_t count = 64;
  // Never destroyed: threads may still wait while statics are torn down.
  static bucket* const table = new bucket[count];
  std::size_t hash = std::hash<const void*>{}(address);
  hash ^= hash >> 17; // libstdc++'s hash of a pointer is the pointer
  return table[(hash >> 4) % count];
}

inline bool wait(const futex_word& word, std::uint32_t expected, deadline_t deadline) noexcept {
  bucket& home = bucket_of(&word);
  waiter self{&word};
  std::unique_lock<std::mutex> lock(home.mutex);
  if (word.load(std::memory_order_relaxed) != expected)
    return true;
  home.add(self);
  while (!self.woken) {
    if (deadline == no_deadline) {
      self.condition.wait(lock);
    } else if (self.condition.wait_until(lock, deadline) == std::cv_status::timeout &&
               !self.woken) {
      home.remove(self);
      return false;
    }
  }
  return true;
}

inline std::size_t wake(const futex_word& word, std::size_t limit) noexcept {
  bucket& home = bucket_of(&word);
  const std::lock_guard<std::mutex> lock(home.mutex);
  return home.wake(&word, limit);
}

} // namespace futex_portable

inline void futex_wait(const futex_word& word, std::uint32_t expected) noexcept {
  static_cast<void>(futex_portable::wait(word, expected, no_deadline));
}

[[nodiscard]] inline bool futex_wait_until(const futex_word& word,
                                           std::uint32_t expected,
                                           deadline_t deadline) noexcept {
  return futex_portable::wait(word, expected, deadline);
}

inline bool futex_wake_one(const futex_word& word) noexcept {
  return futex_portable::wake(word, 1) != 0;
}

inline void futex_wake_all(const futex_word& word) noexcept {
  futex_portable::wake(word, static_cast<std::size_t>(-1));
}

#endif // FEARLESS_PORTABLE_FUTEX

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_FUTEX_H
