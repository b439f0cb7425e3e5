// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks that own what they protect: mutex<T> and rw_lock<T> with their guards,
// and the condition variable. The data is reachable through a guard only, so
// there is no way to forget the lock. All operations are const: who may see a
// lock may use it, as through arc<mutex<T>>.

#ifndef FEARLESS_MUTEX_H
#define FEARLESS_MUTEX_H

#include "fearless/annotations.h"
#include "fearless/detail/config.h"
#include "fearless/detail/deadline.h"
#include "fearless/detail/raw_mutex.h"
#include "fearless/detail/raw_rw_lock.h"

#include <cassert>
#include <chrono>
#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless {

template <class T>
class mutex;
template <class T>
class rw_lock;
class condvar;

/// Exclusive access to the data of a mutex<T>, for as long as the guard lives.
///
/// Obtained from mutex<T>::lock() and its relatives. Movable, so that it can be
/// returned; after a move or unlock() it is empty and may only be destroyed or
/// assigned from nothing. Access through a const guard is const.
/// It unlocks on the thread that locked: a guard is not Send.
template <class T>
class [[nodiscard("the mutex is unlocked again at the end of this expression")]]
FEARLESS_NOT_SEND("a mutex must be unlocked by the thread that locked it")
FEARLESS_UNSAFE_SYNC_CONST_IF("a const guard gives const T& only, and keeps the lock", fearless::sync<const T>)
FEARLESS_DETAIL_TSA(scoped_lockable) mutex_guard {
public:
  mutex_guard(mutex_guard&& other) noexcept FEARLESS_DETAIL_TSA(no_thread_safety_analysis)
      : mutex_(std::exchange(other.mutex_, nullptr)) {}
  mutex_guard& operator=(mutex_guard&&) = delete;
  ~mutex_guard() FEARLESS_DETAIL_TSA(release_capability()) {
    if (mutex_ != nullptr)
      mutex_->raw_.unlock();
  }

  /// The data. Precondition: the guard is not empty. Constant time. The reference
  /// is valid as long as the guard; do not let it out of the guard's block.
  [[nodiscard]] T& operator*() noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    assert(mutex_ != nullptr && "use of a guard after unlock() or a move");
    return mutex_->value_;
  }
  [[nodiscard]] const T& operator*() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    assert(mutex_ != nullptr && "use of a guard after unlock() or a move");
    return mutex_->value_;
  }
  [[nodiscard]] T* operator->() noexcept FEARLESS_DETAIL_LIFETIMEBOUND { return &**this; }
  [[nodiscard]] const T* operator->() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return &**this;
  }

  /// Unlocks before the end of the block. The guard is empty afterwards.
  /// Precondition: it is not empty.
  void unlock() noexcept FEARLESS_DETAIL_TSA(release_capability()) {
    assert(mutex_ != nullptr && "unlock() of an empty guard");
    std::exchange(mutex_, nullptr)->raw_.unlock();
  }

private:
  friend class mutex<T>;
  friend class condvar;

  struct adopt {
    explicit adopt() = default;
  };

public:
  /// Only mutex<T> can name the tag.
  explicit mutex_guard(adopt, const mutex<T>& locked) noexcept
      FEARLESS_DETAIL_TSA(acquire_capability(locked))
      : mutex_(&locked) {}

private:
  const mutex<T>* mutex_;
};

/// A value of type T and the lock that protects it. Four bytes more than T, plus
/// alignment; no allocation, no initialisation at run time, never moves.
///
/// An uncontended lock() and unlock() are one atomic operation each. Not
/// recursive: locking again on the thread that holds the lock is a deadlock. Not
/// fair, but a waiting thread is not passed over for ever on any scheduler that
/// runs it.
///
/// No poisoning: when an exception leaves the block of a guard, the mutex is
/// unlocked and the next thread sees the data as the exception left it. Keep the
/// invariants of T exception-safe, as for any object that outlives a throw; if
/// they can be broken half-way, store a flag in T and test it after lock().
///
/// Thread-safe: every const operation, from any thread. Operations on an rvalue
/// claim that nobody else uses the mutex.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("nothing but the value is owned", fearless::send<T>)
FEARLESS_UNSAFE_SYNC_IF("one thread at a time reaches the value, so it is handed from thread to thread", fearless::send<T>)
FEARLESS_DETAIL_TSA(capability("mutex")) mutex {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T>,
                "mutex<T> holds a T: an object type, neither const nor an array");

