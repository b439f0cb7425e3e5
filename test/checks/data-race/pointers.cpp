// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shared through pointers, smart pointers, views and iterators: the object is
// the same, however it is named.
// RUN: %fearless_check %s

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

static void use(int) {}

void pointer_bad() {
  int x = 0;
  int *p = &x;
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_ok() {
  int x = 0, y = 0;
  int *p = &x;
  std::thread t([p] { *p = 1; });
  y = 2;
  t.join();
  use(x + y);
}

// The pointer is assigned later than it is declared.
void pointer_assigned_bad() {
  int x = 0;
  int *p = nullptr;
  p = &x;
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_assigned_ok() {
  int x = 0, y = 0;
  int *p = &y;
  p = &x;
  std::thread t([p] { *p = 1; });
  y = 2;
  t.join();
  use(x);
}
void two_pointers_bad() {
  int x = 0;
  int *p = &x, *q = &x;
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  *q = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_copied_bad() {
  int x = 0;
  int *p = &x;
  int *q = p;
  std::thread t([q] { *q = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  *p = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// The pointer itself, not what it points to.
void pointer_itself_bad() {
  int x = 0, y = 0;
  int *p = &x;
  std::thread t([&p] { use(*p); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p = &y;
// expected-error@-1 {{'p' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_itself_ok() {
  int x = 0, y = 0;
  int *p = &x;
  std::thread t([p] { use(*p); });
  p = &y; // the thread has a copy of the pointer
  t.join();
}

void pointer_argument_bad() {
  int x = 0;
  std::thread t([](int *p) { *p = 1; }, &x);
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_argument_ok() {
  int x = 0;
  std::thread t([](int *p) { *p = 1; }, &x);
  t.join();
  x = 2;
}

// On the heap.
void new_bad() {
  int *p = new int(0);
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(*p);
// expected-error@-1 {{'*p' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  delete p;
}
void new_ok() {
  int *p = new int(0);
  std::thread t([p] { *p = 1; });
  t.join();
  use(*p);
  delete p;
}
void deleted_bad() {
  int *p = new int(0);
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  delete p;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// A pointer in a structure.
struct job {
  int *out;
  int in;
};
void pointer_in_struct_bad() {
  int x = 0;
  job j{&x, 1};
  std::thread t([j] { *j.out = j.in; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_in_struct_ok() {
  int x = 0;
  job j{&x, 1};
  std::thread t([j] { *j.out = j.in; });
  j.in = 2; // the thread has a copy of the structure
  t.join();
  use(x);
}

// Arrays.
void array_bad() {
  int a[4] = {};
  std::thread t([&a] { a[1] = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  a[1] = 2;
// expected-error@-1 {{'a[1]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void array_ok() {
  int a[4] = {};
  std::thread t([&a] { a[1] = 1; });
  a[2] = 2;
  t.join();
}
void array_pointer_bad() {
  int a[4] = {};
  int *p = a;
  std::thread t([p] { p[1] = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  a[1] = 2;
// expected-error@-1 {{'a[1]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void array_pointer_ok() {
  int a[4] = {};
  int *p = a;
  std::thread t([p] { p[1] = 1; });
  a[2] = 2;
  t.join();
}
void array_halves_ok() {
  int a[4] = {};
  auto fill = [](int *from, int *to) {
    for (; from != to; ++from)
      *from = 1;
  };
  std::thread t(fill, a, a + 2);
  fill(a + 2, a + 4);
  t.join();
}

// Owners.
void unique_bad() {
  auto p = std::make_unique<int>(0);
  std::thread t([&p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  *p = 2;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void unique_ok() {
  auto p = std::make_unique<int>(0);
  std::thread t([p = std::move(p)] { *p = 1; });
  t.join();
}
void unique_get_bad() {
  auto p = std::make_unique<int>(0);
  int *raw = p.get();
  std::thread t([raw] { *raw = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  *p = 2;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void unique_kept_alias_bad() {
  auto p = std::make_unique<int>(0);
  int *raw = p.get();
// expected-note@-1 {{'raw' refers to what 'p' leads to from here on}}
  std::thread t([p = std::move(p)] { *p = 1; });
// expected-note@-1 {{'p' is moved to another thread here, by 'std::thread'}}
  *raw = 2;
// expected-error@-1 {{what 'raw' refers to is used after it was sent to another thread [fearless-use-after-send]}}
// expected-note@-2 {{help: use it before it is sent, or send a copy that 'raw' does not lead to}}
  t.join();
}
void unique_reset_bad() {
  auto p = std::make_unique<int>(0);
  std::thread t([&p] { use(*p); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p.reset();
// expected-error@-1 {{'p' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void shared_bad() {
  auto p = std::make_shared<int>(0);
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  *p = 2;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void shared_ok() {
  auto p = std::make_shared<int>(0);
  std::thread t([p] { *p = 1; });
  p.reset(); // each has an owner of its own
  t.join();
}
void shared_only_read_ok() {
  auto p = std::make_shared<const int>(7);
  std::thread t([p] { use(*p); });
  use(*p);
  t.join();
}
void shared_itself_bad() {
  auto p = std::make_shared<int>(0);
  std::thread t([&p] { use(*p); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p = std::make_shared<int>(1);
// expected-error@-1 {{'p' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void shared_copy_of_copy_bad() {
  auto p = std::make_shared<int>(0);
  auto q = p;
  std::thread t([q] { *q = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  *p = 2;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
struct node {
  int value = 0;
  std::shared_ptr<node> next;
};
void shared_member_bad() {
  auto n = std::make_shared<node>();
  std::thread t([n] { n->value = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(n->value);
// expected-error@-1 {{'n->value' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void weak_bad() {
  auto p = std::make_shared<int>(0);
  std::weak_ptr<int> w = p;
  std::thread t([w] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    if (auto q = w.lock())
      *q = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  *p = 2;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Views.
void string_view_bad() {
  std::string s = "abc";
  std::string_view v = s;
  std::thread t([v] { use(v[0]); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  s = "xyz";
// expected-error@-1 {{'s' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void string_view_ok() {
  std::string s = "abc";
  std::string_view v = s;
  std::thread t([v] { use(v[0]); });
  t.join();
  s += "x";
}
void string_view_literal_ok() {
  std::string_view v = "abc";
  std::thread t([v] { use(v[0]); });
  use(v[0]);
  t.join();
}
void c_str_bad() {
  std::string s = "abc";
  const char *c = s.c_str();
  std::thread t([c] { use(c[0]); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  s[0] = 'x';
// expected-error@-1 {{'s[0]' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void span_bad() {
  std::vector<int> v(4);
  std::span<int> s(v);
  std::thread t([s] { s[0] = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v[0] = 2;
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void span_ok() {
  std::vector<int> v(4);
  std::span<int> s(v);
  std::thread t([s] { s[0] = 1; });
  v[1] = 2;
  t.join();
}
void iterator_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  std::thread t([it] { *it = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v.assign(4, 2);
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void data_bad() {
  std::vector<int> v(4);
  int *p = v.data();
  std::thread t([p] { p[0] = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v.push_back(1);
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void reference_to_element_bad() {
  std::vector<int> v(4);
  int &first = v[0];
  std::thread t([&first] { first = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  v[0] = 2;
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void reference_to_element_ok() {
  std::vector<int> v(4);
  int &first = v[0];
  std::thread t([&first] { first = 1; });
  v[1] = 2;
  t.join();
}

// References that are values.
void ref_bad() {
  int x = 0;
  std::thread t([](int &r) { r = 1; }, std::ref(x));
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void ref_ok() {
  int x = 0;
  std::thread t([](int &r) { r = 1; }, std::ref(x));
  t.join();
  x = 2;
}
void cref_bad() {
  int x = 0;
  std::thread t([](const int &r) { use(r); }, std::cref(x));
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void no_ref_ok() {
  int x = 0;
  std::thread t([](const int &r) { use(r); }, x); // binds to the thread's copy
  x = 2;
  t.join();
}
void wrapper_bad() {
  int x = 0;
  std::reference_wrapper<int> w = x;
  std::thread t([w] { w.get() = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
