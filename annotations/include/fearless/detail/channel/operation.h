// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One branch of a select, without its types: which channel, which direction, where the
// message is, and the few typed steps that the machinery (selection.h) needs.

#ifndef FEARLESS_DETAIL_CHANNEL_OPERATION_H
#define FEARLESS_DETAIL_CHANNEL_OPERATION_H

#include "fearless/detail/channel/flavours.h"
#include "fearless/detail/channel/stored.h"

namespace fearless::detail::chan {

struct operation;

/// The typed steps of a branch; one constant per direction and message type.
struct operation_steps {
  /// With the lock held: tries once.
  outcome (*attempt)(operation&, waiter*& peer) noexcept;

  /// Without the lock, after `needs_room`. Throws std::bad_alloc.
  void (*make_room)(operation&);

  /// Before a select: makes `slot` refer to the user's message, or switches the branch
  /// off when there is none. May throw. Null where nothing has to be done.
  void (*lend)(operation&);

  /// After a select, for the chosen branch and for every branch with a lend step: lets
  /// the user's message show what has happened. May throw.
  void (*settle)(operation&, bool chosen);
};

/// `slot` is what a counterpart uses: std::optional<S>* to receive, S* to send, where S
/// is stored<T>. `user` is the std::optional<T>* of the caller. When S is T, the one
/// points into the other.
struct operation {
  operation() noexcept {} // not defaulted: that would fill \c entry and \c box with zeros

  hub* channel = nullptr; ///< null: switched off, never ready
  hub* target = nullptr;  ///< the channel also while switched off; null: removed
  const operation_steps* steps = nullptr;
  void* slot = nullptr;
  void* user = nullptr;
  timer_channel* timer = nullptr; ///< set for after and tick, where nobody registers
  bool sends = false;
  outcome result = outcome::blocked;

  // Scratch of the machinery, here so that a select of any size allocates nothing.
  std::size_t order = 0;  ///< ops[i].order is the i-th to try
  hub* to_lock = nullptr; ///< a channel to lock, not necessarily the one of this operation
  waiter entry;           ///< set while registered

  /// A message that is not stored as itself: std::optional<std::unique_ptr<T>>, alive
  /// between lend and settle.
  alignas(void*) std::byte box[2 * sizeof(void*)];

  [[nodiscard]] bool waits_in_queue() const noexcept {
    return channel != nullptr && timer == nullptr;
  }
  [[nodiscard]] bool maybe_ready() const noexcept {
    if (timer != nullptr)
      return timer->ready();
    return channel != nullptr && (sends ? channel->maybe_can_send() : channel->maybe_can_receive());
  }
};

template <class T>
struct branch_steps {
  using S = stored<T>;
  using boxed = std::optional<S>;
  static_assert(is_stored_inline<T> || sizeof(boxed) <= sizeof(operation::box));

  static std::optional<T>& message(operation& op) noexcept {
    return *static_cast<std::optional<T>*>(op.user);
  }
  /// Ends the box; null when it has no message. For S = std::unique_ptr<T> only.
  static S unbox(operation& op) noexcept {
    boxed& box = *std::launder(reinterpret_cast<boxed*>(op.box));
    S content = box.has_value() ? std::move(*box) : nullptr;
    std::destroy_at(&box);
    return content;
  }

  // --- Receiving ---

  static outcome receive(operation& op, waiter*& peer) noexcept {
    return visit_sender<S>(*op.channel, [&](auto& channel) {
      return channel.attempt_receive(*static_cast<std::optional<S>*>(op.slot), peer);
    });
  }
  static void lend_receive(operation& op) {
    if constexpr (!is_stored_inline<T>)
      op.slot = ::new (static_cast<void*>(op.box)) boxed();
  }
  static void settle_receive(operation& op, bool chosen) {
    if constexpr (is_stored_inline<T>) {
      if (chosen && op.result == outcome::closed)
        message(op).reset();
    } else {
      const S received = unbox(op);
      if (!chosen)
        return;
      message(op).reset();
      if (received != nullptr)
        message(op).emplace(std::move(*received));
    }
  }
  static constexpr operation_steps receiving{&receive, nullptr,
                                             is_stored_inline<T> ? nullptr : &lend_receive,
                                             &settle_receive};

  // --- Sending ---

  static outcome send(operation& op, waiter*& peer) noexcept {
    return visit_sender<S>(*op.channel, [&](auto& channel) {
      return channel.attempt_send(*static_cast<S*>(op.slot), peer);
    });
  }
  static void make_room(operation& op) {
    visit_sender<S>(*op.channel, [](auto& channel) { channel.make_room(); });
  }
  static void lend_send(operation& op) {
    std::optional<T>& from = message(op);
    op.channel = from.has_value() ? op.target : nullptr;
    if (op.channel == nullptr)
      return;
    if constexpr (is_stored_inline<T>) {
      op.slot = std::addressof(*from);
    } else {
      boxed* const lent = ::new (static_cast<void*>(op.box)) boxed(to_stored<T>(std::move(*from)));
      op.slot = &**lent;
    }
  }
  static void settle_send(operation& op, bool chosen) {
    if (op.channel == nullptr)
      return;
    const bool sent = chosen && op.result == outcome::done;
    if constexpr (is_stored_inline<T>) {
      if (sent)
        message(op).reset();
    } else {
      const S unsent = unbox(op); // null, or moved from, when it was sent
      message(op).reset();
      if (!sent && unsent != nullptr)
        message(op).emplace(std::move(*unsent));
    }
  }
  static constexpr operation_steps sending{&send, &make_room, &lend_send, &settle_send};
};

/// Makes `op` the receiving from `channel` into `into`.
template <class T>
void set_receive(operation& op, hub& channel, std::optional<T>& into) noexcept {
  op.channel = op.target = &channel;
  op.steps = &branch_steps<T>::receiving;
  op.user = op.slot = &into;
  op.sends = false;
  if constexpr (std::is_same_v<T, timer_channel::message>) {
    if (channel.kind == flavour::after || channel.kind == flavour::tick)
      op.timer = static_cast<timer_channel*>(&channel);
  }
}

/// Makes `op` the sending of what `from` holds when the select begins.
template <class T>
void set_send(operation& op, hub& channel, std::optional<T>& from) noexcept {
  op.channel = op.target = &channel;
  op.steps = &branch_steps<T>::sending;
  op.user = &from;
  op.sends = true;
}

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_OPERATION_H
