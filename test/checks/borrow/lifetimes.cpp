// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread that may outlive what it was given by reference: detached, returned,
// stored, joined too late.
// RUN: %fearless_check %s

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

static void use(int) {}
static bool coin() { return true; }
static void set(int &r) { r = 1; }
// expected-note@-1 2 {{the thread uses it here}}

// Detached.
void detached_bad() {
  int x = 0;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  t.detach();
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void detached_ok() {
  int x = 0;
  std::thread t([x]() mutable { x = 1; });
  t.detach();
}
void detached_temporary_bad() {
  int x = 0;
  std::thread([&x] { use(x); }).detach();
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void detached_temporary_ok() {
  std::thread([] { use(1); }).detach();
}
void detached_pointer_bad() {
  int x = 0;
  std::thread([p = &x] { *p = 1; }).detach();
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void detached_argument_bad() {
  int x = 0;
  std::thread(set, std::ref(x)).detach();
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void detached_static_ok() {
  static int x = 0;
  std::thread([] { use(x); }).detach();
}
void detached_shared_ok() {
  auto x = std::make_shared<int>(0);
  std::thread([x] { *x = 1; }).detach();
}
void detached_unique_ok() {
  auto x = std::make_unique<int>(0);
  std::thread([x = std::move(x)] { *x = 1; }).detach();
}
void detached_atomic_bad() {
  std::atomic<bool> stop{false};
  std::thread([&stop] {
// expected-error@-1 {{'stop' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'stop' ends, or give it a copy, or share ownership}}
    while (!stop)
// expected-note@-1 {{the thread uses it here}}
      std::this_thread::yield();
  }).detach();
  stop = true;
}
// expected-note@-1 {{'stop' ends here, and nothing waits for the thread}}
void detached_view_bad() {
  std::string s = "a long enough string to be on the heap";
  std::string_view v = s;
  std::thread([v] { use(v[0]); }).detach();
// expected-error@-1 {{'s' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 's' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'s' ends here, and nothing waits for the thread}}
void detached_view_literal_ok() {
  std::string_view v = "abc";
  std::thread([v] { use(v[0]); }).detach();
}
void detached_iterator_bad() {
  std::vector<int> v(4);
  std::thread([it = v.begin()] { use(*it); }).detach();
// expected-error@-1 {{'v[0]' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'v[0]' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'v[0]' ends here, and nothing waits for the thread}}
void detached_c_str_bad() {
  std::string s = "a long enough string to be on the heap";
  std::thread([c = s.c_str()] { use(c[0]); }).detach();
// expected-error@-1 {{'s[0]' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 's[0]' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'s[0]' ends here, and nothing waits for the thread}}
void detached_get_bad() {
  auto x = std::make_unique<int>(0);
  std::thread([p = x.get()] { *p = 1; }).detach();
// expected-error@-1 {{'*x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before '*x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'*x' ends here, and nothing waits for the thread}}
void detached_in_one_path_bad() {
  int x = 0;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  if (coin())
    t.detach();
  else
    t.join();
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void detached_later_joined_ok() {
  int x = 0;
  std::thread t([&x] { x = 1; });
  if (!coin()) {
    t.join();
    return;
  }
  t.join();
}
void detached_parameter_bad_helper(int n) {
  std::thread([&n] { use(n); }).detach();
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}
void detached_parameter_bad() { detached_parameter_bad_helper(1); }

// Returned.
static std::thread returned_local_helper() {
  int x = 0;
  return std::thread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{'x' ends here, before the thread is joined}}
// expected-note@-4 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
void returned_bad() { returned_local_helper().join(); }
static std::thread returned_parameter_helper(int &x) {
  return std::thread([&x] { x = 1; });
}
void returned_ok() {
  int x = 0;
  returned_parameter_helper(x).join();
}
static std::thread returned_variable_helper() {
  int x = 0;
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  return t;
// expected-note@-1 {{'x' ends here, before the thread is joined}}
}
void returned_variable_bad() { returned_variable_helper().join(); }
static std::future<void> returned_future_helper() {
  int x = 0;
  return std::async(std::launch::async, [&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::async', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{'x' ends here, before the thread is joined}}
// expected-note@-4 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
void returned_future_bad() { returned_future_helper().get(); }
static std::thread returned_by_value_helper(int x) {
  return std::thread([&x] { use(x); });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}
void returned_by_value_parameter_bad() { returned_by_value_helper(1).join(); }

// Joined after the object is gone.
void inner_scope_bad() {
  std::thread t;
  {
    int x = 0;
    t = std::thread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  }
// expected-note@-1 {{'x' ends here, before the thread is joined}}
  t.join();
}
void inner_scope_ok() {
  std::thread t;
  {
    int x = 0;
    t = std::thread([&x] { x = 1; });
    t.join();
  }
}
void outer_vector_bad() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    int x = i;
    ts.emplace_back([&x] { use(x); });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  }
// expected-note@-1 {{'x' ends here, before the thread is joined}}
  for (auto &t : ts)
    t.join();
}
void outer_vector_ok() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 3; ++i) {
    int x = i;
    ts.emplace_back([x] { use(x); });
  }
  for (auto &t : ts)
    t.join();
}
void destroyed_first_bad() {
  std::jthread t;
  int x = 0; // destroyed before t, which joins
  t = std::jthread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::jthread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}
void destroyed_last_ok() {
  int x = 0;
  std::jthread t([&x] { x = 1; });
}
void future_outer_bad() {
  std::future<void> f;
  {
    int x = 0;
    f = std::async(std::launch::async, [&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::async', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  }
// expected-note@-1 {{'x' ends here, before the thread is joined}}
  f.get();
}
void future_vector_bad() {
  std::vector<std::future<void>> fs;
  for (int i = 0; i < 3; ++i)
// expected-error@-1 {{'i' is written here while the thread started by 'std::async' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    fs.push_back(std::async(std::launch::async, [&i] { use(i); }));
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-error@-3 {{'i' is given by reference to the thread started by 'std::async', which may outlive it [fearless-borrow]}}
// expected-note@-4 {{the thread uses it here}}
// expected-note@-5 {{'i' ends here, before the thread is joined}}
// expected-note@-6 {{help: join the thread before 'i' ends, or give it a copy, or share ownership}}
}
void unique_scope_bad() {
  std::thread t;
  {
    auto x = std::make_unique<int>(0);
    t = std::thread([&x] { *x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  }
// expected-note@-1 {{'x' ends here, before the thread is joined}}
  t.join();
}

// Stored where it lives on.
static std::thread background;
static std::vector<std::thread> all;
void global_handle_bad() {
  int x = 0;
  background = std::thread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}
void global_vector_bad() {
  int x = 0;
  all.emplace_back([&x] {
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    x = 1;
// expected-note@-1 {{the thread uses it here}}
  });
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}
void global_handle_ok() {
  int x = 0;
  background = std::thread([&x] { x = 1; });
  background.join();
}
class runner {
  std::thread t;

public:
  void start_bad() {
    int x = 0;
    t = std::thread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  }
// expected-note@-1 {{'x' ends here, before the thread is joined}}
  void start(int &x) {
    t = std::thread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
  }
  ~runner() {
    if (t.joinable())
      t.join();
  }
};
void member_handle_bad() {
  runner r;
  r.start_bad();
}
void member_handle_ok() {
  int x = 0;
  runner r;
  r.start(x);
}
void member_handle_outlives_bad() {
  runner r;
  int x = 0; // gone before r joins
  r.start(x);
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}
static void start_in(std::thread &t) {
  int x = 0;
  t = std::thread([&x] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}
void parameter_handle_bad() {
  std::thread t;
  start_in(t);
  t.join();
}
static void start_on(std::thread &t, int &x) {
  t = std::thread([&x] { x = 1; });
}
void parameter_handle_ok() {
  int x = 0;
  std::thread t;
  start_on(t, x);
  t.join();
}

// this.
struct on_stack {
  int n = 0;
  void start() {
    std::thread([this] { n = 1; }).detach();
// expected-note@-1 {{the thread uses it here}}
  }
};
void this_detached_bad() {
  on_stack s;
  s.start();
// expected-error@-1 {{'s' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 's' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'s' ends here, and nothing waits for the thread}}
struct heap : std::enable_shared_from_this<heap> {
  std::atomic<int> n{0};
  void start() {
    std::thread([self = shared_from_this()] { self->n = 1; }).detach();
  }
};
void this_kept_alive_ok() {
  auto h = std::make_shared<heap>();
  h->start();
}

// Objects that hold references.
struct task {
  int &to;
  void operator()() const {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    to = 1;
// expected-note@-1 {{the thread uses it here}}
  }
};
void functor_detached_bad() {
  int x = 0;
  std::thread(task{x}).detach();
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void bind_detached_bad() {
  int x = 0;
  std::thread(std::bind(set, std::ref(x))).detach();
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void lambda_in_lambda_bad() {
  int x = 0;
  auto inner = [&x] { x = 1; };
// expected-note@-1 {{the thread uses it here}}
  std::thread([inner] { inner(); }).detach();
// expected-error@-1 {{'x' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}
void lambda_by_reference_bad() {
  auto work = [n = 1] { use(n); };
  std::thread([&work] { work(); }).detach();
// expected-error@-1 {{'work' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'work' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'work' ends here, and nothing waits for the thread}}

// An array decays where it arrives, and stays where it is.
static void read_text(const char *s) { use(s[0]); }
// expected-note@-1 {{the thread uses it here}}
void array_bad() {
  char text[8] = "text";
  std::thread t(read_text, text);
// expected-error@-1 {{'text' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'text' ends, or give it a copy, or share ownership}}
  t.detach();
}
// expected-note@-1 {{'text' ends here, and nothing waits for the thread}}
void array_ok() {
  char text[8] = "text";
  std::thread t(read_text, text);
  t.join();
}
// What is converted to a string is converted by the thread.
static void read_string(std::string s) { use(int(s.size())); }
void converted_bad() {
  char text[8] = "text";
  std::thread t(read_string, text);
// expected-error@-1 {{'text' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'text' ends, or give it a copy, or share ownership}}
  t.detach();
}
// expected-note@-1 {{'text' ends here, and nothing waits for the thread}}
void converted_ok() {
  char text[8] = "text";
  std::thread t(read_string, std::string(text));
  t.detach();
}
void literal_ok() {
  std::thread t(read_string, "text");
  t.detach();
}

// A detached thread says when it is done with what it was given.
void told_by_promise_ok() {
  int n = 0;
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> told = done->get_future();
  std::thread([&n, done] {
    n = 1;
    done->set_value();
  }).detach();
  told.wait();
  use(n);
}
void told_by_value_ok() {
  int n = 0;
  auto done = std::make_shared<std::promise<int>>();
  std::future<int> told = done->get_future();
  std::thread([&n, done] {
    n = 1;
    done->set_value(2);
  }).detach();
  use(told.get());
  use(n);
}
void told_by_task_ok() {
  int n = 0;
  std::packaged_task<void()> task([&n] { n = 1; });
  std::future<void> told = task.get_future();
  std::thread([t = std::move(task)]() mutable { t(); }).detach();
  told.get();
  use(n);
}
void told_by_flag_ok() {
  int n = 0;
  static std::atomic<bool> done{false};
  std::thread([&n] {
    n = 1;
    done = true;
  }).detach();
  while (!done)
    std::this_thread::yield();
  use(n);
}
void told_under_lock_ok() {
  static std::mutex m;
  static std::condition_variable ready;
  static bool done = false;
  int n = 0;
  std::thread([&n] {
    n = 1;
    std::lock_guard lock(m);
    done = true;
    ready.notify_one();
  }).detach();
  std::unique_lock lock(m);
  ready.wait(lock, [] { return done; });
  use(n);
}
void told_too_early_bad() {
  int n = 0;
  static std::atomic<bool> started{false};
  std::thread([&n] {
// expected-error@-1 {{'n' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
    started = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    use(n);
// expected-note@-1 {{the thread uses it here}}
  }).detach();
  while (!started)
    std::this_thread::yield();
}
// expected-note@-1 {{'n' ends here, and nothing waits for the thread}}
