// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// select() with handlers: facts that crossbeam-channel's select! tests check, for mixed
// types and flavours.

#include "channel_test_support.h"

#include <memory>
#include <stdexcept>

namespace {

using namespace fearless_test;
using fearless::bounded_channel;
using fearless::never;
using fearless::on_recv;
using fearless::on_send;
using fearless::on_send_from;
using fearless::otherwise;
using fearless::select;
using fearless::select_biased;
using fearless::send_error;
using fearless::timeout;
using fearless::unbounded_channel;

const auto unexpected = [](auto&&...) { FAIL() << "this branch must not run"; };
const auto ignore = [](auto&&...) {};

class select_over : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, select_over, testing::ValuesIn(every_flavour), name_of_flavour());
class select_over_buffered : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, select_over_buffered, testing::ValuesIn(buffered_flavours),
                         name_of_flavour());
class select_over_limited : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, select_over_limited, testing::ValuesIn(limited_flavours),
                         name_of_flavour());

// --- One ready branch -------------------------------------------------------------------------------

TEST_P(select_over_buffered, receives_what_is_there) {
  auto [tx, rx] = make();
  auto [tx2, rx2] = make<std::string>();
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(select(on_recv(rx2, unexpected), on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 1); })),
            1U);
  ASSERT_TRUE(tx2.send("two"));
  EXPECT_EQ(select(on_recv(rx2, [](std::optional<std::string> m) { EXPECT_EQ(m, "two"); }),
                   on_recv(rx, unexpected)),
            0U);
}

TEST_P(select_over_buffered, sends_where_there_is_room) {
  auto [tx, rx] = make();
  EXPECT_EQ(select(on_send(tx, 5, [](fearless::send_result<int> r) { EXPECT_TRUE(r); }),
                   on_recv(never<int>(), unexpected)),
            0U);
  EXPECT_EQ(rx.recv(), 5);
}

TEST_P(select_over, waits_for_a_message) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] {
    let_others_wait();
    EXPECT_TRUE(tx.send(9));
  });
  select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 9); }),
         on_recv(never<std::string>(), unexpected));
}

TEST_P(select_over, waits_for_room) {
  auto [tx, rx] = make();
  while (GetParam().bounded && tx.try_send(0)) {
  }
  team others;
  others.run([rx = rx] {
    let_others_wait();
    while (rx.recv() != 9) {
    }
  });
  select(on_send(tx, 9, [](fearless::send_result<int> r) { EXPECT_TRUE(r); }),
         on_recv(never<std::string>(), unexpected));
}

TEST_P(select_over, a_closed_channel_is_ready_to_receive) {
  auto [tx, rx] = make();
  drop(tx);
  EXPECT_EQ(select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, std::nullopt); }),
                   on_recv(never<int>(), unexpected)),
            0U);
}

TEST_P(select_over, a_closed_channel_is_ready_to_send_and_gives_the_message_back) {
  auto [tx, rx] = make<std::string>();
  drop(rx);
  EXPECT_EQ(select(on_send(tx, std::string("back"),
                           [](fearless::send_result<std::string> r) {
                             EXPECT_EQ(r.error(), send_error::closed);
                             EXPECT_EQ(r.take(), "back");
                           }),
                   on_recv(never<int>(), unexpected)),
            0U);
}

TEST_P(select_over, closing_ends_the_wait_to_receive) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = std::move(tx)] { let_others_wait(); });
  select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, std::nullopt); }),
         on_recv(never<int>(), unexpected));
}

TEST_P(select_over_limited, closing_ends_the_wait_to_send) {
  auto [tx, rx] = make();
  while (tx.try_send(0)) {
  }
  team others;
  others.run([rx = std::move(rx)] { let_others_wait(); });
  select(on_send(tx, 9, [](fearless::send_result<int> r) { EXPECT_EQ(r.error(), send_error::closed); }),
         on_recv(never<int>(), unexpected));
}

TEST_P(select_over_buffered, drains_before_it_says_closed) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  drop(tx);
  select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 1); }));
  select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, std::nullopt); }));
}

// --- otherwise and timeout --------------------------------------------------------------------------

TEST_P(select_over, otherwise_runs_when_nothing_is_ready) {
  auto [tx, rx] = make();
  int ran = 0;
  EXPECT_EQ(select(on_recv(rx, unexpected), otherwise([&] { ++ran; })), 1U);
  EXPECT_EQ(ran, 1);
}

