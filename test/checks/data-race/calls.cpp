// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Globals, statics and what a thread reaches through calls: several levels,
// recursion, templates, virtual functions, callbacks.
// RUN: %fearless_check %s

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

static void use(int) {}

int plain, below, pointed_to;
static int file_local;
const int constant = 3;
thread_local int of_each_thread;
namespace deep {
namespace er {
int nested;
}
} // namespace deep
static std::mutex global_mutex;
int guarded_by_mutex;

static void bump_plain() { ++plain; }
// expected-error@-1 {{'plain' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 3 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
static void bump_below() { ++below; }
// expected-error@-1 {{'below' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
static void through_one() { bump_below(); }
static void through_two() { through_one(); }
// expected-note@-1 {{reached through this call}}
static void bump_by_pointer() { ++pointed_to; }
// expected-error@-1 {{'pointed_to' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
static void bump_locked() {
  std::lock_guard lock(global_mutex);
  ++guarded_by_mutex;
// expected-note@-1 {{the thread writes it here}}
}

void global_bad() {
  std::thread t([] { plain = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  plain = 2;
// expected-error@-1 {{'plain' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void global_ok() {
  std::thread t([] { plain = 1; });
  t.join();
  plain = 2;
}
void other_global_ok() {
  std::thread t([] { plain = 1; });
  file_local = 2;
  t.join();
}
void constant_ok() {
  std::thread t([] { use(constant); });
  use(constant);
  t.join();
}
void thread_local_ok() {
  std::thread t([] { of_each_thread = 1; });
  of_each_thread = 2;
  t.join();
}
void nested_namespace_bad() {
  std::thread t([] { deep::er::nested = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(deep::er::nested);
// expected-error@-1 {{'nested' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void function_bad() {
  std::thread t(bump_plain);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  bump_plain();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void levels_bad() {
  std::thread t(through_two);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  through_one();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void locked_function_ok() {
  std::thread t(bump_locked);
  bump_locked();
  t.join();
}
void locked_and_not_bad() {
  std::thread t(bump_locked);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  ++guarded_by_mutex;
// expected-error@-1 {{'guarded_by_mutex' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Statics of functions.
static int next_id() {
  static int id = 0;
  return ++id;
// expected-error@-1 {{'id' is read by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
static int next_id_locked() {
  static std::mutex m;
  static int id = 0;
  std::lock_guard lock(m);
  return ++id;
}
static const std::string &greeting() {
  static const std::string text = "hello"; // initialised once, by whoever comes first
  return text;
}
void static_local_bad() {
  std::thread a([] { next_id(); });
// expected-note@-1 {{the other starts here; neither is joined before both run}}
// expected-note@-2 {{reached through this call}}
  std::thread b([] { next_id(); });
// expected-note@-1 {{one thread starts here}}
// expected-note@-2 {{reached through this call}}
  a.join();
  b.join();
}
void static_local_ok() {
  std::thread a([] { next_id_locked(); });
  std::thread b([] { next_id_locked(); });
  a.join();
  b.join();
}
void magic_static_ok() {
  std::thread a([] { use(greeting().size()); });
  std::thread b([] { use(greeting().size()); });
  a.join();
  b.join();
}

// A singleton.
class registry {
  std::vector<int> items;

public:
  static registry &get() {
    static registry r;
    return r;
  }
  void add(int i) { items.push_back(i); }
// expected-error@-1 {{'r.items' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::size_t count() const { return items.size(); }
};
void singleton_bad() {
  std::thread t([] { registry::get().add(1); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  registry::get().add(2);
// expected-note@-1 {{reached through this call}}
  t.join();
}
void singleton_ok() {
  std::thread t([] { use(registry::get().count()); });
  use(registry::get().count());
  t.join();
}

// Recursion.
static void count_down(int &left) {
  if (left > 0) {
    --left;
// expected-note@-1 {{the thread writes it here}}
    count_down(left);
  }
}
void recursion_bad() {
  int left = 5;
  std::thread t([&left] { count_down(left); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  use(left);
// expected-error@-1 {{'left' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void recursion_ok() {
  int left = 5;
  std::thread t([&left] { count_down(left); });
  t.join();
  use(left);
}
static void even(int n);
static void odd(int n) {
  if (n)
    even(n - 1);
}
static void even(int n) {
  ++file_local;
// expected-error@-1 {{'file_local' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  if (n)
    odd(n - 1);
}
void mutual_recursion_bad() {
  std::thread t([] { odd(4); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  even(4);
// expected-note@-1 {{reached through this call}}
  t.join();
}

// Templates.
template <class T> static void add_one(T &value) { value += 1; }
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
template <class F> static void call(F f) { f(); }
template <class F, class... A> static void call_with(F &&f, A &&...a) {
  std::forward<F>(f)(std::forward<A>(a)...);
}
void template_bad() {
  int x = 0;
  std::thread t([&x] { add_one(x); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  add_one(x);
// expected-note@-1 {{reached through this call}}
  t.join();
}
void template_ok() {
  int x = 0, y = 0;
  std::thread t([&x] { add_one(x); });
  add_one(y);
  t.join();
}
void higher_order_bad() {
  int x = 0;
  std::thread t([&x] { call([&x] { ++x; }); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-note@-3 {{reached through this call}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void forwarded_bad() {
  int x = 0;
  std::thread t([&x] { call_with([](int &r) { r = 1; }, x); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-note@-3 {{reached through this call}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// What callees get by value, reference, pointer, const.
static void by_value(int v) { use(v); }
static void by_reference(int &r) { r = 1; }
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
// expected-note@-3 {{the thread writes it here}}
static void by_const_reference(const int &r) { use(r); }
static void by_pointer(int *p) { *p = 1; }
// expected-note@-1 {{the thread writes it here}}
static int *identity(int *p) { return p; }
void callee_writes_bad() {
  int x = 0;
  std::thread t([&x] { by_reference(x); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  by_value(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void callee_reads_ok() {
  int x = 0;
  std::thread t([&x] { by_const_reference(x); });
  by_value(x);
  t.join();
}
void callee_pointer_bad() {
  int x = 0;
  std::thread t([&x] { by_pointer(&x); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void callee_returns_pointer_bad() {
  int x = 0;
  std::thread t([p = identity(&x)] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
static void swap_values(int &a, int &b) {
  int old = a;
  a = b;
  b = old;
// expected-note@-1 {{the thread writes it here}}
}
void two_references_bad() {
  int x = 1, y = 2;
  std::thread t([&] { swap_values(x, y); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  use(y);
// expected-error@-1 {{'y' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Virtual calls whose object is known.
struct shape {
  virtual ~shape() = default;
  virtual void draw() = 0;
};
struct circle final : shape {
  int drawn = 0;
  void draw() override { ++drawn; }
// expected-error@-1 {{'c.drawn' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void virtual_known_bad() {
  circle c;
  std::thread t([&c] { c.draw(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  c.draw();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void virtual_two_objects_ok() {
  circle c, d;
  std::thread t([&c] { c.draw(); });
  d.draw();
  t.join();
}

// Function pointers and std::function.
void function_pointer_bad() {
  void (*f)() = bump_by_pointer;
  std::thread t(f);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  bump_by_pointer();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void std_function_bad() {
  int x = 0;
  std::function<void()> f = [&x] { ++x; };
// expected-note@-1 {{the thread writes it here}}
  std::thread t(f);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void std_function_ok() {
  int x = 0;
  std::function<void()> f = [&x] { ++x; };
  std::thread t(f);
  t.join();
  ++x;
}

// The other side is reached through calls, too.
static void parent_side(int &r) { by_reference(r); }
void parent_through_calls_bad() {
  int x = 0;
  std::thread t([&x] { use(x); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  parent_side(x);
// expected-note@-1 {{reached through this call}}
  t.join();
}

// A function that starts a thread and leaves it running.
static std::thread start_bump() { return std::thread(bump_plain); }
// expected-note@-1 {{the thread starts here and is not joined before the access}}
void left_running_bad() {
  std::thread t = start_bump();
  ++plain;
// expected-error@-1 {{'plain' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void left_running_ok() {
  std::thread t = start_bump();
  t.join();
  ++plain;
}
static void detached_bump() { std::thread(bump_plain).detach(); }
// expected-note@-1 {{the thread starts here and is not joined before the access}}
void detached_global_bad() {
  detached_bump();
  ++plain;
// expected-error@-1 {{'plain' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
static void start_on(int &r, std::thread &t) {
  t = std::thread([&r] { r = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
}
void left_in_parameter_bad() {
  int x = 0;
  std::thread t;
  start_on(x, t);
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void left_in_parameter_ok() {
  int x = 0;
  std::thread t;
  start_on(x, t);
  t.join();
  x = 2;
}

// Default arguments and operators.
struct accumulator {
  int sum = 0;
  accumulator &operator+=(int v) {
    sum += v;
// expected-error@-1 {{'a.sum' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    return *this;
  }
  void operator()() { ++sum; }
// expected-error@-1 {{'a.sum' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void operator_bad() {
  accumulator a;
  std::thread t([&a] { a += 1; });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  a += 2;
// expected-note@-1 {{reached through this call}}
  t.join();
}
void call_operator_bad() {
  accumulator a;
  std::thread t(std::ref(a));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  a();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void call_operator_copy_ok() {
  accumulator a;
  std::thread t(a); // runs a copy
  a();
  t.join();
}
