// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The selector class: a set of operations that is made at run time, used again and
// again, and of any size. Facts after crossbeam-channel's tests of Select.

#include "channel_test_support.h"

#include <algorithm>
#include <memory>

namespace {

using namespace fearless_test;
using fearless::bounded_channel;
using fearless::selector;
using fearless::unbounded_channel;

class selector_over : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, selector_over, testing::ValuesIn(every_flavour), name_of_flavour());
class selector_over_buffered : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, selector_over_buffered, testing::ValuesIn(buffered_flavours),
                         name_of_flavour());

TEST_P(selector_over_buffered, receives_and_sends) {
  auto [tx, rx] = make();
  std::optional<int> in;
  std::optional<int> out = 4;
  selector s;
  const auto sending = s.add_send(tx, out);
  EXPECT_EQ(s.select(), sending);
  EXPECT_EQ(out, std::nullopt);
  const auto receiving = s.add_recv(rx, in);
  EXPECT_EQ(s.select(), receiving) << "nothing to send any more";
  EXPECT_EQ(in, 4);
}

TEST_P(selector_over, try_select_finds_nothing) {
  auto [tx, rx] = make();
  std::optional<int> in;
  selector s;
  s.add_recv(rx, in);
  EXPECT_EQ(s.try_select(), std::nullopt);
  EXPECT_EQ(in, std::nullopt);
}

TEST_P(selector_over_buffered, try_select_takes_what_is_there) {
  auto [tx, rx] = make();
  ASSERT_TRUE(tx.send(1));
  std::optional<int> in;
  selector s;
  s.add_recv(rx, in);
  EXPECT_EQ(s.try_select(), 0U);
  EXPECT_EQ(in, 1);
  EXPECT_EQ(s.try_select(), std::nullopt);
  EXPECT_EQ(in, 1) << "untouched by a select that found nothing";
}

TEST_P(selector_over, select_for_and_until_give_up) {
  auto [tx, rx] = make();
  std::optional<int> in;
  selector s;
  s.add_recv(rx, in);
  auto begin = clock_type::now();
  EXPECT_EQ(s.select_for(5ms), std::nullopt);
  EXPECT_GE(clock_type::now() - begin, 5ms);
  begin = clock_type::now();
  EXPECT_EQ(s.select_until(begin + 5ms), std::nullopt);
  EXPECT_GE(clock_type::now() - begin, 5ms);
}

TEST_P(selector_over, select_for_gets_what_comes) {
  auto [tx, rx] = make();
  std::optional<int> in;
  selector s;
  s.add_recv(rx, in);
  team others;
  others.run([tx = tx] {
    let_others_wait();
    EXPECT_TRUE(tx.send(3));
  });
  EXPECT_EQ(s.select_for(60s), 0U);
  EXPECT_EQ(in, 3);
}

TEST_P(selector_over, says_closed_by_an_empty_message) {
  auto [tx, rx] = make();
  drop(tx);
  std::optional<int> in = 99; // of an earlier round
  selector s;
  s.add_recv(rx, in);
  EXPECT_EQ(s.select(), 0U);
  EXPECT_EQ(in, std::nullopt);
}

TEST_P(selector_over, keeps_a_message_that_finds_the_channel_closed) {
  auto [tx, rx] = make<std::string>();
  drop(rx);
  std::optional<std::string> out = "still here";
  selector s;
  s.add_send(tx, out);
  EXPECT_EQ(s.select(), 0U);
  EXPECT_EQ(out, "still here");
}

TEST_P(selector_over, is_used_again_and_again) {
  auto [tx, rx] = make();
  const int n = scaled(1000);
  team others;
  others.run([tx = tx, n] {
    std::optional<int> out;
    selector s;
    s.add_send(tx, out);
    for (int i = 0; i != n; ++i) {
      out = i;
      s.select();
      ASSERT_FALSE(out);
    }
  });
  std::optional<int> in;
  selector s;
  s.add_recv(rx, in);
  for (int i = 0; i != n; ++i) {
    s.select();
    ASSERT_EQ(in, i);
  }
}

