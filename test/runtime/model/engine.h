// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small model checker: runs a scenario of a few threads again and again, each time
// with another interleaving, until all have been seen. Threads are fibers of one real
// thread; before every atomic operation the engine decides who goes on. It finds
// deadlocks (lost wake-ups), data races (by the happens-before relation of the memory
// orders), uses of dead objects, endless runs, and whatever the scenario requires.
//
// What it does not see: values are sequentially consistent, so a stale read that only a
// weaker machine shows is not produced; what is found instead is the race on the data
// that a missing acquire or release leaves unprotected.

#ifndef FEARLESS_TEST_RUNTIME_MODEL_ENGINE_H
#define FEARLESS_TEST_RUNTIME_MODEL_ENGINE_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <ucontext.h>
#include <utility>
#include <vector>

namespace model {

inline constexpr std::size_t most_threads = 5; ///< the scenario's own thread included

/// A vector clock: how much of each thread's past has been seen.
struct clock {
  std::array<std::uint32_t, most_threads> ticks{};

  void join(const clock& other) {
    for (std::size_t i = 0; i != most_threads; ++i)
      ticks[i] = std::max(ticks[i], other.ticks[i]);
  }
};

/// Bugs that can be put into the machine, to show that the checker would find the like
/// in the program.
struct mutation {
  bool lost_wake = false;       ///< unpark() does nothing
  bool careless_park = false;   ///< park() does not look at the word
  bool torn_exchange = false;   ///< exchange() is a load and a store
  bool torn_compare = false;    ///< compare_exchange() is a load and a store
  bool weak_release = false;    ///< release orders nothing
  bool weak_acquire = false;    ///< acquire orders nothing
};

struct options {
  /// How often a thread may lose its turn although it could go on; others follow when it
  /// blocks. Unlimited by default.
  unsigned preemptions = ~0U;
  /// Relaxed operations are points of decision too. Without, only those that order or
  /// modify in one step: the rest is either under a lock or a hint.
  bool fine = false;
  /// Interleavings that differ only in the order of steps which do not touch the same
  /// object are run once (sleep sets). For unlimited preemptions and an ideal lock.
  bool reduce = false;
  /// Every random choice of the program is explored, instead of always the first.
  bool explore_random = false;
  std::size_t most_executions = 3'000'000;
  mutation bugs{};
};

struct result {
  std::size_t executions = 0;
  std::size_t repeated = 0; ///< of these, how many turned out to repeat another one
  bool complete = false; ///< every interleaving within the options was run
  std::string failure{}; ///< empty: none
  std::string trace{};   ///< the schedule of the failure: the threads that ran, in order
};

/// The name of an object that is the same in each execution, unlike its address: who made
/// it, and as which of his.
using object_id = std::uint64_t;

/// Which objects a step has touched: what decides whether its order matters.
class footprint {
public:
  void add(object_id object, bool writes) { touched_.emplace_back(object, writes); }
  void clear() { touched_.clear(); }
  [[nodiscard]] bool conflicts_with(const footprint& other) const {
    for (const auto& [object, writes] : touched_)
      for (const auto& [object2, writes2] : other.touched_)
        if (object == object2 && (writes || writes2))
          return true;
    return false;
  }

private:
  std::vector<std::pair<object_id, bool>> touched_{};
};

/// What one execution consists of: filled in by the scenario, before each execution.
class scenario {
public:
  template <class F>
  void thread(F body) {
    bodies.emplace_back(std::make_shared<F>(std::move(body)), [](void* f) { (*static_cast<F*>(f))(); });
  }
  /// Runs when all threads have ended.
  void finally(std::function<void()> check) { last = std::move(check); }

private:
  friend class engine;
  std::vector<std::pair<std::shared_ptr<void>, void (*)(void*)>> bodies{};
  std::function<void()> last{};
};

class engine {
public:
  static engine& current() {
    static engine e;
    return e;
  }

  result check(const options& how, const std::function<void(scenario&)>& setup) {
    how_ = how;
    choices_.clear();
    result r;
    for (;;) {
      ++r.executions;
      run_once(setup);
      r.repeated += redundant_;
      if (!failure_.empty()) {
        r.failure = failure_;
        r.trace = trace_;
        return r;
      }
      while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().of)
        choices_.pop_back(); // both of threads and of random numbers
      if (choices_.empty()) {
        r.complete = true;
        return r;
      }
      ++choices_.back().taken;
      if (r.executions == how.most_executions)
        return r;
    }
  }

  // --- For the platform -----------------------------------------------------------------------

  [[nodiscard]] const mutation& bugs() const { return how_.bugs; }

  /// Before an operation on an atomic. `strong`: it orders, or reads and writes in one step.
  void point(bool strong) {
    if (running_ == 0 || (!strong && !how_.fine && !(how_.reduce && threads_[running_].locks == 0)))
      return;
    switch_to_other(/*can_go_on=*/true);
  }

