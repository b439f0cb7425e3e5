// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lock of a channel as one step of the model: it is taken when it is free. With the
// lock's own protocol out of the way (it is checked by itself), every interleaving of
// the rest can be run. Included before model/platform.h.

#ifndef FEARLESS_TEST_RUNTIME_MODEL_IDEAL_LOCK_H
#define FEARLESS_TEST_RUNTIME_MODEL_IDEAL_LOCK_H

#define FEARLESS_CHANNEL_IDEAL_LOCK

#include "platform.h"

namespace fearless::detail::chan {

class spin_lock {
public:
  void lock() noexcept {
    alive_.check();
    model::engine& machine = model::engine::current();
    machine.point();
    machine.touch(alive_.name(), /*writes=*/true);
    while (held_)
      static_cast<void>(machine.block(this, alive_.name(), /*timed=*/false, /*napping=*/false));
    alive_.check();
    take(machine);
  }
  [[nodiscard]] bool try_lock() noexcept {
    alive_.check();
    model::engine& machine = model::engine::current();
    machine.point();
    machine.touch(alive_.name(), /*writes=*/true);
    if (held_)
      return false;
    take(machine);
    return true;
  }
  void unlock() noexcept {
    alive_.check();
    model::engine& machine = model::engine::current();
    machine.touch(alive_.name(), /*writes=*/true);
    machine.count_lock(-1);
    held_ = false;
    released_.join(machine.seen());
    machine.tick();
    machine.wake_all(this);
  }

private:
  void take(model::engine& machine) noexcept {
    held_ = true;
    machine.count_lock(+1);
    machine.seen().join(released_);
  }

  bool held_ = false;
  model::clock released_{};
  lifetime alive_{};
};

} // namespace fearless::detail::chan

#endif // FEARLESS_TEST_RUNTIME_MODEL_IDEAL_LOCK_H
