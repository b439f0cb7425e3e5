// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Order without a lock: atomics, futures, condition variables, latches, barriers,
// semaphores, call_once. Each _bad twin touches the data on the wrong side.
// RUN: %fearless_check %s

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <queue>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

static void use(int) {}

// Atomics themselves.
void atomic_ok() {
  std::atomic<int> x{0};
  std::thread t([&x] { ++x; });
  ++x;
  use(x);
  t.join();
}
void atomic_flag_itself_ok() {
  std::atomic_flag f = ATOMIC_FLAG_INIT;
  std::thread t([&f] { f.test_and_set(); });
  f.clear();
  t.join();
}
void volatile_bad() {
  volatile int x = 0; // volatile orders nothing
  std::thread t([&x] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void sig_atomic_bad() {
  volatile bool stop = false;
  std::thread t([&stop] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    for (int i = 0; i < 1000 && !stop; ++i)
// expected-note@-1 {{the thread reads it here}}
      std::this_thread::yield();
  });
  stop = true;
// expected-error@-1 {{'stop' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Publish through a flag.
void publish_ok() {
  int data = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    while (!ready.load(std::memory_order_acquire))
      std::this_thread::yield();
    use(data);
  });
  data = 42;
  ready.store(true, std::memory_order_release);
  t.join();
}
void publish_operators_ok() {
  std::string data;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    data = "x";
    ready = true;
  });
  while (!ready)
    std::this_thread::yield();
  use(data.size());
  t.join();
}
void publish_before_data_bad() {
  int data = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    while (!ready.load())
      std::this_thread::yield();
    use(data);
// expected-note@-1 {{the thread reads it here}}
  });
  ready.store(true);
  data = 42;
// expected-error@-1 {{'data' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void read_before_flag_bad() {
  int data = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    use(data);
// expected-note@-1 {{the thread reads it here}}
    while (!ready.load())
      std::this_thread::yield();
  });
  data = 42;
// expected-error@-1 {{'data' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  ready.store(true);
  t.join();
}
void unrelated_atomic_bad() {
  int data = 0;
  std::atomic<int> count{0};
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    data = 1;
// expected-note@-1 {{the thread writes it here}}
    count.fetch_add(1, std::memory_order_relaxed);
  });
  data = 2;
// expected-error@-1 {{'data' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void if_ready_ok() {
  int data = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    data = 1;
    ready.store(true);
  });
  if (ready.load())
    use(data);
  t.join();
}
void atomic_wait_ok() {
  int data = 0;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    data = 1;
    ready.store(true);
    ready.notify_one();
  });
  ready.wait(false);
  use(data);
  t.join();
}
void spin_lock_ok() {
  int x = 0;
  std::atomic_flag lock = ATOMIC_FLAG_INIT;
  auto work = [&] {
    while (lock.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
    ++x;
    lock.clear(std::memory_order_release);
  };
  std::thread t(work);
  work();
  t.join();
}
void fetch_sub_last_ok() {
  std::vector<int> parts(2);
  std::atomic<int> left{2};
  int sum = 0;
  auto work = [&](int i) {
    parts[i] = i;
    if (left.fetch_sub(1) == 1) // the last one sees all parts
      sum = parts[0] + parts[1];
  };
  std::thread a(work, 0), b(work, 1);
  a.join();
  b.join();
  use(sum);
}
void exchange_ok() {
  int data = 0;
  std::atomic<int *> slot{nullptr};
  std::thread t([&] {
    data = 1;
    slot.store(&data);
  });
  int *p = nullptr;
  while (!(p = slot.exchange(nullptr)))
    std::this_thread::yield();
  use(*p);
  t.join();
}

// Futures.
void promise_ok() {
  int data = 0;
  std::promise<void> p;
  auto f = p.get_future();
  std::thread t([&] {
    data = 1;
    p.set_value();
  });
  f.wait();
  use(data);
  t.join();
}
void promise_moved_ok() {
  int data = 0;
  std::promise<void> p;
  auto f = p.get_future();
  std::thread t([&data, p = std::move(p)]() mutable {
    data = 1;
    p.set_value();
  });
  f.get();
  use(data);
  t.join();
}
void promise_set_before_bad() {
  int data = 0;
  std::promise<void> p;
  auto f = p.get_future();
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    p.set_value();
    data = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  f.wait();
  use(data);
// expected-error@-1 {{'data' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void promise_not_awaited_bad() {
  int data = 0;
  std::promise<void> p;
  auto f = p.get_future();
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    data = 1;
// expected-note@-1 {{the thread writes it here}}
    p.set_value();
  });
  use(data);
