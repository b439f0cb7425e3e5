// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The buffer of a rendezvous channel, which has none: it is full and empty at the
// same time, so that every message passes from the sender's hand to the receiver's.

#ifndef FEARLESS_DETAIL_CHANNEL_ZERO_H
#define FEARLESS_DETAIL_CHANNEL_ZERO_H

#include "fearless/detail/channel/protocol.h"

namespace fearless::detail::chan {

/// push and pop are never reached: the protocol sees a size and a capacity of zero.
template <class S>
class zero_buffer {
public:
  static constexpr bool bounded = true;

  void push(S&&) noexcept {}
  void pop(std::optional<S>&) noexcept {}
};

template <class S>
using zero_channel = channel<S, zero_buffer<S>>;

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_ZERO_H
