// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What holds for every flavour of channel. Each fact runs over unbounded, rendezvous
// and three capacities. The facts are those that the test suites of Rust's
// std::sync::mpmc and of crossbeam-channel (array, list, zero) check.

#include "channel_test_support.h"

namespace {

using namespace fearless_test;
using fearless::send_error;

class channel : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, channel, testing::ValuesIn(every_flavour), name_of_flavour());

class buffered_channel : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, buffered_channel, testing::ValuesIn(buffered_flavours),
                         name_of_flavour());

class limited_channel : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, limited_channel, testing::ValuesIn(limited_flavours),
                         name_of_flavour());

// --- Messages pass ----------------------------------------------------------------------------

TEST_P(channel, passes_a_message_between_threads) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] { EXPECT_TRUE(tx.send(7)); });
  EXPECT_EQ(rx.recv(), 7);
}

TEST_P(buffered_channel, passes_a_message_within_a_thread) {
  auto [tx, rx] = make();
  EXPECT_TRUE(tx.send(7));
  EXPECT_EQ(rx.recv(), 7);
}

TEST_P(channel, keeps_the_order_of_one_sender) {
  auto [tx, rx] = make();
  const int n = scaled(5000);
  team others;
  others.run([tx = tx, n] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  for (int i = 0; i != n; ++i)
    ASSERT_EQ(rx.recv(), i);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST_P(channel, passes_each_message_once_with_many_on_both_sides) {
  auto [tx, rx] = make();
  constexpr int sides = 4;
  const int n = scaled(2000);
  std::vector<std::atomic<int>> seen(static_cast<std::size_t>(n));
  {
    team others;
    for (int s = 0; s != sides; ++s) {
      others.run([tx = tx, n] {
        for (int i = 0; i != n; ++i)
          ASSERT_TRUE(tx.send(i));
      });
      others.run([rx = rx, &seen, n] {
        for (int i = 0; i != n; ++i)
          ++seen[static_cast<std::size_t>(*rx.recv())];
      });
    }
  }
  for (const std::atomic<int>& count : seen)
    EXPECT_EQ(count, sides);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST_P(channel, keeps_the_order_of_each_of_many_senders) {
  auto [tx, rx] = make<std::pair<int, int>>();
  constexpr int senders = 3;
  const int n = scaled(2000);
  team others;
  for (int s = 0; s != senders; ++s) {
    others.run([tx = tx, s, n] {
      for (int i = 0; i != n; ++i)
        ASSERT_TRUE(tx.send({s, i}));
    });
  }
  std::vector<int> next(senders, 0);
  for (int i = 0; i != senders * n; ++i) {
    const auto message = rx.recv();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->second, next[static_cast<std::size_t>(message->first)]++);
  }
}

// Every thread sends and then must find a message: nothing that was sent can be invisible.
// (A rendezvous would need a partner.)
TEST_P(buffered_channel, is_linearizable) {
  auto [tx, rx] = make();
  const int n = scaled(5000);
  team others;
  for (int t = 0; t != 4; ++t) {
    others.run([tx = tx, rx = rx, n] {
      for (int i = 0; i != n; ++i) {
        ASSERT_TRUE(tx.send(0));
        ASSERT_TRUE(rx.try_recv().has_value());
      }
    });
  }
}

// Store one, look at the other, from both sides: at least one thread sees the other's.
TEST_P(buffered_channel, is_sequentially_consistent_with_other_channels) {
  for (int i = 0, n = scaled(500); i != n; ++i) {
    auto [tx_a, rx_a] = make();
    auto [tx_b, rx_b] = make();
    std::atomic<int> seen{0};
    {
      team others;
      others.run([&, tx = tx_a, rx = rx_b] {
        ASSERT_TRUE(tx.send(1));
        seen += rx.try_recv().has_value();
      });
      ASSERT_TRUE(tx_b.send(1));
      seen += rx_a.try_recv().has_value();
    }
    ASSERT_GE(seen, 1);
  }
}

// --- try_send, try_recv --------------------------------------------------------------------------

TEST_P(channel, try_recv_finds_nothing_in_a_new_channel) {
  auto [tx, rx] = make();
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  EXPECT_FALSE(rx.is_closed());
}

TEST_P(buffered_channel, try_recv_takes_what_is_there) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(rx.try_recv(), 1);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST_P(limited_channel, try_send_says_full_and_gives_the_message_back) {
  auto [tx, rx] = make<std::string>();
  for (std::size_t i = 0; i != GetParam().capacity; ++i)
    ASSERT_TRUE(tx.try_send("x"));
  auto result = tx.try_send("again");
  EXPECT_FALSE(result);
  EXPECT_EQ(result.error(), send_error::full);
  EXPECT_EQ(result.take(), "again");
}

TEST_P(channel, try_send_says_closed_and_gives_the_message_back) {
  auto [tx, rx] = make<std::string>();
  drop(rx);
  auto result = tx.try_send("again");
  EXPECT_FALSE(result);
  EXPECT_EQ(result.error(), send_error::closed);
  EXPECT_EQ(result.take(), "again");
}

TEST_P(channel, try_send_reaches_a_waiting_receiver) {
  auto [tx, rx] = make();
  team others;
  others.run([rx = rx] { EXPECT_EQ(rx.recv(), 3); });
  while (!tx.try_send(3))
    std::this_thread::yield();
}

TEST_P(channel, try_recv_reaches_a_waiting_sender) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] { EXPECT_TRUE(tx.send(3)); });
  std::optional<int> got;
  while (!(got = rx.try_recv()))
    std::this_thread::yield();
  EXPECT_EQ(got, 3);
}

