// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks that are handed to the threads of a user's own class: a pool, an active
// object, a timer. Nothing is marked; the code shows who runs what.
// RUN: %fearless_check %s

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

static void use(int) {}

//===----------------------------------------------------------------------===//
// A pool with a queue of functions
//===----------------------------------------------------------------------===//

class pool {
public:
  explicit pool(unsigned n) {
    for (unsigned i = 0; i < n; ++i)
      workers_.emplace_back([this] {
        for (;;) {
          std::function<void()> task;
          {
            std::unique_lock<std::mutex> lock(m_);
            cv_.wait(lock, [this] { return stop_ || !tasks_.empty(); });
            if (tasks_.empty())
              return;
            task = std::move(tasks_.front());
            tasks_.pop();
          }
          if (task)
            task();
// expected-note@-1 9 {{a thread takes such tasks and runs them here}}
          --pending_;
        }
      });
  }
  ~pool() {
    {
      std::lock_guard<std::mutex> lock(m_);
      stop_ = true;
    }
    cv_.notify_all();
    for (auto &worker : workers_)
      worker.join();
  }
  void post(std::function<void()> f) {
    ++pending_;
    {
      std::lock_guard<std::mutex> lock(m_);
      tasks_.push(std::move(f));
    }
    cv_.notify_one();
  }
  template <class F, class... A> auto submit(F &&f, A &&...a) {
    using result = std::invoke_result_t<F, A...>;
    auto task = std::make_shared<std::packaged_task<result()>>(
        std::bind(std::forward<F>(f), std::forward<A>(a)...));
    std::future<result> out = task->get_future();
    post([task] { (*task)(); });
    return out;
  }
  void wait() {
    while (pending_ != 0)
      std::this_thread::yield();
  }

private:
  std::vector<std::thread> workers_;
  std::queue<std::function<void()>> tasks_;
  std::mutex m_;
  std::condition_variable cv_;
  std::atomic<int> pending_{0};
  bool stop_ = false;
};

static void add(int &n, int by) { n += by; }
// expected-error@-1 {{'n' is written by the task given to 'pool::submit' and written by another task at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the task given to 'pool::submit'}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
struct counter {
  int n = 0;
  void up() { ++n; }
// expected-error@-1 {{'c.n' is written by the task given to 'pool::submit' and written by another task at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the task given to 'pool::submit'}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
};

