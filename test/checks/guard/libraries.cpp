// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-guard with locks of other libraries, by their models.

#include <fearless/annotations.h>

// What the libraries declare, as far as it is used here.
namespace folly {
template <class S>
struct LockedPtr {
  int *operator->();
  int &operator*();
  ~LockedPtr();
};
template <class T>
struct Synchronized {
  LockedPtr<Synchronized> wlock();
  LockedPtr<Synchronized> rlock() const;
  template <class F>
  auto withWLock(F &&f) {
    return f(value);
  }
  T value;
};
} // namespace folly
namespace absl {
class Mutex {
public:
  void Lock();
  void Unlock();
};
class MutexLock {
public:
  explicit MutexLock(Mutex *m);
  ~MutexLock();
};
} // namespace absl
class QMutex {
public:
  void lock();
  void unlock();
};
class QMutexLocker {
public:
  explicit QMutexLocker(QMutex *m);
  ~QMutexLocker();
};
namespace boost {
class mutex {
public:
  void lock();
  void unlock();
};
template <class M>
struct lock_guard {
  explicit lock_guard(M &m);
  ~lock_guard();
};
} // namespace boost

int synchronized_bad(folly::Synchronized<int> &s) {
  int &r = *s.wlock();
// expected-error@-1 {{'r' refers to guarded data, and the guard is destroyed at the end of this statement [fearless-guard]}}
// expected-note@-2 {{this guard lives until the end of the statement}}
// expected-note@-3 {{help: keep the guard as long as the data is used: auto guard = s.lock();}}
  return r;
}
int *synchronized_with_bad(folly::Synchronized<int> &s) {
  return s.withWLock([](int &v) { return &v; });
// expected-error@-1 {{a pointer to the data of 's' is returned, where it can be used without 's' [fearless-guard]}}
// expected-note@-2 {{the callback runs under 's' here}}
// expected-note@-3 {{help: return a copy, or take a function and call it under the lock}}
}
int synchronized_ok(folly::Synchronized<int> &s) {
  auto guard = s.wlock();
  int &r = *guard;
  return r + s.withWLock([](int &v) { return v; });
}

class counter {
public:
  int &absl_bad() {
    absl::MutexLock lock(&absl_);
    return a_;
// expected-error@-1 {{a reference to 'a_' is returned, where it can be used without 'absl_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  void absl_discarded_bad() {
    absl::MutexLock{&absl_};
// expected-error@-1 {{this guard has no name and is destroyed at once: 'absl_' is not held afterwards [fearless-guard]}}
// expected-note@-2 {{help: give it a name: absl::MutexLock guard(absl_);}}
    a_ = 1;
// expected-error@-1 {{'a_' is written without holding 'absl_' [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(absl_); or let the callers hold it and mark the function FEARLESS_REQUIRES(absl_)}}
  }
  int absl_ok() {
    absl::MutexLock lock(&absl_);
    return a_;
  }
  int &qt_bad() {
    QMutexLocker lock(&qt_);
    return q_;
// expected-error@-1 {{a reference to 'q_' is returned, where it can be used without 'qt_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  int qt_ok() {
    qt_.lock();
    int q = q_;
    qt_.unlock();
    return q;
  }
  int &boost_bad() {
    boost::lock_guard<boost::mutex> lock(boost_);
    return b_;
// expected-error@-1 {{a reference to 'b_' is returned, where it can be used without 'boost_' [fearless-guard]}}
// expected-note@-2 {{help: return a copy, or take a function and call it under the lock}}
  }
  int boost_unguarded_bad() { return b_; }
// expected-error@-1 {{'b_' is read without holding 'boost_' [fearless-unguarded]}}
// expected-note@-2 {{help: hold it: std::lock_guard lock(boost_); or let the callers hold it and mark the function FEARLESS_REQUIRES(boost_)}}
  int boost_ok() {
    boost::lock_guard<boost::mutex> lock(boost_);
    return b_;
  }

private:
  absl::Mutex absl_;
  int a_ FEARLESS_GUARDED_BY(absl_) = 0;
// expected-note@-1 2 {{'a_' is guarded by 'absl_'}}
  QMutex qt_;
  int q_ FEARLESS_GUARDED_BY(qt_) = 0;
// expected-note@-1 {{'q_' is guarded by 'qt_'}}
  boost::mutex boost_;
  int b_ FEARLESS_GUARDED_BY(boost_) = 0;
// expected-note@-1 2 {{'b_' is guarded by 'boost_'}}
};