  /// A point of decision in any case.
  void point() { point(true); }

  object_id name_object() {
    return static_cast<object_id>(running_) << 32 | threads_[running_].objects++;
  }

  /// For a scenario that must make objects anew until their addresses are in order.
  [[nodiscard]] object_id objects_made() const { return threads_[running_].objects; }
  void forget_objects_since(object_id mark) { threads_[running_].objects = mark; }

  /// The step that is under way touches an object.
  void touch(object_id object, bool writes) {
    if (how_.reduce)
      step_.add(object, writes);
  }
  /// The ideal lock: what happens under it is one step, for all who take it.
  void count_lock(int change) { threads_[running_].locks += change; }

  std::size_t thread() const { return running_; }
  clock& seen() { return threads_[running_].seen; }
  void tick() { ++seen().ticks[running_]; }

  /// Blocks until `address` is woken. A thread with a deadline may go on at any time,
  /// which is its time-out; a napping one when nobody else can. False: timed out.
  bool block(const void* address, object_id name, bool timed, bool napping) {
    if (running_ == 0) {
      fail("the scenario's own thread would block");
      return true;
    }
    fiber& self = threads_[running_];
    self.waits_for = address;
    self.timed = timed;
    self.napping = napping;
    self.woken = false;
    switch_to_other(/*can_go_on=*/false);
    self.waits_for = nullptr;
    touch(name, /*writes=*/true); // whether woken or timed out depends on who was first
    return self.woken;
  }

  void wake_one(const void* address) {
    for (std::size_t i = 1; i != threads_.size(); ++i) {
      if (threads_[i].waits_for == address && !threads_[i].woken) {
        threads_[i].woken = true;
        return;
      }
    }
  }

  void wake_all(const void* address) {
    for (fiber& f : threads_)
      if (f.waits_for == address)
        f.woken = true;
  }

  std::uint32_t random_below(std::uint32_t bound) {
    return how_.explore_random ? static_cast<std::uint32_t>(choose(bound)) : 0;
  }

  /// Ends this execution and the search. Does not return to a fiber.
  void fail(const std::string& what) {
    if (!failure_.empty())
      return;
    failure_ = what;
    for (const std::size_t t : order_)
      trace_ += static_cast<char>('0' + t);
    if (running_ != 0)
      swapcontext(&threads_[running_].context, &threads_[0].context);
  }

private:
  struct fiber {
    ucontext_t context{};
    std::unique_ptr<char[]> stack{};
    clock seen{};
    const void* waits_for = nullptr;
    bool timed = false;
    bool napping = false;
    bool woken = false;
    bool ended = false;
    int locks = 0;
    object_id objects = 0;
  };
  struct choice {
    std::size_t taken;
    std::size_t of;
    std::vector<footprint> steps{}; ///< of the alternatives taken so far, while reducing
  };
  /// A thread whose next step was explored from here before, and nothing that the step
  /// depends on has happened since: to run it next would repeat an execution.
  struct sleeper {
    std::size_t thread;
    footprint step;
  };
  static constexpr std::size_t no_choice = ~std::size_t{0};
  static constexpr std::size_t stack_size = 256 * 1024;
  static constexpr std::size_t most_steps = 20'000;

  std::size_t choose(std::size_t of) {
    if (of <= 1)
      return 0;
    if (depth_ == choices_.size())
      choices_.push_back({0, of, {}});
    if (choices_[depth_].of != of) {
      fail("the program is not deterministic: a repeated schedule has led elsewhere");
      return 0;
    }
    return choices_[depth_++].taken;
  }

  void run_once(const std::function<void(scenario&)>& setup) {
    failure_.clear();
    trace_.clear();
    order_.clear();
    depth_ = 0;
    preemptions_ = 0;
    running_ = 0;
    step_.clear();
    step_of_ = no_choice;
    asleep_.clear();
    redundant_ = false;
    threads_[0].seen = clock{};
    threads_[0].objects = 0;
    scenario s;
    setup(s);
    if (threads_.size() != s.bodies.size() + 1)
      threads_.resize(s.bodies.size() + 1);
    for (std::size_t i = 1; i != threads_.size(); ++i)
      start(i, s);
    ++threads_[0].seen.ticks[0];
    if (!threads_.empty() && threads_.size() > 1)
      switch_to_other(/*can_go_on=*/false);
    if (!failure_.empty()) {
      // Fibers are left where they stand, with what they own; keep the rest alive too.
      leaked_.push_back(std::move(s));
      return;
    }
    for (std::size_t i = 1; i != threads_.size(); ++i)
      threads_[0].seen.join(threads_[i].seen);
    if (s.last)
      s.last();
  }

