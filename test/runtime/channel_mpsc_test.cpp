// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts from the test suite of Rust's std::sync::mpsc (channel, sync_channel) that are
// not about one flavour alone: shared ends, one-shot use in every order, panics of the
// other side, iteration, time-outs, and the bugs that suite remembers.

#include "channel_test_support.h"

#include <future>
#include <memory>

namespace {

using namespace fearless_test;
using fearless::bounded_channel;
using fearless::send_error;
using fearless::unbounded_channel;

class mpsc : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, mpsc, testing::ValuesIn(every_flavour), name_of_flavour());
class mpsc_buffered : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, mpsc_buffered, testing::ValuesIn(buffered_flavours), name_of_flavour());

// --- One-shot use: each order of sending, receiving and letting go ------------------------------------

TEST_P(mpsc, receiver_goes_first) {
  auto [tx, rx] = make();
  drop(rx);
}

TEST_P(mpsc, sender_goes_first) {
  auto [tx, rx] = make();
  drop(tx);
}

TEST_P(mpsc, receiver_goes_then_send_fails_with_an_owner) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  drop(rx);
  auto result = tx.send(std::make_unique<int>(0));
  EXPECT_EQ(*result.take(), 0);
}

TEST_P(mpsc_buffered, message_left_behind_by_both) {
  auto watch = std::make_shared<int>(0);
  {
    auto [tx, rx] = make<std::shared_ptr<int>>();
    ASSERT_TRUE(tx.send(watch));
  }
  EXPECT_EQ(watch.use_count(), 1);
}

TEST_P(mpsc_buffered, send_and_receive_in_one_thread_with_an_owner) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  ASSERT_TRUE(tx.send(std::make_unique<int>(10)));
  EXPECT_EQ(**rx.recv(), 10);
}

TEST_P(mpsc_buffered, look_then_send_then_look) {
  auto [tx, rx] = make();
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  ASSERT_TRUE(tx.send(10));
  EXPECT_EQ(rx.try_recv(), 10);
}

TEST_P(mpsc, look_at_a_closed_channel) {
  auto [tx, rx] = make();
  drop(tx);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
  EXPECT_TRUE(rx.is_closed());
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST_P(mpsc, receiver_waits_in_another_thread_and_gets_an_owner) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  team others;
  others.run([rx = std::move(rx)] { EXPECT_EQ(**rx.recv(), 10); });
  EXPECT_TRUE(tx.send(std::make_unique<int>(10)));
}

TEST_P(mpsc, receiver_waits_in_another_thread_and_the_sender_goes) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  team others;
  others.run([rx = std::move(rx)] { EXPECT_EQ(rx.recv(), std::nullopt); });
  drop(tx);
}

TEST_P(mpsc, stress_closing_from_both_sides) {
  for (int i = 0, n = scaled(100); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([rx = std::move(rx)] {});
    drop(tx);
  }
}

TEST_P(mpsc, stress_sending_while_closing) {
  for (int i = 0, n = scaled(100); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([rx = std::move(rx)] {});
    others.run([tx = std::move(tx)] { static_cast<void>(tx.send(1)); });
  }
}

TEST_P(mpsc, stress_receiving_while_closing) {
  for (int i = 0, n = scaled(100); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([rx = std::move(rx)] { EXPECT_EQ(rx.recv(), std::nullopt); });
    others.run([tx = std::move(tx)] {});
  }
}

// Each message makes the next thread: a chain of threads, one message each.
TEST_P(mpsc, stress_a_chain_of_threads) {
  struct chain {
    static void send(fearless::sender<std::unique_ptr<int>> tx, int i, int n) {
      if (i == n)
        return;
      std::thread([tx = std::move(tx), i, n] {
        ASSERT_TRUE(tx.send(std::make_unique<int>(i)));
        send(tx, i + 1, n);
      }).detach();
    }
    static void receive(const fearless::receiver<std::unique_ptr<int>>& rx, int i, int n) {
      if (i == n)
        return;
      std::thread([&rx, i, n] {
        ASSERT_EQ(**rx.recv(), i);
        receive(rx, i + 1, n);
      }).join();
    }
  };
  auto [tx, rx] = make<std::unique_ptr<int>>();
  const int n = scaled(30);
  chain::send(std::move(tx), 0, n);
  chain::receive(rx, 0, n);
}

