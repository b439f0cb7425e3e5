// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts from the tests of Go's channels (test/chan, runtime/chan_test.go), in the
// selection that crossbeam-channel keeps: what Go programs build out of channels must
// work with these. "Go routines" are threads here, so the numbers are smaller.

#include "channel_test_support.h"

#include <deque>
#include <functional>
#include <memory>

namespace {

using namespace fearless_test;
using fearless::bounded_channel;
using fearless::never;
using fearless::on_recv;
using fearless::on_send;
using fearless::otherwise;
using fearless::select;
using fearless::send_error;
using fearless::unbounded_channel;

const auto ignore = [](auto&&...) {};
const auto unexpected = [](auto&&...) { FAIL() << "this branch must not run"; };

// doubleselect: a message sent by a select to one of several branches of the same
// channel is never delivered twice.
TEST(golang, a_select_sends_once) {
  constexpr std::size_t ways = 4;
  const int n = scaled(2000);
  std::vector<fearless::sender<int>> tx;
  std::vector<fearless::receiver<int>> rx;
  for (std::size_t i = 0; i != ways; ++i) {
    auto ends = bounded_channel<int>(0);
    tx.push_back(std::move(ends.tx));
    rx.push_back(std::move(ends.rx));
  }
  auto [all_tx, all_rx] = bounded_channel<int>(0);
  team others;
  others.run([c = std::move(tx), n] {
    for (int i = 0; i != n; ++i)
      select(on_send(c[0], i, ignore), on_send(c[1], i, ignore), on_send(c[2], i, ignore),
             on_send(c[3], i, ignore));
  });
  for (std::size_t i = 0; i != ways; ++i) {
    others.run([from = std::move(rx[i]), all = all_tx] {
      for (const int message : from)
        ASSERT_TRUE(all.send(message));
    });
  }
  drop(all_tx);
  std::set<int> seen;
  for (const int message : all_rx)
    EXPECT_TRUE(seen.insert(message).second) << message << " came twice";
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(n));
}

// fifo: an asynchronous channel keeps the order within one thread.
TEST(golang, fifo_of_a_buffered_channel) {
  auto [tx, rx] = bounded_channel<int>(10);
  for (int i = 0; i != 10; ++i)
    ASSERT_TRUE(tx.send(i));
  for (int i = 0; i != 10; ++i)
    EXPECT_EQ(rx.recv(), i);
}

// fifo: a chain of threads passes a token through rendezvous channels in order.
TEST(golang, fifo_of_a_chain) {
  auto [tx, rx] = bounded_channel<int>(0);
  auto first = tx;
  auto in = rx;
  drop(tx);
  team others;
  for (int i = 0; i != 10; ++i) {
    auto next = bounded_channel<int>(0);
    others.run([in, tx = next.tx, i] {
      EXPECT_EQ(in.recv(), i);
      EXPECT_TRUE(tx.send(i + 1));
    });
    in = next.rx;
  }
  EXPECT_TRUE(first.send(0));
  EXPECT_EQ(in.recv(), 10);
}

// goroutines: a pipeline of many threads.
TEST(golang, a_pipeline_of_threads) {
  auto [tx, rx] = bounded_channel<int>(0);
  auto left = rx;
  team others;
  const int n = scaled(60);
  for (int i = 0; i != n; ++i) {
    auto next = bounded_channel<int>(0);
    others.run([left, tx = next.tx] { EXPECT_TRUE(tx.send(*left.recv() + 1)); });
    left = next.rx;
  }
  EXPECT_TRUE(tx.send(0));
  EXPECT_EQ(left.recv(), n);
}