TEST_P(select_over_limited, otherwise_runs_when_there_is_no_room) {
  auto [tx, rx] = make();
  while (tx.try_send(0)) {
  }
  EXPECT_EQ(select(otherwise(ignore), on_send(tx, 1, unexpected)), 0U);
}

TEST_P(select_over_buffered, otherwise_does_not_run_when_a_branch_is_ready) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(select(on_recv(rx, ignore), otherwise(unexpected)), 0U);
  drop(tx);
  EXPECT_EQ(select(on_recv(rx, ignore), otherwise(unexpected)), 0U);
}

TEST(select_alone, otherwise) {
  int ran = 0;
  EXPECT_EQ(select(otherwise([&] { ++ran; })), 0U);
  EXPECT_EQ(ran, 1);
}

TEST(select_alone, timeout) {
  const auto begin = clock_type::now();
  EXPECT_EQ(select(timeout(5ms, ignore)), 0U);
  EXPECT_GE(clock_type::now() - begin, 5ms);
}

TEST_P(select_over, timeout_runs_when_nothing_came) {
  auto [tx, rx] = make();
  const auto begin = clock_type::now();
  EXPECT_EQ(select(on_recv(rx, unexpected), timeout(10ms, ignore)), 1U);
  EXPECT_GE(clock_type::now() - begin, 10ms);
}

TEST_P(select_over, timeout_at_a_point_in_time) {
  auto [tx, rx] = make();
  const auto deadline = clock_type::now() + 10ms;
  EXPECT_EQ(select(on_recv(rx, unexpected), timeout(deadline, ignore)), 1U);
  EXPECT_GE(clock_type::now(), deadline);
}

TEST_P(select_over, timeout_does_not_run_when_a_message_comes) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] {
    let_others_wait();
    EXPECT_TRUE(tx.send(1));
  });
  EXPECT_EQ(select(on_recv(rx, ignore), timeout(60s, unexpected)), 0U);
}

TEST_P(select_over_buffered, a_passed_deadline_still_takes_what_is_there) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(select(on_recv(rx, ignore), timeout(-1h, unexpected)), 0U);
}

TEST_P(select_over, the_longest_timeout_does_not_overflow) {
  auto [tx, rx] = make();
  team others;
  others.run([tx = tx] {
    let_others_wait();
    EXPECT_TRUE(tx.send(1));
  });
  EXPECT_EQ(select(on_recv(rx, ignore), timeout(std::chrono::hours::max(), unexpected)), 0U);
}

// A select that gave up must leave no trace: the next message goes to the next receive.
TEST_P(select_over, leaves_nothing_behind) {
  auto [tx, rx] = make();
  for (int i = 0; i != 5; ++i) {
    select(on_recv(rx, unexpected), timeout(1ms, ignore));
    team others;
    others.run([tx = tx, i] { EXPECT_TRUE(tx.send(i)); });
    EXPECT_EQ(rx.recv(), i);
  }
}

TEST_P(select_over_limited, a_send_that_was_not_chosen_sends_nothing) {
  auto [tx, rx] = make();
  while (tx.try_send(0)) {
  }
  select(on_send(tx, 77, unexpected), timeout(1ms, ignore));
  drop(tx);
  for (const int m : rx)
    EXPECT_EQ(m, 0);
}

// --- Messages of a select -----------------------------------------------------------------------------

TEST_P(select_over, carries_move_only_messages) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  team others;
  others.run([tx = tx] {
    for (int i = 0; i != 50; ++i) {
      select(on_send(tx, std::make_unique<int>(i), [](auto result) { EXPECT_TRUE(result); }),
             on_recv(never<int>(), unexpected));
    }
  });
  for (int i = 0; i != 50; ++i) {
    select(on_recv(rx, [&](std::optional<std::unique_ptr<int>> m) { EXPECT_EQ(**m, i); }),
           on_recv(never<int>(), unexpected));
  }
}

TEST_P(select_over, carries_large_messages) {
  struct large {
    int value;
    char rest[5000];
  };
  auto [tx, rx] = make<large>();
  team others;
  others.run([tx = tx] {
    for (int i = 0; i != 50; ++i)
      select(on_send(tx, large{i, {}}, [](auto result) { EXPECT_TRUE(result); }));
  });
  for (int i = 0; i != 50; ++i)
    select(on_recv(rx, [&](std::optional<large> m) { EXPECT_EQ(m->value, i); }));
}