TEST_P(channel, a_sent_result_has_no_error) {
  auto [tx, rx] = make();
  team others;
  others.run([rx = rx] { EXPECT_TRUE(rx.recv()); });
  const auto result = tx.send(1);
  EXPECT_TRUE(result);
  EXPECT_EQ(result.error(), send_error::none);
}

TEST_P(channel, taking_from_a_sent_result_ends_the_program) {
  auto [tx, rx] = fearless::unbounded_channel<int>();
  auto result = tx.send(1);
  EXPECT_DEATH({ static_cast<void>(result.take()); }, "there is no unsent message");
}

// --- Timed operations ---------------------------------------------------------------------------

TEST_P(channel, recv_for_gives_up) {
  auto [tx, rx] = make();
  const auto begin = clock_type::now();
  EXPECT_EQ(rx.recv_for(20ms), std::nullopt);
  EXPECT_GE(clock_type::now() - begin, 20ms);
  EXPECT_FALSE(rx.is_closed());
}

TEST_P(channel, recv_until_gives_up) {
  auto [tx, rx] = make();
  const auto deadline = clock_type::now() + 20ms;
  EXPECT_EQ(rx.recv_until(deadline), std::nullopt);
  EXPECT_GE(clock_type::now(), deadline);
}

TEST_P(channel, recv_until_understands_the_system_clock) {
  auto [tx, rx] = make();
  const auto deadline = std::chrono::system_clock::now() + 20ms;
  EXPECT_EQ(rx.recv_until(deadline), std::nullopt);
  EXPECT_GE(std::chrono::system_clock::now(), deadline);
}

TEST_P(channel, recv_for_gets_a_message_that_comes_in_time) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] {
    let_others_wait();
    EXPECT_TRUE(tx.send(5));
  });
  EXPECT_EQ(rx.recv_for(60s), 5);
}

TEST_P(channel, recv_for_ends_when_the_channel_is_closed) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = std::move(tx)] { let_others_wait(); });
  EXPECT_EQ(rx.recv_for(60s), std::nullopt);
  EXPECT_TRUE(rx.is_closed());
}

TEST_P(channel, recv_for_zero_or_less_is_try_recv) {
  auto [tx, rx] = make();
  EXPECT_EQ(rx.recv_for(0s), std::nullopt);
  EXPECT_EQ(rx.recv_for(-1h), std::nullopt);
  if (!GetParam().rendezvous()) {
    ASSERT_TRUE(tx.send(1));
    EXPECT_EQ(rx.recv_for(-1h), 1);
  }
}

// A message that is there is received although the deadline has passed long ago.
TEST_P(buffered_channel, recv_until_a_past_deadline_takes_what_is_there) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(rx.recv_until(clock_type::now() - 1h), 1);
  EXPECT_EQ(rx.recv_until(clock_type::now() - 1h), std::nullopt);
}

