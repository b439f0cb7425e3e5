// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every channel has whatever its messages are: the lock, the two lists of
// waiting threads, how many messages there are, who has closed it, and the counts of
// its handles. select() needs no more than this to look for work and to wait.

#ifndef FEARLESS_DETAIL_CHANNEL_HUB_H
#define FEARLESS_DETAIL_CHANNEL_HUB_H

#include "fearless/detail/channel/spin_lock.h"
#include "fearless/detail/channel/waker.h"

#include <cstddef>
#include <cstdint>
#include <limits>

namespace fearless::detail::chan {

enum class flavour : std::uint8_t { array, list, zero, after, tick };

/// What became of an operation.
enum class outcome : std::uint8_t {
  done,       ///< the message has passed
  blocked,    ///< full, or empty
  closed,     ///< the other side is gone (receiving: and nothing is left)
  timed_out,  ///< the deadline has passed
  needs_room, ///< list flavour: a block must be allocated, which is not done under the lock
};

inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// Aligned to cache lines of its own, because several threads hammer it while its
/// neighbours on the heap belong to somebody else.
class alignas(cache_line) hub {
public:
  hub(flavour f, std::size_t most) noexcept : capacity(most), kind(f) {}
  hub(const hub&) = delete;
  hub& operator=(const hub&) = delete;

  /// Hints, to be read without the lock: worth an attempt? A thread that polls them
  /// will see them true eventually; a verdict is only ever given under the lock.
  [[nodiscard]] bool maybe_can_receive() const noexcept {
    return size.load(std::memory_order_relaxed) != 0 || senders.maybe_waiting() ||
           no_senders.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool maybe_can_send() const noexcept {
    return size.load(std::memory_order_relaxed) < capacity || receivers.maybe_waiting() ||
           no_receivers.load(std::memory_order_relaxed);
  }

  spin_lock lock{};
  atomic<std::size_t> size{0}; ///< buffered messages; written under the lock
  waker senders{};             ///< threads that wait for room
  waker receivers{};           ///< threads that wait for a message; if any, the buffer is empty
  const std::size_t capacity;
  const flavour kind;
  atomic<bool> no_senders{false};   ///< the last sender is gone; written under the lock
  atomic<bool> no_receivers{false}; ///< the last receiver is gone; written under the lock

  // The handles. `abandoned`: one side has finished with the channel; the other one
  // to say so destroys it.
  atomic<std::size_t> sender_count{1};
  atomic<std::size_t> receiver_count{1};
  atomic<bool> abandoned{false};

protected:
  ~hub() = default;
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_HUB_H
