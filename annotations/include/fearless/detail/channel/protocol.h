// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a message passes from a sender to a receiver: one protocol for the three
// flavours, which differ in their buffer only (array.h, list.h, zero.h).
//
// The invariants that hold whenever the lock is free:
//   * a thread waits to receive only while the buffer is empty and no thread waits to send;
//   * a thread waits to send only while the buffer is full (a rendezvous always is);
//   * messages are received in the order in which their sends took the lock.
// So nobody overtakes a waiting thread: whoever makes room moves the message of the
// longest waiting sender into it, and whoever brings a message gives it to the longest
// waiting receiver. Entries of a select that was served elsewhere do not count.

#ifndef FEARLESS_DETAIL_CHANNEL_PROTOCOL_H
#define FEARLESS_DETAIL_CHANNEL_PROTOCOL_H

#include "fearless/detail/channel/hub.h"

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless::detail::chan {

/// `S` is what is stored for a message: the message itself, or a pointer to it (see
/// stored.h). Its move constructor and destructor run under the lock, so they must
/// not throw and must not use this channel.
///
/// A Buffer has: `static constexpr bool bounded`; push(S&&), with the lock held and
/// room known to be there; pop(std::optional<S>&), with a message known to be there;
/// and, when not bounded, has_room(), make_block(), give(block).
template <class S, class Buffer>
class channel final : public hub {
  static_assert(std::is_nothrow_move_constructible_v<S> && std::is_nothrow_destructible_v<S>);

public:
  template <class... Args>
  explicit channel(flavour f, std::size_t most, Args... args) : hub(f, most), buffer_(args...) {}

  // --- One attempt, with the lock held --------------------------------------------------
  // `peer` is a waiting thread that the attempt has served. The caller must finish() it
  // after unlocking.

  outcome attempt_send(S& message, waiter*& peer) noexcept {
    if (no_receivers.load(std::memory_order_relaxed))
      return outcome::closed;
    if (receivers.maybe_waiting()) {
      if (waiter* const receiver = receivers.claim()) {
        static_cast<std::optional<S>*>(receiver->slot)->emplace(std::move(message));
        peer = receiver;
        return outcome::done;
      }
    }
    const std::size_t count = size.load(std::memory_order_relaxed);
    if (count >= capacity)
      return outcome::blocked;
    if constexpr (!Buffer::bounded) {
      if (!buffer_.has_room())
        return outcome::needs_room;
    }
    buffer_.push(std::move(message));
    size.store(count + 1, std::memory_order_relaxed);
    return outcome::done;
  }

  outcome attempt_receive(std::optional<S>& into, waiter*& peer) noexcept {
    const std::size_t count = size.load(std::memory_order_relaxed);
    if (count != 0) {
      buffer_.pop(into);
      if (senders.maybe_waiting()) {
        if (waiter* const sender = senders.claim()) {
          buffer_.push(std::move(*static_cast<S*>(sender->slot)));
          peer = sender;
          return outcome::done;
        }
      }
      size.store(count - 1, std::memory_order_relaxed);
      return outcome::done;
    }
    if (senders.maybe_waiting()) {
      if (waiter* const sender = senders.claim()) { // rendezvous
        into.emplace(std::move(*static_cast<S*>(sender->slot)));
        peer = sender;
        return outcome::done;
      }
    }
    return no_senders.load(std::memory_order_relaxed) ? outcome::closed : outcome::blocked;
  }

  // --- One attempt ----------------------------------------------------------------------

  outcome try_send(S& message) {
    waiter* peer = nullptr;
    for (;;) {
      lock.lock();
      const outcome result = attempt_send(message, peer);
      lock.unlock();
      if constexpr (!Buffer::bounded) {
        if (result == outcome::needs_room) [[unlikely]] {
          make_room();
          continue;
        }
      }
      if (peer != nullptr)
        peer->finish();
      return result;
    }
  }

  outcome try_receive(std::optional<S>& into) noexcept {
    waiter* peer = nullptr;
    lock.lock();
    const outcome result = attempt_receive(into, peer);
    lock.unlock();
    if (peer != nullptr)
      peer->finish();
    return result;
  }

  // --- Waiting --------------------------------------------------------------------------

  /// Never returns `blocked`. `message` is moved from if and only if the result is `done`.
  outcome send(S& message, deadline_t deadline) {
    const outcome result = try_send(message);
    if (result != outcome::blocked) [[likely]]
      return result;
    if constexpr (Buffer::bounded)
      return wait_to_send(message, deadline);
    else
      return result; // cannot happen: the capacity has no limit
  }

  outcome receive(std::optional<S>& into, deadline_t deadline) noexcept {
    const outcome result = try_receive(into);
    if (result != outcome::blocked) [[likely]]
      return result;
    return wait_to_receive(into, deadline);
  }

  /// Allocates what the next message of an unlimited channel needs. Throws
  /// std::bad_alloc; the lock must not be held, because allocating may take long.
  void make_room() {
    if constexpr (!Buffer::bounded) {
      auto block = buffer_.make_block();
      const lock_scope guard(lock);
      buffer_.give(std::move(block));
    }
  }

  // --- Closing --------------------------------------------------------------------------

  /// The last sender is gone: waiting receivers learn that nothing will come.
  void close_senders() noexcept {
    lock.lock();
    no_senders.store(true, std::memory_order_relaxed);
    waiter* const chain = receivers.claim_all_closed();
    lock.unlock();
    waker::finish_all(chain);
  }

  /// The last receiver is gone: waiting senders get their messages back, and what is
  /// buffered is destroyed now, each message outside of the lock, because its destructor
  /// may do anything, such as let go of a sender of this very channel. Linear in the
  /// number of buffered messages.
  void close_receivers() noexcept {
    lock.lock();
    no_receivers.store(true, std::memory_order_relaxed);
    waiter* const chain = senders.claim_all_closed();
    lock.unlock();
    waker::finish_all(chain);
    for (std::optional<S> message;; message.reset()) {
      const lock_scope guard(lock);
      const std::size_t count = size.load(std::memory_order_relaxed);
      if (count == 0)
        break;
      buffer_.pop(message);
      size.store(count - 1, std::memory_order_relaxed);
    }
  }

private:
#if defined(__GNUC__)
  [[gnu::noinline]]
#endif
  outcome wait_to_send(S& message, deadline_t deadline) {
    if (deadline != no_deadline && now() >= deadline)
      return outcome::timed_out;
    context self;
    waiter entry(self, std::addressof(message));
    return wait_at(senders, entry, deadline,
                   [&](waiter*& peer) noexcept { return attempt_send(message, peer); });
  }

#if defined(__GNUC__)
  [[gnu::noinline]]
#endif
  outcome wait_to_receive(std::optional<S>& into, deadline_t deadline) noexcept {
    if (deadline != no_deadline && now() >= deadline)
      return outcome::timed_out;
    context self;
    waiter entry(self, &into);
    return wait_at(receivers, entry, deadline,
                   [&](waiter*& peer) noexcept { return attempt_receive(into, peer); });
  }

  /// A last attempt and, under the same lock, the registration; then the wait.
  template <class Attempt>
  outcome wait_at(waker& queue, waiter& entry, deadline_t deadline, Attempt attempt) noexcept {
    waiter* peer = nullptr;
    lock.lock();
    const outcome result = attempt(peer);
    if (result == outcome::blocked)
      queue.add(entry);
    lock.unlock();
    if (result != outcome::blocked) {
      if (peer != nullptr)
        peer->finish();
      return result;
    }
    if (entry.owner->wait(deadline) != nullptr)
      return entry.closed ? outcome::closed : outcome::done;
    const lock_scope guard(lock);
    queue.remove(entry);
    return outcome::timed_out;
  }

  Buffer buffer_;
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_PROTOCOL_H
