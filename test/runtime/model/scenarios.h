// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a few threads do with a channel in the model checker, and what must hold then.
// Used over the real lock (channel_model_test.cpp), over an ideal one
// (channel_model_every_test.cpp), and with bugs put into the machine. Included after
// model/platform.h.

#ifndef FEARLESS_TEST_RUNTIME_MODEL_SCENARIOS_H
#define FEARLESS_TEST_RUNTIME_MODEL_SCENARIOS_H

#include "platform.h"

#include "fearless/channel.h"
#include "fearless/select.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Sanitizers do not know the checker's fibers.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define FEARLESS_TEST_NO_FIBERS
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define FEARLESS_TEST_NO_FIBERS
#endif

namespace model {

namespace chan = fearless::detail::chan;
using fearless::detail::no_deadline;

/// A deadline that may pass at any time of the model.
const auto soon = chan::now() + std::chrono::hours(1);

/// A message whose every use is checked for races.
struct message {
  explicit message(int v) noexcept : value(v) {}
  message(message&& other) noexcept : value(static_cast<int>(other.value)) { other.value = -1; }
  chan::plain<int> value;
};

using ends = fearless::channel_ends<message>;
using tx_t = fearless::sender<message>;
using rx_t = fearless::receiver<message>;

/// What a scenario's threads have received; each thread has its own list.
struct record {
  std::vector<int> got[model::most_threads];
  int sent = 0;
  void take(std::size_t thread, const std::optional<message>& m) {
    if (m)
      got[thread].push_back(m->value);
  }
  [[nodiscard]] std::vector<int> all() const {
    std::vector<int> list;
    for (const auto& g : got)
      list.insert(list.end(), g.begin(), g.end());
    std::sort(list.begin(), list.end());
    return list;
  }
};

struct flavour {
  const char* name;
  bool bounded;
  std::size_t capacity;
  [[nodiscard]] ends make() const {
    return bounded ? fearless::bounded_channel<message>(capacity)
                   : fearless::unbounded_channel<message>();
  }
};

/// Two channels whose addresses are in order: a select locks by address, and a scenario
/// must do the same each time it runs.
inline std::pair<ends, ends> two_channels(const flavour& f) {
  engine& machine = engine::current();
  const object_id mark = machine.objects_made();
  std::vector<ends> kept; // so that the next attempt gets other addresses
  for (;;) {
    ends a = f.make();
    ends b = f.make();
    if (std::less<>{}(&chan::access::channel_of(a.rx), &chan::access::channel_of(b.rx)))
      return {a, b};
    kept.push_back(std::move(a));
    kept.push_back(std::move(b));
    machine.forget_objects_since(mark);
  }
}

/// One sends twice and goes, one receives until the end.
inline void stream(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  ends e = f.make();
  s.thread([tx = std::make_shared<std::optional<tx_t>>(std::move(e.tx))] {
    for (int i = 1; i <= 2; ++i)
      require(static_cast<bool>((*tx)->send(message(i))), "the receiver is there");
    tx->reset();
  });
  s.thread([rx = std::move(e.rx), shared] {
    while (std::optional<message> m = rx.recv())
      shared->take(1, m);
  });
  s.finally([shared] { require(shared->got[1] == std::vector<int>{1, 2}, "both, in order"); });
}

/// Two send, one receives what both have sent.
inline void two_senders(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  ends e = f.make();
  for (int t = 1; t <= 2; ++t)
    s.thread([tx = e.tx, t] { require(static_cast<bool>(tx.send(message(t))), "sent"); });
  s.thread([rx = e.rx, shared] {
    shared->take(1, rx.recv());
    shared->take(1, rx.recv());
  });
  s.finally([shared] { require(shared->all() == std::vector<int>{1, 2}, "both, once"); });
}

/// One sends, two receive one each.
inline void two_receivers(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  ends e = f.make();
  s.thread([tx = e.tx] {
    for (int i = 1; i <= 2; ++i)
      require(static_cast<bool>(tx.send(message(i))), "sent");
  });
  for (std::size_t t = 1; t <= 2; ++t)
    s.thread([rx = e.rx, shared, t] { shared->take(t, rx.recv()); });
  s.finally([shared] { require(shared->all() == std::vector<int>{1, 2}, "both, once"); });
}

/// A send with a time-out against a receive with a time-out: the message passes or comes
/// back, and both sides agree.
inline void time_outs(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  ends e = f.make();
  s.thread([tx = e.tx, shared] {
    auto result = tx.send_until(message(1), soon);
    if (result)
      shared->sent = 1;
    else
      require(result.take().value == 1, "the message comes back");
  });
  s.thread([rx = e.rx, shared] { shared->take(1, rx.recv_until(soon)); });
  s.finally([shared, rx = e.rx] {
    shared->take(2, rx.try_recv());
    require(static_cast<int>(shared->all().size()) == shared->sent, "received if and only if sent");
  });
}

/// The last receiver goes while a sender sends or waits.
inline void receiver_goes(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  ends e = f.make();
  s.thread([tx = e.tx, shared] {
    for (int i = 1; i <= 2; ++i) {
      auto result = tx.send(message(i));
      if (result)
        shared->sent = i;
      else
        require(result.error() == fearless::send_error::closed && result.take().value == i,
                "it comes back");
    }
  });
  s.thread([rx = std::make_shared<std::optional<rx_t>>(std::move(e.rx)), shared] {
    shared->take(1, (*rx)->try_recv());
    rx->reset();
  });
  s.finally([shared] {
    require(shared->got[1].empty() || shared->got[1][0] == 1, "the first, if any");
  });
}

/// The last sender goes while two threads wait to receive.
inline void sender_goes(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  ends e = f.make();
  s.thread([tx = std::make_shared<std::optional<tx_t>>(std::move(e.tx))] {
    require(static_cast<bool>((*tx)->send(message(1))), "sent");
    tx->reset();
  });
  for (std::size_t t = 1; t <= 2; ++t)
    s.thread([rx = e.rx, shared, t] { shared->take(t, rx.recv()); });
  s.finally([shared] { require(shared->all() == std::vector<int>{1}, "one of them gets it"); });
}

/// All handles go at the same time: the channel ends once.
inline void all_go(model::scenario& s, const flavour& f) {
  ends e = f.make();
  s.thread([tx = std::make_shared<std::optional<tx_t>>(std::move(e.tx))] {
    static_cast<void>((*tx)->try_send(message(1)));
    tx->reset();
  });
  s.thread([rx = std::make_shared<std::optional<rx_t>>(std::move(e.rx))] { rx->reset(); });
}

inline void nothing(auto&&...) {}

/// A select over two channels, a sender to each: one message by the select, the other
/// one is left.
inline void select_two(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  auto [a, b] = two_channels(f);
  s.thread([tx = a.tx] { static_cast<void>(tx.send_until(message(1), soon)); });
  s.thread([tx = b.tx] { static_cast<void>(tx.send_until(message(2), soon)); });
  s.thread([rx_a = a.rx, rx_b = b.rx, shared] {
    const auto take = [&](std::optional<message> m) { shared->take(1, m); };
    fearless::select(fearless::on_recv(rx_a, take), fearless::on_recv(rx_b, take),
                     fearless::timeout(soon, [] {}));
  });
  s.finally([shared, rx_a = a.rx, rx_b = b.rx] {
    shared->take(2, rx_a.try_recv());
    shared->take(2, rx_b.try_recv());
    const auto all = shared->all();
    require(std::adjacent_find(all.begin(), all.end()) == all.end(), "none twice");
  });
}

/// Two selects whose branches cross: each sends where the other one receives.
inline void crossing_selects(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  auto [a, b] = two_channels(f);
  const auto one = [shared](std::size_t me, const tx_t& tx, const rx_t& rx) {
    fearless::select(
        fearless::on_send(tx, message(static_cast<int>(me)),
                          [&](fearless::send_result<message> r) {
                            require(static_cast<bool>(r), "nobody closes");
                            ++shared->sent;
                          }),
        fearless::on_recv(rx, [&](std::optional<message> m) { shared->take(me, m); }));
  };
  s.thread([one, tx = a.tx, rx = b.rx] { one(1, tx, rx); });
  s.thread([one, tx = b.tx, rx = a.rx] { one(2, tx, rx); });
  s.finally([shared, a, b] {
    shared->take(3, a.rx.try_recv());
    shared->take(3, b.rx.try_recv());
    require(static_cast<int>(shared->all().size()) == shared->sent, "received what was sent");
  });
}

/// Two selects compete for one message on one of their two channels.
inline void competing_selects(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  auto [a, b] = two_channels(f);
  s.thread([tx_a = a.tx, tx_b = b.tx] {
    static_cast<void>(tx_a.send(message(1)));
    static_cast<void>(tx_b.send(message(2)));
  });
  for (std::size_t t = 1; t <= 2; ++t) {
    s.thread([rx_a = a.rx, rx_b = b.rx, shared, t] {
      const auto take = [&](std::optional<message> m) { shared->take(t, m); };
      fearless::select(fearless::on_recv(rx_a, take), fearless::on_recv(rx_b, take));
    });
  }
  s.finally([shared] { require(shared->all() == std::vector<int>{1, 2}, "one each"); });
}

/// The channel of a waiting select is closed.
inline void select_and_close(model::scenario& s, const flavour& f) {
  auto shared = std::make_shared<record>();
  auto [a, b] = two_channels(f);
  s.thread([tx = std::make_shared<std::optional<tx_t>>(std::move(a.tx))] { tx->reset(); });
  s.thread([tx = b.tx] { static_cast<void>(tx.send_until(message(2), soon)); });
  s.thread([rx_a = a.rx, rx_b = b.rx, shared] {
    fearless::select(fearless::on_recv(rx_a, [](std::optional<message> m) { require(!m, "closed"); }),
                     fearless::on_recv(rx_b, [](std::optional<message> m) {
                       require(m.has_value(), "not closed");
                     }));
  });
}

inline const flavour flavours[] = {{"unbounded", false, 0}, {"rendezvous", true, 0}, {"bounded1", true, 1}};

/// Over an ideal lock only: the reduction relies on it.
inline options every_interleaving() {
  options how;
  how.reduce = true;
  return how;
}
inline options with_preemptions(unsigned n) {
  options how;
  how.preemptions = n;
  return how;
}
/// Relaxed operations are points of decision as well.
inline options finely(unsigned n) {
  options how = with_preemptions(n);
  how.fine = true;
  return how;
}

inline void expect_correct(const options& how, const std::function<void(scenario&)>& setup) {
  const result r = check(how, setup);
  EXPECT_EQ(r.failure, "") << "schedule " << r.trace;
  EXPECT_TRUE(r.complete) << "not finished after " << r.executions;
  if (std::getenv("FEARLESS_MODEL_VERBOSE") != nullptr)
    std::printf("%zu executions, %zu repeated\n", r.executions, r.repeated);
}

} // namespace model

#endif // FEARLESS_TEST_RUNTIME_MODEL_SCENARIOS_H
