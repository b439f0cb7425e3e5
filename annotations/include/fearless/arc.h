// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// arc<T>: shared ownership between threads, with read-only access, so that
// sharing can be proven harmless (std::shared_ptr<T> gives every owner a T&).
// Data that changes goes into arc<mutex<T>>, or is replaced with make_mut().
// weak_arc<T> refers without owning. After Rust's Arc and Weak.

#ifndef FEARLESS_ARC_H
#define FEARLESS_ARC_H

#include "fearless/annotations.h"
#include "fearless/detail/arc_block.h"
#include "fearless/detail/config.h"

#include <cassert>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless {

template <class T>
class weak_arc;

namespace detail {

struct arc_access;

/// A handle of Derived may become one of Base. A virtual destructor is asked for
/// although the block could destroy the right type without it: the last handle may
/// be dropped on any thread, so Derived must be Send as well, and the only thing
/// that binds derived classes is the mark of a polymorphic base.
template <class Derived, class Base>
concept arc_convertible = !std::same_as<Derived, Base> &&
                          std::derived_from<Derived, Base> && std::has_virtual_destructor_v<Base>;

/// T is the complete type of the object, not a base of it: may be moved or copied.
template <class T>
concept arc_exact = !std::is_polymorphic_v<T> || std::is_final_v<T>;

} // namespace detail

/// A counted reference to a T on the heap that is shared by all copies of the
/// handle. Access is const. Two words; never null, except after being moved from
/// (then it may only be destroyed, assigned to, and tested).
///
/// Thread-safe: different handles of one object, without restriction; one and the
/// same handle object for const operations only, like any object. Copying and
/// dropping cost one atomic operation.
/// More than 2^31 handles of one object end the program.
///
/// T may be incomplete where only handles are declared, as in a recursive type.
template <class T>
class FEARLESS_ALLOW("fearless-unsafe", "get_mut gives a T& away only while no other handle exists")
FEARLESS_UNSAFE_SEND_IF("owners share a const T, and the last one destroys it on its thread", fearless::send<T>, fearless::sync<const T>)
FEARLESS_UNSAFE_SYNC_CONST_IF("a const handle can be copied on another thread, which is then an owner", fearless::send<T>, fearless::sync<const T>) arc {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T>,
                "arc<T>: T is an object type without const (access is const anyway), not an array");

public:
  using element_type = T;

  arc(const arc& other) noexcept : value_(other.value_), control_(other.control_) {
    if (control_ != nullptr)
      control_->add_strong();
  }
  arc(arc&& other) noexcept
      : value_(std::exchange(other.value_, nullptr)),
        control_(std::exchange(other.control_, nullptr)) {}

  /// From a handle of a derived class. T needs a virtual destructor, and a mark
  /// (FEARLESS_SEND, FEARLESS_SYNC_CONST) where the handle goes to other threads.
  template <detail::arc_convertible<T> U>
  arc(const arc<U>& other) noexcept // NOLINT(google-explicit-constructor)
      : value_(other.value_), control_(other.control_) {
    if (control_ != nullptr)
      control_->add_strong();
  }
  template <detail::arc_convertible<T> U>
  arc(arc<U>&& other) noexcept // NOLINT(google-explicit-constructor)
      : value_(std::exchange(other.value_, nullptr)),
        control_(std::exchange(other.control_, nullptr)) {}

  arc& operator=(const arc& other) noexcept {
    arc copy(other);
    swap(copy);
    return *this;
  }
  arc& operator=(arc&& other) noexcept {
    arc taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~arc() {
    if (control_ != nullptr)
      control_->drop_strong();
  }

  void swap(arc& other) noexcept {
    std::swap(value_, other.value_);
    std::swap(control_, other.control_);
  }
  friend void swap(arc& a, arc& b) noexcept { a.swap(b); }

  /// The shared object. Precondition: not moved from.
  [[nodiscard]] const T& operator*() const noexcept {
    assert(value_ != nullptr && "use of an arc after a move");
    return *value_;
  }
  [[nodiscard]] const T* operator->() const noexcept {
    assert(value_ != nullptr && "use of an arc after a move");
    return value_;
  }
  /// Null after a move.
  [[nodiscard]] const T* get() const noexcept { return value_; }
  /// False after a move.
  explicit operator bool() const noexcept { return control_ != nullptr; }

  /// The object for writing if this is the only handle and there is no weak one,
  /// else null. The pointer is good as long as no copy of the handle is made.
  [[nodiscard]] T* get_mut() noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return control_ != nullptr && control_->is_unique() ? value_ : nullptr;
  }

  /// The object for writing, after copying it if it is shared (copy on write): the
  /// handle then refers to the copy. If there are weak handles only, the object is
  /// moved to a new block and they expire.
  /// Throws what the copy throws and std::bad_alloc; nothing has changed then.
  /// Precondition: not moved from.
  [[nodiscard]] T& make_mut() FEARLESS_DETAIL_LIFETIMEBOUND
    requires std::copy_constructible<T> && detail::arc_exact<T>;

  /// Moves the object out if this is the only strong handle (weak ones expire),
  /// and leaves the handle empty. Else returns nothing, and the handle stays.
  [[nodiscard]] std::optional<T> try_unwrap() &&
    requires std::move_constructible<T> && detail::arc_exact<T>;

  /// Drops the handle, and moves the object out if it was the last one: of several
  /// threads that do this at once, exactly one gets it (with try_unwrap() it may
  /// be none).
  [[nodiscard]] std::optional<T> into_inner() &&
    requires std::move_constructible<T> && detail::arc_exact<T>;

  /// A weak handle to the same object.
  [[nodiscard]] weak_arc<T> downgrade() const noexcept;

  /// Numbers of handles at some moment during the call: for tests and logs, since
  /// other threads may change them at once. 0 after a move.
  [[nodiscard]] std::size_t strong_count() const noexcept {
    return control_ != nullptr ? control_->strong() : 0;
  }
  [[nodiscard]] std::size_t weak_count() const noexcept {
    return control_ != nullptr ? control_->weak() : 0;
  }

  /// Whether both handles share one object. (There is no operator==, because one
  /// could expect it to compare the objects.)
  template <class U>
  [[nodiscard]] bool ptr_eq(const arc<U>& other) const noexcept {
    return control_ == other.control_;
  }