public:
  using value_type = T;

  /// Value-initialises the data.
  constexpr mutex() noexcept(std::is_nothrow_default_constructible_v<T>)
    requires std::default_initializable<T>
      : value_() {}

  /// Initialises the data with `value`.
  template <class U = T>
    requires(!std::same_as<std::remove_cvref_t<U>, mutex> &&
             !std::same_as<std::remove_cvref_t<U>, std::in_place_t> &&
             std::constructible_from<T, U>)
  constexpr explicit(!std::convertible_to<U, T>)
      mutex(U&& value) noexcept(std::is_nothrow_constructible_v<T, U>)
      : value_(std::forward<U>(value)) {}

  /// Constructs the data in place, for types that cannot move.
  template <class... Args>
    requires std::constructible_from<T, Args...>
  constexpr explicit mutex(std::in_place_t, Args&&... args) noexcept(
      std::is_nothrow_constructible_v<T, Args...>)
      : value_(std::forward<Args>(args)...) {}

  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  /// Waits for the lock and takes it. Does not throw.
  [[nodiscard]] mutex_guard<T> lock() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND
      FEARLESS_DETAIL_TSA(acquire_capability(this))
          FEARLESS_DETAIL_TSA(no_thread_safety_analysis) {
    raw_.lock();
    return mutex_guard<T>(typename mutex_guard<T>::adopt{}, *this);
  }

  /// The guard if the lock is free now, else nothing. Never fails spuriously.
  [[nodiscard]] std::optional<mutex_guard<T>> try_lock() const noexcept
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return guard_if(raw_.try_lock());
  }

  /// The guard if the lock could be had within `timeout`, else nothing. A free
  /// lock is taken whatever the time-out; duration::max() waits for ever.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<mutex_guard<T>>
  try_lock_for(const std::chrono::duration<Rep, Period>& timeout) const
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return guard_if(raw_.try_lock() || raw_.lock_until(detail::deadline_after(timeout)));
  }

  /// The same until a point of time. Of a clock other than steady_clock the
  /// remaining time is measured once, at the call.
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<mutex_guard<T>>
  try_lock_until(const std::chrono::time_point<Clock, Duration>& when) const
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return guard_if(raw_.try_lock() || raw_.lock_until(detail::deadline_at(when)));
  }

  /// Calls `f(T&)` under the lock and returns what it returns, which must not be
  /// a reference: it would outlive the lock. What `f` throws is passed on, the
  /// mutex unlocked.
  template <class F>
    requires std::invocable<F, T&>
  auto with(F&& f) const FEARLESS_DETAIL_TSA(locks_excluded(this)) {
    static_assert(!std::is_reference_v<std::invoke_result_t<F, T&>>,
                  "a reference would leave the lock: return a value from mutex::with()");
    mutex_guard<T> guard = lock();
    return std::invoke(std::forward<F>(f), *guard);
  }

  /// Moves the data out, at the end of the mutex's life. Takes the lock for it,
  /// so that a thread that still has the mutex finds a moved-from value and not
  /// a half-moved one.
  [[nodiscard]] T into_inner() && noexcept(std::is_nothrow_move_constructible_v<T>)
    requires std::move_constructible<T>
  {
    mutex_guard<T> guard = lock();
    return std::move(*guard);
  }

  /// The data without locking, for a mutex that no other thread can see. Only on
  /// an rvalue, because a non-const mutex may well be shared:
  /// `std::move(m).get_mut()` says that this one is not. The lock is not touched.
  [[nodiscard]] T& get_mut() && noexcept FEARLESS_DETAIL_LIFETIMEBOUND { return value_; }

private:
  friend class mutex_guard<T>;
  friend class condvar;

  [[nodiscard]] std::optional<mutex_guard<T>> guard_if(bool locked) const noexcept
      FEARLESS_DETAIL_TSA(no_thread_safety_analysis) {
    if (!locked)
      return std::nullopt;
    return std::optional<mutex_guard<T>>(std::in_place, typename mutex_guard<T>::adopt{}, *this);
  }

  mutable detail::raw_mutex raw_;
  mutable T value_;
};

template <class T>
mutex(T) -> mutex<T>;

/// How a timed wait ended.
enum class wait_status {
  notified, ///< by a notification, or for no reason
  timed_out ///< the time was over
};

