// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads: spawn() and join_handle, thread_builder for a name and a stack size,
// scope() for threads that may borrow from their surroundings, and what concerns
// the calling thread (current, sleep, yield, park). Includes span.h, for parts
// that scoped threads work on.
//
// Errors: where "throws std::system_error" is written and exceptions are off, the
// program ends with a message; the try_ forms return the error instead.

#ifndef FEARLESS_THREAD_H
#define FEARLESS_THREAD_H

#include "fearless/annotations.h"
#include "fearless/detail/backoff.h"
#include "fearless/detail/config.h"
#include "fearless/detail/deadline.h"
#include "fearless/detail/native_thread.h"
#include "fearless/detail/outcome.h"
#include "fearless/detail/spawned.h"
#include "fearless/detail/thread_state.h"
#include "fearless/span.h"

#include <cassert>
#include <cerrno>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace fearless {

namespace detail {

template <class F, class... Args>
concept spawnable =
    std::invocable<std::decay_t<F>, std::decay_t<Args>...> &&
    std::constructible_from<std::decay_t<F>, F> &&
    (std::constructible_from<std::decay_t<Args>, Args> && ...);

template <class F, class... Args>
using spawn_result_type = result_type<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>>;

struct spawn_access;

} // namespace detail

/// The right to join a thread, and to receive what it returns. Move-only.
///
/// The destructor joins, so a thread never outlives its handle unless detach()
/// says so; a result or an exception that nobody asked for is dropped then, the
/// exception with a line on stderr. If the destructor runs on the thread itself,
/// it detaches: no thread can wait for its own end.
///
/// One handle is used by one thread at a time; its const operations by any number.
template <class R>
class [[nodiscard("the destructor joins: without a name for the handle the thread is waited for here")]]
FEARLESS_UNSAFE_SEND_IF("the result is taken by whoever joins, the rest is atomic or constant", fearless::send<detail::sent_result<R>>)
FEARLESS_UNSAFE_SYNC_CONST_IF("const operations read atomic or constant fields", fearless::send<detail::sent_result<R>>) join_handle {
public:
  using result_type = R;
  using native_handle_type = detail::native_thread::handle_type;

  join_handle(join_handle&& other) noexcept = default;
  join_handle& operator=(join_handle&& other) noexcept {
    if (this != &other) {
      finish();
      state_ = std::move(other.state_);
      native_ = std::move(other.native_);
    }
    return *this;
  }
  ~join_handle() { finish(); }

  /// Waits for the end of the thread, the destructors of its thread_locals
  /// included, and returns its result or throws its exception. Once: the handle
  /// is empty afterwards. What the thread did happens before the return.
  /// Throws std::system_error: invalid_argument if the handle is empty,
  /// resource_deadlock_would_occur on the thread itself, operation_canceled if
  /// the thread ended by pthread_exit and left no result.
  R join() {
    if (!state_)
      detail::fail(EINVAL, "join_handle::join: the handle is empty");
    if (state_->id == detail::current_thread_id())
      detail::fail(EDEADLK, "join_handle::join: on the thread itself");
    const detail::state_ref<detail::result_state<R>> state = std::move(state_);
    native_.join();
    return state->result.take();
  }

  /// Lets the thread run on without the handle, which is empty afterwards.
  /// Throws std::system_error (invalid_argument) if it is empty already.
  void detach() {
    if (!state_)
      detail::fail(EINVAL, "join_handle::detach: the handle is empty");
    native_.detach();
    state_ = {};
  }

  /// True until join(), detach() or a move takes the thread away.
  [[nodiscard]] bool joinable() const noexcept { return static_cast<bool>(state_); }

  /// Whether the function has ended, so that join() will not wait for long.
  /// Precondition of this and of the following: joinable().
  [[nodiscard]] bool is_finished() const noexcept {
    return state_->finished.load(std::memory_order_acquire) != 0;
  }
  [[nodiscard]] thread_id id() const noexcept { return state_->id; }
  /// A handle that can unpark, and outlive this one.
  [[nodiscard]] fearless::thread thread() const noexcept {
    state_->add_reference();
    return fearless::thread(detail::state_ref<detail::thread_state>(state_.get()));
  }
  /// The pthread_t, for what the system offers beyond this header. Do not join
  /// or detach through it.
  [[nodiscard]] native_handle_type native_handle() const noexcept { return native_.handle(); }

private:
  friend struct detail::spawn_access;

  join_handle(detail::result_state<R>* counted, detail::native_thread native) noexcept
      : state_(counted), native_(std::move(native)) {}

  void finish() noexcept {
    if (!state_)
      return;
    if (state_->id == detail::current_thread_id())
      native_.detach();
    else
      native_.join();
    state_ = {};
  }

  detail::state_ref<detail::result_state<R>> state_;
  detail::native_thread native_;
};

