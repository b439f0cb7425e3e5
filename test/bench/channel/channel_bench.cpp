// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scenarios of crossbeam-channel's benchmarks in C++: fearless channels, and a
// mutex, a deque and two condition variables as the baseline. One process runs one
// scenario once and prints nanoseconds per message, so that run.py can interleave the
// competitors:
//     channel_bench IMPLEMENTATION SCENARIO CAPACITY MESSAGES
// CAPACITY is a number or "unbounded". Exit 3: this implementation has no such scenario.

#include "fearless/channel.h"
#include "fearless/select.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
constexpr std::size_t unlimited = static_cast<std::size_t>(-1);
constexpr std::size_t parties = 4;

// --- What is compared ---------------------------------------------------------------------

struct fearless_channels {
  static constexpr bool has_select = true;
  static constexpr bool has_rendezvous = true;
  template <class T>
  using sender = fearless::sender<T>;
  template <class T>
  using receiver = fearless::receiver<T>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> make(std::size_t capacity) {
    auto [tx, rx] =
        capacity == unlimited ? fearless::unbounded_channel<T>() : fearless::bounded_channel<T>(capacity);
    return {std::move(tx), std::move(rx)};
  }
  template <class T>
  static void send(const sender<T>& tx, T value) {
    if (!tx.send(std::move(value)))
      std::abort();
  }
  template <class T>
  static T receive(const receiver<T>& rx) {
    return *rx.recv();
  }
};

/// What one writes without a library: no disconnection, no select, no rendezvous.
struct mutex_and_deque {
  static constexpr bool has_select = false;
  static constexpr bool has_rendezvous = false;
  template <class T>
  struct queue {
    std::mutex mutex;
    std::condition_variable not_empty;
    std::condition_variable not_full;
    std::deque<T> messages;
    std::size_t capacity = unlimited;
  };
  template <class T>
  using sender = std::shared_ptr<queue<T>>;
  template <class T>
  using receiver = std::shared_ptr<queue<T>>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> make(std::size_t capacity) {
    auto q = std::make_shared<queue<T>>();
    q->capacity = capacity;
    return {q, q};
  }
  template <class T>
  static void send(const std::shared_ptr<queue<T>>& q, T value) {
    {
      std::unique_lock lock(q->mutex);
      q->not_full.wait(lock, [&] { return q->messages.size() < q->capacity; });
      q->messages.push_back(std::move(value));
    }
    q->not_empty.notify_one();
  }
  template <class T>
  static T receive(const std::shared_ptr<queue<T>>& q) {
    std::unique_lock lock(q->mutex);
    q->not_empty.wait(lock, [&] { return !q->messages.empty(); });
    T value = std::move(q->messages.front());
    q->messages.pop_front();
    lock.unlock();
    q->not_full.notify_one();
    return value;
  }
};

// --- The scenarios --------------------------------------------------------------------------

struct threads {
  std::vector<std::thread> all;
  template <class F>
  void start(F f) {
    all.emplace_back(std::move(f));
  }
  ~threads() {
    for (std::thread& t : all)
      t.join();
  }
};

template <class C, class T>
void seq(std::size_t capacity, std::size_t n) {
  auto [tx, rx] = C::template make<T>(capacity);
  for (std::size_t i = 0; i != n; ++i)
    C::send(tx, T{i});
  for (std::size_t i = 0; i != n; ++i)
    static_cast<void>(C::receive(rx));
}

template <class C, class T>
void stream(std::size_t capacity, std::size_t n, std::size_t senders, std::size_t receivers) {
  auto [tx, rx] = C::template make<T>(capacity);
  threads team;
  for (std::size_t s = 0; s != senders; ++s) {
    team.start([tx = tx, n, senders] {
      for (std::size_t i = 0; i != n / senders; ++i)
        C::send(tx, T{i});
    });
  }
  for (std::size_t r = 1; r < receivers; ++r) {
    team.start([rx = rx, n, receivers] {
      for (std::size_t i = 0; i != n / receivers; ++i)
        static_cast<void>(C::receive(rx));
    });
  }
  for (std::size_t i = 0; i != n / receivers; ++i)
    static_cast<void>(C::receive(rx));
}

/// A message there and one back, n times.
template <class C, class T>
void pingpong(std::size_t capacity, std::size_t n) {
  auto [there_tx, there_rx] = C::template make<T>(capacity);
  auto [back_tx, back_rx] = C::template make<T>(capacity);
  threads team;
  team.start([rx = there_rx, tx = back_tx, n] {
    for (std::size_t i = 0; i != n; ++i)
      C::send(tx, C::receive(rx));
  });
  for (std::size_t i = 0; i != n; ++i) {
    C::send(there_tx, T{i});
    static_cast<void>(C::receive(back_rx));
  }
}

using word = std::size_t;
using channel_pair = std::pair<fearless::sender<word>, fearless::receiver<word>>;

// As crossbeam's benchmark does, a new selector for every message.
word select_one(const std::vector<channel_pair>& channels) {
  fearless::selector choice;
  std::optional<word> message;
  for (const channel_pair& c : channels)
    choice.add_recv(c.second, message);
  choice.select();
  return *message;
}