/// Lets threads sleep until the data of a mutex<T> has changed. Eight bytes.
///
/// A notification wakes threads that began to wait before it; nothing is
/// remembered for later. Waits can end for no reason, so wait in a loop or with a
/// predicate. Change the data under the mutex and notify after (or before)
/// unlocking it; the condvar must outlive every wait. Which mutex it is used
/// with is free at each wait.
///
/// Thread-safe: all operations. None throws, except for what a predicate throws;
/// the lock is then held.
class FEARLESS_SYNC condvar {
public:
  constexpr condvar() noexcept = default;
  condvar(const condvar&) = delete;
  condvar& operator=(const condvar&) = delete;

  /// Unlocks the mutex of `guard`, sleeps until a notification, locks it again.
  /// References into the data that were taken before must be taken anew: other
  /// threads had the lock in the meantime.
  template <class T>
  void wait(mutex_guard<T>& guard) const noexcept {
    static_cast<void>(wait_deadline(guard, detail::no_deadline));
  }

  /// Waits until the predicate holds; it is called with the data, or with
  /// nothing, under the lock. Returns at once if it holds already.
  template <class T, class Predicate>
  void wait(mutex_guard<T>& guard, Predicate holds) const {
    while (!ask(holds, guard))
      wait(guard);
  }

  template <class T, class Rep, class Period>
  wait_status wait_for(mutex_guard<T>& guard,
                       const std::chrono::duration<Rep, Period>& timeout) const {
    return wait_deadline(guard, detail::deadline_after(timeout));
  }

  template <class T, class Clock, class Duration>
  wait_status wait_until(mutex_guard<T>& guard,
                         const std::chrono::time_point<Clock, Duration>& when) const {
    return wait_deadline(guard, detail::deadline_at(when));
  }

  /// Waits until the predicate holds or the time is over; returns what the
  /// predicate said last, so true may come after the time too.
  template <class T, class Rep, class Period, class Predicate>
  [[nodiscard]] bool wait_for(mutex_guard<T>& guard,
                              const std::chrono::duration<Rep, Period>& timeout,
                              Predicate holds) const {
    return wait_deadline(guard, detail::deadline_after(timeout), holds);
  }

  template <class T, class Clock, class Duration, class Predicate>
  [[nodiscard]] bool wait_until(mutex_guard<T>& guard,
                                const std::chrono::time_point<Clock, Duration>& when,
                                Predicate holds) const {
    return wait_deadline(guard, detail::deadline_at(when), holds);
  }

  /// Wakes one waiting thread, if there is one; costs next to nothing if not.
  void notify_one() const noexcept { raw_.notify_one(); }

  /// Wakes all threads that wait.
  void notify_all() const noexcept { raw_.notify_all(); }

private:
  template <class T>
  wait_status wait_deadline(mutex_guard<T>& guard, detail::deadline_t deadline) const noexcept {
    assert(guard.mutex_ != nullptr && "wait with an empty guard");
    return raw_.wait_until(guard.mutex_->raw_, deadline) ? wait_status::notified
                                                         : wait_status::timed_out;
  }

  template <class T, class Predicate>
  bool wait_deadline(mutex_guard<T>& guard, detail::deadline_t deadline, Predicate& holds) const {
    while (!ask(holds, guard))
      if (wait_deadline(guard, deadline) == wait_status::timed_out)
        return ask(holds, guard);
    return true;
  }

  template <class Predicate, class T>
  static bool ask(Predicate& holds, mutex_guard<T>& guard) {
    if constexpr (std::is_invocable_v<Predicate&, T&>)
      return static_cast<bool>(std::invoke(holds, *guard));
    else
      return static_cast<bool>(std::invoke(holds));
  }

  mutable detail::raw_condvar raw_;
};

/// Shared, read-only access to the data of an rw_lock<T>. As mutex_guard<T>.
template <class T>
class [[nodiscard("the lock is released again at the end of this expression")]]
FEARLESS_NOT_SEND("a read lock must be released by the thread that took it")
FEARLESS_UNSAFE_SYNC_CONST_IF("a guard gives const T& only, and keeps the lock", fearless::sync<const T>)
FEARLESS_DETAIL_TSA(scoped_lockable) read_guard {
public:
  read_guard(read_guard&& other) noexcept FEARLESS_DETAIL_TSA(no_thread_safety_analysis)
      : lock_(std::exchange(other.lock_, nullptr)) {}
  read_guard& operator=(read_guard&&) = delete;
  ~read_guard() FEARLESS_DETAIL_TSA(release_capability()) {
    if (lock_ != nullptr)
      lock_->raw_.unlock_read();
  }

  /// The data. Precondition: the guard is not empty.
  [[nodiscard]] const T& operator*() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    assert(lock_ != nullptr && "use of a guard after unlock() or a move");
    return lock_->value_;
  }
  [[nodiscard]] const T* operator->() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return &**this;
  }

  /// Releases before the end of the block. Precondition: the guard is not empty.
  void unlock() noexcept FEARLESS_DETAIL_TSA(release_capability()) {
    assert(lock_ != nullptr && "unlock() of an empty guard");
    std::exchange(lock_, nullptr)->raw_.unlock_read();
  }