// --- Shared ends ---------------------------------------------------------------------------------------

TEST_P(mpsc, a_copied_sender_sends_too) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] { EXPECT_TRUE(tx.send(1)); });
  const auto copy = tx;
  others.run([copy] { EXPECT_TRUE(copy.send(1)); });
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(rx.recv(), 1);
}

TEST_P(mpsc, a_copy_made_in_another_thread_outlives_the_original) {
  auto [tx, rx] = make();
  auto [done_tx, done_rx] = unbounded_channel<int>();
  team others;
  others.run([rx = rx, done_tx = done_tx] {
    int count = 0;
    for (const int& message : rx)
      count += message;
    EXPECT_TRUE(done_tx.send(count));
  });
  {
    const auto copy = tx;
    drop(tx);
    ASSERT_TRUE(copy.send(1));
    ASSERT_TRUE(copy.send(1));
  }
  EXPECT_EQ(done_rx.recv(), 2);
}

TEST_P(mpsc, many_threads_send_and_one_counts) {
  auto [tx, rx] = make();
  const int n = scaled(500);
  constexpr int threads = 8;
  team others;
  for (int t = 0; t != threads; ++t) {
    others.run([tx = tx, n] {
      for (int i = 0; i != n; ++i)
        ASSERT_TRUE(tx.send(1));
    });
  }
  drop(tx);
  int count = 0;
  while (const auto message = rx.recv())
    count += *message;
  EXPECT_EQ(count, threads * n);
}

// The sender may be dropped by the thread that is just sending its last message: the
// state must live until that send has returned (wait_a_while of std's suite).
TEST_P(mpsc, a_handle_dropped_right_after_the_last_message) {
  for (int i = 0, n = scaled(200); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([tx = std::move(tx)]() mutable {
      ASSERT_TRUE(tx.send(1));
      drop(tx);
    });
    EXPECT_EQ(rx.recv(), 1);
    drop(rx);
  }
}

// The receiver goes as soon as it has its message, while the rendezvous partner is
// still inside of send().
TEST(mpsc_rendezvous, the_receiver_goes_while_the_sender_returns) {
  for (int i = 0, n = scaled(500); i != n; ++i) {
    auto [tx, rx] = bounded_channel<int>(0);
    team others;
    others.run([rx = std::move(rx)]() mutable {
      EXPECT_EQ(rx.recv(), 1);
      drop(rx);
    });
    EXPECT_TRUE(tx.send(1));
  }
}

TEST(mpsc_rendezvous, send_returns_only_after_the_message_was_taken) {
  auto [tx, rx] = bounded_channel<int>(0);
  std::atomic<bool> taking{false};
  team others;
  others.run([&taking, rx = rx] {
    let_others_wait();
    taking = true;
    EXPECT_EQ(rx.recv(), 1);
  });
  EXPECT_TRUE(tx.send(1));
  EXPECT_TRUE(taking);
}

TEST(mpsc_rendezvous, try_send_needs_a_waiting_receiver) {
  auto [tx, rx] = bounded_channel<int>(0);
  EXPECT_EQ(tx.try_send(1).error(), send_error::full);
  EXPECT_EQ(tx.try_send(1).error(), send_error::full);
  drop(rx);
  EXPECT_EQ(tx.try_send(1).error(), send_error::closed);
}

