// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the standard library does with what it is given: functions that take
// anything (make_pair, emplace_back, std::visit) only read an lvalue, std::get
// leads to a part, algorithms over ranges read or write the elements.
// RUN: %fearless_check %s

#include <algorithm>
#include <any>
#include <array>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

static void use(int) {}

// --- What is passed on is read ------------------------------------------------

void made_of_it_ok() {
  std::string s = "x";
  int n = 1;
  auto make = [&] {
    auto pair = std::make_pair(s, n);
    auto tuple = std::make_tuple(n, s);
    auto owner = std::make_unique<std::string>(s);
    auto shared = std::make_shared<int>(n);
    auto maybe = std::make_optional(s);
    use(pair.second + std::get<0>(tuple) + int(owner->size()) + *shared +
        int(maybe->size()));
  };
  std::thread a(make), b(make);
  a.join();
  b.join();
}
void put_into_containers_ok() {
  std::string s = "x";
  auto put = [&s] {
    std::vector<std::string> list;
    list.emplace_back(s);
    std::optional<std::string> maybe;
    maybe = s;
    maybe.emplace(s);
    std::variant<int, std::string> either;
    either = s;
    std::any any;
    any = s;
    use(int(list.size()));
  };
  std::thread a(put), b(put);
  a.join();
  b.join();
}
void put_while_written_bad() {
  std::string s;
  std::thread t([&s] { s += "x"; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  std::vector<std::string> list;
  list.emplace_back(s);
// expected-error@-1 {{'s' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void paired_while_written_bad() {
  std::string s;
  std::thread t([&s] { s = "x"; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  auto p = std::make_pair(s, 1);
// expected-error@-1 {{'s' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  use(p.second);
}
// truth: none, the stream that writes it is not instrumented
void extracted_bad() {
  int n = 0;
  std::thread t([&n] { std::istringstream("1") >> n; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// --- Variants and tuples ------------------------------------------------------

void variant_is_read_ok() {
  std::variant<int, std::string> v = 1;
  auto look = [&v] {
    if (const int *n = std::get_if<int>(&v))
      use(*n);
    use(std::get<int>(v));
    use(std::get<0>(v));
    std::visit([](const auto &each) { use(sizeof each); }, v);
  };
  std::thread a(look), b(look);
  a.join();
  b.join();
}
void variant_is_set_bad() {
  std::variant<int, std::string> v;
  std::thread t([&v] { v = "x"; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  if (const int *n = std::get_if<int>(&v))
// expected-error@-1 {{'v' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    use(*n);
  t.join();
}
void any_is_read_ok() {
  std::any v = 1;
  auto look = [&v] { use(std::any_cast<int>(v) + *std::any_cast<int>(&v)); };
  std::thread a(look), b(look);
  a.join();
  b.join();
}
void parts_of_tuple_ok() {
  auto t = std::make_tuple(0, std::string(), 1.0);
  std::thread a([&t] { std::get<0>(t) = 1; }),
      b([&t] { std::get<std::string>(t) = "x"; });
  std::get<double>(t) = 2;
  a.join();
  b.join();
}
void part_of_tuple_by_type_bad() {
  std::tuple<int, std::string> t;
  std::thread a([&t] { std::get<1>(t) = "x"; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(int(std::get<std::string>(t).size()));
// expected-error@-1 {{'t[1]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  a.join();
}
void applied_ok() {
  std::tuple<int, int> t;
  auto add = [&t] { use(std::apply([](int a, int b) { return a + b; }, t)); };
  std::thread a(add), b(add);
  a.join();
  b.join();
}
void compared_by_tie_ok() {
  int x = 1, y = 2;
  auto compare = [&] { use(std::tie(x, y) < std::tie(y, x)); };
  std::thread a(compare), b(compare);
  a.join();
  b.join();
}
void assigned_by_tie_bad() {
  int x = 0, y = 0;
  std::thread t([&] { std::tie(x, y) = std::make_pair(1, 2); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// --- Text ----------------------------------------------------------------------

void printed_ok() {
  char name[32] = "x";
  auto print = [&name] { std::printf("%s\n", name); };
  std::thread a(print), b(print);
  a.join();
  b.join();
}
void printed_while_written_bad() {
  char name[32] = "x";
  std::thread t([&name] { std::snprintf(name, sizeof name, "y"); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  std::printf("%s\n", name);
// expected-error@-1 {{'name[0]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void scanned_bad() {
  int n = 0;
  std::thread t([&n] { std::sscanf("1", "%d", &n); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(n);
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// --- Algorithms over ranges -----------------------------------------------------

void ranges_are_read_ok() {
  std::vector<int> v(3);
  auto look = [&v] {
    use(int(std::ranges::count(v, 1)));
    use(std::ranges::max(v));
    use(std::ranges::any_of(v, [](int n) { return n > 1; }));
    for (int n : v)
      use(n);
  };
  std::thread a(look), b(look);
  a.join();
  b.join();
  std::ranges::sort(v);
}
void range_is_sorted_bad() {
  std::vector<int> v{3, 2, 1};
  std::thread t([&v] { std::ranges::sort(v); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(v[0]);
// expected-error@-1 {{'v[...]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void range_is_filled_bad() {
  std::vector<int> v(3);
  std::thread t([&v] { std::ranges::fill(v, 1); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(int(std::ranges::count(v, 1)));
// expected-error@-1 {{'v[...]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void range_is_copied_bad() {
  std::vector<int> v(3), to(3);
  std::thread t([&] { std::ranges::copy(v, to.begin()); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v[0] = 1;
// expected-error@-1 {{'v[...]' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void range_for_each_bad() {
  std::vector<int> v(3);
  std::thread t([&v] { std::ranges::for_each(v, [](int &n) { n = 1; }); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-note@-3 {{reached through this call}}
  use(v[1]);
// expected-error@-1 {{'v[...]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void range_keeps_its_size_ok() {
  std::vector<int> v(3);
  std::thread t([&v] { std::ranges::fill(v, 1); });
  use(int(v.size()));
  t.join();
}
