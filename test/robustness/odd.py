# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Units of odd code: what compilers are tortured with.

Each is (name, flags, text). All compile without the plugin. The large ones take
a size, so that a short run can make them smaller.
"""

START = """#include <fearless/annotations.h>
template <class F> void start(FEARLESS_SPAWNS F) {}
template <class F> void start_scoped(FEARLESS_SPAWNS_SCOPED F) {}
"""


def nested_templates(size):
    yield START
    yield "template <class T> struct nest { T inner; int own; };"
    yield "typedef int t0;"
    for i in range(size):
        yield "typedef nest<t%d> t%d;" % (i, i + 1)
    yield "void run(t%d &value) { start([&value] { value.own = 1; }); value.own = 2; }" % size


def recursive_instantiations(size):
    yield START
    yield "template <int N> void step(int &n) { ++n; start([&n] { ++n; }); step<N - 1>(n); }"
    yield "template <> void step<0>(int &) {}"
    yield "void run() { int n = 0; step<%d>(n); }" % size


def long_function(size):
    yield START
    yield "struct data { int a, b; };\nint run(data &d, int n) {\n  start([&d] { d.a = 1; });"
    for i in range(size):
        yield "  if (n > %d) d.b += %d; else d.a -= n;" % (i, i)
    yield "  return d.a;\n}"


def straight_function(size):
    yield START
    yield "int run(int &n) {\n  start([&n] { n = 1; });"
    for i in range(size):
        yield "  int v%d = n + %d; n = v%d;" % (i, i, i)
    yield "  return n;\n}"


def nested_blocks(size):
    yield START
    yield "void run(int &n) { start([&n] { n = 1; });"
    yield "\n".join("if (n > %d) { ++n;" % i for i in range(size)) + "}" * size + "}"


def nested_lambdas(size):
    yield START
    yield "void run() { int n = 0;" + "start([&] { ++n; " * size + "});" * size + "}"


def nested_expressions(size):
    yield START
    yield "int run(int &n) { start([&n] { n = 1; }); return " + "(n + " * size + "1" + ")" * size + "; }"


def call_chain(size):
    yield START
    yield "void f0(int &n) { ++n; }"
    for i in range(size):
        yield "void f%d(int &n) { f%d(n); }" % (i + 1, i)
    yield "void run() { int n = 0; start_scoped([&n] { f%d(n); }); f%d(n); }" % (size, size)


def call_ring(size):
    yield START
    for i in range(size):
        yield "void f%d(int &n);" % i
    for i in range(size):
        yield "void f%d(int &n) { if (n > %d) f%d(n); ++n; f%d(n); }" % (i, i, (i + 1) % size, (i * 7 + 3) % size)
    yield "void run() { int n = 0; start_scoped([&n] { f0(n); }); f1(n); }"


def linked_classes(size):
    yield START
    for i in range(size):
        yield "struct c%d { struct c%d *next; int value; };" % (i, (i + 1) % size)
    yield "void run(c0 *p) { start([p] { p->next->next->value = 1; }); p->value = 2; }"


def base_classes(size):
    yield START
    yield "struct c0 { virtual void go() {} int value = 0; };"
    for i in range(size):
        yield "struct c%d : c%d { void go() override { ++value; } };" % (i + 1, i)
    yield "void run(c0 &c) { start([&c] { c.go(); }); c.go(); }"


def many_captures(size):
    yield START
    yield "void run() {"
    for i in range(size):
        yield "  int v%d = %d;" % (i, i)
    yield "  start([&] { " + " ".join("++v%d;" % i for i in range(size)) + " });"
    yield "  " + " ".join("++v%d;" % i for i in range(size)) + "\n}"


def wide_switch(size):
    yield START
    yield "void run(int &n) { start([&n] { n = 1; }); switch (n) {"
    for i in range(size):
        yield "case %d: n += %d; %s" % (i, i, "break;" if i % 3 else "[[fallthrough]];")
    yield "default: break; } }"


SIZED = [
    (nested_templates, 600, ["-ftemplate-depth=2000"]),
    (recursive_instantiations, 500, ["-ftemplate-depth=2000"]),
    (long_function, 10000, []),
    (straight_function, 10000, []),
    (nested_blocks, 250, []),
    (nested_lambdas, 60, []),
    (nested_expressions, 250, []),
    (call_chain, 5000, []),
    (call_ring, 300, []),
    (linked_classes, 5000, []),
    (base_classes, 500, []),
    (many_captures, 500, []),
    (wide_switch, 3000, []),
]

FIXED = {
    "coroutine": (["-std=c++20"], """
#include <coroutine>
struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    std::suspend_always yield_value(int &n) { start([&n] { ++n; }); return {}; }
  };
};
task run(int &n) {
  int own = 0;
  start([&own] { ++own; });
  for (int i = 0; i < 3; ++i) {
    co_yield own;
    co_await std::suspend_always();
  }
  [](int m) -> task { co_yield m; co_return; }(n);
  co_return;
}
"""),
    "concepts": (["-std=c++20"], """
template <class T> concept any = true;
template <class T> concept callable = requires(T t) { t(); { t.value } -> any; };
struct job { int value; void operator()() {} };
template <callable T> requires(sizeof(T) > 0) void run(T &t) { start([&t] { t(); }); t.value = 1; }
void go(any auto x, job &j) { start([x, &j]() mutable { (void)x; j(); }); run(j); }
void use(job &j) { go(1, j); go([&j] { j(); }, j); }
"""),
    "packs": (["-std=c++20"], """