  void start(std::size_t index, scenario& s) {
    fiber& f = threads_[index];
    f.seen = threads_[0].seen;
    ++f.seen.ticks[index];
    f.waits_for = nullptr;
    f.ended = false;
    f.locks = 0;
    f.objects = 0;
    if (!f.stack)
      f.stack = std::make_unique<char[]>(stack_size);
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack.get();
    f.context.uc_stack.ss_size = stack_size;
    f.context.uc_link = nullptr;
    body_of_[index] = s.bodies[index - 1];
    makecontext(&f.context, &engine::enter, 0);
  }

  static void enter() {
    engine& e = current();
    {
      const auto body = e.body_of_[e.running_];
      body.second(body.first.get());
    }
    e.threads_[e.running_].ended = true;
    e.switch_to_other(/*can_go_on=*/false);
  }

  [[nodiscard]] bool ready(const fiber& f) const {
    return !f.ended && (f.waits_for == nullptr || f.woken || f.timed);
  }

  /// The decision: who runs next.
  void switch_to_other(bool can_go_on) {
    if (order_.size() > most_steps) {
      fail("endless: more than 20000 steps");
      return;
    }
    if (how_.reduce)
      end_step();
    std::array<std::size_t, most_threads> candidates{};
    std::size_t count = 0;
    if (can_go_on)
      candidates[count++] = running_;
    if (!can_go_on || preemptions_ < how_.preemptions) {
      for (std::size_t i = 1; i != threads_.size(); ++i)
        if (!(can_go_on && i == running_) && ready(threads_[i]))
          candidates[count++] = i;
    }
    if (count == 0) { // nobody: the longest nap ends
      for (std::size_t i = 1; i != threads_.size() && count == 0; ++i)
        if (!threads_[i].ended && threads_[i].napping)
          candidates[count++] = i;
    }
    if (count == 0) {
      for (std::size_t i = 1; i != threads_.size(); ++i) {
        if (!threads_[i].ended) {
          fail("deadlock: thread " + std::to_string(i) + " waits for ever");
          return;
        }
      }
      go_to(0); // all have ended
      return;
    }
    const std::size_t next = how_.reduce ? choose_awake(candidates, count) : candidates[choose(count)];
    if (can_go_on && next != running_)
      ++preemptions_;
    order_.push_back(next);
    if (next != running_)
      go_to(next);
  }

  /// A step ends: its alternative of the decision that began it is known now, and whoever
  /// it conflicts with wakes.
  void end_step() {
    if (step_of_ != no_choice) {
      choice& made = choices_[step_of_];
      if (made.steps.size() == made.taken)
        made.steps.push_back(step_);
      step_of_ = no_choice;
    }
    std::erase_if(asleep_, [this](const sleeper& s) {
      return s.thread == running_ || s.step.conflicts_with(step_);
    });
    step_.clear();
  }

  /// Who sleeps is no candidate. If all sleep, the rest of this execution has been seen: it
  /// is run to its end, because fibers own what they own, but without further decisions.
  std::size_t choose_awake(const std::array<std::size_t, most_threads>& candidates, std::size_t count) {
    if (redundant_)
      return candidates[0];
    std::array<std::size_t, most_threads> awake{};
    std::size_t n = 0;
    for (std::size_t i = 0; i != count; ++i) {
      const std::size_t c = candidates[i];
      if (std::none_of(asleep_.begin(), asleep_.end(), [c](const sleeper& s) { return s.thread == c; }))
        awake[n++] = c;
    }
    if (n == 0) {
      redundant_ = true;
      return candidates[0];
    }
    if (n == 1)
      return awake[0];
    step_of_ = depth_;
    const std::size_t taken = choose(n);
    for (std::size_t i = 0; i != taken; ++i)
      asleep_.push_back({awake[i], choices_[step_of_].steps[i]});
    return awake[taken];
  }

  void go_to(std::size_t next) {
    const std::size_t previous = std::exchange(running_, next);
    swapcontext(&threads_[previous].context, &threads_[next].context);
    if (!failure_.empty())
      running_ = 0;
  }

  options how_{};
  std::vector<fiber> threads_ = std::vector<fiber>(1);
  std::array<std::pair<std::shared_ptr<void>, void (*)(void*)>, most_threads> body_of_{};
  std::vector<scenario> leaked_{};
  std::vector<choice> choices_{};
  std::vector<std::size_t> order_{};
  std::size_t depth_ = 0;
  std::size_t running_ = 0;
  unsigned preemptions_ = 0;
  footprint step_{};                  ///< what the step under way has touched
  std::size_t step_of_ = no_choice;   ///< the decision that began it
  std::vector<sleeper> asleep_{};
  bool redundant_ = false;
  std::string failure_{};
  std::string trace_{};
};

inline result check(const options& how, const std::function<void(scenario&)>& setup) {
  return engine::current().check(how, setup);
}

/// States a fact in a scenario.
inline void require(bool fact, const char* what) {
  if (!fact)
    engine::current().fail(std::string("required: ") + what);
}

} // namespace model

#endif // FEARLESS_TEST_RUNTIME_MODEL_ENGINE_H
