// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-owner: roles by marks, threads, posts and calls.

#include <fearless/annotations.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <vector>

// --- Data -----------------------------------------------------------------------------

int width FEARLESS_OWNED_BY(ui) = 0;
// expected-note@-1 4 {{the mark that says so}}

void draw() FEARLESS_RUNS_ON(ui);
// expected-note@-1 2 {{the mark that says so}}
void draw() { ++width; }

void helper_reads() { (void)width; }
void draw_all_ok() FEARLESS_RUNS_ON(ui) {
  draw();
  helper_reads();
}

void thread_access_bad() {
  std::thread t([] { width = 1; });
// expected-error@-1 {{'width' is owned by 'ui' and used on another thread [fearless-owner]}}
// expected-note@-2 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
  t.join();
}
void thread_call_bad() {
  std::thread t([] { draw(); });
// expected-error@-1 {{'draw' runs on 'ui' and is called on another thread [fearless-owner]}}
// expected-note@-2 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
  t.join();
}
void resize() { width = 2; }
// expected-error@-1 {{'width' is owned by 'ui' and used on another thread [fearless-owner]}}
// expected-note@-2 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
void thread_indirect_bad() {
  std::thread t([] { resize(); });
// expected-note@-1 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-2 {{reached through this call}}
  t.join();
}
void store() FEARLESS_RUNS_ON(database);
// expected-note@-1 {{this says that it runs on 'database'}}
// expected-note@-2 2 {{the mark that says so}}
void store() {
  width = 3;
// expected-error@-1 {{'width' is owned by 'ui' and used on 'database' [fearless-owner]}}
// expected-note@-2 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
}
void other_role_bad() FEARLESS_RUNS_ON(database) { draw(); }
// expected-error@-1 {{'draw' runs on 'ui' and is called on 'database' [fearless-owner]}}
// expected-note@-2 {{this says that it runs on 'database'}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
void same_role_ok() FEARLESS_RUNS_ON(database) { store(); }

// --- Objects --------------------------------------------------------------------------------

class window {
public:
  window() : frames_(1) { title_ = 2; }
  void redraw() FEARLESS_RUNS_ON(ui) { ++frames_; }
  void load_bad() {
    std::thread t([this] { ++frames_; });
// expected-error@-1 {{'frames_' is owned by 'ui' and used on another thread [fearless-owner]}}
// expected-note@-2 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
    t.join();
  }
  void load_ok() {
    std::thread t([this] { ++loaded_; });
    t.join();
  }

private:
  int frames_ FEARLESS_OWNED_BY(ui) = 0;
// expected-note@-1 {{the mark that says so}}
  int title_ FEARLESS_OWNED_BY(ui) = 0;
  int loaded_ = 0;
};

struct FEARLESS_OWNED_BY(ui) label {
// expected-note@-1 {{the mark that says so}}
  int text = 0;
  void set(int t) { text = t; }
};
void class_bad(label &l) {
  std::thread t([&l] { l.set(1); });
// expected-error@-1 {{'set' runs on 'ui' and is called on another thread [fearless-owner]}}
// expected-note@-2 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
  t.join();
}

struct view {
  virtual ~view() = default;
  virtual void paint() FEARLESS_RUNS_ON(ui) = 0;
// expected-note@-1 {{the mark that says so}}
};
struct button : view {
  void paint() override {}
};
void override_bad(button &b) {
  std::thread t([&b] { b.paint(); });
// expected-error@-1 {{'paint' runs on 'ui' and is called on another thread [fearless-owner]}}
// expected-note@-2 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
  t.join();
}

// --- Handing over ------------------------------------------------------------------------------

void post(FEARLESS_RUNS_ON(ui) std::function<void()> f);
template <class F>
void post_any(FEARLESS_RUNS_ON(ui) F f) {
  post(f);
}

void post_ok() {
  std::thread t([] {
    post([] { width = 4; });
    post_any([] { draw(); });
  });
  t.join();
}
void post_bad() FEARLESS_RUNS_ON(ui) {
  post([] { store(); });
// expected-error@-1 {{'store' runs on 'database' and is called on 'ui' [fearless-owner]}}
// expected-note@-2 {{it is handed to 'ui' here}}
// expected-note@-3 {{help: hand a function to 'database' that does it there (a parameter with FEARLESS_RUNS_ON(database))}}
}
void marked_lambda_ok(std::vector<std::function<void()>> &queue) {
  std::thread t([&] { queue.push_back([]() FEARLESS_RUNS_ON(ui) { width = 5; }); });
  t.join();
}
void stored_lambda_ok(std::vector<std::function<void()>> &queue) {
  std::thread t([&] { queue.push_back([] { width = 6; }); });
  t.join();
}
void algorithm_bad(std::vector<int> &v) {
  std::thread t([&] { std::for_each(v.begin(), v.end(), [](int x) { width += x; }); });
// expected-error@-1 {{'width' is owned by 'ui' and used on another thread [fearless-owner]}}
// expected-note@-2 {{it runs on a thread that 'std::thread' starts here}}
// expected-note@-3 {{help: hand a function to 'ui' that does it there (a parameter with FEARLESS_RUNS_ON(ui))}}
  t.join();
}

// --- Who is it? ----------------------------------------------------------------------------------

void database_loop() FEARLESS_RUNS_ON(database) { store(); }
void unknown_ok() { width = 7; }
int main() {
// expected-note@-1 {{'main' runs on 'main'}}
  width = 8;
  std::thread t(database_loop);
  t.join();
  store();
// expected-error@-1 {{'store' runs on 'database' and is called on 'main' [fearless-owner]}}
// expected-note@-2 {{help: hand a function to 'database' that does it there (a parameter with FEARLESS_RUNS_ON(database))}}
}
