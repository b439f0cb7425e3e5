// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of oneTBB against its own headers.
//
// REQUIRES: tbb
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#define TBB_PREVIEW_ISOLATED_TASK_GROUP 1
#include <oneapi/tbb/mutex.h>
#include <oneapi/tbb/rw_mutex.h>
#include <oneapi/tbb/scalable_allocator.h>
#include <tbb/tbb.h>

#include <functional>
#include <vector>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
// expected-note@-1 24 {{'handle' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  int id;
};

// --- Types -----------------------------------------------------------------------
FEARLESS_ASSERT_SYNC(tbb::mutex);
FEARLESS_ASSERT_SYNC(tbb::rw_mutex);
FEARLESS_ASSERT_SYNC(tbb::spin_mutex);
FEARLESS_ASSERT_SYNC(tbb::spin_rw_mutex);
FEARLESS_ASSERT_SYNC(tbb::queuing_mutex);
FEARLESS_ASSERT_SYNC(tbb::queuing_rw_mutex);
FEARLESS_ASSERT_SYNC(tbb::speculative_spin_mutex);
FEARLESS_ASSERT_SYNC(tbb::speculative_spin_rw_mutex);
FEARLESS_ASSERT_NOT_SEND(tbb::spin_mutex);
FEARLESS_ASSERT_NOT_SYNC(tbb::null_mutex);
FEARLESS_ASSERT_NOT_SYNC(tbb::null_rw_mutex);
FEARLESS_ASSERT_NOT_SEND(tbb::mutex::scoped_lock);
FEARLESS_ASSERT_NOT_SEND(tbb::rw_mutex::scoped_lock);
FEARLESS_ASSERT_NOT_SEND(tbb::queuing_mutex::scoped_lock);
FEARLESS_ASSERT_NOT_SEND(tbb::queuing_rw_mutex::scoped_lock);
FEARLESS_ASSERT_NOT_SEND(tbb::speculative_spin_mutex::scoped_lock);
FEARLESS_ASSERT_NOT_SEND(tbb::speculative_spin_rw_mutex::scoped_lock);
FEARLESS_ASSERT_SYNC(tbb::task_group);
FEARLESS_ASSERT_NOT_SEND(tbb::task_group);
FEARLESS_ASSERT_SYNC(tbb::isolated_task_group);
FEARLESS_ASSERT_SYNC(tbb::task_arena);
FEARLESS_ASSERT_SYNC(tbb::global_control);
FEARLESS_ASSERT_SYNC(tbb::task_group_context);
FEARLESS_ASSERT_SYNC(tbb::flow::graph);
FEARLESS_ASSERT_SYNC(tbb::collaborative_once_flag);
FEARLESS_ASSERT_NOT_SEND(tbb::task_handle);

FEARLESS_ASSERT_SYNC(tbb::concurrent_queue<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_queue<handle>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_bounded_queue<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_bounded_queue<handle>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_priority_queue<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_priority_queue<handle>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_hash_map<int, int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_hash_map<int, handle>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_hash_map<int, int *>);
FEARLESS_ASSERT_NOT_SEND(tbb::concurrent_hash_map<int, int>::accessor);
FEARLESS_ASSERT_NOT_SEND(tbb::concurrent_hash_map<int, int>::const_accessor);
FEARLESS_ASSERT_SYNC(const tbb::concurrent_vector<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_vector<int>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_vector<std::atomic<int>>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_vector<handle>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_unordered_set<int>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_unordered_multiset<int>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_set<int>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_multiset<int>);
FEARLESS_ASSERT_SYNC(const tbb::concurrent_unordered_map<int, int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_unordered_map<int, int>);
FEARLESS_ASSERT_SYNC(tbb::concurrent_unordered_map<int, std::atomic<int>>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_unordered_map<int, handle>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_unordered_multimap<int, int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_map<int, int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_map<int, handle>);
FEARLESS_ASSERT_NOT_SYNC(tbb::concurrent_multimap<int, int>);
FEARLESS_ASSERT_SYNC(tbb::enumerable_thread_specific<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::enumerable_thread_specific<handle>);
FEARLESS_ASSERT_SYNC(tbb::combinable<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::combinable<handle>);
FEARLESS_ASSERT_SEND(tbb::blocked_range<int>);
FEARLESS_ASSERT_NOT_SYNC(tbb::blocked_range<int>);
FEARLESS_ASSERT_SEND(tbb::blocked_range2d<int>);
FEARLESS_ASSERT_SEND(tbb::blocked_range3d<int>);
FEARLESS_ASSERT_SEND(std::vector<int, tbb::cache_aligned_allocator<int>>);
FEARLESS_ASSERT_SEND(std::vector<int, tbb::tbb_allocator<int>>);
FEARLESS_ASSERT_SEND(std::vector<int, tbb::scalable_allocator<int>>);

