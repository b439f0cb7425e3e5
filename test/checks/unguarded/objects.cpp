// RUN: %fearless_check %s
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects that nobody else knows yet need no lock; globals, statics and locals
// that a lock guards; and Clang's own attributes.

#include <fearless/annotations.h>

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct session {
  std::mutex m;
  int id FEARLESS_GUARDED_BY(m) = 0; // expected-note 1+ {{'id' is guarded by 'm'}}
  void set(int v) { set_locked(v); }

private:
  void set_locked(int v) { id = v; } // expected-error {{'id' is written without holding 'm'}}
  // expected-note@-1 {{help: }} expected-note@-4 {{reached through this call}}
};
void keep(session &s);
void keep(std::shared_ptr<session> s);
std::vector<std::shared_ptr<session>> all;

session *make_ok() {
  auto *s = new session;
  s->id = 1;
  return s;
}
std::shared_ptr<session> make_shared_ok() {
  auto s = std::make_shared<session>();
  s->id = 1;
  all.push_back(s);
  return s;
}
std::shared_ptr<session> make_shared_bad() {
  auto s = std::make_shared<session>();
  all.push_back(s);
  s->id = 1; // expected-error {{'s->id' is written without holding 's->m'}}
  // expected-note@-1 {{help: hold it: std::lock_guard lock(s->m);}}
  return s;
}
std::unique_ptr<session> make_unique_ok(int n) {
  for (int i = 0; i < n; ++i) {
    auto s = std::make_unique<session>();
    s->id = i;
    all.push_back(std::move(s));
  }
  auto last = std::unique_ptr<session>(new session);
  last->id = n;
  return last;
}
void local_ok() {
  session s;
  s.id = 1;
  keep(s);
}
void local_bad() {
  session s;
  keep(s);
  s.id = 1; // expected-error {{'s.id' is written without holding 's.m'}}
  // expected-note@-1 {{help: }}
}
void local_thread_bad() {
  session s;
  s.id = 1;
  std::thread t([&s] {
    std::lock_guard lock(s.m);
    s.id = 2;
  });
  s.id = 3; // expected-error {{'s.id' is written without holding 's.m'}}
  // expected-note@-1 {{help: }}
  t.join();
}
void parameter_bad(session &s) {
  s.id = 1; // expected-error {{'s.id' is written without holding 's.m'}}
  // expected-note@-1 {{help: }}
}
session &find(int);
void found_ok(int i) {
  std::lock_guard lock(find(i).m);
  find(i).id = 1;
}
void found_bad(int i) {
  find(i).id = 1; // expected-error {{is written without holding}}
  // expected-note@-1 {{help: }}
}
void found_reference_ok(int i) {
  session &s = find(i);
  std::lock_guard lock(s.m);
  s.id = 1;
}

// Objects that make themselves known.
struct registered {
  registered() { everybody.push_back(this); }
  static std::vector<registered *> everybody;
  std::mutex m;
  int id FEARLESS_GUARDED_BY(m) = 0; // expected-note 1+ {{'id' is guarded by 'm'}}
};
void registered_bad() {
  registered r;
  r.id = 1; // expected-error {{'r.id' is written without holding 'r.m'}}
  // expected-note@-1 {{help: }}
}
void registered_shared_bad() {
  auto r = std::make_shared<registered>();
  r->id = 1; // expected-error {{'r->id' is written without holding 'r->m'}}
  // expected-note@-1 {{help: }}
}

// A moved-from object is given up.
struct movable {
  movable() = default;
  movable(movable &&other) noexcept : v(std::move(other.v)) {}
  movable(const movable &other) : v(other.v) {} // expected-error {{'other.v' is read without holding 'other.m'}}
  // expected-note@-1 {{help: }}
  std::mutex m;
  std::vector<int> v FEARLESS_GUARDED_BY(m); // expected-note {{'v' is guarded by 'm'}}
};