void select_rx(std::size_t capacity, std::size_t n) {
  std::vector<channel_pair> channels;
  for (std::size_t i = 0; i != parties; ++i)
    channels.push_back(fearless_channels::make<word>(capacity));
  threads team;
  for (const channel_pair& c : channels) {
    team.start([tx = c.first, n] {
      for (std::size_t i = 0; i != n / parties; ++i)
        fearless_channels::send(tx, i);
    });
  }
  for (std::size_t i = 0; i != n / parties * parties; ++i)
    select_one(channels);
}

void select_both(std::size_t capacity, std::size_t n) {
  std::vector<channel_pair> channels;
  for (std::size_t i = 0; i != parties; ++i)
    channels.push_back(fearless_channels::make<word>(capacity));
  threads team;
  for (std::size_t t = 0; t != parties; ++t) {
    team.start([&channels, n] {
      for (std::size_t i = 0; i != n / parties; ++i) {
        fearless::selector choice;
        std::optional<word> message = i;
        for (const channel_pair& c : channels)
          choice.add_send(c.first, message);
        choice.select();
      }
    });
    team.start([&channels, n] {
      for (std::size_t i = 0; i != n / parties; ++i)
        select_one(channels);
    });
  }
}

/// Round trips one by one: prints the percentiles 50, 99 and 99.9 instead of a mean.
template <class C>
void latency(std::size_t capacity, std::size_t n) {
  auto [there_tx, there_rx] = C::template make<word>(capacity);
  auto [back_tx, back_rx] = C::template make<word>(capacity);
  threads team;
  team.start([rx = there_rx, tx = back_tx, n] {
    for (std::size_t i = 0; i != n; ++i)
      C::send(tx, C::receive(rx));
  });
  std::vector<std::int64_t> times(n);
  for (std::size_t i = 0; i != n; ++i) {
    const auto begin = clock_type::now();
    C::send(there_tx, i);
    static_cast<void>(C::receive(back_rx));
    times[i] = (clock_type::now() - begin).count();
  }
  std::sort(times.begin(), times.end());
  std::printf("%lld %lld %lld\n", static_cast<long long>(times[n / 2]),
              static_cast<long long>(times[n * 99 / 100]),
              static_cast<long long>(times[n * 999 / 1000]));
}

/// Two senders, two receivers, until the end: the smaller share of the messages in percent
/// of an equal one.
template <class C>
void fairness(std::size_t capacity, std::size_t n) {
  auto [tx, rx] = C::template make<word>(capacity);
  std::atomic<std::size_t> taken{0};
  std::barrier begin(4);
  std::size_t counts[2] = {0, 0};
  {
    threads team;
    for (std::size_t s = 0; s != 2; ++s) {
      team.start([tx = tx, &begin, n] {
        begin.arrive_and_wait();
        for (std::size_t i = 0; i != n / 2; ++i)
          C::send(tx, i);
      });
      team.start([rx = rx, &begin, &taken, n, &count = counts[s]] {
        begin.arrive_and_wait();
        std::size_t mine = 0;
        for (; taken.fetch_add(1, std::memory_order_relaxed) < n / 2 * 2; ++mine)
          static_cast<void>(C::receive(rx));
        count = mine;
      });
    }
  }
  std::printf("%zu\n", 100 * std::min(counts[0], counts[1]) / (n / 2));
}

struct large {
  std::size_t first;
  char rest[1024 - sizeof(std::size_t)] = {};
};

template <class C>
int run(const std::string& scenario, std::size_t capacity, std::size_t n) {
  if (!C::has_rendezvous && capacity == 0)
    return 3;
  if (!C::has_select && scenario.rfind("select", 0) == 0)
    return 3;
  if (scenario == "latency") {
    latency<C>(capacity, n);
    return 0;
  }
  if (scenario == "fairness") {
    fairness<C>(capacity, n);
    return 0;
  }
  const auto begin = clock_type::now();
  if (scenario == "seq")
    seq<C, word>(capacity, n);
  else if (scenario == "spsc")
    stream<C, word>(capacity, n, 1, 1);
  else if (scenario == "mpsc")
    stream<C, word>(capacity, n, parties, 1);
  else if (scenario == "mpmc")
    stream<C, word>(capacity, n, parties, parties);
  else if (scenario == "spsc1k")
    stream<C, large>(capacity, n, 1, 1);
  else if (scenario == "pingpong")
    pingpong<C, word>(capacity, n);
  else if (scenario == "select_rx")
    select_rx(capacity, n);
  else if (scenario == "select_both")
    select_both(capacity, n);
  else
    return 2;
  const std::chrono::duration<double, std::nano> spent = clock_type::now() - begin;
  std::printf("%.2f\n", spent.count() / static_cast<double>(n));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: channel_bench fearless|mutex SCENARIO CAPACITY MESSAGES\n", stderr);
    return 2;
  }
  const std::string implementation = argv[1];
  const std::string capacity_text = argv[3];
  const std::size_t capacity =
      capacity_text == "unbounded" ? unlimited : std::strtoull(argv[3], nullptr, 10);
  const std::size_t n = std::strtoull(argv[4], nullptr, 10);
  if (implementation == "fearless")
    return run<fearless_channels>(argv[2], capacity, n);
  if (implementation == "mutex")
    return run<mutex_and_deque>(argv[2], capacity, n);
  return 3;
}
