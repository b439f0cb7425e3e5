// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The channels in the model checker over an ideal lock: every interleaving of two
// threads, and those of three with up to three preemptions.

#include "model/ideal_lock.h"

#include "model/scenarios.h"

#if defined(FEARLESS_TEST_NO_FIBERS)

TEST(channel_model_every, DISABLED_needs_fibers) {}

#else

namespace {

using namespace model;

class channel_model_every : public testing::TestWithParam<flavour> {};
INSTANTIATE_TEST_SUITE_P(all, channel_model_every, testing::ValuesIn(flavours),
                         [](const auto& i) { return std::string(i.param.name); });

// Two threads: without any bound.
TEST_P(channel_model_every, stream) {
  // The other two have millions.
  expect_correct(GetParam().capacity == 1 ? every_interleaving() : with_preemptions(5),
                 [](scenario& s) { stream(s, GetParam()); });
}
TEST_P(channel_model_every, time_outs) {
  expect_correct(every_interleaving(), [](scenario& s) { time_outs(s, GetParam()); });
}
TEST_P(channel_model_every, receiver_goes) {
  expect_correct(every_interleaving(), [](scenario& s) { receiver_goes(s, GetParam()); });
}
TEST_P(channel_model_every, all_go) {
  expect_correct(every_interleaving(), [](scenario& s) { all_go(s, GetParam()); });
}
TEST_P(channel_model_every, crossing_selects) {
  expect_correct(every_interleaving(), [](scenario& s) { crossing_selects(s, GetParam()); });
}

// Three threads: with a bound, that of the lost turns.
TEST_P(channel_model_every, two_senders) {
  expect_correct(with_preemptions(3), [](scenario& s) { two_senders(s, GetParam()); });
}
TEST_P(channel_model_every, two_receivers) {
  expect_correct(with_preemptions(3), [](scenario& s) { two_receivers(s, GetParam()); });
}
TEST_P(channel_model_every, sender_goes) {
  expect_correct(with_preemptions(3), [](scenario& s) { sender_goes(s, GetParam()); });
}
TEST_P(channel_model_every, select_two) {
  expect_correct(with_preemptions(3), [](scenario& s) { select_two(s, GetParam()); });
}
TEST_P(channel_model_every, competing_selects) {
  expect_correct(with_preemptions(2), [](scenario& s) { competing_selects(s, GetParam()); });
}
TEST_P(channel_model_every, select_and_close) {
  expect_correct(with_preemptions(3), [](scenario& s) { select_and_close(s, GetParam()); });
}

// Running equivalent interleavings once must not hide anything.
TEST_P(channel_model_every, finds_the_seeded_bugs_in_the_reduced_search) {
  const auto failure = [](mutation bugs, void (*run)(scenario&, const flavour&)) {
    options how = every_interleaving();
    how.bugs = bugs;
    return check(how, [run](scenario& s) { run(s, GetParam()); }).failure;
  };
  mutation lost;
  lost.lost_wake = true;
  EXPECT_NE(failure(lost, stream).find("deadlock"), std::string::npos);
  mutation careless;
  careless.careless_park = true;
  EXPECT_NE(failure(careless, stream).find("deadlock"), std::string::npos);
  mutation torn;
  torn.torn_compare = true;
  EXPECT_NE(failure(torn, select_two), "");
}

// The message itself is handed over under the lock, but the news that it is there is not:
// without a release in finish() or an acquire in wait() the receiver must be seen to race.
TEST_P(channel_model_every, finds_missing_orders_in_the_hand_over) {
  for (const bool release : {true, false}) {
    options how = with_preemptions(3);
    (release ? how.bugs.weak_release : how.bugs.weak_acquire) = true;
    const std::string failure = check(how, [](scenario& s) { stream(s, GetParam()); }).failure;
    EXPECT_NE(failure.find("data race"), std::string::npos) << failure;
  }
}

} // namespace

#endif // FEARLESS_TEST_NO_FIBERS
