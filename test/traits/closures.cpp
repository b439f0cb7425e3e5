// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Closures: every kind of capture. By reference is a reference, 'this' is a
// pointer, everything else is a field.
//
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#include <memory>
#include <tuple>
#include <utility>

// expected-no-diagnostics

struct FEARLESS_NOT_SEND("it belongs to its window") handle { int id; };
struct cache { mutable int hits; };
using counter = _Atomic(int);

#define SEND(...) FEARLESS_ASSERT_SEND(decltype(__VA_ARGS__))
#define NOT_SEND(...) FEARLESS_ASSERT_NOT_SEND(decltype(__VA_ARGS__))
#define SYNC_CONST(...) FEARLESS_ASSERT_SYNC(const decltype(__VA_ARGS__))
#define NOT_SYNC_CONST(...) FEARLESS_ASSERT_NOT_SYNC(const decltype(__VA_ARGS__))

int global;
std::pair<int, int> &array_pair();

void captures(int &parameter, const int &reader, handle h, cache c) {
  int n = 0;
  const int k = 1;
  counter hits;
  auto owned = std::make_unique<int>(1);
  int array[3] = {};

  auto nothing = [] { return global; };
  SEND(nothing);
  SYNC_CONST(nothing);
  FEARLESS_ASSERT_SYNC(decltype(nothing));

  // --- By copy ---
  auto copy = [n] { return n; };
  SEND(copy);
  SYNC_CONST(copy);
  auto default_copy = [=] { return n + array[0]; };
  SEND(default_copy);
  auto copy_of_reference = [parameter] { return parameter; };
  SEND(copy_of_reference);
  auto copy_of_handle = [h] { return h.id; };
  NOT_SEND(copy_of_handle);
  SYNC_CONST(copy_of_handle);
  auto copy_of_cache = [c] { return c.hits; };
  SEND(copy_of_cache);
  NOT_SYNC_CONST(copy_of_cache);
  auto changes = [n]() mutable { return ++n; };
  SEND(changes);
  SYNC_CONST(changes);
  FEARLESS_ASSERT_NOT_SYNC(decltype(changes));
  auto pointer = [p = &n] { return *p; };
  NOT_SEND(pointer);
  auto const_pointer = [p = &k] { return *p; };
  SEND(const_pointer);

  // --- By reference ---
  auto reference = [&n] { return n; };
  NOT_SEND(reference);
  NOT_SYNC_CONST(reference);
  auto default_reference = [&] { return ++n; };
  NOT_SEND(default_reference);
  auto const_reference = [&k] { return &k; };
  SEND(const_reference);
  SYNC_CONST(const_reference);
  auto of_parameter = [&parameter] { return parameter; };
  NOT_SEND(of_parameter);
  auto of_reader = [&reader] { return reader; };
  SEND(of_reader);
  auto of_atomic = [&hits] { hits = 1; };
  SEND(of_atomic);
  auto of_handle = [&h] { return h.id; };
  NOT_SEND(of_handle); // its field can be changed
  auto of_const_cache = [&c = std::as_const(c)] { return c.hits; };
  NOT_SEND(of_const_cache);
  auto of_array = [&array] { return array[0]; };
  NOT_SEND(of_array);

  // --- Init-captures ---
  auto moved = [owned = std::move(owned)] { return *owned; };
  SEND(moved);
  NOT_SYNC_CONST(moved); // const does not protect what it owns
  auto init_reference = [&r = n] { return r; };
  NOT_SEND(init_reference);
  auto init_const_reference = [&r = std::as_const(n)] { return r; };
  SEND(init_const_reference);
  auto computed = [sum = n + k] { return sum; };
  SEND(computed);

  // --- Structured bindings ---
  auto [first, second] = std::pair<int, handle>();
  auto binding = [first] { return first; };
  SEND(binding);
  auto bad_binding = [second] { return second.id; };
  NOT_SEND(bad_binding);
  auto binding_by_reference = [&first] { return first; };
  NOT_SEND(binding_by_reference);
  auto &[left, right] = array_pair();
  auto binding_of_reference = [left] { return left; };
  SEND(binding_of_reference);
  const auto &[const_left, const_right] = array_pair();
  auto const_binding = [&const_left] { return const_left; };
  SEND(const_binding);

  // --- Lambdas in lambdas ---
  auto inner = [&n] { return n; };
  auto outer = [inner] { return inner(); };
  NOT_SEND(outer);
  auto outer_of_value = [copy, moved = std::move(moved)] { return copy() + moved(); };
  SEND(outer_of_value);
  auto outer_by_reference = [&copy] { return copy(); };
  NOT_SEND(outer_by_reference);
  auto makes = [n] {
    auto local = [&n] { return n; };
    SEND(local); // inside, n is the copy in the closure, which is const there
    return local();
  };
  SEND(makes);

  // --- Generic lambdas ---
  auto generic = [n](auto x) { return n + x; };
  SEND(generic);
  auto generic_reference = [&n](auto... x) { return (n + ... + x); };
  NOT_SEND(generic_reference);
}

