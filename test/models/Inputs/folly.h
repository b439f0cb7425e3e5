// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What folly declares, as far as models-folly uses it: names, template parameters
// and signatures as in folly's own headers, and nothing that works. Debian has no
// package of folly to test with.

#ifndef FEARLESS_TEST_MODELS_FOLLY_H
#define FEARLESS_TEST_MODELS_FOLLY_H
#pragma GCC system_header

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace folly {
template <class Signature>
class Function {
public:
  template <class F>
  Function(F f) : where(&f) {}

private:
  void *where;
};
using Func = Function<void()>;

class Executor {
public:
  template <class E = Executor>
  class KeepAlive {
    void *where;
  };
  virtual ~Executor();
  virtual void add(Func);
  virtual void addWithPriority(Func, signed char);
};
class ThreadPoolExecutor : public Executor {};
class CPUThreadPoolExecutor : public ThreadPoolExecutor {
public:
  void add(Func) override;
  void addWithPriority(Func, signed char) override;
};
class IOThreadPoolExecutor : public ThreadPoolExecutor {
public:
  void add(Func) override;
};
class EventBase : public Executor {
public:
  void add(Func) override;
  void runInEventBaseThread(Func);
};

struct Unit {};
template <class T>
class Try {
  T value;
};
template <class T>
class SemiFuture {
public:
  template <class F>
  SemiFuture<T> deferValue(F &&) { __builtin_trap(); }
  template <class F>
  SemiFuture<T> defer(F &&) { __builtin_trap(); }
  T get() &&;

private:
  T *core;
};
template <class T>
class Future {
public:
  template <class F>
  Future<T> thenValue(F &&) && { __builtin_trap(); }
  template <class F>
  Future<T> thenTry(F &&) && { __builtin_trap(); }
  template <class F>
  Future<T> thenError(F &&) && { __builtin_trap(); }
  template <class F>
  Future<T> ensure(F &&) && { __builtin_trap(); }

private:
  T *core;
};
template <class T>
class Promise {
public:
  template <class M>
  void setValue(M &&) { __builtin_trap(); }
  template <class F>
  void setWith(F &&) { __builtin_trap(); }

private:
  T *core;
};
template <class T>
class SharedPromise {
public:
  template <class M>
  void setValue(M &&) { __builtin_trap(); }

private:
  T *value;
};
template <class F>
Future<Unit> via(Executor *, F &&) { __builtin_trap(); }

template <bool MayBlock = true, template <typename> class Atom = std::atomic>
class Baton {
public:
  void wait();
  bool try_wait();
  void post();

private:
  void *waiter;
};

template <class M>
class LockedPtr {
public:
  int *operator->();
  ~LockedPtr();
};
template <class T, class Mutex = int>
class Synchronized {
public:
  LockedPtr<Synchronized> wlock();

private:
  T value;
};

template <class K, class V, class H = std::hash<K>>
class ConcurrentHashMap {
  void *segments;
};
template <class K, class V>
class AtomicHashMap {
  void *maps;
};
template <class T, template <typename> class Atom = std::atomic, bool Dynamic = false>
class MPMCQueue {
  void *slots;
};
template <class T>
struct ProducerConsumerQueue {
  T *records;
};
template <class T, bool SP, bool SC, bool MB>
class UnboundedQueue {
  void *segment;
};
template <class T, class Tag = void>
class ThreadLocal {
  mutable void *meta;
};
template <class T, class Tag = void>
class ThreadLocalPtr {
  mutable void *meta;
};

template <class T, class A = std::allocator<T>>
class fbvector {
  T *first;
};
template <class T, std::size_t N>
class small_vector {
  void *data;
};
template <class C>
class basic_fbstring {
  C *data;
};
using fbstring = basic_fbstring<char>;
template <class T>
class Optional {
  T value;
};
template <class K, class V>
class F14FastMap {
  void *chunks;
};
template <class K>
class F14FastSet {
  void *chunks;
};
class IOBuf {
  unsigned char *data;
};
struct dynamic {
  void *value;
};
} // namespace folly

#endif // FEARLESS_TEST_MODELS_FOLLY_H