TEST_P(select_over_limited, on_send_from_keeps_a_message_that_was_not_sent) {
  auto [tx, rx] = make<std::string>();
  while (tx.try_send("x")) {
  }
  std::optional<std::string> message = "precious";
  select(on_send_from(tx, message, unexpected), otherwise(ignore));
  EXPECT_EQ(message, "precious");
  drop(rx);
  select(on_send_from(tx, message, [](bool sent) { EXPECT_FALSE(sent); }));
  EXPECT_EQ(message, "precious");
}

TEST_P(select_over, on_send_from_empties_what_it_sent) {
  auto [tx, rx] = make<std::string>();
  std::optional<std::string> message = "hello";
  team others;
  others.run([rx = rx] { EXPECT_EQ(rx.recv(), "hello"); });
  select(on_send_from(tx, message, [](bool sent) { EXPECT_TRUE(sent); }));
  EXPECT_EQ(message, std::nullopt);
}

TEST_P(select_over, on_send_from_nothing_is_switched_off) {
  auto [tx, rx] = make<std::string>();
  std::optional<std::string> message;
  EXPECT_EQ(select(on_send_from(tx, message, unexpected), timeout(1ms, ignore)), 1U);
  EXPECT_EQ(rx.try_recv(), std::nullopt);
}

TEST_P(select_over_limited, on_send_from_keeps_a_large_message) {
  struct large {
    int value;
    char rest[5000];
  };
  auto [tx, rx] = make<large>();
  while (tx.try_send(large{0, {}})) {
  }
  std::optional<large> message = large{5, {}};
  select(on_send_from(tx, message, unexpected), timeout(1ms, ignore));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->value, 5);
}

TEST(select_messages, every_message_dies_once) {
  {
    auto [tx, rx] = unbounded_channel<counted>();
    auto [tx2, rx2] = bounded_channel<counted>(1);
    for (int i = 0; i != 50; ++i) {
      select(on_send(tx, counted(i), ignore), on_send(tx2, counted(i), ignore));
      select(on_recv(rx, ignore), on_recv(rx2, ignore), otherwise(unexpected));
      select(on_send(tx2, counted(i), ignore), otherwise(ignore));
    }
  }
  EXPECT_EQ(counted::alive(), 0);
}

#if FEARLESS_DETAIL_EXCEPTIONS
TEST(select_messages, a_throwing_handler_throws_out_of_select) {
  auto [tx, rx] = unbounded_channel<int>();
  ASSERT_TRUE(tx.send(1));
  EXPECT_THROW(select(on_recv(rx, [](std::optional<int>) { throw std::runtime_error("x"); })),
               std::runtime_error);
  EXPECT_EQ(rx.try_recv(), std::nullopt) << "the message had been received";
}
#endif

TEST(select_messages, a_handler_may_use_the_channels) {
  auto [tx, rx] = bounded_channel<int>(1);
  ASSERT_TRUE(tx.send(1));
  select(on_recv(rx, [&tx = tx, &rx = rx](std::optional<int> m) {
    EXPECT_TRUE(tx.send(*m + 1));
    select(on_recv(rx, [](std::optional<int> inner) { EXPECT_EQ(inner, 2); }));
  }));
}

TEST(select_messages, handlers_may_be_lvalues_and_move_only) {
  auto [tx, rx] = unbounded_channel<int>();
  int sum = 0;
  auto handler = [&sum](std::optional<int> m) mutable { sum += *m; };
  auto owner = [p = std::make_unique<int>(10), &sum](std::optional<int> m) { sum += *m * *p; };
  ASSERT_TRUE(tx.send(1));
  select(on_recv(rx, handler));
  ASSERT_TRUE(tx.send(2));
  select(on_recv(rx, std::move(owner)));
  EXPECT_EQ(sum, 21);
}

// --- Fairness -------------------------------------------------------------------------------------------

TEST_P(select_over_buffered, ready_branches_are_equally_likely) {
  std::vector<int> chosen(3, 0);
  for (int i = 0; i != 600; ++i) {
    auto [tx_a, rx_a] = make();
    auto [tx_b, rx_b] = make();
    auto [tx_c, rx_c] = make();
    ASSERT_TRUE(tx_a.send(1) && tx_b.send(1) && tx_c.send(1));
    ++chosen[select(on_recv(rx_a, ignore), on_recv(rx_b, ignore), on_recv(rx_c, ignore))];
  }
  for (const int count : chosen)
    EXPECT_GT(count, 100) << "expected about 200 of 600";
}

