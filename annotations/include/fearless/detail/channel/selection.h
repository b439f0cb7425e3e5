// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machinery of select: performs exactly one of several operations, the first that
// can happen. It looks at the branches in a random order; when none is ready, it takes
// the locks of all channels in the order of their addresses, looks again, and registers
// everywhere before it lets go. So there is no moment in which a counterpart could come
// and go unseen, and two selects that fit each other cannot miss each other.

#ifndef FEARLESS_DETAIL_CHANNEL_SELECTION_H
#define FEARLESS_DETAIL_CHANNEL_SELECTION_H

#include "fearless/detail/channel/operation.h"

#include <algorithm>
#include <functional>

namespace fearless::detail::chan {

/// One select over `count` operations, which stay where they are meanwhile.
class selection {
public:
  static constexpr std::size_t none = no_limit;

  /// Takes the messages to send from their owners; may throw, all are back then.
  selection(operation* first, std::size_t count, bool biased)
      : ops_(first), count_(count), biased_(biased) {
    for (; lent_ != count_; ++lent_) {
      operation& op = ops_[lent_];
      op.order = lent_;
      if (op.target == nullptr || op.steps->lend == nullptr)
        continue;
#if FEARLESS_DETAIL_EXCEPTIONS
      try {
        op.steps->lend(op);
      } catch (...) {
        settle(none);
        throw;
      }
#else
      op.steps->lend(op);
#endif
    }
  }
  selection(const selection&) = delete;
  selection& operator=(const selection&) = delete;

  /// The index of an operation that could be performed at once, or none. Each branch is
  /// judged under its lock.
  [[nodiscard]] std::size_t try_once() {
    return guarded([this] { return attempt_each(); });
  }

  /// Waits until an operation could be performed; none when the deadline came first.
  /// Without operations it waits for the deadline. Throws std::bad_alloc when a message
  /// could not be stored; nothing has happened then.
  [[nodiscard]] std::size_t wait(deadline_t deadline) {
    return guarded([this, deadline] {
      for (;;) {
        std::size_t index = attempt_easy();
        if (index != none || register_and_wait(deadline, index))
          return index;
      }
    });
  }

private:
  template <class Select>
  std::size_t guarded(Select select) {
#if FEARLESS_DETAIL_EXCEPTIONS
    std::size_t index = none;
    try {
      index = select();
    } catch (...) {
      settle(none);
      throw;
    }
#else
    const std::size_t index = select();
#endif
    settle(index);
    return index;
  }

  void settle(std::size_t chosen) {
    for (std::size_t i = 0; i != lent_; ++i) {
      operation& op = ops_[i];
      if (op.target != nullptr && (i == chosen || op.steps->lend != nullptr))
        op.steps->settle(op, i == chosen);
    }
  }

  /// The i-th operation to try. Shuffled while trying (Fisher-Yates), since the first
  /// attempt mostly succeeds.
  operation& pick(std::size_t i) noexcept {
    if (!biased_) {
      const std::size_t left = count_ - i;
      if (left > 1)
        std::swap(ops_[i].order, ops_[i + random_below(static_cast<std::uint32_t>(left))].order);
    }
    return ops_[ops_[i].order];
  }

  [[nodiscard]] std::size_t index_of(const operation& op) const noexcept {
    return static_cast<std::size_t>(&op - ops_);
  }

  /// Looks at the branches whose hints are good and whose lock is free. A busy channel is
  /// passed over, unless the order matters: a select has a choice, and waiting for a lock
  /// while another branch is ready is the most expensive one.
  std::size_t attempt_easy() {
    for (std::size_t i = 0; i != count_; ++i) {
      operation& op = pick(i);
      if (!op.maybe_ready())
        continue;
      if (op.timer != nullptr) {
        if (attempt_timer(op))
          return index_of(op);
        continue;
      }
      if (biased_)
        op.channel->lock.lock();
      else if (!op.channel->lock.try_lock())
        continue;
      if (attempt(op))
        return index_of(op);
    }
    return none;
  }

  /// Looks at every branch, under its lock.
  std::size_t attempt_each() {
    for (std::size_t i = 0; i != count_; ++i) {
      operation& op = pick(i);
      if (op.timer != nullptr) {
        if (attempt_timer(op))
          return index_of(op);
      } else if (op.channel != nullptr) {
        op.channel->lock.lock();
        if (attempt(op))
          return index_of(op);
      }
    }
    return none;
  }

