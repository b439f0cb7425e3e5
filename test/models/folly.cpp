// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of folly against declarations made after its headers.
//
// RUN: %fearless_check %s -- -std=c++20

#include "Inputs/folly.h"

#include <fearless/annotations.h>

#include <thread>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
// expected-note@-1 17 {{'handle' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  int id;
};

// --- Types -----------------------------------------------------------------------
FEARLESS_ASSERT_SYNC(folly::Executor);
FEARLESS_ASSERT_SYNC(folly::CPUThreadPoolExecutor);
FEARLESS_ASSERT_SYNC(folly::EventBase);
FEARLESS_ASSERT_NOT_SEND(folly::CPUThreadPoolExecutor);
FEARLESS_ASSERT_SEND(folly::Executor::KeepAlive<>);
FEARLESS_ASSERT_NOT_SYNC(folly::Executor::KeepAlive<>);
FEARLESS_ASSERT_SYNC(folly::Baton<>);
FEARLESS_ASSERT_SEND(folly::Future<int>);
FEARLESS_ASSERT_NOT_SEND(folly::Future<handle>);
FEARLESS_ASSERT_NOT_SYNC(const folly::Future<int>);
FEARLESS_ASSERT_SEND(folly::SemiFuture<folly::Unit>);
FEARLESS_ASSERT_NOT_SEND(folly::SemiFuture<handle>);
FEARLESS_ASSERT_SEND(folly::Promise<int>);
FEARLESS_ASSERT_NOT_SEND(folly::Promise<handle>);
FEARLESS_ASSERT_SYNC(folly::SharedPromise<int>);
FEARLESS_ASSERT_NOT_SYNC(folly::SharedPromise<handle>);
FEARLESS_ASSERT_SEND(folly::Try<int>);
FEARLESS_ASSERT_NOT_SEND(folly::Function<void()>);
FEARLESS_ASSERT_NOT_SEND(folly::dynamic);
FEARLESS_ASSERT_SYNC(folly::ConcurrentHashMap<int, int>);
FEARLESS_ASSERT_NOT_SYNC(folly::ConcurrentHashMap<int, handle>);
FEARLESS_ASSERT_SYNC(folly::AtomicHashMap<int, int>);
FEARLESS_ASSERT_NOT_SYNC(folly::AtomicHashMap<int, handle>);
FEARLESS_ASSERT_SYNC(folly::MPMCQueue<int>);
FEARLESS_ASSERT_NOT_SYNC(folly::MPMCQueue<handle>);
FEARLESS_ASSERT_SYNC(folly::ProducerConsumerQueue<int>);
FEARLESS_ASSERT_NOT_SYNC(folly::UnboundedQueue<handle, false, false, false>);
FEARLESS_ASSERT_SYNC(folly::ThreadLocal<int>);
FEARLESS_ASSERT_NOT_SYNC(folly::ThreadLocal<handle>);
FEARLESS_ASSERT_SYNC(folly::ThreadLocalPtr<int>);
FEARLESS_ASSERT_SYNC(folly::Synchronized<int>);
FEARLESS_ASSERT_NOT_SYNC(folly::Synchronized<handle>);
FEARLESS_ASSERT_NOT_SEND(folly::LockedPtr<folly::Synchronized<int>>);
FEARLESS_ASSERT_SEND(folly::fbvector<int>);
FEARLESS_ASSERT_NOT_SYNC(folly::fbvector<int>);
FEARLESS_ASSERT_NOT_SEND(folly::small_vector<handle, 2>);
FEARLESS_ASSERT_SEND(folly::fbstring);
FEARLESS_ASSERT_SYNC(const folly::Optional<int>);
FEARLESS_ASSERT_SEND(folly::F14FastMap<int, int>);
FEARLESS_ASSERT_NOT_SEND(folly::F14FastMap<int, handle>);
FEARLESS_ASSERT_SYNC(const folly::F14FastSet<int>);
FEARLESS_ASSERT_NOT_SEND(folly::IOBuf);

// --- Executors and futures -----------------------------------------------------------
void use(int);

void executors_bad(folly::Executor &e, folly::CPUThreadPoolExecutor &cpu, folly::IOThreadPoolExecutor &io,
                   folly::EventBase &base, handle h) {
  e.add([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Executor::add': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Executor::add' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  e.addWithPriority([h] { use(h.id); }, 0);
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Executor::addWithPriority': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Executor::addWithPriority' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  cpu.add([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::CPUThreadPoolExecutor::add': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::CPUThreadPoolExecutor::add' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  cpu.addWithPriority([h] { use(h.id); }, 0);
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::CPUThreadPoolExecutor::addWithPriority': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::CPUThreadPoolExecutor::addWithPriority' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  io.add([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::IOThreadPoolExecutor::add': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::IOThreadPoolExecutor::add' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  base.add([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::EventBase::add': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::EventBase::add' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  base.runInEventBaseThread([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::EventBase::runInEventBaseThread': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::EventBase::runInEventBaseThread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  folly::via(&e, [h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::via': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::via' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

void futures_bad(folly::Future<int> f, folly::SemiFuture<int> s, folly::Promise<handle> p,
                 folly::SharedPromise<handle> q, handle h) {
  std::move(f)
      .thenValue([h](int) { return h.id; })
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Future::thenValue': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Future::thenValue' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
      .thenTry([h](int) { return h.id; })
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Future::thenTry': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Future::thenTry' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
      .thenError([h](int) { return h.id; })
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Future::thenError': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Future::thenError' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
      .ensure([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Future::ensure': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Future::ensure' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  s.deferValue([h](int) { return h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::SemiFuture::deferValue': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::SemiFuture::deferValue' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  s.defer([h](int) { return h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::SemiFuture::defer': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::SemiFuture::defer' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  p.setValue(h);
// expected-error@-1 {{the argument 'h' of type 'handle' cannot be sent to another thread through 'folly::Promise::setValue': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Promise::setValue' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  p.setWith([h] { return h; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'folly::Promise::setWith': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::Promise::setWith' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  q.setValue(h);
// expected-error@-1 {{the argument 'h' of type 'handle' cannot be sent to another thread through 'folly::SharedPromise::setValue': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'folly::SharedPromise::setValue' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

void futures_ok(folly::Future<int> f, folly::Promise<int> p, folly::Executor &e) {
  int n = 1;
  std::move(f).thenValue([n](int v) { return n + v; });
  p.setValue(n);
  e.add([n] { use(n); });
}

// A continuation may have run before the next statement, or not.
struct counter {
  int n = 0;
  void count(folly::Executor &e) {
    e.add([this] { ++n; });
    ++n;
  }
};

// --- Order -----------------------------------------------------------------------
int baton_ok() {
  int n = 0;
  folly::Baton<> done;
  std::thread t([&] {
    n = 1;
    done.post();
  });
  done.wait();
  int seen = n;
  t.join();
  return seen;
}
int baton_bad() {
  int n = 0;
  folly::Baton<> done;
  std::thread t([&] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    n = 1;
// expected-note@-1 {{the thread writes it here}}
    done.post();
  });
  int seen = n;
// expected-error@-1 {{'n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  done.wait();
  t.join();
  return seen;
}
