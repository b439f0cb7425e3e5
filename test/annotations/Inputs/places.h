// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every mark at every place where the placement guide of annotations.h allows it, in C++11 to C++23. Included by the
// tests that compile it silently, that compare it with a build without marks, and that look for the marks in the AST.
// It needs no standard library, so that the warnings of a system header cannot hide ours.

#ifndef TEST_ANNOTATIONS_PLACES_H
#define TEST_ANNOTATIONS_PLACES_H

#include <fearless/annotations.h>

namespace places {

// A lock that Clang's own thread safety analysis accepts too.
#if defined(__clang__)
#  define TEST_CAPABILITY __attribute__((capability("mutex")))
#else
#  define TEST_CAPABILITY
#endif
struct TEST_CAPABILITY lock {
  int state;
};

// --- class heads -----------------------------------------------------------------------------------------------------

struct FEARLESS_SEND plain_send {
  int value;
};
class FEARLESS_SYNC plain_sync final {
public:
  int value;
};
struct FEARLESS_SEND FEARLESS_SYNC_CONST two_marks : plain_send {
  char more;
};
struct FEARLESS_NOT_SEND("it names a slot of its thread") not_send {
  int slot;
};
struct FEARLESS_NOT_SYNC("a " "reason " "in three pieces") not_sync {
  int slot;
};
struct FEARLESS_UNSAFE_SEND("the pointer is the only one") unsafe_send {
  int *only;
};
struct FEARLESS_UNSAFE_SYNC("the kernel orders the calls") unsafe_sync {
  int *handle;
};
struct FEARLESS_UNSAFE_SYNC_CONST("reads only; with a comma, too") unsafe_sync_const {
  int *handle;
};
struct FEARLESS_UNSAFE_SEND() unsafe_without_reason {
  int *handle;
};
union FEARLESS_SEND either {
  int number;
  float fraction;
};
enum FEARLESS_SEND unscoped { unscoped_a, unscoped_b };
enum class FEARLESS_SEND FEARLESS_SYNC_CONST scoped : short { a, b };
struct alignas(16) FEARLESS_SEND aligned_before {
  int value;
};
struct FEARLESS_SEND alignas(16) aligned_after {
  int value;
};
struct FEARLESS_OWNED_BY(ui) widget {
  int width;
  struct FEARLESS_SEND nested {
    int value;
  };
};
struct FEARLESS_SEND declared_first;
struct declared_first {
  int value;
};

template <class T>
class FEARLESS_SEND_IF(fearless::send<T>) FEARLESS_SYNC_IF(fearless::sync<T>) box final {
public:
  T value;
};
template <class T>
struct FEARLESS_SYNC_CONST_IF(fearless::sync<const T>) shelf {
  T value;
};
template <class K, class V>
struct FEARLESS_SEND_IF(fearless::send<K> && (fearless::send<V>), fearless::sync<const K *>) pair_of {
  K key;
  V value;
};
template <class T>
struct FEARLESS_UNSAFE_SEND_IF("it owns what it points to", fearless::send<T>)
    FEARLESS_UNSAFE_SYNC_IF("it hands out copies", fearless::send<T>, fearless::sync<T>) owner {
  T *pointer;
};
template <class T>
struct FEARLESS_UNSAFE_SYNC_CONST_IF("the pointer is never written through", fearless::sync<const T>) reader {
  T *pointer;
};
template <class... Ts>
struct FEARLESS_SEND_IF(fearless::send<Ts>...) pack_of {
  int count;
};
template <class T>
struct FEARLESS_NOT_SEND("pointers stay") box_pointer;
template <class T>
struct FEARLESS_NOT_SEND("a partial specialisation") box_pointer<T *> {
  T *value;
};
template <>
struct FEARLESS_SEND box_pointer<char> {
  char value;
};
template <class T>
struct outside {
  struct FEARLESS_SEND_IF(fearless::send<T>) inside {
    T value;
  };
  template <class U>
  struct FEARLESS_SEND_IF(fearless::send<T>, fearless::send<U>) both {
    T first;
    U second;
  };
};

// --- fields and variables --------------------------------------------------------------------------------------------

struct fields {
  lock m;
  lock n;
  int plain FEARLESS_GUARDED_BY(m);
  int with_initialiser FEARLESS_GUARDED_BY(m) = 1;
  int with_braces FEARLESS_GUARDED_BY(m){2};
  int first FEARLESS_GUARDED_BY(m), second FEARLESS_GUARDED_BY(n);
  int array[3] FEARLESS_GUARDED_BY(m);
  unsigned bits : 3 FEARLESS_GUARDED_BY(m);
  int *pointer FEARLESS_PT_GUARDED_BY(m);
  int *both FEARLESS_GUARDED_BY(m) FEARLESS_PT_GUARDED_BY(n);
  void (*callback)(int) FEARLESS_GUARDED_BY(this->m);
  FEARLESS_GUARDED_BY(m) int in_front;
  mutable int cache FEARLESS_GUARDED_BY(m);
  int drawn FEARLESS_OWNED_BY(ui);
  static int shared FEARLESS_OWNED_BY(ui);
#if __cplusplus >= 201703L
  static inline int inline_shared FEARLESS_OWNED_BY(ui) = 3;
#endif
};
int fields::shared = 1;

extern lock global_lock;
lock global_lock;
extern int global FEARLESS_GUARDED_BY(global_lock);
int global FEARLESS_GUARDED_BY(global_lock) = 1;
extern int *role_global FEARLESS_OWNED_BY(ui);
int *role_global = nullptr;

// --- functions -------------------------------------------------------------------------------------------------------

struct functions {
  lock m;
  lock n;
  int value FEARLESS_GUARDED_BY(m);

