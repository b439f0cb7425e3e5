// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a message is stored in a channel: as itself, or on the heap when its move
// constructor may throw or when it is large. So whatever happens under the lock of a
// channel neither throws nor takes long.

#ifndef FEARLESS_DETAIL_CHANNEL_STORED_H
#define FEARLESS_DETAIL_CHANNEL_STORED_H

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless::detail::chan {

/// Larger messages are moved once into a heap object, whose address then travels.
inline constexpr std::size_t largest_inline_message = 1024;

template <class T>
inline constexpr bool is_stored_inline =
    std::is_nothrow_move_constructible_v<T> && sizeof(T) <= largest_inline_message;

template <class T>
using stored = std::conditional_t<is_stored_inline<T>, T, std::unique_ptr<T>>;

/// Throws what allocating and T's move constructor throw; the message is then lost to
/// the channel, which has not changed.
template <class T>
[[nodiscard]] stored<T> to_stored(T&& message) {
  if constexpr (is_stored_inline<T>)
    return std::move(message);
  else
    return std::make_unique<T>(std::move(message));
}

/// Throws what T's move constructor throws; the message is then destroyed.
template <class T>
[[nodiscard]] std::optional<T> from_stored(std::optional<stored<T>>& message) {
  if constexpr (is_stored_inline<T>) {
    return std::move(message);
  } else {
    if (!message)
      return std::nullopt;
    return std::optional<T>(std::in_place, std::move(**message));
  }
}

} // namespace fearless::detail::chan

#endif // FEARLESS_DETAIL_CHANNEL_STORED_H
