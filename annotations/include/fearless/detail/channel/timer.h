// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flavours without a sender: a channel that delivers one message at a given time
// (after), and one that delivers again and again (tick). There is no thread behind
// them: the message comes into being when somebody looks at the clock.

#ifndef FEARLESS_DETAIL_CHANNEL_TIMER_H
#define FEARLESS_DETAIL_CHANNEL_TIMER_H

#include "fearless/detail/channel/hub.h"

#include <optional>

namespace fearless::detail::chan {

/// Lock-free: the time of the next message is one atomic number, and receiving is to
/// replace it. Any number of threads may try; one gets the message.
class timer_channel final : public hub {
public:
  using message = deadline_t;
  using ticks = deadline_t::duration;

  /// One message, at `when`.
  explicit timer_channel(deadline_t when) noexcept
      : hub(flavour::after, 1), next_(when.time_since_epoch().count()), period_(0) {
    abandoned.store(true, std::memory_order_relaxed); // there is no side of senders
  }

  /// A message at `first` and then each `period`, which must be positive. Messages that
  /// nobody took do not pile up.
  timer_channel(deadline_t first, ticks period) noexcept
      : hub(flavour::tick, 1), next_(first.time_since_epoch().count()), period_(period) {
    abandoned.store(true, std::memory_order_relaxed);
  }

  /// When the next message is due; no_deadline if there will be none.
  [[nodiscard]] deadline_t due() const noexcept {
    return deadline_t(ticks(next_.load(std::memory_order_relaxed)));
  }

  [[nodiscard]] bool ready() const noexcept {
    const deadline_t when = due();
    return when != no_deadline && when <= now();
  }

  outcome try_receive(std::optional<message>& into) noexcept {
    rep when = next_.load(std::memory_order_relaxed);
    for (;;) {
      const deadline_t at{ticks(when)};
      if (at == no_deadline)
        return outcome::blocked;
      const deadline_t present = now();
      if (at > present)
        return outcome::blocked;
      if (next_.compare_exchange_weak(when, following(at, present), std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) {
        into.emplace(at);
        return outcome::done;
      }
    }
  }

  outcome receive(std::optional<message>& into, deadline_t deadline) noexcept {
    for (;;) {
      if (try_receive(into) == outcome::done)
        return outcome::done;
      if (deadline != no_deadline && now() >= deadline)
        return outcome::timed_out;
      const deadline_t when = due();
      // A word of our own that nobody wakes: a sleep that understands "for ever".
      const atomic<std::uint32_t> nobody{0};
      park(nobody, 0, when < deadline ? when : deadline);
    }
  }

  /// Nothing can be discarded and nobody waits for room.
  void close_receivers() noexcept {}

private:
  using rep = ticks::rep;

  [[nodiscard]] rep following(deadline_t taken, deadline_t present) const noexcept {
    constexpr rep never = no_deadline.time_since_epoch().count();
    if (kind == flavour::after || no_deadline - present <= period_)
      return never;
    const deadline_t in_rhythm = taken + period_; // no overflow: taken <= present
    return (in_rhythm > present ? in_rhythm : present + period_).time_since_epoch().count();
  }

  atomic<rep> next_;
  const ticks period_;
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_TIMER_H