// The reasons are the models'.
FEARLESS_ASSERT_SEND(tbb::spin_mutex::scoped_lock);
// expected-error@-1 {{assertion failed: 'tbb::detail::d1::unique_scoped_lock<tbb::detail::d1::spin_mutex>' is not Send [fearless-annotation]}}
// expected-note@-2 {{'tbb::detail::d1::unique_scoped_lock<tbb::detail::d1::spin_mutex>': unlocking must happen on the thread that locked it}}
// expected-note@-3 {{help: pass the mutex or the data, and lock on the other thread}}
FEARLESS_ASSERT_SYNC(tbb::concurrent_queue<handle>);
// expected-error@-1 {{assertion failed: 'tbb::detail::d2::concurrent_queue<handle>' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'tbb::detail::d2::concurrent_queue<handle>' is Sync only if 'handle' is Send}}

// --- Algorithms --------------------------------------------------------------------
using range = tbb::blocked_range<int>;
void use(int);

void algorithms_bad(std::vector<int> &data, handle h) {
  tbb::parallel_for(0, 10, [h](int) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_for': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_for' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_for(0, 10, 2, [h](int) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_for': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_for' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_for(range(0, 10), [h](const range &) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_for': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_for' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  oneapi::tbb::parallel_for(range(0, 10), [h](const range &) { use(h.id); }, tbb::simple_partitioner());
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_for': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_for' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_for_each(data, [h](int) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d2::parallel_for_each': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d2::parallel_for_each' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_for_each(data.begin(), data.end(), [h](int) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d2::parallel_for_each': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d2::parallel_for_each' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_reduce(range(0, 10), 0, [h](const range &, int v) { return v + h.id; }, std::plus<>());
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_reduce': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_reduce' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_deterministic_reduce(range(0, 10), 0, [h](const range &, int v) { return v + h.id; }, std::plus<>());
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_deterministic_reduce': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_deterministic_reduce' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_scan(range(0, 10), 0, [h](const range &, int v, bool) { return v + h.id; }, std::plus<>());
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_scan': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_scan' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_sort(data.begin(), data.end(), [h](int a, int b) { return a + h.id < b; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_sort': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_sort' runs its callable on several threads at once: everything it uses must be Sync}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::parallel_invoke([h] { use(h.id); }, [] {});
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::parallel_invoke': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::parallel_invoke' runs its callable on another thread and waits for it: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

int sum_bad() {
  int sum = 0;
  tbb::parallel_for(0, 10, [&](int i) { sum += i; });
// expected-error@-1 {{'sum' is written by several threads of 'tbb::detail::d1::parallel_for' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the callable runs on several threads at once}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  return sum;
}

int vector_sum_bad(std::vector<int> &data) {
  int sum = 0;
  tbb::parallel_for_each(data, [&](int i) { sum += i; });
// expected-error@-1 {{'sum' is written by several threads of 'tbb::detail::d2::parallel_for_each' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the callable runs on several threads at once}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  return sum;
}

struct summed {
  const std::vector<int> &data;
  int sum = 0;
  explicit summed(const std::vector<int> &d) : data(d) {}
  summed(summed &other, tbb::split) : data(other.data) {}
  void operator()(const range &r) {
    for (int i = r.begin(); i != r.end(); ++i)
      sum += data[i];
  }
  void join(const summed &other) { sum += other.sum; }
};

int algorithms_ok(const std::vector<int> &data) {
  int sum = 0, x = 0, y = 0;
  tbb::spin_mutex m;
  tbb::rw_mutex rw;
  tbb::parallel_for(0, 10, [&](int i) {
    tbb::spin_mutex::scoped_lock lock(m);
    sum += i;
  });
  tbb::parallel_for(0, 10, [&](int i) {
    tbb::rw_mutex::scoped_lock lock(rw, true);
    sum += i;
  });
  tbb::parallel_invoke([&] { x = 1; }, [&] { y = 2; });
  summed body(data);
  tbb::parallel_reduce(range(0, 10), body);
  return sum + x + y + body.sum +
         tbb::parallel_reduce(range(0, 10), 0, [&](const range &r, int v) { return v + data[r.begin()]; }, std::plus<>());
}

int containers_ok() {
  tbb::concurrent_vector<int> v;
  tbb::concurrent_queue<int> q;
  tbb::concurrent_hash_map<int, int> m;
  tbb::concurrent_unordered_map<int, int> u;
  tbb::combinable<int> c;
  tbb::enumerable_thread_specific<int> e;
  tbb::parallel_for(0, 10, [&](int i) {
    v.push_back(i);
    q.push(i);
    tbb::concurrent_hash_map<int, int>::accessor a;
    m.insert(a, i);
    a->second = i;
    u.insert({i, i});
    c.local() += i;
    e.local() += i;
  });
  return c.combine(std::plus<>());
}

// --- Tasks -----------------------------------------------------------------------
int group_ok() {
  tbb::task_group g;
  int x = 0, y = 0;
  g.run([&] { x = 1; });
  g.run([&] { y = 1; });
  g.wait();
  return x + y;
}

int group_race_bad() {
  tbb::task_group g;
  int x = 0;
  g.run([&] { x = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'tbb::detail::d1::task_group::run' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g.wait();
  return x;
}

int group_two_bad() {
  tbb::task_group g;
  int x = 0;
  g.run([&] { x = 1; });
// expected-error@-1 {{'x' is written by the thread started by 'tbb::detail::d1::task_group::run' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g.run([&] { x = 2; });
// expected-note@-1 {{it is written here by the thread started by 'tbb::detail::d1::task_group::run'}}
// expected-note@-2 {{one thread starts here}}
  g.wait();
  return x;
}

void group_lifetime_bad(tbb::task_group &g) {
  int x = 0;
  g.run([&] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'tbb::detail::d1::task_group::run', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, before the thread is joined}}

void tasks_bad(tbb::task_group &g, tbb::task_arena &arena, handle h) {
  g.run([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::task_group::run': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::task_group::run' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  g.run_and_wait([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::task_group::run_and_wait': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::task_group::run_and_wait' runs its callable on another thread and waits for it: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  g.run(g.defer([h] { use(h.id); }));
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::task_group::defer': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::task_group::defer' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  arena.execute([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::task_arena::execute': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::task_arena::execute' runs its callable on another thread and waits for it: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  arena.enqueue([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::task_arena::enqueue': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::task_arena::enqueue' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::this_task_arena::enqueue([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::enqueue': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::enqueue' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

int arena_ok(tbb::task_arena &arena) {
  int x = 0;
  arena.execute([&] { x = 1; });
  return x;
}

void arena_lifetime_bad(tbb::task_arena &arena) {
  int x = 0;
  arena.enqueue([&] { x = 1; });
// expected-error@-1 {{'x' is given by reference to the thread started by 'tbb::detail::d1::task_arena::enqueue', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'x' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'x' ends here, and nothing waits for the thread}}

// --- Flow graphs ---------------------------------------------------------------------
void graph_bad(handle h) {
  tbb::flow::graph g;
  tbb::flow::function_node<int, int> node(g, tbb::flow::unlimited, [h](int v) { return v + h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::function_node': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::function_node' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::flow::continue_node<int> next(g, [h](tbb::flow::continue_msg) { return h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::continue_node': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::continue_node' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::flow::multifunction_node<int, std::tuple<int>> many(g, 1, [h](int, auto &) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::multifunction_node': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::multifunction_node' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::flow::input_node<int> source(g, [h](tbb::flow_control &) { return h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::input_node': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::input_node' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  tbb::flow::async_node<int, int> outside(g, 1, [h](int, auto &) { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::async_node': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::async_node' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  node.try_put(1);
  g.wait_for_all();
}

int graph_race_bad() {
  tbb::flow::graph g;
  int seen = 0;
  tbb::flow::function_node<int, int> node(g, tbb::flow::serial, [&seen](int v) { return seen = v; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  node.try_put(1);
  seen = 2;
// expected-error@-1 {{'seen' is written here while the thread started by 'tbb::detail::d1::function_node' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  g.wait_for_all();
  return seen;
}

int graph_ok() {
  int seen = 0;
  tbb::flow::graph g;
  tbb::flow::function_node<int, int> node(g, tbb::flow::serial, [&seen](int v) { return seen = v; });
  node.try_put(1);
  g.wait_for_all();
  return seen;
}

// --- Pipelines -----------------------------------------------------------------------
void pipeline_bad(handle h) {
  tbb::make_filter<int, int>(tbb::filter_mode::parallel, [h](int v) { return v + h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'tbb::detail::d1::make_filter': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'tbb::detail::d1::make_filter' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

int pipeline_ok() {
  int sum = 0;
  tbb::parallel_pipeline(4, tbb::make_filter<void, int>(tbb::filter_mode::serial_in_order,
                                                        [](tbb::flow_control &control) {
                                                          control.stop();
                                                          return 1;
                                                        }) &
                                tbb::make_filter<int, void>(tbb::filter_mode::serial_in_order, [&sum](int v) { sum += v; }));
  return sum;
}