private:
  friend class rw_lock<T>;

  struct adopt {
    explicit adopt() = default;
  };

public:
  /// Only rw_lock<T> can name the tag.
  explicit read_guard(adopt, const rw_lock<T>& locked) noexcept
      FEARLESS_DETAIL_TSA(acquire_shared_capability(locked))
      : lock_(&locked) {}

private:
  const rw_lock<T>* lock_;
};

/// Exclusive access to the data of an rw_lock<T>. As mutex_guard<T>.
template <class T>
class [[nodiscard("the lock is released again at the end of this expression")]]
FEARLESS_NOT_SEND("a write lock must be released by the thread that took it")
FEARLESS_UNSAFE_SYNC_CONST_IF("a const guard gives const T& only, and keeps the lock", fearless::sync<const T>)
FEARLESS_DETAIL_TSA(scoped_lockable) write_guard {
public:
  write_guard(write_guard&& other) noexcept FEARLESS_DETAIL_TSA(no_thread_safety_analysis)
      : lock_(std::exchange(other.lock_, nullptr)) {}
  write_guard& operator=(write_guard&&) = delete;
  ~write_guard() FEARLESS_DETAIL_TSA(release_capability()) {
    if (lock_ != nullptr)
      lock_->raw_.unlock_write();
  }

  /// The data. Precondition: the guard is not empty.
  [[nodiscard]] T& operator*() noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    assert(lock_ != nullptr && "use of a guard after unlock() or a move");
    return lock_->value_;
  }
  [[nodiscard]] const T& operator*() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    assert(lock_ != nullptr && "use of a guard after unlock() or a move");
    return lock_->value_;
  }
  [[nodiscard]] T* operator->() noexcept FEARLESS_DETAIL_LIFETIMEBOUND { return &**this; }
  [[nodiscard]] const T* operator->() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    return &**this;
  }

  /// Releases before the end of the block. Precondition: the guard is not empty.
  void unlock() noexcept FEARLESS_DETAIL_TSA(release_capability()) {
    assert(lock_ != nullptr && "unlock() of an empty guard");
    std::exchange(lock_, nullptr)->raw_.unlock_write();
  }

private:
  friend class rw_lock<T>;

  struct adopt {
    explicit adopt() = default;
  };

public:
  /// Only rw_lock<T> can name the tag.
  explicit write_guard(adopt, const rw_lock<T>& locked) noexcept
      FEARLESS_DETAIL_TSA(acquire_capability(locked))
      : lock_(&locked) {}

private:
  const rw_lock<T>* lock_;
};

/// A value of type T that many threads may read at once, or one may write. Eight
/// bytes more than T, plus alignment.
///
/// Writers are not starved: while one waits, no new reader joins those that have
/// the lock. So a thread that holds a read lock must not take another one of the
/// same lock (deadlock, if a writer came in between). Otherwise as mutex<T>: const
/// operations, not recursive, no poisoning.
///
/// Readers pay one atomic operation each way on a shared cache line. For short
/// critical sections a mutex<T> is faster even if all threads only read.
template <class T>
class FEARLESS_UNSAFE_SEND_IF("nothing but the value is owned", fearless::send<T>)
FEARLESS_UNSAFE_SYNC_IF("writers hand the value from thread to thread, readers share it as const", fearless::send<T>, fearless::sync<const T>)
FEARLESS_DETAIL_TSA(capability("rw_lock")) rw_lock {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T>,
                "rw_lock<T> holds a T: an object type, neither const nor an array");