TEST_P(channel, the_longest_time_out_does_not_overflow) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] {
    let_others_wait();
    EXPECT_TRUE(tx.send_for(5, std::chrono::seconds::max()));
    EXPECT_TRUE(tx.send_until(6, clock_type::time_point::max()));
  });
  EXPECT_EQ(rx.recv_for(std::chrono::hours::max()), 5);
  EXPECT_EQ(rx.recv_until(clock_type::time_point::max()), 6);
}

TEST_P(limited_channel, send_for_gives_up_and_gives_the_message_back) {
  auto [tx, rx] = make<std::string>();
  for (std::size_t i = 0; i != GetParam().capacity; ++i)
    ASSERT_TRUE(tx.try_send("x"));
  const auto begin = clock_type::now();
  auto result = tx.send_for("late", 20ms);
  EXPECT_GE(clock_type::now() - begin, 20ms);
  EXPECT_EQ(result.error(), send_error::timed_out);
  EXPECT_EQ(result.take(), "late");
}

TEST_P(limited_channel, send_until_gives_up_and_gives_the_message_back) {
  auto [tx, rx] = make<std::string>();
  for (std::size_t i = 0; i != GetParam().capacity; ++i)
    ASSERT_TRUE(tx.try_send("x"));
  const auto deadline = std::chrono::system_clock::now() + 20ms;
  auto result = tx.send_until("late", deadline);
  EXPECT_GE(std::chrono::system_clock::now(), deadline);
  EXPECT_EQ(result.error(), send_error::timed_out);
  EXPECT_EQ(result.take(), "late");
}

TEST_P(channel, send_for_finds_room_that_comes_in_time) {
  auto [tx, rx] = make();
  team others;
  const std::size_t n = GetParam().capacity + 1;
  others.run([rx = rx, n] {
    let_others_wait();
    for (std::size_t i = 0; i != n; ++i)
      EXPECT_EQ(rx.recv(), static_cast<int>(i));
  });
  for (std::size_t i = 0; i != n; ++i)
    EXPECT_TRUE(tx.send_for(static_cast<int>(i), 60s));
}

TEST_P(limited_channel, send_for_ends_when_the_channel_is_closed) {
  auto [tx, rx] = make();
  for (std::size_t i = 0; i != GetParam().capacity; ++i)
    ASSERT_TRUE(tx.try_send(0));
  team others;
  others.run([rx = std::move(rx)] { let_others_wait(); });
  auto result = tx.send_for(5, 60s);
  EXPECT_EQ(result.error(), send_error::closed);
  EXPECT_EQ(result.take(), 5);
}

// A time-out must leave nothing behind: what comes later goes to the next receive.
TEST_P(channel, works_on_after_a_time_out) {
  auto [tx, rx] = make();
  for (int i = 0; i != 3; ++i) {
    EXPECT_EQ(rx.recv_for(1ms), std::nullopt);
    team others;
    others.run([tx = tx, i] { EXPECT_TRUE(tx.send(i)); });
    EXPECT_EQ(rx.recv(), i);
  }
}

// --- Closing -------------------------------------------------------------------------------------

TEST_P(channel, send_fails_when_the_receiver_is_gone) {
  auto [tx, rx] = make();
  drop(rx);
  EXPECT_TRUE(tx.is_closed());
  auto result = tx.send(4);
  EXPECT_EQ(result.error(), send_error::closed);
  EXPECT_EQ(result.take(), 4);
  EXPECT_EQ(tx.send_for(4, 1h).error(), send_error::closed);
}

TEST_P(channel, recv_ends_when_the_sender_is_gone) {
  auto [tx, rx] = make();
  drop(tx);
  EXPECT_TRUE(rx.is_closed());
  EXPECT_EQ(rx.recv(), std::nullopt);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  EXPECT_EQ(rx.recv_for(1h), std::nullopt);
}

TEST_P(buffered_channel, what_was_sent_is_received_after_the_sender_is_gone) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  drop(tx);
  EXPECT_TRUE(rx.is_closed());
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(rx.recv(), std::nullopt);
}

TEST_P(channel, stays_open_while_a_copy_of_the_sender_lives) {
  auto [tx, rx] = make();
  auto copy = tx;
  drop(tx);
  EXPECT_FALSE(rx.is_closed());
  EXPECT_EQ(rx.recv_for(1ms), std::nullopt);
  drop(copy);
  EXPECT_TRUE(rx.is_closed());
}