private:
  template <class U>
  friend class arc;
  template <class U>
  friend class weak_arc;
  friend struct detail::arc_access;

  /// Takes over one strong reference that has been counted.
  arc(T* value, detail::arc_control* counted) noexcept : value_(value), control_(counted) {}

  T* value_;
  detail::arc_control* control_;
};

/// A handle that does not keep the object alive: upgrade() gives an arc as long as
/// another one exists. For back references, which would be cycles otherwise, and
/// caches. Keeps the memory of the object (not the object) until it is dropped.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("upgrading makes an owner on any thread", fearless::send<T>, fearless::sync<const T>)
FEARLESS_UNSAFE_SYNC_CONST_IF("upgrading makes an owner on any thread", fearless::send<T>, fearless::sync<const T>) weak_arc {
public:
  using element_type = T;

  /// Refers to nothing; upgrade() gives nothing.
  weak_arc() noexcept = default;

  weak_arc(const weak_arc& other) noexcept : value_(other.value_), control_(other.control_) {
    if (control_ != nullptr)
      control_->add_weak();
  }
  weak_arc(weak_arc&& other) noexcept
      : value_(std::exchange(other.value_, nullptr)),
        control_(std::exchange(other.control_, nullptr)) {}
  weak_arc& operator=(const weak_arc& other) noexcept {
    weak_arc copy(other);
    swap(copy);
    return *this;
  }
  weak_arc& operator=(weak_arc&& other) noexcept {
    weak_arc taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~weak_arc() {
    if (control_ != nullptr)
      control_->drop_weak();
  }

  void swap(weak_arc& other) noexcept {
    std::swap(value_, other.value_);
    std::swap(control_, other.control_);
  }
  friend void swap(weak_arc& a, weak_arc& b) noexcept { a.swap(b); }

  /// An owner of the object, if it still exists.
  [[nodiscard]] std::optional<arc<T>> upgrade() const noexcept {
    if (control_ == nullptr || !control_->try_add_strong())
      return std::nullopt;
    return arc<T>(value_, control_);
  }

  /// At some moment during the call; 0 if the object is gone.
  [[nodiscard]] std::size_t strong_count() const noexcept {
    return control_ != nullptr ? control_->strong() : 0;
  }
  [[nodiscard]] std::size_t weak_count() const noexcept {
    return control_ != nullptr ? control_->weak() : 0;
  }

  /// Whether both refer to one object, alive or not, or both to nothing.
  [[nodiscard]] bool ptr_eq(const weak_arc& other) const noexcept {
    return control_ == other.control_;
  }

private:
  template <class U>
  friend class arc;
  friend struct detail::arc_access;

  weak_arc(T* value, detail::arc_control* counted) noexcept : value_(value), control_(counted) {}

  T* value_ = nullptr; // refers to the object while control_ says that it exists
  detail::arc_control* control_ = nullptr;
};

namespace detail {

struct arc_access {
  template <class T, class... Args>
  static arc<T> make(Args&&... args) {
    auto* const block = new arc_block<T>(std::in_place, std::forward<Args>(args)...);
    return arc<T>(block->value(), block);
  }

  template <class T, class F>
  static arc<T> make_cyclic(F&& build) {
    auto* const block = new arc_block<T>();
    block->add_weak();
    // Its destructor drops the share of the strong handles if `build` throws.
    struct unborn {
      arc_block<T>* block;
      ~unborn() {
        if (block != nullptr)
          block->drop_weak();
      }
    } guard{block};
    const weak_arc<T> self(block->value(), block);
    ::new (static_cast<void*>(block->value())) T(std::forward<F>(build)(self));
    guard.block = nullptr;
    block->become_alive();
    return arc<T>(block->value(), block);
  }

  /// Moves the value out of a block of which the caller is the last strong owner,
  /// no longer counted; ends it and drops its share of the weak count.
  template <class T>
  struct last_owner {
    T* value;
    arc_control* control;
    ~last_owner() {
      std::destroy_at(value);
      control->drop_weak();
    }
  };
};

} // namespace detail

/// A T made from `args`, on the heap, with one owner. Throws std::bad_alloc and what
/// the constructor of T throws.
template <class T, class... Args>
  requires std::constructible_from<T, Args...>
[[nodiscard]] arc<T> make_arc(Args&&... args) {
  return detail::arc_access::make<T>(std::forward<Args>(args)...);
}

/// For an object that holds a weak handle to itself: `build(const weak_arc<T>&)`
/// returns the T; the handle can be upgraded after that only.
template <class T, class F>
  requires std::invocable<F, const weak_arc<T>&>
[[nodiscard]] arc<T> make_arc_cyclic(F&& build) {
  return detail::arc_access::make_cyclic<T>(std::forward<F>(build));
}

template <class T>
weak_arc<T> arc<T>::downgrade() const noexcept {
  assert(control_ != nullptr && "use of an arc after a move");
  control_->add_weak();
  return weak_arc<T>(value_, control_);
}

template <class T>
T& arc<T>::make_mut()
  requires std::copy_constructible<T> && detail::arc_exact<T>
{
  assert(control_ != nullptr && "use of an arc after a move");
  if (control_->is_unique())
    return *value_;
  if constexpr (std::is_nothrow_move_constructible_v<T>) {
    // The block first: once the value is taken nothing may fail.
    auto fresh = std::make_unique<detail::arc_block<T>>();
    if (control_->take_value()) {
      const detail::arc_access::last_owner<T> old{value_, control_};
      ::new (static_cast<void*>(fresh->value())) T(std::move(*value_));
      fresh->become_alive();
      value_ = fresh->value();
      control_ = fresh.release();
      return *value_;
    }
  }
  arc copy = make_arc<T>(std::as_const(*value_));
  swap(copy);
  return *value_;
}

template <class T>
std::optional<T> arc<T>::try_unwrap() &&
  requires std::move_constructible<T> && detail::arc_exact<T>
{
  if (control_ == nullptr || !control_->take_value())
    return std::nullopt;
  const detail::arc_access::last_owner<T> old{std::exchange(value_, nullptr),
                                              std::exchange(control_, nullptr)};
  return std::optional<T>(std::move(*old.value));
}

template <class T>
std::optional<T> arc<T>::into_inner() &&
  requires std::move_constructible<T> && detail::arc_exact<T>
{
  if (control_ == nullptr)
    return std::nullopt;
  T* const value = std::exchange(value_, nullptr);
  detail::arc_control* const control = std::exchange(control_, nullptr);
  if (!control->drop_strong_keeping_value())
    return std::nullopt;
  const detail::arc_access::last_owner<T> old{value, control};
  return std::optional<T>(std::move(*old.value));
}

} // namespace fearless

#endif // FEARLESS_ARC_H
