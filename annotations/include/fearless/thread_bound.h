// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thread_bound<T>: a value that only the thread which made it can reach, checked
// at run time. For a handle of a UI toolkit or a database that must stay on its
// thread, inside data that does not: the data may travel, only touching the
// value elsewhere is an error. After Rust's send_wrapper and fragile.

#ifndef FEARLESS_THREAD_BOUND_H
#define FEARLESS_THREAD_BOUND_H

#include "fearless/annotations.h"
#include "fearless/detail/config.h"
#include "fearless/detail/thread_state.h"

#include <concepts>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace fearless {

/// Thrown when a thread_bound<T> is touched by a thread that does not own it.
class wrong_thread : public std::logic_error {
public:
  wrong_thread() : std::logic_error("fearless::thread_bound: used on a thread that does not own the value") {}
};

/// A T that belongs to the thread on which it was made.
///
/// On any other thread every access throws wrong_thread (ends the program if
/// exceptions are off), and destroying the wrapper ends the program, unless T is
/// trivially destructible. So it is Send and Sync for every T: give it away inside
/// of something, and give it back for use and destruction. When the owning thread
/// has ended, nobody can reach the value any more: thread identities are never
/// reused.
///
/// A check is the comparison of two numbers, one of them thread_local.
template <class T>
class FEARLESS_ALLOW("fearless-unsafe", "no condition on T is missing: no other thread ever reaches the value")
FEARLESS_UNSAFE_SEND("the value can be reached and destroyed on its own thread only, checked at run time")
FEARLESS_UNSAFE_SYNC("the value can be reached on its own thread only, checked at run time") thread_bound {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T>,
                "thread_bound<T> holds a T: an object type, neither const nor an array");

public:
  using value_type = T;

  thread_bound() noexcept(std::is_nothrow_default_constructible_v<T>)
    requires std::default_initializable<T>
      : value_() {}

  template <class U = T>
    requires(!std::same_as<std::remove_cvref_t<U>, thread_bound> &&
             !std::same_as<std::remove_cvref_t<U>, std::in_place_t> &&
             std::constructible_from<T, U>)
  explicit thread_bound(U&& value) noexcept(std::is_nothrow_constructible_v<T, U>)
      : value_(std::forward<U>(value)) {}

  template <class... Args>
    requires std::constructible_from<T, Args...>
  explicit thread_bound(std::in_place_t, Args&&... args) noexcept(
      std::is_nothrow_constructible_v<T, Args...>)
      : value_(std::forward<Args>(args)...) {}

  /// Moves the value, which its own thread alone may do: throws wrong_thread elsewhere.
  thread_bound(thread_bound&& other)
    requires std::move_constructible<T>
      : value_(std::move(other.get())) {}
  thread_bound& operator=(thread_bound&&) = delete;

  ~thread_bound() {
    if constexpr (!std::is_trivially_destructible_v<T>) {
      if (!is_owner())
        detail::panic("thread_bound: destroyed on a thread that does not own the value");
      std::destroy_at(std::addressof(value_));
    }
  }

  /// Whether the calling thread may touch the value. Never throws.
  [[nodiscard]] bool is_owner() const noexcept { return owner_ == detail::current_thread_id(); }
  [[nodiscard]] thread_id owner() const noexcept { return owner_; }

  /// The value. Throws wrong_thread on any thread but the owner.
  [[nodiscard]] T& get() FEARLESS_DETAIL_LIFETIMEBOUND {
    check();
    return value_;
  }
  [[nodiscard]] const T& get() const FEARLESS_DETAIL_LIFETIMEBOUND {
    check();
    return value_;
  }
  [[nodiscard]] T& operator*() FEARLESS_DETAIL_LIFETIMEBOUND { return get(); }
  [[nodiscard]] const T& operator*() const FEARLESS_DETAIL_LIFETIMEBOUND { return get(); }
  [[nodiscard]] T* operator->() FEARLESS_DETAIL_LIFETIMEBOUND { return std::addressof(get()); }
  [[nodiscard]] const T* operator->() const FEARLESS_DETAIL_LIFETIMEBOUND {
    return std::addressof(get());
  }

  /// The value, or null on any thread but the owner.
  [[nodiscard]] T* try_get() noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return is_owner() ? std::addressof(value_) : nullptr;
  }
  [[nodiscard]] const T* try_get() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return is_owner() ? std::addressof(value_) : nullptr;
  }

  /// Moves the value out. Throws wrong_thread on any thread but the owner.
  [[nodiscard]] T into_inner() &&
    requires std::move_constructible<T>
  {
    return std::move(get());
  }

private:
  void check() const {
    if (!is_owner()) [[unlikely]] {
#if FEARLESS_DETAIL_EXCEPTIONS
      throw wrong_thread();
#else
      detail::panic("thread_bound: used on a thread that does not own the value");
#endif
    }
  }

  const thread_id owner_ = detail::current_thread_id();
  union {
    T value_;
  };
};

template <class T>
thread_bound(T) -> thread_bound<T>;

} // namespace fearless

#endif // FEARLESS_THREAD_BOUND_H
