// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects that run threads on themselves: members reached through this, through
// methods, in constructors and destructors.
// RUN: %fearless_check %s

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

static void use(int) {}

class counter_bad {
  int n = 0;

public:
  void run() {
    std::thread t([this] { n++; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    n++;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void method_bad() { counter_bad().run(); }

class counter_ok {
  int n = 0;
  std::atomic<int> hits{0};
  std::mutex m;

public:
  void run() {
    std::thread t([this] {
      hits++;
      std::lock_guard lock(m);
      n++;
    });
    hits++;
    {
      std::lock_guard lock(m);
      n++;
    }
    t.join();
    n++;
  }
};
void method_ok() { counter_ok().run(); }

// [=] captures this; [*this] does not share.
class implicit_bad {
  int n = 0;

public:
  void run() {
    std::thread t([=, this] { n++; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    n++;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void implicit_this_bad() { implicit_bad().run(); }
class star_ok {
  int n = 0;

public:
  void run() {
    std::thread t([*this]() mutable { n++; });
    n++;
    t.join();
  }
};
void star_this_ok() { star_ok().run(); }

// start() and stop(): the thread outlives the method.
class service_bad {
  int n = 0;
  std::thread t;

public:
  void start() {
    t = std::thread([this] { n++; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  }
  int get() { return n; }
// expected-error@-1 {{'s.n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  void stop() { t.join(); }
};
void start_stop_bad() {
  service_bad s;
  s.start();
  use(s.get());
// expected-note@-1 {{reached through this call}}
  s.stop();
}
class service_ok {
  int n = 0;
  std::thread t;

public:
  void start() {
    t = std::thread([this] { n++; });
  }
  int get() { return n; }
  void stop() {
    if (t.joinable())
      t.join();
  }
};
void start_stop_ok() {
  service_ok s;
  use(s.get());
  s.start();
  s.stop();
  use(s.get());
}

// Started by the constructor: members below it are not there yet.
class early_bad {
  std::thread t;
  int n;

public:
  early_bad() : t([this] { use(n); }), n(1) {}
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread reads it here}}
// expected-note@-3 {{the thread starts here and is not joined before the access}}
// expected-note@-4 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  ~early_bad() { t.join(); }
};
void constructed_later_bad() { early_bad e; }
class late_ok {
  int n;
  std::thread t;

public:
  late_ok() : n(1), t([this] { use(n); }) {}
  ~late_ok() { t.join(); }
};
void constructed_before_ok() { late_ok e; }
class default_init_bad {
  std::thread t{[this] { use(n); }};
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  int n = 1;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}

public:
  ~default_init_bad() { t.join(); }
};
void default_initializer_bad() { default_init_bad e; }
class default_init_ok {
  int n = 1;
  std::thread t{[this] { use(n); }};

public:
  ~default_init_ok() { t.join(); }
};
void default_initializer_ok() { default_init_ok e; }
class body_bad {
  int n;
  std::thread t;

public:
  body_bad() {
    t = std::thread([this] { use(n); });
// expected-note@-1 {{the thread reads it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    n = 1;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  ~body_bad() { t.join(); }
};
void constructor_body_bad() { body_bad e; }
class body_ok {
  int n;
  std::thread t;

public:
  body_ok() {
    n = 1;
    t = std::thread([this] { use(n); });
  }
  ~body_ok() { t.join(); }
};
void constructor_body_ok() { body_ok e; }

// Used by the owner while the thread, started by the constructor, runs.
class running_bad {
  int n = 0;
  std::thread t;

public:
  running_bad() : t([this] { n = 1; }) {}
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ~running_bad() { t.join(); }
  int get() { return n; }
// expected-error@-1 {{'r.n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void used_while_running_bad() {
  running_bad r;
  use(r.get());
// expected-note@-1 {{reached through this call}}
}
class running_ok {
  mutable std::mutex m;
  int n = 0;
  std::thread t;

public:
  running_ok()
      : t([this] {
          std::lock_guard lock(m);
          n = 1;
        }) {}
  ~running_ok() { t.join(); }
  int get() const {
    std::lock_guard lock(m);
    return n;
  }
};
void used_while_running_ok() {
  running_ok r;
  use(r.get());
}

// Touched in the destructor before the join, and after.
class destructor_bad {
  int n = 0;
  std::thread t;

public:
  destructor_bad() : t([this] { n = 1; }) {}
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  ~destructor_bad() {
    n = 2;
// expected-error@-1 {{'d.n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void destructor_before_join_bad() { destructor_bad d; }
// expected-note@-1 {{reached through this call}}
class destructor_ok {
  int n = 0;
  std::thread t;

public:
  destructor_ok() : t([this] { n = 1; }) {}
  ~destructor_ok() {
    t.join();
    n = 2;
  }
};
void destructor_after_join_ok() { destructor_ok d; }

// A stop flag.
class flag_bad {
  bool stop = false;
  std::thread t;

public:
  flag_bad()
      : t([this] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
          for (int i = 0; i < 1000 && !stop; ++i)
// expected-note@-1 {{the thread reads it here}}
            std::this_thread::yield();
        }) {}
  ~flag_bad() {
    stop = true;
// expected-error@-1 {{'f.stop' is written here while the thread started by 'std::thread' may still run and read it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void stop_flag_bad() { flag_bad f; }
// expected-note@-1 {{reached through this call}}
class flag_ok {
  std::atomic<bool> stop = false;
  std::thread t;

public:
  flag_ok()
      : t([this] {
          while (!stop)
            std::this_thread::yield();
        }) {}
  ~flag_ok() {
    stop = true;
    t.join();
  }
};
void stop_flag_ok() { flag_ok f; }

// The thread runs a method.
class method_thread_bad {
  int n = 0;
  void work() { step(); }
// expected-note@-1 {{reached through this call}}
  void step() { n++; }
// expected-note@-1 {{the thread writes it here}}

public:
  void run() {
    std::thread t(&method_thread_bad::work, this);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    n = 3;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void member_function_bad() { method_thread_bad().run(); }
class method_thread_ok {
  int n = 0, m = 0;
  void work() { step(); }
  void step() { n++; }

public:
  void run() {
    std::thread t(&method_thread_ok::work, this);
    m = 3;
    t.join();
    n = m;
  }
};
void member_function_ok() { method_thread_ok().run(); }
struct worker {
  int n = 0;
  void work() { n++; }
// expected-error@-1 {{'w.n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void member_function_of_local_bad() {
  worker w;
  std::thread t(&worker::work, &w);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
  w.work();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void member_function_of_local_ok() {
  worker w;
  std::thread t(&worker::work, &w);
  t.join();
  w.work();
}
void member_function_of_copy_ok() {
  worker w;
  std::thread t(&worker::work, w);
  w.work();
  t.join();
}

// Several threads of one object.
class several_bad {
  int n = 0;
  std::vector<std::thread> ts;

public:
  several_bad() {
    for (int i = 0; i < 3; ++i)
      ts.emplace_back([this] { n++; });
// expected-error@-1 {{'n' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{this runs again while earlier threads may still run}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  }
  ~several_bad() {
    for (auto &t : ts)
      t.join();
  }
};
void several_threads_bad() { several_bad s; }
class several_ok {
  int n = 0;
  std::mutex m;
  std::vector<std::thread> ts;

public:
  several_ok() {
    for (int i = 0; i < 3; ++i)
      ts.emplace_back([this] {
        std::lock_guard lock(m);
        n++;
      });
  }
  ~several_ok() {
    for (auto &t : ts)
      t.join();
  }
};
void several_threads_ok() { several_ok s; }

// Two fields, two threads.
class split_ok {
  int left = 0, right = 0;

public:
  int run() {
    std::thread a([this] { left = 1; });
    std::thread b([this] { right = 1; });
    a.join();
    b.join();
    return left + right;
  }
};
void fields_apart_ok() { use(split_ok().run()); }

// A jthread as last member is joined first.
class jthread_member_ok {
  int n = 0;
  std::jthread t{[this] { n = 1; }};
};
void jthread_last_ok() { jthread_member_ok j; }

// Accessors.
class accessor_bad {
  int n_ = 0;

public:
  int &n() { return n_; }
  void run() {
    std::thread t([this] { n() = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    n() = 2;
// expected-error@-1 {{'n_' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void accessor_reference_bad() { accessor_bad().run(); }

// A base class with the data.
class base {
protected:
  int n = 0;
};
class inheriting_bad : base {
public:
  void run() {
    std::thread t([this] { n++; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
    n++;
// expected-error@-1 {{'n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
    t.join();
  }
};
void inherited_member_bad() { inheriting_bad().run(); }

// Friend and free functions.
struct open_data {
  int n = 0;
};
static void bump(open_data &d) { d.n++; }
// expected-error@-1 {{'d.n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
void free_function_bad() {
  open_data d;
  std::thread t([&d] { bump(d); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
  bump(d);
// expected-note@-1 {{reached through this call}}
  t.join();
}
void free_function_ok() {
  open_data d, e;
  std::thread t([&d] { bump(d); });
  bump(e);
  t.join();
}

// A thread that is given the object, not a pointer to it, has a copy.
struct by_value {
  int n = 0;
  void run() { n++; } // expected-note {{the thread writes it here}}
};
void copied_ok() {
  by_value object;
  std::thread t(&by_value::run, object);
  object.n++;
  t.join();
}
void copied_ref_bad() {
  by_value object;
  std::thread t(&by_value::run, std::ref(object)); // expected-note {{the thread starts here and is not joined before the access}}
  object.n++;
// expected-error@-1 {{'object.n' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
