// RUN: %fearless_check %s
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code that was annotated for Clang's own analysis, in both spellings of its
// attributes, as leveldb's and Abseil's headers have them.

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define PT_GUARDED_BY(x) __attribute__((pt_guarded_by(x)))
#define LOCKABLE __attribute__((lockable))
#define SCOPED_LOCKABLE __attribute__((scoped_lockable))
#define EXCLUSIVE_LOCKS_REQUIRED(...) __attribute__((exclusive_locks_required(__VA_ARGS__)))
#define SHARED_LOCKS_REQUIRED(...) __attribute__((shared_locks_required(__VA_ARGS__)))
#define LOCKS_EXCLUDED(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define EXCLUSIVE_LOCK_FUNCTION(...) __attribute__((exclusive_lock_function(__VA_ARGS__)))
#define SHARED_LOCK_FUNCTION(...) __attribute__((shared_lock_function(__VA_ARGS__)))
#define EXCLUSIVE_TRYLOCK_FUNCTION(...) __attribute__((exclusive_trylock_function(__VA_ARGS__)))
#define UNLOCK_FUNCTION(...) __attribute__((unlock_function(__VA_ARGS__)))
#define ASSERT_EXCLUSIVE_LOCK(...) __attribute__((assert_exclusive_lock(__VA_ARGS__)))
#define NO_THREAD_SAFETY_ANALYSIS __attribute__((no_thread_safety_analysis))

class LOCKABLE Mutex {
public:
  void Lock() EXCLUSIVE_LOCK_FUNCTION();
  void ReaderLock() SHARED_LOCK_FUNCTION();
  bool TryLock() EXCLUSIVE_TRYLOCK_FUNCTION(true);
  void Unlock() UNLOCK_FUNCTION();
  void AssertHeld() ASSERT_EXCLUSIVE_LOCK();
};
class SCOPED_LOCKABLE MutexLock {
public:
  explicit MutexLock(Mutex *mu) EXCLUSIVE_LOCK_FUNCTION(mu);
  ~MutexLock() UNLOCK_FUNCTION();
};

class table {
public:
  void guard_ok() {
    MutexLock l(&mutex_);
    size_ = 1;
  }
  void guard_bad() {
    { MutexLock l(&mutex_); } // expected-note {{'mutex_' is released here}}
    size_ = 1; // expected-error {{'size_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void by_hand_ok() {
    mutex_.Lock();
    size_ = 1;
    mutex_.Unlock();
  }
  void reader_bad() {
    mutex_.ReaderLock(); // expected-note {{'mutex_' is held shared from here}}
    size_ = 1; // expected-error {{'size_' is written while 'mutex_' is only held shared}}
    // expected-note@-1 {{help: }}
    mutex_.Unlock();
  }
  void try_ok() {
    if (mutex_.TryLock()) {
      size_ = 1;
      mutex_.Unlock();
    }
  }
  void asserted_ok() {
    mutex_.AssertHeld();
    size_ = 1;
  }
  void required_ok() EXCLUSIVE_LOCKS_REQUIRED(mutex_) { size_ = 1; } // expected-note {{'required_ok' requires 'mutex_'}}
  void required_bad() {
    required_ok(); // expected-error {{'required_ok' is called without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }
  void excluded() LOCKS_EXCLUDED(mutex_); // expected-note {{'excluded' takes 'mutex_' itself}}
  void excluded_bad() {
    MutexLock l(&mutex_); // expected-note {{'mutex_' is taken here}}
    excluded(); // expected-error {{'excluded' is called while 'mutex_' is held}}
    // expected-note@-1 {{help: }}
  }
  void unlocks_ok() UNLOCK_FUNCTION(mutex_) {
    size_ = 1;
    mutex_.Unlock();
  }
  void opted_out_ok() NO_THREAD_SAFETY_ANALYSIS { size_ = 1; }
  void pointee_bad() {
    *data_ = 1; // expected-error {{'*data_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }

private:
  Mutex mutex_;
  int size_ GUARDED_BY(mutex_); // expected-note 1+ {{'size_' is guarded by 'mutex_'}}
  int *data_ PT_GUARDED_BY(mutex_); // expected-note {{'data_' is guarded by 'mutex_'}}
};
