// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values that are made once, by whichever thread comes first: once_cell<T>, which
// is set from outside, and lazy<T>, which brings its own initialiser. Access is
// const and, once the value is there, as cheap as a load. After Rust's OnceLock
// and LazyLock.

#ifndef FEARLESS_LAZY_H
#define FEARLESS_LAZY_H

#include "fearless/annotations.h"
#include "fearless/detail/config.h"
#include "fearless/detail/once.h"

#include <concepts>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless {

/// Room for a T that is written at most once and then only read. Empty at first.
///
/// If an initialiser throws, the cell stays empty and the next caller tries again.
/// An initialiser that asks for the same cell waits for itself for ever.
///
/// Thread-safe: all const operations. The value never moves and never changes
/// again, so references to it are good as long as the cell.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("nothing but the value is owned", fearless::send<T>)
FEARLESS_UNSAFE_SYNC_IF("one thread writes the value, before all others read it as const", fearless::send<T>, fearless::sync<const T>) once_cell {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T>,
                "once_cell<T> holds a T: an object type, neither const nor an array");

public:
  using value_type = T;

  constexpr once_cell() noexcept : empty_() {}
  once_cell(const once_cell&) = delete;
  once_cell& operator=(const once_cell&) = delete;
  ~once_cell() {
    if (once_.done())
      end_value();
  }

  /// The value, or null while there is none. Does not wait for a thread that is
  /// just making it.
  [[nodiscard]] const T* get() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return once_.done() ? std::addressof(value_) : nullptr;
  }

  /// Makes the value from `args`, if there is none: true then. Waits for a thread
  /// that is just making it, and returns false when that has succeeded; `args` are
  /// untouched then. Throws what the constructor throws.
  template <class... Args>
    requires std::constructible_from<T, Args...>
  bool set(Args&&... args) const {
    bool made = false;
    once_.call([&] {
      ::new (static_cast<void*>(std::addressof(value_))) T(std::forward<Args>(args)...);
      made = true;
    });
    return made;
  }

  /// The value; if there is none it becomes what `make()` returns. Of several
  /// threads one calls `make`, the others wait. Throws what `make` throws.
  template <class F>
    requires std::is_invocable_r_v<T, F>
  const T& get_or_init(F&& make) const FEARLESS_DETAIL_LIFETIMEBOUND {
    once_.call([&] {
      ::new (static_cast<void*>(std::addressof(value_))) T(std::invoke(std::forward<F>(make)));
    });
    return value_;
  }

  /// Moves the value out, if there is one. Claims that nobody else uses the cell.
  [[nodiscard]] std::optional<T> into_inner() && noexcept(std::is_nothrow_move_constructible_v<T>)
    requires std::move_constructible<T>
  {
    if (!once_.done())
      return std::nullopt;
    return std::optional<T>(std::move(value_));
  }

private:
  // GCC cannot see that a cell which is not done stays so, and warns of the value
  // that is not there.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
  void end_value() noexcept { std::destroy_at(std::addressof(value_)); }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

  mutable detail::once once_;
  union {
    char empty_; // a constant expression needs an active member
    mutable T value_;
  };
};

/// A value that is made by its initialiser when it is first asked for.
///
///     static const fearless::lazy<config> settings{[] { return read_config(); }};
///     use(settings->path);
///
/// `F` is the type of the initialiser: a function pointer, to which a lambda
/// without captures converts, unless deduced: `fearless::lazy settings{[=] {...}}`.
/// If the initialiser throws, the caller gets the exception and the next one
/// calls it again. An initialiser that asks for its own value waits for ever.
///
/// Thread-safe: all operations.
template <class T, class F = T (*)()>
class FEARLESS_UNSAFE_SEND_IF("nothing but the value and its initialiser is owned", fearless::send<T>, fearless::send<F>)
FEARLESS_UNSAFE_SYNC_IF("one thread calls the initialiser, before all others read the value as const", fearless::send<T>, fearless::sync<const T>, fearless::send<F>) lazy {
  static_assert(std::is_invocable_r_v<T, F&>, "the initialiser of lazy<T> is called without arguments and returns a T");

public:
  using value_type = T;

  constexpr explicit lazy(F make) noexcept(std::is_nothrow_move_constructible_v<F>)
      : make_(std::move(make)) {}
  lazy(const lazy&) = delete;
  lazy& operator=(const lazy&) = delete;

  /// The value; makes it if that has not been done. Throws what the initialiser throws.
  [[nodiscard]] const T& operator*() const FEARLESS_DETAIL_LIFETIMEBOUND {
    return cell_.get_or_init(make_);
  }
  [[nodiscard]] const T* operator->() const FEARLESS_DETAIL_LIFETIMEBOUND {
    return std::addressof(**this);
  }
  /// The same under a name: for making the value early.
  const T& force() const FEARLESS_DETAIL_LIFETIMEBOUND { return **this; }

  /// Null while the value is not made. Never makes it.
  [[nodiscard]] const T* get_if_made() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return cell_.get();
  }

private:
  mutable F make_;
  once_cell<T> cell_;
};

template <class F>
lazy(F) -> lazy<std::remove_cvref_t<std::invoke_result_t<F&>>, F>;

} // namespace fearless

#endif // FEARLESS_LAZY_H