TEST_P(channel, stays_open_while_a_copy_of_the_receiver_lives) {
  auto [tx, rx] = make();
  auto copy = rx;
  drop(rx);
  EXPECT_FALSE(tx.is_closed());
  drop(copy);
  EXPECT_TRUE(tx.is_closed());
}

TEST_P(channel, closing_wakes_every_waiting_receiver) {
  auto [tx, rx] = make();
  team others;
  for (int i = 0; i != 4; ++i)
    others.run([rx = rx] { EXPECT_EQ(rx.recv(), std::nullopt); });
  let_others_wait();
  drop(tx);
}

TEST_P(limited_channel, closing_wakes_every_waiting_sender) {
  auto [tx, rx] = make();
  for (std::size_t i = 0; i != GetParam().capacity; ++i)
    ASSERT_TRUE(tx.try_send(0));
  team others;
  for (int i = 0; i != 4; ++i) {
    others.run([tx = tx, i] {
      auto result = tx.send(i);
      EXPECT_EQ(result.error(), send_error::closed);
      EXPECT_EQ(result.take(), i);
    });
  }
  let_others_wait();
  drop(rx);
}

// rust-lang/rust #76220: a send that races with the end of the receiver must not hang.
TEST_P(channel, a_send_that_races_with_closing_ends) {
  for (int i = 0, n = scaled(50); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([tx = std::move(tx)] {
      while (tx.send(0)) {
      }
    });
    others.run([rx = std::move(rx)] {});
  }
}

TEST_P(channel, a_receive_that_races_with_closing_ends) {
  for (int i = 0, n = scaled(300); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([rx = std::move(rx)] {
      while (rx.recv()) {
      }
    });
    others.run([tx = std::move(tx)] { static_cast<void>(tx.try_send(1)); });
  }
}

TEST_P(channel, both_ends_may_go_at_the_same_time) {
  for (int i = 0, n = scaled(500); i != n; ++i) {
    auto [tx, rx] = make<counted>();
    static_cast<void>(tx.try_send(counted(1)));
    team others;
    others.run([tx = std::move(tx)] {});
    others.run([rx = std::move(rx)] {});
  }
  EXPECT_EQ(counted::alive(), 0);
}

// --- What becomes of the messages ----------------------------------------------------------------

// rust-lang/rust #107466: not only when the last sender is gone as well.
TEST_P(buffered_channel, the_last_receiver_takes_the_buffered_messages_along) {
  auto [tx, rx] = make<counted>();
  while (counted::alive() < 100 && tx.try_send(counted(1))) {
  }
  EXPECT_GE(counted::alive(), 1);
  drop(rx);
  EXPECT_EQ(counted::alive(), 0);
  EXPECT_TRUE(tx.is_closed());
  EXPECT_EQ(tx.size(), 0U);
}

TEST_P(buffered_channel, the_last_receiver_takes_them_along_when_an_exception_drops_it) {
#if FEARLESS_DETAIL_EXCEPTIONS
  auto [tx, rx] = make<counted>();
  ASSERT_TRUE(tx.send(counted(1)));
  try {
    const auto mine = std::move(rx);
    throw 1;
  } catch (int) {
  }
  EXPECT_EQ(counted::alive(), 0);
#endif
}

TEST_P(buffered_channel, the_end_of_both_destroys_the_messages) {
  {
    auto [tx, rx] = make<counted>();
    ASSERT_TRUE(tx.send(counted(1)));
    drop(tx);
    EXPECT_EQ(counted::alive(), 1);
  }
  EXPECT_EQ(counted::alive(), 0);
}

// However senders, receivers and drops interleave, every message is destroyed once.
TEST_P(channel, destroys_each_message_once) {
  for (int round = 0, n = scaled(60); round != n; ++round) {
    {
      auto [tx, rx] = make<counted>();
      const int steps = 20 + round;
      team others;
      others.run([rx = rx, steps] {
        for (int i = 0; i != steps / 2; ++i)
          EXPECT_TRUE(rx.recv());
      });
      others.run([tx = tx, steps] {
        for (int i = 0; i != steps / 2; ++i)
          EXPECT_TRUE(tx.send(counted(i)));
      });
      others.join();
      others.run([rx = std::move(rx)] { static_cast<void>(rx.try_recv()); });
      others.run([tx = std::move(tx), steps] {
        for (int i = 0; i != steps; ++i)
          static_cast<void>(tx.try_send(counted(i)));
      });
    }
    ASSERT_EQ(counted::alive(), 0);
  }
}

