// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a thread does between a failed attempt and going to sleep: a bounded
// number of pauses, then a bounded number of yields. Waking a sleeping thread
// costs tens of microseconds across cores, so a short wait pays; but where the
// process has a single CPU the other thread cannot advance while we spin, and
// the number of pauses is zero there.

#ifndef FEARLESS_DETAIL_BACKOFF_H
#define FEARLESS_DETAIL_BACKOFF_H

#include <atomic>
#include <thread>

#if defined(__linux__)
#include <cerrno>
#include <sched.h>
#include <unistd.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace fearless::detail {

/// Tells the core that this is a waiting loop. 40 to 150 cycles on current x86-64.
inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__)
  // `isb` waits for the pipeline, 20 to 40 cycles; `yield` does nothing on most cores.
  asm volatile("isb" ::: "memory");
#elif defined(__arm__)
  asm volatile("yield" ::: "memory");
#elif defined(__riscv)
  asm volatile(".insn i 0x0F, 0, x0, x0, 0x010"); // pause, a hint on older cores
#endif
}

/// Lets another ready thread run on this CPU.
inline void cpu_yield() noexcept {
#if defined(__linux__)
  ::sched_yield();
#else
  std::this_thread::yield();
#endif
}

namespace backoff_detail {

/// Number of CPUs that the process may use, as far as we can tell; asked anew.
/// The mask of the *main* thread is read (tid == pid), because a program that
/// pins each worker to a core of its own is parallel although each thread's mask
/// has one CPU.
inline bool ask_parallel() noexcept {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  const int saved = errno;
  const int failed = ::sched_getaffinity(::getpid(), sizeof set, &set);
  errno = saved;
  if (failed != 0)
    return true; // the mask is larger than 1024 CPUs
  return CPU_COUNT(&set) > 1;
#else
  return std::thread::hardware_concurrency() != 1;
#endif
}

inline constinit std::atomic<int> parallel_cache{-1}; // -1 not asked, else 0 or 1

} // namespace backoff_detail

/// Whether two threads of this process can run at the same time. Asked once per
/// process and remembered: a later change of the affinity is not seen and costs
/// time only, never correctness.
[[nodiscard]] inline bool is_parallel() noexcept {
  int known = backoff_detail::parallel_cache.load(std::memory_order_relaxed);
  if (known < 0) [[unlikely]] {
    known = backoff_detail::ask_parallel() ? 1 : 0;
    backoff_detail::parallel_cache.store(known, std::memory_order_relaxed);
  }
  return known != 0;
}

/// Exponential back-off with a bound, used in two situations that must not be mixed up:
/// * spin(): we lost a race, so another thread has just made progress (a failed
///   compare-exchange). Only takes the pressure off the cache line.
/// * snooze(): we wait for a step of another thread (a slot being filled). Pauses,
///   then yields; `exhausted()` advises to park, if the caller can.
class backoff {
public:
  /// Pauses once, then twice, up to 2^6 times; nothing where there is one CPU.
  void spin() noexcept {
    pause(step_ < spin_limit ? step_ : spin_limit);
    if (step_ <= spin_limit)
      ++step_;
  }

  /// As spin() for the first steps, later a yield. Where there is one CPU, a yield at once.
  void snooze() noexcept {
    if (step_ <= spin_limit && is_parallel())
      pause(step_);
    else
      cpu_yield();
    if (step_ <= yield_limit)
      ++step_;
  }

  /// True when the budget is used up (about 2^7 pauses and 4 yields; on one CPU
  /// 10 yields): spinning longer is a waste, park.
  [[nodiscard]] bool exhausted() const noexcept { return step_ > yield_limit; }

  void reset() noexcept { step_ = 0; }

private:
  static constexpr unsigned spin_limit = 6;
  static constexpr unsigned yield_limit = 10;

  static void pause(unsigned step) noexcept {
    if (!is_parallel())
      return;
    for (unsigned i = 0, n = 1U << step; i != n; ++i)
      cpu_pause();
  }

  unsigned step_ = 0;
};

/// Waits for a lock to become free, at most about 250 pauses (none on one CPU), by
/// looking at growing distances: 4 pauses, 8, ... 64. Who stays away from the cache
/// line lets the owner run through several critical sections undisturbed; contended
/// locks are two to three times faster for it than with a look after each pause.
/// `ready` may try to take the lock. Says whether it came to hold.
template <class Predicate>
[[nodiscard]] inline bool look_from_afar(Predicate ready) {
  constexpr unsigned looks = 7;
  constexpr unsigned widest = 64;
  if (!is_parallel())
    return false;
  unsigned gap = 4;
  for (unsigned i = 0; i != looks; ++i) {
    for (unsigned k = 0; k != gap; ++k)
      cpu_pause();
    if (ready())
      return true;
    gap = gap * 2 < widest ? gap * 2 : widest;
  }
  return false;
}

/// Waits until `ready()` holds, at most `pauses` pauses (none on one CPU) and then
/// at most `yields` yields; says whether it came to hold. `ready` must be cheap and
/// only load.
template <class Predicate>
[[nodiscard]] inline bool spin_until(Predicate ready, unsigned pauses, unsigned yields) {
  if (ready())
    return true;
  if (is_parallel()) {
    for (unsigned i = 0; i != pauses; ++i) {
      cpu_pause();
      if (ready())
        return true;
    }
  }
  for (unsigned i = 0; i != yields; ++i) {
    cpu_yield();
    if (ready())
      return true;
  }
  return false;
}

} // namespace fearless::detail

#endif // FEARLESS_DETAIL_BACKOFF_H