// Globals, statics, locals.
std::mutex registry_mutex;
std::vector<int> registry FEARLESS_GUARDED_BY(registry_mutex); // expected-note 1+ {{'registry' is guarded by 'registry_mutex'}}
void global_ok() {
  std::lock_guard lock(registry_mutex);
  registry.push_back(1);
}
void global_bad() {
  registry.push_back(1); // expected-error {{'registry' is written without holding 'registry_mutex'}}
  // expected-note@-1 {{help: hold it: std::lock_guard lock(registry_mutex);}}
}
class counted {
public:
  void count_ok() {
    std::lock_guard lock(mutex);
    ++total;
  }
  void count_bad() {
    ++total; // expected-error {{'total' is written without holding 'mutex'}}
    // expected-note@-1 {{help: }}
  }

private:
  static std::mutex mutex;
  static int total FEARLESS_GUARDED_BY(mutex); // expected-note {{'total' is guarded by 'mutex'}}
};
int next_ok() {
  static std::mutex m;
  static int n FEARLESS_GUARDED_BY(m) = 0;
  std::lock_guard lock(m);
  return ++n;
}
int next_bad() {
  static std::mutex m;
  static int n FEARLESS_GUARDED_BY(m) = 0; // expected-note {{'n' is guarded by 'm'}}
  return ++n; // expected-error {{'n' is written without holding 'm'}}
  // expected-note@-1 {{help: }}
}
int local_guarded_bad() {
  std::mutex m;
  int sum FEARLESS_GUARDED_BY(m) = 0; // expected-note {{'sum' is guarded by 'm'}}
  std::thread t([&] {
    ++sum; // expected-error {{'sum' is written without holding 'm'}}
    // expected-note@-1 {{help: }}
  });
  t.join();
  std::lock_guard lock(m);
  return sum;
}

// A singleton is one object, however often it is asked for.
struct config {
  static config &instance() {
    static config it;
    return it;
  }
  std::mutex m;
  int level FEARLESS_GUARDED_BY(m) = 0; // expected-note {{'level' is guarded by 'm'}}
};
void singleton_ok() {
  std::lock_guard lock(config::instance().m);
  config::instance().level = 1;
}
void singleton_bad() {
  config::instance().level = 1; // expected-error {{is written without holding}}
  // expected-note@-1 {{help: }}
}

// A user's guards and locks.
class spin {
public:
  void lock();
  void unlock();
  bool try_lock();
};
class spin_user {
public:
  void generic_ok() {
    std::lock_guard lock(spin_);
    v_ = 1;
  }
  void by_hand_ok() {
    spin_.lock();
    v_ = 1;
    spin_.unlock();
  }
  void try_ok() {
    if (spin_.try_lock()) {
      v_ = 1;
      spin_.unlock();
    }
  }
  void try_bad() {
    if (!spin_.try_lock())
      v_ = 1; // expected-error {{'v_' is written without holding 'spin_'}}
    // expected-note@-1 {{help: }}
  }

private:
  spin spin_;
  int v_ FEARLESS_GUARDED_BY(spin_) = 0; // expected-note {{'v_' is guarded by 'spin_'}}
};
class own_guard {
public:
  explicit own_guard(std::mutex &m) : m_(m) { m_.lock(); }
  ~own_guard() { m_.unlock(); }

private:
  std::mutex &m_;
};
void own_guard_ok(session &s) {
  own_guard lock(s.m);
  s.id = 1;
}
void own_guard_bad(session &s) {
  { own_guard lock(s.m); } // expected-note {{'s.m' is released here}}
  s.id = 1; // expected-error {{'s.id' is written without holding 's.m'}}
  // expected-note@-1 {{help: }}
}

// An accessor of the lock.
class accessor {
public:
  std::mutex &mutex() { return mutex_; }
  int value FEARLESS_GUARDED_BY(mutex_) = 0; // expected-note {{'value' is guarded by 'mutex_'}}

private:
  std::mutex mutex_;
};
void accessor_ok(accessor &a) {
  std::lock_guard lock(a.mutex());
  a.value = 1;
}
void accessor_bad(accessor &a) {
  a.value = 1; // expected-error {{'a.value' is written without holding 'a.mutex_'}}
  // expected-note@-1 {{help: }}
}

// Parts of one object in a nameless struct.
class nameless {
public:
  void ok() {
    std::lock_guard lock(mutex_);
    part_ = 1;
  }
  void bad() {
    part_ = 1; // expected-error {{'part_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }}
  }

private:
  std::mutex mutex_;
  struct {
    int part_ FEARLESS_GUARDED_BY(mutex_); // expected-note {{'part_' is guarded by 'mutex_'}}
  };
};

// Templates are judged in their instantiations.
template <class T> class box {
public:
  void put_bad(T v) {
    value_ = v; // expected-error {{'value_' is written without holding 'mutex_'}}
    // expected-note@-1 {{help: }} expected-note@-1 1+ {{in the instantiation}}
  }

private:
  std::mutex mutex_;
  T value_ FEARLESS_GUARDED_BY(mutex_); // expected-note {{'value_' is guarded by 'mutex_'}}
};
void use_boxes(box<int> &i, box<std::vector<int>> &v) {
  i.put_bad(1);
  v.put_bad({});
}
