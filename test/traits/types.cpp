// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The solver for every kind of type: see docs/rules.md. A negative assertion
// passes on No and Unknown, so each has a positive neighbour.

// expected-no-diagnostics

#include <fearless/annotations.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <tuple>

struct FEARLESS_NOT_SEND("for the test") NotSend {};
struct FEARLESS_NOT_SYNC("for the test") NotSync {};
enum class Colour { red };
enum FEARLESS_NOT_SEND("a token of its thread") Token { token };
struct Incomplete;

// --- Plain values ---
FEARLESS_ASSERT_SEND(int);
FEARLESS_ASSERT_SYNC(const int);
FEARLESS_ASSERT_NOT_SYNC(int);
FEARLESS_ASSERT_NOT_SYNC(volatile int);
FEARLESS_ASSERT_SYNC(const volatile int);
FEARLESS_ASSERT_SEND(Colour);
FEARLESS_ASSERT_SYNC(const Colour);
FEARLESS_ASSERT_NOT_SYNC(Colour);
FEARLESS_ASSERT_SEND(decltype(nullptr));
FEARLESS_ASSERT_SEND(void (*)(int));
FEARLESS_ASSERT_SYNC(void(int));
FEARLESS_ASSERT_SEND(int NotSend::*);
FEARLESS_ASSERT_SEND(void (NotSend::*)());
FEARLESS_ASSERT_SEND(_Complex double);
FEARLESS_ASSERT_SYNC(const _Complex double);
FEARLESS_ASSERT_NOT_SYNC(_Complex double);
typedef int Vector4 __attribute__((vector_size(16)));
FEARLESS_ASSERT_SEND(Vector4);
FEARLESS_ASSERT_NOT_SYNC(Vector4);
FEARLESS_ASSERT_SEND(_BitInt(7));
FEARLESS_ASSERT_SYNC(_Atomic(int));

// --- Pointers and references: Send(T&) <=> Send(T*) <=> Sync(T) ---
FEARLESS_ASSERT_NOT_SEND(int *);
FEARLESS_ASSERT_SEND(const int *);
FEARLESS_ASSERT_NOT_SEND(int &);
FEARLESS_ASSERT_SEND(const int &);
FEARLESS_ASSERT_NOT_SEND(int &&);
FEARLESS_ASSERT_SEND(std::atomic<int> *);
FEARLESS_ASSERT_SYNC(std::atomic<int> *const);
FEARLESS_ASSERT_NOT_SYNC(std::atomic<int> *);
FEARLESS_ASSERT_NOT_SEND(void *);
FEARLESS_ASSERT_NOT_SEND(Incomplete *);
FEARLESS_ASSERT_NOT_SEND(int **);
FEARLESS_ASSERT_SEND(const int *const *);
FEARLESS_ASSERT_NOT_SEND(int *const *);

// --- Arrays and atomics ---
FEARLESS_ASSERT_SEND(int[3]);
FEARLESS_ASSERT_SYNC(const int[3]);
FEARLESS_ASSERT_NOT_SYNC(int[3]);
FEARLESS_ASSERT_NOT_SEND(NotSend[2]);
FEARLESS_ASSERT_NOT_SEND(int *[2]);
FEARLESS_ASSERT_SEND(std::atomic<int>);
FEARLESS_ASSERT_SYNC(std::atomic<int>);
FEARLESS_ASSERT_NOT_SYNC(std::atomic<int *>);
FEARLESS_ASSERT_SYNC(std::atomic<const int *>);

// --- Classes: every member, as seen through the qualifier ---
struct Empty {};
FEARLESS_ASSERT_SEND(Empty);
FEARLESS_ASSERT_SYNC(Empty);
struct Plain {
  int a;
  double b;
};
FEARLESS_ASSERT_SEND(Plain);
FEARLESS_ASSERT_SYNC(const Plain);
FEARLESS_ASSERT_NOT_SYNC(Plain);
struct Mutable {
  mutable int a;
};
FEARLESS_ASSERT_SEND(Mutable);
FEARLESS_ASSERT_NOT_SYNC(const Mutable);
struct MutableAtomic {
  mutable std::atomic<int> a;
};
FEARLESS_ASSERT_SYNC(const MutableAtomic);
struct HasPointer {
  int *p;
};
FEARLESS_ASSERT_NOT_SEND(HasPointer);
FEARLESS_ASSERT_NOT_SYNC(const HasPointer);
struct HasReference {
  const int &r;
};
FEARLESS_ASSERT_SEND(HasReference);
FEARLESS_ASSERT_SYNC(HasReference);
struct Derived : Plain {};
FEARLESS_ASSERT_SYNC(const Derived);
FEARLESS_ASSERT_NOT_SYNC(Derived);
struct BadBase : virtual NotSend {};
FEARLESS_ASSERT_NOT_SEND(BadBase);
union Union {
  int a;
  const char *b;
};
FEARLESS_ASSERT_SEND(Union);
union BadUnion {
  int a;
  char *b;
};
FEARLESS_ASSERT_NOT_SEND(BadUnion);
struct Anonymous {
  struct {
    int *p;
  };
};
FEARLESS_ASSERT_NOT_SEND(Anonymous);

