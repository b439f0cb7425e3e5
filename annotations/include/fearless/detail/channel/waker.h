// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads that wait at one end of a channel: an intrusive list in the order of
// arrival, whose nodes live on the stacks of the waiting threads. Waiting costs no
// memory, and a counterpart hands its message straight to the longest waiter.

#ifndef FEARLESS_DETAIL_CHANNEL_WAKER_H
#define FEARLESS_DETAIL_CHANNEL_WAKER_H

#include "fearless/detail/channel/context.h"

namespace fearless::detail::chan {

/// One registered operation of a waiting thread. Nothing is initialised before it is
/// registered: a select makes many of these and registers few.
struct waiter {
  waiter() noexcept {}
  waiter(context& thread, void* message) noexcept : owner(&thread), slot(message), closed(false) {}

  waiter* previous; ///< set by waker::add, as \c next and \c linked
  waiter* next;
  context* owner;
  void* slot;  ///< the message to send, or where to put the received one
  bool linked; ///< in a list; guarded by the lock of the channel
  bool closed; ///< set by the counterpart: no message passed, the channel is closed

  /// After a claim, and outside of the lock: lets the owner go on. The waiter may be
  /// gone when this returns.
  void finish() noexcept { owner->finish(*this); }
};

/// Guarded by the lock of the channel, except for maybe_waiting().
class waker {
public:
  waker() noexcept = default;
  waker(const waker&) = delete;
  waker& operator=(const waker&) = delete;

  /// A hint that may be read without the lock; exact when the lock is held.
  [[nodiscard]] bool maybe_waiting() const noexcept {
    return first_.load(std::memory_order_relaxed) != nullptr;
  }

  /// Constant time.
  void add(waiter& w) noexcept {
    w.previous = last_;
    w.next = nullptr;
    w.linked = true;
    if (waiter* const last = last_)
      last->next = &w;
    else
      first_.store(&w, std::memory_order_relaxed);
    last_ = &w;
  }

  /// Constant time. Does nothing if a counterpart has taken it out already.
  void remove(waiter& w) noexcept {
    if (!w.linked)
      return;
    w.linked = false;
    if (w.previous != nullptr)
      w.previous->next = w.next;
    else
      first_.store(w.next, std::memory_order_relaxed);
    if (w.next != nullptr)
      w.next->previous = w.previous;
    else
      last_ = w.previous;
  }

  /// Takes out the longest waiter that could be claimed; null if there is none. A
  /// select that another channel has served in the meantime is taken out on the way,
  /// so that its stale entry is looked at once only.
  [[nodiscard]] waiter* claim() noexcept {
    while (waiter* const w = first_.load(std::memory_order_relaxed)) {
      remove(*w);
      if (w->owner->claim())
        return w;
    }
    return nullptr;
  }

  /// Claims every waiter for the news that the channel is closed; returns them as a
  /// chain through `next`, for finish_all() outside of the lock.
  [[nodiscard]] waiter* claim_all_closed() noexcept {
    waiter* chain = nullptr;
    waiter** end = &chain;
    while (waiter* const w = claim()) {
      w->closed = true;
      w->next = nullptr;
      *end = w;
      end = &w->next;
    }
    return chain;
  }

  static void finish_all(waiter* chain) noexcept {
    while (chain != nullptr) {
      waiter* const next = chain->next; // read first: finish() lets the node go
      chain->finish();
      chain = next;
    }
  }

private:
  atomic<waiter*> first_{nullptr};
  plain<waiter*> last_{nullptr};
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_WAKER_H