// expected-error@-1 {{'data' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.wait();
  t.join();
}
void start_signal_ok() {
  int data = 0;
  std::promise<void> go;
  std::thread t([&data, ready = go.get_future()]() mutable {
    ready.wait();
    use(data);
  });
  data = 1;
  go.set_value();
  t.join();
}
void shared_future_ok() {
  int data = 0;
  std::promise<void> go;
  std::shared_future<void> ready = go.get_future().share();
  std::thread a([&data, ready] {
    ready.wait();
    use(data);
  });
  std::thread b([&data, ready] {
    ready.wait();
    use(data);
  });
  data = 1;
  go.set_value();
  a.join();
  b.join();
}

// Condition variables.
void condition_ok() {
  int data = 0;
  bool ready = false;
  std::mutex m;
  std::condition_variable cv;
  std::thread t([&] {
    std::unique_lock lock(m);
    cv.wait(lock, [&] { return ready; });
    lock.unlock();
    use(data);
  });
  data = 1;
  {
    std::lock_guard lock(m);
    ready = true;
  }
  cv.notify_one();
  t.join();
}
void condition_loop_ok() {
  bool ready = false;
  std::mutex m;
  std::condition_variable cv;
  std::thread t([&] {
    std::unique_lock lock(m);
    while (!ready)
      cv.wait(lock);
  });
  {
    std::lock_guard lock(m);
    ready = true;
    cv.notify_one();
  }
  t.join();
}
void condition_flag_without_lock_bad() {
  bool ready = false;
  std::mutex m;
  std::condition_variable cv;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::unique_lock lock(m);
    cv.wait_for(lock, std::chrono::milliseconds(10), [&] { return ready; });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{reached through this call}}
  });
  ready = true;
// expected-error@-1 {{'ready' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  cv.notify_one();
  t.join();
}
void condition_timed_ok() {
  bool stop = false;
  int beats = 0;
  std::mutex m;
  std::condition_variable cv;
  std::thread t([&] {
    std::unique_lock lock(m);
    while (!cv.wait_for(lock, std::chrono::milliseconds(1), [&] { return stop; }))
      ++beats;
  });
  {
    std::lock_guard lock(m);
    stop = true;
  }
  cv.notify_all();
  t.join();
  use(beats);
}