// --- Marks ---
FEARLESS_ASSERT_NOT_SEND(NotSend);
FEARLESS_ASSERT_SYNC(const NotSend);
FEARLESS_ASSERT_SEND(NotSync);
FEARLESS_ASSERT_NOT_SYNC(const NotSync);
FEARLESS_ASSERT_NOT_SEND(Token);
struct FEARLESS_UNSAFE_SEND("it owns the int") Owner {
  int *p;
};
FEARLESS_ASSERT_SEND(Owner);
FEARLESS_ASSERT_NOT_SYNC(const Owner);
template <class T> struct FEARLESS_UNSAFE_SEND_IF("it owns the T", fearless::send<T>) OwnerOf {
  T *p;
};
FEARLESS_ASSERT_SEND(OwnerOf<int>);
FEARLESS_ASSERT_NOT_SEND(OwnerOf<NotSend>);
FEARLESS_ASSERT_SEND(OwnerOf<OwnerOf<int>>);
FEARLESS_ASSERT_NOT_SEND(OwnerOf<OwnerOf<NotSend>>);

// --- Monitors ---
struct Monitor {
  std::mutex m;
  int a FEARLESS_GUARDED_BY(m);
  int *p FEARLESS_GUARDED_BY(m);
  const int c = 0;
  std::atomic<int> d;
};
FEARLESS_ASSERT_NOT_SYNC(Monitor); // p may not move between threads
struct GoodMonitor {
  std::mutex m;
  int a FEARLESS_GUARDED_BY(m);
  std::unique_ptr<int> p FEARLESS_GUARDED_BY(m);
  const int c = 0;
  std::atomic<int> d;
};
FEARLESS_ASSERT_SYNC(GoodMonitor);

// --- Polymorphic classes behind pointers ---
struct Shape {
  virtual ~Shape();
  const int id = 0;
};
struct FEARLESS_SYNC MarkedShape {
  virtual ~MarkedShape();
};
struct FinalShape final {
  virtual ~FinalShape();
};
FEARLESS_ASSERT_NOT_SEND(Shape *);
FEARLESS_ASSERT_SEND(MarkedShape *);
FEARLESS_ASSERT_SEND(FinalShape *);

// --- Recursion ---
struct List {
  std::unique_ptr<List> next;
  int value;
};
FEARLESS_ASSERT_SEND(List);
FEARLESS_ASSERT_NOT_SYNC(const List); // unique_ptr shows a List&
struct RawList {
  RawList *next;
};
FEARLESS_ASSERT_NOT_SEND(RawList);

// --- Closures, in templates and out ---
template <class T> void closures(T value) {
  int n = 0;
  auto by_copy = [n] { return n; };
  auto by_reference = [&n] { return n; };
  auto init = [p = std::make_unique<int>(1)] { return *p; };
  auto bad_init = [p = &n] { return *p; };
  auto nested = [inner = by_reference] { return inner(); };
  auto [first, second] = std::make_tuple(1, 2.0);
  auto binding = [first] { return first; };
  auto of_template = [value] { return &value; };
  FEARLESS_ASSERT_SEND(decltype(by_copy));
  FEARLESS_ASSERT_NOT_SEND(decltype(by_reference));
  FEARLESS_ASSERT_SEND(decltype(init));
  FEARLESS_ASSERT_NOT_SEND(decltype(bad_init));
  FEARLESS_ASSERT_NOT_SEND(decltype(nested));
  FEARLESS_ASSERT_SEND(decltype(binding));
  FEARLESS_ASSERT_SYNC(const decltype(by_copy));
  FEARLESS_ASSERT_NOT_SEND(decltype(of_template));
}
template void closures(NotSend);
struct Captures {
  int n = 0;
  void members() {
    auto self = [this] { return n; };
    auto copy = [*this] { return n; };
    FEARLESS_ASSERT_NOT_SEND(decltype(self));
    FEARLESS_ASSERT_SEND(decltype(copy));
  }
};
template <class... Ts> void packs(Ts... values) {
  auto all = [values...] { return sizeof...(values); };
  FEARLESS_ASSERT_SEND(decltype(all));
}
template void packs(int, double);
