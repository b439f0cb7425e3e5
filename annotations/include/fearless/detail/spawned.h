// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The record of a thread that we start: closure and result beside the common
// part (thread_state), and for a scoped thread its place in the scope. Also the
// scope's own book-keeping: which children run, and which have to be joined.

#ifndef FEARLESS_DETAIL_SPAWNED_H
#define FEARLESS_DETAIL_SPAWNED_H

#include "fearless/detail/config.h"
#include "fearless/detail/native_thread.h"
#include "fearless/detail/outcome.h"
#include "fearless/detail/raw_mutex.h"
#include "fearless/detail/thread_state.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace fearless::detail {

/// What the handle of a thread needs to know: everything but the closure.
template <class R>
struct result_state : thread_state {
  using thread_state::thread_state;
  outcome<R> result;

protected:
  ~result_state() {
#if FEARLESS_DETAIL_EXCEPTIONS
    if (const std::exception_ptr lost = result.take_exception())
      report_lost_exception(lost, name);
#endif
  }
};

class scope_state;

/// A child of a scope. What follows `native` is guarded by the scope's lock.
struct scope_child {
  std::atomic<scope_state*> scope{nullptr}; // null again when the scope is over
  thread_state* state = nullptr;
#if FEARLESS_DETAIL_EXCEPTIONS
  std::exception_ptr (*take_exception)(thread_state*) noexcept = nullptr;
#endif
  native_thread native{};
  std::uint64_t number = 0;    // in the order of spawning
  scope_child* next = nullptr; // in the list `list` of the scope
  scope_child* previous = nullptr;
  enum { starting, running, ended } phase = starting;
  enum { nowhere, among_running, among_ended, among_joined } list = nowhere;
  bool has_handle = true; // a scoped_join_handle exists
  bool claimed = false;   // and is in join()
};

/// The children of one scope(). A child enters a list when it was started and
/// leaves it when somebody undertakes to join it: its handle, the next spawn (for
/// an ended one without a handle, so that a long scope does not gather the stacks
/// of ended threads), or the end of the scope.
class scope_state {
public:
  scope_state() noexcept = default;
  scope_state(const scope_state&) = delete;
  scope_state& operator=(const scope_state&) = delete;
  ~scope_state() { join_all(); }

  /// The child may be started: it counts from now on.
  void expect(scope_child& child) noexcept {
    unjoined_.fetch_add(1, std::memory_order_relaxed);
    const raw_lock_guard lock(mutex_);
    child.number = next_number_++;
  }
  /// It could not be started after all.
  void give_up() noexcept { child_joined(); }

  /// It was started: a reference of its state was counted for the lists.
  void started(scope_child& child) noexcept {
    scope_child* done = nullptr;
    {
      const raw_lock_guard lock(mutex_);
      if (child.phase == scope_child::ended) {
        push(ended_, child, scope_child::among_ended);
      } else {
        child.phase = scope_child::running;
        push(running_, child, scope_child::among_running);
      }
      // One in, up to one out, so that ended threads do not pile up.
      for (scope_child* c = ended_; c != nullptr; c = c->next) {
        if (c != &child && !c->has_handle) {
          remove(*c);
          done = c;
          break;
        }
      }
    }
    if (done != nullptr)
      join(*done);
  }

  /// Called by the child as the last thing that it does with the scope.
  void ended(scope_child& child) noexcept {
    const raw_lock_guard lock(mutex_);
    if (child.list == scope_child::among_running) {
      remove(child);
      push(ended_, child, scope_child::among_ended);
    }
    child.phase = scope_child::ended;
  }

  /// The handle of the child joins it. The caller still has its own reference.
  void join_by_handle(scope_child& child) noexcept {
    bool ours = false;
    {
      const raw_lock_guard lock(mutex_);
      child.claimed = true;
      if (child.list == scope_child::among_running || child.list == scope_child::among_ended) {
        remove(child);
        ours = true;
      }
    }
    if (ours)
      join(child);
    else // somebody else is joining it just now; the result may be there earlier
      child.state->wait_finished();
  }

  void handle_dropped(scope_child& child) noexcept {
    const raw_lock_guard lock(mutex_);
    child.has_handle = false;
  }

  /// Returns when no child runs any more. Children may be added meanwhile: by
  /// children, and by the destructors of results that nobody has taken.
  void join_all() noexcept {
    for (;;) {
      scope_child* child = nullptr;
      {
        const raw_lock_guard lock(mutex_);
        child = ended_ != nullptr ? ended_ : running_;
        if (child != nullptr)
          remove(*child);
      }
      if (child != nullptr) {
        join(*child);
        continue;
      }
      // What is in no list is being joined through a handle, on another thread.
      if (const std::uint32_t left = unjoined_.load(std::memory_order_acquire); left != 0) {
        futex_wait(unjoined_, left);
        continue;
      }
      // No other thread is left; so nobody can ask through a handle any more.
      child = joined_;
      if (child == nullptr)
        return;
      remove(*child);
      close(*child);
    }
  }

#if FEARLESS_DETAIL_EXCEPTIONS
  /// The exception of the child that was spawned first among those that ended by
  /// one which no handle received. After join_all().
  [[nodiscard]] std::exception_ptr take_exception() noexcept {
    return std::exchange(exception_, nullptr);
  }
#endif

private:
  class raw_lock_guard {
  public:
    explicit raw_lock_guard(raw_mutex& mutex) noexcept : mutex_(mutex) { mutex_.lock(); }
    raw_lock_guard(const raw_lock_guard&) = delete;
    raw_lock_guard& operator=(const raw_lock_guard&) = delete;
    ~raw_lock_guard() { mutex_.unlock(); }

