// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory for messages that come and go: an allocation whose slots are constructed
// and destroyed one by one. It does not know which of them are alive.

#ifndef FEARLESS_DETAIL_CHANNEL_RAW_SLOTS_H
#define FEARLESS_DETAIL_CHANNEL_RAW_SLOTS_H

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace fearless::detail::chan {

/// Owns room for `count` objects; over-aligned types are served.
template <class S>
class raw_slots {
public:
  /// Throws std::bad_alloc, std::bad_array_new_length included.
  explicit raw_slots(std::size_t count) : first_(std::allocator<S>().allocate(count)), count_(count) {}
  ~raw_slots() { std::allocator<S>().deallocate(first_, count_); }
  raw_slots(const raw_slots&) = delete;
  raw_slots& operator=(const raw_slots&) = delete;

  void construct(std::size_t at, S&& value) noexcept { std::construct_at(first_ + at, std::move(value)); }

  /// Moves the object out and ends it.
  void take(std::size_t at, std::optional<S>& into) noexcept {
    S& object = first_[at];
    into.emplace(std::move(object));
    std::destroy_at(first_ + at);
  }

private:
  S* first_;
  std::size_t count_;
};

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_RAW_SLOTS_H