template <class... T> struct all : T... { using T::operator()...; };
template <class... T> all(T...) -> all<T...>;
template <class... T> void run(T &...each) {
  (start([&each] { ++each; }), ...);
  start([&... more = each] { (++more, ...); });
  start([... more = each]() mutable { (++more, ...); });
  all many{[&each] { ++each; }...};
  (void)sizeof...(each);
}
template <int... N> void numbers() { (start([] { static int n = N; ++n; }), ...); }
void use() { int a = 0; long b = 0; char c = 0; run(a, b, c); run(); numbers<1, 2, 3>(); }
"""),
    "consteval": (["-std=c++23"], """
consteval int two() { return 2; }
constexpr int pick(int &n) { if consteval { return two(); } else { start([&n] { ++n; }); return n; } }
struct counter {
  int n = 0;
  void add(this counter &self, int by) { start([&self] { ++self.n; }); self.n += by; }
  static int operator()(int a) { return a; }
  int operator[](int a, int b) { return n + a + b; }
};
void run(counter &c) { c.add(two()); c(pick(c.n)); (void)c[1, 2]; auto copy = auto(c); start([copy] { (void)copy; }); }
"""),
    "gnu": (["-std=gnu++20", "-w"], """
int run(int n, char **names) {
  int size[n];
  start([&n] { ++n; });
  int last = ({ int m = n; start([&m] { ++m; }); m; });
  void *where[] = {&&first, &&second};
  goto *where[n & 1];
first:
  asm volatile("nop" : "+r"(n) : "r"(last) : "memory");
second:
  switch (n) { case 0 ... 9: ++n; }
  asm goto("" : : : : second);
  int chosen = n ?: last;
  __typeof__(n) other = __builtin_choose_expr(1, n, last);
  struct { int a; union { int b; float c; }; } anonymous = {.a = 1, .b = 2};
  auto own = [](int k) { struct local { int v; void go() { start([this] { ++v; }); } } l{k}; l.go(); };
  own(chosen + other + anonymous.b);
  int vector __attribute__((vector_size(16))) = {1, 2, 3, 4};
  start([vector] { (void)vector[0]; });
  _Complex double z = 1.0;
  start([&z] { z = 2.0; });
  return size[0] + __builtin_offsetof(decltype(anonymous), a);
}
"""),
    "blocks": (["-std=c++20", "-fblocks"], """
void run(int n) {
  __block int shared = 0;
  void (^block)(int) = ^(int by) { shared += by + n; };
  start([block] { block(1); });
  ++shared;
}
"""),
    "bindings": (["-std=c++20"], """
struct pair { int first; long second; };
enum class color { red }; using enum color;
union either { int i; float f; };
template <auto V> struct constant { static constexpr auto value = V; };
thread_local int own = 0;
int (*table[3])(int &);
void run(pair p, either &e, int (&array)[3], int &&moved, pair *const *deep) {
  auto &[a, b] = p;
  auto [x, y, z] = array;
  start([&a, &array, &e, deep, m = static_cast<int &&>(moved)] { a = array[0]; e.i = 1; (*deep)->first = m; });
  for (auto &each : array) start([&each] { ++each; });
  if (int n = x; n > y) start([&n, &z] { n = z; }); else a = n;
  try { throw p; } catch (pair &caught) { start([&caught] { ++caught.first; }); } catch (...) { throw; }
  pair *fresh = new pair[3]{{1, 2}}; start([fresh] { delete[] fresh; });
  table[0] = [](int &n) { start([&n] { ++n; }); return n; }; table[0](own);
  int pair::*member = &pair::first; p.*member = constant<3>::value; start([&p, member] { p.*member = 1; });
  again: if (b++ < 3) goto again; do { b += (x, y, z); } while (b < 0);
}
"""),
    "c11": (["-xc", "-std=c11"], None),
    "c17": (["-xc", "-std=gnu17", "-w"], None),
    "openmp": (["-std=c++20", "-fopenmp"], """
void run(int *values, int n) {
  int sum = 0;
  #pragma omp parallel for reduction(+ : sum) schedule(static)
  for (int i = 0; i < n; ++i) { sum += values[i]; start([&sum] { ++sum; }); }
  #pragma omp task shared(sum)
  { sum = 1; }
  #pragma omp critical
  ++sum;
}
"""),
    "empty": (["-std=c++20"], ""),
}

C_UNIT = """
#include <fearless/annotations.h>
#include <pthread.h>
#include <stdatomic.h>
struct list { struct list *next; int value; };
static _Atomic int counter;
static _Thread_local int own;
static void *work(void *given) {
  struct list *l = given;
  for (; l; l = l->next) l->value += _Generic(l->value, int : 1, default : 2);
  return &own;
}
int run(struct list *l, int n) {
  int size[n > 0 ? n : 1];
  struct list compound = *&(struct list){.next = l, .value = sizeof size};
  pthread_t t;
  if (pthread_create(&t, 0, work, &compound)) return 1;
  ++l->value;
  counter++;
  return pthread_join(t, 0);
}
_Static_assert(sizeof(int) >= 2, "");
"""


def units(part):
    """The units; sizes are divided by \\p part."""
    for generate, size, flags in SIZED:
        yield (generate.__name__, ["-std=c++20", "-fbracket-depth=100000"] + flags,
               "\n".join(generate(max(2, size // part))) + "\n")
    for name, (flags, text) in FIXED.items():
        yield name, flags, C_UNIT if text is None else START + text
