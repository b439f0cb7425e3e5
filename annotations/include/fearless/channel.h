// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Channels: a sender and a receiver that share a queue of messages. unbounded_channel,
// bounded_channel (capacity 0 is a rendezvous), and the receivers without a sender
// after, tick and never. Semantics after Rust's std::sync::mpmc and crossbeam-channel.
// The pieces are in detail/channel; select.h waits on several channels at once.

#ifndef FEARLESS_CHANNEL_H
#define FEARLESS_CHANNEL_H

#include "fearless/annotations.h"
#include "fearless/detail/channel/flavours.h"
#include "fearless/detail/channel/stored.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless {

template <class T>
class sender;
template <class T>
class receiver;

namespace detail::chan {
struct access;

/// What a message must be. Checked where a handle or a result is used, so that the
/// error names the type.
template <class T>
struct message_requirements {
  static_assert(std::is_object_v<T> && !std::is_array_v<T>,
                "a message is an object: neither a reference nor an array nor a function");
  static_assert(!std::is_const_v<T> && !std::is_volatile_v<T>,
                "a message is moved through the channel, so it cannot be const");
  static_assert(std::is_move_constructible_v<T>, "a message must be movable");
  static_assert(std::is_nothrow_destructible_v<T>, "the destructor of a message must not throw");
};
} // namespace detail::chan

/// Why a message was not sent.
enum class send_error : unsigned char {
  none,      ///< it was sent
  full,      ///< try_send: there is no room now, or no receiver waits at a rendezvous
  closed,    ///< the last receiver is gone; no later send can succeed
  timed_out, ///< send_for, send_until: no room came up in time
};

/// The outcome of a send. Converts to true when the message was sent; otherwise the
/// message is inside, to be taken back. Not synchronised, like any other value.
template <class T>
class [[nodiscard]] send_result : private detail::chan::message_requirements<T> {
public:
  /// True when the message was sent.
  explicit operator bool() const noexcept { return error_ == send_error::none; }

  /// send_error::none when the message was sent.
  [[nodiscard]] send_error error() const noexcept { return error_; }

  /// Gives the unsent message back. Precondition: it was not sent, and not taken before;
  /// otherwise the program ends with a message. Throws what T's move constructor throws.
  [[nodiscard]] T take() {
    if (!unsent_)
      detail::panic("send_result::take: there is no unsent message");
    std::optional<T> message = detail::chan::from_stored<T>(unsent_);
    unsent_.reset();
    return std::move(*message);
  }

private:
  friend struct detail::chan::access;
  using stored = detail::chan::stored<T>;

  send_result() noexcept : error_(send_error::none) {}
  send_result(send_error error, stored&& unsent) noexcept
      : error_(error), unsent_(std::move(unsent)) {}

  send_error error_;
  std::optional<stored> unsent_{};
};

namespace detail::chan {

/// What channel.h and select.h need of each other's classes, in one place instead of
/// friend declarations to and fro.
struct access {
  template <class Handle>
  static hub& channel_of(const Handle& handle) noexcept {
    return *handle.channel_;
  }
  template <class Handle>
  static Handle adopt(hub& channel) noexcept {
    return Handle(&channel);
  }
  template <class T>
  static send_result<T> sent() noexcept {
    return send_result<T>();
  }
  template <class T>
  static send_result<T> not_sent(send_error error, stored<T>&& message) noexcept {
    return send_result<T>(error, std::move(message));
  }
  template <class T>
  static send_result<T> result(outcome o, stored<T>& message) noexcept {
    if (o == outcome::done) [[likely]]
      return sent<T>();
    const send_error error = o == outcome::closed      ? send_error::closed
                             : o == outcome::timed_out ? send_error::timed_out
                                                       : send_error::full;
    return not_sent<T>(error, std::move(message));
  }
};

} // namespace detail::chan

