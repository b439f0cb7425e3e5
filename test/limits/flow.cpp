// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What default mode does not see: see docs/limitations.md. A finding here is
// news, and good news.
// expected-no-diagnostics

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>

static void use(int) {}

// Another translation unit.
void elsewhere(int &n);
int shared_total;
void touches_the_total();
#ifdef FEARLESS_TRUTH
void touches_the_total() { ++shared_total; }
#endif
void FN_other_unit_bad() {
  std::thread t(touches_the_total);
  ++shared_total;
  t.join();
}

// Elements at indices that are not constant.
void FN_same_index_bad(int i) {
  std::vector<int> values(4);
  std::thread t([&values, i] { values[i] = 1; });
  values[i] = 2;
  t.join();
}

// A pointer that is stored in an object and read back.
struct Link {
  int *target;
};
void FN_pointer_in_an_object_bad() {
  int n = 0;
  auto link = std::make_unique<Link>(Link{&n});
  std::thread t([&link] { *link->target = 1; });
  n = 2;
  t.join();
}

// Evidence more than three calls away.
static int far;
void step4() { ++far; }
void step3() { step4(); }
void step2() { step3(); }
void step1() { step2(); }
void step0() { step1(); }
void FN_far_away_bad() {
  std::thread t(step0);
  ++far;
  t.join();
}

// A pointer to member.
struct pair_of {
  int a = 0, b = 0;
};
void FN_member_pointer_bad() {
  pair_of p;
  int pair_of::*which = &pair_of::a;
  std::thread t([&p, which] { p.*which = 1; });
  p.a = 2;
  t.join();
}

// Order through a queue or flag behind a lock is taken for the right order.
class queue {
  std::queue<int> items;
  std::mutex m;

public:
  void push(int item) {
    std::lock_guard lock(m);
    items.push(item);
  }
  std::optional<int> pop() {
    std::lock_guard lock(m);
    if (items.empty())
      return std::nullopt;
    int item = items.front();
    items.pop();
    return item;
  }
};
void FN_wrong_order_bad() {
  queue q;
  int sum = 0;
  std::thread consumer([&] {
    while (true) {
      if (auto item = q.pop()) {
        if (*item < 0)
          return;
        sum += *item;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  q.push(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ++sum;
  q.push(-1);
  consumer.join();
}

// Used by atomic functions in one place, and plainly in another.
void FN_atomic_and_plain_pointer_bad() {
  auto p = std::make_shared<const int>(1);
  std::thread t([&p] { (void)std::atomic_load(&p); });
  p = std::make_shared<const int>(2);
  t.join();
}
void FN_atomic_and_plain_number_bad() {
  int n = 0;
  std::thread t([&n] { __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST); });
  n = 2;
  t.join();
}

// Tasks that are objects with a virtual function; tasks that a thread of somebody
// else runs, through a method of the queue.
struct job {
  virtual ~job() = default;
  virtual void run() = 0;
};
class job_runner {
public:
  job_runner() : a_(&job_runner::loop, this), b_(&job_runner::loop, this) {}
  ~job_runner() {
    a_.join();
    b_.join();
  }
  void add(std::unique_ptr<job> each) {
    std::lock_guard lock(m_);
    jobs_.push(std::move(each));
  }

private:
  void loop() {
    for (;;) {
      std::unique_ptr<job> each;
      {
        std::lock_guard lock(m_);
        if (jobs_.empty())
          return;
        each = std::move(jobs_.front());
        jobs_.pop();
      }
      each->run();
    }
  }
  std::mutex m_;
  std::queue<std::unique_ptr<job>> jobs_;
  std::thread a_, b_;
};
struct increase : job {
  explicit increase(int &n) : n_(n) {}
  void run() override { ++n_; }
  int &n_;
};
void FN_virtual_tasks_bad() {
  int n = 0;
  job_runner r;
  r.add(std::make_unique<increase>(n));
  r.add(std::make_unique<increase>(n));
}
class event_loop {
public:
  void post(std::function<void()> f) {
    std::lock_guard lock(m_);
    tasks_.push(std::move(f));
  }
  void run() {
    for (;;) {
      std::function<void()> f;
      {
        std::lock_guard lock(m_);
        if (tasks_.empty())
          return;
        f = std::move(tasks_.front());
        tasks_.pop();
      }
      f();
    }
  }

private:
  std::mutex m_;
  std::queue<std::function<void()>> tasks_;
};
void FN_loop_run_elsewhere_bad() {
  int n = 0;
  event_loop events;
  std::thread t([&events] { events.run(); });
  events.post([&n] { ++n; });
  ++n;
  t.join();
}

// A callable that one method sets and another starts.
class later {
public:
  void set(std::function<void()> f) { f_ = std::move(f); }
  void start() {
    thread_ = std::thread([this] { f_(); });
  }
  ~later() { thread_.join(); }

private:
  std::function<void()> f_;
  std::thread thread_;
};
void FN_set_and_started_bad() {
  int n = 0;
  later l;
  l.set([&n] { ++n; });
  l.start();
  ++n;
}

// What a generic lambda does to what the library gives it.
void FN_visited_by_generic_lambda_bad() {
  std::variant<int, double> v;
  std::thread t([&v] { std::visit([](auto &each) { each = 1; }, v); });
  use(std::get<int>(v));
  t.join();
}

// Elements at two indices of which one is computed.
void FN_neighbour_element_bad() {
  std::vector<int> a(4), b(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      a[i] = i;
      b[i] = a[(i + 1) % 4];
    });
  for (auto &t : threads)
    t.join();
}

// A tuple of references is no name of what they refer to.
void FN_tuple_of_references_bad() {
  int n = 0;
  auto all = std::tie(n);
  std::thread t([all] { ++std::get<0>(all); });
  ++n;
  t.join();
}
