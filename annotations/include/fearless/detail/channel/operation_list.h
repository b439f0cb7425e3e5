// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations of a selector: contiguous, without an allocation for the first few.

#ifndef FEARLESS_DETAIL_CHANNEL_OPERATION_LIST_H
#define FEARLESS_DETAIL_CHANNEL_OPERATION_LIST_H

#include "fearless/detail/channel/operation.h"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>

namespace fearless::detail::chan {

/// Grows at the end only. Addresses change when it grows, which is harmless between two
/// selects: nobody else knows an operation then.
class operation_list {
public:
  operation_list() noexcept {}
  operation_list(const operation_list&) = delete;
  operation_list& operator=(const operation_list&) = delete;
  ~operation_list() = default;

  [[nodiscard]] operation* data() noexcept { return heap_ ? heap_.get() : few_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] operation& operator[](std::size_t i) noexcept { return data()[i]; }

  /// Throws std::bad_alloc.
  operation& add() {
    if (size_ == room_)
      grow();
    return *std::construct_at(data() + size_++);
  }

private:
  static constexpr std::size_t inline_room = 8;
  static_assert(std::is_trivially_destructible_v<operation>,
                "operations are left behind without being destroyed");

  void grow() {
    auto larger = std::make_unique<operation[]>(2 * room_);
    std::copy(data(), data() + size_, larger.get());
    heap_ = std::move(larger);
    room_ *= 2;
  }

  std::size_t size_ = 0;
  std::size_t room_ = inline_room;
  std::unique_ptr<operation[]> heap_{};
  union {
    operation few_[inline_room]; ///< constructed one by one, by add()
  };
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_OPERATION_LIST_H