void two_tasks_bad() {
  int n = 0;
  pool p(2);
  p.post([&n] { ++n; });
// expected-error@-1 {{'n' is written by the task given to 'pool::post' and written by another task at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other is handed over here; nothing waits for one before the other runs}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
  p.post([&n] { ++n; });
// expected-note@-1 {{it is written here by the task given to 'pool::post'}}
// expected-note@-2 {{one task is handed over here}}
}
void in_a_loop_bad() {
  int n = 0;
  pool p(4);
  for (int i = 0; i < 10; ++i)
    p.post([&n] { ++n; });
// expected-error@-1 {{'n' is written by several tasks of 'pool::post' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{this runs again while earlier tasks may still run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
}
void task_and_caller_bad() {
  int n = 0;
  pool p(2);
  p.post([&n] { ++n; });
// expected-note@-1 {{the task writes it here}}
// expected-note@-2 {{the task is handed over here, and nothing waits for it before the access}}
  use(n);
// expected-error@-1 {{'n' is read here while the task given to 'pool::post' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
}
void by_pointer_bad() {
  int n = 0;
  auto p = std::make_unique<pool>(2);
  p->post([&n] { ++n; });
// expected-note@-1 {{the task writes it here}}
// expected-note@-2 {{the task is handed over here, and nothing waits for it before the access}}
  n = 5;
// expected-error@-1 {{'n' is written here while the task given to 'pool::post' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
}
void future_too_late_bad() {
  int n = 0;
  pool p(4);
  auto f = p.submit([&n] { return ++n; });
// expected-note@-1 {{the task reads it here}}
// expected-note@-2 {{the task is handed over here, and nothing waits for it before the access}}
  ++n;
// expected-error@-1 {{'n' is written here while the task given to 'pool::submit' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
  f.get();
}
void bound_arguments_bad() {
  int n = 0;
  pool p(4);
  p.submit(add, std::ref(n), 1);
// expected-note@-1 {{the other is handed over here; nothing waits for one before the other runs}}
  p.submit(add, std::ref(n), 2);
// expected-note@-1 {{one task is handed over here}}
}
void bound_method_bad() {
  counter c;
  pool p(4);
  p.submit(&counter::up, &c);
// expected-note@-1 {{the other is handed over here; nothing waits for one before the other runs}}
  p.submit(&counter::up, &c);
// expected-note@-1 {{one task is handed over here}}
}
void of_the_caller_bad(pool &p) {
  int n = 0;
  p.post([&n] { ++n; });
// expected-error@-1 {{'n' is given by reference to the task given to 'pool::post', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the task uses it here}}
// expected-note@-3 {{help: wait for the task before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the task}}
void pool_ends_last_bad() {
  pool p(2);
  int n = 0;
  p.post([&n] { ++n; });
// expected-error@-1 {{'n' is given by reference to the task given to 'pool::post', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the task uses it here}}
// expected-note@-3 {{help: wait for the task before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the task}}
class server_bad {
public:
  void request() {
    pool_.post([this] { ++count_; });
// expected-note@-1 {{the task writes it here}}
// expected-note@-2 {{the task is handed over here; 'count' is public and can be called meanwhile}}
  }
  int count() const { return count_; }
// expected-error@-1 {{'count_' is read here while the task given to 'pool::post' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: guard both with one mutex, or make 'count_' a std::atomic<int>}}

private:
  int count_ = 0;
  pool pool_{4};
};

void pool_ends_first_ok() {
  int n = 0;
  {
    pool p(4);
    p.post([&n] { ++n; });
  }
  ++n;
}
void waits_ok() {
  int n = 0;
  pool p(4);
  p.post([&n] { ++n; });
  p.wait();
  ++n;
}
void future_ok() {
  int n = 0;
  pool p(4);
  auto f = p.submit([&n] { return ++n; });
  f.get();
  ++n;
}
void futures_ok() {
  std::vector<int> v(4);
  pool p(4);
  std::vector<std::future<int>> all;
  for (int i = 0; i < 4; ++i) {
    v[i] = 1;
    all.push_back(p.submit([&v, i] { return v[i] = i; }));
  }
  for (auto &f : all)
    f.get();
  use(v[0]);
}
void latch_ok() {
  int n = 0;
  pool p(2);
  std::latch l(1);
  p.post([&] {
    ++n;
    l.count_down();
  });
  l.wait();
  use(n);
}
void counted_ok() {
  int v[4] = {};
  pool p(2);
  std::atomic<int> left{4};
  for (int i = 0; i < 4; ++i)
    p.post([&, i] {
      v[i] = i;
      --left;
    });
  while (left != 0)
    std::this_thread::yield();
  use(v[0]);
}
void locked_ok() {
  int n = 0;
  std::mutex m;
  pool p(2);
  for (int i = 0; i < 4; ++i)
    p.post([&] {
      std::lock_guard<std::mutex> lock(m);
      ++n;
    });
  p.wait();
  use(n);
}
// One thread runs one task after the other.
void one_thread_ok() {
  int n = 0;
  pool p(1);
  p.post([&n] { ++n; });
  p.post([&n] { ++n; });
}
void owned_ok() {
  int n = 0;
  {
    auto p = std::make_unique<pool>(3);
    p->post([&] { ++n; });
  }
  auto p = std::make_unique<pool>(3);
  p->post([&] { ++n; });
  p.reset();
  n = 2;
}
// The helper waits for what it has handed over.
static void each(pool &p, int n, const std::function<void(int)> &f) {
  std::atomic<int> left{n};
  for (int i = 0; i < n; ++i)
    p.post([&f, &left, i] {
      f(i);
      --left;
    });
  while (left)
    std::this_thread::yield();
}
void helper_waits_ok() {
  std::vector<int> v(4);
  pool p(2);
  each(p, 4, [&](int i) { v[i] = i; });
  use(v[0]);
}
// The second task says when the first is done.
void chain_ok() {
  int n = 0;
  pool p(2);
  std::promise<void> done;
  p.post([&] {
    n = 1;
    p.post([&] { done.set_value(); });
  });
  done.get_future().wait();
  use(n);
}
class server_ok {
public:
  ~server_ok() { pool_.wait(); }
  void request() {
    pool_.post([this] {
      std::lock_guard<std::mutex> lock(m_);
      ++count_;
    });
  }
  int count() {
    std::lock_guard<std::mutex> lock(m_);
    return count_;
  }

private:
  std::mutex m_;
  int count_ = 0;
  pool pool_{4};
};
class batch_ok {
public:
  int run() {
    pool_.post([this] { ++count_; });
    pool_.wait();
    return count_;
  }

private:
  int count_ = 0;
  pool pool_{4};
};

//===----------------------------------------------------------------------===//
// An active object: one thread, which moves out all that is there
//===----------------------------------------------------------------------===//

class active {
public:
  active() : thread_([this] { loop(); }) {}
  ~active() {
    {
      std::lock_guard<std::mutex> lock(m_);
      stop_ = true;
    }
    cv_.notify_one();
    thread_.join();
  }
  void post(std::function<void()> f) {
    std::lock_guard<std::mutex> lock(m_);
    pending_.push_back(std::move(f));
    cv_.notify_one();
  }
  void drain() {
    std::promise<void> done;
    post([&done] { done.set_value(); });
    done.get_future().wait();
  }

private:
  void loop() {
    for (;;) {
      std::vector<std::function<void()>> batch;
      {
        std::unique_lock<std::mutex> lock(m_);
        cv_.wait(lock, [this] { return stop_ || !pending_.empty(); });
        if (pending_.empty())
          return;
        batch.swap(pending_);
      }
      for (auto &f : batch)
        f();
// expected-note@-1 {{a thread takes such tasks and runs them here}}
    }
  }
  std::mutex m_;
  std::condition_variable cv_;
  std::vector<std::function<void()>> pending_;
  bool stop_ = false;
  std::thread thread_;
};

void active_bad() {
  int n = 0;
  active a;
  a.post([&n] { ++n; });
// expected-note@-1 {{the task writes it here}}
// expected-note@-2 {{the task is handed over here, and nothing waits for it before the access}}
  use(n);
// expected-error@-1 {{'n' is read here while the task given to 'active::post' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
}
void active_ok() {
  int n = 0;
  active a;
  a.post([&n] { ++n; });
  a.post([&n] { ++n; });
  a.drain();
  use(n);
}

//===----------------------------------------------------------------------===//
// Threads that a method starts; the worker is a class with a pointer to the pool
//===----------------------------------------------------------------------===//

class started {
  class worker {
  public:
    explicit worker(started *of) : of_(of) {}
    void operator()() {
      std::function<void()> f;
      while (of_->next(f))
        f();
// expected-note@-1 {{a thread takes such tasks and runs them here}}
    }

  private:
    started *of_;
  };

public:
  explicit started(int n) : threads_(n) {}
  void init() {
    for (auto &thread : threads_)
      thread = std::thread(worker(this));
  }
  void shutdown() {
    for (auto &thread : threads_)
      if (thread.joinable())
        thread.join();
  }
  void add(std::function<void()> f) {
    std::lock_guard<std::mutex> lock(m_);
    tasks_.push_back(std::move(f));
  }

private:
  bool next(std::function<void()> &out) {
    std::lock_guard<std::mutex> lock(m_);
    if (tasks_.empty())
      return false;
    out = std::move(tasks_.front());
    tasks_.pop_front();
    return true;
  }
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::mutex m_;
};

void started_bad() {
  int n = 0;
  started s(3);
  s.init();
  s.add([&n] { ++n; });
// expected-note@-1 {{the task writes it here}}
// expected-note@-2 {{the task is handed over here, and nothing waits for it before the access}}
  ++n;
// expected-error@-1 {{'n' is written here while the task given to 'started::add' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
  s.shutdown();
}
void started_ok() {
  int n = 0;
  started s(3);
  s.init();
  s.add([&n] { ++n; });
  s.shutdown();
  ++n;
}
void started_later_ok() {
  int n = 0;
  started s(3);
  s.add([&n] { ++n; });
  n = 1;
  s.init();
  s.shutdown();
}

//===----------------------------------------------------------------------===//
// A queue for each thread; a queue that is a class; records; C callbacks
//===----------------------------------------------------------------------===//

class stealing {
  struct slot {
    std::mutex m;
    std::deque<std::function<void()>> tasks;
  };

public:
  explicit stealing(unsigned n) {
    for (unsigned i = 0; i < n; ++i)
      slots_.push_back(std::make_unique<slot>());
    for (unsigned i = 0; i < n; ++i)
      threads_.emplace_back([this, i, n] {
        while (!stop_) {
          std::function<void()> f;
          for (unsigned k = 0; k < n; ++k)
            if (take((i + k) % n, f)) {
              f();
// expected-note@-1 {{a thread takes such tasks and runs them here}}
              break;
            }
        }
      });
  }
  ~stealing() {
    stop_ = true;
    for (auto &thread : threads_)
      thread.join();
  }
  void spawn(std::function<void()> f) {
    auto &s = *slots_[next_++ % slots_.size()];
    std::lock_guard<std::mutex> lock(s.m);
    s.tasks.push_back(std::move(f));
  }

private:
  bool take(unsigned i, std::function<void()> &out) {
    auto &s = *slots_[i];
    std::lock_guard<std::mutex> lock(s.m);
    if (s.tasks.empty())
      return false;
    out = std::move(s.tasks.front());
    s.tasks.pop_front();
    return true;
  }
  std::vector<std::unique_ptr<slot>> slots_;
  std::vector<std::thread> threads_;
  std::atomic<unsigned> next_{0};
  std::atomic<bool> stop_{false};
};
void stealing_bad() {
  int n = 0;
  stealing s(3);
  s.spawn([&n] { ++n; });
// expected-error@-1 {{'n' is written by the task given to 'stealing::spawn' and written by another task at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other is handed over here; nothing waits for one before the other runs}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
  s.spawn([&n] { ++n; });
// expected-note@-1 {{it is written here by the task given to 'stealing::spawn'}}
// expected-note@-2 {{one task is handed over here}}
}
void stealing_ok() {
  int n = 0;
  {
    stealing s(3);
    s.spawn([&n] { ++n; });
  }
  ++n;
}

template <class T> class blocking_queue {
public:
  void push(T v) {
    std::lock_guard<std::mutex> lock(m_);
    items_.push_back(std::move(v));
    cv_.notify_one();
  }
  T pop() {
    std::unique_lock<std::mutex> lock(m_);
    cv_.wait(lock, [this] { return !items_.empty(); });
    T v = std::move(items_.front());
    items_.pop_front();
    return v;
  }

private:
  std::mutex m_;
  std::condition_variable cv_;
  std::deque<T> items_;
};
class timers {
  struct entry {
    int at;
    std::function<void()> fn;
  };

public:
  timers() : a_(&timers::loop, this), b_(&timers::loop, this) {}
  ~timers() {
    stop_ = true;
    a_.join();
    b_.join();
  }
  void after(int ms, std::function<void()> fn) {
    entries_.push({ms, std::move(fn)});
  }

private:
  void loop() {
    while (!stop_) {
      entry e = entries_.pop();
      e.fn();
// expected-note@-1 {{a thread takes such tasks and runs them here}}
    }
  }
  blocking_queue<entry> entries_;
  std::atomic<bool> stop_{false};
  std::thread a_, b_;
};
void timers_bad() {
  int n = 0;
  timers t;
  t.after(1, [&n] { ++n; });
// expected-error@-1 {{'n' is written by the task given to 'timers::after' and written by another task at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other is handed over here; nothing waits for one before the other runs}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
  t.after(2, [&n] { ++n; });
// expected-note@-1 {{it is written here by the task given to 'timers::after'}}
// expected-note@-2 {{one task is handed over here}}
}
void timers_ok() {
  int n = 0;
  std::mutex m;
  timers t;
  t.after(1, [&] {
    std::lock_guard<std::mutex> lock(m);
    ++n;
  });
  std::lock_guard<std::mutex> lock(m);
  ++n;
}

class callbacks {
  struct item {
    void (*run)(void *);
    void *with;
  };

public:
  callbacks() : a_(&callbacks::loop, this), b_(&callbacks::loop, this) {}
  ~callbacks() {
    a_.join();
    b_.join();
  }
  void add(void (*run)(void *), void *with) {
    std::lock_guard<std::mutex> lock(m_);
    items_.push_back({run, with});
  }

private:
  void loop() {
    for (;;) {
      item each;
      {
        std::lock_guard<std::mutex> lock(m_);
        if (items_.empty())
          return;
        each = items_.front();
        items_.pop_front();
      }
      each.run(each.with);
// expected-note@-1 {{a thread takes such tasks and runs them here}}
    }
  }
  std::mutex m_;
  std::deque<item> items_;
  std::thread a_, b_;
};
static void increase(void *n) { ++*static_cast<int *>(n); }
// expected-error@-1 {{'n' is written by the task given to 'callbacks::add' and written by another task at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the task given to 'callbacks::add'}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or wait for the task first}}
void callbacks_bad() {
  int n = 0;
  callbacks c;
  c.add(increase, &n);
// expected-note@-1 {{the other is handed over here; nothing waits for one before the other runs}}
  c.add(increase, &n);
// expected-note@-1 {{one task is handed over here}}
}
void callbacks_ok() {
  int n = 0;
  {
    callbacks c;
    c.add(increase, &n);
  }
  use(n);
}

//===----------------------------------------------------------------------===//
// What is kept need not run
//===----------------------------------------------------------------------===//

// Handlers stay in the list; whether one has run is not known.
class handlers_ok {
public:
  handlers_ok() : thread_([this] {
    for (;;) {
      std::vector<std::function<void()>> now;
      {
        std::lock_guard<std::mutex> lock(m_);
        now = list_;
      }
      for (auto &handler : now)
        handler();
    }
  }) {}
  ~handlers_ok() { thread_.join(); }
  void on(std::function<void()> f) {
    std::lock_guard<std::mutex> lock(m_);
    list_.push_back(std::move(f));
  }

private:
  std::mutex m_;
  std::vector<std::function<void()>> list_;
  std::thread thread_;
};
void subscribes_ok() {
  int n = 0;
  handlers_ok h;
  h.on([&n] { ++n; });
  use(n);
}
// Run by the caller, later.
class deferred {
public:
  void add(std::function<void()> f) { list_.push_back(std::move(f)); }
  void run() {
    while (!list_.empty()) {
      std::function<void()> f = std::move(list_.back());
      list_.pop_back();
      f();
    }
  }

private:
  std::vector<std::function<void()>> list_;
};
void deferred_ok() {
  int n = 0;
  deferred d;
  d.add([&n] { ++n; });
  d.add([&n] { ++n; });
  use(n);
  d.run();
}
