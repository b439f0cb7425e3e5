// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The state of one thread that waits, be it for one operation or, in a select, for
// one of many. Counterparts on several channels may try to serve it at the same
// time; the context makes sure that exactly one of them does.
//
//     waiting --claim()--> claimed --finish()--> finished     by a counterpart
//     waiting --wait()---> aborted                            by the owner, at its deadline

#ifndef FEARLESS_DETAIL_CHANNEL_CONTEXT_H
#define FEARLESS_DETAIL_CHANNEL_CONTEXT_H

#include "fearless/detail/channel/platform.h"

#include <cstdint>

namespace fearless::detail::chan {

struct waiter;

/// Lives on the stack of the waiting thread. claim() and finish() are called by other
/// threads, wait() by the owner.
class context {
public:
  context() noexcept = default;
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  /// True for one caller at most, who must then call finish(), soon.
  bool claim() noexcept {
    std::uint32_t seen = state_.load(std::memory_order_relaxed);
    while ((seen & ~parked) == waiting) {
      // Acquire, because the claimer goes on to use what the owner has registered.
      if (state_.compare_exchange_weak(seen, claimed | (seen & parked), std::memory_order_acquire,
                                       std::memory_order_relaxed))
        return true;
    }
    return false;
  }

  /// Releases the owner; `served` tells it which of its operations has happened. The
  /// context may be gone when this returns.
  void finish(waiter& served) noexcept {
    served_ = &served;
    const std::uint32_t old = state_.exchange(finished, std::memory_order_acq_rel);
    if ((old & parked) != 0)
      unpark(state_);
  }

  /// Waits until a counterpart has finished, and returns what it served; at the
  /// deadline null, after which no counterpart can claim the context any more.
  waiter* wait(deadline_t deadline) noexcept {
    pacing patience(own_pace);
    for (;;) {
      std::uint32_t seen = state_.load(std::memory_order_acquire);
      if (seen == finished)
        return served_;
      if (patience.next())
        continue;
      if ((seen & parked) == 0) {
        if (!state_.compare_exchange_strong(seen, seen | parked, std::memory_order_acquire,
                                            std::memory_order_acquire))
          continue;
        seen |= parked;
      }
      if (park(state_, seen, deadline))
        continue;
      std::uint32_t expected = waiting | parked;
      if (state_.compare_exchange_strong(expected, aborted, std::memory_order_acq_rel,
                                         std::memory_order_acquire))
        return nullptr;
      // Claimed just before the deadline: the counterpart is about to finish.
      deadline = no_deadline;
    }
  }

private:
  static constexpr std::uint32_t parked = 1; // a flag beside the state: finish() has to wake
  static constexpr std::uint32_t waiting = 0;
  static constexpr std::uint32_t claimed = 2;
  static constexpr std::uint32_t finished = 4;
  static constexpr std::uint32_t aborted = 6;

  atomic<std::uint32_t> state_{waiting};
  plain<waiter*> served_{nullptr};
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_CONTEXT_H
