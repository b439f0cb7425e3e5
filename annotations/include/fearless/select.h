// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waiting on several channel operations at once and performing exactly one of them:
// select() with a handler per branch, and selector for a set of operations that is known
// at run time only. Semantics after crossbeam-channel's select! and Select.

#ifndef FEARLESS_SELECT_H
#define FEARLESS_SELECT_H

#include "fearless/channel.h"
#include "fearless/detail/channel/operation_list.h"
#include "fearless/detail/channel/selection.h"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace fearless {

namespace detail::chan {

// A branch lives for the full expression of the select() call; it refers to the handle
// and the handler of the caller, unless the handler is a temporary, which it keeps.

template <class T, class Handler>
struct receive_branch {
  static constexpr std::size_t operations = 1;
  const receiver<T>* from;
  Handler handler;
  std::optional<T> message{};

  void prepare(operation& op) noexcept { set_receive<T>(op, access::channel_of(*from), message); }
  void run(const operation&) { std::invoke(std::forward<Handler>(handler), std::move(message)); }
};

/// `Message` is std::optional<T>, or a reference to one that stays with the caller.
template <class T, class Message, class Handler>
struct send_branch {
  static constexpr std::size_t operations = 1;
  const sender<T>* to;
  Message message;
  Handler handler;

  void prepare(operation& op) noexcept { set_send<T>(op, access::channel_of(*to), message); }
  void run(const operation& op) {
    if constexpr (std::is_reference_v<Message>) {
      std::invoke(std::forward<Handler>(handler), op.result == outcome::done);
    } else if (op.result == outcome::done) {
      std::invoke(std::forward<Handler>(handler), access::sent<T>());
    } else {
      std::invoke(std::forward<Handler>(handler),
                  access::not_sent<T>(send_error::closed, to_stored<T>(std::move(*message))));
    }
  }
};

template <class Handler>
struct otherwise_branch {
  static constexpr std::size_t operations = 0;
  Handler handler;
};

template <class Handler>
struct timeout_branch {
  static constexpr std::size_t operations = 0;
  deadline_t deadline;
  Handler handler;
};

template <class B>
inline constexpr bool is_otherwise = false;
template <class H>
inline constexpr bool is_otherwise<otherwise_branch<H>> = true;
template <class B>
inline constexpr bool is_timeout = false;
template <class H>
inline constexpr bool is_timeout<timeout_branch<H>> = true;

template <class B>
concept branch = requires { B::operations; };

/// select() and select_biased(). Returns the position of the branch that ran.
template <class... Branches>
std::size_t select_branches(bool biased, Branches&... branches) {
  constexpr std::size_t operations = (std::size_t{0} + ... + Branches::operations);
  constexpr std::size_t otherwises = (std::size_t{0} + ... + (is_otherwise<Branches> ? 1 : 0));
  constexpr std::size_t timeouts = (std::size_t{0} + ... + (is_timeout<Branches> ? 1 : 0));
  static_assert(sizeof...(Branches) != 0, "select() needs a branch");
  static_assert(otherwises + timeouts <= 1, "one otherwise() or one timeout() at most");

  operation ops[operations + 1]; // one more, because an array has an element
  deadline_t deadline = no_deadline;
  {
    operation* next = ops;
    const auto prepare = [&](auto& b) {
      if constexpr (std::remove_reference_t<decltype(b)>::operations == 1)
        b.prepare(*next++);
      else if constexpr (requires { b.deadline; })
        deadline = b.deadline;
    };
    (prepare(branches), ...);
  }
  selection choice(ops, operations, biased);
  const std::size_t chosen = otherwises != 0 ? choice.try_once() : choice.wait(deadline);

  std::size_t position = 0;
  std::size_t ran = 0;
  std::size_t index = 0;
  const auto run = [&](auto& b) {
    if constexpr (std::remove_reference_t<decltype(b)>::operations == 1) {
      if (index == chosen) {
        ran = position;
        b.run(ops[index]);
      }
      ++index;
    } else if (chosen == selection::none) {
      ran = position;
      std::invoke(std::forward<decltype(b.handler)>(b.handler));
    }
    ++position;
  };
  (run(branches), ...);
  return ran;
}

} // namespace detail::chan

/// A branch of select(): receive from `from`. The handler gets a std::optional<T>, which
/// is empty when the channel is closed and drained; a closed channel is always ready.
template <class T, class Handler>
  requires std::invocable<Handler, std::optional<T>>
[[nodiscard]] auto on_recv(const receiver<T>& from FEARLESS_DETAIL_LIFETIMEBOUND, Handler&& handler) {
  return detail::chan::receive_branch<T, Handler>{&from, std::forward<Handler>(handler)};
}

/// A branch of select(): send `message` to `to`. The handler gets a send_result<T>, which
/// is true, or has the message and send_error::closed. The message is destroyed when
/// another branch is chosen.
template <class T, class Handler>
  requires std::invocable<Handler, send_result<T>>
[[nodiscard]] auto on_send(const sender<T>& to FEARLESS_DETAIL_LIFETIMEBOUND,
                           FEARLESS_SENDING std::type_identity_t<T> message, Handler&& handler) {
  return detail::chan::send_branch<T, std::optional<T>, Handler>{
      &to, std::optional<T>(std::in_place, std::move(message)), std::forward<Handler>(handler)};
}

/// A branch of select(): send what `message` holds, and empty it then. When another branch
/// is chosen, or the channel is closed, the message is still there. The handler gets a
/// bool: whether the message was sent. Without a message the branch is switched off.
template <class T, class Handler>
  requires std::invocable<Handler, bool>
