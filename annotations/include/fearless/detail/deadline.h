// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time-outs of the runtime are deadlines on std::chrono::steady_clock. These two
// functions make one from a duration or from a time point of any clock, and
// saturate: duration::max() waits forever instead of overflowing into the past.
// A deadline that equals `no_deadline` means that there is none.

#ifndef FEARLESS_DETAIL_DEADLINE_H
#define FEARLESS_DETAIL_DEADLINE_H

#include <chrono>
#include <type_traits>

namespace fearless::detail {

using deadline_t = std::chrono::steady_clock::time_point;

inline constexpr deadline_t no_deadline = deadline_t::max();

/// The deadline `timeout` from now. A negative or zero time-out (and a floating
/// point NaN) gives a deadline that has already passed; one that does not fit
/// gives `no_deadline`. Fractions of a nanosecond are rounded up: a wait never
/// ends early.
template <class Rep, class Period>
[[nodiscard]] inline deadline_t
deadline_after(const std::chrono::duration<Rep, Period>& timeout) {
  using steady_duration = std::chrono::steady_clock::duration;
  const deadline_t now = std::chrono::steady_clock::now();
  if (!(timeout > std::chrono::duration<Rep, Period>::zero()))
    return now;
  // Compared in floating point, because common_type of two coarse and fine
  // integer durations overflows just where it matters. A century of slack keeps
  // the rounding of the double away from the limit.
  using seconds = std::chrono::duration<double>;
  const seconds room = no_deadline - now;
  const seconds century(3.2e9);
  if (std::chrono::duration_cast<seconds>(timeout) >= room - century)
    return no_deadline;
  return now + std::chrono::ceil<steady_duration>(timeout);
}

/// The steady-clock deadline that corresponds to `when` of another clock, judged
/// now: a later adjustment of that clock is not seen. Callers that wait until a
/// wall-clock time and must follow adjustments have to loop on that clock.
template <class Clock, class Duration>
[[nodiscard]] inline deadline_t
deadline_at(const std::chrono::time_point<Clock, Duration>& when) {
  if constexpr (std::is_same_v<Clock, std::chrono::steady_clock>) {
    using fine = std::chrono::duration<double>;
    if (std::chrono::duration_cast<fine>(when.time_since_epoch()) >=
        fine(no_deadline.time_since_epoch()) - fine(1.0))
      return no_deadline;
    return std::chrono::ceil<std::chrono::steady_clock::duration>(when);
  } else {
    using fine = std::chrono::duration<double>;
    const auto now = Clock::now();
    const fine left = fine(when.time_since_epoch()) - fine(now.time_since_epoch());
    if (!(left > fine::zero()))
      return std::chrono::steady_clock::now();
    if (left >= fine(3.2e9)) // a century: further away than any process lives
      return no_deadline;
    return deadline_after(when - now);
  }
}

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_DEADLINE_H
