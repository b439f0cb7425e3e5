// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lock inside rw_lock<T>, without any data: eight bytes, many readers or one
// writer. The algorithm is that of Rust's std (futex version), with deadlines
// added. Writers go first: as soon as one waits, new readers queue up behind it,
// so a stream of readers cannot starve a writer.

#ifndef FEARLESS_DETAIL_RAW_RW_LOCK_H
#define FEARLESS_DETAIL_RAW_RW_LOCK_H

#include "fearless/detail/backoff.h"
#include "fearless/detail/config.h"
#include "fearless/detail/futex.h"

#include <atomic>
#include <cstdint>

namespace fearless::detail {

class raw_rw_lock {
public:
  constexpr raw_rw_lock() noexcept = default;
  raw_rw_lock(const raw_rw_lock&) = delete;
  raw_rw_lock& operator=(const raw_rw_lock&) = delete;

  [[nodiscard]] bool try_read() noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    while (readable(state))
      if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire,
                                       std::memory_order_relaxed))
        return true;
    return false;
  }

  void read() noexcept { static_cast<void>(read_until(no_deadline)); }

  /// False if the deadline passed first.
  [[nodiscard]] bool read_until(deadline_t deadline) noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if (readable(state) &&
        state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire,
                                     std::memory_order_relaxed))
      return true;
    return read_slow(deadline);
  }

  void unlock_read() noexcept {
    const std::uint32_t state = state_.fetch_sub(1, std::memory_order_release) - 1;
    // Readers only wait when a writer does, so a waiting writer is the one test needed.
    if ((state & mask) == 0 && (state & writers_waiting) != 0) [[unlikely]]
      wake_after_unlock(state);
  }

  [[nodiscard]] bool try_write() noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    while ((state & mask) == 0)
      if (state_.compare_exchange_weak(state, state + write_locked, std::memory_order_acquire,
                                       std::memory_order_relaxed))
        return true;
    return false;
  }

  void write() noexcept { static_cast<void>(write_until(no_deadline)); }

  /// False if the deadline passed first.
  [[nodiscard]] bool write_until(deadline_t deadline) noexcept {
    std::uint32_t expected = 0;
    return state_.compare_exchange_weak(expected, write_locked, std::memory_order_acquire,
                                        std::memory_order_relaxed) ||
           write_slow(deadline);
  }

  void unlock_write() noexcept {
    const std::uint32_t state =
        state_.fetch_sub(write_locked, std::memory_order_release) - write_locked;
    if (state != 0) [[unlikely]] // somebody waits
      wake_after_unlock(state);
  }

private:
  // Bits 0..29: 0 unlocked, 1..max_readers the number of readers, `mask` a writer.
  static constexpr std::uint32_t mask = (1U << 30) - 1;
  static constexpr std::uint32_t write_locked = mask;
  static constexpr std::uint32_t max_readers = mask - 1;
  static constexpr std::uint32_t readers_waiting = 1U << 30; // asleep on state_
  static constexpr std::uint32_t writers_waiting = 1U << 31; // asleep on writer_wakeups_

  static constexpr bool readable(std::uint32_t state) noexcept {
    return (state & mask) < max_readers && (state & (readers_waiting | writers_waiting)) == 0;
  }

#if defined(__GNUC__)
  __attribute__((noinline))
#endif
  bool
  read_slow(deadline_t deadline) noexcept {
    std::uint32_t state = spin_while([](std::uint32_t s) {
      return s == write_locked; // a writer that nobody waits for
    });
    for (;;) {
      if (readable(state)) {
        if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire,
                                         std::memory_order_relaxed))
          return true;
        continue;
      }
      if ((state & mask) == max_readers)
        panic("too many readers of one rw_lock");
      if ((state & readers_waiting) == 0 &&
          !state_.compare_exchange_strong(state, state | readers_waiting,
                                          std::memory_order_relaxed, std::memory_order_relaxed))
        continue;
      // A reader that gives up leaves its bit behind: the unlocking writer (or the
      // last reader, if a writer waits) clears it, at the price of a vain wake-up.
      if (!futex_wait_until(state_, state | readers_waiting, deadline))
        return try_read();
      state = spin_while([](std::uint32_t s) { return s == write_locked; });
    }
  }