TEST(select_fairness, unready_neighbours_give_no_advantage) {
  std::vector<int> chosen(6, 0);
  const auto none = never<int>();
  for (int i = 0; i != 900; ++i) {
    auto [tx_a, rx_a] = unbounded_channel<int>();
    auto [tx_b, rx_b] = unbounded_channel<int>();
    auto [tx_c, rx_c] = unbounded_channel<int>();
    ASSERT_TRUE(tx_a.send(1) && tx_b.send(1) && tx_c.send(1));
    ++chosen[select(on_recv(rx_a, ignore), on_recv(rx_b, ignore), on_recv(rx_c, ignore),
                    on_recv(none, unexpected), on_recv(none, unexpected), on_recv(none, unexpected))];
  }
  for (int i = 0; i != 3; ++i)
    EXPECT_GT(chosen[static_cast<std::size_t>(i)], 200) << "expected about 300 of 900";
}

TEST(select_fairness, duplicates_count_each) {
  auto [tx, rx] = unbounded_channel<int>();
  std::vector<int> chosen(3, 0);
  for (int i = 0; i != 600; ++i) {
    ASSERT_TRUE(tx.send(1));
    ++chosen[select(on_recv(rx, ignore), on_recv(rx, ignore), on_recv(rx, ignore))];
  }
  for (const int count : chosen)
    EXPECT_GT(count, 100);
}

TEST(select_fairness, sending_and_receiving_are_equally_likely) {
  auto [tx, rx] = unbounded_channel<int>();
  std::vector<int> chosen(2, 0);
  for (int i = 0; i != 50; ++i)
    ASSERT_TRUE(tx.send(1));
  for (int i = 0; i != 600 && !rx.empty(); ++i)
    ++chosen[select(on_recv(rx, ignore), on_send(tx, 1, ignore))];
  EXPECT_GT(chosen[0], 0);
  EXPECT_GT(chosen[1], 0);
}

TEST(select_fairness, biased_prefers_the_first) {
  auto [tx_a, rx_a] = unbounded_channel<int>();
  auto [tx_b, rx_b] = unbounded_channel<int>();
  for (int i = 0; i != 100; ++i) {
    ASSERT_TRUE(tx_a.send(1) && tx_b.send(1));
  }
  for (int i = 0; i != 100; ++i)
    ASSERT_EQ(select_biased(on_recv(rx_a, ignore), on_recv(rx_b, ignore)), 0U);
  for (int i = 0; i != 100; ++i)
    ASSERT_EQ(select_biased(on_recv(rx_a, unexpected), on_recv(rx_b, ignore)), 1U);
}

TEST(select_fairness, the_mix_of_ready_and_late_starves_nobody) {
  auto [tx_a, rx_a] = bounded_channel<int>(0);
  auto [tx_b, rx_b] = unbounded_channel<int>();
  const int n = scaled(300);
  team others;
  others.run([tx = tx_a, n] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  others.run([tx = tx_b, n] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(tx.send(i));
  });
  int a = 0;
  int b = 0;
  while (a + b != 2 * n) {
    select(on_recv(rx_a, [&](std::optional<int> m) { EXPECT_EQ(m, a++); }),
           on_recv(rx_b, [&](std::optional<int> m) { EXPECT_EQ(m, b++); }));
  }
}

// --- Selects that meet ---------------------------------------------------------------------------------

// A select with both directions of one channel must not serve itself.
TEST_P(select_over_limited, does_not_pair_with_itself) {
  auto [tx, rx] = make();
  const std::size_t capacity = GetParam().capacity;
  for (std::size_t i = 0; i != capacity; ++i)
    ASSERT_TRUE(tx.try_send(0));
  if (capacity != 0)
    return; // a buffered channel is always ready in one direction
  EXPECT_EQ(select(on_send(tx, 1, unexpected), on_recv(rx, unexpected), timeout(5ms, ignore)), 2U);
}

TEST(select_meeting, two_selects_on_one_rendezvous) {
  auto [tx, rx] = bounded_channel<int>(0);
  const int n = scaled(2000);
  std::atomic<int> sent{0};
  std::atomic<int> received{0};
  {
    team others;
    for (int t = 0; t != 2; ++t) {
      others.run([&, tx = tx, rx = rx] {
        for (int i = 0; i != n; ++i) {
          select(on_send(tx, i, [&](auto result) { sent += static_cast<bool>(result); }),
                 on_recv(rx, [&](std::optional<int> m) { received += m.has_value(); }));
        }
      });
    }
  }
  EXPECT_EQ(sent, received);
  EXPECT_EQ(sent + received, 2 * n);
}