// --- Looking at a channel --------------------------------------------------------------------------

TEST_P(channel, knows_its_capacity) {
  auto [tx, rx] = make();
  const std::optional<std::size_t> expected =
      GetParam().bounded ? std::optional<std::size_t>(GetParam().capacity) : std::nullopt;
  EXPECT_EQ(tx.capacity(), expected);
  EXPECT_EQ(rx.capacity(), expected);
}

TEST_P(channel, a_new_channel_is_empty) {
  auto [tx, rx] = make();
  EXPECT_EQ(tx.size(), 0U);
  EXPECT_EQ(rx.size(), 0U);
  EXPECT_TRUE(tx.empty());
  EXPECT_TRUE(rx.empty());
  EXPECT_EQ(tx.full(), GetParam().rendezvous());
  EXPECT_EQ(rx.full(), GetParam().rendezvous());
}

TEST_P(buffered_channel, counts_its_messages) {
  auto [tx, rx] = make();
  const std::size_t n = GetParam().bounded ? GetParam().capacity : 50;
  for (std::size_t i = 0; i != n; ++i) {
    EXPECT_EQ(tx.size(), i);
    EXPECT_FALSE(tx.full());
    ASSERT_TRUE(tx.try_send(0));
    EXPECT_FALSE(rx.empty());
  }
  EXPECT_EQ(rx.size(), n);
  EXPECT_EQ(rx.full(), GetParam().bounded);
  for (std::size_t i = n; i != 0; --i) {
    EXPECT_EQ(rx.size(), i);
    ASSERT_TRUE(rx.recv());
    EXPECT_FALSE(tx.full());
  }
  EXPECT_TRUE(tx.empty());
}