[[nodiscard]] auto on_send_from(const sender<T>& to FEARLESS_DETAIL_LIFETIMEBOUND,
                                FEARLESS_SENDING std::optional<T>& message
                                    FEARLESS_DETAIL_LIFETIMEBOUND,
                                Handler&& handler) {
  return detail::chan::send_branch<T, std::optional<T>&, Handler>{&to, message,
                                                                  std::forward<Handler>(handler)};
}

/// A branch of select(): runs when no other branch is ready. select() does not wait then.
template <std::invocable Handler>
[[nodiscard]] auto otherwise(Handler&& handler) {
  return detail::chan::otherwise_branch<Handler>{std::forward<Handler>(handler)};
}

/// A branch of select(): runs when no other branch was ready within `duration`.
template <class Rep, class Period, std::invocable Handler>
[[nodiscard]] auto timeout(const std::chrono::duration<Rep, Period>& duration, Handler&& handler) {
  return detail::chan::timeout_branch<Handler>{detail::deadline_after(duration),
                                               std::forward<Handler>(handler)};
}

/// The same with a point in time, converted to the steady clock now.
template <class Clock, class Duration, std::invocable Handler>
[[nodiscard]] auto timeout(const std::chrono::time_point<Clock, Duration>& deadline,
                           Handler&& handler) {
  return detail::chan::timeout_branch<Handler>{detail::deadline_at(deadline),
                                               std::forward<Handler>(handler)};
}

/// Performs one of the operations, waiting until one is possible, and calls its handler on
/// this thread, after everything is settled and unlocked: it may use the channels. Among
/// several that are ready each is equally likely. Returns the position of the branch that
/// ran, counted from 0. Linear in the number of branches, plus the wait.
///
/// With otherwise() it does not wait; with timeout() not longer than that. Throws what a
/// handler throws; std::bad_alloc and T's move constructor as in sender and receiver,
/// before anything has happened.
template <detail::chan::branch... Branches>
std::size_t select(Branches&&... branches) {
  return detail::chan::select_branches(/*biased=*/false, branches...);
}

/// The same, but among several operations that are ready the first one is chosen.
template <detail::chan::branch... Branches>
std::size_t select_biased(Branches&&... branches) {
  return detail::chan::select_branches(/*biased=*/true, branches...);
}

/// A select over operations that are added at run time. Can be used again and again:
///
///     fearless::selector s;
///     std::optional<int> number;
///     std::optional<std::string> line = "hello";
///     const auto a = s.add_recv(numbers, number);
///     const auto b = s.add_send(lines, line);
///     const std::size_t chosen = s.select();   // a: `number` has the message, or is empty
///                                              // b: `line` is empty, or the channel closed
///
/// The handles and the messages belong to the caller and must stay where they are until
/// the operation is removed or the selector is gone. For one thread at a time.
class FEARLESS_NOT_SEND("it points to handles and messages of its owner") selector {
public:
  enum class order : bool {
    fair,   ///< among several ready operations each is equally likely
    biased, ///< the one added first is chosen
  };

  selector() noexcept = default;
  explicit selector(order o) noexcept : biased_(o == order::biased) {}
  selector(const selector&) = delete;
  selector& operator=(const selector&) = delete;

  /// Adds receiving from `from`; returns its index: the number of operations added
  /// before. When it is chosen, `into` has the message, or is empty because the channel is
  /// closed and drained (a closed channel is always ready: remove it). Amortised constant
  /// time; throws std::bad_alloc beyond eight operations.
  template <class T>
  std::size_t add_recv(const receiver<T>& from, std::optional<T>& into) {
    detail::chan::set_receive<T>(ops_.add(), detail::chan::access::channel_of(from), into);
    return ops_.size() - 1;
  }

  /// Adds sending what `from` holds at the time of the select; while it is empty, the
  /// operation is switched off. When it is chosen, `from` is empty because the message was
  /// sent, or unchanged because the channel is closed (and always ready: remove it).
  template <class T>
  std::size_t add_send(const sender<T>& to, FEARLESS_SENDING std::optional<T>& from) {
    detail::chan::set_send<T>(ops_.add(), detail::chan::access::channel_of(to), from);
    return ops_.size() - 1;
  }

  /// Takes an operation out; the indices of the others stay. Precondition: an index of
  /// this selector, else the program ends with a message.
  void remove(std::size_t index) {
    if (index >= ops_.size() || ops_[index].target == nullptr)
      detail::panic("selector::remove: there is no such operation");
    ops_[index] = detail::chan::operation{};
  }

  /// Waits until one operation could be performed; its index. Precondition: there is an
  /// operation, else it waits for ever. Exceptions as fearless::select.
  std::size_t select() { return choose().wait(detail::no_deadline); }

  /// The index of an operation that could be performed at once.
  std::optional<std::size_t> try_select() { return found(choose().try_once()); }

  /// Waits for at most `duration`.
  template <class Rep, class Period>
  std::optional<std::size_t> select_for(const std::chrono::duration<Rep, Period>& duration) {
    return found(choose().wait(detail::deadline_after(duration)));
  }

  /// Waits until `deadline`, converted to the steady clock now.
  template <class Clock, class Duration>
  std::optional<std::size_t>
  select_until(const std::chrono::time_point<Clock, Duration>& deadline) {
    return found(choose().wait(detail::deadline_at(deadline)));
  }

private:
  detail::chan::selection choose() {
    return detail::chan::selection(ops_.data(), ops_.size(), biased_);
  }
  static std::optional<std::size_t> found(std::size_t index) noexcept {
    if (index == detail::chan::selection::none)
      return std::nullopt;
    return index;
  }

  detail::chan::operation_list ops_{};
  bool biased_ = false;
};

} // namespace fearless

#endif // FEARLESS_SELECT_H
