// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The receivers without a sender: after, at, tick, never. Times are checked from below
// only (nothing comes early); the machine may be slow, so "late" is never an error.
// Facts after crossbeam-channel's tests of the same names.

#include "channel_test_support.h"

namespace {

using namespace fearless_test;
using fearless::after;
using fearless::never;
using fearless::tick;

// --- after ---------------------------------------------------------------------------------------

TEST(after, fires_once_and_not_early) {
  const auto begin = clock_type::now();
  const auto rx = after(10ms);
  const auto when = rx.recv();
  ASSERT_TRUE(when);
  EXPECT_GE(clock_type::now(), begin + 10ms);
  EXPECT_GE(*when, begin + 10ms);
  EXPECT_LE(*when, clock_type::now());
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  EXPECT_EQ(rx.recv_for(5ms), std::nullopt);
}

TEST(after, try_recv_before_and_after) {
  const auto rx = after(10ms);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  std::this_thread::sleep_for(11ms);
  EXPECT_TRUE(rx.try_recv());
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST(after, zero_and_less_are_due_at_once) {
  EXPECT_TRUE(after(0s).try_recv());
  EXPECT_TRUE(after(-1h).try_recv());
  EXPECT_TRUE(after(0s).recv());
}

TEST(after, a_point_in_time) {
  const auto when = clock_type::now() + 5ms;
  EXPECT_EQ(fearless::at(when).recv(), when);
  EXPECT_TRUE(fearless::at(clock_type::now() - 1s).try_recv());
}

TEST(after, the_longest_delay_never_fires) {
  const auto rx = after(std::chrono::hours::max());
  EXPECT_EQ(rx.recv_for(2ms), std::nullopt);
  EXPECT_TRUE(rx.empty());
}

TEST(after, looks_like_a_channel_of_one) {
  const auto rx = after(5ms);
  EXPECT_EQ(rx.capacity(), 1U);
  EXPECT_EQ(rx.size(), 0U);
  EXPECT_TRUE(rx.empty());
  EXPECT_FALSE(rx.full());
  EXPECT_FALSE(rx.is_closed());
  std::this_thread::sleep_for(6ms);
  EXPECT_EQ(rx.size(), 1U);
  EXPECT_TRUE(rx.full());
  EXPECT_TRUE(rx.recv());
  EXPECT_TRUE(rx.empty());
  EXPECT_FALSE(rx.is_closed());
}

TEST(after, recv_for_shorter_and_longer) {
  const auto rx = after(30ms);
  EXPECT_EQ(rx.recv_for(2ms), std::nullopt);
  EXPECT_TRUE(rx.recv_for(60s));
  EXPECT_EQ(rx.recv_for(2ms), std::nullopt);
}

TEST(after, one_of_many_threads_gets_it) {
  for (int i = 0, n = scaled(20); i != n; ++i) {
    const auto rx = after(1ms);
    std::atomic<int> got{0};
    {
      team others;
      for (int t = 0; t != 4; ++t)
        others.run([rx = rx, &got] { got += rx.recv_for(10ms).has_value(); });
    }
    EXPECT_EQ(got, 1);
  }
}

TEST(after, copies_are_the_same_channel) {
  const auto rx = after(1ms);
  const auto copy = rx;
  EXPECT_TRUE(rx.same_channel(copy));
  EXPECT_FALSE(rx.same_channel(after(1ms)));
  EXPECT_TRUE(copy.recv());
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST(after, the_earliest_of_several_wins_a_select) {
  const auto early = after(5ms);
  const auto late = after(10s);
  const std::size_t chosen = fearless::select(
      fearless::on_recv(late, [](std::optional<fearless::time_message>) {}),
      fearless::on_recv(early, [](std::optional<fearless::time_message> m) { EXPECT_TRUE(m); }));
  EXPECT_EQ(chosen, 1U);
}

TEST(after, ends_a_select_that_waits_for_a_channel) {
  auto [tx, rx] = fearless::unbounded_channel<int>();
  const std::size_t chosen = fearless::select(
      fearless::on_recv(rx, [](std::optional<int>) {}),
      fearless::on_recv(after(5ms), [](std::optional<fearless::time_message> m) { EXPECT_TRUE(m); }));
  EXPECT_EQ(chosen, 1U);
}

// Two selects wait for one timer; the loser must go on waiting for its channel.
TEST(after, a_timer_shared_by_two_selects_fires_for_one) {
  auto [tx, rx] = fearless::unbounded_channel<int>();
  const auto timer = after(5ms);
  std::atomic<int> fired{0};
  std::atomic<int> received{0};
  {
    team others;
    for (int t = 0; t != 2; ++t) {
      others.run([&, rx = rx] {
        const std::size_t chosen = fearless::select(
            fearless::on_recv(timer, [](std::optional<fearless::time_message>) {}),
            fearless::on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 1); }));
        ++(chosen == 0 ? fired : received);
      });
    }
    while (fired == 0)
      std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(tx.send(1));
  }
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(received, 1);
}

