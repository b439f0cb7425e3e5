// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// "Exactly one thread does this, the others wait for it", in four bytes: the
// engine of once_cell and lazy. If the function ends by an exception, the next
// caller tries again, as with std::call_once. A function that calls the same
// `once` again waits for itself for ever.

#ifndef FEARLESS_DETAIL_ONCE_H
#define FEARLESS_DETAIL_ONCE_H

#include "fearless/detail/futex.h"

#include <atomic>
#include <cstdint>
#include <utility>

namespace fearless::detail {

class once {
public:
  constexpr once() noexcept = default;
  /// A `once` that is done already if `done`.
  constexpr explicit once(bool done) noexcept : state_(done ? complete : incomplete) {}
  once(const once&) = delete;
  once& operator=(const once&) = delete;

  /// True when the function has run; what it wrote is then visible.
  [[nodiscard]] bool done() const noexcept {
    return state_.load(std::memory_order_acquire) == complete;
  }

  /// Runs `f` unless it has run; waits while another thread runs it. When call()
  /// returns, done() holds. What `f` throws is passed on.
  template <class F>
  void call(F&& f) {
    if (!done()) [[unlikely]]
      call_slow(f);
  }

private:
  static constexpr std::uint32_t incomplete = 0;
  static constexpr std::uint32_t running = 1;
  static constexpr std::uint32_t awaited = 2; // running, and somebody sleeps
  static constexpr std::uint32_t complete = 3;

  /// Leaves `running` in any case, also by an exception.
  class runner {
  public:
    explicit runner(once& o) noexcept : once_(o) {}
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;
    ~runner() {
      if (once_.state_.exchange(next, std::memory_order_release) == awaited)
        futex_wake_all(once_.state_);
    }
    std::uint32_t next = incomplete;

  private:
    once& once_;
  };

  template <class F>
  void call_slow(F& f) {
    std::uint32_t state = state_.load(std::memory_order_acquire);
    for (;;) {
      switch (state) {
      case complete:
        return;
      case incomplete:
        if (state_.compare_exchange_weak(state, running, std::memory_order_acquire,
                                         std::memory_order_acquire)) {
          runner guard(*this);
          f();
          guard.next = complete;
          return;
        }
        break;
      case running:
        if (!state_.compare_exchange_weak(state, awaited, std::memory_order_acquire,
                                          std::memory_order_acquire))
          break;
        [[fallthrough]];
      default: // awaited
        futex_wait(state_, awaited);
        state = state_.load(std::memory_order_acquire);
      }
    }
  }

  futex_word state_{incomplete};
};

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_ONCE_H