// nonblock: try_recv and try_send against a partner that waits, for several types.
template <class T>
void nonblock(T value, const flavour& f) {
  {
    auto [tx, rx] = f.make<T>();
    EXPECT_FALSE(rx.try_recv());
    team others;
    others.run([tx = tx, value] { EXPECT_TRUE(tx.send(value)); });
    std::optional<T> got;
    while (!(got = rx.try_recv()))
      std::this_thread::yield();
    EXPECT_TRUE(got == value);
  }
  {
    auto [tx, rx] = f.make<T>();
    while (f.bounded && tx.try_send(value)) {
    }
    team others;
    others.run([rx = rx, value] { EXPECT_TRUE(rx.recv() == value); });
    while (!tx.try_send(value))
      std::this_thread::yield();
  }
}

TEST(golang, nonblocking_operations_of_several_types) {
  for (const flavour& f : every_flavour) {
    nonblock<int>(123, f);
    nonblock<char>('a', f);
    nonblock<bool>(true, f);
    nonblock<std::string>("a longer string that is on the heap", f);
    nonblock<std::pair<int, double>>({3, 0.5}, f);
  }
}

// select: a sender that fills two channels in turn as they have room.
TEST(golang, select_alternates_between_two_buffers) {
  auto [a_tx, a_rx] = bounded_channel<int>(1);
  auto [b_tx, b_rx] = bounded_channel<int>(1);
  int a = 0;
  int b = 0;
  for (int i = 0; i != 2; ++i) {
    select(on_send(a_tx, 1, [&](auto) { ++a; }), on_send(b_tx, 1, [&](auto) { ++b; }),
           otherwise(unexpected));
  }
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, 1);
  select(on_send(a_tx, 1, unexpected), on_send(b_tx, 1, unexpected), otherwise(ignore));
  EXPECT_EQ(a_rx.recv(), 1);
  EXPECT_EQ(b_rx.recv(), 1);
}

// select2: a loop of selects does not grow anything. Measured here by counting messages.
TEST(golang, a_loop_of_selects_keeps_nothing) {
  auto [tx, rx] = bounded_channel<counted>(0);
  auto [tx2, rx2] = bounded_channel<counted>(0);
  const int n = scaled(1000);
  team others;
  others.run([n, tx = tx] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(tx.send(counted(i)));
  });
  for (int i = 0; i != n; ++i) {
    select(on_recv(rx, ignore), on_recv(rx2, unexpected));
    EXPECT_LE(counted::alive(), 2);
  }
  others.join();
  EXPECT_EQ(counted::alive(), 0);
}

// select4: the earlier of a receive and a send, whose value is made by a function.
TEST(golang, select_evaluates_and_takes_the_ready_one) {
  auto [tx, rx] = bounded_channel<int>(1);
  auto [tx1, rx1] = bounded_channel<int>(0);
  ASSERT_TRUE(tx.send(42));
  const auto value = [] { return 13; };
  EXPECT_EQ(select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 42); }),
                   on_send(tx1, value(), unexpected)),
            0U);
}

// select6: a thread that waits in a select on two channels does not keep a third one
// from completing with one of them.
TEST(golang, a_waiting_select_does_not_block_others) {
  auto [c1_tx, c1_rx] = unbounded_channel<bool>();
  auto [c2_tx, c2_rx] = unbounded_channel<bool>();
  auto [c3_tx, c3_rx] = unbounded_channel<bool>();
  auto [c4_tx, c4_rx] = unbounded_channel<bool>();
  team others;
  others.run([rx = c1_rx] { EXPECT_TRUE(rx.recv()); });
  others.run([c1 = c1_rx, c2 = c2_rx, c3 = c3_tx] {
    select(on_recv(c1, unexpected), on_recv(c2, [](std::optional<bool> m) { EXPECT_TRUE(m); }));
    EXPECT_TRUE(c3.send(true));
  });
  others.run([c2 = c2_tx] { EXPECT_TRUE(c2.send(true)); });
  others.run([c3 = c3_rx, c4 = c4_tx, c1 = c1_tx] {
    EXPECT_TRUE(c3.recv());
    EXPECT_TRUE(c1.send(true));
    EXPECT_TRUE(c4.send(true));
  });
  EXPECT_TRUE(c4_rx.recv());
}

