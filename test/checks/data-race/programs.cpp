// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole programs in small: the shapes in which threads are really used. The _ok
// ones must stay silent.
// RUN: %fearless_check %s

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <string>
#include <thread>
#include <utility>
#include <vector>

static void use(int) {}

// Fork and join over disjoint parts.
void parallel_fill_ok() {
  std::vector<int> out(16);
  std::vector<std::thread> ts;
  const std::size_t n = 4, part = out.size() / n;
  for (std::size_t i = 0; i < n; ++i)
    ts.emplace_back([&out, i, part] {
      for (std::size_t k = i * part; k < (i + 1) * part; ++k)
        out[k] = 1;
    });
  for (auto &t : ts)
    t.join();
  use(std::accumulate(out.begin(), out.end(), 0));
}
void parallel_iterators_ok() {
  std::vector<int> v(16);
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([first = v.begin() + i * 4, last = v.begin() + (i + 1) * 4] {
      std::fill(first, last, 1);
    });
  for (auto &t : ts)
    t.join();
}
void parallel_sum_bad() {
  std::vector<int> v(16, 1);
  int sum = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&, i] {
// expected-note@-1 {{this runs again while earlier threads may still run}}
      for (int k = 0; k < 4; ++k)
        sum += v[i * 4 + k];
// expected-error@-1 {{'sum' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    });
  for (auto &t : ts)
    t.join();
  use(sum);
}
void parallel_sum_ok() {
  std::vector<int> v(16, 1);
  std::array<int, 4> sums{};
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&, i] {
      for (int k = 0; k < 4; ++k)
        sums[i] += v[i * 4 + k];
    });
  for (auto &t : ts)
    t.join();
  use(std::accumulate(sums.begin(), sums.end(), 0));
}
void parallel_futures_ok() {
  std::vector<int> v(16, 1);
  std::vector<std::future<int>> fs;
  for (int i = 0; i < 4; ++i)
    fs.push_back(std::async(std::launch::async, [&v, i] {
      return std::accumulate(v.begin() + i * 4, v.begin() + (i + 1) * 4, 0);
    }));
  int sum = 0;
  for (auto &f : fs)
    sum += f.get();
  use(sum);
}
static long quick_sum(const int *from, const int *to) {
  if (to - from < 4)
    return std::accumulate(from, to, 0L);
  const int *middle = from + (to - from) / 2;
  auto left = std::async(std::launch::async, quick_sum, from, middle);
  const long right = quick_sum(middle, to);
  return left.get() + right;
}
void divide_and_conquer_ok() {
  std::vector<int> v(16, 1);
  use(quick_sum(v.data(), v.data() + v.size()));
}
static void merge_sort(std::vector<int>::iterator first, std::vector<int>::iterator last) {
  if (last - first < 2)
    return;
  auto middle = first + (last - first) / 2;
  std::thread t(merge_sort, first, middle);
  merge_sort(middle, last);
  t.join();
  std::inplace_merge(first, middle, last);
}
void parallel_sort_ok() {
  std::vector<int> v{4, 2, 3, 1};
  merge_sort(v.begin(), v.end());
}

// A result for each thread.
struct slot {
  std::thread t;
  int result = 0;
};
void slots_ok() {
  std::vector<slot> slots(3);
  for (auto &s : slots)
    s.t = std::thread([&s] { s.result = 1; });
  int sum = 0;
  for (auto &s : slots) {
    s.t.join();
    sum += s.result;
  }
  use(sum);
}
void results_by_index_ok() {
  int results[3];
  std::thread ts[3];
  for (int i = 0; i < 3; ++i)
    ts[i] = std::thread([&results, i] { results[i] = i; });
  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    ts[i].join();
    sum += results[i];
  }
  use(sum);
}
void shared_index_bad() {
  int results[3] = {};
  int next = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&] { results[next++ % 3] = 1; });
// expected-error@-1 {{'next' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{this runs again while earlier threads may still run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  for (auto &t : ts)
    t.join();
}
void shared_index_ok() {
  int results[3] = {};
  std::atomic<int> next{0};
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&] { results[next++ % 3] = 1; });
  for (auto &t : ts)
    t.join();
}