/// The sending end. Copies are handles of the same channel: when the last one is gone,
/// the channel is closed for receiving, once what is buffered has been received. A copy
/// or a destruction costs one atomic operation.
///
/// Thread safety: all members are const and may be called on one object by several
/// threads at once; assigning to a handle and destroying it are not, as usual. A
/// moved-from handle may be assigned to or destroyed, nothing else.
///
/// Exceptions: what T's move constructor throws while the message is taken over comes
/// out of the send; the channel is unchanged and the message lost. std::bad_alloc comes
/// when an unbounded channel cannot grow, or a message that is stored on the heap cannot
/// be (its move constructor may throw, or it is larger than 1 KiB). Nothing else throws.
///
/// T's move constructor and destructor run while the channel is locked: they must not
/// use the same channel. A message's last destruction never does.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("the handle is a counted pointer to a channel that locks itself; "
                              "the messages in it are used by whoever receives them",
                              fearless::send<T>)
    FEARLESS_UNSAFE_SYNC_IF("all operations lock the channel; a message is only ever moved, "
                            "never used by two threads",
                            fearless::send<T>) sender {
public:
  using value_type = T;

  sender(const sender& other) noexcept : channel_(other.channel_) {
    if (channel_ != nullptr)
      detail::chan::retain(channel_->sender_count);
  }
  sender(sender&& other) noexcept : channel_(std::exchange(other.channel_, nullptr)) {}
  sender& operator=(sender other) noexcept {
    swap(*this, other);
    return *this;
  }
  ~sender() {
    if (channel_ != nullptr)
      detail::chan::release_sender<stored>(*channel_);
  }
  friend void swap(sender& a, sender& b) noexcept { std::swap(a.channel_, b.channel_); }

  /// Sends, waiting for room as long as it takes; at a rendezvous, for a receiver.
  /// Fails only with send_error::closed. Constant time apart from the wait.
  send_result<T> send(FEARLESS_SENDING T message) const {
    return deliver(message, detail::no_deadline);
  }

  /// Sends if that can be done at once, else fails with send_error::full (or closed).
  send_result<T> try_send(FEARLESS_SENDING T message) const {
    stored kept = detail::chan::to_stored<T>(std::move(message));
    const detail::chan::outcome o = detail::chan::visit_sender<stored>(
        *channel_, [&](auto& channel) { return channel.try_send(kept); });
    return detail::chan::access::result<T>(o, kept);
  }

  /// Sends, waiting for room for at most `timeout`; send_error::timed_out after that.
  /// A time-out that is too long for the clock waits for ever.
  template <class Rep, class Period>
  send_result<T> send_for(FEARLESS_SENDING T message,
                          const std::chrono::duration<Rep, Period>& timeout) const {
    return deliver(message, detail::deadline_after(timeout));
  }

  /// The same with a point in time. Clocks other than steady_clock are asked anew before
  /// giving up, so a clock that was set back is followed.
  template <class Clock, class Duration>
  send_result<T> send_until(FEARLESS_SENDING T message,
                            const std::chrono::time_point<Clock, Duration>& deadline) const {
    stored kept = detail::chan::to_stored<T>(std::move(message));
    return detail::chan::access::result<T>(wait_until(kept, deadline), kept);
  }

  /// Whether the last receiver is gone. Stays true.
  [[nodiscard]] bool is_closed() const noexcept {
    const detail::chan::lock_scope guard(channel_->lock);
    return channel_->no_receivers.load(std::memory_order_relaxed);
  }

  /// The number of buffered messages at some moment during the call.
  [[nodiscard]] std::size_t size() const noexcept { return detail::chan::length(*channel_); }
  /// Whether no message is buffered; always true for a rendezvous.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Whether a send would have to wait; always true for a rendezvous, never for an
  /// unbounded channel.
  [[nodiscard]] bool full() const noexcept { return size() == channel_->capacity; }
  /// How many messages fit; nothing for an unbounded channel.
  [[nodiscard]] std::optional<std::size_t> capacity() const noexcept {
    if (channel_->capacity == detail::chan::no_limit)
      return std::nullopt;
    return channel_->capacity;
  }

  /// Whether both are handles of one channel.
  [[nodiscard]] bool same_channel(const sender& other) const noexcept {
    return channel_ == other.channel_;
  }
  [[nodiscard]] bool same_channel(const receiver<T>& other) const noexcept {
    return channel_ == &detail::chan::access::channel_of(other);
  }

private:
  friend struct detail::chan::access;
  using stored = detail::chan::stored<T>;
  static constexpr detail::chan::message_requirements<T> requirements{};

  explicit sender(detail::chan::hub* channel) noexcept : channel_(channel) {}

  send_result<T> deliver(T& message, detail::deadline_t deadline) const {
    if constexpr (detail::chan::is_stored_inline<T>) {
      return detail::chan::access::result<T>(wait(message, deadline), message);
    } else {
      stored kept = detail::chan::to_stored<T>(std::move(message));
      return detail::chan::access::result<T>(wait(kept, deadline), kept);
    }
  }

  detail::chan::outcome wait(stored& message, detail::deadline_t deadline) const {
    return detail::chan::visit_sender<stored>(
        *channel_, [&](auto& channel) { return channel.send(message, deadline); });
  }

  template <class Clock, class Duration>
  detail::chan::outcome wait_until(stored& message,
                                   const std::chrono::time_point<Clock, Duration>& deadline) const {
    for (;;) {
      const detail::chan::outcome o = wait(message, detail::deadline_at(deadline));
      if (std::is_same_v<Clock, std::chrono::steady_clock> ||
          o != detail::chan::outcome::timed_out || Clock::now() >= deadline)
        return o;
    }
  }

  detail::chan::hub* channel_;
};