#if defined(__GNUC__)
  __attribute__((noinline))
#endif
  bool
  write_slow(deadline_t deadline) noexcept {
    const auto locked_and_quiet = [](std::uint32_t s) {
      return (s & mask) != 0 && (s & writers_waiting) == 0;
    };
    std::uint32_t state = spin_while(locked_and_quiet);
    std::uint32_t others = 0; // set once we have slept: there may be more of us
    for (;;) {
      if ((state & mask) == 0) {
        if (state_.compare_exchange_weak(state, state | write_locked | others,
                                         std::memory_order_acquire, std::memory_order_relaxed))
          return true;
        continue;
      }
      if ((state & writers_waiting) == 0 &&
          !state_.compare_exchange_strong(state, state | writers_waiting,
                                          std::memory_order_relaxed, std::memory_order_relaxed))
        continue;
      others = writers_waiting;
      // Read before the check of the state, so that a wake-up in between is not lost.
      const std::uint32_t seen = writer_wakeups_.load(std::memory_order_acquire);
      state = state_.load(std::memory_order_relaxed);
      if ((state & mask) == 0 || (state & writers_waiting) == 0)
        continue;
      if (!futex_wait_until(writer_wakeups_, seen, deadline)) {
        if (try_write_keeping_waiters())
          return true;
        give_up_writing();
        return false;
      }
      state = spin_while(locked_and_quiet);
    }
  }

  /// The last attempt of a writer whose time is over. It has slept, so other
  /// writers may sleep as well: their bit has to be on when we unlock.
  [[nodiscard]] bool try_write_keeping_waiters() noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    while ((state & mask) == 0)
      if (state_.compare_exchange_weak(state, state | write_locked | writers_waiting,
                                       std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    return false;
  }

  /// A writer leaves without the lock. Its bit keeps new readers out, and there
  /// is no count that tells whether it is the last: so both bits are cleared and
  /// everybody is woken; who still has to wait sets its bit again. Otherwise a
  /// reader could wait for another reader because of a writer long gone.
  void give_up_writing() noexcept {
    const std::uint32_t state = state_.fetch_and(mask, std::memory_order_relaxed);
    writer_wakeups_.fetch_add(1, std::memory_order_release);
    futex_wake_all(writer_wakeups_);
    if ((state & readers_waiting) != 0)
      futex_wake_all(state_);
  }

  /// The lock was just released and somebody waits: a writer if there is one,
  /// otherwise all readers.
#if defined(__GNUC__)
  __attribute__((noinline))
#endif
  void
  wake_after_unlock(std::uint32_t state) noexcept {
    if (state == writers_waiting) {
      if (state_.compare_exchange_strong(state, 0, std::memory_order_relaxed,
                                         std::memory_order_relaxed)) {
        wake_writer();
        return;
      }
      // Readers have begun to wait as well (or the lock is taken again): go on.
    }
    if (state == (readers_waiting | writers_waiting)) {
      if (!state_.compare_exchange_strong(state, readers_waiting, std::memory_order_relaxed,
                                          std::memory_order_relaxed))
        return; // locked again, its unlock wakes
      if (wake_writer())
        return;
      // No writer was asleep (it got the news in another way), so the readers must
      // not wait for its unlock.
      state = readers_waiting;
    }
    if (state == readers_waiting &&
        state_.compare_exchange_strong(state, 0, std::memory_order_relaxed,
                                       std::memory_order_relaxed))
      futex_wake_all(state_);
  }

  bool wake_writer() noexcept {
    writer_wakeups_.fetch_add(1, std::memory_order_release);
    return futex_wake_one(writer_wakeups_);
  }

  /// The state, after a bounded wait for `busy(state)` to end.
  template <class Predicate>
  std::uint32_t spin_while(Predicate busy) const noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if (busy(state))
      static_cast<void>(look_from_afar([&] {
        state = state_.load(std::memory_order_relaxed);
        return !busy(state);
      }));
    return state;
  }

  futex_word state_{0};
  futex_word writer_wakeups_{0}; // counted up at each wake-up of a writer
};

static_assert(sizeof(raw_rw_lock) == 8);

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_RAW_RW_LOCK_H
