// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kinds of messages a channel carries, and what happens to them: move-only, large,
// over-aligned, throwing, without an assignment, with a destructor that uses a channel.

#include "channel_test_support.h"

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace {

using namespace fearless_test;
using fearless::send_error;

class channel_messages : public over_flavours {};
INSTANTIATE_TEST_SUITE_P(all, channel_messages, testing::ValuesIn(every_flavour),
                         name_of_flavour());

/// Sends the messages from another thread, so that a rendezvous works too.
template <class T, class Make>
void passes(fearless::channel_ends<T>& ends, int n, Make message) {
  team others;
  others.run([tx = ends.tx, n, message] {
    for (int i = 0; i != n; ++i)
      ASSERT_TRUE(tx.send(message(i)));
  });
  for (int i = 0; i != n; ++i) {
    const std::optional<T> got = ends.rx.recv();
    ASSERT_TRUE(got);
    ASSERT_TRUE(*got == message(i));
  }
}

TEST_P(channel_messages, move_only) {
  auto [tx, rx] = make<std::unique_ptr<int>>();
  team others;
  others.run([tx = tx] {
    for (int i = 0; i != 200; ++i)
      ASSERT_TRUE(tx.send(std::make_unique<int>(i)));
  });
  for (int i = 0; i != 200; ++i)
    ASSERT_EQ(**rx.recv(), i);
}

TEST_P(channel_messages, strings_and_vectors) {
  auto strings = make<std::string>();
  passes<std::string>(strings, 200, [](int i) { return std::string(static_cast<std::size_t>(i), 'x'); });
  auto vectors = make<std::vector<int>>();
  passes<std::vector<int>>(vectors, 200, [](int i) { return std::vector<int>(3, i); });
}

TEST_P(channel_messages, empty_types) {
  struct nothing {
    bool operator==(const nothing&) const = default;
  };
  auto ends = make<nothing>();
  passes<nothing>(ends, 200, [](int) { return nothing{}; });
}

TEST_P(channel_messages, booleans_and_optionals) {
  auto bools = make<bool>();
  passes<bool>(bools, 100, [](int i) { return i % 3 == 0; });
  auto optionals = make<std::optional<int>>();
  passes<std::optional<int>>(optionals, 100, [](int i) {
    return i % 2 == 0 ? std::optional<int>(i) : std::nullopt;
  });
}

template <std::size_t Size>
struct block {
  explicit block(int v) { bytes.fill(static_cast<std::uint8_t>(v)); }
  std::array<std::uint8_t, Size> bytes;
  bool operator==(const block&) const = default;
};

TEST_P(channel_messages, larger_than_a_cache_line) {
  auto ends = make<block<200>>();
  passes<block<200>>(ends, 200, [](int i) { return block<200>(i); });
}

TEST_P(channel_messages, as_large_as_fits_inline) {
  auto ends = make<block<1024>>();
  static_assert(fearless::detail::chan::is_stored_inline<block<1024>>);
  passes<block<1024>>(ends, 50, [](int i) { return block<1024>(i); });
}

TEST_P(channel_messages, larger_than_that) {
  auto ends = make<block<1025>>();
  static_assert(!fearless::detail::chan::is_stored_inline<block<1025>>);
  passes<block<1025>>(ends, 50, [](int i) { return block<1025>(i); });
}

// crossbeam #1146: a large message must not need the stack of the channel's own code.
TEST_P(channel_messages, half_a_megabyte) {
  struct huge {
    std::array<char, 512 * 1024> bytes{};
    bool operator==(const huge& other) const { return bytes[1000] == other.bytes[1000]; }
  };
  auto ends = make<huge>();
  passes<huge>(ends, 3, [](int i) {
    huge h;
    h.bytes[1000] = static_cast<char>(i);
    return h;
  });
}

TEST_P(channel_messages, over_aligned) {
  struct alignas(256) aligned {
    int value;
    bool right_place() const { return reinterpret_cast<std::uintptr_t>(this) % 256 == 0; }
    bool operator==(const aligned& other) const {
      return value == other.value && right_place() && other.right_place();
    }
  };
  auto ends = make<aligned>();
  passes<aligned>(ends, 50, [](int i) { return aligned{i}; });
}

TEST_P(channel_messages, over_aligned_and_large) {
  struct alignas(512) aligned {
    explicit aligned(int v) : value(v), place(this) {}
    aligned(aligned&& other) noexcept : value(other.value), place(this) {}
    int value;
    void* place;
    char rest[2048] = {};
    bool operator==(const aligned& other) const {
      return value == other.value && reinterpret_cast<std::uintptr_t>(place) % 512 == 0;
    }
  };
  auto ends = make<aligned>();
  passes<aligned>(ends, 20, [](int i) { return aligned(i); });
}

TEST_P(channel_messages, without_assignment) {
  struct fixed {
    const int value;
    bool operator==(const fixed&) const = default;
  };
  auto ends = make<fixed>();
  passes<fixed>(ends, 50, [](int i) { return fixed{i}; });
  team others;
  others.run([tx = std::move(ends.tx)] {
    for (int i = 0; i != 20; ++i)
      ASSERT_TRUE(tx.send(fixed{i}));
  });
  int next = 0;
  for (const fixed& f : ends.rx)
    EXPECT_EQ(f.value, next++);
  EXPECT_EQ(next, 20);
}

TEST_P(channel_messages, without_a_default_constructor_or_operators) {
  struct plain {
    explicit plain(int v) : value(v) {}
    plain(plain&&) noexcept = default;
    plain& operator=(plain&&) = delete;
    plain* operator&() = delete; // the channel must not take addresses with it
    int value;
  };
  auto [tx, rx] = make<plain>();
  team others;
  others.run([tx = tx] { ASSERT_TRUE(tx.send(plain(4))); });
  EXPECT_EQ(rx.recv()->value, 4);
}

TEST_P(channel_messages, destruction_with_messages_inside) {
  for (const int n : {1, 3, 100, 1000}) {
    {
      auto [tx, rx] = make<counted>();
      for (int i = 0; i != n; ++i)
        static_cast<void>(tx.try_send(counted(i)));
    }
    EXPECT_EQ(counted::alive(), 0);
  }
}

// The block list frees what lies before and after the block in use.
TEST_P(channel_messages, destruction_with_messages_inside_after_some_were_received) {
  {
    auto [tx, rx] = make<counted>();
    for (int i = 0; i != 2000; ++i)
      static_cast<void>(tx.try_send(counted(i)));
    for (int i = 0; i != 700; ++i)
      static_cast<void>(rx.try_recv());
    for (int i = 0; i != 100; ++i)
      static_cast<void>(tx.try_send(counted(i)));
  }
  EXPECT_EQ(counted::alive(), 0);
}

// A waiting message lives on the stack of its sender, and not twice.
TEST_P(channel_messages, a_message_that_timed_out_is_alive_once) {
  if (!GetParam().bounded)
    return; // a send never waits: nothing to look at
  auto [tx, rx] = make<counted>();
  while (tx.try_send(counted(1))) {
  }
  const int before = counted::alive();
  {
    auto result = tx.send_for(counted(7), 2ms);
    EXPECT_EQ(counted::alive(), before + 1);
    EXPECT_EQ(result.take().value, 7);
  }
  EXPECT_EQ(counted::alive(), before);
}

// A result that is thrown away destroys the message.
TEST_P(channel_messages, an_unsent_message_dies_with_its_result) {
  auto [tx, rx] = make<counted>();
  drop(rx);
  {
    const auto result = tx.send(counted(7));
    EXPECT_EQ(counted::alive(), 1);
  }
  EXPECT_EQ(counted::alive(), 0);
}

// A destructor of a message that sends, on the same channel even: it runs unlocked.
TEST_P(channel_messages, a_destructor_may_use_the_channel) {
  struct speaker {
    fearless::sender<int> log;
    explicit speaker(fearless::sender<int> l) : log(std::move(l)) {}
    speaker(speaker&& other) noexcept : log(std::move(other.log)), active(std::exchange(other.active, false)) {}
    ~speaker() {
      if (active)
        static_cast<void>(log.try_send(1));
    }
    bool active = true;
  };
  auto [log_tx, log_rx] = fearless::unbounded_channel<int>();
  int sent = 0;
  {
    auto [tx, rx] = make<speaker>();
    for (int i = 0; i != 3; ++i)
      sent += static_cast<bool>(tx.try_send(speaker(log_tx)));
    drop(rx);
    static_cast<void>(tx.send(speaker(log_tx)));
  }
  EXPECT_EQ(log_rx.size(), 4U) << sent << " were buffered, the others came back";
}

// A message that holds a handle of its own channel: the last receiver must not deadlock
// while it destroys it.
TEST_P(channel_messages, a_message_may_hold_a_sender_of_its_own_channel) {
  struct holder {
    std::shared_ptr<fearless::sender<holder>> back;
  };
  std::weak_ptr<fearless::sender<holder>> watch;
  {
    auto [tx, rx] = make<holder>();
    auto shared = std::make_shared<fearless::sender<holder>>(tx);
    watch = shared;
    static_cast<void>(tx.try_send(holder{std::move(shared)}));
    drop(tx);
  }
  EXPECT_TRUE(watch.expired());
}

#if FEARLESS_DETAIL_EXCEPTIONS

/// Its move constructor throws when the countdown reaches zero.
struct bomb {
  static std::atomic<int>& fuse() {
    static std::atomic<int> moves_left{-1};
    return moves_left;
  }
  static std::atomic<int>& alive() {
    static std::atomic<int> count{0};
    return count;
  }
  explicit bomb(int v) : value(v) { ++alive(); }
  bomb(bomb&& other) : value(other.value) {
    if (fuse() >= 0 && fuse()-- == 0)
      throw std::runtime_error("moved once too often");
    ++alive();
  }
  ~bomb() { --alive(); }
  int value;
};

TEST_P(channel_messages, a_throwing_move_is_carried) {
  bomb::fuse() = -1;
  auto [tx, rx] = make<bomb>();
  team others;
  others.run([tx = tx] {
    for (int i = 0; i != 50; ++i)
      ASSERT_TRUE(tx.send(bomb(i)));
  });
  for (int i = 0; i != 50; ++i)
    ASSERT_EQ(rx.recv()->value, i);
}

// Wherever the throw strikes on the way in: the channel is as before and works on.
TEST_P(channel_messages, a_throw_in_send_leaves_the_channel_unchanged) {
  auto [tx, rx] = make<bomb>();
  bomb::fuse() = 0;
  EXPECT_THROW(static_cast<void>(tx.try_send(bomb(1))), std::runtime_error);
  bomb::fuse() = -1;
  EXPECT_EQ(tx.size(), 0U);
  team others;
  others.run([tx = tx] { ASSERT_TRUE(tx.send(bomb(2))); });
  EXPECT_EQ(rx.recv()->value, 2);
  others.join();
  EXPECT_EQ(bomb::alive(), 0);
}

// On the way out the message is lost, and only that one.
TEST_P(channel_messages, a_throw_in_recv_loses_that_message_only) {
  if (GetParam().rendezvous() || (GetParam().bounded && GetParam().capacity < 2))
    return; // two messages do not fit
  auto [tx, rx] = make<bomb>();
  ASSERT_TRUE(tx.send(bomb(1)));
  ASSERT_TRUE(tx.send(bomb(2)));
  bomb::fuse() = 0;
  EXPECT_THROW(static_cast<void>(rx.recv()), std::runtime_error);
  bomb::fuse() = -1;
  EXPECT_EQ(rx.size(), 1U);
  EXPECT_EQ(rx.recv()->value, 2);
  EXPECT_EQ(bomb::alive(), 0);
}

TEST_P(channel_messages, an_unsent_throwing_message_comes_back) {
  bomb::fuse() = -1;
  auto [tx, rx] = make<bomb>();
  drop(rx);
  auto result = tx.send(bomb(3));
  EXPECT_EQ(result.take().value, 3);
}

TEST(unbounded_channel, throws_bad_alloc_for_an_impossible_capacity) {
  EXPECT_THROW(static_cast<void>(fearless::bounded_channel<int>(~std::size_t{0} / 2)), std::bad_alloc);
}

#endif // FEARLESS_DETAIL_EXCEPTIONS

// --- The block list ------------------------------------------------------------------------------

// Around the block boundary: one less, exactly, one more.
TEST(unbounded_channel, fills_and_empties_blocks) {
  constexpr std::size_t block_size = fearless::detail::chan::list_buffer<counted>::block_size;
  for (const std::size_t n : {block_size - 1, block_size, block_size + 1, 5 * block_size}) {
    auto [tx, rx] = fearless::unbounded_channel<counted>();
    for (int round = 0; round != 3; ++round) {
      for (std::size_t i = 0; i != n; ++i)
        ASSERT_TRUE(tx.send(counted(static_cast<int>(i))));
      for (std::size_t i = 0; i != n; ++i)
        ASSERT_EQ(rx.recv()->value, static_cast<int>(i));
      ASSERT_EQ(rx.try_recv().has_value(), false);
    }
  }
  EXPECT_EQ(counted::alive(), 0);
}

// crossbeam #972: the first message and many senders at once.
TEST(unbounded_channel, first_messages_from_many_threads) {
  for (int round = 0, n = scaled(200); round != n; ++round) {
    auto [tx, rx] = fearless::unbounded_channel<counted>();
    team others;
    for (int t = 0; t != 3; ++t)
      others.run([tx = tx, t] { ASSERT_TRUE(tx.send(counted(t))); });
    int sum = 0;
    for (int t = 0; t != 3; ++t)
      sum += rx.recv()->value;
    EXPECT_EQ(sum, 3);
  }
}

// crossbeam #1084 and #1187: neither a leak nor a double free when the receiver goes
// while senders are at it.
TEST(unbounded_channel, the_receiver_goes_while_senders_send) {
  for (int round = 0, n = scaled(200); round != n; ++round) {
    {
      auto [tx, rx] = fearless::unbounded_channel<counted>();
      team others;
      for (int t = 0; t != 2; ++t) {
        others.run([tx = tx] {
          for (int i = 0; i != 600 && tx.send(counted(i)); ++i) {
          }
        });
      }
      others.run([rx = std::move(rx), round] {
        for (int i = 0; i != round; ++i)
          static_cast<void>(rx.try_recv());
      });
    }
    ASSERT_EQ(counted::alive(), 0);
  }
}

} // namespace