/// The receiving end. Copies are handles of the same channel: each message goes to one
/// of them. When the last one is gone, buffered messages are destroyed at once and every
/// send fails.
///
/// Thread safety and moved-from handles: as sender. Exceptions: what T's move constructor
/// throws while a message is given out comes out of the receive; that message is
/// destroyed, the channel goes on. Nothing else throws.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("the handle is a counted pointer to a channel that locks itself; "
                              "it hands out messages that may come from any thread",
                              fearless::send<T>)
    FEARLESS_UNSAFE_SYNC_IF("all operations lock the channel, and each message goes to one thread",
                            fearless::send<T>) receiver {
public:
  using value_type = T;
  class iterator;
  class try_range;

  receiver(const receiver& other) noexcept : channel_(other.channel_) {
    if (channel_ != nullptr)
      detail::chan::retain(channel_->receiver_count);
  }
  receiver(receiver&& other) noexcept : channel_(std::exchange(other.channel_, nullptr)) {}
  receiver& operator=(receiver other) noexcept {
    swap(*this, other);
    return *this;
  }
  ~receiver() {
    if (channel_ != nullptr)
      detail::chan::release_receiver<stored>(*channel_);
  }
  friend void swap(receiver& a, receiver& b) noexcept { std::swap(a.channel_, b.channel_); }

  /// The next message, waiting as long as it takes; nothing when all senders are gone
  /// and every message has been received. Constant time apart from the wait.
  [[nodiscard]] FEARLESS_SENDING std::optional<T> recv() const {
    return take(detail::no_deadline);
  }

  /// The next message if there is one; nothing when there is none now (is_closed() and
  /// empty() tell more), or at a rendezvous when no sender waits.
  [[nodiscard]] FEARLESS_SENDING std::optional<T> try_recv() const {
    if constexpr (detail::chan::is_stored_inline<T>) {
      std::optional<T> message;
      detail::chan::visit_receiver<stored>(
          *channel_, [&](auto& channel) { return channel.try_receive(message); });
      return message;
    } else {
      std::optional<stored> message;
      detail::chan::visit_receiver<stored>(
          *channel_, [&](auto& channel) { return channel.try_receive(message); });
      return detail::chan::from_stored<T>(message);
    }
  }

  /// The next message, waiting for at most `timeout`; nothing after that, or when the
  /// channel is closed and drained. A time-out that is too long for the clock waits for
  /// ever.
  template <class Rep, class Period>
  [[nodiscard]] FEARLESS_SENDING std::optional<T>
  recv_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return take(detail::deadline_after(timeout));
  }

  /// The same with a point in time. Clocks other than steady_clock are asked anew before
  /// giving up, so a clock that was set back is followed.
  template <class Clock, class Duration>
  [[nodiscard]] FEARLESS_SENDING std::optional<T>
  recv_until(const std::chrono::time_point<Clock, Duration>& deadline) const {
    std::optional<stored> message;
    while (wait(message, detail::deadline_at(deadline)) == detail::chan::outcome::timed_out) {
      if (std::is_same_v<Clock, std::chrono::steady_clock> || Clock::now() >= deadline)
        break;
    }
    return detail::chan::from_stored<T>(message);
  }

  /// Receives until the channel is closed and drained: `for (T& message : rx)`.
  [[nodiscard]] iterator begin() const FEARLESS_DETAIL_LIFETIMEBOUND { return iterator(*this, true); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

  /// Receives what is there now, without waiting: `for (T& message : rx.try_iter())`.
  [[nodiscard]] try_range try_iter() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return try_range(*this);
  }

  /// Whether the last sender is gone. Messages may be left. Stays true.
  [[nodiscard]] bool is_closed() const noexcept {
    const detail::chan::lock_scope guard(channel_->lock);
    return channel_->no_senders.load(std::memory_order_relaxed);
  }

  /// The number of buffered messages at some moment during the call; for after and tick,
  /// 1 when the message is due.
  [[nodiscard]] std::size_t size() const noexcept {
    return detail::chan::visit_receiver<stored>(*channel_, [](auto& channel) -> std::size_t {
      if constexpr (requires { channel.ready(); })
        return channel.ready() ? 1 : 0;
      else
        return detail::chan::length(channel);
    });
  }
  /// Whether no message is buffered; always true for a rendezvous.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Whether the buffer has no room; always true for a rendezvous, never for an
  /// unbounded channel.
  [[nodiscard]] bool full() const noexcept { return size() == channel_->capacity; }
  /// How many messages fit; nothing for an unbounded channel.
  [[nodiscard]] std::optional<std::size_t> capacity() const noexcept {
    if (channel_->capacity == detail::chan::no_limit)
      return std::nullopt;
    return channel_->capacity;
  }

  /// Whether both are handles of one channel.
  [[nodiscard]] bool same_channel(const receiver& other) const noexcept {
    return channel_ == other.channel_;
  }
  [[nodiscard]] bool same_channel(const sender<T>& other) const noexcept {
    return channel_ == &detail::chan::access::channel_of(other);
  }

