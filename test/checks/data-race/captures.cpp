// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a lambda captures, and how: every form by which a thread and its parent
// come to use one variable, each with the form that gives the thread its own.
// RUN: %fearless_check %s

#include <string>
#include <thread>
#include <tuple>
#include <utility>

static void use(int) {}

// [&x]
void by_reference_bad() {
  int x = 0;
  std::thread t([&x] { ++x; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void by_reference_ok() {
  int x = 0;
  std::thread t([&x] { ++x; });
  t.join();
  ++x;
}

// [&]
void default_reference_bad() {
  int x = 0, y = 0;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    x = 1;
// expected-note@-1 {{the thread writes it here}}
    use(y);
  });
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void default_reference_ok() {
  int x = 0, y = 0;
  std::thread t([&] {
    x = 1;
    use(y);
  });
  use(y); // both only read y
  t.join();
  use(x);
}

// [=, &x]
void mixed_bad() {
  int x = 0, y = 0;
  std::thread t([=, &x] { x = y; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 1;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void mixed_ok() {
  int x = 0, y = 0;
  std::thread t([=, &x] { x = y; });
  y = 1; // the thread has a copy
  t.join();
  use(x + y);
}

// [x]() mutable
void copy_ok() {
  int x = 0;
  std::thread t([x]() mutable { ++x; });
  ++x;
  t.join();
}

// [&r = x]
void init_reference_bad() {
  int x = 0;
  std::thread t([&r = x] { r = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void init_copy_ok() {
  int x = 0;
  std::thread t([r = x]() mutable { r = 1; });
  x = 2;
  t.join();
}

// [p = &x]
void init_pointer_bad() {
  int x = 0;
  std::thread t([p = &x] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 2;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void init_pointer_ok() {
  int x = 0;
  std::thread t([p = &x] { *p = 1; });
  t.join();
  x = 2;
}

// A reference captured by copy is a copy of what it refers to.
void reference_by_copy_ok() {
  int x = 0;
  int &r = x;
  std::thread t([r]() mutable { ++r; });
  ++x;
  t.join();
}
void reference_by_reference_bad() {
  int x = 0;
  int &r = x;
  std::thread t([&r] { ++r; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// A lambda in a lambda.
void nested_bad() {
  int x = 0;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    auto inner = [&] { ++x; };
// expected-note@-1 {{the thread writes it here}}
    inner();
// expected-note@-1 {{reached through this call}}
  });
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void nested_ok() {
  int x = 0;
  std::thread t([x] {
    int y = x;
    auto inner = [&] { ++y; };
    inner();
  });
  ++x;
  t.join();
}
void nested_called_at_once_bad() {
  int x = 0;
  std::thread t([&] { [&] { [&] { x = 1; }(); }(); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-note@-3 {{reached through this call}}
  use(x);
// expected-error@-1 {{'x' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// A lambda that has a name, and one that is copied.
void named_lambda_bad() {
  int x = 0;
  auto work = [&x] { ++x; };
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  std::thread t(work);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  work();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void named_lambda_ok() {
  int x = 0;
  auto work = [&x] { ++x; };
  std::thread t(work);
  t.join();
  work();
}
void copied_lambda_bad() {
  int x = 0;
  auto work = [&x] { ++x; };
// expected-note@-1 {{the thread writes it here}}
  auto again = work;
  std::thread t(std::move(again));
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  x = 5;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// A lambda that captures a lambda.
void captured_lambda_bad() {
  int x = 0;
  auto work = [&x] { ++x; };
// expected-note@-1 {{the thread writes it here}}
  std::thread t([work] { work(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void captured_lambda_ok() {
  int x = 0;
  auto work = [&x] { ++x; };
  std::thread t([work] { work(); });
  t.join();
  ++x;
}
void lambda_by_reference_bad() {
  int x = 0;
  auto work = [&x] { ++x; };
// expected-note@-1 {{the thread writes it here}}
  std::thread t([&work] { work(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}

// Structured bindings are names of parts.
void binding_bad() {
  std::pair<int, int> p{1, 2};
  auto &[a, b] = p;
  std::thread t([&a] { a = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  p.first = 2;
// expected-error@-1 {{'p.first' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  use(b);
}
void binding_ok() {
  std::pair<int, int> p{1, 2};
  auto &[a, b] = p;
  std::thread t([&a] { a = 1; });
  b = 2;
  t.join();
  use(p.first);
}
void binding_copy_ok() {
  std::pair<int, int> p{1, 2};
  auto [a, b] = p;
  std::thread t([&a] { a = 1; });
  p.first = 2; // the bindings are parts of a copy
  t.join();
  use(a + b);
}

// A read against a write, in both directions.
void thread_reads_bad() {
  int x = 0;
  std::thread t([&x] { use(x); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 1;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void both_read_ok() {
  int x = 0;
  std::thread t([&x] { use(x); });
  use(x);
  t.join();
}
void written_before_ok() {
  int x = 0;
  x = 1;
  ++x;
  std::thread t([&x] { use(x); });
  t.join();
}

// Not captured at all: its name is the same.
void shadowed_ok() {
  int x = 0;
  std::thread t([] {
    int x = 1;
    ++x;
  });
  ++x;
  t.join();
}

// Unevaluated operands touch nothing.
void unevaluated_ok() {
  int x = 0;
  std::thread t([&x] { ++x; });
  use(sizeof(x) + sizeof(decltype(x)));
  t.join();
}

// Taking the address is no access.
void address_ok() {
  int x = 0;
  std::thread t([&x] { ++x; });
  int *p = &x;
  int &r = x;
  t.join();
  use(*p + r);
}

// Moved into the thread: nobody else has it.
void moved_ok() {
  std::string s = "abc";
  std::thread t([s = std::move(s)]() mutable { s += "x"; });
  t.join();
}
void moved_back_ok() {
  std::string s = "abc";
  std::thread t([s = std::move(s)]() mutable { s += "x"; });
  s = "new";
  t.join();
}

// const at the thread's side only.
void const_reference_bad() {
  int x = 0;
  const int &view = x;
  std::thread t([&view] { use(view); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  x = 1;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void as_const_bad() {
  std::string s = "abc";
  std::thread t([&s = std::as_const(s)] { use(s.size()); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  s += "x";
// expected-error@-1 {{'s' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
