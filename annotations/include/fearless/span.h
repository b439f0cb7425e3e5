// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Disjoint parts of a sequence, to give each to a thread of its own:
// unique_span<T>, a span that cannot be copied, and the two ways to get one,
// split_at() and chunks_of(). As with Rust's split_at_mut() and chunks_mut(), the
// parts do not overlap, so several threads may write through them at once.

#ifndef FEARLESS_SPAN_H
#define FEARLESS_SPAN_H

#include "fearless/annotations.h"
#include "fearless/detail/config.h"

#include <cassert>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#if FEARLESS_DETAIL_EXCEPTIONS
#include <stdexcept>
#endif

namespace fearless {

template <class T>
class unique_span;
template <class T>
class chunk_range;

namespace detail {

/// What a part of a sequence is: the exclusive view, or, where the elements are
/// const anyway and nothing has to be exclusive, the ordinary one.
template <class T>
using part_of = std::conditional_t<std::is_const_v<T>, std::span<T>, unique_span<T>>;

struct part_access;

[[noreturn]] inline void bad_part(const char* what) {
#if FEARLESS_DETAIL_EXCEPTIONS
  throw std::invalid_argument(what);
#else
  panic(what);
#endif
}

} // namespace detail

/// A view of elements that no other unique_span shows. Move-only: what was given
/// away shows nothing any more. Two words.
///
/// It borrows: the sequence must stay alive and must not reallocate, and must not
/// be used in another way, for as long as a part of it lives. As with std::span,
/// constness is that of the elements and not of the view, so a part that a lambda
/// captured can be written without `mutable`.
///
/// Send when T is, because nobody else can reach the elements.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("the only view of its elements, which are handed over with it", fearless::send<T>)
FEARLESS_SYNC_CONST_IF(fearless::sync<T>) unique_span {
  static_assert(std::is_object_v<T> && !std::is_const_v<T>,
                "read-only parts need not be exclusive: use std::span<const T>");

public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  using size_type = std::size_t;
  using reference = T&;
  using iterator = T*;

  /// An empty view.
  constexpr unique_span() noexcept = default;

  constexpr unique_span(unique_span&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  constexpr unique_span& operator=(unique_span&& other) noexcept {
    unique_span taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    return *this;
  }
  ~unique_span() = default;

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr T* begin() const noexcept { return data_; }
  [[nodiscard]] constexpr T* end() const noexcept { return data_ + size_; }

  /// Precondition: index < size().
  [[nodiscard]] constexpr T& operator[](std::size_t index) const noexcept {
    assert(index < size_ && "index out of range");
    return data_[index];
  }
  /// Precondition: not empty.
  [[nodiscard]] constexpr T& front() const noexcept { return (*this)[0]; }
  [[nodiscard]] constexpr T& back() const noexcept { return (*this)[size_ - 1]; }

private:
  friend struct detail::part_access;

  constexpr unique_span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

namespace detail {

/// Makes parts. Kept in one place, because who can make a unique_span from a
/// pointer can also make two that overlap.
struct part_access {
  template <class T>
  static constexpr part_of<T> make(T* data, std::size_t size) noexcept {
    return part_of<T>(data, size);
  }

  template <class T>
  static chunk_range<T> chunks(T* data, std::size_t size, std::size_t chunk) {
    if (chunk == 0)
      bad_part("chunks_of: parts of no elements");
    return chunk_range<T>(data, size, chunk);
  }

  template <class T>
  static std::pair<part_of<T>, part_of<T>> halves(T* data, std::size_t size, std::size_t index) {
    if (index > size)
      bad_part("split_at: the index is larger than the size");
    return {make<T>(data, index), make<T>(data + index, size - index)};
  }
};

template <class T>
inline constexpr bool is_unique_span = false;
template <class T>
inline constexpr bool is_unique_span<unique_span<T>> = true;

/// A range that lends its elements. A unique_span lends nothing: it has to be
/// moved into split_at() or chunks_of(), or its elements would be shown twice.
template <class R>
concept splittable = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                     !is_unique_span<std::remove_cvref_t<R>>;

/// A container or array: its parts live as long as the object itself.
template <class R>
concept owning_range = splittable<R&> && !std::ranges::borrowed_range<std::remove_cv_t<R>>;

/// A span or another view: its parts do not depend on the view object.
template <class R>
concept view_range = splittable<R> && std::ranges::borrowed_range<std::remove_cvref_t<R>>;

template <class R>
auto range_size(R& range) noexcept -> std::size_t {
  return static_cast<std::size_t>(std::ranges::size(range));
}

template <class R>
using range_element = std::remove_reference_t<std::ranges::range_reference_t<R>>;

} // namespace detail

/// The parts that chunks_of() gives out, one by one: an input range that can be
/// walked once. Each step of the iteration makes the next part, so write
/// `for (auto part : chunks_of(...))`.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("nobody else gives out these parts", fearless::send<detail::part_of<T>>)
[[nodiscard]] chunk_range {
public:
  using part = detail::part_of<T>;

  chunk_range(chunk_range&& other) noexcept
      : next_(std::exchange(other.next_, nullptr)), left_(std::exchange(other.left_, 0)),
        chunk_(other.chunk_), given_(other.given_) {}
  chunk_range& operator=(chunk_range&&) = delete;
  ~chunk_range() = default;

  /// Number of parts not yet given out.
  [[nodiscard]] std::size_t size() const noexcept {
    return left_ / chunk_ + (left_ % chunk_ != 0 ? 1 : 0);
  }
  [[nodiscard]] bool empty() const noexcept { return left_ == 0; }

  /// Gives out the next part: `chunk` elements, the last one what is left.
  /// Precondition: not empty.
  [[nodiscard]] part next() noexcept {
    assert(left_ != 0 && "no part is left");
    const std::size_t count = left_ < chunk_ ? left_ : chunk_;
    T* const from = next_;
    next_ += count;
    left_ -= count;
    return detail::part_access::make<T>(from, count);
  }

  class iterator {
  public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = part;
    using difference_type = std::ptrdiff_t;

    explicit iterator(chunk_range& range) noexcept : range_(&range) {}
    iterator(iterator&&) noexcept = default;
    iterator& operator=(iterator&&) noexcept = default;
    ~iterator() = default;

    /// Gives out the part of this position, once: asked again, it has no elements.
    [[nodiscard]] part operator*() const noexcept {
      return std::exchange(range_->given_, true) ? part() : range_->next();
    }
    iterator& operator++() noexcept {
      if (!std::exchange(range_->given_, false))
        static_cast<void>(range_->next());
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    friend bool operator==(const iterator& i, std::default_sentinel_t) noexcept {
      return i.range_->empty();
    }

  private:
    chunk_range* range_;
  };

  [[nodiscard]] iterator begin() noexcept FEARLESS_DETAIL_LIFETIMEBOUND { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return std::default_sentinel; }

private:
  friend struct detail::part_access;

  chunk_range(T* data, std::size_t size, std::size_t chunk) noexcept
      : next_(data), left_(size), chunk_(chunk) {}

  T* next_;
  std::size_t left_;
  std::size_t chunk_;
  bool given_ = false; // the iteration has given out the part of its position
};

/// Cuts `elements` (a vector, an array, a span... any contiguous range that
/// outlives the parts) into parts of `chunk` elements each; the last one has the
/// rest. The parts are unique_span<T>, or std::span<const T> if the elements are
/// const. Constant time, no allocation.
/// Errors: std::invalid_argument if `chunk` is 0 (panic without exceptions).
template <detail::owning_range R>
chunk_range<detail::range_element<R&>> chunks_of(R& elements FEARLESS_DETAIL_LIFETIMEBOUND,
                                                 std::size_t chunk) {
  return detail::part_access::chunks<detail::range_element<R&>>(
      std::ranges::data(elements), detail::range_size(elements), chunk);
}

template <detail::view_range R>
chunk_range<detail::range_element<R>> chunks_of(R&& elements, std::size_t chunk) {
  return detail::part_access::chunks<detail::range_element<R>>(
      std::ranges::data(elements), detail::range_size(elements), chunk);
}

/// Cuts a part further; it must be moved in.
template <class T>
chunk_range<T> chunks_of(unique_span<T>&& elements, std::size_t chunk) {
  const unique_span<T> taken(std::move(elements));
  return detail::part_access::chunks<T>(taken.data(), taken.size(), chunk);
}

/// The first `index` elements and the rest, as two parts that do not overlap.
/// Errors: std::invalid_argument if `index` is larger than the size (panic
/// without exceptions).
template <detail::owning_range R>
[[nodiscard]] auto split_at(R& elements FEARLESS_DETAIL_LIFETIMEBOUND, std::size_t index) {
  return detail::part_access::halves<detail::range_element<R&>>(
      std::ranges::data(elements), detail::range_size(elements), index);
}

template <detail::view_range R>
[[nodiscard]] auto split_at(R&& elements, std::size_t index) {
  return detail::part_access::halves<detail::range_element<R>>(
      std::ranges::data(elements), detail::range_size(elements), index);
}

/// Cuts a part in two; it must be moved in.
template <class T>
[[nodiscard]] auto split_at(unique_span<T>&& elements, std::size_t index) {
  const unique_span<T> taken(std::move(elements));
  return detail::part_access::halves<T>(taken.data(), taken.size(), index);
}

} // namespace fearless

#endif // FEARLESS_SPAN_H
