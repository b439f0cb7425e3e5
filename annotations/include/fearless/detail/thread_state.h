// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The record that each thread has: identity, name, parking token, reference
// count. A spawned thread's record holds its closure and its result as well, so
// spawn() allocates once. Also the identity of threads (thread_id), which is
// never used twice, and the `thread` handle that current() gives.

#ifndef FEARLESS_DETAIL_THREAD_STATE_H
#define FEARLESS_DETAIL_THREAD_STATE_H

#include "fearless/annotations.h"
#include "fearless/detail/config.h"
#include "fearless/detail/futex.h"
#include "fearless/detail/native_thread.h"

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace fearless {

/// The identity of a thread. Unlike std::thread::id it is never given to a second
/// thread, so it may outlive its thread and be compared later. No default value.
class FEARLESS_SEND FEARLESS_SYNC_CONST thread_id {
public:
  /// A number that no other thread of this process has or had; never 0.
  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

  friend constexpr auto operator<=>(const thread_id&, const thread_id&) noexcept = default;

  /// For the runtime itself.
  static constexpr thread_id from_value(std::uint64_t value) noexcept { return thread_id(value); }

private:
  constexpr explicit thread_id(std::uint64_t value) noexcept : value_(value) {}

  std::uint64_t value_;
};

namespace detail {

FEARLESS_DETAIL_SHARED inline constinit std::atomic<std::uint64_t> next_thread_id{1};
FEARLESS_DETAIL_SHARED inline constinit thread_local std::uint64_t this_thread_id = 0;

/// The identity of the calling thread; a load of a thread_local but for the first call.
[[nodiscard]] inline thread_id current_thread_id() noexcept {
  if (this_thread_id == 0) [[unlikely]]
    this_thread_id = next_thread_id.fetch_add(1, std::memory_order_relaxed);
  return thread_id::from_value(this_thread_id);
}

/// Base of the records. Shared by the thread itself, its handles, and whoever
/// wants to wake it.
struct thread_state {
  using destroyer = void (*)(thread_state*) noexcept;

  thread_state(destroyer destroy_this, thread_id own_id, std::string own_name) noexcept
      : id(own_id), destroy(destroy_this), name(std::move(own_name)) {}
  thread_state(const thread_state&) = delete;
  thread_state& operator=(const thread_state&) = delete;

  std::atomic<std::uint32_t> references{1};
  futex_word parking{0};  // see park()
  futex_word finished{0}; // 1 when the result is there
  const thread_id id;
  const destroyer destroy;
  const std::string name; // empty: none

  void add_reference() noexcept { references.fetch_add(1, std::memory_order_relaxed); }
  void drop_reference() noexcept {
    if (references.fetch_sub(1, std::memory_order_release) == 1) {
      // Not a fence, which ThreadSanitizer does not know: reading our own
      // decrement continues the release sequence of all the others.
      static_cast<void>(references.load(std::memory_order_acquire));
      destroy(this);
    }
  }

  // Parking, as in Rust's std: a token of 0 (none) or 1 (there), and -1 while the
  // thread sleeps for it.
  static constexpr std::uint32_t parked = static_cast<std::uint32_t>(-1);

  /// Takes the token, waiting for it until the deadline. True if it was taken.
  bool park(deadline_t deadline) noexcept {
    if (parking.fetch_sub(1, std::memory_order_acquire) == 1)
      return true;
    for (;;) {
      const bool in_time = futex_wait_until(parking, parked, deadline);
      std::uint32_t expected = 1;
      if (parking.compare_exchange_strong(expected, 0, std::memory_order_acquire,
                                          std::memory_order_relaxed))
        return true;
      if (!in_time)
        return parking.exchange(0, std::memory_order_acquire) == 1;
    }
  }

  void unpark() noexcept {
    if (parking.exchange(1, std::memory_order_release) == parked)
      futex_wake_one(parking);
  }

  /// Waits until the result is there.
  void wait_finished() const noexcept {
    while (finished.load(std::memory_order_acquire) == 0)
      futex_wait(finished, 0);
  }

protected:
  ~thread_state() = default;
};

/// A counted reference to a record of type S.
template <class S>
class state_ref {
public:
  state_ref() noexcept = default;
  /// Takes over one reference that has been counted.
  explicit state_ref(S* counted) noexcept : state_(counted) {}
  state_ref(const state_ref& other) noexcept : state_(other.state_) {
    if (state_ != nullptr)
      state_->add_reference();
  }
  state_ref(state_ref&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  state_ref& operator=(state_ref other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~state_ref() {
    if (state_ != nullptr)
      state_->drop_reference();
  }
  [[nodiscard]] S* get() const noexcept { return state_; }
  [[nodiscard]] S* operator->() const noexcept { return state_; }
  explicit operator bool() const noexcept { return state_ != nullptr; }

private:
  S* state_ = nullptr;
};

/// The record of a thread that we did not start.
struct foreign_state final : thread_state {
  foreign_state(thread_id own_id, std::string own_name) noexcept
      : thread_state(
            [](thread_state* self) noexcept { delete static_cast<foreign_state*>(self); }, own_id,
            std::move(own_name)) {}
};

/// The record of the calling thread. Plain, so that reading it needs no guard;
/// `current_owner` below releases it when the thread ends.
FEARLESS_DETAIL_SHARED inline constinit thread_local thread_state* this_thread_state = nullptr;
FEARLESS_DETAIL_SHARED inline constinit thread_local bool this_thread_over = false;

struct current_owner {
  current_owner() noexcept = default;
  current_owner(const current_owner&) = delete;
  current_owner& operator=(const current_owner&) = delete;
  ~current_owner() {
    this_thread_over = true;
    if (thread_state* const state = std::exchange(this_thread_state, nullptr))
      state->drop_reference();
  }
  /// Makes `state` (one reference of it) the record of this thread. Called early
  /// in a spawned thread, so that this outlives the thread_locals of the user.
  static void set(thread_state* state) noexcept {
    static thread_local current_owner owner;
    static_cast<void>(&owner); // registers the destructor
    this_thread_state = state;
  }
};

[[nodiscard]] inline state_ref<thread_state> current_state() {
  if (this_thread_state == nullptr) [[unlikely]] {
    auto* const fresh = new foreign_state(current_thread_id(), is_main_thread() ? "main" : "");
    // So late, in the destructors of the thread's last variables, nobody would
    // release a record that is kept: the caller alone has this one.
    if (this_thread_over)
      return state_ref<thread_state>(fresh);
    current_owner::set(fresh);
  }
  this_thread_state->add_reference();
  return state_ref<thread_state>(this_thread_state);
}

} // namespace detail

/// A handle to a thread: who it is, and a way to wake it. Copyable; may outlive
/// the thread. It cannot join.
class FEARLESS_SEND FEARLESS_SYNC_CONST thread {
public:
  using id_type = thread_id;

  [[nodiscard]] thread_id id() const noexcept { return state_->id; }

  /// The name given by thread_builder, "main" for the main thread, else empty.
  /// The system may show less of it.
  [[nodiscard]] std::string_view name() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return state_->name;
  }

  /// Gives the thread its parking token, and wakes it if it is in park(). What
  /// happened before is visible to the thread that takes the token.
  void unpark() const noexcept { state_->unpark(); }

  /// For the runtime itself.
  explicit thread(detail::state_ref<detail::thread_state> state) noexcept
      : state_(std::move(state)) {}

private:
  detail::state_ref<detail::thread_state> state_;
};

} // namespace fearless

template <>
struct std::hash<fearless::thread_id> {
  std::size_t operator()(fearless::thread_id id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value());
  }
};

#endif // FEARLESS_DETAIL_THREAD_STATE_H
