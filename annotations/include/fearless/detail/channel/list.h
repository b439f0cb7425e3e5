// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The buffer of an unbounded channel: a list of blocks, each with room for a fixed
// number of messages. A message is never moved while it waits, the memory follows the
// number of messages, and a channel in steady use allocates nothing: the block that
// has just been emptied is kept as the next one to fill.

#ifndef FEARLESS_DETAIL_CHANNEL_LIST_H
#define FEARLESS_DETAIL_CHANNEL_LIST_H

#include "fearless/detail/channel/protocol.h"

#include <new>

namespace fearless::detail::chan {

/// push and pop are constant time. Guarded by the lock of the channel; only
/// make_block() is called without it. A channel allocates nothing before its first
/// message.
template <class S>
class list_buffer {
public:
  static constexpr bool bounded = false;

  /// About two kilobytes: few allocations, and no page of its own for a few messages.
  static constexpr std::size_t block_size = sizeof(S) <= 256 ? 2048 / sizeof(S) : 8;

  struct block {
    block* next = nullptr;
    alignas(S) std::byte bytes[block_size * sizeof(S)];

    S* slot(std::size_t at) noexcept {
      return std::launder(reinterpret_cast<S*>(bytes + at * sizeof(S)));
    }
  };

  list_buffer() noexcept = default;
  list_buffer(const list_buffer&) = delete;
  list_buffer& operator=(const list_buffer&) = delete;

  /// All messages must be gone.
  ~list_buffer() {
    delete static_cast<block*>(spare_);
    for (block* b = first_; b != nullptr;) {
      block* const next = b->next;
      delete b;
      b = next;
    }
  }

  [[nodiscard]] bool has_room() const noexcept { return back_ != block_size || spare_ != nullptr; }

  /// Throws std::bad_alloc. `new block` without parentheses leaves the bytes alone.
  [[nodiscard]] std::unique_ptr<block> make_block() const { return std::unique_ptr<block>(new block); }

  /// Several threads may have found that a block was needed; one of them was enough,
  /// and the blocks of the others go back with the argument.
  void give(std::unique_ptr<block>&& fresh) noexcept {
    if (spare_ == nullptr)
      spare_ = fresh.release();
  }

  void push(S&& message) noexcept {
    if (back_ == block_size) [[unlikely]] {
      block* const fresh = spare_;
      spare_ = nullptr;
      fresh->next = nullptr;
      if (block* const last = last_)
        last->next = fresh;
      else
        first_ = fresh;
      last_ = fresh;
      back_ = 0;
    }
    const std::size_t at = back_;
    block* const last = last_;
    ::new (static_cast<void*>(last->bytes + at * sizeof(S))) S(std::move(message));
    back_ = at + 1;
  }

  void pop(std::optional<S>& into) noexcept {
    block* const first = first_;
    const std::size_t at = front_;
    S* const message = first->slot(at);
    into.emplace(std::move(*message));
    std::destroy_at(message);
    front_ = at + 1;
    if (at + 1 == block_size) [[unlikely]]
      retire(first);
  }

private:
  /// The block is empty and full at once: every slot has been used.
  void retire(block* b) noexcept {
    front_ = 0;
    first_ = b->next;
    if (b->next == nullptr) {
      last_ = nullptr; // back_ == block_size: the next push begins a block
    }
    if (spare_ == nullptr)
      spare_ = b;
    else
      delete b;
  }

  plain<block*> first_{nullptr};
  plain<block*> last_{nullptr};
  plain<block*> spare_{nullptr};
  plain<std::size_t> front_{0};         ///< the oldest message, in the first block
  plain<std::size_t> back_{block_size}; ///< the first free slot of the last block
};

template <class S>
using list_channel = channel<S, list_buffer<S>>;

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_LIST_H
