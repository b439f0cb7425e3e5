// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The heap block behind arc<T>: both reference counts in one 64-bit word, and the
// value. One word, so that "the only handle, and no weak one" is a single load
// and no protocol, and so that dropping the last handle of an object without
// weak handles is a single atomic operation.

#ifndef FEARLESS_DETAIL_ARC_BLOCK_H
#define FEARLESS_DETAIL_ARC_BLOCK_H

#include "fearless/detail/config.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace fearless::detail {

/// The counts, and how to end the value and the block, whose type is unknown to
/// an arc<Base>. The value is destroyed when the strong count reaches 0, the block
/// when the weak count does; all strong handles together count as one weak one.
class arc_control {
public:
  arc_control(const arc_control&) = delete;
  arc_control& operator=(const arc_control&) = delete;

  [[nodiscard]] std::uint32_t strong() const noexcept {
    return strong_of(counts_.load(std::memory_order_relaxed));
  }
  /// Weak handles only, without the share of the strong ones.
  [[nodiscard]] std::uint32_t weak() const noexcept {
    const std::uint64_t counts = counts_.load(std::memory_order_relaxed);
    return weak_of(counts) - (strong_of(counts) != 0 ? 1 : 0);
  }

  // Relaxed: a new handle is made from one that the caller has already.
  void add_strong() noexcept {
    if (strong_of(counts_.fetch_add(one_strong, std::memory_order_relaxed)) > limit) [[unlikely]]
      panic("arc: more than 2^31 handles of one object");
  }
  void add_weak() noexcept {
    if (weak_of(counts_.fetch_add(one_weak, std::memory_order_relaxed)) > limit) [[unlikely]]
      panic("arc: more than 2^31 weak handles of one object");
  }

  /// A strong handle more, unless the value is gone.
  [[nodiscard]] bool try_add_strong() noexcept {
    std::uint64_t counts = counts_.load(std::memory_order_relaxed);
    do {
      if (strong_of(counts) == 0)
        return false;
      if (strong_of(counts) > limit) [[unlikely]]
        panic("arc: more than 2^31 handles of one object");
      // Acquire: our access to the value comes after its construction in make_arc_cyclic.
    } while (!counts_.compare_exchange_weak(counts, counts + one_strong,
                                            std::memory_order_acquire,
                                            std::memory_order_relaxed));
    return true;
  }

  void drop_strong() noexcept {
    const std::uint64_t before = counts_.fetch_sub(one_strong, std::memory_order_release);
    if (strong_of(before) != 1)
      return;
    // Instead of a fence, which ThreadSanitizer does not know: a load that reads
    // our own decrement, the end of the release sequence of all the others.
    static_cast<void>(counts_.load(std::memory_order_acquire));
    manage_(this, end_value);
    if (weak_of(before) == 1)
      manage_(this, free_block); // no weak handle then, and nobody left to make one
    else
      drop_weak();
  }

  void drop_weak() noexcept {
    if (weak_of(counts_.fetch_sub(one_weak, std::memory_order_release)) != 1)
      return;
    static_cast<void>(counts_.load(std::memory_order_acquire));
    manage_(this, free_block);
  }

  /// Whether the caller's handle is the only one of either kind. If so, what the
  /// former handles did with the value has happened before.
  [[nodiscard]] bool is_unique() const noexcept {
    return counts_.load(std::memory_order_acquire) == unique;
  }

  /// Turns the only strong handle into the share of the strong handles in the
  /// weak count, so that the caller alone has the value and no weak handle can
  /// get it any more. False if there are more strong handles.
  [[nodiscard]] bool take_value() noexcept {
    std::uint64_t counts = counts_.load(std::memory_order_relaxed);
    do {
      if (strong_of(counts) != 1)
        return false;
    } while (!counts_.compare_exchange_weak(counts, counts - one_strong,
                                            std::memory_order_acquire,
                                            std::memory_order_relaxed));
    return true;
  }

  /// Drops one strong handle; true if it was the last one: then the caller has to
  /// end the value and drop the strong handles' share of the weak count.
  [[nodiscard]] bool drop_strong_keeping_value() noexcept {
    if (strong_of(counts_.fetch_sub(one_strong, std::memory_order_release)) != 1)
      return false;
    static_cast<void>(counts_.load(std::memory_order_acquire));
    return true;
  }

  /// For make_arc_cyclic: from "weak handles only" to one strong handle.
  void become_alive() noexcept { counts_.fetch_add(one_strong, std::memory_order_release); }

protected:
  enum action { end_value, free_block };
  using manager = void (*)(arc_control*, action) noexcept;

  static constexpr std::uint64_t one_strong = 1;
  static constexpr std::uint64_t one_weak = std::uint64_t{1} << 32;
  static constexpr std::uint64_t unique = one_strong | one_weak;
  static constexpr std::uint32_t limit = 0x7fffffff;

  arc_control(manager manage, std::uint64_t counts) noexcept : counts_(counts), manage_(manage) {}
  ~arc_control() = default;

private:
  static constexpr std::uint32_t strong_of(std::uint64_t counts) noexcept {
    return static_cast<std::uint32_t>(counts);
  }
  static constexpr std::uint32_t weak_of(std::uint64_t counts) noexcept {
    return static_cast<std::uint32_t>(counts >> 32);
  }

  std::atomic<std::uint64_t> counts_;
  const manager manage_;
};

template <class T>
class arc_block final : public arc_control {
public:
  /// With a value, and one strong handle.
  template <class... Args>
  explicit arc_block(std::in_place_t, Args&&... args)
      : arc_control(&manage, unique), value_(std::forward<Args>(args)...) {}
  /// Without a value yet: only the strong handles' share of the weak count.
  arc_block() noexcept : arc_control(&manage, one_weak) {}
  ~arc_block() {} // NOLINT(modernize-use-equals-default): the value may be gone

  [[nodiscard]] T* value() noexcept { return std::addressof(value_); }

private:
  static void manage(arc_control* control, action what) noexcept {
    auto* const self = static_cast<arc_block*>(control);
    if (what == end_value)
      std::destroy_at(self->value());
    else
      delete self;
  }

  union {
    T value_;
  };
};

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_ARC_BLOCK_H
