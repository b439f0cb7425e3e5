// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lock of a channel: it is held for a few dozen instructions, never while a
// thread sleeps. Taking it is one atomic exchange and releasing it is a plain
// store; a loser backs off, and sleeps when that was not enough (the owner has
// lost its CPU, or moves very large messages).

#ifndef FEARLESS_DETAIL_CHANNEL_SPIN_LOCK_H
#define FEARLESS_DETAIL_CHANNEL_SPIN_LOCK_H

#include "fearless/detail/channel/platform.h"

#include <cstdint>

namespace fearless::detail::chan {

#if !defined(FEARLESS_CHANNEL_IDEAL_LOCK) // the model checker may bring one

/// Mutual exclusion; what one owner wrote, the next one sees. Not fair, not recursive.
///
/// A classic futex lock releases with an atomic exchange, to learn whether somebody
/// sleeps; on x86-64 that is half the cost of an uncontended message. Here the owner
/// only stores, then loads `sleepers_`. The processor may do that load before the
/// store is visible, and then the owner misses a thread that goes to sleep in just
/// this moment. So nobody sleeps longer than a tenth of a millisecond: the miss costs
/// time once, never progress.
class spin_lock {
public:
  spin_lock() noexcept = default;
  spin_lock(const spin_lock&) = delete;
  spin_lock& operator=(const spin_lock&) = delete;

  void lock() noexcept {
    if (word_.exchange(held, std::memory_order_acquire) != free) [[unlikely]]
      lock_slowly();
  }

  /// Does not touch a lock that is held, so that its owner is not disturbed.
  [[nodiscard]] bool try_lock() noexcept {
    return word_.load(std::memory_order_relaxed) == free &&
           word_.exchange(held, std::memory_order_acquire) == free;
  }

  void unlock() noexcept {
    word_.store(free, std::memory_order_release);
    if (sleepers_.load(std::memory_order_relaxed) != 0) [[unlikely]]
      wake();
  }

private:
  static constexpr std::uint32_t free = 0;
  static constexpr std::uint32_t held = 1;

#if defined(__GNUC__)
  [[gnu::noinline, gnu::cold]]
#endif
  void lock_slowly() noexcept {
    pacing pace(lock_pace);
    while (pace.next())
      if (try_lock())
        return;
    for (;;) {
      sleepers_.store(1, std::memory_order_seq_cst);
      if (word_.exchange(held, std::memory_order_seq_cst) == free)
        return; // sleepers_ stays set: others may sleep too, and our unlock wakes the next
      park_briefly(word_, held);
    }
  }

#if defined(__GNUC__)
  [[gnu::noinline, gnu::cold]]
#endif
  void wake() noexcept {
    // Whoever is woken and gets the lock leaves sleepers_ set and so wakes the next.
    sleepers_.store(0, std::memory_order_relaxed);
    unpark(word_);
  }

  atomic<std::uint32_t> word_{free};
  atomic<std::uint32_t> sleepers_{0};
};

#endif // FEARLESS_CHANNEL_IDEAL_LOCK

/// Holds the lock for a block.
class lock_scope {
public:
  explicit lock_scope(spin_lock& lock) noexcept : lock_(lock) { lock_.lock(); }
  ~lock_scope() { lock_.unlock(); }
  lock_scope(const lock_scope&) = delete;
  lock_scope& operator=(const lock_scope&) = delete;

private:
  spin_lock& lock_;
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_SPIN_LOCK_H
