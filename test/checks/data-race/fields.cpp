// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Structures: fields are apart, except bit-fields that share a memory location
// [intro.memory] and the members of a union.
// RUN: %fearless_check %s

#include <array>
#include <functional>
#include <thread>
#include <vector>

static void use(int) {}

struct pair_of {
// expected-error@-1 {{'p.a' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
// expected-error@-3 {{'p.b' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
  int a = 0;
  int b = 0;
};

void same_field_bad() {
  pair_of p;
  std::thread t([&p] { p.a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p.a = 2;
// expected-error@-1 {{'p.a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void other_field_ok() {
  pair_of p;
  std::thread t([&p] { p.a = 1; });
  p.b = 2;
  t.join();
}
void whole_against_field_bad() {
  pair_of p;
  std::thread t([&p] { p.a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  pair_of copy = p;
// expected-note@-1 {{reached through this call}}
  t.join();
  use(copy.a);
}
void whole_assigned_bad() {
  pair_of p;
  std::thread t([&p] { use(p.b); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p = pair_of{1, 2};
// expected-note@-1 {{reached through this call}}
  t.join();
}
void two_objects_ok() {
  pair_of p, q;
  std::thread t([&p] { p.a = 1; });
  q.a = 2;
  t.join();
}

struct outer {
  pair_of first;
  pair_of second;
};
void nested_bad() {
  outer o;
  std::thread t([&o] { o.first.a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  o.first.a = 2;
// expected-error@-1 {{'o.first.a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void nested_ok() {
  outer o;
  std::thread t([&o] { o.first.a = 1; });
  o.second.a = 2;
  t.join();
}
void nested_reference_bad() {
  outer o;
  pair_of &inner = o.first;
  std::thread t([&inner] { inner.a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  o.first.a = 2;
// expected-error@-1 {{'o.first.a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void nested_reference_ok() {
  outer o;
  pair_of &inner = o.first;
  std::thread t([&inner] { inner.a = 1; });
  o.second.a = 2;
  t.join();
}

// Neighbouring bit-fields are one memory location.
struct flags {
  unsigned ready : 1;
  unsigned done : 1;
  unsigned : 0;
  unsigned other : 1;
};
void bit_fields_bad() {
  flags f{};
  std::thread t([&f] { f.ready = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  f.done = 1;
// expected-error@-1 {{'f.ready' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void bit_fields_ok() {
  flags f{};
  std::thread t([&f] { f.ready = 1; });
  f.other = 1; // the zero-width bit-field begins another location
  t.join();
}

// The members of a union share their storage.
union number {
  int i;
  float f;
};
void union_bad() {
  number n{0};
  std::thread t([&n] { n.i = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n.f = 2;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
struct tagged {
  int tag = 0;
  union {
    int i;
    float f;
  };
};
void anonymous_union_bad() {
  tagged n{};
  std::thread t([&n] { n.i = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n.f = 2;
// expected-error@-1 {{'n.' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void anonymous_union_ok() {
  tagged n{};
  std::thread t([&n] { n.i = 1; });
  n.tag = 2;
  t.join();
}

// Inherited fields.
struct derived : pair_of {
  int c = 0;
};
void base_field_bad() {
  derived d;
  std::thread t([&d] { d.a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  d.a = 2;
// expected-error@-1 {{'d.a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void base_reference_bad() {
  derived d;
  pair_of &base = d;
  std::thread t([&base] { base.a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  d.a = 2;
// expected-error@-1 {{'d.a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void base_field_ok() {
  derived d;
  std::thread t([&d] { d.a = 1; });
  d.c = 2;
  t.join();
}

// Arrays of structures.
void array_of_structs_bad() {
  pair_of p[2];
  std::thread t([&p] { p[0].a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p[0].a = 2;
// expected-error@-1 {{'p[0].a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void array_of_structs_ok() {
  pair_of p[2];
  std::thread t([&p] { p[0].a = 1; });
  p[1].a = 2;
  p[0].b = 2;
  t.join();
}
struct matrix {
  std::array<std::array<int, 2>, 2> rows{};
};
void rows_bad() {
  matrix m;
  std::thread t([&m] { m.rows[0][1] = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(m.rows[0][1]);
// expected-error@-1 {{'m.rows[0][1]' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void rows_ok() {
  matrix m;
  std::thread t([&m] { m.rows[0][1] = 1; });
  use(m.rows[1][1]);
  t.join();
}

// A reference in a structure.
struct refers {
  int &to;
};
void reference_member_bad() {
  int x = 0;
  refers r{x};
  std::thread t([r] { r.to = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void reference_member_ok() {
  int x = 0;
  refers r{x};
  std::thread t([r] { r.to = 1; });
  t.join();
  x = 2;
}

// A static member is no part of an object.
struct counted {
  static int count;
  int own = 0;
};
int counted::count = 0;
void static_member_bad() {
  counted a, b;
  std::thread t([&a] { ++a.count; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ++b.count;
// expected-error@-1 {{'count' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void own_member_ok() {
  counted a, b;
  std::thread t([&a] { ++a.own; });
  ++b.own;
  t.join();
}

// The same field of the elements of a vector.
void vector_of_structs_bad() {
  std::vector<pair_of> v(2);
  std::thread t([&v] { v[1].a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  use(v[1].a);
// expected-error@-1 {{'v[1].a' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void vector_of_structs_ok() {
  std::vector<pair_of> v(2);
  std::thread t([&v] { v[1].a = 1; });
  use(v[0].a);
  use(v[1].b);
  t.join();
}