TEST(selector, removes_operations) {
  auto [tx_a, rx_a] = unbounded_channel<int>();
  auto [tx_b, rx_b] = unbounded_channel<int>();
  std::optional<int> in;
  selector s;
  const auto a = s.add_recv(rx_a, in);
  const auto b = s.add_recv(rx_b, in);
  drop(tx_a);
  EXPECT_EQ(s.select(), a);
  s.remove(a);
  EXPECT_EQ(s.try_select(), std::nullopt);
  ASSERT_TRUE(tx_b.send(1));
  EXPECT_EQ(s.select(), b);
  EXPECT_EQ(in, 1);
  s.remove(b);
  EXPECT_EQ(s.select_for(1ms), std::nullopt);
}

TEST(selector, removing_twice_ends_the_program) {
  auto [tx, rx] = unbounded_channel<int>();
  std::optional<int> in;
  selector s;
  s.add_recv(rx, in);
  s.remove(0);
  EXPECT_DEATH(s.remove(0), "there is no such operation");
  EXPECT_DEATH(s.remove(5), "there is no such operation");
}

TEST(selector, receives_from_channels_until_all_are_closed) {
  constexpr std::size_t channels = 5;
  std::vector<fearless::receiver<int>> receivers;
  team others;
  for (std::size_t c = 0; c != channels; ++c) {
    auto [tx, rx] = bounded_channel<int>(c); // 0 to 4: a rendezvous among them
    receivers.push_back(rx);
    others.run([tx = std::move(tx)] {
      for (int i = 1; i <= 100; ++i)
        ASSERT_TRUE(tx.send(i));
    });
  }
  std::optional<int> in;
  selector s;
  for (const auto& rx : receivers)
    s.add_recv(rx, in);
  int sum = 0;
  for (std::size_t open = channels; open != 0;) {
    const std::size_t chosen = s.select();
    if (in) {
      sum += *in;
    } else {
      s.remove(chosen);
      --open;
    }
  }
  EXPECT_EQ(sum, 5 * 5050);
}

TEST(selector, without_operations_waits_for_the_deadline) {
  selector s;
  EXPECT_EQ(s.try_select(), std::nullopt);
  EXPECT_EQ(s.select_for(2ms), std::nullopt);
}

TEST(selector, has_hundreds_of_operations) {
  constexpr std::size_t n = 300;
  std::vector<fearless::channel_ends<std::size_t>> ends;
  std::optional<std::size_t> in;
  selector s;
  for (std::size_t i = 0; i != n; ++i)
    ends.push_back(i % 2 == 0 ? unbounded_channel<std::size_t>() : bounded_channel<std::size_t>(0));
  for (const auto& e : ends)
    s.add_recv(e.rx, in);
  team others;
  others.run([&ends] {
    for (std::size_t i = n; i != 0; --i)
      ASSERT_TRUE(ends[i - 1].tx.send(i - 1));
  });
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i != n; ++i) {
    const std::size_t chosen = s.select();
    EXPECT_EQ(in, chosen);
    seen.insert(chosen);
  }
  EXPECT_EQ(seen.size(), n);
}

TEST(selector, is_fair) {
  std::vector<fearless::channel_ends<int>> ends;
  std::optional<int> in;
  selector s;
  for (int i = 0; i != 10; ++i) // more than fit inside, so that the list has grown
    ends.push_back(unbounded_channel<int>());
  for (const auto& e : ends) {
    s.add_recv(e.rx, in);
    for (int i = 0; i != 2000; ++i)
      ASSERT_TRUE(e.tx.send(1));
  }
  std::vector<int> chosen(10, 0);
  for (int i = 0; i != 2000; ++i)
    ++chosen[s.select()];
  for (const int count : chosen)
    EXPECT_GT(count, 100) << "expected about 200 of 2000";
}

TEST(selector, biased_takes_the_first) {
  auto [tx_a, rx_a] = unbounded_channel<int>();
  auto [tx_b, rx_b] = unbounded_channel<int>();
  std::optional<int> in;
  selector s(selector::order::biased);
  s.add_recv(rx_a, in);
  s.add_recv(rx_b, in);
  for (int i = 0; i != 50; ++i) {
    ASSERT_TRUE(tx_a.send(1) && tx_b.send(2));
  }
  for (int i = 0; i != 50; ++i)
    ASSERT_EQ(s.select(), 0U);
  for (int i = 0; i != 50; ++i)
    ASSERT_EQ(s.select(), 1U);
}

