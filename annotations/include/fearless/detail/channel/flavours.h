// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a handle to its channel: which flavour it is, and the counting of handles that
// closes and in the end destroys it.

#ifndef FEARLESS_DETAIL_CHANNEL_FLAVOURS_H
#define FEARLESS_DETAIL_CHANNEL_FLAVOURS_H

#include "fearless/detail/channel/array.h"
#include "fearless/detail/channel/list.h"
#include "fearless/detail/channel/timer.h"
#include "fearless/detail/channel/zero.h"

namespace fearless::detail::chan {

/// Calls `f` with the channel as what it is. A switch and not a virtual function: the
/// branch is predicted, and the operations are inlined into their caller.
template <class S, class F>
decltype(auto) visit_sender(hub& h, F&& f) {
  switch (h.kind) {
  case flavour::array:
    return f(static_cast<array_channel<S>&>(h));
  case flavour::list:
    return f(static_cast<list_channel<S>&>(h));
  default:
    return f(static_cast<zero_channel<S>&>(h));
  }
}

template <class S, class F>
decltype(auto) visit_receiver(hub& h, F&& f) {
  if constexpr (std::is_same_v<S, timer_channel::message>) {
    if (h.kind == flavour::after || h.kind == flavour::tick)
      return f(static_cast<timer_channel&>(h));
  }
  return visit_sender<S>(h, static_cast<F&&>(f));
}

/// Relaxed is enough: whoever copies a handle has one already.
inline void retain(atomic<std::size_t>& handles) noexcept {
  if (handles.fetch_add(1, std::memory_order_relaxed) > no_limit / 2) [[unlikely]]
    panic("more handles of a channel than an address space can hold");
}

template <class S>
void release_sender(hub& h) noexcept {
  if (h.sender_count.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  visit_sender<S>(h, [](auto& channel) {
    channel.close_senders();
    if (channel.abandoned.exchange(true, std::memory_order_acq_rel))
      delete &channel;
  });
}

template <class S>
void release_receiver(hub& h) noexcept {
  if (h.receiver_count.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  visit_receiver<S>(h, [](auto& channel) {
    channel.close_receivers();
    if (channel.abandoned.exchange(true, std::memory_order_acq_rel))
      delete &channel;
  });
}

/// How many messages are buffered. Under the lock, so that the answer fits into the
/// one order of all operations.
inline std::size_t length(hub& h) noexcept {
  const lock_scope guard(h.lock);
  return h.size.load(std::memory_order_relaxed);
}

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_FLAVOURS_H