// Latches, barriers, semaphores.
void latch_ok() {
  int r[2] = {};
  std::latch done(2);
  std::thread a([&] {
    r[0] = 1;
    done.count_down();
  });
  std::thread b([&] {
    r[1] = 1;
    done.count_down();
  });
  done.wait();
  use(r[0] + r[1]);
  a.join();
  b.join();
}
void latch_not_awaited_bad() {
  int r = 0;
  std::latch done(1);
  std::thread a([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    r = 1;
// expected-note@-1 {{the thread writes it here}}
    done.count_down();
  });
  use(r);
// expected-error@-1 {{'r' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  done.wait();
  a.join();
}
void latch_start_ok() {
  int data = 0;
  std::latch go(1);
  std::thread t([&] {
    go.wait();
    use(data);
  });
  data = 1;
  go.count_down();
  t.join();
}
void barrier_ok() {
  int left = 0, right = 0;
  std::barrier sync(2);
  std::thread t([&] {
    left = 1;
    sync.arrive_and_wait();
    use(right);
  });
  right = 1;
  sync.arrive_and_wait();
  use(left);
  t.join();
}
void barrier_phases_ok() {
  int buffers[2] = {};
  std::barrier sync(2);
  std::thread t([&] {
    for (int i = 0; i < 4; ++i) {
      buffers[i % 2] = i;
      sync.arrive_and_wait();
    }
  });
  for (int i = 0; i < 4; ++i) {
    use(buffers[(i + 1) % 2]);
    sync.arrive_and_wait();
  }
  t.join();
}
void semaphore_ok() {
  int data = 0;
  std::binary_semaphore ready(0);
  std::thread t([&] {
    data = 1;
    ready.release();
  });
  ready.acquire();
  use(data);
  t.join();
}
void semaphore_bad() {
  int data = 0;
  std::binary_semaphore ready(0);
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    data = 1;
// expected-note@-1 {{the thread writes it here}}
    ready.release();
  });
  use(data);
// expected-error@-1 {{'data' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  ready.acquire();
  t.join();
}
void semaphore_mutex_ok() {
  int x = 0;
  std::binary_semaphore one(1);
  auto work = [&] {
    one.acquire();
    ++x;
    one.release();
  };
  std::thread t(work);
  work();
  t.join();
}

// Once.
static std::once_flag once;
static int instance;
static int get_instance() {
  std::call_once(once, [] { instance = 1; });
  return instance;
}
void call_once_ok() {
  std::thread a([] { use(get_instance()); });
  std::thread b([] { use(get_instance()); });
  a.join();
  b.join();
}
static bool made;
static int lazily;
static int get_lazily() {
  if (!made) {
// expected-error@-1 {{'made' is read by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    lazily = 1;
// expected-error@-1 {{'lazily' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    made = true;
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
  }
  return lazily;
}
void lazy_init_bad() {
  std::thread a([] { use(get_lazily()); });
// expected-note@-1 2 {{the other starts here; neither is joined before both run}}
// expected-note@-2 2 {{reached through this call}}
  std::thread b([] { use(get_lazily()); });
// expected-note@-1 2 {{one thread starts here}}
// expected-note@-2 2 {{reached through this call}}
  a.join();
  b.join();
}

// Double-checked locking, right and wrong.
static std::mutex init_mutex;
static std::atomic<int *> right_instance;
static int *wrong_instance;
static int *get_right() {
  int *p = right_instance.load(std::memory_order_acquire);
  if (!p) {
    std::lock_guard lock(init_mutex);
    p = right_instance.load(std::memory_order_relaxed);
    if (!p) {
      p = new int(1);
      right_instance.store(p, std::memory_order_release);
    }
  }
  return p;
}
static int *get_wrong() {
  if (!wrong_instance) {
// expected-error@-1 {{'wrong_instance' is read by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    std::lock_guard lock(init_mutex);
    if (!wrong_instance)
      wrong_instance = new int(1);
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
  }
  return wrong_instance;
}
void double_checked_ok() {
  std::thread a([] { use(*get_right()); });
  std::thread b([] { use(*get_right()); });
  a.join();
  b.join();
}
void double_checked_bad() {
  std::thread a([] { use(*get_wrong()); });
// expected-note@-1 {{the other starts here; neither is joined before both run}}
// expected-note@-2 {{reached through this call}}
  std::thread b([] { use(*get_wrong()); });
// expected-note@-1 {{one thread starts here}}
// expected-note@-2 {{reached through this call}}
  a.join();
  b.join();
}

// Stop tokens.
void stop_token_ok() {
  std::atomic<int> beats{0};
  std::jthread t([&beats](std::stop_token stop) {
    while (!stop.stop_requested())
      ++beats;
  });
  t.request_stop();
}