TEST(mpsc_bounded, send_waits_for_room) {
  auto [tx, rx] = bounded_channel<int>(2);
  std::atomic<int> sent{0};
  team others;
  others.run([&sent, tx = tx] {
    for (int i = 0; i != 4; ++i) {
      ASSERT_TRUE(tx.send(i));
      ++sent;
    }
  });
  while (sent != 2)
    std::this_thread::yield();
  let_others_wait();
  EXPECT_EQ(sent, 2);
  for (int i = 0; i != 4; ++i)
    EXPECT_EQ(rx.recv(), i);
}

TEST(mpsc_bounded, a_waiting_message_goes_behind_the_buffered_ones) {
  auto [tx, rx] = bounded_channel<int>(1);
  ASSERT_TRUE(tx.send(1));
  team others;
  others.run([tx = tx] { EXPECT_TRUE(tx.send(2)); });
  let_others_wait();
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(rx.recv(), 2);
}

// --- The other side fails ------------------------------------------------------------------------------

#if FEARLESS_DETAIL_EXCEPTIONS

TEST_P(mpsc, an_exception_on_the_sending_side_closes_the_channel) {
  auto [tx, rx] = make();
  auto task = std::async(std::launch::async, [tx = std::move(tx)]() mutable {
    const auto mine = std::move(tx);
    if (mine.capacity() != std::optional<std::size_t>(12345))
      throw 1;
  });
  EXPECT_EQ(rx.recv(), std::nullopt);
  EXPECT_THROW(task.get(), int);
}

TEST_P(mpsc, an_exception_on_the_receiving_side_closes_the_channel) {
  auto [tx, rx] = make();
  auto task = std::async(std::launch::async, [rx = std::move(rx)]() mutable {
    const auto mine = std::move(rx);
    if (mine.capacity() != std::optional<std::size_t>(12345))
      throw 1;
  });
  while (tx.send(1)) {
  }
  EXPECT_THROW(task.get(), int);
}

#endif

// --- Time-outs -----------------------------------------------------------------------------------------

// rust-lang/rust #39364, #94518: a receive that timed out, then a copied sender and a send.
TEST_P(mpsc, a_copy_of_the_sender_after_a_time_out) {
  auto [tx, rx] = make();
  EXPECT_EQ(rx.recv_for(1ms), std::nullopt);
  team others;
  others.run([tx = tx] {
    const auto copy = tx;
    EXPECT_TRUE(copy.send(1));
  });
  EXPECT_EQ(rx.recv_for(60s), 1);
}

// The same with the copy made while the receive is waiting.
TEST_P(mpsc, a_copy_of_the_sender_during_a_timed_receive) {
  for (int i = 0, n = scaled(30); i != n; ++i) {
    auto [tx, rx] = make();
    team others;
    others.run([tx = tx] {
      std::this_thread::sleep_for(300us);
      const auto copy = tx;
      ASSERT_TRUE(copy.send(1));
    });
    std::optional<int> got;
    while (!(got = rx.recv_for(200us))) {
    }
    EXPECT_EQ(got, 1);
  }
}

TEST_P(mpsc, a_timed_receive_ends_early_when_a_message_comes) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] { EXPECT_TRUE(tx.send(1)); });
  const auto begin = clock_type::now();
  EXPECT_EQ(rx.recv_for(600s), 1);
  EXPECT_LT(clock_type::now() - begin, 300s);
}

TEST_P(mpsc, one_thread_times_out_while_others_send) {
  auto [tx, rx] = make();
  const int n = scaled(50);
  team others;
  for (int t = 0; t != 4; ++t) {
    others.run([tx = tx, n] {
      for (int i = 0; i != n; ++i) {
        ASSERT_TRUE(tx.send(1));
        std::this_thread::sleep_for(50us);
      }
    });
  }
  drop(tx);
  int count = 0;
  for (;;) {
    if (rx.recv_for(20us))
      ++count;
    else if (rx.is_closed() && rx.empty())
      break;
  }
  while (rx.try_recv())
    ++count;
  EXPECT_EQ(count, 4 * n);
}