  functions() FEARLESS_EXCLUDES(m) : m(), n(), value(0) {}
  functions(const functions &) = delete;
  functions &operator=(const functions &) FEARLESS_EXCLUDES(m) = delete;
  virtual ~functions() FEARLESS_EXCLUDES(m) {}
  void plain() FEARLESS_REQUIRES(m);
  void two() FEARLESS_REQUIRES(m, n) FEARLESS_RUNS_ON(ui) {}
  int shared() const noexcept FEARLESS_REQUIRES_SHARED(m) { return value; }
  virtual void pure() const FEARLESS_REQUIRES(m) = 0;
  virtual void overridden() FEARLESS_RUNS_ON(ui) {}
  bool operator==(const functions &) const FEARLESS_RUNS_ON(ui) { return true; }
  FEARLESS_RUNS_ON(ui) auto trailing() const -> int { return 1; }
  FEARLESS_REQUIRES(m) auto trailing_lock() const -> int { return 1; }
  static int fixed() FEARLESS_RUNS_ON(ui) { return 1; }
  template <class T>
  void templated(T) FEARLESS_REQUIRES(m) {}
#if __cplusplus >= 202002L
  template <class T>
  FEARLESS_RUNS_ON(ui)
  void constrained(T)
    requires(sizeof(T) > 1)
  {}
  template <class T>
    requires(sizeof(T) > 1)
  void constrained_head(T) FEARLESS_RUNS_ON(ui) {}
#endif
};
inline void functions::plain() { value = 1; }
struct derived final : functions {
  void pure() const override FEARLESS_REQUIRES(m) {}
  void overridden() final FEARLESS_RUNS_ON(ui) {}
};

FEARLESS_SENDING int *make_disconnected();
int *make_disconnected_too() FEARLESS_SENDING;
void on_ui() FEARLESS_RUNS_ON(ui);
inline int *make_disconnected() { return nullptr; }
inline int *make_disconnected_too() { return nullptr; }
inline void on_ui() {}

// --- parameters ------------------------------------------------------------------------------------------------------

void submit(FEARLESS_SPAWNS void (*task)(void *), FEARLESS_SENDING void *argument);
void submit(void (*)(void *), void *) {}
void after_the_type(void (*task)() FEARLESS_SPAWNS, int *value FEARLESS_SENDING);
inline void after_the_type(void (*)(), int *) {}
template <class F>
void spawn(FEARLESS_SPAWNS F &&f) {
  f();
}
template <class F>
void scoped_spawn(FEARLESS_SPAWNS_SCOPED F f) {
  f();
}
template <class F>
void parallel(int count, FEARLESS_SPAWNS_MANY const F &f) {
  for (int i = 0; i < count; ++i)
    f();
}
template <class F, class... A>
void spawn_with(FEARLESS_SPAWNS F &&f, FEARLESS_SENDING A &&...a) {
  f(static_cast<A &&>(a)...);
}
template <class... F>
void spawn_all(FEARLESS_SPAWNS F &&...f) {
  int sequence[] = {(f(), 0)...};
  (void)sequence;
}
template <class T>
struct pool {
  explicit pool(FEARLESS_SENDING T) {}
  template <class F>
  explicit pool(FEARLESS_SPAWNS F &&f, T) {
    f();
  }
  void post(FEARLESS_SENDING T value);
  template <class F>
  void run(FEARLESS_SPAWNS F &&f) {
    f();
  }
};
template <class T>
void pool<T>::post(T) {}

// --- statements, lambdas, assertions ---------------------------------------------------------------------------------

FEARLESS_ALLOW("fearless-global", "set once, before main") extern int allowed_variable;
FEARLESS_ALLOW("fearless-global", "set once, before main") int allowed_variable = 1;
FEARLESS_ALLOW("fearless-*", "an old function") FEARLESS_RUNS_ON(ui) inline void allowed_function() {}
template <class T>
FEARLESS_ALLOW("fearless-*", "an old function template") void allowed_template(T) {}
class FEARLESS_ALLOW("fearless-send", "an old class") FEARLESS_SEND allowed_class {
public:
  FEARLESS_ALLOW("fearless-unguarded", "written before the threads start") int field;
  FEARLESS_ALLOW("fearless-unguarded", "called before the threads start") void function() { field = 1; }
};
#if __cplusplus >= 201703L
namespace FEARLESS_ALLOW("fearless-*", "an old library") allowed_namespace {
inline int value = 0;
}
#endif

FEARLESS_ASSERT_SEND(int);
FEARLESS_ASSERT_NOT_SEND(pair_of<int, not_send>);
template <class T>
struct asserts {
  FEARLESS_ASSERT_SYNC(const T);
  FEARLESS_ASSERT_NOT_SYNC(T);
  T value;
};

inline int statements(FEARLESS_ALLOW("fearless-borrow", "joined below") int *borrowed) {
  lock local_lock = {0};
  FEARLESS_ALLOW("fearless-data-race", "ordered by the pipe") int allowed = *borrowed;
  FEARLESS_ALLOW("fearless-data-race", "ordered by the pipe") ++allowed;
  FEARLESS_ALLOW("fearless-data-race", "ordered by the pipe") {
    ++allowed;
  }
  FEARLESS_ALLOW("fearless-data-race", "ordered by the pipe") if (allowed > 3)--allowed;
  FEARLESS_ALLOW("fearless-data-race", "ordered by the pipe") for (int i = 0; i < 2; ++i)++allowed;
  FEARLESS_ALLOW("fearless-borrow", "why") FEARLESS_ALLOW("fearless-send", "why") ++allowed;

  int captured = 0;
  auto marked_parameter = [](FEARLESS_SENDING int value) { return value; };
  auto requires_lock = [&]() FEARLESS_REQUIRES(local_lock) { captured = 1; };
  auto on_role = [&captured](int value) FEARLESS_RUNS_ON(ui) mutable -> int { return captured = value; };
  marked_parameter(1);
  requires_lock();
  on_role(2);
#if __cplusplus >= 201402L
  auto generic = [](FEARLESS_SENDING auto value, FEARLESS_SENDING auto &&...more) FEARLESS_RUNS_ON(ui) {
    return sizeof...(more) + sizeof(value);
  };
  generic(1, 2, 3L);
#endif
  FEARLESS_ASSERT_SYNC(decltype(captured));
  FEARLESS_ALLOW("fearless-data-race", "ordered by the pipe") return allowed + local_lock.state;
}

// The instantiations that a dependent mark must reach.
inline void instantiate() {
  box<int> a = {1};
  pair_of<int, long> b = {1, 2};
  owner<int> c = {nullptr};
  pack_of<int, long> d = {1};
  pack_of<> e = {1};
  outside<int>::inside f = {1};
  outside<int>::both<long> g = {1, 2};
  shelf<char> h = {'c'};
  reader<char> i = {nullptr};
  asserts<int> j = {1};
  box_pointer<int *> k = {nullptr};
  spawn([] {});
  scoped_spawn([] {});
  parallel(2, [] {});
  spawn_with([](int, long) {}, 1, 2L);
  spawn_all([] {}, [] {});
  pool<int> l(1);
  l.post(1);
  l.run([] {});
  pool<int> m([] {}, 1);
  derived n;
  n.templated(1);
#if __cplusplus >= 202002L
  n.constrained(1);
  n.constrained_head(1);
#endif
  allowed_template(1);
  static_cast<void>(a), static_cast<void>(b), static_cast<void>(c), static_cast<void>(d), static_cast<void>(e);
  static_cast<void>(f), static_cast<void>(g), static_cast<void>(h), static_cast<void>(i), static_cast<void>(j);
  static_cast<void>(k), static_cast<void>(m);
}

} // namespace places

#endif // TEST_ANNOTATIONS_PLACES_H
