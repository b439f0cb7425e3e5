// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lock inside mutex<T>, and its condition variable, without any data: a
// four-byte futex lock with three states (after Drepper, "Futexes are tricky",
// mutex2, and Rust's std), and an eight-byte condition variable for it. Not
// fair: an unlocked lock goes to whoever comes first, which is what makes it
// fast under contention.

#ifndef FEARLESS_DETAIL_RAW_MUTEX_H
#define FEARLESS_DETAIL_RAW_MUTEX_H

#include "fearless/detail/backoff.h"
#include "fearless/detail/futex.h"

#include <atomic>
#include <cstdint>

namespace fearless::detail {

class raw_mutex {
public:
  constexpr raw_mutex() noexcept = default;
  raw_mutex(const raw_mutex&) = delete;
  raw_mutex& operator=(const raw_mutex&) = delete;

  [[nodiscard]] bool try_lock() noexcept {
    std::uint32_t expected = unlocked;
    return state_.compare_exchange_strong(expected, locked, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }

  void lock() noexcept {
    if (!try_lock()) [[unlikely]]
      static_cast<void>(lock_slow(no_deadline));
  }

  /// False if the deadline passed first. A lock that is free is taken even when
  /// the deadline has already passed.
  [[nodiscard]] bool lock_until(deadline_t deadline) noexcept {
    return try_lock() || lock_slow(deadline);
  }

  void unlock() noexcept {
    if (state_.exchange(unlocked, std::memory_order_release) == contended) [[unlikely]]
      futex_wake_one(state_);
  }

private:
  static constexpr std::uint32_t unlocked = 0;
  static constexpr std::uint32_t locked = 1;
  static constexpr std::uint32_t contended = 2; // locked, and somebody may be asleep

  // Out of line, so that the fast path stays a handful of instructions.
#if defined(__GNUC__)
  __attribute__((noinline))
#endif
  bool
  lock_slow(deadline_t deadline) noexcept {
    if (look_from_afar([this] { return seen_free() && try_lock(); }))
      return true;
    for (;;) {
      // From here on we take the lock as `contended` only: we cannot know whether
      // others sleep, and one wake-up too many is cheaper than one too few. A
      // thread that gives up at its deadline leaves the word like that as well.
      if (state_.exchange(contended, std::memory_order_acquire) == unlocked)
        return true;
      if (!futex_wait_until(state_, contended, deadline))
        return state_.exchange(contended, std::memory_order_acquire) == unlocked;
      static_cast<void>(seen_free() || look_from_afar([this] { return seen_free(); }));
    }
  }

  [[nodiscard]] bool seen_free() const noexcept {
    return state_.load(std::memory_order_relaxed) == unlocked;
  }

  futex_word state_{unlocked};
};

static_assert(sizeof(raw_mutex) == 4);

/// The condition variable of raw_mutex. A waiter is woken by a notification that
/// comes after it let the mutex go; spurious wake-ups are possible.
class raw_condvar {
public:
  constexpr raw_condvar() noexcept = default;
  raw_condvar(const raw_condvar&) = delete;
  raw_condvar& operator=(const raw_condvar&) = delete;

  /// Unlocks, sleeps, locks again. False if the deadline passed.
  bool wait_until(raw_mutex& mutex, deadline_t deadline) noexcept {
    // Both under the mutex: who changes the condition under the mutex and then
    // notifies sees that we wait, and cannot bump the number before we read it.
    waiters_.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t seen = sequence_.load(std::memory_order_relaxed);
    mutex.unlock();
    const bool in_time = futex_wait_until(sequence_, seen, deadline);
    waiters_.fetch_sub(1, std::memory_order_relaxed);
    mutex.lock();
    return in_time;
  }

  void notify_one() noexcept {
    if (waiters_.load(std::memory_order_relaxed) == 0)
      return; // no system call when nobody waits
    sequence_.fetch_add(1, std::memory_order_relaxed);
    futex_wake_one(sequence_);
  }

  void notify_all() noexcept {
    if (waiters_.load(std::memory_order_relaxed) == 0)
      return;
    sequence_.fetch_add(1, std::memory_order_relaxed);
    futex_wake_all(sequence_);
  }

private:
  futex_word sequence_{0};
  std::atomic<std::uint32_t> waiters_{0};
};

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_RAW_MUTEX_H