// Producer and consumer.
template <class T> class channel {
  std::queue<T> items;
  std::mutex m;
  std::condition_variable cv;
  bool closed = false;

public:
  void push(T item) {
    {
      std::lock_guard lock(m);
      items.push(std::move(item));
    }
    cv.notify_one();
  }
  void close() {
    {
      std::lock_guard lock(m);
      closed = true;
    }
    cv.notify_all();
  }
  std::optional<T> pop() {
    std::unique_lock lock(m);
    cv.wait(lock, [this] { return closed || !items.empty(); });
    if (items.empty())
      return std::nullopt;
    T item = std::move(items.front());
    items.pop();
    return item;
  }
};
void channel_ok() {
  channel<int> c;
  int sum = 0;
  std::thread consumer([&] {
    while (auto item = c.pop())
      sum += *item;
  });
  for (int i = 0; i < 8; ++i)
    c.push(i);
  c.close();
  consumer.join();
  use(sum);
}
class leaky_channel_bad {
  std::queue<int> items;
  std::mutex m;

public:
  void push(int item) {
    std::lock_guard lock(m);
    items.push(item);
// expected-note@-1 {{the thread writes it here}}
  }
  bool empty() const { return items.empty(); }
// expected-error@-1 {{'c.items' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void unlocked_empty_bad() {
  leaky_channel_bad c;
  std::thread t([&c] { c.push(1); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  use(c.empty());
// expected-note@-1 {{reached through this call}}
  t.join();
}

// Thread pools.
class pool {
  std::vector<std::thread> workers;
  std::deque<std::function<void()>> tasks;
  std::mutex m;
  std::condition_variable cv;
  bool stop = false;

  void work() {
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock lock(m);
        cv.wait(lock, [this] { return stop || !tasks.empty(); });
        if (stop && tasks.empty())
          return;
        task = std::move(tasks.front());
        tasks.pop_front();
      }
      task();
    }
  }

public:
  explicit pool(int n) {
    for (int i = 0; i < n; ++i)
      workers.emplace_back(&pool::work, this);
  }
  template <class F> auto submit(F f) -> std::future<decltype(f())> {
    auto task = std::make_shared<std::packaged_task<decltype(f())()>>(std::move(f));
    auto result = task->get_future();
    {
      std::lock_guard lock(m);
      tasks.emplace_back([task] { (*task)(); });
    }
    cv.notify_one();
    return result;
  }
  ~pool() {
    {
      std::lock_guard lock(m);
      stop = true;
    }
    cv.notify_all();
    for (auto &w : workers)
      w.join();
  }
};
void pool_ok() {
  pool p(2);
  auto a = p.submit([] { return 1; });
  auto b = p.submit([] { return 2; });
  use(a.get() + b.get());
}
void pool_results_ok() {
  int x = 0;
  pool p(2);
  auto done = p.submit([&x] { x = 1; });
  done.get();
  use(x);
}
class stop_without_lock_bad {
  std::vector<std::thread> workers;
  std::mutex m;
  std::condition_variable cv;
  bool stop = false;
  int left = 0;

public:
  stop_without_lock_bad() {
    for (int i = 0; i < 2; ++i)
      workers.emplace_back([this] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
        std::unique_lock lock(m);
        cv.wait_for(lock, std::chrono::milliseconds(5), [this] { return stop; });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{reached through this call}}
        ++left;
      });
  }
  ~stop_without_lock_bad() {
    stop = true;
// expected-error@-1 {{'p.stop' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    cv.notify_all();
    for (auto &w : workers)
      w.join();
  }
};
void pool_stop_bad() { stop_without_lock_bad p; }
// expected-note@-1 {{reached through this call}}

// An active object, with a mailbox.
class actor_ok {
  std::mutex m;
  std::condition_variable cv;
  std::deque<int> mail;
  bool done = false;
  int total = 0; // the thread's own until it is joined
  std::thread t;

  void run() {
    std::unique_lock lock(m);
    while (true) {
      cv.wait(lock, [this] { return done || !mail.empty(); });
      if (mail.empty())
        return;
      int item = mail.front();
      mail.pop_front();
      lock.unlock();
      total += item;
      lock.lock();
    }
  }

public:
  actor_ok() : t(&actor_ok::run, this) {}
  void send(int item) {
    {
      std::lock_guard lock(m);
      mail.push_back(item);
    }
    cv.notify_one();
  }
  int finish() {
    {
      std::lock_guard lock(m);
      done = true;
    }
    cv.notify_one();
    t.join();
    return total;
  }
};
void mailbox_ok() {
  actor_ok a;
  a.send(1);
  a.send(2);
  use(a.finish());
}

