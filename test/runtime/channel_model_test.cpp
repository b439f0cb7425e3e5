// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every interleaving of a few threads with a few operations, for each flavour, the
// waker, the lock and select: no deadlock, no race, no message lost, doubled or
// overtaken. And the checker itself: bugs put into the machine are found.
// Not under sanitizers, which do not know the checker's fibers.

#include "model/platform.h"

#include "model/scenarios.h"

#if defined(FEARLESS_TEST_NO_FIBERS)

TEST(channel_model, DISABLED_needs_fibers) {}

#else

namespace {

using namespace model;

class channel_model : public testing::TestWithParam<flavour> {};
INSTANTIATE_TEST_SUITE_P(all, channel_model, testing::ValuesIn(flavours),
                         [](const auto& i) { return std::string(i.param.name); });

// --- They hold -----------------------------------------------------------------------------------------

TEST_P(channel_model, stream) {
  expect_correct(with_preemptions(3), [](auto& s) { stream(s, GetParam()); });
  expect_correct(finely(2), [](auto& s) { stream(s, GetParam()); });
}
TEST_P(channel_model, two_senders) {
  expect_correct(with_preemptions(3), [](auto& s) { two_senders(s, GetParam()); });
  expect_correct(finely(2), [](auto& s) { two_senders(s, GetParam()); });
}
TEST_P(channel_model, two_receivers) {
  expect_correct(with_preemptions(3), [](auto& s) { two_receivers(s, GetParam()); });
  expect_correct(finely(2), [](auto& s) { two_receivers(s, GetParam()); });
}
TEST_P(channel_model, time_outs) {
  expect_correct(with_preemptions(3), [](auto& s) { time_outs(s, GetParam()); });
  expect_correct(finely(2), [](auto& s) { time_outs(s, GetParam()); });
}
TEST_P(channel_model, receiver_goes) {
  expect_correct(with_preemptions(3), [](auto& s) { receiver_goes(s, GetParam()); });
  expect_correct(finely(2), [](auto& s) { receiver_goes(s, GetParam()); });
}
TEST_P(channel_model, sender_goes) {
  expect_correct(with_preemptions(3), [](auto& s) { sender_goes(s, GetParam()); });
}
TEST_P(channel_model, all_go) {
  expect_correct(with_preemptions(3), [](auto& s) { all_go(s, GetParam()); });
  expect_correct(finely(3), [](auto& s) { all_go(s, GetParam()); });
}
TEST_P(channel_model, select_two) {
  expect_correct(with_preemptions(2), [](auto& s) { select_two(s, GetParam()); });
}
TEST_P(channel_model, crossing_selects) {
  expect_correct(with_preemptions(3), [](auto& s) { crossing_selects(s, GetParam()); });
  expect_correct(finely(2), [](auto& s) { crossing_selects(s, GetParam()); });
}
TEST_P(channel_model, competing_selects) {
  expect_correct(with_preemptions(2), [](auto& s) { competing_selects(s, GetParam()); });
}
TEST_P(channel_model, select_and_close) {
  expect_correct(with_preemptions(2), [](auto& s) { select_and_close(s, GetParam()); });
}

/// The lock alone, with everything it has.
void lock_three(model::scenario& s) {
  struct counter {
    chan::spin_lock lock{};
    chan::plain<int> value{0};
  };
  auto c = std::make_shared<counter>();
  for (int t = 0; t != 3; ++t) {
    s.thread([c] {
      const chan::lock_scope guard(c->lock);
      c->value = c->value + 1;
    });
  }
  s.finally([c] { require(c->value == 3, "three increments"); });
}

class lock_model : public channel_model {};
INSTANTIATE_TEST_SUITE_P(all, lock_model, testing::Values(flavours[0]));
TEST_P(lock_model, three_threads) {
  expect_correct(with_preemptions(3), lock_three);
  expect_correct(finely(4), lock_three);
}

// --- The checker finds what is wrong ---------------------------------------------------------------------

std::string failure_with(const model::mutation& bugs, const std::function<void(model::scenario&)>& setup,
                         unsigned preemptions = 3, bool fine = false) {
  model::options how;
  how.preemptions = preemptions;
  how.fine = fine;
  how.bugs = bugs;
  return model::check(how, setup).failure;
}

using testing::AssertionResult;

AssertionResult found(const std::string& failure, const std::string& expected) {
  if (failure.find(expected) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "found \"" << failure << "\" instead of \"" << expected << '"';
}

TEST_P(channel_model, finds_a_lost_wake_up) {
  model::mutation bugs;
  bugs.lost_wake = true;
  EXPECT_TRUE(found(failure_with(bugs, [](auto& s) { stream(s, GetParam()); }), "deadlock"));
  EXPECT_TRUE(found(failure_with(bugs, [](auto& s) { competing_selects(s, GetParam()); }), "deadlock"));
}

TEST_P(channel_model, finds_a_park_that_does_not_look) {
  model::mutation bugs;
  bugs.careless_park = true;
  EXPECT_TRUE(found(failure_with(bugs, [](auto& s) { stream(s, GetParam()); }), "deadlock"));
}

// With the lock alone: a channel whose lock was left in a wrong state could not be taken
// down after the execution.
TEST(channel_model_itself, finds_a_lock_that_is_not_atomic) {
  model::mutation bugs;
  bugs.torn_exchange = true;
  EXPECT_NE(failure_with(bugs, lock_three), "");
}

TEST_P(channel_model, finds_a_release_that_is_missing) {
  model::mutation bugs;
  bugs.weak_release = true;
  EXPECT_TRUE(found(failure_with(bugs, [](auto& s) { stream(s, GetParam()); }), "data race"));
}

TEST_P(channel_model, finds_an_acquire_that_is_missing) {
  model::mutation bugs;
  bugs.weak_acquire = true;
  EXPECT_TRUE(found(failure_with(bugs, [](auto& s) { stream(s, GetParam()); }), "data race"));
}

// Two counterparts claim one select: one of their messages is lost, or a wait never ends.
TEST_P(channel_model, finds_a_claim_that_is_not_atomic) {
  model::mutation bugs;
  bugs.torn_compare = true;
  EXPECT_NE(failure_with(bugs, [](auto& s) { select_two(s, GetParam()); }, 4), "");
}

/// A buffer that gives out the newest message first.
template <class S>
class stack_buffer {
public:
  static constexpr bool bounded = true;
  void push(S&& m) noexcept { all_.push_back(std::move(m)); }
  void pop(std::optional<S>& into) noexcept {
    into.emplace(std::move(all_.back()));
    all_.pop_back();
  }

private:
  std::vector<S> all_{};
};

TEST(channel_model_itself, finds_a_wrong_order) {
  using wrong = chan::channel<message, stack_buffer<message>>;
  const auto setup = [](model::scenario& s) {
    auto c = std::make_shared<wrong>(chan::flavour::array, 2);
    auto shared = std::make_shared<record>();
    s.thread([c] {
      for (int i = 1; i <= 2; ++i) {
        message m(i);
        c->send(m, no_deadline);
      }
    });
    s.thread([c, shared] {
      for (int i = 1; i <= 2; ++i) {
        std::optional<message> m;
        c->receive(m, no_deadline);
        shared->take(1, m);
      }
    });
    s.finally([shared] { require(shared->got[1] == std::vector<int>{1, 2}, "in order"); });
  };
  EXPECT_TRUE(found(failure_with({}, setup), "in order"));
}

// A waiting thread that leaves before its counterpart has let it go.
TEST(channel_model_itself, finds_a_use_after_the_end) {
  const auto setup = [](model::scenario& s) {
    auto place = std::make_shared<std::optional<chan::atomic<std::uint32_t>>>(std::in_place, 0U);
    s.thread([place] { (*place)->store(1, std::memory_order_release); });
    s.thread([place] { place->reset(); });
  };
  EXPECT_TRUE(found(failure_with({}, setup), "after its end"));
}

TEST(channel_model_itself, finds_a_race_between_plain_accesses) {
  const auto setup = [](model::scenario& s) {
    auto c = std::make_shared<chan::plain<int>>(0);
    auto flag = std::make_shared<chan::atomic<int>>(0);
    s.thread([c, flag] {
      *c = 1;
      flag->store(1, std::memory_order_relaxed);
    });
    s.thread([c, flag] {
      if (flag->load(std::memory_order_relaxed) == 1)
        require(*c == 1, "published");
    });
  };
  EXPECT_TRUE(found(failure_with({}, setup, 3, /*fine=*/true), "data race"));
}

// C(4, 2) interleavings of two threads with two operations each.
TEST(channel_model_itself, counts_every_interleaving_once) {
  const auto setup = [](model::scenario& s) {
    auto a = std::make_shared<chan::atomic<int>>(0);
    for (int t = 0; t != 2; ++t) {
      s.thread([a] {
        a->fetch_add(1, std::memory_order_acq_rel);
        a->fetch_add(1, std::memory_order_acq_rel);
      });
    }
    s.finally([a] { require(a->peek() == 4, "four"); });
  };
  const model::result r = model::check({}, setup);
  EXPECT_TRUE(r.complete);
  // A thread's begin is a point as well: C(6, 3) orders of three steps each.
  EXPECT_EQ(r.executions, 20U);
}

} // namespace

#endif // FEARLESS_TEST_NO_FIBERS
