// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only file of the channels that names std::atomic, the futex and the clock.
// Everything above it is written against the few names defined here, so that the
// model checker (test/runtime/model) can put its own machine underneath: its
// header, included before any other, defines them and FEARLESS_CHANNEL_PLATFORM.

#ifndef FEARLESS_DETAIL_CHANNEL_PLATFORM_H
#define FEARLESS_DETAIL_CHANNEL_PLATFORM_H

#include "fearless/detail/config.h"
#include "fearless/detail/deadline.h"

#if !defined(FEARLESS_CHANNEL_PLATFORM)

#include "fearless/detail/backoff.h"
#include "fearless/detail/futex.h"

#include <atomic>
#include <cstdint>

namespace fearless::detail::chan {

template <class T>
using atomic = std::atomic<T>;

/// A field that a lock protects. Spelled so because the model checker looks for
/// races on exactly these; here it is the type itself.
template <class T>
using plain = T;

/// Sleeps while `word == expected`, at most until `deadline`; false says that the
/// deadline has passed. May return early for no reason.
inline bool park(const atomic<std::uint32_t>& word, std::uint32_t expected,
                 deadline_t deadline) noexcept {
  return futex_wait_until(word, expected, deadline);
}

/// Sleeps while `word == expected`, but not for long: for the lock, whose owner may miss
/// that somebody goes to sleep (see spin_lock.h).
inline void park_briefly(const atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  static_cast<void>(
      futex_wait_until(word, expected, std::chrono::steady_clock::now() + std::chrono::microseconds(100)));
}

/// Wakes one thread that is parked on `word`. Uses the address only: the word may be
/// gone already.
inline void unpark(const atomic<std::uint32_t>& word) noexcept {
  futex_wake_one(word);
}

inline deadline_t now() noexcept { return std::chrono::steady_clock::now(); }

/// A number below \p bound, which is not 0; good enough for fairness (xorshift).
inline std::uint32_t random_below(std::uint32_t bound) noexcept {
  thread_local std::uint64_t state = 0;
  if (state == 0) {
    static constinit std::atomic<std::uint64_t> seed{0x9e3779b97f4a7c15U};
    state = seed.fetch_add(0x9e3779b97f4a7c15U, std::memory_order_relaxed) | 1;
  }
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<std::uint32_t>(((state >> 32) * bound) >> 32);
}

/// Whether a yield pays on this thread now. A yield among threads that work with each
/// other takes less than a microsecond and replaces a sleep and a wake-up. But when a
/// thread that just computes shares the CPU, a yield lets it run for its whole slice, some
/// milliseconds. So after a yield that took long the following waits do without, twice as
/// many each time, until one is quick again.
class yield_judge {
public:
  /// Yields, unless it should not: false then.
  static bool yield() noexcept {
    yield_judge& self = of_this_thread();
    if (self.skip_ != 0) {
      --self.skip_;
      return false;
    }
    const deadline_t before = now();
    cpu_yield();
    if (now() - before < patience) {
      self.penalty_ /= 2;
    } else {
      self.penalty_ = self.penalty_ < most / 2 ? 2 * self.penalty_ + least : most;
      self.skip_ = self.penalty_;
    }
    return true;
  }

private:
  static constexpr std::chrono::microseconds patience{50};
  static constexpr unsigned least = 16;
  static constexpr unsigned most = 4096;

  static yield_judge& of_this_thread() noexcept {
    thread_local yield_judge judge;
    return judge;
  }

  unsigned penalty_ = 0;
  unsigned skip_ = 0;
};

/// How long a waiting thread looks again before it goes to sleep. \c looks looks at
/// growing distances (\c first, twice that, ... at most \c widest pauses of the CPU),
/// then \c yields looks with a yield before each. Where the process has one CPU the
/// pauses are left out, because nobody else can advance meanwhile.
struct pace {
  unsigned first;
  unsigned widest;
  unsigned looks;
  unsigned yields;
};

/// One wait at a given pace: `while (!ready()) if (!pacing.next()) park;`.
class pacing {
public:
  explicit pacing(const pace& p) noexcept : pace_(p), gap_(p.first) {}

  /// Lets some time pass; false, without any, when the budget is used up.
  bool next() noexcept {
    if (step_ < pace_.looks && is_parallel()) {
      ++step_;
      for (unsigned i = 0; i != gap_; ++i)
        cpu_pause();
      gap_ = gap_ * 2 < pace_.widest ? gap_ * 2 : pace_.widest;
      return true;
    }
    if (yielded_ == pace_.yields)
      return false;
    ++yielded_;
    return yield_judge::yield();
  }

private:
  pace pace_;
  unsigned gap_;
  unsigned step_ = 0;
  unsigned yielded_ = 0;
};

/// Another thread holds the lock for a few instructions. Whoever fails stays away
/// from the cache line for a microsecond or more: the owner then runs through
/// dozens of operations undisturbed, which is what makes the contended lock fast.
inline constexpr pace lock_pace{8, 512, 12, 4};

/// Registered with a channel and waiting on a word of our own.
inline constexpr pace own_pace{1, 8, 60, 8};

} // namespace fearless::detail::chan

#endif // FEARLESS_CHANNEL_PLATFORM
#endif // FEARLESS_DETAIL_CHANNEL_PLATFORM_H
