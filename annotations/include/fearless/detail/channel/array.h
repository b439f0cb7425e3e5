// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The buffer of a bounded channel: a ring of slots that is allocated once, when the
// channel is made. Messages stay where they were put until they are received.

#ifndef FEARLESS_DETAIL_CHANNEL_ARRAY_H
#define FEARLESS_DETAIL_CHANNEL_ARRAY_H

#include "fearless/detail/channel/protocol.h"
#include "fearless/detail/channel/raw_slots.h"

namespace fearless::detail::chan {

/// push and pop are constant time. Guarded by the lock of the channel.
template <class S>
class array_buffer {
public:
  static constexpr bool bounded = true;

  /// Throws std::bad_alloc, also when the size in bytes does not fit a size_t.
  explicit array_buffer(std::size_t capacity) : slots_(capacity), capacity_(capacity) {}

  void push(S&& message) noexcept {
    const std::size_t at = back_;
    slots_.construct(at, std::move(message));
    back_ = at + 1 == capacity_ ? 0 : at + 1;
  }

  void pop(std::optional<S>& into) noexcept {
    const std::size_t at = front_;
    slots_.take(at, into);
    front_ = at + 1 == capacity_ ? 0 : at + 1;
  }

private:
  raw_slots<S> slots_;
  std::size_t capacity_;
  plain<std::size_t> front_{0}; ///< the oldest message
  plain<std::size_t> back_{0};  ///< the first free slot, unless full
};

template <class S>
using array_channel = channel<S, array_buffer<S>>;

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_ARRAY_H
