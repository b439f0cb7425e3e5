// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The standard streams may be used by several threads at once
// ([iostream.objects.overview]), however they are reached; others may not.
// RUN: %fearless_check %s

#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

void chain_ok() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([i] { std::cout << "hello " << i << std::endl; });
  std::cout << 1 << " of " << 8 << std::endl;
  for (auto &t : threads)
    t.join();
}
void members_ok() {
  std::thread t([] { std::cout.flush(); });
  std::cout << std::hex << 1 << '\n';
  t.join();
}
static void log(std::ostream &os, int n) { os << n << "!" << std::endl; }
void by_reference_ok() {
  std::ostream &os = std::cerr;
  std::thread t([&os] { os << "a" << 1 << std::endl; });
  log(std::cerr, 2);
  log(os, 3);
  t.join();
}
void wide_ok() {
  std::thread t([] { std::wcout << L"a" << 1 << std::endl; });
  std::wcout << 1 << L"b" << std::endl;
  t.join();
}
void input_ok() {
  std::thread t([] {
    int n;
    std::cin >> n >> n;
  });
  int m;
  std::cin >> m >> m;
  t.join();
}
void own_stream_bad() {
  std::ostringstream os;
  std::thread t([&os] { os << "a" << 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  os << 1 << "b";
// expected-error@-1 {{'os' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