TEST_P(channel, never_counts_more_than_the_capacity) {
  auto [tx, rx] = make();
  const int n = scaled(3000);
  std::atomic<bool> done{false};
  team others;
  others.run([tx = tx, n] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  others.run([tx = tx, &done, n] {
    while (!done) {
      const std::size_t size = tx.size();
      ASSERT_LE(size, GetParam().bounded ? GetParam().capacity : static_cast<std::size_t>(n));
    }
  });
  for (int i = 0; i != n; ++i)
    ASSERT_EQ(rx.recv(), i);
  done = true;
}

TEST_P(channel, handles_know_their_channel) {
  auto [tx, rx] = make();
  auto [tx2, rx2] = make();
  const auto copy = tx;
  EXPECT_TRUE(tx.same_channel(copy));
  EXPECT_TRUE(tx.same_channel(rx));
  EXPECT_TRUE(rx.same_channel(tx));
  EXPECT_FALSE(tx.same_channel(tx2));
  EXPECT_FALSE(rx.same_channel(rx2));
  EXPECT_FALSE(rx.same_channel(tx2));
}

TEST_P(channel, handles_can_be_assigned_and_swapped) {
  auto [tx, rx] = make();
  auto [tx2, rx2] = make();
  swap(tx, tx2);
  EXPECT_TRUE(tx.same_channel(rx2));
  tx = tx2; // the first channel of rx2 has no sender now
  EXPECT_TRUE(rx2.is_closed());
  EXPECT_FALSE(rx.is_closed());
  tx2 = std::move(tx);
  EXPECT_TRUE(tx2.same_channel(rx));
  rx2 = rx;
  EXPECT_TRUE(rx2.same_channel(tx2));
  const auto& itself = tx2;
  tx2 = itself;
  EXPECT_TRUE(tx2.same_channel(rx));
}

TEST_P(channel, many_handles_come_and_go) {
  auto [tx, rx] = make();
  {
    team others;
    for (int t = 0; t != 4; ++t) {
      others.run([&tx = tx, &rx = rx] {
        for (int i = 0, n = scaled(2000); i != n; ++i) {
          const auto tx_copy = tx;
          const auto rx_copy = rx;
        }
      });
    }
  }
  EXPECT_FALSE(tx.is_closed());
  EXPECT_FALSE(rx.is_closed());
}

// --- Iterating ------------------------------------------------------------------------------------

TEST_P(channel, a_loop_receives_until_the_channel_is_closed) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = std::move(tx)] {
    for (int i = 1; i <= 100; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  int sum = 0;
  for (const int& message : rx)
    sum += message;
  EXPECT_EQ(sum, 5050);
}

TEST_P(channel, a_loop_can_be_left_and_taken_up_again) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = std::move(tx)] {
    for (int i = 0; i != 10; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  for (const int message : rx) {
    if (message == 4)
      break;
  }
  int next = 5;
  for (const int message : rx)
    EXPECT_EQ(message, next++);
  EXPECT_EQ(next, 10);
}

TEST_P(channel, try_iter_ends_when_nothing_is_there) {
  auto [tx, rx] = make();
  int count = 0;
  for (const int message : rx.try_iter())
    count += message;
  EXPECT_EQ(count, 0);
  EXPECT_FALSE(rx.is_closed());
}

TEST_P(buffered_channel, try_iter_takes_what_is_there) {
  auto [tx, rx] = make();
  const int n = GetParam().bounded ? static_cast<int>(GetParam().capacity) : 10;
  for (int i = 0; i != n; ++i)
    ASSERT_TRUE(tx.try_send(i));
  int next = 0;
  for (const int message : rx.try_iter())
    EXPECT_EQ(message, next++);
  EXPECT_EQ(next, n);
}

TEST_P(channel, two_loops_share_the_messages) {
  auto [tx, rx] = make();
  const int n = scaled(1000);
  std::atomic<int> sum{0};
  {
    team others;
    for (int r = 0; r != 2; ++r) {
      others.run([rx = rx, &sum] {
        for (const int message : rx)
          sum += message;
      });
    }
    others.run([tx = std::move(tx), n] {
      for (int i = 1; i <= n; ++i)
        ASSERT_TRUE(tx.send(i));
    });
  }
  EXPECT_EQ(sum, n * (n + 1) / 2);
}

// --- Stress ----------------------------------------------------------------------------------------

TEST_P(channel, one_message_from_thread_to_thread_many_times) {
  for (int i = 0, n = scaled(300); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([rx = std::move(rx)] { EXPECT_EQ(rx.recv(), 1); });
    others.run([tx = std::move(tx)] { EXPECT_TRUE(tx.send(1)); });
  }
}

TEST_P(channel, time_outs_on_both_sides_lose_nothing) {
  auto [tx, rx] = make();
  const int n = scaled(100);
  team others;
  others.run([tx = tx, n] {
    for (int i = 0; i != n; ++i) {
      if (i % 2 == 0)
        std::this_thread::sleep_for(200us);
      while (!tx.send_for(i, 100us)) {
      }
    }
  });
  for (int i = 0; i != n;) {
    if (i % 3 == 0)
      std::this_thread::sleep_for(200us);
    if (const auto message = rx.recv_for(100us)) {
      ASSERT_EQ(*message, i);
      ++i;
    }
  }
}

TEST_P(channel, a_channel_passes_through_a_channel) {
  using inner = fearless::channel_ends<int>;
  auto [tx, rx] = make<inner>();
  const int n = scaled(200);
  team others;
  others.run([tx = tx, n] {
    for (int i = 0; i != n; ++i) {
      auto ends = GetParam().make<int>();
      const auto inner_tx = ends.tx;
      ASSERT_TRUE(tx.send(std::move(ends)));
      ASSERT_TRUE(inner_tx.send(i));
    }
  });
  for (int i = 0; i != n; ++i) {
    const std::optional<inner> ends = rx.recv();
    ASSERT_TRUE(ends);
    ASSERT_EQ(ends->rx.recv(), i);
  }
}

// The receiver goes on while a sender of the same channel still waits in its send.
TEST_P(channel, a_receive_happens_while_a_send_waits) {
  auto [tx, rx] = make();
  const std::size_t n = GetParam().capacity + 1;
  team others;
  others.run([tx = tx, n] {
    for (std::size_t i = 0; i != n; ++i)
      EXPECT_TRUE(tx.send(0));
  });
  let_others_wait();
  for (std::size_t i = 0; i != n; ++i)
    EXPECT_EQ(rx.recv(), 0);
}

} // namespace