  private:
    raw_mutex& mutex_;
  };

  void push(scope_child*& head, scope_child& child, decltype(scope_child::list) name) noexcept {
    child.list = name;
    child.previous = nullptr;
    child.next = head;
    if (head != nullptr)
      head->previous = &child;
    head = &child;
  }
  void remove(scope_child& child) noexcept {
    scope_child*& head = child.list == scope_child::among_running ? running_
                         : child.list == scope_child::among_ended ? ended_
                                                                  : joined_;
    (child.previous != nullptr ? child.previous->next : head) = child.next;
    if (child.next != nullptr)
      child.next->previous = child.previous;
    child.list = scope_child::nowhere;
  }

  /// Joins a child that was taken out of its list. The last that is done with the
  /// scope here is child_joined().
  void join(scope_child& child) noexcept {
    child.native.join();
    bool wanted = false;
    {
      const raw_lock_guard lock(mutex_);
      // Its exception belongs to the handle, if that asks before the end.
      wanted = child.has_handle && !child.claimed;
      if (wanted)
        push(joined_, child, scope_child::among_joined);
    }
    if (!wanted)
      close(child);
    child_joined();
  }

  /// Nothing more comes of this child: keeps its exception, unless a handle has
  /// it, and releases the reference of the lists.
  void close(scope_child& child) noexcept {
    thread_state* const state = child.state;
#if FEARLESS_DETAIL_EXCEPTIONS
    if (std::exception_ptr thrown = child.claimed ? nullptr : child.take_exception(state)) {
      {
        const raw_lock_guard lock(mutex_);
        if (!exception_ || child.number < exception_number_) {
          std::swap(exception_, thrown);
          exception_number_ = child.number;
        }
      }
      if (thrown)
        report_lost_exception(thrown, state->name);
    }
#endif
    child.scope.store(nullptr, std::memory_order_release);
    state->drop_reference();
  }

  void child_joined() noexcept {
    if (unjoined_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      futex_wake_all(unjoined_); // by address: the scope may be gone
  }

  raw_mutex mutex_;
  scope_child* running_ = nullptr;
  scope_child* ended_ = nullptr;
  scope_child* joined_ = nullptr;
  std::uint64_t next_number_ = 0;
  futex_word unjoined_{0};
#if FEARLESS_DETAIL_EXCEPTIONS
  std::exception_ptr exception_;
  std::uint64_t exception_number_ = 0;
#endif
};

/// The handle's view of a scoped thread.
template <class R>
struct scoped_state : result_state<R> {
  using result_state<R>::result_state;
  scope_child child;

protected:
  ~scoped_state() = default;
};

/// The whole record: `Base` is result_state<R> or scoped_state<R>, `F` and `Args`
/// are decayed copies.
template <class Base, class R, class F, class... Args>
struct spawned_state final : Base {
  template <class G, class... As>
  spawned_state(std::string own_name, G&& f, As&&... args)
      : Base(
            [](thread_state* self) noexcept { delete static_cast<spawned_state*>(self); },
            thread_id::from_value(next_thread_id.fetch_add(1, std::memory_order_relaxed)),
            std::move(own_name)),
        call(std::forward<G>(f), std::forward<As>(args)...) {}
  // The thread destroys `call`, or whoever failed to start it.
  ~spawned_state() {} // NOLINT(modernize-use-equals-default): of a union

  /// The thread's whole life. Not noexcept: pthread_exit unwinds through it.
  static void entry(void* raw) {
    auto* const self = static_cast<spawned_state*>(static_cast<thread_state*>(raw));
    this_thread_id = self->id.value();
    current_owner::set(self); // the thread's reference, dropped when it ends
    if (!self->name.empty())
      set_native_name(self->name);
    const finisher finish{*self};
    self->result.fill([self]() -> decltype(auto) {
      return std::apply(
          [](F& f, Args&... args) -> decltype(auto) {
            return std::invoke(std::move(f), std::move(args)...);
          },
          self->call);
    });
  }

  union {
    std::tuple<F, Args...> call;
  };

private:
  struct finisher {
    spawned_state& self;
    ~finisher() {
      // Before the result is announced: who waits for it may rely on the closure
      // being gone.
      std::destroy_at(std::addressof(self.call));
      // The second to last access to the record; the reference that the scope or
      // the handle has to join with keeps it alive, and else our own.
      self.finished.store(1, std::memory_order_release);
      futex_wake_all(self.finished);
      if constexpr (requires { self.child; })
        self.child.scope.load(std::memory_order_relaxed)->ended(self.child);
    }
  };
};

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_SPAWNED_H
