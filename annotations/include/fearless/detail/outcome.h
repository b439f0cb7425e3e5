// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a thread leaves behind: a value, nothing (void), a reference, or an
// exception. Written by the thread, read once by whoever joins it. An exception
// that nobody takes is reported on stderr, as Rust reports a panic, instead of
// vanishing.

#ifndef FEARLESS_DETAIL_OUTCOME_H
#define FEARLESS_DETAIL_OUTCOME_H

#include "fearless/detail/config.h"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#if FEARLESS_DETAIL_EXCEPTIONS && defined(__GLIBCXX__)
#include <cxxabi.h>
#endif

namespace fearless::detail {

/// The result type of a thread whose function returns R: cv and && are dropped,
/// because a && would refer into the closure, which the thread destroys.
template <class R>
using result_type =
    std::conditional_t<std::is_lvalue_reference_v<R>, R, std::remove_cvref_t<R>>;

/// The type to ask Send of: R itself, but there is no value of type void.
template <class R>
using sent_result = std::conditional_t<std::is_void_v<R>, bool, R>;

/// Throws std::system_error, or panics where exceptions are off.
[[noreturn]] inline void fail(int error, const char* what) {
#if FEARLESS_DETAIL_EXCEPTIONS
  throw std::system_error(error, std::generic_category(), what);
#else
  std::fprintf(stderr, "fearless: %s\n", std::generic_category().message(error).c_str());
  panic(what);
#endif
}

#if FEARLESS_DETAIL_EXCEPTIONS
/// One line on stderr about an exception that has no receiver any more.
inline void report_lost_exception(const std::exception_ptr& lost, const std::string& thread) noexcept {
  const char* const name = thread.empty() ? "(unnamed)" : thread.c_str();
  constexpr const char* format =
      "fearless: thread '%s' ended by an exception that nobody received: %s\n";
  try {
    std::rethrow_exception(lost);
  } catch (const std::exception& e) {
    std::fprintf(stderr, format, name, e.what());
  } catch (...) {
    std::fprintf(stderr, format, name, "not a std::exception");
  }
}
#endif

template <class R>
class outcome {
public:
  outcome() noexcept {}
  outcome(const outcome&) = delete;
  outcome& operator=(const outcome&) = delete;
  ~outcome() {
    if (has_value_)
      std::destroy_at(std::addressof(value_));
  }

  /// Runs `call` and keeps what comes out.
  template <class Call>
  void fill(Call&& call) {
#if FEARLESS_DETAIL_EXCEPTIONS
    try {
      store(call);
#if defined(__GLIBCXX__)
    } catch (const abi::__forced_unwind&) {
      throw; // pthread_exit or a cancellation: swallowing it ends the process
#endif
    } catch (...) {
      exception_ = std::current_exception();
    }
#else
    store(call);
#endif
  }

  /// The value, or the exception is thrown. Once. Fails with ECANCELED if the
  /// thread left neither, because it ended by pthread_exit.
  R take() {
#if FEARLESS_DETAIL_EXCEPTIONS
    if (exception_)
      std::rethrow_exception(std::exchange(exception_, nullptr));
#endif
    if (!has_value_)
      fail(ECANCELED, "join: the thread ended without a result");
    if constexpr (std::is_lvalue_reference_v<R>)
      return *value_;
    else if constexpr (!std::is_void_v<R>)
      return std::move(value_);
  }

#if FEARLESS_DETAIL_EXCEPTIONS
  [[nodiscard]] bool has_exception() const noexcept { return exception_ != nullptr; }
  [[nodiscard]] std::exception_ptr take_exception() noexcept {
    return std::exchange(exception_, nullptr);
  }
#endif

private:
  struct nothing {};
  using stored =
      std::conditional_t<std::is_void_v<R>, nothing,
                         std::conditional_t<std::is_lvalue_reference_v<R>,
                                            std::remove_reference_t<R>*, R>>;

  template <class Call>
  void store(Call& call) {
    if constexpr (std::is_void_v<R>) {
      call();
      ::new (static_cast<void*>(std::addressof(value_))) stored{};
    } else if constexpr (std::is_lvalue_reference_v<R>) {
      ::new (static_cast<void*>(std::addressof(value_))) stored(std::addressof(call()));
    } else {
      ::new (static_cast<void*>(std::addressof(value_))) stored(call());
    }
    has_value_ = true;
  }

  union {
    stored value_;
  };
  bool has_value_ = false;
#if FEARLESS_DETAIL_EXCEPTIONS
  std::exception_ptr exception_;
#endif
};

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_OUTCOME_H
