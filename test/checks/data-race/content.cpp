// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strict mode: what a container or owner holds may have another name that
// came with it, and what the library returns may be a part of what it was given.
// RUN: %fearless_check %s -mode=strict

#include <algorithm>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

static void use(long) {}
struct box {
  int *raw = nullptr;
  std::vector<int> v;
};
static std::unique_ptr<int> make(box &b) {
  auto p = std::make_unique<int>(0);
  b.raw = p.get();
  return p;
}
static std::vector<int> load(box &b) {
  std::vector<int> v(4);
  b.raw = &v[0];
  return v;
}
static std::vector<int> plain(int n) {
  std::vector<int> v;
  v.push_back(n);
  return v;
}
static std::vector<int> pass(std::vector<int> x) { return x; }
static void put(std::vector<int> &into, std::vector<int> x) {
  into = std::move(x);
}
class keeper {
  int *p_ = nullptr;

public:
  std::vector<int> keep() {
    std::vector<int> v(4);
    p_ = v.data();
    return v;
  }
  void touch() { *p_ = 1; }
};

void made_here_ok() {
  auto v = plain(3);
  std::thread t([&v] { v[0] = 1; });
  t.join();
  use(v[0]);
}
void moved_without_names_ok() {
  std::vector<int> v(4);
  v[0] = 2;
  std::vector<int> w = std::move(v);
  std::thread t([&w] { w[0] = 1; });
  t.join();
  use(w[0]);
}
void filled_by_callee_ok() {
  std::vector<int> w;
  put(w, std::vector<int>(4));
  std::thread t([&w] { w[0] = 1; });
  t.join();
  use(w[0]);
}
void insertion_says_whether_ok() {
  std::map<int, int> m;
  if (m.emplace(1, 2).second)
    use(1);
  std::thread t([&m] { m[1] = 1; });
  t.join();
}