private:
  friend struct detail::chan::access;
  using stored = detail::chan::stored<T>;
  static constexpr detail::chan::message_requirements<T> requirements{};

  explicit receiver(detail::chan::hub* channel) noexcept : channel_(channel) {}

  std::optional<T> take(detail::deadline_t deadline) const {
    if constexpr (detail::chan::is_stored_inline<T>) {
      std::optional<T> message;
      wait(message, deadline);
      return message;
    } else {
      std::optional<stored> message;
      wait(message, deadline);
      return detail::chan::from_stored<T>(message);
    }
  }

  detail::chan::outcome wait(std::optional<stored>& into, detail::deadline_t deadline) const {
    return detail::chan::visit_receiver<stored>(
        *channel_, [&](auto& channel) { return channel.receive(into, deadline); });
  }

  detail::chan::hub* channel_;
};

/// An input iterator that owns the message it stands on. Moves on by receiving, hence
/// may wait. The receiver must outlive it. For one thread, as any iterator.
template <class T>
class FEARLESS_NOT_SEND("it points to a receiver whose owner may end it") receiver<T>::iterator {
public:
  using iterator_concept = std::input_iterator_tag;
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using reference = T&;

  iterator(iterator&&) = default;
  iterator& operator=(iterator&& other) noexcept(std::is_nothrow_move_constructible_v<T>) {
    if (this != &other) {
      from_ = other.from_;
      waits_ = other.waits_;
      become(std::move(other.message_));
    }
    return *this;
  }
  ~iterator() = default;

  [[nodiscard]] T& operator*() const noexcept { return *message_; }
  [[nodiscard]] T* operator->() const noexcept { return std::addressof(*message_); }

  iterator& operator++() {
    become(waits_ ? from_->recv() : from_->try_recv());
    return *this;
  }
  void operator++(int) { ++*this; }

  /// True when there is no further message.
  [[nodiscard]] friend bool operator==(const iterator& i, std::default_sentinel_t) noexcept {
    return !i.message_.has_value();
  }

private:
  friend class receiver<T>;
  iterator(const receiver& from, bool waits)
      : from_(&from), waits_(waits), message_(waits ? from.recv() : from.try_recv()) {}