class scope_handle;

/// The handle of a thread in a scope. Move-only. Its destructor does nothing: the
/// scope joins. So it need not be kept, unless one wants the result.
template <class R>
class FEARLESS_UNSAFE_SEND_IF("the result is taken by whoever joins, the rest is atomic or constant", fearless::send<detail::sent_result<R>>)
FEARLESS_UNSAFE_SYNC_CONST_IF("const operations read atomic or constant fields", fearless::send<detail::sent_result<R>>)
scoped_join_handle {
public:
  using result_type = R;
  using native_handle_type = detail::native_thread::handle_type;

  scoped_join_handle(scoped_join_handle&&) noexcept = default;
  scoped_join_handle& operator=(scoped_join_handle&& other) noexcept {
    if (this != &other) {
      drop();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~scoped_join_handle() { drop(); }

  /// As join_handle::join(). An exception that comes out here is not thrown by
  /// the scope again.
  R join() {
    if (!state_)
      detail::fail(EINVAL, "scoped_join_handle::join: the handle is empty");
    if (state_->id == detail::current_thread_id())
      detail::fail(EDEADLK, "scoped_join_handle::join: on the thread itself");
    const detail::state_ref<detail::scoped_state<R>> state = std::move(state_);
    if (auto* const scope = state->child.scope.load(std::memory_order_acquire))
      scope->join_by_handle(state->child);
    return state->result.take();
  }

  [[nodiscard]] bool joinable() const noexcept { return static_cast<bool>(state_); }
  /// Precondition of this and of the following: joinable().
  [[nodiscard]] bool is_finished() const noexcept {
    return state_->finished.load(std::memory_order_acquire) != 0;
  }
  [[nodiscard]] thread_id id() const noexcept { return state_->id; }
  [[nodiscard]] fearless::thread thread() const noexcept {
    state_->add_reference();
    return fearless::thread(detail::state_ref<detail::thread_state>(state_.get()));
  }
  [[nodiscard]] native_handle_type native_handle() const noexcept {
    return state_->child.native.handle();
  }

private:
  friend struct detail::spawn_access;

  explicit scoped_join_handle(detail::scoped_state<R>* counted) noexcept : state_(counted) {}

  void drop() noexcept {
    if (!state_)
      return;
    if (auto* const scope = state_->child.scope.load(std::memory_order_acquire))
      scope->handle_dropped(state_->child);
    state_ = {};
  }

  detail::state_ref<detail::scoped_state<R>> state_;
};

/// A handle, or the reason why there is no thread: what the try_ forms of spawn
/// return. Tests as true when the thread runs.
template <class Handle>
class [[nodiscard]] spawn_result {
public:
  spawn_result(Handle handle) noexcept : handle_(std::move(handle)) {} // NOLINT(google-explicit-constructor)
  spawn_result(std::error_code error) noexcept : error_(error) {} // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const noexcept { return handle_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  /// The handle, once. Precondition: has_value().
  [[nodiscard]] Handle take() {
    assert(handle_.has_value() && "the thread could not be started");
    return std::move(*handle_);
  }
  [[nodiscard]] Handle& operator*() noexcept FEARLESS_DETAIL_LIFETIMEBOUND {
    assert(handle_.has_value() && "the thread could not be started");
    return *handle_;
  }
  [[nodiscard]] Handle* operator->() noexcept FEARLESS_DETAIL_LIFETIMEBOUND { return &**this; }

  /// resource_unavailable_try_again: the limit of threads or of memory for stacks;
  /// invalid_argument: name or stack size; not_enough_memory. Empty if has_value().
  [[nodiscard]] std::error_code error() const noexcept { return error_; }

private:
  std::optional<Handle> handle_;
  std::error_code error_;
};

namespace detail {

/// What thread_builder collects.
struct spawn_options {
  std::string name{};
  std::size_t stack_size = 0; // 0: the system's default
};

/// The one place where threads are started.
struct spawn_access {
  static std::error_code error_of(int number) noexcept {
    return {number, std::generic_category()};
  }
  static bool bad_name(const std::string& name) noexcept {
    return name.find('\0') != std::string::npos;
  }

  template <class F, class... Args>
  static auto start(spawn_options options, F&& f, Args&&... args)
      -> spawn_result<join_handle<spawn_result_type<F, Args...>>> {
    using R = spawn_result_type<F, Args...>;
    using state_type =
        spawned_state<result_state<R>, R, std::decay_t<F>, std::decay_t<Args>...>;
    if (bad_name(options.name))
      return error_of(EINVAL);
    auto* const state = new (std::nothrow) state_type(
        std::move(options.name), std::forward<F>(f), std::forward<Args>(args)...);
    if (state == nullptr)
      return error_of(ENOMEM);
    state->add_reference(); // one for the thread, one for the handle
    native_thread native;
    if (const int error = native.template start<&state_type::entry>(
            static_cast<thread_state*>(state), options.stack_size);
        error != 0) {
      destroy_unstarted(state);
      return error_of(error);
    }
    return join_handle<R>(state, std::move(native));
  }

  template <class F, class... Args>
  static auto start_scoped(scope_state& scope, spawn_options options, F&& f, Args&&... args)
      -> spawn_result<scoped_join_handle<spawn_result_type<F, Args...>>> {
    using R = spawn_result_type<F, Args...>;
    using state_type =
        spawned_state<scoped_state<R>, R, std::decay_t<F>, std::decay_t<Args>...>;
    if (bad_name(options.name))
      return error_of(EINVAL);
    auto* const state = new (std::nothrow) state_type(
        std::move(options.name), std::forward<F>(f), std::forward<Args>(args)...);
    if (state == nullptr)
      return error_of(ENOMEM);
    state->add_reference(); // one for the thread, one for the handle,
    state->add_reference(); // one for the scope's lists
    state->child.scope.store(&scope, std::memory_order_relaxed);
    state->child.state = state;
#if FEARLESS_DETAIL_EXCEPTIONS
    state->child.take_exception = [](thread_state* thrower) noexcept {
      return static_cast<result_state<R>*>(thrower)->result.take_exception();
    };
#endif
    scope.expect(state->child);
    if (const int error = state->child.native.template start<&state_type::entry>(
            static_cast<thread_state*>(state), options.stack_size);
        error != 0) {
      scope.give_up();
      destroy_unstarted(state);
      return error_of(error);
    }
    scope.started(state->child);
    return scoped_join_handle<R>(state);
  }

  template <class Handle>
  static Handle handle_of(scope_state& scope) noexcept {
    return Handle(scope);
  }

  template <class State>
  static void destroy_unstarted(State* state) noexcept {
    std::destroy_at(std::addressof(state->call));
    delete state;
  }
};

/// The handle, or the exception that the throwing forms promise.
template <class Handle>
Handle handle_or_fail(spawn_result<Handle>&& result) {
  if (!result) {
#if FEARLESS_DETAIL_EXCEPTIONS
    if (result.error() == std::errc::not_enough_memory)
      throw std::bad_alloc();
#endif
    fail(result.error().value(), "fearless: a thread could not be started");
  }
  return result.take();
}

} // namespace detail

/// Runs `f(args...)` on a new thread, with copies (or moved values) of `f` and
/// `args` that the new thread owns and destroys, before the result is announced.
/// They and the result must be Send, and must not refer to what may die earlier:
/// to borrow, use scope().
/// Throws std::system_error if there can be no thread (try_spawn() returns the
/// error instead), std::bad_alloc, and what copying `f` and `args` throws.
template <class F, class... Args>
  requires detail::spawnable<F, Args...>
[[nodiscard]] auto spawn(FEARLESS_SPAWNS F&& f, FEARLESS_SPAWNS Args&&... args) {
  return detail::handle_or_fail(
      detail::spawn_access::start({}, std::forward<F>(f), std::forward<Args>(args)...));
}

/// As spawn(), but failure to start the thread comes back as a value; `f` and
/// `args` are destroyed then. Throws only what copying them throws.
template <class F, class... Args>
  requires detail::spawnable<F, Args...>
[[nodiscard]] auto try_spawn(FEARLESS_SPAWNS F&& f, FEARLESS_SPAWNS Args&&... args) {
  return detail::spawn_access::start({}, std::forward<F>(f), std::forward<Args>(args)...);
}

/// Where the threads of a scope() are spawned. Shared freely among them: a scoped
/// thread may spawn others. Lives only inside scope().
class FEARLESS_UNSAFE_SYNC("spawn() changes the list of children under its lock only") scope_handle {
public:
  scope_handle(const scope_handle&) = delete;
  scope_handle& operator=(const scope_handle&) = delete;

  /// Runs `f(args...)` on a new thread that ends before scope() returns, so that
  /// `f` may refer to what lives outside of the scope. Otherwise as fearless::spawn().
  template <class F, class... Args>
    requires detail::spawnable<F, Args...>
  auto spawn(FEARLESS_SPAWNS_SCOPED F&& f, FEARLESS_SPAWNS_SCOPED Args&&... args) const {
    return detail::handle_or_fail(detail::spawn_access::start_scoped(
        state_, {}, std::forward<F>(f), std::forward<Args>(args)...));
  }

  /// As fearless::try_spawn().
  template <class F, class... Args>
    requires detail::spawnable<F, Args...>
  auto try_spawn(FEARLESS_SPAWNS_SCOPED F&& f, FEARLESS_SPAWNS_SCOPED Args&&... args) const {
    return detail::spawn_access::start_scoped(state_, {}, std::forward<F>(f),
                                              std::forward<Args>(args)...);
  }

private:
  friend class thread_builder;
  friend struct detail::spawn_access;

  explicit scope_handle(detail::scope_state& state) noexcept : state_(state) {}

  detail::scope_state& state_;
};

/// Name and stack size for the threads to be spawned. May be used many times; the
/// name then is that of each of them.
///
///     fearless::thread_builder().name("worker").stack_size(1 << 20).spawn(f);
class thread_builder {
public:
  /// The name of the thread: in current().name(), and cut to 15 bytes in the
  /// system (top, gdb, /proc). Without null characters: spawning fails with
  /// invalid_argument otherwise.
  thread_builder& name(std::string name) & {
    options_.name = std::move(name);
    return *this;
  }
  thread_builder&& name(std::string name) && { return std::move(this->name(std::move(name))); }

  /// Bytes of stack, rounded up to whole pages and to the system's minimum; 0 is
  /// the system's default. Where the system has no such setting, spawning fails
  /// with not_supported.
  thread_builder& stack_size(std::size_t bytes) & noexcept {
    options_.stack_size = bytes;
    return *this;
  }
  thread_builder&& stack_size(std::size_t bytes) && noexcept {
    return std::move(this->stack_size(bytes));
  }

  /// As fearless::spawn(), try_spawn(), scope_handle::spawn() and try_spawn().
  template <class F, class... Args>
    requires detail::spawnable<F, Args...>
  [[nodiscard]] auto spawn(FEARLESS_SPAWNS F&& f, FEARLESS_SPAWNS Args&&... args) const {
    return detail::handle_or_fail(
        detail::spawn_access::start(options_, std::forward<F>(f), std::forward<Args>(args)...));
  }
  template <class F, class... Args>
    requires detail::spawnable<F, Args...>
  [[nodiscard]] auto try_spawn(FEARLESS_SPAWNS F&& f, FEARLESS_SPAWNS Args&&... args) const {
    return detail::spawn_access::start(options_, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
    requires detail::spawnable<F, Args...>
  auto spawn_scoped(const scope_handle& scope, FEARLESS_SPAWNS_SCOPED F&& f,
                    FEARLESS_SPAWNS_SCOPED Args&&... args) const {
    return detail::handle_or_fail(detail::spawn_access::start_scoped(
        scope.state_, options_, std::forward<F>(f), std::forward<Args>(args)...));
  }
  template <class F, class... Args>
    requires detail::spawnable<F, Args...>
  auto try_spawn_scoped(const scope_handle& scope, FEARLESS_SPAWNS_SCOPED F&& f,
                        FEARLESS_SPAWNS_SCOPED Args&&... args) const {
    return detail::spawn_access::start_scoped(scope.state_, options_, std::forward<F>(f),
                                              std::forward<Args>(args)...);
  }

private:
  detail::spawn_options options_;
};

/// Calls `f(scope_handle&)` on this thread, waits for all threads that were
/// spawned through the handle, by `f` or by one of them, and returns what `f`
/// returned. What the threads did happens before the return.
///
/// Exceptions, thrown when all threads have ended: that of `f`, if there is one;
/// else, of the threads whose exception no scoped_join_handle received, that of
/// the one spawned first. The others are reported on stderr.
///
///     fearless::scope([&](fearless::scope_handle& s) {
///       for (auto part : fearless::chunks_of(data, 1000))
///         s.spawn([part = std::move(part)] { work_on(part); });
///     });
template <class F>
  requires std::invocable<F, scope_handle&>
auto scope(F&& f) -> detail::result_type<std::invoke_result_t<F, scope_handle&>> {
  using R = detail::result_type<std::invoke_result_t<F, scope_handle&>>;
  detail::scope_state state; // joins in its destructor too
  scope_handle handle = detail::spawn_access::handle_of<scope_handle>(state);
  detail::outcome<R> result;
  result.fill([&]() -> decltype(auto) { return std::invoke(std::forward<F>(f), handle); });
  state.join_all();
#if FEARLESS_DETAIL_EXCEPTIONS
  if (const std::exception_ptr of_child = state.take_exception()) {
    if (!result.has_exception())
      std::rethrow_exception(of_child);
    detail::report_lost_exception(of_child, "of a scope");
  }
#endif
  return result.take();
}

/// The calling thread. May allocate its record at the first call on a thread that
/// was not spawned by this library.
[[nodiscard]] inline thread current() { return thread(detail::current_state()); }

/// The identity of the calling thread: current().id(), faster.
[[nodiscard]] inline thread_id current_id() noexcept { return detail::current_thread_id(); }

/// Sleeps at least as long. Negative: not at all; duration::max(): for ever.
template <class Rep, class Period>
void sleep_for(const std::chrono::duration<Rep, Period>& time) {
  std::this_thread::sleep_until(detail::deadline_after(time));
}

/// Sleeps until a point of time.
template <class Clock, class Duration>
void sleep_until(const std::chrono::time_point<Clock, Duration>& when) {
  std::this_thread::sleep_until(when);
}

/// Lets other ready threads run first.
inline void yield() noexcept { detail::cpu_yield(); }

/// How many threads can run at once: the CPUs that the calling thread may use
/// (its affinity mask), not those of the machine. At least 1.
[[nodiscard]] inline unsigned hardware_concurrency() noexcept { return detail::usable_cpus(); }

/// Waits until some thread calls unpark() of this one, or returns at once if that
/// has happened since the last park(): a token of which there is at most one. May
/// return for no reason, so loop on the condition that the other side sets.
inline void park() { static_cast<void>(detail::current_state()->park(detail::no_deadline)); }

/// The same for a limited time. True if it was unparked.
template <class Rep, class Period>
bool park_for(const std::chrono::duration<Rep, Period>& timeout) {
  return detail::current_state()->park(detail::deadline_after(timeout));
}
template <class Clock, class Duration>
bool park_until(const std::chrono::time_point<Clock, Duration>& when) {
  return detail::current_state()->park(detail::deadline_at(when));
}

} // namespace fearless

#endif // FEARLESS_THREAD_H
