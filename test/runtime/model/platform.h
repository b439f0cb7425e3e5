// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine that the model checker puts underneath the channels: the names of
// detail/channel/platform.h with every atomic operation a point of decision, memory
// orders that are followed by vector clocks, and plain fields that are watched for
// races. Nothing spins: a wait goes to sleep at once, so that its protocol is explored.

#ifndef FEARLESS_TEST_RUNTIME_MODEL_PLATFORM_H
#define FEARLESS_TEST_RUNTIME_MODEL_PLATFORM_H

#define FEARLESS_CHANNEL_PLATFORM

#include "engine.h"

#include "fearless/detail/deadline.h"

#include <atomic>
#include <cstdint>

namespace fearless::detail::chan {

inline bool acquires(std::memory_order order) {
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}
inline bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

/// Knows its name, and whether it is alive: what stands on a stack that has gone on is found.
class lifetime {
public:
  lifetime() = default;
  ~lifetime() { mark_ = dead; }
  lifetime(const lifetime&) = delete;
  lifetime& operator=(const lifetime&) = delete;
  [[nodiscard]] model::object_id name() const { return name_; }
  [[nodiscard]] bool is_alive() const { return mark_ == alive; }
  void check() const {
    if (!is_alive())
      model::engine::current().fail("an object is used after its end");
  }

private:
  static constexpr std::uint32_t alive = 0x600dc0de;
  static constexpr std::uint32_t dead = 0xdeadc0de;
  volatile std::uint32_t mark_ = alive;
  const model::object_id name_ = model::engine::current().name_object();
};

template <class T>
class atomic {
public:
  atomic(T value) noexcept : value_(value) {}

  T load(std::memory_order order) const noexcept {
    before(order != std::memory_order_relaxed, /*writes=*/false);
    acquire(order);
    return value_;
  }
  void store(T value, std::memory_order order) noexcept {
    before(order != std::memory_order_relaxed);
    write(value, order, /*continues_release=*/false);
  }
  T exchange(T value, std::memory_order order) noexcept {
    before(true);
    acquire(order);
    const T old = value_;
    if (machine().bugs().torn_exchange)
      machine().point();
    write(value, order, /*continues_release=*/true);
    return old;
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                               std::memory_order failure) noexcept {
    before(true);
    const T old = value_;
    if (old != expected) {
      acquire(failure);
      expected = old;
      return false;
    }
    acquire(success);
    if (machine().bugs().torn_compare)
      machine().point();
    write(desired, success, /*continues_release=*/true);
    return true;
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order failure) noexcept {
    return compare_exchange_strong(expected, desired, success, failure);
  }
  T fetch_add(T n, std::memory_order order) noexcept {
    before(true);
    acquire(order);
    const T old = value_;
    write(static_cast<T>(old + n), order, /*continues_release=*/true);
    return old;
  }
  T fetch_sub(T n, std::memory_order order) noexcept {
    before(true);
    acquire(order);
    const T old = value_;
    write(static_cast<T>(old - n), order, /*continues_release=*/true);
    return old;
  }

  /// For park(): the value without a point of decision.
  T peek() const noexcept { return value_; }
  model::object_id name() const noexcept { return alive_.name(); }
  bool is_alive() const noexcept { return alive_.is_alive(); }

private:
  static model::engine& machine() { return model::engine::current(); }

  void before(bool strong, bool writes = true) const {
    alive_.check();
    machine().point(strong);
    machine().touch(alive_.name(), writes);
    alive_.check();
  }
  void acquire(std::memory_order order) const {
    if (acquires(order) && !machine().bugs().weak_acquire)
      machine().seen().join(released_);
  }
  void write(T value, std::memory_order order, bool continues_release) {
    value_ = value;
    if (!continues_release)
      released_ = model::clock{};
    if (releases(order) && !machine().bugs().weak_release)
      released_.join(machine().seen());
    machine().tick();
  }

  T value_;
  model::clock released_{}; ///< what an acquire of the value makes visible
  lifetime alive_{};
};

/// A field that must not be accessed by two threads without an order between them.
template <class T>
class plain {
public:
  plain(T value = T{}) noexcept : value_(value) { note_write(); }
  plain(const plain& other) noexcept : value_(other) { note_write(); }
  plain& operator=(const plain& other) noexcept { return *this = static_cast<T>(other); }
  plain& operator=(T value) noexcept {
    check_ordered_after_write();
    const model::clock& now = machine().seen();
    for (std::size_t t = 0; t != model::most_threads; ++t)
      if (reads_.ticks[t] > now.ticks[t])
        machine().fail("data race: a write while thread " + std::to_string(t) + " reads");
    value_ = value;
    note_write();
    return *this;
  }
  operator T() const noexcept {
    check_ordered_after_write();
    const std::size_t me = machine().thread();
    reads_.ticks[me] = machine().seen().ticks[me];
    return value_;
  }

private:
  static model::engine& machine() { return model::engine::current(); }

  void check_ordered_after_write() const {
    alive_.check();
    if (written_ > machine().seen().ticks[writer_])
      machine().fail("data race with a write by thread " + std::to_string(writer_));
  }
  void note_write() {
    writer_ = machine().thread();
    written_ = machine().seen().ticks[writer_];
  }

  T value_;
  std::size_t writer_ = 0;
  std::uint32_t written_ = 0;
  mutable model::clock reads_{};
  lifetime alive_{};
};

inline bool park(const atomic<std::uint32_t>& word, std::uint32_t expected,
                 deadline_t deadline) noexcept {
  model::engine& machine = model::engine::current();
  machine.point();
  machine.touch(word.name(), /*writes=*/false);
  if (word.peek() != expected && !machine.bugs().careless_park)
    return true;
  return machine.block(&word, word.name(), /*timed=*/deadline != no_deadline, /*napping=*/false);
}

inline void park_briefly(const atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  model::engine& machine = model::engine::current();
  machine.point();
  if (word.peek() == expected)
    static_cast<void>(machine.block(&word, word.name(), /*timed=*/false, /*napping=*/true));
}

inline void unpark(const atomic<std::uint32_t>& word) noexcept {
  model::engine& machine = model::engine::current();
  machine.point();
  if (word.is_alive()) // if not, nobody is parked there
    machine.touch(word.name(), /*writes=*/true);
  if (!machine.bugs().lost_wake)
    machine.wake_one(&word);
}

/// Time stands still: a deadline passes when the engine lets a parked thread time out.
inline deadline_t now() noexcept { return deadline_t(std::chrono::hours(1)); }

inline std::uint32_t random_below(std::uint32_t bound) noexcept {
  return model::engine::current().random_below(bound);
}

struct pace {};
inline constexpr pace lock_pace{};
inline constexpr pace own_pace{};

class pacing {
public:
  explicit pacing(const pace&) noexcept {}
  bool next() noexcept { return false; }
};

} // namespace fearless::detail::chan

#endif // FEARLESS_TEST_RUNTIME_MODEL_PLATFORM_H