// Each offers on the channel where the other listens, in opposite order.
TEST(select_meeting, crossing_selects_do_not_deadlock) {
  auto [tx_a, rx_a] = bounded_channel<int>(0);
  auto [tx_b, rx_b] = bounded_channel<int>(0);
  const int n = scaled(2000);
  team others;
  others.run([&, n, tx_a = tx_a, rx_b = rx_b] {
    for (int i = 0; i != n; ++i)
      select(on_send(tx_a, i, ignore), on_recv(rx_b, ignore));
  });
  others.run([&, n, tx_b = tx_b, rx_a = rx_a] {
    for (int i = 0; i != n; ++i)
      select(on_send(tx_b, i, ignore), on_recv(rx_a, ignore));
  });
}

TEST_P(select_over, selecting_on_both_sides_loses_nothing) {
  constexpr std::size_t channels = 3;
  const int n = scaled(1500);
  std::vector<fearless::channel_ends<int>> ends;
  for (std::size_t c = 0; c != channels; ++c)
    ends.push_back(make());
  std::atomic<long> sum_in{0};
  std::atomic<long> sum_out{0};
  {
    team others;
    for (int t = 0; t != 2; ++t) {
      others.run([&, n] {
        for (int i = 0; i != n; ++i) {
          sum_in += i;
          select(on_send(ends[0].tx, i, ignore), on_send(ends[1].tx, i, ignore),
                 on_send(ends[2].tx, i, ignore));
        }
      });
      others.run([&, n] {
        for (int i = 0; i != n; ++i) {
          const auto add = [&](std::optional<int> m) { sum_out += *m; };
          select(on_recv(ends[0].rx, add), on_recv(ends[1].rx, add), on_recv(ends[2].rx, add));
        }
      });
    }
  }
  EXPECT_EQ(sum_in, sum_out);
}

TEST_P(select_over, mixes_with_plain_operations) {
  const int n = scaled(1000);
  auto [tx, rx] = make();
  auto [tx2, rx2] = make();
  std::atomic<int> received{0};
  {
    team others;
    others.run([tx = tx, n] {
      for (int i = 0; i != n; ++i)
        ASSERT_TRUE(tx.send(i));
    });
    others.run([tx = tx2, n] {
      for (int i = 0; i != n; ++i)
        select(on_send(tx, i, ignore), on_recv(never<int>(), unexpected));
    });
    others.run([&, n, rx = rx, rx2 = rx2] {
      for (int i = 0; i != n; ++i) {
        select(on_recv(rx, [&](std::optional<int>) { ++received; }),
               on_recv(rx2, [&](std::optional<int>) { ++received; }));
      }
    });
    others.run([&, n, rx = rx, rx2 = rx2] {
      for (int i = 0; i != n; ++i) {
        // Alternates between time-outs and polls, over both channels.
        for (;;) {
          if (rx.recv_for(50us) || rx2.try_recv()) {
            ++received;
            break;
          }
        }
      }
    });
  }
  EXPECT_EQ(received, 2 * n);
}

TEST_P(select_over, time_outs_on_both_sides_lose_nothing) {
  auto [tx, rx] = make();
  const int n = scaled(100);
  team others;
  others.run([tx = tx, n] {
    for (int i = 0; i != n;) {
      if (i % 2 == 0)
        std::this_thread::sleep_for(100us);
      select(on_send(tx, i, [&](auto result) { i += static_cast<bool>(result); }),
             timeout(100us, ignore));
    }
  });
  for (int i = 0; i != n;) {
    select(on_recv(rx, [&](std::optional<int> m) { ASSERT_EQ(m, i++); }), timeout(50us, ignore));
  }
}

TEST_P(select_over, closing_ends_every_select) {
  auto [tx, rx] = make();
  auto [tx2, rx2] = make<std::string>();
  team others;
  for (int t = 0; t != 3; ++t) {
    others.run([rx = rx, rx2 = rx2] {
      select(on_recv(rx, [](std::optional<int> m) { EXPECT_FALSE(m); }),
             on_recv(rx2, [](std::optional<std::string> m) { EXPECT_FALSE(m); }));
    });
  }
  let_others_wait();
  drop(tx2);
}

} // namespace