// std's very_long_recv_timeout_wont_panic.
TEST_P(mpsc, a_very_long_time_out) {
  auto [tx, rx] = make();
  team others;
  others.run([rx = rx] { EXPECT_EQ(rx.recv_for(std::chrono::seconds::max()), std::nullopt); });
  let_others_wait();
  drop(tx);
}

TEST_P(mpsc, a_time_out_in_floating_point) {
  auto [tx, rx] = make();
  EXPECT_EQ(rx.recv_for(std::chrono::duration<double>(0.002)), std::nullopt);
  EXPECT_EQ(rx.recv_for(std::chrono::duration<float, std::milli>(-1.5F)), std::nullopt);
}

// --- Iteration -------------------------------------------------------------------------------------------

TEST_P(mpsc, iteration_ends_early) {
  auto [tx, rx] = make();
  auto [count_tx, count_rx] = unbounded_channel<int>();
  team others;
  others.run([rx = std::move(rx), count_tx = count_tx] {
    int count = 0;
    for (const int message : rx) {
      if (count >= 3)
        break;
      count += message;
    }
    EXPECT_TRUE(count_tx.send(count));
  });
  ASSERT_TRUE(tx.send(2));
  ASSERT_TRUE(tx.send(2));
  ASSERT_TRUE(tx.send(2));
  static_cast<void>(tx.try_send(2));
  EXPECT_EQ(count_rx.recv(), 4);
}

TEST_P(mpsc, iteration_by_hand) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = std::move(tx)] {
    for (int i = 0; i != 3; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  auto it = rx.begin();
  static_assert(std::input_iterator<decltype(it)>);
  static_assert(std::sentinel_for<std::default_sentinel_t, decltype(it)>);
  for (int i = 0; i != 3; ++i, ++it) {
    ASSERT_NE(it, rx.end());
    EXPECT_EQ(*it, i);
  }
  EXPECT_EQ(it, rx.end());
}

TEST_P(mpsc, an_iterated_message_can_be_moved_out) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  team others;
  others.run([tx = std::move(tx)] {
    for (int i = 0; i != 5; ++i)
      ASSERT_TRUE(tx.send(std::make_unique<int>(i)));
  });
  std::vector<std::unique_ptr<int>> all;
  for (auto& message : rx)
    all.push_back(std::move(message));
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(*all[4], 4);
}

TEST_P(mpsc, requests_and_answers_with_try_iter) {
  auto [request_tx, request_rx] = unbounded_channel<int>();
  auto [tx, rx] = make();
  team others;
  others.run([request_rx = std::move(request_rx), tx = std::move(tx)] {
    for (const int r : request_rx) {
      static_cast<void>(r);
      if (!tx.send(2))
        return;
    }
  });
  int count = 0;
  while (count < 6) {
    for (const int message : rx.try_iter())
      count += message;
    if (count < 6) {
      ASSERT_TRUE(request_tx.send(1));
    }
    std::this_thread::yield();
  }
  EXPECT_EQ(count % 2, 0);
  drop(rx);
  drop(request_tx);
}

// --- Much memory, many channels ------------------------------------------------------------------------

TEST(mpsc_many, messages_in_an_unbounded_channel) {
  auto [tx, rx] = unbounded_channel<int>();
  const int n = scaled(200000);
  for (int i = 0; i != n; ++i)
    ASSERT_TRUE(tx.send(i));
  EXPECT_EQ(rx.size(), static_cast<std::size_t>(n));
  for (int i = 0; i != n; ++i)
    ASSERT_EQ(rx.recv(), i);
}

TEST_P(mpsc, many_channels) {
  std::vector<fearless::channel_ends<int>> all;
  for (int i = 0; i != 1000; ++i)
    all.push_back(make());
  for (std::size_t i = 1; i != all.size(); ++i)
    EXPECT_FALSE(all[i].tx.same_channel(all[i - 1].rx));
}

} // namespace