// --- tick ------------------------------------------------------------------------------------------

TEST(tick, fires_again_and_again_and_not_early) {
  const auto begin = clock_type::now();
  const auto rx = tick(5ms);
  for (int i = 1; i <= 4; ++i) {
    const auto when = rx.recv();
    ASSERT_TRUE(when);
    EXPECT_GE(*when, begin + i * 5ms);
    EXPECT_GE(clock_type::now(), *when);
  }
}

TEST(tick, keeps_its_rhythm_while_somebody_waits) {
  const auto rx = tick(20ms);
  const auto first = rx.recv();
  const auto second = rx.recv();
  ASSERT_TRUE(first && second);
  // On the beat, without drifting by the microseconds that a wake-up takes; or a whole
  // period was missed because the machine paused.
  const auto distance = *second - *first;
  EXPECT_TRUE(distance == 20ms || distance >= 40ms) << distance.count() << " ns";
}

TEST(tick, missed_ticks_do_not_pile_up) {
  const auto rx = tick(10ms);
  std::this_thread::sleep_for(55ms);
  EXPECT_EQ(rx.size(), 1U);
  const auto taken = clock_type::now();
  EXPECT_TRUE(rx.try_recv());
  const auto next = rx.recv();
  ASSERT_TRUE(next);
  EXPECT_GE(*next, taken + 10ms);
}

TEST(tick, try_recv_before_and_after) {
  const auto rx = tick(10ms);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  std::this_thread::sleep_for(11ms);
  EXPECT_TRUE(rx.try_recv());
}

TEST(tick, looks_like_a_channel_of_one_that_is_never_closed) {
  const auto rx = tick(1h);
  EXPECT_EQ(rx.capacity(), 1U);
  EXPECT_TRUE(rx.empty());
  EXPECT_FALSE(rx.full());
  EXPECT_FALSE(rx.is_closed());
}

TEST(tick, a_period_that_is_not_positive_is_always_due) {
  for (const auto& rx : {tick(0s), tick(-1s)}) {
    EXPECT_TRUE(rx.recv());
    EXPECT_TRUE(rx.recv());
  }
}

TEST(tick, the_longest_period_never_fires) {
  EXPECT_EQ(tick(std::chrono::hours::max()).recv_for(2ms), std::nullopt);
}

TEST(tick, threads_share_the_ticks) {
  const auto rx = tick(1ms);
  std::atomic<int> got{0};
  {
    team others;
    for (int t = 0; t != 3; ++t) {
      others.run([rx = rx, &got] {
        for (int i = 0; i != 3; ++i)
          got += rx.recv().has_value();
      });
    }
  }
  EXPECT_EQ(got, 9);
}

TEST(tick, in_a_select_loop) {
  const auto beat = tick(2ms);
  const auto end = after(30ms);
  int beats = 0;
  bool done = false;
  while (!done) {
    fearless::select(
        fearless::on_recv(beat, [&](std::optional<fearless::time_message>) { ++beats; }),
        fearless::on_recv(end, [&](std::optional<fearless::time_message>) { done = true; }));
  }
  EXPECT_GE(beats, 1);
  EXPECT_LE(beats, 15);
}

TEST(tick, a_loop_over_it_receives) {
  int beats = 0;
  for (const auto& when : tick(1ms)) {
    static_cast<void>(when);
    if (++beats == 3)
      break;
  }
  EXPECT_EQ(beats, 3);
}

// --- never ------------------------------------------------------------------------------------------

TEST(never, has_no_message_and_is_not_closed) {
  const auto rx = never<std::string>();
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  EXPECT_EQ(rx.recv_for(2ms), std::nullopt);
  EXPECT_EQ(rx.recv_until(clock_type::now() + 2ms), std::nullopt);
  EXPECT_FALSE(rx.is_closed());
  EXPECT_EQ(rx.size(), 0U);
  EXPECT_EQ(rx.capacity(), 0U);
}

TEST(never, copies_and_goes_away) {
  auto rx = never<int>();
  auto copy = rx;
  drop(rx);
  EXPECT_EQ(copy.try_recv(), std::nullopt);
}

TEST(never, switches_a_branch_off) {
  auto [tx, rx] = fearless::unbounded_channel<int>();
  ASSERT_TRUE(tx.send(1));
  for (const bool enabled : {true, false}) {
    const auto maybe = enabled ? rx : never<int>();
    const std::size_t chosen =
        fearless::select(fearless::on_recv(maybe, [](std::optional<int> m) { EXPECT_EQ(m, 1); }),
                         fearless::timeout(2ms, [] {}));
    EXPECT_EQ(chosen, enabled ? 0U : 1U);
  }
}

} // namespace
