// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// atomic<T>: std::atomic<T> whose operations are const, as all of this library's
// that are safe from several threads. Whoever may see it may change it: behind a
// const reference, in a const object, through arc<atomic<int>>, where
// std::atomic<T> cannot be written.

#ifndef FEARLESS_ATOMIC_H
#define FEARLESS_ATOMIC_H

#include "fearless/annotations.h"

#include <atomic>
#include <concepts>
#include <cstddef>
#include <type_traits>

namespace fearless {

namespace detail {

template <class T>
concept atomic_integer = std::integral<T> && !std::same_as<T, bool>;

/// Has fetch_add and fetch_sub.
template <class T>
concept atomic_addable = atomic_integer<T> || std::floating_point<T> ||
                         (std::is_pointer_v<T> && std::is_object_v<std::remove_pointer_t<T>>);

template <class T>
using atomic_difference = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;

} // namespace detail

/// A T that several threads may read and write without a lock. Same size, cost and
/// meaning as std::atomic<T>, whose member functions it has, all of them const.
/// The default order is memory_order_seq_cst; the functions without an order
/// argument are the operators, as in the standard.
/// T is trivially copyable. Sending a value through the atomic hands it to another
/// thread, so T must be Send (an atomic<U*> needs a U that is Sync).
///
/// Thread-safe: all operations. None throws.
template <class T>
class FEARLESS_SYNC_IF(fearless::send<T>) FEARLESS_SEND_IF(fearless::send<T>) atomic {
  static_assert(std::is_trivially_copyable_v<T>, "atomic<T> needs a trivially copyable T");
  using difference = detail::atomic_difference<T>;

public:
  using value_type = T;
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  /// Value-initialised.
  constexpr atomic() noexcept(std::is_nothrow_default_constructible_v<T>)
    requires std::default_initializable<T>
      : value_(T()) {}
  constexpr atomic(T value) noexcept : value_(value) {} // NOLINT(google-explicit-constructor)
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  [[nodiscard]] bool is_lock_free() const noexcept { return value_.is_lock_free(); }

  [[nodiscard]] T load(std::memory_order order = std::memory_order_seq_cst) const noexcept {
    return value_.load(order);
  }
  operator T() const noexcept { return value_.load(); } // NOLINT(google-explicit-constructor)

  void store(T value, std::memory_order order = std::memory_order_seq_cst) const noexcept {
    value_.store(value, order);
  }
  T operator=(T value) const noexcept { // NOLINT(misc-unconventional-assign-operator)
    value_.store(value);
    return value;
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst) const noexcept {
    return value_.exchange(value, order);
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order failure) const noexcept {
    return value_.compare_exchange_weak(expected, desired, success, failure);
  }
  bool compare_exchange_weak(T& expected, T desired,
                             std::memory_order order = std::memory_order_seq_cst) const noexcept {
    return value_.compare_exchange_weak(expected, desired, order);
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                               std::memory_order failure) const noexcept {
    return value_.compare_exchange_strong(expected, desired, success, failure);
  }
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst) const noexcept {
    return value_.compare_exchange_strong(expected, desired, order);
  }

  /// Replaces the value by `f(value)`, calling `f` again when another thread was
  /// faster, and returns the value before. `f` should have no side effects.
  template <class F>
    requires std::is_invocable_r_v<T, F&, T>
  T fetch_update(F f, std::memory_order order = std::memory_order_seq_cst) const {
    T old = value_.load(std::memory_order_relaxed);
    while (!value_.compare_exchange_weak(old, f(old), order, std::memory_order_relaxed)) {
    }
    return old;
  }

  /// Blocks while the value equals `old` (bitwise), until a notification.
  void wait(T old, std::memory_order order = std::memory_order_seq_cst) const noexcept {
    value_.wait(old, order);
  }
  void notify_one() const noexcept { value_.notify_one(); }
  void notify_all() const noexcept { value_.notify_all(); }

  T fetch_add(difference by, std::memory_order order = std::memory_order_seq_cst) const noexcept
    requires detail::atomic_addable<T>
  {
    return value_.fetch_add(by, order);
  }
  T fetch_sub(difference by, std::memory_order order = std::memory_order_seq_cst) const noexcept
    requires detail::atomic_addable<T>
  {
    return value_.fetch_sub(by, order);
  }
  T operator+=(difference by) const noexcept
    requires detail::atomic_addable<T>
  {
    return value_ += by;
  }
  T operator-=(difference by) const noexcept
    requires detail::atomic_addable<T>
  {
    return value_ -= by;
  }

  T operator++() const noexcept
    requires(detail::atomic_integer<T> || std::is_pointer_v<T>)
  {
    return ++value_;
  }
  T operator++(int) const noexcept
    requires(detail::atomic_integer<T> || std::is_pointer_v<T>)
  {
    return value_++;
  }
  T operator--() const noexcept
    requires(detail::atomic_integer<T> || std::is_pointer_v<T>)
  {
    return --value_;
  }
  T operator--(int) const noexcept
    requires(detail::atomic_integer<T> || std::is_pointer_v<T>)
  {
    return value_--;
  }

  T fetch_and(T bits, std::memory_order order = std::memory_order_seq_cst) const noexcept
    requires detail::atomic_integer<T>
  {
    return value_.fetch_and(bits, order);
  }
  T fetch_or(T bits, std::memory_order order = std::memory_order_seq_cst) const noexcept
    requires detail::atomic_integer<T>
  {
    return value_.fetch_or(bits, order);
  }
  T fetch_xor(T bits, std::memory_order order = std::memory_order_seq_cst) const noexcept
    requires detail::atomic_integer<T>
  {
    return value_.fetch_xor(bits, order);
  }
  T operator&=(T bits) const noexcept
    requires detail::atomic_integer<T>
  {
    return value_ &= bits;
  }
  T operator|=(T bits) const noexcept
    requires detail::atomic_integer<T>
  {
    return value_ |= bits;
  }
  T operator^=(T bits) const noexcept
    requires detail::atomic_integer<T>
  {
    return value_ ^= bits;
  }

private:
  mutable std::atomic<T> value_;
};

template <class T>
atomic(T) -> atomic<T>;

} // namespace fearless

#endif // FEARLESS_ATOMIC_H