// select7: a receive of every kind against a send of every kind.
TEST(golang, every_receive_meets_every_send) {
  using receiver = fearless::receiver<int>;
  using sender = fearless::sender<int>;
  const std::function<void(const receiver&)> receives[] = {
      [](const receiver& rx) { EXPECT_EQ(rx.recv(), 1); },
      [](const receiver& rx) { select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 1); })); },
      [](const receiver& rx) {
        select(on_recv(rx, [](std::optional<int> m) { EXPECT_EQ(m, 1); }),
               on_recv(never<int>(), unexpected));
      },
      [](const receiver& rx) {
        bool done = false;
        while (!done)
          select(on_recv(rx, [&](std::optional<int>) { done = true; }),
                 otherwise([] { std::this_thread::yield(); }));
      },
      [](const receiver& rx) {
        while (!rx.recv_for(100us)) {
        }
      },
  };
  const std::function<void(const sender&)> sends[] = {
      [](const sender& tx) { EXPECT_TRUE(tx.send(1)); },
      [](const sender& tx) { select(on_send(tx, 1, [](auto r) { EXPECT_TRUE(r); })); },
      [](const sender& tx) {
        select(on_recv(never<int>(), unexpected), on_send(tx, 1, [](auto r) { EXPECT_TRUE(r); }));
      },
      [](const sender& tx) {
        while (!tx.send_for(1, 100us)) {
        }
      },
  };
  for (const flavour& f : every_flavour) {
    for (const auto& receive : receives) {
      for (const auto& send : sends) {
        auto [tx, rx] = f.make<int>();
        team others;
        others.run([&send, tx = tx] { send(tx); });
        receive(rx);
      }
    }
  }
}

// sieve1: the prime sieve, a chain of filters over rendezvous channels.
TEST(golang, the_prime_sieve) {
  team others;
  auto [start_tx, start_rx] = bounded_channel<int>(0);
  others.run([tx = std::move(start_tx)] {
    for (int i = 2; tx.send(i); ++i) {
    }
  });
  const std::vector<int> primes = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31};
  auto in = std::move(start_rx);
  for (const int expected : primes) {
    const auto prime = in.recv();
    ASSERT_EQ(prime, expected);
    auto next = bounded_channel<int>(0);
    others.run([source = std::move(in), tx = std::move(next.tx), p = *prime] {
      for (const int i : source)
        if (i % p != 0 && !tx.send(i))
          return;
    });
    in = std::move(next.rx);
  }
  drop(in); // ends the chain from the front
}

// zerosize: messages of no interest, only their number counts.
TEST(golang, messages_without_content) {
  struct unit {};
  auto [tx, rx] = bounded_channel<unit>(3);
  for (int i = 0; i != 3; ++i)
    ASSERT_TRUE(tx.try_send(unit{}));
  EXPECT_FALSE(tx.try_send(unit{}));
  EXPECT_EQ(rx.size(), 3U);
}

// chan_test: a counting semaphore out of a bounded channel.
TEST(golang, a_semaphore) {
  auto [tx, rx] = bounded_channel<int>(2);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  {
    team others;
    for (int t = 0; t != 4; ++t) {
      others.run([&, tx = tx, rx = rx] {
        for (int i = 0, n = scaled(100); i != n; ++i) {
          ASSERT_TRUE(tx.send(1));
          const int now = ++inside;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
          }
          --inside;
          ASSERT_TRUE(rx.recv());
        }
      });
    }
  }
  EXPECT_LE(most, 2);
}

// chan_test: select in a loop over two sources until both are closed.
TEST(golang, merging_until_both_are_closed) {
  auto [a_tx, a_rx] = bounded_channel<int>(0);
  auto [b_tx, b_rx] = bounded_channel<int>(3);
  team others;
  others.run([tx = std::move(a_tx)] {
    for (int i = 0; i != 50; ++i)
      ASSERT_TRUE(tx.send(1));
  });
  others.run([tx = std::move(b_tx)] {
    for (int i = 0; i != 50; ++i)
      ASSERT_TRUE(tx.send(1));
  });
  std::optional<fearless::receiver<int>> a = a_rx;
  std::optional<fearless::receiver<int>> b = b_rx;
  const auto off = never<int>();
  int sum = 0;
  while (a || b) {
    select(on_recv(a ? *a : off, [&](std::optional<int> m) { m ? static_cast<void>(sum += *m) : a.reset(); }),
           on_recv(b ? *b : off, [&](std::optional<int> m) { m ? static_cast<void>(sum += *m) : b.reset(); }));
  }
  EXPECT_EQ(sum, 100);
}

