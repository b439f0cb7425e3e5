// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of a user's .fearless.yaml, found beside the source file: types,
// boundaries and objects, over the shipped models.
//
// RUN: %fearless_check %s -- -std=c++20

// expected-note@* 0+{{}}

#include <fearless/annotations.h>

#include <iosfwd>
#include <random>
#include <thread>
#include <utility>

namespace acme {
inline namespace v2 {
template <class T> class ring_buffer {
  T *begin_, *end_;
};
struct gl_texture {
  unsigned name;
  void bind() const;
};
template <int Size, class... T> class concurrent_queue {
  void *impl_;
};
template <int Size, class... T> struct concurrent_stack {
  void *impl_;
};
struct log_stream {
  std::ostream *out; // its own
};
enum class priority { low, high };
} // namespace v2
struct thread_pool {
  template <class F, class... A> void submit(F &&, A &&...) {}
};
template <class T> void post(T &&);
template <class T> void post(priority, T &&);
struct parallel {};
struct very_parallel {};
struct sequential {};
template <class P, class F> void for_all(P, int, F) {}
template <class T> struct small_vector {
  template <class... A> void emplace_back(A &&...) {}
};
template <class T, class... A> T *make_box(A &&...) { return nullptr; }
struct plain_log {
  int lines;
};
extern plain_log log;
} // namespace acme

// Types.
FEARLESS_ASSERT_SEND(acme::ring_buffer<int>);
FEARLESS_ASSERT_SYNC(const acme::ring_buffer<int>);
FEARLESS_ASSERT_NOT_SYNC(acme::ring_buffer<int>);
FEARLESS_ASSERT_NOT_SEND(acme::ring_buffer<int *>);
FEARLESS_ASSERT_NOT_SEND(acme::gl_texture);
FEARLESS_ASSERT_SEND(acme::gl_texture); // expected-error {{not Send}}
using queue = acme::concurrent_queue<8, int, char>;
FEARLESS_ASSERT_SEND(queue);
FEARLESS_ASSERT_SYNC(queue);
FEARLESS_ASSERT_SYNC(const queue);
using queue_of_pointers = acme::concurrent_queue<8, int, char *>;
FEARLESS_ASSERT_NOT_SEND(queue_of_pointers);
FEARLESS_ASSERT_SYNC(acme::concurrent_stack<8, int>);
using bits = acme::concurrent_queue<4, bool>;
using more_bits = acme::concurrent_queue<5, bool>;
FEARLESS_ASSERT_NOT_SEND(bits);
FEARLESS_ASSERT_SEND(more_bits);
FEARLESS_ASSERT_SYNC(acme::log_stream);
FEARLESS_ASSERT_NOT_SEND(acme::log_stream); // the structure: a plain stream
FEARLESS_ASSERT_SYNC(std::random_device);   // as the file says

// Boundaries.
void preload(acme::thread_pool &pool, acme::gl_texture texture) {
  pool.submit([texture] { texture.bind(); }); // expected-error {{not Send}}
  pool.submit([](acme::gl_texture) {}, texture); // expected-error {{not Send}}
  pool.submit([](int) {}, 1);
}

void sends(acme::gl_texture texture) {
  acme::post(texture); // expected-error {{not Send}}
  acme::post(acme::priority::high, texture); // expected-error {{not Send}}
  acme::post(acme::priority::high, 1);
}

struct FEARLESS_NOT_SYNC("it counts without a lock") counter {
  mutable int n;
};
void many(counter c) {
  auto count = [c] { ++c.n; };
  acme::for_all(acme::parallel(), 3, count); // expected-error {{not Sync}}
  acme::for_all(acme::very_parallel(), 3, count); // expected-error {{not Sync}}
  acme::for_all(acme::sequential(), 3, count);
}

void in_place(acme::gl_texture texture) {
  auto task = [texture] { texture.bind(); };
  acme::small_vector<std::thread> threads;
  threads.emplace_back(task); // expected-error {{not Send}}
  threads.emplace_back(std::thread([] {}));
  acme::small_vector<acme::gl_texture> textures;
  textures.emplace_back(texture);
  acme::make_box<std::thread>(task); // expected-error {{not Send}}
}
