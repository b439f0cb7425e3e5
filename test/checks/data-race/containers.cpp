// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Containers: which members touch what. Elements are apart from each other and
// from the container's own structure, except in vector<bool>.
// RUN: %fearless_check %s

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

static void use(int) {}

void push_size_bad() {
  std::vector<int> v;
  std::thread t([&v] { v.push_back(1); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(v.size());
// expected-error@-1 {{'v' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void push_size_ok() {
  std::vector<int> v;
  std::thread t([&v] { v.push_back(1); });
  t.join();
  use(v.size());
}
void push_push_bad() {
  std::vector<int> v;
  std::thread a([&v] { v.push_back(1); });
// expected-error@-1 {{'v' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&v] { v.push_back(2); });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}
void size_size_ok() {
  std::vector<int> v(3);
  std::thread a([&v] { use(v.size()); });
  std::thread b([&v] { use(v.size()); });
  a.join();
  b.join();
}
void push_element_bad() {
  std::vector<int> v(1);
  std::thread t([&v] { v.push_back(1); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(v[0]);
// expected-error@-1 {{'v' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void element_size_ok() {
  std::vector<int> v(2);
  std::thread t([&v] { v[0] = 1; });
  use(v.size());
  t.join();
}
void elements_apart_ok() {
  std::vector<int> v(2);
  std::thread a([&v] { v[0] = 1; });
  std::thread b([&v] { v[1] = 1; });
  a.join();
  b.join();
}
void elements_same_bad() {
  std::vector<int> v(2);
  std::thread a([&v] { v[1] = 1; });
// expected-error@-1 {{'v[1]' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&v] { v[1] = 2; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}
void at_bad() {
  std::vector<int> v(2);
  std::thread a([&v] { v.at(1) = 1; });
// expected-error@-1 {{'v[1]' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&v] { v[1] = 2; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}
void front_bad() {
  std::deque<int> v(2);
  std::thread a([&v] { v.front() = 1; });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v.pop_front();
// expected-error@-1 {{'v' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  a.join();
}
void vector_bool_bad() {
  std::vector<bool> v(2);
  std::thread a([&v] { v[0] = true; });
// expected-error@-1 {{'v[...]' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&v] { v[1] = true; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}
void vector_char_ok() {
  std::vector<char> v(2);
  std::thread a([&v] { v[0] = true; });
  std::thread b([&v] { v[1] = true; });
  a.join();
  b.join();
}
void std_array_bad() {
  std::array<int, 3> a{};
  std::thread t([&a] { a[2] = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(a[2]);
// expected-error@-1 {{'a[2]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void std_array_ok() {
  std::array<int, 3> a{};
  std::thread t([&a] { a[2] = 1; });
  use(a[1]);
  t.join();
}

// operator[] of a map inserts.
void map_index_bad() {
  std::map<int, int> m;
  std::thread a([&m] { m[1] = 1; });
// expected-error@-1 {{'m' is written by the thread started by 'std::thread' and written by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&m] { m[2] = 1; });
// expected-note@-1 {{it is written here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}
void map_at_ok() {
  std::map<int, int> m{{1, 0}, {2, 0}};
  std::thread a([&m] { m.at(1) = 1; });
  std::thread b([&m] { m.at(2) = 1; });
  a.join();
  b.join();
}
void map_find_insert_bad() {
  std::unordered_map<int, int> m;
  std::thread a([&m] { m.insert({1, 1}); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(m.count(1));
// expected-error@-1 {{'m' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  a.join();
}
void map_read_ok() {
  const std::map<int, int> m{{1, 0}, {2, 0}};
  std::thread a([&m] { use(m.at(1)); });
  use(m.find(2)->second);
  a.join();
}
void set_erase_bad() {
  std::set<int> s{1, 2};
  std::thread a([&s] { s.erase(1); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  for (int each : s)
// expected-error@-1 {{'s' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    use(each);
  a.join();
}

// Loops over a container.
void iterate_bad() {
  std::vector<int> v(4);
  std::thread t([&v] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    for (int each : v)
// expected-note@-1 {{the thread reads it here}}
      use(each);
  });
  v.push_back(1);
// expected-error@-1 {{'v' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void iterate_ok() {
  std::vector<int> v(4);
  std::thread t([&v] {
    for (int each : v)
      use(each);
  });
  for (int each : v)
    use(each);
  t.join();
}
void iterate_write_bad() {
  std::vector<int> v(4);
  std::thread t([&v] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    for (int &each : v)
      each = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  for (int &each : v)
    each = 2;
// expected-error@-1 {{'v[...]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Algorithms.
void sort_bad() {
  std::vector<int> v{3, 1, 2};
  std::thread t([&v] { std::sort(v.begin(), v.end()); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(v[0]);
// expected-error@-1 {{'v[...]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void sort_ok() {
  std::vector<int> v{3, 1, 2};
  std::thread t([&v] { std::sort(v.begin(), v.end()); });
  t.join();
  use(v[0]);
}
void accumulate_bad() {
  std::vector<int> v{3, 1, 2};
  std::thread t([&v] { use(std::accumulate(v.begin(), v.end(), 0)); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v[1] = 7;
// expected-error@-1 {{'v[...]' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void accumulate_ok() {
  const std::vector<int> v{3, 1, 2};
  std::thread t([&v] { use(std::accumulate(v.begin(), v.end(), 0)); });
  use(std::accumulate(v.begin(), v.end(), 0));
  t.join();
}
void for_each_bad() {
  std::vector<int> v{3, 1, 2};
  int sum = 0;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    std::for_each(v.begin(), v.end(), [&sum](int each) { sum += each; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{reached through this call}}
  });
  use(sum);
// expected-error@-1 {{'sum' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Whole containers.
void assign_bad() {
  std::vector<int> v, w{1};
  std::thread t([&v] { use(v.empty()); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v = w;
// expected-error@-1 {{'v' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void swap_bad() {
  std::vector<int> v, w{1};
  std::thread t([&v] { use(v.empty()); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v.swap(w);
// expected-error@-1 {{'v' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void copy_ok() {
  std::vector<int> v{1};
  std::thread t([&v] { use(v[0]); });
  auto w = v; // a copy reads
  t.join();
  use(w[0]);
}
void copy_bad() {
  std::vector<int> v{1};
  std::thread t([&v] { v[0] = 2; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  auto w = v;
// expected-error@-1 {{'v[0]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  use(w[0]);
}

// Other containers and wrappers.
void string_bad() {
  std::string s;
  std::thread t([&s] { s += "x"; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  s.append("y");
// expected-error@-1 {{'s' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void queue_bad() {
  std::queue<int> q;
  std::thread t([&q] { q.push(1); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(q.empty());
// expected-error@-1 {{'q' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void list_bad() {
  std::list<int> l;
  std::thread t([&l] { l.emplace_back(1); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  l.emplace_front(2);
// expected-error@-1 {{'l' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void optional_bad() {
  std::optional<int> o;
  std::thread t([&o] { o = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  if (o)
// expected-error@-1 {{'o' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    use(*o);
  t.join();
}
void optional_ok() {
  std::optional<int> o;
  std::thread t([&o] { o = 1; });
  t.join();
  if (o)
    use(*o);
}

// A container of containers.
void inner_apart_ok() {
  std::vector<std::vector<int>> v(2);
  std::thread a([&v] { v[0].push_back(1); });
  std::thread b([&v] { v[1].push_back(1); });
  a.join();
  b.join();
}
void inner_same_bad() {
  std::vector<std::vector<int>> v(2);
  std::thread a([&v] { v[0].push_back(1); });
// expected-error@-1 {{'v[0]' is written by the thread started by 'std::thread' and read by another thread at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the other starts here; neither is joined before both run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread b([&v] { use(v[0].size()); });
// expected-note@-1 {{it is read here by the thread started by 'std::thread'}}
// expected-note@-2 {{one thread starts here}}
  a.join();
  b.join();
}

// The locked twin of the queue.
void locked_queue_ok() {
  std::queue<int> q;
  std::mutex m;
  std::thread t([&] {
    std::lock_guard lock(m);
    q.push(1);
  });
  {
    std::lock_guard lock(m);
    use(q.empty());
  }
  t.join();
}

// Loops over all elements, on both sides.
void both_loop_bad() {
  int a[4] = {};
  std::thread t([&a] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    for (int i = 0; i < 4; ++i)
      a[i] = i;
// expected-note@-1 {{the thread writes it here}}
  });
  for (int i = 0; i < 4; ++i)
    use(a[i]);
// expected-error@-1 {{'a[...]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void both_range_bad() {
  std::vector<int> v{1, 2};
  std::thread t([&v] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    for (int &each : v)
      each = 0;
// expected-note@-1 {{the thread writes it here}}
  });
  for (std::size_t i = 0; i != v.size(); ++i)
    use(v[i]);
// expected-error@-1 {{'v[...]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void halves_ok() {
  int a[4] = {};
  std::thread t([&a] {
    for (int i = 0; i < 2; ++i)
      a[i] = i;
  });
  for (int i = 2; i < 4; ++i)
    use(a[i]);
  t.join();
}
void even_and_odd_ok() {
  int a[4] = {};
  std::thread t([&a] {
    for (int i = 0; i < 4; ++i)
      if (i % 2)
        a[i] = i;
  });
  for (int i = 0; i < 4; i += 2)
    use(a[i]);
  t.join();
}
void until_found_ok() {
  int a[4] = {};
  std::thread t([&a] { a[3] = 1; });
  for (int i = 0; i < 4; ++i) {
    if (i == 3)
      break;
    use(a[i]);
  }
  t.join();
}

// Each round sets up its own element, and starts a thread on it.
void set_up_by_index_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = 1;
    threads.emplace_back([&v, i] { v[i] = 2; });
  }
  for (std::thread &t : threads)
    t.join();
}
void set_up_by_range_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (int &each : v) {
    each = 1;
    threads.emplace_back([&each] { each = 2; });
  }
  for (std::thread &t : threads)
    t.join();
}
// Each round waits for its own thread.
void joined_by_index_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&v, i] { v[i] = i; });
  for (std::size_t i = 0; i < v.size(); ++i) {
    threads[i].join();
    use(v[i]);
  }
}
// The thread is started by the first round, and uses what that has set.
void started_by_first_round_ok() {
  int a[4] = {};
  std::thread t;
  for (int i = 0; i < 4; ++i) {
    a[i] = i;
    if (i == 0)
      t = std::thread([&a] { use(a[0]); });
  }
  t.join();
}

// The same where another function starts the thread, or waits for it.
static void fill(int *p) { *p = 2; }
static void start(std::vector<std::thread> &ts, std::function<void()> f) { ts.emplace_back(f); }
static void start_on(std::vector<std::thread> &ts, int *p) { ts.emplace_back([p] { *p = 2; }); }
static void join_all(std::vector<std::thread> &ts) { for (auto &t : ts) t.join(); }
void set_up_for_function_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = 1;
    threads.emplace_back(fill, &v[i]);
  }
  join_all(threads);
}
void set_up_for_callable_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = 1;
    start(threads, [&v, i] { v[i] = 2; });
  }
  join_all(threads);
}
void set_up_for_helper_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = 1;
    start_on(threads, &v[i]);
  }
  join_all(threads);
}
void set_up_for_bound_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = 1;
    start(threads, std::bind(fill, &v[i]));
  }
  join_all(threads);
}
void range_for_helper_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (int &each : v) {
    each = 1;
    start_on(threads, &each);
  }
  join_all(threads);
}
struct job { int n = 0; std::thread t; void run() { t = std::thread([this] { n = 2; }); } };
void range_of_jobs_ok() {
  std::vector<job> v(4);
  for (job &each : v) {
    each.n = 1;
    each.run();
  }
  for (job &each : v) each.t.join();
}
void range_of_jobs_twice_ok() {
  std::vector<job> v(4);
  for (job &each : v) {
    each.n = 1;
    each.run();
  }
  for (job &each : v) { each.t.join(); each.n = 2; }
}
void jobs_by_index_ok() {
  std::vector<job> v(4);
  for (std::size_t i = 0; i < 4; ++i) {
    v[i].n = 1;
    v[i].run();
  }
  for (std::size_t i = 0; i < 4; ++i) { v[i].t.join(); v[i].n = 2; }
}
void wait_for(std::thread &t) { t.join(); }
void waited_by_helper_ok() {
  std::vector<int> v(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < v.size(); ++i)
    threads.emplace_back(fill, &v[i]);
  for (std::size_t i = 0; i < v.size(); ++i) {
    wait_for(threads[i]);
    v[i] = 3;
  }
}