  // Not by assignment, which T need not have.
  void become(std::optional<T>&& next) {
    message_.reset();
    if (next)
      message_.emplace(std::move(*next));
  }

  const receiver* from_;
  bool waits_;
  mutable std::optional<T> message_; // mutable: an input iterator is dereferenced as const
};

/// What try_iter() returns.
template <class T>
class FEARLESS_NOT_SEND("it points to a receiver whose owner may end it") receiver<T>::try_range {
public:
  [[nodiscard]] iterator begin() const { return iterator(*from_, false); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
  friend class receiver<T>;
  explicit try_range(const receiver& from) noexcept : from_(&from) {}
  const receiver* from_;
};

/// Both ends of a new channel: `auto [tx, rx] = fearless::unbounded_channel<int>();`
template <class T>
struct channel_ends {
  sender<T> tx;
  receiver<T> rx;
};

namespace detail::chan {

template <class T>
channel_ends<T> ends_of(hub& channel) noexcept {
  return {access::adopt<sender<T>>(channel), access::adopt<receiver<T>>(channel)};
}

} // namespace detail::chan

/// A channel without a limit: a send never waits. Allocates the shared state now and
/// blocks of about 2 KiB as messages come; throws std::bad_alloc.
template <class T>
[[nodiscard]] channel_ends<T> unbounded_channel() {
  namespace chan = detail::chan;
  return chan::ends_of<T>(
      *new chan::list_channel<chan::stored<T>>(chan::flavour::list, chan::no_limit));
}

/// A channel with room for `capacity` messages, all of it allocated now. With capacity 0
/// a send waits until a receiver takes the message out of its hand. Throws std::bad_alloc
/// (std::bad_array_new_length when the room exceeds the address space).
template <class T>
[[nodiscard]] channel_ends<T> bounded_channel(std::size_t capacity) {
  namespace chan = detail::chan;
  if (capacity == 0)
    return chan::ends_of<T>(*new chan::zero_channel<chan::stored<T>>(chan::flavour::zero, 0));
  return chan::ends_of<T>(*new chan::array_channel<chan::stored<T>>(chan::flavour::array, capacity,
                                                                    capacity));
}

/// The message of after and tick: the time at which it was due.
using time_message = std::chrono::steady_clock::time_point;

/// A receiver that gets one message, `delay` from now (a negative delay counts as 0), and
/// is never closed. Its copies share the message. There is no thread behind it.
template <class Rep, class Period>
[[nodiscard]] receiver<time_message> after(const std::chrono::duration<Rep, Period>& delay) {
  namespace chan = detail::chan;
  return chan::access::adopt<receiver<time_message>>(
      *new chan::timer_channel(detail::deadline_after(delay)));
}

/// The same at a point in time of the steady clock.
[[nodiscard]] inline receiver<time_message> at(time_message when) {
  namespace chan = detail::chan;
  return chan::access::adopt<receiver<time_message>>(*new chan::timer_channel(when));
}

/// A receiver that gets a message each `period`, the first one a period from now. What is
/// not received in time does not pile up: after a message that was taken less than a period
/// late the next is due a period after that one was, so that the rhythm is kept; after a
/// longer pause, a period after it was taken. A period that is not positive counts as one
/// nanosecond.
template <class Rep, class Period>
[[nodiscard]] receiver<time_message> tick(const std::chrono::duration<Rep, Period>& period) {
  namespace chan = detail::chan;
  using ticks = chan::timer_channel::ticks;
  const time_message first = detail::deadline_after(period);
  const ticks step = first == detail::no_deadline
                         ? ticks::max()
                         : std::max(ticks(1), std::chrono::ceil<ticks>(period));
  return chan::access::adopt<receiver<time_message>>(*new chan::timer_channel(first, step));
}

/// A receiver that never gets a message and is never closed: to switch a branch of a
/// select off.
template <class T>
[[nodiscard]] receiver<T> never() {
  namespace chan = detail::chan;
  // A rendezvous whose senders do not exist and yet are never gone.
  auto* const channel = new chan::zero_channel<chan::stored<T>>(chan::flavour::zero, 0);
  channel->abandoned.store(true, std::memory_order_relaxed);
  return chan::access::adopt<receiver<T>>(*channel);
}

} // namespace fearless

#endif // FEARLESS_CHANNEL_H
