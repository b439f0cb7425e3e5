// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Virtual calls: the overrider of an object that is seen, or those of the unit.
// RUN: %fearless_check %s

#include <memory>
#include <mutex>
#include <thread>

class shape {
public:
  virtual ~shape() = default;
  virtual void grow() = 0;
  virtual int area() const { return 0; }
};
class square final : public shape {
public:
  void grow() override { ++side_; }
// expected-error@-1 {{'s.side_' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  int area() const override { return side_ * side_; }

private:
  int side_ = 0;
};
class point : public shape {
public:
  void grow() override {}
};

void by_reference_bad() {
  square s;
  shape &base = s;
  std::thread t([&base] { base.grow(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  base.grow();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void by_reference_ok() {
  square s;
  shape &base = s;
  std::thread t([&base] { base.grow(); });
  t.join();
  base.grow();
}
class disc final : public shape {
public:
  void grow() override { ++radius_; }
// expected-error@-1 {{'s.radius_' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}

private:
  int radius_ = 0;
};
void by_pointer_bad() {
  disc s;
  shape *const base = &s;
  std::thread t([base] { base->grow(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  s.grow();
// expected-note@-1 {{reached through this call}}
  t.join();
}
// The overrider does nothing.
void other_overrider_ok() {
  point p;
  shape &base = p;
  std::thread t([&base] { base.grow(); });
  base.grow();
  t.join();
}
// Reads only.
void both_read_ok() {
  square s;
  shape &base = s;
  std::thread t([&base] { (void)base.area(); });
  (void)base.area();
  t.join();
}
// Inherited, not overridden.
void inherited_ok() {
  point p;
  shape &base = p;
  std::thread t([&base] { (void)base.area(); });
  (void)base.area();
  t.join();
}

// Of a parameter any overrider may be meant: no evidence.
void use_any(shape &any) {
  std::thread t([&any] { any.grow(); });
  any.grow();
  t.join();
}
void any_ok() {
  point p;
  use_any(p);
}

// There is but one.
class task {
public:
  virtual ~task() = default;
  virtual void run() = 0;
};
class counter : public task {
public:
  void run() override { ++count; }
// expected-error@-1 {{'one.count' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  int count = 0;
};
void start(task &one) {
  std::thread t([&one] { one.run(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  one.run();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void only_one_bad() {
  counter c;
  start(c);
}

// Locks inside the overriders.
class account {
public:
  virtual ~account() = default;
  virtual void add() = 0;
};
class locked_account : public account {
public:
  void add() override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++balance_;
  }

private:
  std::mutex mutex_;
  int balance_ = 0;
};
void locked_ok() {
  locked_account one;
  account &base = one;
  std::thread t([&base] { base.add(); });
  base.add();
  t.join();
}

// Named with its class, it is no virtual call.
class square_base {
public:
  virtual ~square_base() = default;
  virtual void step() { ++count; }
// expected-note@-1 {{the thread writes it here}}
  int count = 0;
};
class twice : public square_base {
public:
  void step() override { square_base::step(); }
};
void qualified_bad() {
  twice d;
  std::thread t([&d] { d.step(); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  ++d.count;
// expected-error@-1 {{'d.count' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
