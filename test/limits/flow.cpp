// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What default mode does not see: see docs/limitations.md. A finding here is
// news, and good news.
// expected-no-diagnostics

#include <functional>
#include <memory>
#include <thread>
#include <vector>

// Another translation unit.
void elsewhere(int &n);
int shared_total;
void touches_the_total();
void FN_other_unit_bad() {
  std::thread t(touches_the_total);
  ++shared_total;
  t.join();
}

// What was put into a std::function earlier.
void FN_type_erasure_bad() {
  int n = 0;
  std::function<void()> task = [&n] { ++n; };
  std::thread t(task);
  ++n;
  t.join();
}

// Elements at indices that are not constant.
void FN_same_index_bad(int i) {
  std::vector<int> values(4);
  std::thread t([&values, i] { values[i] = 1; });
  values[i] = 2;
  t.join();
}

// A pointer that is stored in an object and read back.
struct Link {
  int *target;
};
void FN_pointer_in_an_object_bad() {
  int n = 0;
  auto link = std::make_unique<Link>(Link{&n});
  std::thread t([&link] { *link->target = 1; });
  n = 2;
  t.join();
}

// Evidence more than three calls away.
static int far;
void step4() { ++far; }
void step3() { step4(); }
void step2() { step3(); }
void step1() { step2(); }
void step0() { step1(); }
void FN_far_away_bad() {
  std::thread t(step0);
  ++far;
  t.join();
}