// chan_test: one channel twice in a select, from several threads.
TEST(golang, duplicate_channels_in_a_select) {
  auto [tx, rx] = bounded_channel<int>(0);
  const int n = scaled(500);
  std::atomic<int> received{0};
  {
    team others;
    for (int t = 0; t != 2; ++t) {
      others.run([&, rx = rx, n] {
        for (int i = 0; i != n; ++i)
          select(on_recv(rx, [&](auto) { ++received; }), on_recv(rx, [&](auto) { ++received; }),
                 on_recv(rx, [&](auto) { ++received; }));
      });
    }
    for (int i = 0; i != 2 * n; ++i)
      ASSERT_TRUE(tx.send(i));
  }
  EXPECT_EQ(received, 2 * n);
}

// chan_test: many consumers pass on what they get; nothing is lost or doubled.
TEST(golang, many_consumers) {
  auto [q_tx, q_rx] = bounded_channel<int>(10);
  auto [r_tx, r_rx] = bounded_channel<int>(10);
  const int n = scaled(2000);
  team others;
  for (int t = 0; t != 4; ++t) {
    others.run([q = q_rx, r = r_tx] {
      for (const int message : q)
        ASSERT_TRUE(r.send(message));
    });
  }
  drop(r_tx);
  others.run([q = std::move(q_tx), n] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(q.send(i));
  });
  long sum = 0;
  for (const int message : r_rx)
    sum += message;
  EXPECT_EQ(sum, static_cast<long>(n) * (n - 1) / 2);
}

// chan_test: a received message is not touched by later sends (the slot is reused).
TEST(golang, a_received_message_is_a_value) {
  auto [tx, rx] = bounded_channel<std::string>(1);
  ASSERT_TRUE(tx.send("first"));
  const auto first = rx.recv();
  ASSERT_TRUE(tx.send("second"));
  EXPECT_EQ(first, "first");
}

// powser-like: a demand-driven stream, request and answer over two rendezvous channels
// in one select.
TEST(golang, a_demand_driven_stream) {
  auto [request_tx, request_rx] = bounded_channel<int>(0);
  auto [data_tx, data_rx] = bounded_channel<int>(0);
  team others;
  others.run([request = std::move(request_rx), data = std::move(data_tx)] {
    int next = 0;
    while (request.recv())
      if (!data.send(next++))
        return;
  });
  for (int i = 0; i != 50; ++i) {
    ASSERT_TRUE(request_tx.send(1));
    EXPECT_EQ(data_rx.recv(), i);
  }
  drop(request_tx);
}

// A ring of threads passes a token round and round.
TEST(golang, a_ring_of_threads) {
  constexpr std::size_t size = 5;
  const int rounds = scaled(200);
  std::vector<fearless::channel_ends<int>> ring;
  for (std::size_t i = 0; i != size; ++i)
    ring.push_back(bounded_channel<int>(0));
  team others;
  for (std::size_t i = 0; i + 1 != size; ++i) {
    others.run([rx = ring[i].rx, tx = ring[i + 1].tx, rounds] {
      for (int r = 0; r != rounds; ++r)
        ASSERT_TRUE(tx.send(*rx.recv() + 1));
    });
  }
  int token = 0;
  for (int r = 0; r != rounds; ++r) {
    ASSERT_TRUE(ring[0].tx.send(token));
    token = *ring[size - 1].rx.recv();
  }
  EXPECT_EQ(token, rounds * static_cast<int>(size - 1));
}

} // namespace