void kept_by_factory_bad() {
  box b;
  auto owner = make(b);
  std::thread t([&owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::unique_ptr<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::unique_ptr<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::unique_ptr<int>': it owns the object it points to, and const does not protect that object}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: move it to the other thread, or share a fearless::arc}}
  *b.raw = 2;
  t.join();
}
void elements_kept_by_factory_bad() {
  box b;
  auto v = load(b);
  std::thread t([&v] { v[0] = 1; });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *b.raw = 2;
  t.join();
}
void kept_by_method_bad() {
  keeper c;
  auto v = c.keep();
  std::thread t([&v] { v[0] = 1; });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  c.touch();
  t.join();
}
void moved_with_iterator_bad() {
  std::vector<int> v(4), w;
  auto it = v.begin();
  w = std::move(v);
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_through_function_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  auto w = pass(std::move(v));
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_by_callee_bad() {
  std::vector<int> v(4), w;
  auto it = v.begin();
  put(w, std::move(v));
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void spliced_bad() {
  std::list<int> v(4), w;
  auto it = v.begin();
  w.splice(w.begin(), v);
  std::thread t([&w] { w.front() = 1; });
// expected-error@-1 {{'w' of type 'std::list<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::list<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::list<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void merged_bad() {
  std::map<int, int> v, w;
  v[1] = 1;
  auto &r = v[1];
  w.merge(v);
  std::thread t([&w] { w[1] = 1; });
// expected-error@-1 {{'w' of type 'std::map<int, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::map<int, int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::map<int, int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  r = 2;
  t.join();
}
void extracted_bad() {
  std::map<int, int> v, w;
  v[1] = 1;
  auto &r = v[1];
  w.insert(v.extract(1));
  std::thread t([&w] { w[1] = 1; });
// expected-error@-1 {{'w' of type 'std::map<int, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::map<int, int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::map<int, int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  r = 2;
  t.join();
}
void string_moved_in_bad() {
  std::vector<std::string> w;
  std::string s(100, 'a');
  char *p = s.data();
  w.push_back(std::move(s));
  std::thread t([&w] { w[0][0] = 'b'; });
// expected-error@-1 {{'w' of type 'std::vector<std::basic_string<char>>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<std::basic_string<char>>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<std::basic_string<char>>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *p = 'c';
  t.join();
}
void swapped_bad() {
  std::vector<int> v(4), w(4);
  auto it = v.begin();
  std::swap(w, v);
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_from_member_bad() {
  box b;
  b.v.resize(3);
  auto it = b.v.begin();
  std::vector<int> w = std::move(b.v);
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_into_optional_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  std::optional<std::vector<int>> w = std::move(v);
  std::thread t([&w] { (*w)[0] = 1; });
// expected-error@-1 {{'w' of type 'std::optional<std::vector<int>>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::optional<std::vector<int>>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::optional<std::vector<int>>': it holds its value, and nothing synchronizes its use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give each thread its own copy, or keep it in a fearless::mutex}}
  *it = 2;
  t.join();
}
void moved_into_pair_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  std::pair<std::vector<int>, int> w{std::move(v), 1};
  std::thread t([&w] { w.first[0] = 1; });
// expected-error@-1 {{'w' of type 'std::pair<std::vector<int>, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::pair<std::vector<int>, int>' is Sync only if 'std::vector<int>' is Sync}}
// expected-note@-3 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void exchanged_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  auto w = std::exchange(v, {});
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_into_closure_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  auto f = [w = std::move(v)]() mutable { w[0] = 1; };
// expected-note@-1 {{because the lambda captures 'w' of type 'std::vector<int>'}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
  std::thread t(std::ref(f));
// expected-error@-1 {{'f' of type 'lambda', passed by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_in_loop_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  std::vector<int> w;
  for (int i = 0; i < 2; ++i) { w = std::move(v); } std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void moved_at_birth_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  auto w = std::move(v);
  std::thread t([&w] { w[0] = 1; });
// expected-error@-1 {{'w' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 3;
  t.join();
}
void map_moved_bad() {
  std::map<int, int> v;
  v[1] = 2;
  int *p = &v[1];
  std::map<int, int> w = std::move(v);
  std::thread t([&w] { w[1] = 1; });
// expected-error@-1 {{'w' of type 'std::map<int, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::map<int, int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::map<int, int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *p = 3;
  t.join();
}
void find_bad() {
  std::vector<int> v(4);
  auto it = std::find(v.begin(), v.end(), 0);
  std::thread t([&v] { v[0] = 1; });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *it = 2;
  t.join();
}
void max_element_bad() {
  int v[4] = {};
  int *p = std::max_element(v, v + 4);
  std::thread t([&v] { v[0] = 1; });
// expected-error@-1 {{'v' of type 'int[4]', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a 'fearless::mutex<int[4]>', or capture 'v' by copy or move if the thread needs only its own}}
  *p = 2;
  t.join();
}
void emplace_bad() {
  std::map<int, int> m;
  auto it = m.emplace(1, 2).first;
  std::thread t([&m] { m[1] = 1; });
// expected-error@-1 {{'m' of type 'std::map<int, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::map<int, int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::map<int, int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  it->second = 2;
  t.join();
}
void emplace_bound_bad() {
  std::map<int, int> m;
  auto [it, ok] = m.emplace(1, 2);
  std::thread t([&m] { m[1] = 1; });
// expected-error@-1 {{'m' of type 'std::map<int, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::map<int, int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::map<int, int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  it->second = 2;
  t.join();
}
void equal_range_bad() {
  std::map<int, int> m;
  m[1] = 2;
  auto r = m.equal_range(1);
  std::thread t([&m] { m[1] = 1; });
// expected-error@-1 {{'m' of type 'std::map<int, int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::map<int, int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::map<int, int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  r.first->second = 2;
  t.join();
}
void max_of_two_bad() {
  int a = 0, b = 0;
  const int &m = std::max(a, b);
  std::thread t([&a] { a = 1; });
// expected-error@-1 {{'a' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'a' a 'std::atomic<int>', or capture 'a' by copy or move if the thread needs only its own}}
  use(m);
  t.join();
}
void next_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  auto jt = std::next(it);
  std::thread t([&v] { v[1] = 1; });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  *jt = 2;
  t.join();
}
void append_bad() {
  std::string s = "abc";
  std::string &x = s.append("x");
  std::thread t([&s] { s[0] = 1; });
// expected-error@-1 {{'s' of type 'std::basic_string<char>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::basic_string<char>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::basic_string<char>': nothing synchronizes the characters of a string}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give each thread its own copy, or keep the string in a fearless::mutex}}
  x[0] = 2;
  t.join();
}
void reference_wrapper_bad() {
  std::vector<int> v(4);
  std::reference_wrapper<std::vector<int>> r(v);
  std::thread t([&v] { v[3] = 1; });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  r.get()[3] = 2;
// expected-error@-1 {{'v[3]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void exchange_of_pointer_bad() {
  int x = 0;
  int *p = std::addressof(x);
  int *q = std::exchange(p, nullptr);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  *q = 2;
  t.join();
}
void swap_of_pointer_bad() {
  int x = 0;
  int *p = &x;
  int *q = nullptr;
  std::swap(p, q);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  *q = 2;
  t.join();
}
void tie_bad() {
  int x = 0;
  auto p = std::tie(x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'x' a 'std::atomic<int>', or capture 'x' by copy or move if the thread needs only its own}}
  std::get<0>(p) = 2;
  t.join();
}
void optional_emplace_bad() {
  std::optional<int> x = 1;
  int &in = x.emplace(3);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'std::optional<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::optional<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::optional<int>': it holds its value, and nothing synchronizes its use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give each thread its own copy, or keep it in a fearless::mutex}}
  in = 3;
  t.join();
}
void get_if_bad() {
  std::variant<int, char> x = 1;
  int *in = std::get_if<int>(&x);
  std::thread t([&x] { x = 1; });
// expected-error@-1 {{'x' of type 'std::variant<int, char>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::variant<int, char>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::variant<int, char>': it holds its value, and nothing synchronizes which one that is}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give each thread its own copy, or keep it in a fearless::mutex}}
  *in = 3;
  t.join();
}
void views_all_bad() {
  std::vector<int> v(4);
  auto r = std::views::all(v);
  std::thread t([&v] { v[0] = 1; });
// expected-error@-1 {{'v' of type 'std::vector<int>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: keep it in a fearless::mutex, or give each thread its own}}
  r[0] = 2;
  t.join();
}
void substr_bad() {
  std::string s = "aaa";
  std::string_view v = s;
  std::string_view w = v.substr(1);
  std::thread t([&s] { s[1] = 'b'; });
// expected-error@-1 {{'s' of type 'std::basic_string<char>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::basic_string<char>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::basic_string<char>': nothing synchronizes the characters of a string}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give each thread its own copy, or keep the string in a fearless::mutex}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  use(w[0]);
// expected-error@-1 {{'s[1]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