// A connection for each thread: what moves in is the thread's own.
struct connection {
  std::string buffer;
  void serve() { buffer += "x"; }
// expected-error@-1 {{'c->buffer' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void thread_for_each_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    connection c;
    c.buffer = "hello";
    ts.emplace_back([c = std::move(c)]() mutable { c.serve(); });
  }
  for (auto &t : ts)
    t.join();
}
void unique_for_each_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    auto c = std::make_unique<connection>();
    ts.emplace_back([](std::unique_ptr<connection> own) { own->serve(); }, std::move(c));
  }
  for (auto &t : ts)
    t.join();
}
void shared_for_each_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    auto c = std::make_shared<connection>();
    ts.emplace_back([c] { c->serve(); });
  }
  for (auto &t : ts)
    t.join();
}
void shared_by_all_bad() {
  std::vector<std::thread> ts;
  auto c = std::make_shared<connection>();
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([c] { c->serve(); });
// expected-note@-1 {{this runs again while earlier threads may still run}}
// expected-note@-2 2 {{reached through this call}}
  for (auto &t : ts)
    t.join();
}

// Shared and never changed.
void immutable_ok() {
  auto config = std::make_shared<const std::map<std::string, int>>(
      std::map<std::string, int>{{"a", 1}});
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([config] { use(config->at("a")); });
  for (auto &t : ts)
    t.join();
}
void filled_before_ok() {
  std::map<std::string, int> config;
  config["a"] = 1;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&config] { use(config.at("a")); });
  for (auto &t : ts)
    t.join();
  config["b"] = 2;
}
void filled_while_running_bad() {
  std::map<std::string, int> config{{"a", 1}};
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    ts.emplace_back([&config] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
      for (const auto &[key, value] : config)
// expected-note@-1 {{the thread reads it here}}
        use(value);
    });
    config[std::to_string(i)] = i;
// expected-error@-1 {{'config' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  for (auto &t : ts)
    t.join();
}

// A pipeline.
void pipeline_ok() {
  channel<int> first, second;
  int sum = 0;
  std::thread a([&] {
    for (int i = 0; i < 4; ++i)
      first.push(i);
    first.close();
  });
  std::thread b([&] {
    while (auto i = first.pop())
      second.push(*i * 2);
    second.close();
  });
  std::thread c([&] {
    while (auto i = second.pop())
      sum += *i;
  });
  a.join();
  b.join();
  c.join();
  use(sum);
}

// A background saver that copies under the lock and works without it.
class document_ok {
  mutable std::mutex m;
  std::string text;

public:
  void append(const std::string &s) {
    std::lock_guard lock(m);
    text += s;
  }
  std::string copy() const {
    std::lock_guard lock(m);
    return text;
  }
};
void copy_under_lock_ok() {
  document_ok d;
  std::thread saver([&d] { use(d.copy().size()); });
  d.append("x");
  saver.join();
}

// An event loop that owns its data.
class timer_ok {
  std::atomic<bool> running{true};
  std::atomic<int> ticks{0};
  std::jthread t{[this] {
    while (running)
      ++ticks;
  }};

public:
  ~timer_ok() { running = false; }
  int count() const { return ticks; }
};
void timer_object_ok() {
  timer_ok t;
  use(t.count());
}

// Statistics without a lock.
struct statistics {
  int hits = 0;
  int misses = 0;
};
void statistics_bad() {
  statistics s;
  std::thread a([&s] { ++s.hits; });
// expected-error@-1 {{'s.hits' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&s] { ++s.hits; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}
void statistics_ok() {
  statistics s;
  std::thread a([&s] { ++s.hits; });
  std::thread b([&s] { ++s.misses; });
  a.join();
  b.join();
  use(s.hits + s.misses);
}
// Each thread counts for itself and adds at the end, under the lock.
void local_then_locked_ok() {
  int total = 0;
  std::mutex m;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&] {
      int own = 0;
      for (int k = 0; k < 5; ++k)
        ++own;
      std::lock_guard lock(m);
      total += own;
    });
  for (auto &t : ts)
    t.join();
  use(total);
}
void locked_then_read_early_bad() {
  int total = 0;
  std::mutex m;
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i)
    ts.emplace_back([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
      std::lock_guard lock(m);
      ++total;
// expected-note@-1 {{the thread writes it here}}
    });
  use(total);
// expected-error@-1 {{'total' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  for (auto &t : ts)
    t.join();
}
