// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Views that a thread has a copy of: their elements are those of what they show,
// by whatever member it reaches them.
// RUN: %fearless_check %s

#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

static void use(int) {}

void front_bad() {
  std::string text = "a";
  std::string_view view = text;
  std::thread([view] { use(view.front()); }).detach();
// expected-error@-1 {{'text' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'text' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'text' ends here, and nothing waits for the thread}}
void back_bad() {
  std::vector<int> numbers(3);
  std::span<int> view = numbers;
  std::thread t([view] { view.back() = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  numbers.clear();
// expected-error@-1 {{'numbers[...]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void range_bad() {
  std::vector<int> numbers(3);
  std::span<int> view = numbers;
  std::thread t([view] {
// expected-note@-1 {{the thread starts here and is not joined before the access}}
    for (int &each : view)
      each = 1;
// expected-note@-1 {{the thread writes it here}}
  });
  numbers.push_back(1);
// expected-error@-1 {{'numbers[...]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void parts_ok() {
  std::vector<int> numbers(4);
  std::span<int> all = numbers;
  std::thread t([view = all.first(2)] {
    for (int &each : view)
      each = 1;
  });
  for (int &each : all.last(2))
    each = 2;
  t.join();
}
void joined_ok() {
  std::string text = "a";
  std::string_view view = text;
  std::thread t([view] { use(view.front()); });
  t.join();
  text += "b";
}