// --- this and *this -------------------------------------------------------------------
struct widget {
  int n = 0;
  void start() {
    auto by_pointer = [this] { return n; };
    NOT_SEND(by_pointer);
    auto implicitly = [=] { return n; };
    NOT_SEND(implicitly);
    auto copy = [*this] { return n; };
    SEND(copy);
    SYNC_CONST(copy);
    auto both = [this, copy = *this] { return n + copy.n; };
    NOT_SEND(both);
  }
  void look() const {
    auto by_pointer = [this] { return n; };
    SEND(by_pointer); // const widget *
    auto in_lambda = [this] { return [this] { return n; }; };
    SEND(in_lambda);
  }
};
class monitor {
  _Atomic(int) hits;
  void start() {
    auto by_pointer = [this] { ++hits; };
    SEND(by_pointer);
  }
};
struct virtual_widget {
  virtual void run();
  const int n = 0;
  void start() {
    auto by_pointer = [this] { run(); };
    NOT_SEND(by_pointer); // *this may be of a derived class
  }
};
struct virtual_local {
  const int n = 0;
  virtual ~virtual_local();
};
void exact_type(virtual_local &unknown) {
  virtual_local known;
  auto of_known = [&known] { return known.n; };
  SEND(of_known); // it is exactly of its type
  auto of_unknown = [&unknown] { return unknown.n; };
  NOT_SEND(of_unknown);
}

// --- Packs ---------------------------------------------------------------------------------
template <class... T> void packs(T... values) {
  auto references = [&values...] { return sizeof...(values); };
  NOT_SEND(references);
  auto inits = [... taken = std::move(values)] { return sizeof...(taken); };
  SEND(inits);
}
template void packs(int, std::unique_ptr<char>);
template <class... T> void copied_packs(T... values) {
  auto copies = [values...] { return sizeof...(values); };
  SEND(copies);
}
template void copied_packs(int, double);
template <class... T> void bad_packs(T... values) {
  auto copies = [values...] { return sizeof...(values); };
  NOT_SEND(copies);
}
template void bad_packs(int, handle, char);

// --- Closures of templates: one class for each instantiation -------------------------------
template <class T> auto make(T value) { return [value] { return value; }; }
SEND(make(1));
NOT_SEND(make(handle()));
NOT_SEND(make(static_cast<int *>(nullptr)));
template <class T> struct maker {
  T value;
  auto by_copy() { return [*this] { return value; }; }
};
using good_maker = maker<int>;
using bad_maker = maker<handle>;
SEND(good_maker().by_copy());
NOT_SEND(bad_maker().by_copy());

// A closure as a field, as an argument, and behind a pointer.
template <class F> struct task { F run; };
template <class F> task(F) -> task<F>;
auto free_function = [] { return 1; };
SEND(task{free_function});
SEND(&free_function); // nothing in it can be changed
FEARLESS_ASSERT_SEND(const decltype(free_function) *);