  /// One attempt at one branch, whose lock is held and is released here.
  static bool attempt(operation& op) {
    waiter* peer = nullptr;
    for (;;) {
      op.result = op.steps->attempt(op, peer);
      op.channel->lock.unlock();
      if (op.result != outcome::needs_room) [[likely]]
        break;
      op.steps->make_room(op);
      op.channel->lock.lock();
    }
    if (peer != nullptr)
      peer->finish();
    return op.result != outcome::blocked;
  }

  static bool attempt_timer(operation& op) noexcept {
    op.result =
        op.timer->try_receive(*static_cast<std::optional<timer_channel::message>*>(op.slot));
    return op.result == outcome::done;
  }

  /// True when the select is over: with an index, or with none at the deadline. False
  /// when it has to start anew, because a timer is due or a block had to be allocated.
  bool register_and_wait(deadline_t deadline, std::size_t& index) {
    context self;
    deadline_t wake_up = deadline;
    const std::size_t locks = collect_locks(wake_up);
    for (std::size_t i = 0; i != locks; ++i)
      ops_[i].to_lock->lock.lock();
    waiter* peer = nullptr;
    operation* const ready = attempt_locked(peer);
    if (ready == nullptr)
      enter_queues(self);
    for (std::size_t i = locks; i != 0; --i)
      ops_[i - 1].to_lock->lock.unlock();

    if (ready != nullptr) {
      if (peer != nullptr)
        peer->finish();
      if (ready->result == outcome::needs_room) {
        ready->steps->make_room(*ready);
        return false;
      }
      index = index_of(*ready);
      return true;
    }

    waiter* const served = self.wait(wake_up);
    leave_queues(served, index);
    return served != nullptr || wake_up == deadline;
  }

  /// Puts the channels into ops_[0..n).to_lock, each once, by address, and lowers
  /// `wake_up` to the first timer that is due.
  std::size_t collect_locks(deadline_t& wake_up) noexcept {
    std::size_t n = 0;
    for (std::size_t i = 0; i != count_; ++i) {
      const operation& op = ops_[i];
      if (op.timer != nullptr)
        wake_up = std::min(wake_up, op.timer->due());
      else if (op.channel != nullptr)
        ops_[n++].to_lock = op.channel;
    }
    // Only to_lock moves, so std::sort does not fit. Heap sort, because a select may
    // have thousands of branches.
    const auto below = [this](std::size_t a, std::size_t b) {
      return std::less<hub*>{}(ops_[a].to_lock, ops_[b].to_lock);
    };
    const auto sift = [&](std::size_t root, std::size_t size) {
      for (std::size_t child; (child = 2 * root + 1) < size; root = child) {
        if (child + 1 < size && below(child, child + 1))
          ++child;
        if (!below(root, child))
          return;
        std::swap(ops_[root].to_lock, ops_[child].to_lock);
      }
    };
    for (std::size_t i = n / 2; i != 0; --i)
      sift(i - 1, n);
    for (std::size_t last = n; last > 1; --last) {
      std::swap(ops_[0].to_lock, ops_[last - 1].to_lock);
      sift(0, last - 1);
    }
    std::size_t unique = 0;
    for (std::size_t i = 0; i != n; ++i)
      if (unique == 0 || ops_[unique - 1].to_lock != ops_[i].to_lock)
        ops_[unique++].to_lock = ops_[i].to_lock;
    return unique;
  }

  operation* attempt_locked(waiter*& peer) noexcept {
    for (std::size_t i = 0; i != count_; ++i) {
      operation& op = pick(i);
      if (!op.waits_in_queue())
        continue;
      op.result = op.steps->attempt(op, peer);
      if (op.result != outcome::blocked)
        return &op;
    }
    return nullptr;
  }

  void enter_queues(context& self) noexcept {
    for (std::size_t i = 0; i != count_; ++i) {
      operation& op = ops_[i];
      if (!op.waits_in_queue())
        continue;
      op.entry = waiter(self, op.slot);
      queue_of(op).add(op.entry);
    }
  }

  /// Afterwards no channel knows of this select. The served entry has been taken out by
  /// the counterpart.
  void leave_queues(waiter* served, std::size_t& index) noexcept {
    for (std::size_t i = 0; i != count_; ++i) {
      operation& op = ops_[i];
      if (!op.waits_in_queue())
        continue;
      if (&op.entry == served) {
        op.result = served->closed ? outcome::closed : outcome::done;
        index = i;
        continue;
      }
      const lock_scope guard(op.channel->lock);
      queue_of(op).remove(op.entry);
    }
  }

  static waker& queue_of(operation& op) noexcept {
    return op.sends ? op.channel->senders : op.channel->receivers;
  }

  operation* ops_;
  std::size_t count_;
  std::size_t lent_ = 0; ///< the first operation whose message was not taken yet
  bool biased_;
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_SELECTION_H