public:
  using value_type = T;

  /// Value-initialises the data.
  constexpr rw_lock() noexcept(std::is_nothrow_default_constructible_v<T>)
    requires std::default_initializable<T>
      : value_() {}

  /// Initialises the data with `value`.
  template <class U = T>
    requires(!std::same_as<std::remove_cvref_t<U>, rw_lock> &&
             !std::same_as<std::remove_cvref_t<U>, std::in_place_t> &&
             std::constructible_from<T, U>)
  constexpr explicit(!std::convertible_to<U, T>)
      rw_lock(U&& value) noexcept(std::is_nothrow_constructible_v<T, U>)
      : value_(std::forward<U>(value)) {}

  /// Constructs the data in place, for types that cannot move.
  template <class... Args>
    requires std::constructible_from<T, Args...>
  constexpr explicit rw_lock(std::in_place_t, Args&&... args) noexcept(
      std::is_nothrow_constructible_v<T, Args...>)
      : value_(std::forward<Args>(args)...) {}

  rw_lock(const rw_lock&) = delete;
  rw_lock& operator=(const rw_lock&) = delete;

  /// Waits until it may read. Does not throw.
  [[nodiscard]] read_guard<T> read() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND
      FEARLESS_DETAIL_TSA(acquire_shared_capability(this))
          FEARLESS_DETAIL_TSA(no_thread_safety_analysis) {
    raw_.read();
    return read_guard<T>(typename read_guard<T>::adopt{}, *this);
  }

  /// Waits until it is alone and may write. Does not throw.
  [[nodiscard]] write_guard<T> write() const noexcept FEARLESS_DETAIL_LIFETIMEBOUND
      FEARLESS_DETAIL_TSA(acquire_capability(this))
          FEARLESS_DETAIL_TSA(no_thread_safety_analysis) {
    raw_.write();
    return write_guard<T>(typename write_guard<T>::adopt{}, *this);
  }

  /// The guard if it can be had without waiting (so not while a writer waits), else nothing.
  [[nodiscard]] std::optional<read_guard<T>> try_read() const noexcept
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return reader_if(raw_.try_read());
  }

  [[nodiscard]] std::optional<write_guard<T>> try_write() const noexcept
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return writer_if(raw_.try_write());
  }

  /// The guard if it could be had in time, else nothing. A lock that is free is
  /// taken whatever the time-out; duration::max() waits for ever.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<read_guard<T>>
  try_read_for(const std::chrono::duration<Rep, Period>& timeout) const
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return reader_if(raw_.try_read() || raw_.read_until(detail::deadline_after(timeout)));
  }

  template <class Clock, class Duration>
  [[nodiscard]] std::optional<read_guard<T>>
  try_read_until(const std::chrono::time_point<Clock, Duration>& when) const
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return reader_if(raw_.try_read() || raw_.read_until(detail::deadline_at(when)));
  }

  template <class Rep, class Period>
  [[nodiscard]] std::optional<write_guard<T>>
  try_write_for(const std::chrono::duration<Rep, Period>& timeout) const
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return writer_if(raw_.try_write() || raw_.write_until(detail::deadline_after(timeout)));
  }

  template <class Clock, class Duration>
  [[nodiscard]] std::optional<write_guard<T>>
  try_write_until(const std::chrono::time_point<Clock, Duration>& when) const
      FEARLESS_DETAIL_LIFETIMEBOUND {
    return writer_if(raw_.try_write() || raw_.write_until(detail::deadline_at(when)));
  }

  /// Moves the data out, at the end of the lock's life; takes the write lock for it.
  [[nodiscard]] T into_inner() && noexcept(std::is_nothrow_move_constructible_v<T>)
    requires std::move_constructible<T>
  {
    write_guard<T> guard = write();
    return std::move(*guard);
  }

  /// The data without locking, for a lock that no other thread can see; see mutex::get_mut().
  [[nodiscard]] T& get_mut() && noexcept FEARLESS_DETAIL_LIFETIMEBOUND { return value_; }

private:
  friend class read_guard<T>;
  friend class write_guard<T>;

  [[nodiscard]] std::optional<read_guard<T>> reader_if(bool locked) const noexcept
      FEARLESS_DETAIL_TSA(no_thread_safety_analysis) {
    if (!locked)
      return std::nullopt;
    return std::optional<read_guard<T>>(std::in_place, typename read_guard<T>::adopt{}, *this);
  }

  [[nodiscard]] std::optional<write_guard<T>> writer_if(bool locked) const noexcept
      FEARLESS_DETAIL_TSA(no_thread_safety_analysis) {
    if (!locked)
      return std::nullopt;
    return std::optional<write_guard<T>>(std::in_place, typename write_guard<T>::adopt{}, *this);
  }

  mutable detail::raw_rw_lock raw_;
  mutable T value_;
};

template <class T>
rw_lock(T) -> rw_lock<T>;

} // namespace fearless

#endif // FEARLESS_MUTEX_H