TEST(selector, mixes_types_directions_and_timers) {
  auto [tx, rx] = bounded_channel<std::unique_ptr<int>>(1);
  auto [tx2, rx2] = bounded_channel<std::string>(0);
  const auto timer = fearless::after(20ms);
  std::optional<std::unique_ptr<int>> in;
  std::optional<std::string> out = "never taken";
  std::optional<fearless::time_message> when;
  selector s;
  const auto a = s.add_recv(rx, in);
  s.add_send(tx2, out);
  const auto c = s.add_recv(timer, when);
  ASSERT_TRUE(tx.send(std::make_unique<int>(5)));
  EXPECT_EQ(s.select(), a);
  EXPECT_EQ(**in, 5);
  EXPECT_EQ(s.select(), c);
  EXPECT_TRUE(when);
  EXPECT_EQ(out, "never taken");
  EXPECT_EQ(s.select_for(2ms), std::nullopt);
}

struct heavy {
  explicit heavy(int v) : value(v) {}
  int value;
  char rest[4000] = {};
};

TEST_P(selector_over, carries_large_messages_both_ways) {
  auto [tx, rx] = make<heavy>();
  team others;
  others.run([tx = tx] {
    std::optional<heavy> out;
    std::optional<int> nothing;
    auto [idle_tx, idle_rx] = unbounded_channel<int>();
    selector s;
    s.add_recv(idle_rx, nothing);
    s.add_send(tx, out);
    for (int i = 0; i != 30; ++i) {
      out.emplace(i);
      EXPECT_EQ(s.select(), 1U);
      EXPECT_FALSE(out);
    }
  });
  std::optional<heavy> in;
  selector s;
  s.add_recv(rx, in);
  for (int i = 0; i != 30; ++i) {
    s.select();
    ASSERT_TRUE(in);
    ASSERT_EQ(in->value, i);
  }
}

TEST(selector, a_large_message_that_is_not_sent_stays) {
  auto [tx, rx] = bounded_channel<heavy>(0);
  std::optional<heavy> out;
  out.emplace(6);
  selector s;
  s.add_send(tx, out);
  EXPECT_EQ(s.try_select(), std::nullopt);
  EXPECT_EQ(s.select_for(1ms), std::nullopt);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->value, 6);
}

#if FEARLESS_DETAIL_EXCEPTIONS

/// Throws when moved while armed.
struct brittle {
  static bool& armed() {
    static bool value = false;
    return value;
  }
  explicit brittle(int v) : value(v) {}
  brittle(brittle&& other) noexcept(false) : value(other.value) {
    if (armed())
      throw value;
  }
  int value;
};

// The first message has been taken over when the second one throws: it must come back.
TEST(selector, a_throw_while_messages_are_taken_over_gives_the_others_back) {
  struct solid {
    explicit solid(int v) : value(v) {}
    int value;
    char rest[4000] = {};
  };
  auto [tx_a, rx_a] = bounded_channel<solid>(1);
  auto [tx_b, rx_b] = bounded_channel<brittle>(1);
  std::optional<solid> a;
  std::optional<brittle> b;
  a.emplace(1);
  b.emplace(2);
  selector s;
  s.add_send(tx_a, a);
  s.add_send(tx_b, b);
  brittle::armed() = true;
  EXPECT_THROW(s.select(), int);
  brittle::armed() = false;
  ASSERT_TRUE(a);
  EXPECT_EQ(a->value, 1);
  EXPECT_TRUE(b);
  EXPECT_TRUE(rx_a.empty());
  EXPECT_TRUE(rx_b.empty());
  s.select();
  s.select();
  EXPECT_EQ(rx_a.recv()->value, 1);
  EXPECT_EQ(rx_b.recv()->value, 2);
}

#endif

// A thread that comes and goes while others are registered: no stale registration.
TEST_P(selector_over, many_short_selects_against_a_stream) {
  auto [tx, rx] = make();
  const int n = scaled(1000);
  std::atomic<int> received{0};
  {
    team others;
    for (int t = 0; t != 3; ++t) {
      others.run([&received, rx = rx, n] {
        while (received < n) {
          std::optional<int> in;
          selector s;
          s.add_recv(rx, in);
          s.add_recv(rx, in);
          if (s.select_for(100us) && in)
            ++received;
        }
      });
    }
    others.run([tx = tx, n] {
      for (int i = 0; i != n; ++i)
        ASSERT_TRUE(tx.send(i));
    });
  }
  EXPECT_EQ(received, n);
}

} // namespace
